// Search as you type, and lists that act when chosen. Without this the form does the same.
"use strict";
const form = document.getElementById("find");
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
    history.replaceState(null, "", address);
  } catch {
    // A later word overtook this one, or the network is away: what is shown stays.
  }
}

form.addEventListener("input", () => {
  clearTimeout(later);
  later = setTimeout(show, 120);
});
