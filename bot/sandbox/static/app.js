// The practice room: fetches what the acting member sees, draws it, and sends what that member does.

import { drawCanvas } from "./canvas.js";
import { Composer } from "./composer.js";
import { FormDialog, ask } from "./dialogs.js";
import { avatar, compareTs, h, hidden, icon, nameOf, oneStop, say, setText, toast } from "./dom.js";
import { Guide } from "./guide.js";
import { HomeView } from "./home.js";
import { MessageList, channelEntries, threadEntries } from "./messages.js";
import { formatDate, unescape } from "./mrkdwn.js";
import { Server } from "./server.js";

const $ = (id) => document.getElementById(id);
const wide = matchMedia("(min-width: 1100px)");

let state = null;
let me = null; // who is acting
let here = null; // the open channel
let atHome = false; // whether the app's Home is open, not its messages
let thread = null; // the timestamp of the open thread's first message
let threadFrom = null; // what had the focus before the thread opened
// When this room began, when it was opened here, and how far each has read: {member: {channel: ts}}.
let { began = null, firstTs = null, seen = {} } = JSON.parse(recall("seen") || "{}");
let reveal = null; // a message to bring into view once it is drawn
let namesKey = "";

function recall(name) {
  try {
    return sessionStorage.getItem(`commonplace-${name}`);
  } catch {
    return null;
  }
}

function keep(name, value) {
  try {
    sessionStorage.setItem(`commonplace-${name}`, value);
  } catch {
    // Private windows may refuse; the page then starts with the first member again.
  }
}

// ---- talking to the server ----------------------------------------------------------------------

const server = new Server({ me: recall("as"), onState: accept, onOffline: offline });
const act = (verb, fields) => server.act(verb, fields);
const refresh = () => server.refresh();

function accept(fresh) {
  state = fresh;
  me = fresh.me;
  keep("as", me);
  namesKey = JSON.stringify([
    fresh.members.map((m) => [m.id, m.name]),
    fresh.channels.map((c) => [c.id, c.name]),
  ]);
  if (fresh.began !== began) [began, firstTs, seen] = [fresh.began, null, {}];
  firstTs ??= (Date.parse(fresh.clock.now) / 1000).toFixed(6);
  draw();
  keep("seen", JSON.stringify({ began, firstTs, seen }));
}

function offline(gone) {
  $("offline").hidden = !gone;
  $("offline").textContent = gone
    ? "The practice room does not answer. Is it still running? Trying again …"
    : "";
}

/** Like `act`, and shows a failure over the page. */
async function send(verb, fields) {
  const answer = await act(verb, fields);
  if (!answer.ok) toast(answer.error || "That did not work.", "bad");
  return answer;
}

// ---- looking things up --------------------------------------------------------------------------

const member = (id) => state.members.find((m) => m.id === id);
const channel = (id) => state.channels.find((c) => c.id === id);
const newest = (messages) =>
  messages.reduce((best, m) => (!best || compareTs(m.ts, best) > 0 ? m.ts : best), null);
const title = (c) => (c.is_im ? member(c.with)?.name || c.name || "Direct message" : c.name);
const desk = () => state.channels.find((c) => c.is_im);
const coordinator = () => ctx.members().find((m) => m.is_admin);
const home = () =>
  state.channels.find((c) => !c.is_im && c.is_member !== false) || state.channels[0];

