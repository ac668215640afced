// The Home of the app: drawn from the view that it published, and pressed in place.

import { drawBlocks } from "./blocks.js";
import { readValues } from "./controls.js";
import { h } from "./dom.js";

/** The Home of whoever is acting. `ctx`: what blocks.js needs, and `click(where, action)`. */
export class HomeView {
  constructor(root, ctx) {
    this.root = root;
    this.ctx = ctx;
    this.drawn = "";
  }

  /** Shows a Home: `{id, blocks}`, or one without an id while the app has not drawn it yet. */
  show(home) {
    const drawn = JSON.stringify([home, this.ctx.me, this.ctx.namesKey()]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    if (!home.id) {
      this.root.replaceChildren(h("p", { class: "log-empty" }, "The bot draws your Home …"));
      return;
    }
    const active = document.activeElement;
    const inside = this.root.contains(active);
    const focus = inside && active.closest("[data-focus]")?.dataset.focus;
    const control = inside && active.closest("[data-control]")?.dataset.action;
    const ctx = Object.create(this.ctx, {
      act: {
        value: (action) =>
          this.ctx.click({ view: home.id }, { ...action, values: readValues(this.root) }),
      },
    });
    this.root.replaceChildren(drawBlocks(home.blocks, ctx));
    if (!inside) return;
    const same =
      (focus && this.root.querySelector(`[data-focus="${CSS.escape(focus)}"]`)) ||
      (control && this.root.querySelector(`[data-action="${CSS.escape(control)}"]`));
    if (same) return same.focus({ preventScroll: true });
    const head = this.root.querySelector("h3") || this.root;
    head.tabIndex = -1;
    head.focus();
  }
}
