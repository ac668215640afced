// "Try it": steps that tick themselves off. What is done is kept for this browser tab.

import { h, hidden, icon } from "./dom.js";

const wide = matchMedia("(min-width: 1100px)");
const KEY = "commonplace-guide";
const IDEA =
  "I borrowed the art room for one period: students painted the covers their favorite books should have had. The art teacher now plans the spring show with me. #coteaching";
const ANSWER =
  "I began small, with one teacher and one class. It went well, and now two more ask for it.";

/**
 * `ctx`: `write(text)`, `jump(to)`, `coordinator()`, `coordinates()`, `writeAsCoordinator(text)`, `lookAhead()`,
 * `promptWaits()`, `openPrompt(answer)`, `fileWaits(type)`, `openDesk()`, `openHome()`, `board()`, `openBoard()`,
 * `blogStands()`, `openBlog()`.
 */
export class Guide {
  constructor(host, opener, ctx) {
    this.host = host;
    this.opener = opener;
    this.ctx = ctx;
    this.saved = this.load();
    opener.addEventListener("click", () => this.set({ away: false, open: true }));
    const typeAsCoordinator = () =>
      ctx.coordinates() ? "Type it for me" : `Act as ${ctx.coordinator()}, and type it`;
    this.steps = [
      {
        id: "post",
        title: "Post an idea",
        words: [
          "A plain message is enough, or a photo. The bot marks what it keeps with ",
          h("b", {}, "💡"),
          ".",
        ],
        act: "Write one for me",
        run: () => ctx.write(IDEA),
      },
      {
        id: "search",
        title: "Find it again",
        words: ["Type ", h("code", {}, "/ideas search"), " and a word or two."],
        act: "Type it for me",
        run: () => ctx.write("/ideas search art teacher"),
      },
      {
        id: "form",
        title: "Open the form",
        words: [
          "Send ",
          h("code", {}, "/idea"),
          " on its own: more room, and a place for credits.",
        ],
        act: "Type it for me",
        run: () => ctx.write("/idea"),
      },
      {
        id: "home",
        title: "Look at your desk",
        words:
          "Your ideas, what is new, the search, your profile: all of it stands in the Home of Commonplace.",
        act: "Open the Home",
        run: () => ctx.openHome(),
      },
      {
        id: "ahead",
        title: "Coordinate for a minute",
        words: () =>
          `An hour before each digest, ${ctx.coordinator()} is shown it. Look at one: she may leave an idea out, or skip the week.`,
        act: () => `Act as ${ctx.coordinator()}, Friday 2 PM`,
        run: () => ctx.lookAhead(),
      },
      {
        id: "friday",
        title: "Jump to Friday",
        words: "At three o’clock the week’s ideas come back as a digest.",
        act: "Jump to Friday",
        run: () => ctx.jump("friday"),
      },
      {
        id: "answer",
        title: "Jump to Monday and answer",
        words: "A question starts the week. Answer in its thread: the answer is kept too.",
        act: () =>
          ctx.promptWaits() ? "Open its thread, with an answer to send" : "Jump to Monday",
        run: () => (ctx.promptWaits() ? ctx.openPrompt(ANSWER) : ctx.jump("monday")),
      },
      {
        id: "csv",
        title: "Download it",
        words: [
          "Send ",
          h("code", {}, "/ideas export"),
          " and download the file from your messages with Commonplace.",
        ],
        act: () => (ctx.fileWaits("text/csv") ? "Open the messages" : "Type it for me"),
        run: () => (ctx.fileWaits("text/csv") ? ctx.openDesk() : ctx.write("/ideas export")),
      },
      {
        id: "board",
        title: "Share the board",
        words: () =>
          ctx.board()
            ? "Whoever has its address can read the ideas, without an account."
            : [
                `${ctx.coordinator()} may show the channel’s ideas to people outside. Send `,
                h("code", {}, "/ideas board"),
                " and share a board.",
              ],
        act: () => (ctx.board() ? "Open the board" : typeAsCoordinator()),
        run: () => (ctx.board() ? ctx.openBoard() : ctx.writeAsCoordinator("/ideas board")),
      },
      {
        id: "blog",
        title: "See it on a blog",
        words: "A board can stand on a blog or a school’s site. See it as its readers would.",
        act: "Open the sample blog",
        run: () => ctx.openBlog(),
        missing: () => !ctx.blogStands(),
      },
      {
        id: "report",
        title: "Read the report",
        words: [
          "Send ",
          h("code", {}, "/ideas report"),
          " and get one page for a principal. It arrives in your messages with Commonplace.",
        ],
        act: () => (ctx.fileWaits("text/html") ? "Open the messages" : typeAsCoordinator()),
        run: () =>
          ctx.fileWaits("text/html") ? ctx.openDesk() : ctx.writeAsCoordinator("/ideas report"),
      },
    ];
    this.draw();
  }