function placeOf(href) {
  const found = /\/archives\/([CDG][A-Z0-9]+)(?:\/p(\d{10})(\d{6}))?\/?(?:\?([^#]*))?$/.exec(href);
  if (!found || !channel(found[1])) return null;
  const ts = found[2] ? `${found[2]}.${found[3]}` : null;
  return { channel: found[1], ts, thread: new URLSearchParams(found[4] || "").get("thread_ts") };
}

const ctx = {
  get me() {
    return me;
  },
  get here() {
    return here;
  },
  get zone() {
    return state.clock.zone;
  },
  state: () => state,
  member,
  channel,
  file: (id) => state.files[id],
  members: () => state.members.filter((m) => !m.is_bot),
  people: () => state.members.filter((m) => m.id !== me),
  everybody: () => state.members,
  commands: () => state.commands.map(withForms),
  shortcuts: (type) => (state?.shortcuts || []).filter((each) => each.type === type),
  namesKey: () => namesKey,
  timeOf: (ts) => formatDate(new Date(parseInt(ts, 10) * 1000), "{time}", state.clock.zone),
  placeOf,
  go,
  send,
  redraw: () => draw(),
  confirm: (object) => ask(object, ctx),
  dismiss: (id) => send("dismiss", { channel: here, ephemeral: id }),
  openThread: (ts, write = false) => open(here, ts, { write }),
  click: press,
  submit: (view, values) => act("submit", { view, values }),
  suggestion,
  close: (view) => send("close", { view }),
};

/** "/ideas" with its usage "help | list [filters] | …" becomes one suggestion for each way to use it. */
function withForms(command) {
  const usage = (command.usage_hint || "").trim();
  const ways = usage
    .replace(/^\[(.*)\]$/, "$1")
    .split("|")
    .map((way) => way.trim());
  const base = {
    insert: `${command.command} `,
    shown: command.command,
    hint: ways.length > 2 ? "" : usage,
    words: command.description,
  };
  if (ways.length < 3) return { ...command, forms: [base] };
  const more = ways.map((way) => {
    const [, word, rest] = /^([a-z-]+)\s*(.*)$/.exec(way) || [null, way, ""];
    return {
      insert: `${command.command} ${word} `,
      shown: `${command.command} ${word}`,
      hint: rest,
    };
  });
  return { ...command, forms: [base, ...more] };
}

// ---- drawing ------------------------------------------------------------------------------------

const list = new MessageList($("log"), ctx);
const threadList = new MessageList($("thread-log"), ctx, { inThread: true });
const composer = new Composer($("composer"), { ...lazy(), submit: (said) => post(said, null) });
const threadComposer = new Composer(
  $("thread-composer"),
  { ...lazy(), submit: (said) => post(said, thread) },
  { inThread: true },
);
const form = new FormDialog(ctx);
const homeView = new HomeView($("home"), ctx);
const guide = new Guide($("guide"), $("guide-opener"), {
  write: (text) => writeFor(text),
  jump: (to) => jump(to),
  promptWaits: () => Boolean(state && findPrompt()),
  openPrompt: (text) => answerPrompt(text),
  fileWaits: (type) => Boolean(state && fileOnDesk(type)),
  openDesk: () => open(desk().id),
  openHome: () => (open(desk().id), turn("home")),
  coordinator: () => state && coordinator()?.name.split(" ")[0],
  coordinates: () => Boolean(state && member(me).is_admin),
  writeAsCoordinator,
  lookAhead,
  board: () => state && board(),
  openBoard: () => openBeside("board", board()),
  blogStands: () => state?.blog !== "",
  openBlog: () => openBeside("blog", `${state.blog}/?board=${encodeURIComponent(board() || "")}`),
});

function lazy() {
  return {
    commands: () => ctx.commands(),
    people: () => ctx.people(),
    attach: (file) => server.attach(file),
    shortcuts: () => ctx.shortcuts("global"),
    run: (shortcut) => send("shortcut", { callback_id: shortcut.callback_id }),
  };
}

function draw() {
  if (!state) return;
  if (!channel(here)) [here, thread] = [(atHome && desk()?.id) || home()?.id, null];
  const at = channel(here);
  if (!hasHome(at)) atHome = false;
  const messages = state.messages[here] || [];
  if (thread && !messages.some((m) => m.ts === thread)) thread = null;
  markSeen();
  drawClock();
  drawActing();
  drawPlaces();
  const named = JSON.stringify([at.id, title(at), at.is_private]);
  if ($("channel-name").named !== named) {
    $("channel-name").named = named;
    $("channel-name").replaceChildren(
      at.is_im
        ? ""
        : at.is_private
          ? icon("lock")
          : h("span", { class: "hash", "aria-hidden": "true" }, "#"),
      title(at),
    );
  }
  setText(
    $("channel-topic"),
    at.is_im ? "Direct messages with the bot. Only you see these." : unescape(at.topic || ""),
  );
  document.title = `${at.is_im ? "" : "#"}${title(at)} · Commonplace practice room`;
  const empty = at.is_im
    ? "Nothing here yet. Write a command, such as list; files that you ask for arrive here."
    : "Nothing here yet. Write the first message.";
  const closed = at.is_archived
    ? "This channel is archived. Nobody can write here any more."
    : at.is_member === false
      ? `${nameOf(member(me))[0]} is not in this channel, and can only read it.`
      : at.is_read_only
        ? `${title(at)} reads no direct messages. Write to it in a channel.`
        : "";
  drawTabs(at);
  drawCanvas($("canvas"), state.canvases[here]);
  list.show(`${me}:${here}`, channelEntries(messages, state.ephemerals[here] || []), empty);
  composer.aim(`${me}:${here}`, at.is_im ? title(at) : `#${at.name}`, closed);
  drawThread(at, messages, closed);
  form.show(state.view);
  watchSteps();
  guide.draw();
  if (reveal && (thread ? threadList.reveal(reveal) || list.reveal(reveal) : list.reveal(reveal)))
    reveal = null;
}

const hasHome = (at) => Boolean(state.home && at.is_im && member(at.with)?.is_bot);

/** *Home* and *Messages* of the app, as tabs: arrow keys go from one to the other. */
function drawTabs(at) {
  $("tabs").hidden = !hasHome(at);
  $("home").hidden = !atHome;
  $("log-frame").hidden = atHome;
  $("composer").hidden = atHome;
  if (!hasHome(at)) return;
  if (!$("tabs").hasChildNodes()) {
    const tab = (name, words) =>
      h("button", { type: "button", role: "tab", id: `tab-${name}`, onclick: () => turn(name) }, words);
    $("tabs").append(tab("home", "Home"), tab("messages", "Messages"));
    oneStop($("tabs"));
  }
  for (const [name, chosen] of [
    ["home", atHome],
    ["messages", !atHome],
  ])
    $(`tab-${name}`).setAttribute("aria-selected", String(chosen));
  if (atHome) homeView.show(state.home);
}

/** Opens a tab of the app; the Home is drawn anew each time it is opened. */
function turn(name) {
  atHome = name === "home";
  const hash = `#/${here}${atHome ? "/home" : ""}`;
  if (location.hash !== hash) history.pushState(null, "", hash);
  draw();
  send("home", { tab: name });
  if (atHome) guide.tick("home");
}

function drawClock() {
  const [day, ...rest] = state.clock.label.split(", ");
  setText($("clock-day"), day);
  setText($("clock-time"), rest.join(", "));
  $("clock-time").setAttribute("datetime", state.clock.now);
}

function drawActing() {
  const people = ctx.members();
  const sig = JSON.stringify([people, people.map((m) => waiting(m.id))]);
  const box = $("acting");
  if (box.sig !== sig) {
    box.sig = sig;
    const focus = box.contains(document.activeElement) ? document.activeElement.value : null;
    box.replaceChildren(
      h("legend", {}, "Acting as (sample people)"),
      ...people.map((m) =>
        h(
          "label",
          { class: "person" },
          h("input", { type: "radio", name: "acting", value: m.id, onchange: () => actAs(m.id) }),
          avatar(m),
          h(
            "span",
            { class: "person-words" },
            h("span", { class: "person-name" }, nameOf(m)),
            h("span", { class: "person-title" }, m.title || (m.is_admin ? "Coordinator" : "")),
          ),
          count(waiting(m.id)),
        ),
      ),
    );
    if (focus) box.querySelector(`[value="${focus}"]`)?.focus();
  }
  for (const radio of box.querySelectorAll("input")) radio.checked = radio.value === me;
}

function drawPlaces() {
  const groups = [
    ["Channels", state.channels.filter((c) => !c.is_im)],
    ["Direct messages", state.channels.filter((c) => c.is_im)],
  ];
  const sig = JSON.stringify([groups, here, namesKey, groups.flatMap(([, cs]) => cs.map(unread))]);
  const box = $("places");
  if (box.sig === sig) return;
  box.sig = sig;
  const focus = box.contains(document.activeElement)
    ? document.activeElement.dataset.channel
    : null;
  const row = (c) => {
    const n = unread(c);
    return h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          class: n ? "place unread" : "place",
          "data-channel": c.id,
          "aria-current": c.id === here ? "page" : null,
          onclick: () => (open(c.id), drawer(false)),
        },
        c.is_im
          ? avatar(member(c.with) || { name: c.name }, "tiny")
          : c.is_private
            ? icon("lock")
            : h("span", { class: "hash", "aria-hidden": "true" }, "#"),
        h("span", { class: "place-name" }, title(c)),
        c.is_im && member(c.with)?.is_bot && h("span", { class: "badge" }, "APP"),
        count(n),
      ),
    );
  };
  box.replaceChildren(
    ...groups
      .filter(([, cs]) => cs.length)
      .map(([words, cs]) => h("section", {}, h("h2", {}, words), h("ul", {}, cs.map(row)))),
  );
  if (focus) box.querySelector(`[data-channel="${focus}"]`)?.focus();
  const places = state.channels.reduce((sum, c) => sum + (c.id === here ? 0 : unread(c)), 0);
  const others = ctx.people().reduce((sum, m) => sum + waiting(m.id), 0);
  $("menu-button").classList.toggle("has-news", places + others > 0);
}

