// The box to write in: Enter sends, Shift+Enter breaks the line, "/" offers commands and "@" offers members.
// Files are chosen, dropped or pasted; they are put on the server at once and go with the next message.

import { freshId, h, hidden, icon, say, setText, unmarked } from "./dom.js";
import { isPhoto } from "./files.js";

/**
 * A composer in `host`. `ctx`: `commands()`, `people()`, `submit({text, also, files}) -> {ok, error?}`,
 * `attach(file) -> {ok, file?, error?}`, and the app's global `shortcuts()`, which `run(shortcut)` uses.
 */
export class Composer {
  constructor(host, ctx, { inThread = false } = {}) {
    this.ctx = ctx;
    this.inThread = inThread;
    this.drafts = new Map();
    this.key = null;
    this.found = [];
    this.at = 0;
    this.queue = Promise.resolve();
    const id = freshId("composer");
    this.label = h("label", { class: "sr-only", for: id }, "Message");
    this.list = h("ul", {
      class: "suggestions",
      role: "listbox",
      id: `${id}-list`,
      "aria-label": "Suggestions",
      hidden: true,
      onmousedown: (event) => event.preventDefault(),
    });
    this.box = h("textarea", {
      id,
      rows: 1,
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-controls": `${id}-list`,
      "aria-describedby": `${id}-error`,
    });
    this.send = h("button", { type: "submit", class: "send" }, icon("send"), hidden("Send"));
    this.picker = h("input", { type: "file", multiple: true, hidden: true });
    this.clip = h(
      "button",
      { type: "button", class: "tool", title: "Add a photo", onclick: () => this.picker.click() },
      icon("photo"),
      hidden("Add a photo or another file"),
    );
    this.shortcuts = h("span", { class: "composer-shortcuts", hidden: true });
    this.files = [];
    this.attached = h("ul", { class: "attached", "aria-label": "Goes with the message" });
    this.off = h("p", { class: "composer-off", hidden: true });
    this.error = h("p", { class: "composer-error", id: `${id}-error`, role: "alert" });
    this.also = h("input", { type: "checkbox" });
    this.alsoLabel = h(
      "label",
      { class: "also", hidden: !inThread },
      this.also,
      h("span", {}, "Also send to the channel"),
    );
    this.form = h(
      "form",
      { class: "composer" },
      this.label,
      this.list,
      h(
        "div",
        { class: "composer-row" },
        this.attached,
        this.box,
        this.shortcuts,
        this.clip,
        this.picker,
        this.send,
      ),
      this.alsoLabel,
      this.error,
    );
    this.form.hidden = true; // until it is known where one writes
    host.append(this.off, this.form);
    this.form.addEventListener("submit", (event) => (event.preventDefault(), this.submit()));
    this.box.addEventListener("input", () => this.changed());
    this.box.addEventListener("keydown", (event) => this.onKey(event));
    this.box.addEventListener("blur", () => setTimeout(() => this.close(), 120));
    this.box.addEventListener("click", () => this.suggest());
    this.picker.addEventListener("change", () => {
      this.attach([...this.picker.files]);
      this.picker.value = "";
    });
    this.box.addEventListener("paste", (event) => {
      const files = [...event.clipboardData.files];
      if (!files.length) return;
      event.preventDefault();
      this.attach(files);
    });
    this.takeDrops(host.parentElement);
  }

  /** Files that are dropped anywhere on `place` go with the message. */
  takeDrops(place) {
    const holds = (event) => !this.form.hidden && event.dataTransfer?.types.includes("Files");
    const over = (is) => place.classList.toggle("dropping", is);
    place.addEventListener("dragover", (event) => {
      if (!holds(event)) return;
      event.preventDefault();
      over(true);
    });
    place.addEventListener("dragleave", (event) => {
      if (!place.contains(event.relatedTarget)) over(false);
    });
    place.addEventListener("drop", (event) => {
      if (!holds(event)) return;
      event.preventDefault();
      over(false);
      this.attach([...event.dataTransfer.files]);
    });
  }

  /** Puts files on the server; a message sent meanwhile waits for them. */
  attach(files) {
    this.fail("");
    this.box.focus();
    for (const file of files) {
      const entry = { name: file.name };
      entry.there = this.ctx.attach(file).then((answer) => {
        if (answer.ok) entry.file = answer.file;
        else {
          entry.lost = true;
          this.detach(entry);
          this.fail(`${file.name}: ${answer.error || "That did not work."}`);
        }
        this.drawFiles();
      });
      this.files.push(entry);
    }
    this.drawFiles();
    say(`${files.map((file) => file.name).join(", ")}: goes with the message.`);
  }

