"""`Message` to Block Kit, `Form` to a view, a submitted view to answers. Pure, and total.

Nothing anybody wrote can ping, link or change how the words around it look:

- Running text (`Paragraph`, `Note`) is mrkdwn with `verbatim`, so Slack looks for no names or
  addresses in it; `markup` escapes it and takes the styling out of what is not ours.
- A `Quote`, somebody's own words, is rich text: literal, so it is exact.
- Headers, buttons and everything in a form are plain_text, in which Slack reads no markup.

Every limit is kept: texts are cut on a word, with `…`; one part makes at most one block, so a
message of 50 parts or fewer loses none. `text` holds the whole message in plain words.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, assert_never

from bot.core.model.actions import Act
from bot.core.model.parts import (
    Actions,
    Button,
    Chart,
    ChoiceField,
    Confirm,
    DayField,
    Divider,
    Field,
    Form,
    Header,
    Message,
    Note,
    Paragraph,
    Part,
    Quote,
    Run,
    Select,
    TextField,
    TimeField,
    Words,
)
from handlers.slack.markup import (
    Payload,
    address_of,
    clean,
    cut,
    escaped,
    literal,
    mrkdwn,
    one_line,
    rich,
    shown,
    size,
)

MOST_BLOCKS = 50
MOST_CHARACTERS = 13_000
"""All texts of a message together; Slack refuses somewhat more, without saying so in its pages."""
TEXT_LIMIT = 4_000
"""Longest `text`: beyond, Slack breaks a message in two."""
SECTION = 3_000
NOTE = 2_000
HEADER = 150
MOST_BUTTONS = 25
OPTION_VALUE = 150
BLOCK = "\u2587"
LONGEST_BAR = 6
BUTTON = 75
BUTTON_VALUE = 2_000
MOST_FIELDS = 100
MOST_CHOICES = 100
MOST_RADIO = 10
TITLE = 24
MEMO = 3_000
ERROR = 1_000

# Tried from left to right until a message fits: the longest text that a part may have.
_CAPS = (SECTION, 2_000, 1_200, 800, 500, 300, 200, 120)


# -- messages ---------------------------------------------------------------------------------


def to_slack(message: Message) -> Payload:
    """The arguments `text` and `blocks` of a message."""
    parts = message.parts or (Paragraph((Run(message.fallback),)),)
    blocks = _fitting(parts)
    text = {"text": fallback_text(message.fallback)}
    return {**text, "blocks": blocks} if blocks else text


def plain(message: Message) -> Payload:
    """The message without blocks, for servers that would not draw them: whole, unstyled."""
    return {"text": fallback_text(message.fallback), "mrkdwn": False}


def fallback_text(words: str) -> str:
    """Words as the `text` of a message: what notifications and screen readers get."""
    return escaped(cut(clean(words), TEXT_LIMIT, escaped)) or "…"


def escape(words: str) -> str:
    """Words as mrkdwn that shows them as they are, uncut."""
    return shown(clean(words))


def to_view(form: Form) -> Payload:
    """A form as a modal view."""
    blocks = [block for block in map(_field, form.fields) if block]
    return {
        "type": "modal",
        "callback_id": str(form.about.act),
        "title": _plain_text(form.title, TITLE),
        "submit": _plain_text(form.submit, TITLE),
        "close": _plain_text(form.cancel, TITLE),
        "private_metadata": form.about.value[:MEMO],
        "blocks": blocks[:MOST_FIELDS],
    }


def answers(state: Mapping[str, Any]) -> dict[str, str]:
    """What was entered in a view, by field id; what was left empty is the empty string.

    Args:
        state: the view's `state`, or the `values` in it.
    """
    values = state.get("values", state)
    found: dict[str, str] = {}
    for name, elements in (values if isinstance(values, Mapping) else {}).items():
        for element in (elements if isinstance(elements, Mapping) else {}).values():
            found[str(name)] = _answer(element)
    return found


def errors(problems: Mapping[str, str]) -> Payload:
    """The answer to a submitted view that keeps it open, with words beside each field."""
    said = {
        name: literal(cut(one_line(words.replace("`", "")), ERROR, literal)) or "…"
        for name, words in problems.items()
    }
    return {"response_action": "errors", "errors": said}


def action_id(act: Act, place: int = 0) -> str:
    """The id of the button at *place* among those of one block with the same act."""
    return f"{act}.{place}" if place else str(act)


def action_pattern(act: Act) -> re.Pattern[str]:
    """What the ids of all buttons with this act look like, for a listener."""
    return re.compile(rf"\A{re.escape(act)}(?:\.\d+)?\Z")


# -- parts ------------------------------------------------------------------------------------


def _fitting(parts: Iterable[Part]) -> list[Payload]:
    """Blocks within Slack's limits; parts are cut evenly before any is left out."""
    parts = tuple(parts)
    blocks: list[Payload] = []
    for cap in _CAPS:
        blocks = [block for part in parts if (block := _block(part, cap))]
        if sum(map(_weight, blocks)) <= MOST_CHARACTERS:
            break
    more = _context("…")
    if len(blocks) > MOST_BLOCKS:
        blocks = [*blocks[: MOST_BLOCKS - 1], more]
    while sum(map(_weight, blocks)) > MOST_CHARACTERS:
        blocks = [*blocks[:-2], more] if blocks[-1] == more else [*blocks[:-1], more]
    return blocks