function drawThread(at, messages, closed) {
  const pane = $("thread");
  const was = !pane.hidden;
  pane.hidden = !thread;
  document.body.classList.toggle("thread-open", Boolean(thread));
  guide.compact(Boolean(thread));
  if (!thread) {
    threadList.place = null;
    if (was) focusBack();
    return;
  }
  const entries = threadEntries(messages, state.ephemerals[here] || [], thread);
  setText($("thread-place"), `${at.is_im ? "" : "#"}${title(at)}`);
  threadList.show(`${me}:${here}:${thread}`, entries, null);
  threadComposer.aim(`${me}:${here}:${thread}`, "in this thread", closed);
}

// To what opened the thread; a button that hides with its toolbar cannot take the focus, its message can.
function focusBack() {
  for (const node of [threadFrom, threadFrom?.closest("article"), $("log")]) {
    if (!node?.isConnected || document.activeElement === node) continue;
    node.focus({ preventScroll: true });
    if (document.activeElement === node) return;
  }
}

function markSeen() {
  seen[me] ??= {};
  seen[me][here] = newest(state.messages[here] || []) ?? firstTs;
}

function unread(c) {
  const mark = seen[me]?.[c.id] ?? firstTs;
  return (state.messages[c.id] || []).filter(
    (m) => m.user !== me && !m.deleted && compareTs(m.ts, mark) > 0,
  ).length;
}

