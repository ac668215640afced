// Controls that a person fills in, drawn from Block Kit, and read back as Slack's state values.

import { freshId, h, hidden, icon, say } from "./dom.js";
import { plainString, unescape } from "./mrkdwn.js";
import { drawText } from "./parts.js";

const READERS = new WeakMap(); // control -> () => its part of view.state.values

/** Remembers how the control of a block is read. */
export function register(node, el, block, read) {
  node.dataset.block = block.block_id ?? "";
  node.dataset.action = el.action_id ?? "";
  node.dataset.control = el.type;
  READERS.set(node, read);
  return node;
}

/** One control: its node, and how to read it. `kept` is what was typed before a redraw. */
export function drawControl(el, id, kept, ctx, label) {
  switch (el.type) {
    case "plain_text_input":
      return drawTyped(el, id, kept, el.multiline ? "area" : "text");
    case "datepicker":
      return drawMoment(el, id, kept, "date", "selected_date");
    case "timepicker":
      return drawMoment(el, id, kept, "time", "selected_time");
    case "static_select":
      return drawSelect(el, id, kept);
    case "multi_users_select":
      return drawPeople(el, id, kept, ctx, label);
    case "checkboxes":
    case "multi_static_select":
      return drawChoices(el, id, kept, "checkbox", ctx, label);
    case "radio_buttons":
      return drawChoices(el, id, kept, "radio", ctx, label);
  }
}

function drawTyped(el, id, kept, kind) {
  const props = {
    id,
    class: "field-input",
    placeholder: el.placeholder && plainString(el.placeholder.text),
    maxlength: el.max_length,
    value: (kept ? kept.value : el.initial_value) ?? "",
    autofocus: el.focus_on_load,
  };
  const input =
    kind === "area"
      ? h("textarea", { rows: 4, ...props })
      : h("input", { type: kind, ...props });
  return {
    node: input,
    read: () => ({ type: el.type, value: input.value === "" ? null : input.value }),
  };
}

function drawMoment(el, id, kept, kind, key) {
  const input = h("input", {
    id,
    class: "field-input",
    type: kind,
    value: (kept ? kept[key] : el[`initial_${kind}`]) ?? "",
  });
  return { node: input, read: () => ({ type: el.type, [key]: input.value || null }) };
}

function drawSelect(el, id, kept) {
  const options = [];
  const at = (kept ? kept.selected_option : el.initial_option)?.value;
  const one = (option) => {
    options.push(option);
    const node = h("option", { value: String(options.length - 1) }, plainString(option.text.text));
    if (option.value === at) node.selected = true;
    return node;
  };
  const select = h(
    "select",
    { id, class: "field-input" },
    h("option", { value: "" }, plainString(el.placeholder?.text) || "Choose…"),
  );
  for (const option of el.options || []) select.append(one(option));
  for (const group of el.option_groups || [])
    select.append(h("optgroup", { label: plainString(group.label.text) }, group.options.map(one)));
  return {
    node: select,
    read: () => ({
      type: el.type,
      selected_option: select.value === "" ? null : options[Number(select.value)],
    }),
  };
}

function drawChoices(el, id, kept, kind, ctx, label) {
  const many = kind === "checkbox";
  const start = many
    ? (kept ? kept.selected_options : el.initial_options) || []
    : [kept ? kept.selected_option : el.initial_option];
  const values = new Set(start.filter(Boolean).map((option) => option.value));
  const options = el.options || (el.option_groups || []).flatMap((group) => group.options);
  const boxes = options.map((option) => {
    const box = h("input", { type: kind, name: id, checked: values.has(option.value) });
    const words = h("span", { class: "choice-words" }, h("span", {}, drawText(option.text, ctx)));
    if (option.description)
      words.append(h("span", { class: "choice-more" }, drawText(option.description, ctx)));
    return { option, box, row: h("label", { class: "choice" }, box, words) };
  });
  const node = h(
    "fieldset",
    { id, class: "choices" },
    h("legend", { class: "sr-only" }, label),
    boxes.map((b) => b.row),
  );
  const picked = () => boxes.filter((b) => b.box.checked).map((b) => b.option);
  const read = () =>
    many
      ? { type: el.type, selected_options: picked() }
      : { type: el.type, selected_option: picked()[0] || null };
  return { node, read };
}

