// Files in messages: a card with a download, and the first lines of a table or text on request.

import { h, icon, motion } from "./dom.js";

const LINES = 6;

export const isPhoto = (file) => /^image\//.test(file.mimetype || "");

/** A photo as such, any other file as a card. */
export const drawFile = (file) => (isPhoto(file) ? drawPhoto(file) : drawCard(file));

function drawPhoto(file) {
  const image = h("img", { src: file.url, alt: `Photo: ${file.name}` });
  const link = h(
    "a",
    {
      href: file.url,
      download: file.name,
      "data-focus": `file:${file.id}`,
      "aria-label": `Photo: ${file.name}. Download it`,
    },
    image,
  );
  const photo = h(
    "figure",
    { class: "photo" },
    link,
    h("figcaption", {}, file.name, h("span", { class: "file-size" }, sizeWords(file.size))),
  );
  // Not every browser draws every kind, such as a telephone's HEIC.
  image.addEventListener("error", () => photo.replaceWith(drawCard(file)));
  return photo;
}

function drawCard(file) {
  const url = new URL(file.url, location.href);
  const here = url.origin === location.origin;
  const isPage = file.mimetype === "text/html";
  const isText =
    !isPage &&
    (/^text\/|csv|json/.test(file.mimetype || "") || /\.(csv|txt|json)$/i.test(file.name));
  const card = h(
    "div",
    { class: "file" },
    h("span", { class: "file-icon" }, icon("file")),
    h(
      "span",
      { class: "file-words" },
      h("span", { class: "file-name" }, file.name),
      h("span", { class: "file-size" }, sizeWords(file.size)),
    ),
    here &&
      h(
        "a",
        {
          class: "button primary",
          href: url.href,
          "data-focus": `file:${file.id}`,
          "data-file": file.mimetype,
          "aria-label": `${isPage ? "Open" : "Download"} ${file.name}`,
          ...(isPage ? { target: "_blank", rel: "noopener" } : { download: file.name }),
        },
        isPage ? "Open" : [icon("download"), "Download"],
      ),
  );
  if (!here || !isText) return card;
  const preview = h(
    "details",
    { class: "file-preview" },
    h("summary", { "data-focus": `preview:${file.id}` }, "Look inside"),
  );
  let filled = null;
  preview.addEventListener("toggle", async () => {
    await (filled ??= fill(preview, url, file));
    if (preview.open) preview.scrollIntoView({ block: "nearest", behavior: motion() });
  });
  return h("div", { class: "file-box" }, card, preview);
}

async function fill(preview, url, file) {
  const answer = await fetch(url).catch(() => null);
  const text = answer?.ok ? await answer.text() : null;
  if (text === null)
    return preview.append(h("p", { class: "muted" }, "The file could not be read."));
  if (!/csv/.test(`${file.mimetype} ${file.name}`))
    return preview.append(h("pre", {}, text.split("\n").slice(0, 12).join("\n")));
  const [head, ...rows] = parseCsv(text.replace(/^\uFEFF/, ""), LINES + 1);
  const cell = (tag, words) =>
    h(
      tag,
      { scope: tag === "th" ? "col" : null },
      words.length > 90 ? `${words.slice(0, 88)}…` : words,
    );
  preview.append(
    h(
      "div",
      {
        class: "table-scroll",
        tabindex: "0",
        role: "region",
        "aria-label": `First lines of ${file.name}`,
      },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            (head || []).map((c) => cell("th", c)),
          ),
        ),
        h(
          "tbody",
          {},
          rows.map((row) =>
            h(
              "tr",
              {},
              row.map((c) => cell("td", c)),
            ),
          ),
        ),
      ),
    ),
  );
}

/** The first `limit` records of a CSV text, quotes and line breaks in cells understood. */
export function parseCsv(text, limit) {
  const rows = [];
  let row = [];
  let cell = "";
  let quoted = false;
  const endCell = () => (row.push(cell), (cell = ""));
  for (let i = 0; i < text.length && rows.length < limit; i += 1) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ",") endCell();
    else if (c === "\n") {
      endCell();
      rows.push(row);
      row = [];
    } else if (c !== "\r") cell += c;
  }
  if ((cell || row.length) && rows.length < limit) rows.push([...row, cell]);
  return rows;
}

function sizeWords(bytes) {
  if (!Number.isFinite(bytes)) return "";
  return bytes < 1024
    ? `${bytes} bytes`
    : bytes < 1048576
      ? `${(bytes / 1024).toFixed(1)} KB`
      : `${(bytes / 1048576).toFixed(1)} MB`;
}