/** How much the bot told a member alone that they have not looked at. */
function waiting(id) {
  const { channel: place, at = [] } = state.told[id] || {};
  return at.filter((ts) => compareTs(ts, seen[id]?.[place] ?? firstTs) > 0).length;
}

const count = (n) => n > 0 && h("span", { class: "unread-count" }, String(n), hidden(" new"));

// ---- moving about -------------------------------------------------------------------------------

function open(id, ts = null, { write = false } = {}) {
  if (ts && ts !== thread) threadFrom = document.activeElement;
  const moved = id !== here;
  here = id;
  thread = ts;
  atHome = false;
  const hash = `#/${id}${ts ? `/${ts}` : ""}`;
  if (location.hash !== hash) history.pushState(null, "", hash);
  const target = reveal;
  draw();
  if (target && !reveal) return; // the message itself has the focus
  if (ts && write) threadComposer.focus();
  else if (ts) $("thread-title").focus();
  else if (moved && wide.matches) composer.focus();
}

function go(place) {
  reveal = place.ts;
  open(place.channel, place.thread && place.thread !== place.ts ? place.thread : null);
  if (reveal) {
    reveal = null;
    toast("That message is not here any more.");
  }
}

function fromHash() {
  if (!state) return;
  const [, id = here, ts] = location.hash.split("/");
  if (!channel(id)) return;
  const message = (state.messages[id] || []).find((m) => m.ts === ts);
  here = id;
  atHome = ts === "home" && hasHome(channel(id));
  if (atHome) send("home", { tab: "home" });
  thread = message ? message.thread_ts || ts : null;
  reveal = message && thread !== ts ? ts : null; // the address of a reply
  draw();
}

function drawer(show) {
  document.body.classList.toggle("drawer-open", show);
  $("menu-button").setAttribute("aria-expanded", String(show));
  $("scrim").hidden = !show;
  if (show) $("acting").querySelector("input:checked")?.focus();
}

