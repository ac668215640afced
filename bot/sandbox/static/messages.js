// The list of messages of a channel or a thread. Nodes are kept by timestamp and only their changed parts are rebuilt,
// so that focus, scroll and screen readers are not disturbed by a state that is fetched again.

import { drawBlocks } from "./blocks.js";
import { avatar, compareTs, h, hidden, icon, motion, nameOf, plural } from "./dom.js";
import { drawFile } from "./files.js";
import { emoji, emojiSign, emojiWords } from "./emoji.js";
import { asTyped, mrkdwn } from "./mrkdwn.js";

const OFFERED = ["bulb", "x"]; // the reactions that the bot understands
const FOCUSABLE = ["a[href]", "button", "input", "select", "textarea", "summary", "[role=region]"]
  .map((each) => `article ${each}:not([role=menuitem])`)
  .join();
const gone = (m) => Boolean(m.deleted) || m.subtype === "tombstone";
const QUIET = /^(channel_|group_|pinned_|bot_add|bot_remove)/;

/** Draws the entries of one place into a `role=log` element and keeps them in step. */
export class MessageList {
  /**
   * @param {HTMLElement} log the scrolling element
   * @param {object} ctx what blocks.js needs, and `act(verb, fields)`, `openThread(ts)`, `dismiss(id)`, `state()`
   * @param {{inThread: boolean}} options
   */
  constructor(log, ctx, { inThread = false } = {}) {
    this.log = log;
    this.ctx = ctx;
    this.inThread = inThread;
    this.place = null;
    this.nodes = new Map();
    this.editing = null;
    this.pill = h(
      "button",
      { type: "button", class: "new-pill", hidden: true, onclick: () => this.toEnd(true) },
      icon("down"),
      "New messages",
    );
    log.after(this.pill);
    this.stuck = true; // whether the reader is at the end, and stays there when something comes
    log.addEventListener("scroll", () => this.scrolled(), { passive: true });
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(log);
    log.addEventListener("keydown", (event) => this.onKey(event));
    log.addEventListener("focusin", (event) => this.stopIn(event.target.closest("article")));
    log.addEventListener("focusout", () => this.stopIn(null));
  }

  // Tab stops once at the log; arrow keys go from message to message, and from one Tab goes into it.
  stopIn(article) {
    for (const node of this.log.querySelectorAll(FOCUSABLE))
      node.tabIndex = article?.contains(node) ? 0 : -1;
  }

  scrolled() {
    this.stuck = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 90;
    if (this.stuck) this.pill.hidden = true;
  }

