// Small helpers to build DOM nodes. Text always goes in as text nodes, never as HTML.

const SVG = "http://www.w3.org/2000/svg";
let counter = 0;

/** A fresh id for labels and descriptions. */
export const freshId = (stem) => `${stem}-${++counter}`;

/**
 * Builds an element. `on…` properties become listeners, `class` and other strings become attributes,
 * `false`, `null` and `undefined` are left out, `true` stands for an empty attribute.
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on") && typeof value === "function")
      node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(
    ...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false),
  );
  return node;
}

/** How the page scrolls by itself: at once for those who want no motion. */
export const motion = () =>
  matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";

/** Text for screen readers only. */
export const hidden = (text) => h("span", { class: "sr-only" }, text);

const ICONS = {
  menu: "M3 6h18M3 12h18M3 18h18",
  close: "M6 6l12 12M18 6L6 18",
  photo: "M4 5h16v14H4zM4 16l4.5-4.5L13 16l3-3 4 4M15.5 9.5h.01",
  reply: "M9 7L4 12l5 5M4 12h9a7 7 0 0 1 7 7",
  edit: "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
  send: "M4 12L20 4l-5 16-4-7zM11 13L20 4",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  keep: "M6 4h12v16l-6-4-6 4z",
  compose: "M5 5h9M5 10h6M5 15h4M12 19l1-4 6-6 3 3-6 6z",
  eye: "M2.5 12S6 6 12 6s9.5 6 9.5 6S18 18 12 18 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z",
  file: "M6 3h8l5 5v13H6zM14 3v5h5M9 13h7M9 17h7",
  download: "M12 4v11M7.5 10.5L12 15l4.5-4.5M5 20h14",
  check: "M5 12.5l4.5 4.5L19 7",
  down: "M12 5v14M6 13l6 6 6-6",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  again: "M4 12a8 8 0 1 0 2.6-5.9M4 4v5h5",
  forward: "M5 5l7 7-7 7M13 5l7 7-7 7",
};

/** A line icon, hidden from screen readers: the button around it carries the words. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** An avatar: initials on the member's colour, in ink that can be read on it. */
export function avatar(member, size = "") {
  const node = h(
    "span",
    { class: `avatar ${size}`, "aria-hidden": "true" },
    member.initials || "?",
  );
  const colour = /^#?[0-9a-f]{6}$/i.test(member.color || "")
    ? `#${member.color.replace("#", "")}`
    : "#5b6b6e";
  node.style.setProperty("background-color", colour);
  node.style.setProperty("color", luminance(colour) > 0.22 ? "#10201f" : "#ffffff");
  if (member.is_bot) node.classList.add("avatar-bot");
  return node;
}

function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Changes a text only when it differs, so that nothing is announced or selected anew. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** A member's name as one would type it. */
export const unmarked = (name) => name.replace(/ \(sample\)$/, "");

/** A member's name as nodes; the "(sample)" that marks invented people stands back a little. */
export function nameOf(member) {
  const [, name, mark] = /^(.*?)( \(sample\))?$/s.exec(member.name ?? "");
  return mark ? [name, h("span", { class: "sample-mark" }, mark)] : [name];
}

/** Lets Tab stop at `bar` once: arrow keys go from button to button, and Tab leaves. */
export function oneStop(bar) {
  const buttons = () => [...bar.querySelectorAll("button")].filter((each) => !each.hidden);
  const stopAt = (chosen) => buttons().forEach((each) => (each.tabIndex = each === chosen ? 0 : -1));
  bar.addEventListener("focusin", (event) => stopAt(event.target));
  bar.addEventListener("focusout", () => stopAt(buttons()[0]));
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const all = buttons();
    const at = all.indexOf(event.target);
    if (!step || at < 0) return;
    event.preventDefault();
    all[(at + step + all.length) % all.length].focus();
  });
  stopAt(buttons()[0]);
}

/** "1 reply", "3 replies". */
export const plural = (n, one, many) => `${n} ${n === 1 ? one : many}`;

/** Slack timestamps are text; compare them as two whole numbers, never as one float. */
export function compareTs(a, b) {
  const [as, af = "0"] = String(a).split(".");
  const [bs, bf = "0"] = String(b).split(".");
  return Number(as) - Number(bs) || Number(af) - Number(bf);
}

let speaker = null;
/** Says something to screen readers, politely. */
export function say(text) {
  speaker = speaker || document.getElementById("speaker");
  speaker.textContent = "";
  requestAnimationFrame(() => (speaker.textContent = text));
}

let toastTimer = 0;
/** Shows a short notice over the page. */
export function toast(text, kind = "") {
  const box = document.getElementById("toast");
  box.className = `toast ${kind}`;
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (box.hidden = true), kind === "bad" ? 9000 : 4000);
}
