// The smallest parts of Block Kit: texts, pictures, and the box for what cannot be drawn.

import { h } from "./dom.js";
import { mrkdwn, plain, safeHref } from "./mrkdwn.js";

/** A visible box instead of a block or element that this page does not know. */
export const cannotDraw = (type) =>
  h("div", { class: "cannot-draw", role: "note" }, "cannot draw: ", h("code", {}, String(type)));

/** A text object as nodes; `ctx` is needed for mrkdwn only. */
export function drawText(text, ctx) {
  if (!text) return "";
  if (text.type === "plain_text") return plain(text.text);
  if (text.type === "mrkdwn") return mrkdwn(text.text, ctx);
  return cannotDraw(text.type);
}

// Pictures from elsewhere are named, not fetched: nothing leaves this computer.
/** An image block or element; a file of the workspace is drawn as `ctx.me` may see it. */
export function picture(part, ctx) {
  const words = part.alt_text || "picture";
  const file = part.slack_file?.id;
  if (file) {
    const src = `/files/${encodeURIComponent(file)}/photo?as=${encodeURIComponent(ctx?.me ?? "")}`;
    return h("img", { src, alt: words });
  }
  const url = safeHref(new URL(part.image_url || "about:blank", location.href).href);
  if (url && new URL(url).origin === location.origin) return h("img", { src: url, alt: words });
  return h(
    "span",
    { class: "picture-off", role: "img", "aria-label": words },
    `[picture: ${words}]`,
  );
}