def _block(part: Part, cap: int) -> Payload | None:
    """A part as a block with a text of at most *cap* characters; None when there is no text."""
    match part:
        case Header(text=text):
            words = _plain_text(text, min(cap, HEADER))
            return {"type": "header", "text": words} if one_line(text) else None
        case Paragraph(runs=runs, button=button):
            text = mrkdwn(runs, min(cap, SECTION))
            drawn = _button(button) if button else None
            if not text:
                return {"type": "actions", "elements": [drawn]} if drawn else None
            block = {"type": "section", "text": _verbatim(text)}
            return {**block, "accessory": drawn} if drawn else block
        case Quote(text=text):
            elements = rich(cut(clean(text).strip(), min(cap, SECTION)))
            quote = {"type": "rich_text_quote", "elements": elements}
            return {"type": "rich_text", "elements": [quote]} if elements else None
        case Note(runs=runs):
            text = mrkdwn(runs, min(cap, NOTE))
            return _context(text) if text else None
        case Divider():
            return {"type": "divider"}
        case Actions(buttons=buttons):
            drawn_ones = _buttons(buttons)
            return {"type": "actions", "elements": drawn_ones} if drawn_ones else None
        case Chart():
            text = _chart(part, min(cap, SECTION))
            return _context(text) if text else None
        case _ as never:
            assert_never(never)


def _context(text: str) -> Payload:
    return {"type": "context", "elements": [_verbatim(text)]}


def _verbatim(text: str) -> Payload:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _plain_text(words: str, limit: int) -> Payload:
    text = cut(one_line(words), limit, literal)
    return {"type": "plain_text", "text": literal(text) or "…", "emoji": True}


def _chart(chart: Chart, limit: int) -> str:
    """Bars of blocks, the longest of the same length whatever the numbers are."""
    most = max((bar.count for bar in chart.bars), default=0)
    runs = [Run(chart.title, bold=True)]
    for bar in chart.bars:
        blocks = max(1, round(LONGEST_BAR * bar.count / most)) if bar.count > 0 else 0
        runs += [
            Run(f"\n{BLOCK * blocks} "),
            Run(f"{bar.count:,}", bold=True),
            Run(f" {bar.label}"),
        ]
    return mrkdwn(runs, limit) if chart.bars else ""


def _select(select: Select, place: int = 0) -> Payload | None:
    options = {
        choice.value: {"text": _plain_text(choice.label, 75), "value": choice.value}
        for choice in select.choices
        if 0 < size(choice.value) <= OPTION_VALUE
    }
    if not options:
        return None
    element: Payload = {
        "type": "static_select",
        "action_id": action_id(select.act, place),
        "placeholder": _plain_text(select.hint, 150),
        "options": list(options.values())[:MOST_CHOICES],
    }
    if options.get(select.value) in element["options"]:
        element["initial_option"] = options[select.value]
    return element


def _buttons(buttons: Iterable[Button | Select]) -> list[Payload]:
    drawn: list[Payload] = []
    seen: dict[Act, int] = {}
    for button in buttons:
        place = seen.get(button.act, 0)
        element = _select(button, place) if isinstance(button, Select) else _button(button, place)
        if element and len(drawn) < MOST_BUTTONS:
            seen[button.act] = seen.get(button.act, 0) + 1
            drawn.append(element)
    return drawn


