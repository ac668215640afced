// Hears that the page would show something else now. Only while somebody looks at it.
"use strict";

// The page at an address; null: not now. If it is shared no more, that takes this page's place.
async function fetched(address) {
  try {
    const answer = await fetch(address);
    if (answer.status === 404) location.reload();
    if (!answer.ok) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null;
  }
}

// Calls `changed` whenever something came in; with true: or what is shown was altered, or taken
// back. It returns whether it could do what is to be done; if not, it is called again later.
// Every wait is of a random length: all pages that are open hear of a change at the same time.
function live(changed) {
  let source = null;
  let known = null;
  let altered = false;
  let telling = 0;
  let opening = 0;
  const after = (least, most, work) => setTimeout(work, least + Math.random() * (most - least));

  async function tell() {
    const was = altered;
    altered = false;
    if (await changed(was)) return;
    altered ||= was;
    clearTimeout(telling);
    telling = after(5_000, 15_000, tell);
  }

  function hear(version) {
    const before = known;
    known = version;
    if (before === null && performance.now() < 5_000) return; // the page is as new as that
    if (before === version) return;
    altered ||= before === null || before.split(".")[1] !== version.split(".")[1];
    clearTimeout(telling);
    telling = after(0, 2_000, tell);
  }

  function close() {
    clearTimeout(opening);
    source?.close();
    source = null;
  }

  function open() {
    close();
    if (document.hidden) return;
    source = new EventSource("live");
    source.onmessage = (event) => hear(event.data);
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      close();
      opening = after(1_000, 4_000, async () => {
        await fetched(location.href);
        opening = after(30_000, 60_000, open);
      });
    };
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  open();
}
