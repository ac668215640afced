// Slack's message markup -> DOM nodes, and back to the text a person would type.
// Everything here is hostile text: nodes are built with text only, links are http or https only.

import { h } from "./dom.js";
import { emoji, emojiSign, isEmoji } from "./emoji.js";

/** Undoes Slack's three escapes, once. */
export const unescape = (text) =>
  String(text).replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);

/** The address when it is http or https, else null. */
export function safeHref(raw) {
  try {
    const url = new URL(raw);
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** A link that may leave the page, or plain words when the address is of another kind. */
export function link(address, label, ctx) {
  const href = safeHref(address);
  if (!href) {
    if (/^mailto:/i.test(address)) return h("span", { class: "mail" }, label || address.slice(7));
    return h("span", {}, label && label !== address ? `${label} (${address})` : address);
  }
  const place = ctx.placeOf?.(href);
  const node = h("a", { href, rel: "noopener noreferrer", title: href }, label || address);
  if (place) node.addEventListener("click", (event) => (event.preventDefault(), ctx.go(place)));
  else node.target = "_blank";
  return node;
}

export function mention(id, ctx) {
  const member = ctx.member(id);
  return h(
    "span",
    { class: id === ctx.me ? "mention mention-me" : "mention" },
    `@${member ? member.name : id}`,
  );
}

export function channelLink(id, label, ctx) {
  const channel = ctx.channel(id);
  if (!channel) return h("span", { class: "mention" }, `#${label || id}`);
  return h(
    "button",
    { type: "button", class: "channel-link", onclick: () => ctx.go({ channel: id }) },
    `#${channel.name}`,
  );
}

/** Plain text with emoji short names drawn, and Slack's escapes undone. */
export function plain(text) {
  const out = document.createDocumentFragment();
  pushText(out, unescape(text ?? ""));
  return out;
}

/** Plain text as a string, for places that hold no nodes (options, titles). */
export const plainString = (text) =>
  unescape(text ?? "").replace(/:([a-z0-9_+-]+):/g, (_, name) => emojiSign(name));

function pushText(out, text) {
  let from = 0;
  for (const found of text.matchAll(/:([a-z0-9_+-]{1,80}):/g)) {
    if (!isEmoji(found[1])) continue;
    if (found.index > from) out.append(text.slice(from, found.index));
    out.append(emoji(found[1]));
    from = found.index + found[0].length;
  }
  if (from < text.length) out.append(text.slice(from));
}

/** Slack mrkdwn -> a fragment of nodes. */
export function mrkdwn(text, ctx) {
  const out = document.createDocumentFragment();
  const parts = String(text ?? "").split("```");
  // An opening fence without its closing one is three plain characters.
  if (parts.length % 2 === 0) {
    const tail = parts.pop();
    parts.push(`${parts.pop()}\`\`\`${tail}`);
  }
  parts.forEach((part, i) => {
    if (i % 2) out.append(h("pre", {}, unescape(flatten(part.replace(/^\n|\n$/g, ""), ctx))));
    else pushLines(out, trimBeside(part, i, parts.length), ctx);
  });
  return out;
}

// A line break next to a block of code belongs to the block.
function trimBeside(part, i, n) {
  const start = i > 0 ? part.replace(/^\n/, "") : part;
  return i < n - 1 ? start.replace(/\n$/, "") : start;
}

function pushLines(out, text, ctx) {
  if (!text) return;
  let quote = null;
  let afterQuote = false;
  let toTheEnd = false; // ">>>" quotes all that follows
  text.split("\n").forEach((line, i) => {
    const quoted = toTheEnd
      ? [line, line]
      : /^(?:(?:&gt;|>){3} ?|(?:&gt;|>)(?!>|&gt;) ?)(.*)$/.exec(line);
    if (quoted) {
      toTheEnd = toTheEnd || /^(?:&gt;|>){3}/.test(line);
      if (!quote) out.append((quote = h("blockquote", {})));
      else quote.append("\n");
      pushInline(quote, quoted[1], ctx, "");
      afterQuote = true;
      return;
    }
    quote = null;
    if (i && !afterQuote) out.append("\n");
    afterQuote = false;
    pushInline(out, line, ctx, "");
  });
}

const MARKS = { "*": "strong", _: "em", "~": "s", "`": "code" };
const BEFORE = /[\s([{"'“‘—–\-/*_~>.,:;!?]/;
const WORD = /[\p{L}\p{N}]/u;

function pushInline(out, text, ctx, inside) {
  let from = 0;
  let i = 0;
  const hopeless = new Set(); // marks that have no partner further on: keeps long hostile lines cheap
  const flush = (to) => to > from && pushText(out, unescape(text.slice(from, to)));
  while (i < text.length) {
    const c = text[i];
    if (c === "<" && !hopeless.has("<")) {
      const end = text.indexOf(">", i + 1);
      if (end < 0) hopeless.add("<");
      if (end > i + 1) {
        flush(i);
        out.append(token(text.slice(i + 1, end), ctx));
        from = i = end + 1;
        continue;
      }
    } else if (
      MARKS[c] &&
      !inside.includes(c) &&
      !hopeless.has(c) &&
      (i === 0 || BEFORE.test(text[i - 1]))
    ) {
      const end = closing(text, c, i);
      if (end > 0) {
        flush(i);
        const node = h(MARKS[c]);
        const body = text.slice(i + 1, end);
        if (c === "`") node.append(unescape(flatten(body, ctx)));
        else pushInline(node, body, ctx, inside + c);
        out.append(node);
        from = i = end + 1;
        continue;
      }
      if (end === 0) hopeless.add(c);
    }
    i += 1;
  }
  flush(text.length);
}

// Where the mark opened at `start` closes; 0: nowhere on this line; -1: it does not open here.
function closing(text, mark, start) {
  if (mark !== "`" && (!text[start + 1] || /\s/.test(text[start + 1]))) return -1;
  let end = text.indexOf(mark, start + 1);
  if (end < 0) return 0;
  let steps = 0;
  while (end > 0 && steps++ < 200) {
    const empty = end === start + 1;
    const fits = mark === "`" || (!/\s/.test(text[end - 1]) && !WORD.test(text[end + 1] || " "));
    if (!empty && fits) return end;
    end = text.indexOf(mark, end + 1);
  }
  return -1;
}

// What stands between < and >.
function token(body, ctx) {
  const bar = body.indexOf("|");
  const head = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? "" : unescape(body.slice(bar + 1));
  if (/^@[UWB]/.test(head)) return mention(head.slice(1), ctx);
  if (/^#[CG]/.test(head)) return channelLink(head.slice(1), label, ctx);
  if (head.startsWith("!date^")) return dateToken(head, label, ctx);
  if (/^!(here|channel|everyone)$/.test(head))
    return h("span", { class: "mention" }, `@${head.slice(1)}`);
  if (head.startsWith("!subteam^")) return h("span", { class: "mention" }, label || "@group");
  if (head.startsWith("!")) return h("span", {}, label || `<${unescape(body)}>`);
  if (!/^[a-z][a-z0-9+.-]*:/i.test(head)) return document.createTextNode(`<${unescape(body)}>`);
  return link(unescape(head), label, ctx);
}

function dateToken(head, label, ctx) {
  const [, stamp, format = "", address] = head.split("^");
  const when = new Date(Number(stamp) * 1000);
  if (!/^\d{1,12}$/.test(stamp) || Number.isNaN(when.getTime()))
    return document.createTextNode(label || head);
  const words = formatDate(when, unescape(format), ctx.zone);
  const node = h("time", { datetime: when.toISOString() }, words);
  return address && safeHref(address) ? link(address, words, ctx) : node;
}

/** Slack's date format string -> words in the workspace's zone. */
export function formatDate(when, format, zone) {
  const show = (options) =>
    new Intl.DateTimeFormat("en-US", { timeZone: zone, ...options }).format(when);
  const table = {
    date_num: () => show({ year: "numeric", month: "2-digit", day: "2-digit" }),
    date: () => show({ year: "numeric", month: "long", day: "numeric" }),
    date_short: () => show({ year: "numeric", month: "short", day: "numeric" }),
    date_long: () => show({ weekday: "long", year: "numeric", month: "long", day: "numeric" }),
    time: () => show({ hour: "numeric", minute: "2-digit" }),
    time_secs: () => show({ hour: "numeric", minute: "2-digit", second: "2-digit" }),
  };
  return format.replace(/\{(\w+)\}/g, (all, name) =>
    (table[name.replace("_pretty", "")] || (() => all))(),
  );
}

// Mentions and links inside code stand as text.
function flatten(text, ctx) {
  return text.replace(/<([^<>\n]+)>/g, (_, body) => {
    const [head, label] = body.split("|");
    if (/^@[UWB]/.test(head)) return `@${ctx.member(head.slice(1))?.name || head.slice(1)}`;
    if (/^#[CG]/.test(head))
      return `#${ctx.channel(head.slice(1))?.name || label || head.slice(1)}`;
    if (/^!(here|channel|everyone)$/.test(head)) return `@${head.slice(1)}`;
    return label || head;
  });
}

/** Slack's markup -> what a person would type to get it: for editing one's own message. */
export const asTyped = (text, ctx) => unescape(flatten(String(text ?? ""), ctx));