async function actAs(id) {
  server.me = id;
  const focus = document.activeElement;
  await refresh();
  if (atHome) {
    history.replaceState(null, "", `#/${here}/home`); // each has a Home of their own
    send("home", { tab: "home" });
  }
  if (focus?.isConnected) focus.focus();
  say(`You are now acting as ${member(me)?.name}.`);
  drawer(false);
}

// ---- doing --------------------------------------------------------------------------------------

async function post({ text, also, files }, threadTs) {
  if (text.startsWith("/")) {
    if (files.length)
      return { ok: false, error: "A command takes no files. Send them as a message." };
    const name = text.split(/\s/)[0];
    if (threadTs)
      return { ok: false, error: "Commands do not work in threads. Type it in the channel’s box." };
    if (!state.commands.some((c) => c.command === name)) {
      return {
        ok: false,
        error: `There is no command ${name} here. Try ${state.commands.map((c) => c.command).join(" or ")}.`,
      };
    }
    const answer = await act("command", { channel: here, text });
    if (answer.ok && /^\/ideas\s+search\s+\S/.test(text)) guide.tick("search");
    if (answer.ok && text === "/idea") guide.tick("form");
    return answer;
  }
  const fields = threadTs ? { files, thread_ts: threadTs, broadcast: also } : { files };
  const root = (state.messages[here] || []).find((m) => m.ts === threadTs);
  const answer = await act("post", { channel: here, text, ...fields });
  if (answer.ok && root && (root.is_bot || member(root.user)?.is_bot) && !channel(here).is_im)
    guide.tick("answer");
  return answer;
}

async function press(where, action) {
  const looksAhead = here === desk()?.id && !atHome && member(me).is_admin;
  const answer = await send("click", { where, ...action });
  if (answer.ok && looksAhead) guide.tick("ahead");
  return answer;
}

async function jump(to) {
  const buttons = [$("jump-friday"), $("jump-monday"), $("afresh")];
  if (buttons.some((b) => b.getAttribute("aria-busy") === "true")) return;
  const before = new Set(allMessages().map((m) => m.ts));
  buttons.forEach((b) => b.setAttribute("aria-busy", "true"));
  const answer = await send("jump", { to });
  buttons.forEach((b) => b.removeAttribute("aria-busy"));
  if (!answer.ok) return;
  if (to === "friday") guide.tick("friday");
  const news = allMessages().filter(
    (m) =>
      m.is_bot &&
      !before.has(m.ts) &&
      (!m.thread_ts || m.thread_ts === m.ts) &&
      !channel(m.place).is_im,
  );
  if (to === "monday") {
    const asking = news.filter((m) => /\?/.test(m.text));
    const prompt = asking.find((m) => m.place === here) || asking.at(-1) || news.at(-1);
    if (prompt) keep("prompt", `${prompt.place}/${prompt.ts}`);
  }
  const places = news.map((m) => m.place);
  if (news.length && !places.includes(here))
    open(places.includes(home().id) ? home().id : places.at(-1));
  const first = news.find((m) => m.place === here);
  if (first) list.turnTo(first.ts);
  const told = ctx.members().filter((m) => m.id !== me && waiting(m.id));
  const words = told.map((m) => ` ${nameOf(m)[0]} has a message.`);
  toast(`It is now ${state.clock.label}.${words.join("")}`);
  guide.draw();
}

const allMessages = () =>
  Object.entries(state.messages).flatMap(([place, messages]) =>
    messages.map((m) => ({ ...m, place })),
  );

async function startAfresh() {
  const sure = await ask(
    {
      title: "Start afresh?",
      text: "Everything said and kept here is thrown away, and the samples come back.",
      confirm: "Start afresh",
      deny: "Keep it",
      style: "danger",
    },
    ctx,
  );
  if (!sure) return;
  $("afresh").setAttribute("aria-busy", "true");
  const answer = await act("afresh");
  $("afresh").removeAttribute("aria-busy");
  if (!answer.ok) return toast(answer.error || "That did not work.", "bad");
  [thread, seen, firstTs] = [null, {}, null]; // what comes from now on is news
  keep("prompt", "");
  composer.forget();
  threadComposer.forget();
  guide.afresh();
  history.replaceState(null, "", `#/${here}`);
  await refresh();
  toast("The room is as new.");
}

