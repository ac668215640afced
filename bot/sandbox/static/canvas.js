// Draws a channel's canvas: the little of Markdown that stands on it.

import { h } from "./dom.js";
import { safeHref } from "./mrkdwn.js";

const INLINE =
  /\\([!-/:-@[-`{-~])|\[((?:\\.|[^\]\\])*)\]\(<([^>]*)>\)|<(https?:[^>]*)>|\*\*|(?<![^\s*])_|_(?![^\s*])/g;
const plain = (text) => text.replace(/\\([!-/:-@[-`{-~])/g, "$1");

/** Words, links, bold and italic of one line. */
function drawLine(line) {
  const root = h("span", {});
  const open = [root];
  const say = (child) => open[open.length - 1].append(child);
  const turn = (tag) => {
    if (open[open.length - 1].localName === tag) return open.pop();
    const styled = h(tag, {});
    say(styled);
    open.push(styled);
    return styled;
  };
  let end = 0;
  for (const found of line.matchAll(INLINE)) {
    say(line.slice(end, found.index));
    end = found.index + found[0].length;
    const [whole, sign, words, url, bare] = found;
    if (sign) say(sign);
    else if (url ?? bare)
      say(
        h("a", { href: safeHref(url ?? bare), target: "_blank", rel: "noopener" }, plain(words ?? bare)),
      );
    else turn(whole === "**" ? "strong" : "em");
  }
  say(line.slice(end));
  return root;
}

/** A section: a heading, or lines. */
function drawSection(text) {
  const [, signs, words] = /^(#{1,3}) (.*)$/s.exec(text) || [];
  if (signs) return h(`h${signs.length + 2}`, {}, drawLine(words));
  const lines = text.split(/ {2}\n/).flatMap((line, at) => (at ? [h("br"), drawLine(line)] : [drawLine(line)]));
  return h("p", {}, ...lines);
}

/** Puts the sections of a canvas into its box; a channel without one shows no box. */
export function drawCanvas(box, sections) {
  const sig = JSON.stringify(sections ?? null);
  box.hidden = !sections?.length;
  if (box.sig === sig) return;
  box.sig = sig;
  box.querySelector("div").replaceChildren(...(sections || []).map(drawSection));
}
