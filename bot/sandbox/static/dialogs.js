// Dialogs: a question with two answers, and the bot's forms. The dialog element keeps the focus inside and restores it.

import { drawBlocks } from "./blocks.js";
import { missing, readValues, showErrors } from "./controls.js";
import { freshId, h, hidden, icon } from "./dom.js";
import { mrkdwn, plain, plainString } from "./mrkdwn.js";

/** Asks; resolves to true or false. Takes plain strings or a Block Kit confirm object. */
export function ask({ title, text, confirm, deny, style }, ctx) {
  const draw = (t) =>
    typeof t === "string" ? t : t?.type === "mrkdwn" ? mrkdwn(t.text, ctx) : plain(t?.text);
  return new Promise((resolve) => {
    const id = freshId("ask");
    const answer = (value) => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    const no = h(
      "button",
      { type: "button", class: "button", onclick: () => answer(false) },
      draw(deny) || "Cancel",
    );
    const yes = h(
      "button",
      {
        type: "button",
        class: style === "danger" ? "button danger" : "button primary",
        onclick: () => answer(true),
      },
      draw(confirm) || "Yes",
    );
    const dialog = h(
      "dialog",
      { class: "ask", "aria-labelledby": `${id}-title`, "aria-describedby": `${id}-text` },
      h("h2", { id: `${id}-title` }, draw(title) || "Are you sure?"),
      h("div", { id: `${id}-text`, class: "ask-text mrkdwn" }, draw(text)),
      h("div", { class: "dialog-buttons" }, no, yes),
    );
    dialog.addEventListener("cancel", (event) => (event.preventDefault(), answer(false)));
    document.body.append(dialog);
    const back = document.activeElement;
    dialog.addEventListener("close", () => back?.isConnected && back.focus());
    dialog.showModal();
    no.focus();
  });
}

/** The one open form of whoever is acting. */
export class FormDialog {
  /** `ctx`: what blocks.js needs, and `click(where, action)`, `submit(view, values)`, `close(view)`. */
  constructor(ctx) {
    this.ctx = ctx;
    this.id = null;
    this.drawn = "";
    this.dialog = null;
    this.left = null;
  }

  /** Shows `view`, keeps what was typed when it is the one already shown, or closes when it is null. */
  show(view) {
    if (view?.id !== this.left) this.left = null;
    if (!view) return this.hide();
    if (view.id === this.left) return; // closed here, the server has not heard yet
    if (view.id !== this.id) this.open(view);
    const drawn = JSON.stringify([
      view.title,
      view.submit,
      view.close,
      view.blocks,
      this.ctx.namesKey(),
    ]);
    if (drawn !== this.drawn) this.draw(view);
    this.drawn = drawn;
    const errors = JSON.stringify(view.errors || {});
    if (errors !== this.errors && !this.sending) this.fail(view.errors || {});
    this.errors = errors;
  }

  open(view) {
    this.hide();
    this.id = view.id;
    this.drawn = "";
    this.errors = "{}";
    this.back = document.activeElement;
    const id = freshId("form");
    this.title = h("h2", { id: `${id}-title` });
    this.summary = h("p", { class: "form-error", role: "alert" });
    this.body = h("div", { class: "form-body" });
    this.submitButton = h("button", { type: "submit", class: "button primary" });
    this.closeButton = h("button", {
      type: "button",
      class: "button",
      onclick: () => this.leave(),
    });
    const form = h(
      "form",
      { novalidate: true, onsubmit: (event) => (event.preventDefault(), this.submit()) },
      h(
        "div",
        { class: "form-head" },
        this.title,
        h(
          "button",
          { type: "button", class: "tool", onclick: () => this.leave() },
          icon("close"),
          hidden("Close this form"),
        ),
      ),
      this.summary,
      this.body,
      h("div", { class: "dialog-buttons" }, this.closeButton, this.submitButton),
    );
    this.dialog = h("dialog", { class: "form", "aria-labelledby": `${id}-title` }, form);
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.leave();
    });
    document.body.append(this.dialog);
    this.dialog.showModal();
  }

  draw(view) {
    const first = !this.body.hasChildNodes();
    const values = first ? undefined : readValues(this.body);
    const active = document.activeElement?.closest?.("[data-control]")?.dataset;
    const where = { view: view.id };
    const ctx = Object.create(this.ctx, {
      values: { value: values },
      act: {
        value: (action) => this.ctx.click(where, { ...action, values: readValues(this.body) }),
      },
    });
    this.title.replaceChildren(
      plain(typeof view.title === "string" ? view.title : view.title?.text),
    );
    const words = (text, otherwise) =>
      plainString(typeof text === "string" ? text : text?.text) || otherwise;
    const hasFields = (view.blocks || []).some((block) => block.type === "input");
    this.submitButton.textContent = words(view.submit, "Submit");
    this.submitButton.hidden = !view.submit && !hasFields;
    this.closeButton.textContent = words(view.close, view.submit ? "Cancel" : "Close");
    this.body.replaceChildren(drawBlocks(view.blocks, ctx));
    if (first)
      (
        this.body.querySelector("[autofocus]") ||
        this.body.querySelector("input, textarea, select, button") ||
        this.closeButton
      ).focus();
    else if (active) {
      const same = this.body.querySelector(
        `[data-block="${CSS.escape(active.block)}"][data-action="${CSS.escape(active.action)}"]`,
      );
      (same?.matches("fieldset") ? same.querySelector("input") : same)?.focus();
    }
  }

  fail(errors) {
    const rest = showErrors(this.body, errors);
    this.summary.textContent = rest.join(" ");
  }

  async submit() {
    if (this.sending) return;
    const gaps = missing(this.body);
    if (Object.keys(gaps).length) return this.fail(gaps);
    this.sending = true;
    this.submitButton.setAttribute("aria-busy", "true");
    const view = this.id;
    const answer = await this.ctx.submit(view, readValues(this.body));
    this.sending = false;
    this.submitButton.removeAttribute("aria-busy");
    if (view !== this.id) return; // it has closed, or another one has opened
    const state = this.ctx.state();
    const errors = state.view?.id === view ? state.view.errors || {} : {};
    this.errors = JSON.stringify(errors);
    this.fail(errors);
    if (!answer.ok && !Object.keys(errors).length)
      this.summary.textContent = answer.error || "That did not work.";
  }

  async leave() {
    const view = this.id;
    this.left = view;
    this.hide();
    await this.ctx.close(view);
  }

  hide() {
    if (!this.dialog) return;
    this.dialog.close();
    this.dialog.remove();
    this.dialog = null;
    this.id = null;
    if (this.back?.isConnected) this.back.focus();
  }
}