  detach(entry) {
    const at = this.files.indexOf(entry);
    if (at >= 0) this.files.splice(at, 1);
    this.drawFiles();
  }

  drawFiles() {
    this.attached.hidden = !this.files.length;
    this.attached.replaceChildren(
      ...this.files.map((entry) =>
        h(
          "li",
          { "aria-busy": entry.file ? null : "true" },
          entry.file && isPhoto(entry.file)
            ? h("img", { src: entry.file.url, alt: "" })
            : icon("file"),
          h("span", { class: "attached-name" }, entry.name),
          h(
            "button",
            {
              type: "button",
              class: "tool",
              onclick: () => (this.detach(entry), this.box.focus()),
            },
            icon("close"),
            hidden(`Take ${entry.name} away`),
          ),
        ),
      ),
    );
  }

  /** Points the box at a place; what was typed there before comes back. `closed`: why nobody can write there. */
  aim(key, name, closed = "") {
    setText(this.label, `Message ${name}`);
    const hint = this.inThread ? "Reply…" : `Message ${name}`;
    if (this.box.placeholder !== hint) this.box.placeholder = hint;
    this.form.hidden = Boolean(closed);
    this.off.hidden = !closed;
    setText(this.off, closed);
    if (!this.inThread) this.drawShortcuts();
    if (key === this.key) return;
    const before = this.key;
    this.key = key;
    if (before === null) return; // what was begun before the room was drawn is meant for its first place
    this.drafts.set(before, { text: this.box.value, files: this.files });
    this.restore(this.drafts.get(key));
    this.fail("");
    this.also.checked = false;
  }

  drawShortcuts() {
    if (this.shortcuts.hasChildNodes()) return;
    this.shortcuts.replaceChildren(
      ...this.ctx.shortcuts().map((each) =>
        h(
          "button",
          {
            type: "button",
            class: "tool",
            title: each.name,
            onclick: () => this.ctx.run(each),
          },
          icon("compose"),
          hidden(each.name),
        ),
      ),
    );
    this.shortcuts.hidden = !this.shortcuts.hasChildNodes();
  }

  restore(draft) {
    this.files = (draft?.files || []).filter((entry) => !entry.lost);
    this.drawFiles();
    this.put(draft?.text || "", false);
  }

  put(text, focus = true) {
    this.box.value = text;
    if (focus) {
      this.box.focus();
      this.box.setSelectionRange(text.length, text.length);
    }
    this.grow();
    this.close();
  }

  focus() {
    this.box.focus();
  }

  forget() {
    this.drafts.clear();
    this.restore();
  }

  fail(words) {
    this.error.textContent = words;
    this.form.classList.toggle("has-error", Boolean(words));
  }

  grow() {
    this.box.style.setProperty("height", "auto");
    this.box.style.setProperty("height", `${Math.min(this.box.scrollHeight + 2, 220)}px`);
  }

  changed() {
    this.grow();
    this.fail("");
    this.suggest();
  }

  /** Sends what is typed; what is sent while an earlier message is under way waits for its turn. */
  submit() {
    const text = this.box.value.trim();
    const { files, key } = this;
    if (key === null || (!text && !files.length)) return this.box.focus();
    const letter = { text, files, key, also: this.also.checked };
    const focused = this.form.contains(document.activeElement);
    this.restore();
    if (focused) this.box.focus();
    this.also.checked = false;
    this.form.setAttribute("aria-busy", "true");
    const turn = this.queue.then(() => this.deliver(letter));
    this.queue = turn;
    turn.then(() => this.queue === turn && this.form.removeAttribute("aria-busy"));
  }

  async deliver(letter) {
    const { text, files, key, also } = letter;
    await Promise.all(files.map((entry) => entry.there));
    const ids = files.filter((entry) => entry.file).map((entry) => entry.file.id);
    const answer = await this.ctx.submit({ text, also, files: ids });
    if (answer.ok) return;
    if (key !== this.key) this.drafts.set(key, letter);
    else if (!this.box.value && !this.files.length) this.restore(letter);
    this.fail(answer.error || "That did not work.");
  }

  // ---- suggestions ----