  toEnd(smooth = false) {
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: smooth ? motion() : "auto" });
    this.pill.hidden = true;
  }

  /** Shows `entries` (oldest first, each with a `key`) of `place`; a new place is shown whole and unannounced. */
  show(place, entries, empty) {
    const fresh = place !== this.place;
    const stick = fresh || this.stuck;
    const focus = this.rememberFocus();
    if (fresh) {
      this.log.setAttribute("aria-live", "off");
      this.log.replaceChildren();
      this.nodes.clear();
      this.editing = null;
      this.place = place;
      this.pill.hidden = true;
    }
    const wanted = this.withDays(entries);
    const before = new Set(this.nodes.keys());
    const keep = new Set(wanted.map((entry) => entry.key));
    for (const [key, held] of this.nodes) {
      if (keep.has(key)) continue;
      held.node.remove();
      this.nodes.delete(key);
    }
    let cursor = this.log.firstElementChild;
    let firstNew = null;
    let mine = false;
    for (const entry of wanted) {
      const held = this.nodes.get(entry.key) || this.make(entry);
      this.update(held, entry);
      if (held.node === cursor) cursor = cursor.nextElementSibling;
      else this.log.insertBefore(held.node, cursor);
      if (!before.has(entry.key) && !entry.dayMark) {
        firstNew = firstNew || held.node;
        mine = mine || entry.message?.user === this.ctx.me || Boolean(entry.ephemeral);
      }
    }
    this.showEmpty(entries.length ? null : empty);
    this.restoreFocus(focus);
    this.stopIn(this.log.querySelector("article:focus-within"));
    if (fresh)
      requestAnimationFrame(() =>
        requestAnimationFrame(() => this.log.setAttribute("aria-live", "polite")),
      );
    if (stick || mine) this.settle(fresh ? null : firstNew);
    else if (firstNew) this.pill.hidden = false;
  }

  // At the end of the list, unless what is new is taller than the window: then at its beginning.
  settle(firstNew) {
    const tall = firstNew && this.log.scrollHeight - firstNew.offsetTop > this.log.clientHeight;
    if (tall) this.log.scrollTop = firstNew.offsetTop - 12;
    else this.toEnd();
    this.pill.hidden = true;
  }

  /** Shows a message that has just come, from its beginning. */
  turnTo(key) {
    const node = this.nodes.get(key)?.node;
    if (node) this.settle(node);
  }

  showEmpty(words) {
    this.emptyNode?.remove();
    this.emptyNode = words ? h("p", { class: "log-empty" }, words) : null;
    if (words) this.log.append(this.emptyNode);
  }

  withDays(entries) {
    const out = [];
    let day = null;
    for (const entry of entries) {
      const its = entry.message?.day;
      if (its && its !== day && !this.inThread) {
        day = its;
        out.push({ key: `day:${its}`, dayMark: its });
      }
      out.push(entry);
    }
    return out;
  }

  make(entry) {
    const held = { node: null, parts: {}, sigs: {} };
    if (entry.dayMark)
      held.node = h(
        "div",
        { class: "day", role: "separator", "aria-label": entry.dayMark },
        h("span", {}, entry.dayMark),
      );
    else {
      const kind = entry.ephemeral ? "message ephemeral" : "message";
      held.node = h("article", { class: kind, tabindex: "-1", "data-key": entry.key });
      for (const part of ["head", "body", "files", "reactions", "thread", "tools"]) {
        held.parts[part] = h("div", { class: `m-${part}` });
        held.node.append(held.parts[part]);
      }
    }
    this.nodes.set(entry.key, held);
    return held;
  }

  update(held, entry) {
    if (entry.dayMark) return;
    const { message, ephemeral } = entry;
    const m = message || ephemeral;
    const names = this.ctx.namesKey();
    const editing = this.editing === entry.key;
    const author = this.ctx.member(m.user) || { name: m.user };
    const files = (m.files || []).map((id) => this.ctx.file(id)).filter(Boolean);
    const me = this.ctx.me;
    const draw = {
      head: [
        [m.user, author, m.time, m.edited, entry.note, Boolean(ephemeral), gone(m)],
        () => this.head(m, author, entry),
      ],
      body: [
        editing ? "editing" : [m.text, m.blocks, m.deleted, m.subtype, names, me],
        () => (editing ? this.editor(entry, m) : this.body(m, ephemeral)),
      ],
      files: [files, () => files.map(drawFile)],
      reactions: [[m.reactions, me, names], () => this.reactions(m)],
      thread: [[m.reply_count, m.latest_reply, m.reply_users, names], () => this.threadLink(m)],
      tools: [[me, m.user, m.deleted, m.reactions, editing], () => this.tools(entry, m, ephemeral)],
    };
    for (const [part, [what, build]] of Object.entries(draw)) {
      const sig = JSON.stringify(what);
      if (held.sigs[part] === sig) continue;
      held.sigs[part] = sig;
      held.parts[part].replaceChildren(...[build()].flat().filter(Boolean));
      held.parts[part].hidden = !held.parts[part].hasChildNodes();
    }
    const label = `${gone(m) ? "Deleted message" : author.name}${m.time ? `, ${m.time}` : ""}`;
    if (held.node.getAttribute("aria-label") !== label) held.node.setAttribute("aria-label", label);
    held.node.classList.toggle("quiet", QUIET.test(m.subtype || ""));
  }

  head(m, author, entry) {
    if (gone(m))
      return [
        h("span", { class: "avatar avatar-gone", "aria-hidden": "true" }, icon("trash")),
        h("time", { class: "when", title: m.day }, m.time),
      ];
    return [
      avatar(author),
      h("span", { class: "author" }, nameOf(author)),
      (m.is_bot || author.is_bot) && h("span", { class: "badge" }, "APP"),
      author.title && !author.is_bot && h("span", { class: "author-title" }, author.title),
      m.time && h("time", { class: "when", title: m.day }, m.time),
      m.edited && h("span", { class: "edited" }, "(edited)"),
      entry.note && h("span", { class: "note" }, entry.note),
      entry.ephemeral && h("span", { class: "only-you" }, icon("eye"), "Only visible to you"),
    ];
  }

  body(m, ephemeral) {
    if (gone(m)) return h("p", { class: "gone" }, "This message was deleted.");
    const where = ephemeral
      ? { channel: this.ctx.here, ephemeral: ephemeral.id }
      : { channel: this.ctx.here, ts: m.ts };
    const ctx = Object.create(this.ctx, {
      act: { value: (action) => this.ctx.click(where, action) },
    });
    if (m.blocks?.length) return drawBlocks(m.blocks, ctx);
    return m.text
      ? h(
          "div",
          { class: m.subtype === "me_message" ? "mrkdwn me" : "mrkdwn" },
          mrkdwn(m.text, ctx),
        )
      : null;
  }

  reactions(m) {
    return (m.reactions || []).map((r) => {
      const mine = r.users.includes(this.ctx.me);
      const names = r.users
        .map((id) => (id === this.ctx.me ? "you" : this.ctx.member(id)?.name || id))
        .join(", ");
      const kind = OFFERED.includes(r.name) ? `reaction ${r.name}` : "reaction";
      return h(
        "button",
        {
          type: "button",
          class: kind,
          "aria-pressed": String(mine),
          "data-focus": `react:${r.name}`,
          title: `${names} · ${mine ? "press to take yours back" : "press to add yours"}`,
          "aria-label": `${emojiWords(r.name)}, ${r.count}: ${names}`,
          onclick: () =>
            this.ctx.send(mine ? "unreact" : "react", {
              channel: this.ctx.here,
              ts: m.ts,
              name: r.name,
            }),
        },
        emojiSign(r.name) === `:${r.name}:` ? `:${r.name}:` : emoji(r.name),
        h("span", { class: "count" }, String(r.count)),
      );
    });
  }

  threadLink(m) {
    if (this.inThread || !m.reply_count) return null;
    const count = plural(m.reply_count, "reply", "replies");
    const last = m.latest_reply ? `last at ${this.ctx.timeOf(m.latest_reply)}` : "";
    return h(
      "button",
      {
        type: "button",
        class: "thread-link",
        "data-focus": "thread",
        onclick: () => this.ctx.openThread(m.ts),
      },
      (m.reply_users || []).slice(0, 4).map((id) => avatar(this.ctx.member(id) || {}, "tiny")),
      h("span", { class: "thread-count" }, count),
      last && h("span", { class: "thread-last" }, hidden(", "), last),
    );
  }

  tools(entry, m, ephemeral) {
    if (ephemeral) {
      return h(
        "button",
        {
          type: "button",
          class: "tool",
          "data-focus": "dismiss",
          onclick: () => this.ctx.dismiss(ephemeral.id),
        },
        icon("close"),
        hidden("Dismiss this message"),
      );
    }
    if (gone(m) || this.editing === entry.key) return null;
    const direct = this.ctx.channel(this.ctx.here)?.is_im; // the bot keeps nothing said to it alone
    const react = (direct ? [] : OFFERED).map((name) => {
      const mine = (m.reactions || []).some(
        (r) => r.name === name && r.users.includes(this.ctx.me),
      );
      const words = {
        bulb: mine ? "Take back your light bulb" : "Mark as an idea",
        x: mine ? "Take back your cross" : "Not an idea",
      }[name];
      return h(
        "button",
        {
          type: "button",
          class: "tool",
          "aria-pressed": String(mine),
          title: words,
          "data-focus": `tool:${name}`,
          onclick: () =>
            this.ctx.send(mine ? "unreact" : "react", { channel: this.ctx.here, ts: m.ts, name }),
        },
        h("span", { "aria-hidden": "true", class: "emoji" }, emojiSign(name)),
        hidden(words),
      );
    });
    const tool = (name, words, run) =>
      h(
        "button",
        { type: "button", class: "tool", title: words, "data-focus": `tool:${name}`, onclick: run },
        icon(name),
        hidden(words),
      );
    return [
      ...react,
      !this.inThread &&
        !direct &&
        tool("reply", "Reply in thread", () => this.ctx.openThread(m.thread_ts || m.ts, true)),
      ...(direct ? [] : this.ctx.shortcuts("message")).map((each) =>
        tool("keep", each.name, () =>
          this.ctx.send("shortcut", {
            callback_id: each.callback_id,
            channel: this.ctx.here,
            ts: m.ts,
          }),
        ),
      ),
      m.user === this.ctx.me && tool("edit", "Edit your message", () => this.startEdit(entry.key)),
      m.user === this.ctx.me && tool("trash", "Delete your message", () => this.remove(m)),
    ];
  }

  // ---- editing and deleting one's own ----

  startEdit(key) {
    this.editing = key;
    this.ctx.redraw();
    const area = this.nodes.get(key)?.node.querySelector("textarea");
    area?.focus();
    area?.setSelectionRange(area.value.length, area.value.length);
  }

  stopEdit(key) {
    this.editing = null;
    this.ctx.redraw();
    this.nodes.get(key)?.node.focus();
  }

  editor(entry, m) {
    const area = h("textarea", {
      class: "field-input",
      rows: 3,
      "aria-label": "Edit your message",
      value: asTyped(m.text, this.ctx),
    });
    const save = async () => {
      if (!area.value.trim()) return;
      const answer = await this.ctx.send("edit", {
        channel: this.ctx.here,
        ts: m.ts,
        text: area.value,
      });
      if (answer.ok) this.stopEdit(entry.key);
    };
    area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        save();
      } else if (event.key === "Escape") {
        event.stopPropagation();
        this.stopEdit(entry.key);
      }
    });
    return h(
      "div",
      { class: "editor" },
      area,
      h(
        "div",
        { class: "editor-buttons" },
        h(
          "button",
          { type: "button", class: "button", onclick: () => this.stopEdit(entry.key) },
          "Cancel",
        ),
        h("button", { type: "button", class: "button primary", onclick: save }, "Save"),
      ),
    );
  }

  async remove(m) {
    const sure = await this.ctx.confirm({
      title: "Delete this message?",
      text: "An idea kept from it is withdrawn too.",
      confirm: "Delete",
      deny: "Keep it",
      style: "danger",
    });
    if (sure) await this.ctx.send("delete", { channel: this.ctx.here, ts: m.ts });
  }

  // ---- keyboard and focus ----

  onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const articles = [...this.log.querySelectorAll("article")];
    if (event.target === this.log && step) {
      event.preventDefault();
      articles.at(-1)?.focus();
    } else if (
      !event.target.matches("input, select, textarea, [role=region]") &&
      (step || event.key === "Home" || event.key === "End")
    ) {
      event.preventDefault();
      const at = articles.indexOf(event.target.closest("article"));
      const next = event.key === "Home" ? 0 : event.key === "End" ? articles.length - 1 : at + step;
      articles[next]?.focus();
    }
  }

  rememberFocus() {
    const active = document.activeElement;
    const article = active?.closest?.("article");
    if (!article || !this.log.contains(article)) return null;
    return {
      active,
      key: article.dataset.key,
      focus: active.closest("[data-focus]")?.dataset.focus,
    };
  }

  restoreFocus(was) {
    if (!was || (was.active.isConnected && was.active === document.activeElement)) return;
    const node = this.nodes.get(was.key)?.node;
    const same = was.focus && node?.querySelector(`[data-focus="${CSS.escape(was.focus)}"]`);
    (same || node || this.log).focus({ preventScroll: true });
  }

  /** Brings the message into view and lets it glow once; false when it is not here. */
  reveal(key) {
    const node = this.nodes.get(key)?.node;
    if (!node) return false;
    node.scrollIntoView({ block: "center" });
    node.focus({ preventScroll: true });
    node.classList.remove("glow");
    requestAnimationFrame(() => node.classList.add("glow"));
    return true;
  }
}

/** The channel's top level (with replies also sent to it) and what only this member sees, in order. */
export function channelEntries(messages, ephemerals) {
  const shown = messages.filter(
    (m) =>
      !m.thread_ts || m.thread_ts === m.ts || m.reply_broadcast || m.subtype === "thread_broadcast",
  );
  const entries = shown.map((m) => ({
    key: m.ts,
    message: m,
    note: m.thread_ts && m.thread_ts !== m.ts ? "also replied in a thread" : "",
  }));
  return inOrder([...entries, ...ephemerals.filter((e) => !e.thread_ts).map(whispered)]);
}

/** A thread: its first message, the replies, and what only this member sees there, in order. */
export function threadEntries(messages, ephemerals, root) {
  const entries = messages
    .filter((m) => m.ts === root || m.thread_ts === root)
    .map((m) => ({ key: m.ts, message: m }));
  return inOrder([...entries, ...ephemerals.filter((e) => e.thread_ts === root).map(whispered)]);
}

const whispered = (e) => ({ key: `only:${e.id}`, ephemeral: e });
const inOrder = (entries) =>
  entries.sort((a, b) => compareTs((a.message || a.ephemeral).ts, (b.message || b.ephemeral).ts));
