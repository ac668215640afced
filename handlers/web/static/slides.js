// Slides by keys, by themselves, and live. Without this the links do the first of these.
"use strict";
const slides = document.getElementById("slides");
const play = document.getElementById("play");
const full = document.getElementById("full");
let playing = false;
let timer = 0;
let upNext = null; // what came in while it plays is shown next

const total = () => Number(slides.dataset.total);
const first = () => Number(slides.dataset.first);
const current = () => slides.querySelector("article:not([hidden])");
const at = () => first() + [...slides.children].indexOf(current());

function address(start) {
  const query = new URLSearchParams(location.search);
  query.set("start", start);
  return `slides?${query}`;
}

function told() {
  const [now, of] = [at(), current() ? total() : 0];
  slides.parentElement.querySelector("nav").hidden = !of;
  clearTimeout(timer);
  if (!of) return;
  document.getElementById("place").textContent = `${now + 1} of ${of.toLocaleString("en-US")}`;
  document.getElementById("previous").href = address((now - 1 + of) % of);
  document.getElementById("next").href = address((now + 1) % of);
  history.replaceState(null, "", address(now));
  if (playing && !document.hidden) {
    const letters = current().querySelector(".words").textContent.length;
    timer = setTimeout(() => go(upNext ?? now + 1), 6_000 + 60 * letters);
  }
}

// Take in the slides around a place; the idea of this number stays where it stands.
async function load(start, number, again = true) {
  const fresh = (await fetched(address(start)))?.getElementById("slides");
  if (!fresh) return false;
  const shown = current();
  const same = fresh.querySelector(`[data-number="${number}"]`);
  const more = Number(fresh.dataset.total) - total();
  if (number && !same && more > 0 && again) return load(start + more, number, false);
  if (same && same.innerHTML === shown.innerHTML) {
    // What is read is not touched: neither focus nor voice begin anew.
    const all = [...fresh.children];
    for (const one of all) one.hidden = true;
    for (const one of [...slides.children]) if (one !== shown) one.remove();
    shown.before(...all.slice(0, all.indexOf(same)));
    shown.after(...all.slice(all.indexOf(same) + 1));
  } else {
    if (same) for (const one of fresh.children) one.hidden = one !== same;
    slides.replaceChildren(...fresh.childNodes);
  }
  Object.assign(slides.dataset, fresh.dataset);
  if (playing && more > 0) upNext = 0;
  return true;
}

async function go(to) {
  upNext = null;
  const wanted = (to + total()) % total();
  const slide = slides.children[wanted - first()];
  if (slide) {
    current().hidden = true;
    slide.hidden = false;
  } else if (!(await load(wanted))) return told();
  scrollTo(0, 0);
  told();
}

function byHand(to) {
  if (!total()) return;
  setPlaying(false);
  go(to);
}

function setPlaying(now) {
  playing = now;
  play.textContent = now ? "Pause" : "Play";
  slides.setAttribute("aria-live", now ? "off" : "polite");
  told();
}

// A slide that is taller than the screen is read to its end first.
function goesOn(down) {
  const { scrollHeight } = document.documentElement;
  return down ? scrollY + innerHeight < scrollHeight - 2 : scrollY > 2;
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const space = event.key === " ";
  if (space && event.target.closest("button")) return;
  const steps = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
  const step = space ? (event.shiftKey ? -1 : 1) : steps[event.key];
  if (step && !event.key.startsWith("Arrow") && goesOn(step > 0)) return;
  const to = step ? at() + step : { Home: 0, End: total() - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  byHand(to);
});
for (const [id, step] of [["previous", -1], ["next", 1]]) {
  document.getElementById(id).addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    byHand(at() + step);
  });
}
play.addEventListener("click", () => setPlaying(!playing));
document.addEventListener("visibilitychange", told);
full.addEventListener("click", () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
});
document.addEventListener("fullscreenchange", () => {
  full.textContent = document.fullscreenElement ? "Leave full screen" : "Full screen";
});
play.hidden = false;
full.hidden = !document.fullscreenEnabled;
setPlaying(false);
live(async () => {
  const done = await load(Math.max(at(), 0), current()?.dataset.number ?? 0);
  told();
  return done;
});