  suggest() {
    const typed = this.box.value.slice(0, this.box.selectionStart ?? 0);
    const command = !this.inThread && /^\/[^\n]*$/.test(typed) && this.box.value === typed;
    const person = /(?:^|\s)@([\p{L}\p{N}._-]*(?: [\p{L}\p{N}.'’-]+)?)$/u.exec(typed);
    if (command) this.offer(this.commandLines(typed));
    else if (person) this.offer(this.peopleLines(person[1], typed.length - person[1].length - 1));
    else this.close();
  }

  commandLines(typed) {
    const low = typed.toLowerCase();
    const lines = [];
    for (const command of this.ctx.commands()) {
      const forms = command.forms || [
        {
          insert: `${command.command} `,
          shown: command.command,
          hint: command.usage_hint,
          words: command.description,
        },
      ];
      for (const form of forms) {
        const bare = form.insert.toLowerCase();
        if (bare.startsWith(low) && bare.trim() !== low.trim()) lines.push(form);
        else if (bare.trim() === low.trim() && form.hint) lines.push({ ...form, done: true });
      }
    }
    const exact = lines.every((line) => line.done);
    return exact && low.endsWith(" ")
      ? []
      : lines.slice(0, 12).map((line) => ({ ...line, apply: () => this.put(line.insert) }));
  }

  peopleLines(start, from) {
    const low = start.toLowerCase();
    return this.ctx
      .people()
      .filter((m) =>
        [m.name, m.real_name || ""].some(
          (name) =>
            name
              .toLowerCase()
              .split(/\s+/)
              .some((part) => part.startsWith(low)) || name.toLowerCase().startsWith(low),
        ),
      )
      .slice(0, 8)
      .map((m) => ({
        shown: m.name,
        words: m.title || "",
        apply: () => {
          const typed = this.box.value.slice(from + 1).toLowerCase();
          const names = [m.name, unmarked(m.name)].filter((n) => typed.startsWith(n.toLowerCase()));
          const whole = names[0]?.length ?? 0; // it may stand there already, the caret inside
          const to = Math.max(this.box.selectionStart, from + 1 + whole);
          const before = `${this.box.value.slice(0, from)}@${m.name} `;
          this.put(before + this.box.value.slice(to).trimStart());
          this.box.setSelectionRange(before.length, before.length);
        },
      }));
  }

  offer(lines) {
    if (!lines.length) return this.close();
    const was = this.list.hidden ? 0 : this.found.length;
    this.found = lines;
    this.at = 0;
    this.moved = false;
    this.list.replaceChildren(
      ...lines.map((line, i) =>
        h(
          "li",
          {
            role: "option",
            tabindex: "-1",
            id: `${this.list.id}-${i}`,
            onmousedown: (event) => (event.preventDefault(), this.take(i)),
          },
          h("span", { class: "s-name" }, line.shown),
          line.hint && h("span", { class: "s-hint" }, line.hint),
          line.words && h("span", { class: "s-words" }, line.words),
        ),
      ),
    );
    this.list.hidden = false;
    this.mark();
    if (was !== lines.length)
      say(`${lines.length} suggestions. Arrow keys choose, Tab takes one, Escape closes.`);
  }

  mark() {
    [...this.list.children].forEach((li, i) =>
      li.setAttribute("aria-selected", String(i === this.at)),
    );
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
  }

  close() {
    this.list.hidden = true;
    this.found = [];
    this.box.removeAttribute("aria-activedescendant");
  }

  take(i) {
    const line = this.found[i];
    this.close();
    line?.apply();
    this.suggest();
  }

  onKey(event) {
    if (event.isComposing) return;
    const open = !this.list.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (open && step) {
      event.preventDefault();
      this.moved = true;
      this.at = (this.at + step + this.found.length) % this.found.length;
      this.mark();
    } else if (open && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (open && event.key === "Tab" && !event.shiftKey && !this.found[this.at]?.done) {
      event.preventDefault();
      this.take(this.at);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      const line = this.found[this.at];
      if (open && line && !line.done && (this.moved || !this.isWhole())) this.take(this.at);
      else this.submit();
      this.moved = false;
    }
  }

  // Whether what stands in the box can be sent as it is: "/ideas" can, "/ide" and "/ideas se" want completing.
  isWhole() {
    return this.ctx.commands().some((command) => command.command === this.box.value.trim());
  }
}