// ---- the guide's helping hand -------------------------------------------------------------------

function writeFor(text) {
  const at = channel(here);
  if (at.is_im || at.is_member === false || thread) open(home().id);
  composer.put(text);
  say("Written into the message box. Press Enter to send it.");
}

function findPrompt() {
  const [place, ts] = (recall("prompt") || "").split("/");
  return (state.messages[place] || []).some((m) => m.ts === ts) ? { place, ts } : null;
}

function answerPrompt(text) {
  const { place, ts } = findPrompt();
  open(place, ts, { write: true });
  threadComposer.put(text);
}

const fileOnDesk = (type) =>
  (state.messages[desk()?.id] || []).some((m) =>
    (m.files || []).some((id) => state.files[id]?.mimetype === type),
  );

/** The address of the board that was shared last, as the bot told it to whoever acts. */
const board = () =>
  Object.values(state.ephemerals)
    .flat()
    .map((note) => /https?:[^\s<>|"]+\/b\/[\w-]+\//.exec(JSON.stringify(note))?.[0])
    .findLast(Boolean);

function openBeside(step, address) {
  window.open(address, "_blank", "noopener");
  guide.tick(step);
}

async function writeAsCoordinator(text) {
  if (!member(me).is_admin) await actAs(coordinator().id);
  writeFor(text);
}

/** The sample blog among the sites of a share: who takes the tour sees the board there. */
function suggestion(block) {
  if (block.block_id !== "sites" || !state.blog) return null;
  const why =
    "The practice room wrote the address of its sample blog here. Take it out, and the blog may not show the board.";
  return { value: state.blog, why };
}

/** Acts as who coordinates, an hour before the digest, and opens what she is shown. */
async function lookAhead() {
  const { id } = coordinator();
  if (!waiting(id) && !state.told[id]?.at.some((ts) => compareTs(ts, firstTs) > 0))
    await jump("ahead");
  await actAs(id);
  open(desk().id);
}

// Ticks off what can be seen in the state.
function watchSteps() {
  if (guide.begun("post")) return;
  const kept = Object.values(state.messages)
    .flat()
    .some(
      (m) =>
        !m.is_bot &&
        compareTs(m.ts, firstTs || "0") > 0 &&
        (m.reactions || []).some(
          (r) => r.name === "bulb" && r.users.some((id) => member(id)?.is_bot),
        ),
    );
  if (kept && guide.tick("post"))
    say("The bot has marked the message with a light bulb: it is kept as an idea.");
}

// ---- wiring -------------------------------------------------------------------------------------

$("menu-button").append(icon("menu"), hidden("People and channels"));
$("afresh").append(icon("again"), h("span", { class: "afresh-word" }, "Start afresh"));
$("thread-close").append(icon("close"), hidden("Close the thread"));
$("menu-button").addEventListener("click", () =>
  drawer(!document.body.classList.contains("drawer-open")),
);
$("scrim").addEventListener("click", () => drawer(false));
$("jump-friday").addEventListener("click", () => jump("friday"));
$("jump-monday").addEventListener("click", () => jump("monday"));
$("afresh").addEventListener("click", startAfresh);
$("thread-close").addEventListener("click", () => open(here));
document.addEventListener("click", (event) => {
  const type = event.target.closest?.("[data-file]")?.dataset.file;
  if (type === "text/csv") guide.tick("csv");
  if (type === "text/html") guide.tick("report");
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]"))
    return;
  if (document.body.classList.contains("drawer-open")) {
    drawer(false);
    $("menu-button").focus();
  } else if (thread && $("thread").contains(document.activeElement)) open(here);
});
for (const kind of ["dragover", "drop"]) // a file dropped beside would replace the page
  document.addEventListener(kind, (event) => event.preventDefault());
$("skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address names the open channel
  if (composer.form.hidden) $("log").focus();
  else composer.focus();
});
oneStop($("controls"));
window.addEventListener("popstate", fromHash);
window.addEventListener("hashchange", fromHash);

setInterval(() => document.hidden || refresh(), 60_000); // the clock runs on

await refresh();
fromHash();
if (!location.hash && here) history.replaceState(null, "", `#/${here}`);