def _button(button: Button, place: int = 0) -> Payload | None:
    """None for a button that could not do what it says: half a value, or no web address."""
    address = address_of(button.url)
    if size(button.action.value) > BUTTON_VALUE or (button.url and not address.startswith("http")):
        return None
    element: Payload = {
        "type": "button",
        "action_id": action_id(button.act, place),
        "text": _plain_text(button.text, BUTTON),
    }
    if button.action.value:
        element["value"] = button.action.value
    if address:
        element["url"] = address
    if button.primary or button.danger:
        element["style"] = "danger" if button.danger else "primary"
    if button.confirm:
        element["confirm"] = _confirm(button.confirm, danger=button.danger)
    return element


def _confirm(confirm: Confirm, *, danger: bool) -> Payload:
    asked: Payload = {
        "title": _plain_text(confirm.title, 100),
        "text": _plain_text(confirm.text, 300),
        "confirm": _plain_text(confirm.yes, 30),
        "deny": _plain_text(confirm.no, 30),
    }
    return {**asked, "style": "danger"} if danger else asked


# -- forms ------------------------------------------------------------------------------------


def _field(field: Field) -> Payload | None:
    match field:
        case TextField():
            limit = min(field.limit or SECTION, SECTION)
            element: Payload = {
                "type": "plain_text_input",
                "action_id": field.id,
                "multiline": field.lines,
                "max_length": limit,
            }
            # Not escaped and not cleaned: it comes back as the answer.
            if field.value:
                element["initial_value"] = cut(field.value, limit)
            return _input(field, element)
        case ChoiceField():
            return _input(field, chooser) if (chooser := _chooser(field)) else None
        case DayField():
            return _input(field, _picker(field, "datepicker", "initial_date"))
        case TimeField():
            return _input(field, _picker(field, "timepicker", "initial_time"))
        case Actions(buttons=buttons):
            drawn = _buttons(buttons)
            return {"type": "actions", "elements": drawn} if drawn else None
        case Words(text=text):
            words = literal(cut(clean(text).strip(), SECTION, literal))
            shown = {"type": "plain_text", "text": words, "emoji": True}
            return {"type": "section", "text": shown} if words else None
        case _ as never:
            assert_never(never)


def _picker(field: DayField | TimeField, kind: str, initial: str) -> Payload:
    element = {"type": kind, "action_id": field.id}
    return {**element, initial: field.value} if field.value else element


def _input(field: TextField | ChoiceField | DayField | TimeField, element: Payload) -> Payload:
    block: Payload = {
        "type": "input",
        "block_id": field.id,
        "label": _plain_text(field.label, 2_000),
        "element": element,
        "optional": not field.required,
    }
    return {**block, "hint": _plain_text(field.hint, 2_000)} if field.hint.strip() else block


def _chooser(field: ChoiceField) -> Payload | None:
    options = {
        choice.value: {"text": _plain_text(choice.label, 75), "value": choice.value}
        for choice in field.choices
        if 0 < size(choice.value) <= 150
    }
    few = field.radio and len(options) <= MOST_RADIO
    if not options:
        return None
    element: Payload = {
        "type": "radio_buttons" if few else "static_select",
        "action_id": field.id,
        "options": list(options.values())[:MOST_CHOICES],
    }
    if options.get(field.value) in element["options"]:
        element["initial_option"] = options[field.value]
    return element


def _answer(element: object) -> str:
    if not isinstance(element, Mapping):
        return ""
    chosen = element.get("selected_option")
    if isinstance(chosen, Mapping):
        return str(chosen.get("value") or "")
    picked = (element.get(name) for name in ("value", "selected_date", "selected_time"))
    return next((value for value in picked if isinstance(value, str)), "")


def _weight(block: object) -> int:
    """How many characters a reader gets to see in a block, and in its addresses."""
    if isinstance(block, Mapping):
        return sum(
            size(value)
            if name in {"text", "url", "name"} and isinstance(value, str)
            else _weight(value)
            for name, value in block.items()
        )
    return sum(map(_weight, block)) if isinstance(block, list) else 0
