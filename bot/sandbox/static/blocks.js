// Block Kit -> DOM. Draws the blocks that the bot sends in messages and forms, and reads the forms back.

import { chosen, drawControl, register } from "./controls.js";
import { freshId, h, hidden, icon } from "./dom.js";
import { emoji } from "./emoji.js";
import { channelLink, formatDate, link, mention, plainString, safeHref } from "./mrkdwn.js";
import { cannotDraw, drawText, picture } from "./parts.js";

// These four lists are the contract with the tests: what is not in them is shown as "cannot draw".
export const DRAWABLE_BLOCKS = [
  "actions",
  "context",
  "divider",
  "header",
  "image",
  "input",
  "rich_text",
  "section",
];
export const DRAWABLE_ELEMENTS = [
  "button",
  "checkboxes",
  "datepicker",
  "image",
  "multi_static_select",
  "multi_users_select",
  "overflow",
  "plain_text_input",
  "radio_buttons",
  "static_select",
  "timepicker",
];
export const DRAWABLE_TEXTS = ["mrkdwn", "plain_text"];
export const DRAWABLE_RICH_TEXT = [
  "rich_text_list",
  "rich_text_preformatted",
  "rich_text_quote",
  "rich_text_section",
  "broadcast",
  "channel",
  "date",
  "emoji",
  "link",
  "text",
  "user",
  "usergroup",
];

/**
 * Draws blocks. `ctx` brings `me`, `zone`, `member(id)`, `channel(id)`, `members()`, `go(place)`,
 * `act(action)` for what a person presses or chooses, `confirm(object)`, and in a form `values` typed before and
 * `suggestion(block)`, which says `value` and `why` where an empty field begins with words of the page's own.
 */
export function drawBlocks(blocks, ctx) {
  return h(
    "div",
    { class: "blocks" },
    (blocks || []).map((block) => drawBlock(block, ctx)),
  );
}

function drawBlock(block, ctx) {
  if (!DRAWABLE_BLOCKS.includes(block?.type)) return cannotDraw(block?.type);
  return BLOCKS[block.type](block, ctx);
}

const BLOCKS = {
  header: (block) => h("h3", { class: "b-header" }, drawText(block.text)),
  divider: () => h("hr", { class: "b-divider" }),
  section: drawSection,
  context: (block, ctx) =>
    h(
      "div",
      { class: "b-context" },
      (block.elements || []).map((part) =>
        part.type === "image" ? picture(part, ctx) : h("span", {}, drawText(part, ctx)),
      ),
    ),
  actions: (block, ctx) =>
    h(
      "div",
      { class: "b-actions" },
      (block.elements || []).map((el) => drawElement(el, block, ctx)),
    ),
  image: (block, ctx) =>
    h(
      "figure",
      { class: "b-image" },
      block.title && h("figcaption", {}, drawText(block.title)),
      picture(block, ctx),
    ),
  input: drawInput,
  rich_text: (block, ctx) =>
    h(
      "div",
      { class: "b-rich" },
      (block.elements || []).map((part) => drawRich(part, ctx)),
    ),
};

function drawSection(block, ctx) {
  return h(
    "div",
    { class: "b-section" },
    h(
      "div",
      { class: "b-section-main" },
      block.text && h("div", { class: "mrkdwn" }, drawText(block.text, ctx)),
      block.fields &&
        h(
          "div",
          { class: "b-fields" },
          block.fields.map((field) => h("div", { class: "mrkdwn" }, drawText(field, ctx))),
        ),
    ),
    block.accessory && h("div", { class: "b-accessory" }, drawElement(block.accessory, block, ctx)),
  );
}

// ---- rich text ----------------------------------------------------------------------------------

function drawRich(part, ctx) {
  const inline = () => (part.elements || []).map((piece) => drawPiece(piece, ctx));
  switch (part.type) {
    case "rich_text_section":
      return h("div", { class: "mrkdwn" }, inline());
    case "rich_text_quote":
      return h("blockquote", {}, inline());
    case "rich_text_preformatted":
      return h("pre", {}, inline());
    case "rich_text_list": {
      const list = h(part.style === "ordered" ? "ol" : "ul", {
        start: part.offset ? part.offset + 1 : null,
      });
      if (part.indent)
        list.style.setProperty("margin-left", `${Math.min(part.indent, 8) * 1.5}rem`);
      list.append(
        ...(part.elements || []).map((item) =>
          h(
            "li",
            {},
            (item.elements || []).map((piece) => drawPiece(piece, ctx)),
          ),
        ),
      );
      return list;
    }
    default:
      return cannotDraw(part.type);
  }
}

function drawPiece(piece, ctx) {
  const node = drawBarePiece(piece, ctx);
  const style = piece.style || {};
  const tags = [
    style.code && "code",
    style.bold && "strong",
    style.italic && "em",
    style.strike && "s",
  ].filter(Boolean);
  return tags.reduce((inner, tag) => h(tag, {}, inner), node);
}

function drawBarePiece(piece, ctx) {
  switch (piece.type) {
    case "text":
      return document.createTextNode(piece.text ?? "");
    case "link":
      return link(piece.url ?? "", piece.text || "", ctx);
    case "user":
      return mention(piece.user_id, ctx);
    case "channel":
      return channelLink(piece.channel_id, "", ctx);
    case "emoji":
      return emoji(piece.name ?? "");
    case "usergroup":
      return h("span", { class: "mention" }, "@group");
    case "broadcast":
      return h("span", { class: "mention" }, `@${piece.range}`);
    case "date":
      return h(
        "time",
        {},
        formatDate(new Date(piece.timestamp * 1000), piece.format || "{date_long}", ctx.zone),
      );
    default:
      return cannotDraw(piece.type);
  }
}

