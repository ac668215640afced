// Talks to the server: what the acting member sees, news of changes, and what that member does.

const PATIENCE = 4000; // milliseconds between attempts when the server is gone

/** The line to the server. `onState(state)` hears each new state, `onOffline(bool)` whether it answers. */
export class Server {
  constructor({ me, onState, onOffline }) {
    this.me = me; // who is acting; null: whoever the server names first
    this.state = null;
    this.onState = onState;
    this.onOffline = onOffline;
    this.fetching = null;
    this.again = false;
    this.live = null;
    this.gone = false;
  }

  /** Fetches the state; calls that come while one is under way are answered by one more fetch. */
  refresh() {
    this.again = true;
    this.fetching ??= this.fetchAll().finally(() => (this.fetching = null));
    return this.fetching;
  }

  async fetchAll() {
    while (this.again) {
      this.again = false;
      const asked = this.me;
      const query = asked ? `?as=${encodeURIComponent(asked)}` : "";
      const answer = await fetch(`/sandbox/state${query}`).catch(() => null);
      if (answer?.ok) {
        const state = await answer.json();
        if (asked === this.me) this.accept(state);
        else this.again = true; // somebody else is acting by now
      } else if (asked && answer?.status === 404) {
        this.me = null; // that member is not here any more
        this.again = true;
      } else this.offline(true);
    }
  }

  accept(state) {
    this.offline(false);
    this.state = state;
    this.me = state.me;
    this.listen();
    this.onState(state);
  }

  listen() {
    if (this.live?.as === this.me && this.live.readyState !== EventSource.CLOSED) return;
    this.live?.close();
    const live = new EventSource(`/sandbox/live?as=${encodeURIComponent(this.me)}`);
    live.as = this.me;
    live.addEventListener("message", (event) => {
      if (JSON.parse(event.data).version !== this.state.version) this.refresh();
    });
    live.addEventListener("error", () => this.offline(true));
    live.addEventListener("open", () => this.gone && this.refresh()); // all may be different by now
    this.live = live;
  }

  offline(gone) {
    clearTimeout(this.timer);
    if (gone) this.timer = setTimeout(() => this.refresh(), PATIENCE);
    if (gone !== this.gone) this.onOffline(gone);
    this.gone = gone;
  }

  /** Who is acting; what is done before the page knows waits until it does. */
  async acting() {
    if (!this.me) await this.refresh();
    return this.me;
  }

  /** Does something as the acting member; resolves to {ok, error?, …} once the new state is drawn. */
  async act(verb, fields = {}) {
    const body = JSON.stringify({ as: await this.acting(), do: verb, ...fields });
    const answer = await this.send("/sandbox/act", body, "application/json");
    await this.refresh();
    return answer;
  }

  /** Puts a file there for a message of the acting member's to share; resolves to {ok, file?, error?}. */
  async attach(file) {
    const query = new URLSearchParams({ as: await this.acting(), name: file.name });
    return this.send(`/sandbox/file?${query}`, file, file.type || "application/octet-stream");
  }

  send(path, body, type) {
    return fetch(path, { method: "POST", headers: { "Content-Type": type }, body })
      .then((got) => got.json())
      .catch(() => ({ ok: false, error: "The practice room did not answer. Please try again." }));
  }
}