  load() {
    try {
      return {
        done: {},
        away: false,
        open: null,
        ...JSON.parse(sessionStorage.getItem(KEY) || "{}"),
      };
    } catch {
      return { done: {}, away: false, open: null };
    }
  }

  set(change) {
    this.saved = { ...this.saved, ...change };
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.saved));
    } catch {
      // A browser that keeps nothing still shows the guide.
    }
    this.draw();
  }

  /** Ticks a step off; a step done twice stays done. */
  tick(id) {
    if (this.saved.done[id]) return false;
    this.set({ done: { ...this.saved.done, [id]: true } });
    return true;
  }

  begun(id) {
    return Boolean(this.saved.done[id]);
  }

  afresh() {
    this.set({ done: {}, away: false, open: null });
  }

  /** Folds the card to one line while a thread needs the room, and unfolds it afterwards. */
  compact(is) {
    if (is === this.small) return;
    this.small = is;
    if (wide.matches) this.set({ open: null });
  }

  isOpen() {
    return this.saved.open ?? (wide.matches && !this.small);
  }

  /** Drawn again when what the buttons offer may have changed. */
  draw() {
    const { done, away } = this.saved;
    const open = this.isOpen();
    const steps = this.steps.filter((step) => !step.missing?.());
    const count = steps.filter((step) => done[step.id]).length;
    const next = steps.find((step) => !done[step.id]);
    const said = (words) => (typeof words === "function" ? words() : words);
    const sig = JSON.stringify([done, away, open, steps.length, next && said(next.act)]);
    if (sig === this.sig) return;
    this.sig = sig;
    this.host.hidden = away;
    this.opener.hidden = !away;
    this.opener.querySelector(".count").textContent = `${count} of ${steps.length}`;
    document.body.classList.toggle("guide-away", away);
    if (away) return;
    const hadFocus = this.host.contains(document.activeElement)
      ? document.activeElement.dataset.focus
      : null;
    const details = h("details", { class: "guide-card", open });
    const summary = h(
      "summary",
      { "data-focus": "summary" },
      h("h2", {}, "Try it"),
      h("span", { class: "guide-count" }, `${count} of ${steps.length}`),
      h("span", { class: "guide-next" }, next ? `Next: ${next.title}` : "All done. Well read!"),
    );
    const list = h(
      "ol",
      {},
      steps.map((step, i) =>
        h(
          "li",
          {
            class: [done[step.id] && "done", step === next && "next"].filter(Boolean).join(" "),
            "aria-current": step === next ? "step" : null,
          },
          h(
            "span",
            { class: "step-mark", "aria-hidden": "true" },
            done[step.id] ? icon("check") : String(i + 1),
          ),
          h(
            "div",
            { class: "step-words" },
            h("h3", {}, step.title, done[step.id] && hidden(" (done)")),
            step === next && h("p", {}, said(step.words)),
            step === next &&
              h(
                "button",
                {
                  type: "button",
                  class: "button small",
                  "data-focus": "step",
                  onclick: () => this.start(step),
                },
                said(step.act),
              ),
          ),
        ),
      ),
    );
    const close = h(
      "button",
      {
        type: "button",
        class: "link-button",
        "data-focus": "close",
        onclick: () => this.dismiss(),
      },
      next ? "Put this card away" : "Done, put it away",
    );
    details.append(summary, h("div", { class: "guide-body" }, list, close));
    details.addEventListener("toggle", () => {
      if (details.isConnected && details.open !== this.isOpen()) this.set({ open: details.open });
    });
    this.host.replaceChildren(details);
    const at = list.querySelector(".next")?.getBoundingClientRect();
    if (at) details.scrollTop = at.bottom - details.getBoundingClientRect().bottom;
    if (hadFocus)
      (
        this.host.querySelector(`[data-focus="${hadFocus}"]`) || this.host.querySelector("summary")
      ).focus();
  }

  // On a narrow page the card would cover what is about to happen.
  start(step) {
    if (!wide.matches) this.set({ open: false });
    step.run();
  }

  dismiss() {
    this.set({ away: true });
    this.opener.focus();
  }
}
