// The box to write in: Enter sends, Shift+Enter breaks the line, "/" offers commands and "@" offers members.

import { freshId, h, hidden, icon, say, setText } from "./dom.js";

/** A composer in `host`. `ctx`: `commands()`, `people()`, `submit(text, broadcast) -> {ok, error?}`. */
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
      h("div", { class: "composer-row" }, this.box, this.send),
      this.alsoLabel,
      this.error,
    );
    host.append(this.form);
    this.box.disabled = this.send.disabled = true; // until it is known where one writes
    this.form.addEventListener("submit", (event) => (event.preventDefault(), this.submit()));
    this.box.addEventListener("input", () => this.changed());
    this.box.addEventListener("keydown", (event) => this.onKey(event));
    this.box.addEventListener("blur", () => setTimeout(() => this.close(), 120));
    this.box.addEventListener("click", () => this.suggest());
  }

  /** Points the box at a place; what was typed there before comes back. */
  aim(key, name, { disabled = "" } = {}) {
    setText(this.label, `Message ${name}`);
    const hint = disabled || (this.inThread ? "Reply…" : `Message ${name}`);
    if (this.box.placeholder !== hint) this.box.placeholder = hint;
    this.box.disabled = this.send.disabled = Boolean(disabled);
    if (key === this.key) return;
    if (this.key !== null) this.drafts.set(this.key, this.box.value);
    this.key = key;
    this.put(this.drafts.get(key) || "", false);
    this.fail("");
    this.also.checked = false;
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
    this.put("", false);
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
    if (!text) return this.box.focus();
    const letter = { text, key: this.key, also: this.also.checked };
    this.put("", this.form.contains(document.activeElement));
    this.also.checked = false;
    this.form.setAttribute("aria-busy", "true");
    const turn = this.queue.then(() => this.deliver(letter));
    this.queue = turn;
    turn.then(() => this.queue === turn && this.form.removeAttribute("aria-busy"));
  }

  async deliver({ text, key, also }) {
    const answer = await this.ctx.submit(text, also);
    if (answer.ok) return;
    if (key !== this.key) this.drafts.set(key, text);
    else if (!this.box.value) this.put(text, false);
    this.fail(answer.error || "That did not work.");
  }

  // ---- suggestions ----

  suggest() {
    const typed = this.box.value.slice(0, this.box.selectionStart ?? 0);
    const command = !this.inThread && /^\/[^\n]*$/.test(typed) && this.box.value === typed;
    const person = /(?:^|\s)@([\p{L}\p{N}._-]*)$/u.exec(typed);
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
          const rest = this.box.value.slice(this.box.selectionStart);
          const before = `${this.box.value.slice(0, from)}@${m.name} `;
          this.put(before + rest);
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
