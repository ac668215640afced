// Search as you type, lists that act when chosen, and what is new. Without this the form does the
// first two.
"use strict";
const form = document.getElementById("find");
const results = document.getElementById("results");
const news = document.getElementById("news");
let asked = null;
let later = 0;

async function show() {
  const given = [...new FormData(form)].filter(([, value]) => value !== "");
  const address = `./?${new URLSearchParams(given)}`;
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(address, { signal: asked.signal });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["about", "results"]) {
      const now = document.getElementById(id);
      const then = page.getElementById(id);
      if (now && then) now.replaceChildren(...then.childNodes);
    }
    news.replaceChildren();
    history.replaceState(null, "", address);
  } catch {
    // A later word overtook this one, or the network is away: what is shown stays.
  }
}

form.addEventListener("input", ({ target }) => {
  clearTimeout(later);
  if (target.name === "q" && /(^|\s)[a-z]$/i.test(target.value)) return; // a word is to come
  later = setTimeout(show, 120);
});

// Whether what comes in would stand here, at the top.
function isNewest() {
  const query = new URLSearchParams(location.search);
  const narrowed = ["q", "part", "tag", "author", "start"].some((name) => query.get(name));
  return !narrowed && (query.get("sort") || "newest") === "newest";
}

// Nothing moves under a reader: a line says that there is more, and they say when.
function offer() {
  if (!isNewest() || news.firstChild) return;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "New ideas: show them";
  button.addEventListener("click", async () => {
    await show();
    results.focus({ preventScroll: true });
    results.scrollIntoView();
  });
  news.append(button);
}

// What was edited or taken back stands here no longer, and leaves its place as it was.
async function mend() {
  const page = await fetched(location.href);
  if (!page) return false;
  const fresh = new Map();
  for (const one of page.querySelectorAll("[data-number]")) fresh.set(one.dataset.number, one);
  const cards = [...results.querySelectorAll("[data-number]")];
  for (const card of cards) {
    const { number } = card.dataset;
    const then = fresh.get(number);
    if (then?.innerHTML === card.innerHTML) continue;
    if (!then) {
      const answer = await fetch(number, { method: "HEAD" }).catch(() => null);
      if (answer?.ok) continue; // it stands elsewhere now
      if (answer?.status !== 404) return false;
    }
    if (card.contains(document.activeElement)) results.focus({ preventScroll: true });
    if (then) card.replaceChildren(...then.cloneNode(true).childNodes);
    else card.firstElementChild.textContent = "This idea was taken back.";
  }
  const [newest] = fresh.keys();
  if (newest && !cards.some((card) => card.dataset.number === newest)) offer();
  return true;
}

live(async (altered) => (altered ? mend() : (offer(), true)));