/** Members to pick by name: those picked stand above the field, each with a button that takes them out. */
function drawPeople(el, id, kept, ctx, label) {
  const picked = [...((kept ? kept.selected_users : el.initial_users) || [])];
  const people = ctx.everybody();
  const nameOf = (user) => people.find((each) => each.id === user)?.name || user;
  const list = h("ul", { class: "picked", "aria-label": `${label}: picked` });
  const box = h("input", {
    id,
    class: "field-input",
    list: `${id}-people`,
    autocomplete: "off",
    placeholder: plainString(el.placeholder?.text) || "Type a name",
  });
  const offered = h("datalist", { id: `${id}-people` });
  const node = h("div", { class: "people" }, list, box, offered);
  const draw = () => {
    list.hidden = !picked.length;
    list.replaceChildren(
      ...picked.map((user) =>
        h(
          "li",
          {},
          h("span", {}, nameOf(user)),
          h(
            "button",
            { type: "button", class: "tool", onclick: () => drop(user) },
            icon("close"),
            hidden(`Take ${nameOf(user)} out`),
          ),
        ),
      ),
    );
    offered.replaceChildren(
      ...people
        .filter((each) => !picked.includes(each.id))
        .map((each) => h("option", { value: each.name })),
    );
  };
  const drop = (user) => {
    picked.splice(picked.indexOf(user), 1);
    draw();
    box.focus();
  };
  const take = () => {
    const typed = box.value.trim().toLowerCase();
    const found = people.find((each) => each.name.toLowerCase() === typed);
    if (!found || picked.includes(found.id)) return false;
    picked.push(found.id);
    box.value = "";
    draw();
    say(`${found.name} is picked.`);
    return true;
  };
  box.addEventListener("input", (event) => event.inputType !== "insertText" && take());
  box.addEventListener("change", take);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && !box.value && picked.length) drop(picked.at(-1));
  });
  draw();
  return { node, read: () => (take(), { type: el.type, selected_users: [...picked] }) };
}

/** What the server hears as `selected`: an option, a list of options, or a string. */
export function chosen(type, state) {
  const { type: _, ...rest } = state;
  return Object.values(rest)[0];
}

/** All controls under `root` as Slack's view.state.values. */
export function readValues(root) {
  const values = {};
  for (const node of root.querySelectorAll("[data-control]")) {
    (values[node.dataset.block] ??= {})[node.dataset.action] = READERS.get(node)();
  }
  return values;
}

/** What is missing in required fields: {block_id: sentence}. */
export function missing(root) {
  const errors = {};
  for (const field of root.querySelectorAll("[data-field]")) {
    const control = field.querySelector("[data-control]");
    const { type: _, ...rest } = READERS.get(control)();
    const value = Object.values(rest)[0];
    const empty =
      value === null ||
      (Array.isArray(value) ? !value.length : typeof value === "string" && !value.trim());
    if (empty && field.dataset.optional === "no")
      errors[field.dataset.field] = "Please fill this in.";
  }
  return errors;
}

/** Shows errors at their fields; those of blocks that are no fields come back as a list of sentences. */
export function showErrors(root, errors) {
  const rest = { ...errors };
  let first = null;
  for (const field of root.querySelectorAll("[data-field]")) {
    const words = rest[field.dataset.field];
    delete rest[field.dataset.field];
    const control = field.querySelector("[data-control]");
    const line = field.querySelector(".field-error");
    line.hidden = !words;
    line.textContent = words ? unescape(words) : "";
    field.classList.toggle("has-error", Boolean(words));
    if (words) {
      control.setAttribute("aria-invalid", "true");
      first = first || (control.matches("fieldset, div") ? control.querySelector("input") : control);
    } else control.removeAttribute("aria-invalid");
  }
  first?.focus();
  return Object.values(rest);
}