// ---- elements -----------------------------------------------------------------------------------

function drawElement(el, block, ctx) {
  if (!DRAWABLE_ELEMENTS.includes(el?.type)) return cannotDraw(el?.type);
  if (el.type === "image") return picture(el, ctx);
  if (el.type === "button") return drawButton(el, block, ctx);
  if (el.type === "overflow") return drawOverflow(el, block, ctx);
  const id = freshId("el");
  const label = plainString(el.placeholder?.text) || "Choose";
  const { node, read } = drawControl(
    el,
    id,
    ctx.values?.[block.block_id]?.[el.action_id],
    ctx,
    label,
  );
  const first = node.matches("fieldset")
    ? node
    : node.querySelector("input, select, textarea") || node;
  if (!node.matches("fieldset")) first.setAttribute("aria-label", label);
  node.addEventListener("change", () =>
    press(el, block, ctx, { selected: chosen(el.type, read()) }),
  );
  return register(node, el, block, read);
}

async function press(el, block, ctx, more) {
  if (el.confirm && !(await ctx.confirm(el.confirm))) return;
  await ctx.act({ type: el.type, action_id: el.action_id, block_id: block.block_id, ...more });
}

function drawButton(el, block, ctx) {
  const look =
    el.style === "primary" ? "button primary" : el.style === "danger" ? "button danger" : "button";
  const words = [drawText(el.text)];
  const props = {
    class: look,
    "data-focus": `button:${block.block_id}:${el.action_id}:${el.value ?? ""}`,
    "aria-label": el.accessibility_label,
  };
  const href = el.url && safeHref(el.url);
  const run = async (event) => {
    const button = event.currentTarget;
    if (button.getAttribute("aria-busy") === "true") return event.preventDefault();
    button.setAttribute("aria-busy", "true");
    try {
      await press(el, block, ctx, { value: el.value });
    } finally {
      button.removeAttribute("aria-busy");
    }
  };
  if (!href) return h("button", { type: "button", ...props, onclick: run }, words);
  const place = ctx.placeOf?.(href);
  const node = h(
    "a",
    { href, rel: "noopener noreferrer", target: place ? null : "_blank", ...props, onclick: run },
    words,
  );
  if (place) node.addEventListener("click", (event) => (event.preventDefault(), ctx.go(place)));
  return node;
}

function drawOverflow(el, block, ctx) {
  const menu = h("div", { class: "menu", role: "menu", hidden: true });
  const opener = h(
    "button",
    {
      type: "button",
      class: "button quiet",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "data-focus": `overflow:${block.block_id}:${el.action_id}`,
    },
    icon("more"),
    hidden("More"),
  );
  const show = (open) => {
    menu.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (!open) return;
    menu.firstElementChild?.focus();
    menu.scrollIntoView({ block: "nearest" });
  };
  const choose = (option) => {
    show(false);
    opener.focus();
    const href = option.url && safeHref(option.url);
    if (href) window.open(href, "_blank", "noopener");
    press(el, block, ctx, { selected: option });
  };
  menu.append(
    ...(el.options || []).map((option) =>
      h(
        "button",
        { type: "button", role: "menuitem", tabindex: "-1", onclick: () => choose(option) },
        drawText(option.text, ctx),
      ),
    ),
  );
  opener.addEventListener("click", () => show(menu.hidden));
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.children];
    const at = items.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) items[(at + step + items.length) % items.length].focus();
    else if (event.key === "Escape") {
      show(false);
      opener.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const wrap = h("div", { class: "overflow" }, opener, menu);
  wrap.addEventListener("focusout", (event) => wrap.contains(event.relatedTarget) || show(false));
  return wrap;
}

// ---- forms --------------------------------------------------------------------------------------

function drawInput(block, ctx) {
  if (!DRAWABLE_ELEMENTS.includes(block.element?.type)) return cannotDraw(block.element?.type);
  const ours = ctx.suggestion?.(block);
  const el = { ...(ours && { initial_value: ours.value }), ...block.element };
  const id = freshId("field");
  const kept = ctx.values?.[block.block_id]?.[el.action_id];
  const words = plainString(block.label?.text);
  const { node, read } = drawControl(el, id, kept, ctx, words);
  const group = node.matches("fieldset");
  register(node, el, block, read);
  const title = [
    words,
    block.optional ? h("span", { class: "optional" }, " (optional)") : hidden(" (required)"),
  ];
  const hint =
    block.hint && h("p", { class: "field-hint", id: `${id}-hint` }, drawText(block.hint));
  const error = h("p", { class: "field-error", id: `${id}-error`, hidden: true });
  const note = ours && h("p", { class: "field-hint", id: `${id}-ours` }, ours.why);
  const described = [hint && `${id}-hint`, note && `${id}-ours`, `${id}-error`]
    .filter(Boolean)
    .join(" ");
  const takes = node.querySelector(".field-input") || node;
  takes.setAttribute("aria-describedby", described);
  if (!block.optional && !group) takes.setAttribute("aria-required", "true");
  if (group) node.querySelector("legend").replaceWith(h("legend", { class: "field-label" }, title));
  const run = () => press(el, block, ctx, { selected: chosen(el.type, read()) });
  if (block.dispatch_action && el.type === "plain_text_input")
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || el.multiline) return;
      event.preventDefault();
      run();
    });
  else if (block.dispatch_action) node.addEventListener("change", run);
  const field = h(
    "div",
    { class: "field", "data-field": block.block_id },
    !group && h("label", { class: "field-label", for: id }, title),
    node,
    hint,
    note,
    error,
  );
  field.dataset.optional = block.optional ? "yes" : "no";
  return field;
}
