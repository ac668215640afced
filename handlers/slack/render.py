"""`Message` to Block Kit, `Form` to a view, a submitted view to answers. Pure, and total.

Nothing anybody wrote can ping, link or change how the words around it look:

- Running text (`Paragraph`, `Note`) is mrkdwn with `verbatim`, so Slack looks for no names or
  addresses in it; `markup` escapes it and takes the styling out of what is not ours.
- A `Quote`, somebody's own words, is rich text: literal, so it is exact.
- Headers, buttons, and a form's fields and words are plain_text, in which Slack reads no markup.

Every limit is kept: texts are cut on a word, with `…`; one part makes at most one block, so a
message of 50 parts or fewer loses none. `text` holds the whole message in plain words.
"""

import json
import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import assert_never

from bot.core.model import parts
from bot.core.model.actions import FORMS, Act, Action
from bot.core.model.cutting import cut, size
from bot.core.model.parts import Button, Form, Home, Message, Run
from handlers.shapes import Payload, dicts, inside, items, string
from handlers.slack import controls, markup

MOST_BLOCKS = 50
MOST_CHARACTERS = 13_000
"""All texts of a message together; Slack refuses somewhat more, without saying so in its pages."""
TEXT_LIMIT = 4_000
"""Longest `text`: beyond, Slack breaks a message in two."""
SECTION = 3_000
NOTE = 2_000
HEADER = 150
ALT = 2_000
BLOCK = "\u2587"
LONGEST_BAR = 6
MOST_FIELDS = 100
MOST_RADIO = 10
MOST_BYTES = 240_000
"""Of the blocks of a view as JSON; Slack takes 250,000 for the whole view."""
TITLE = 24
MEMO = 3_000
ERROR = 1_000

_MEMBER = re.compile(r"[UW][A-Z0-9]+", re.ASCII)
"""A member's id; Slack shows no form that names anybody else."""
SHORTEST = 120
"""Characters to which the texts of a message are cut before parts are left out."""


# -- messages ---------------------------------------------------------------------------------


def to_slack(message: Message) -> Payload:
    """The arguments `text` and `blocks` of a message."""
    pieces = message.parts or (parts.Paragraph((Run(message.fallback),)),)
    blocks = _fitting(pieces, _blocks, MOST_BLOCKS, _weight, MOST_CHARACTERS)
    text = {"text": fallback_text(message.fallback)}
    return {**text, "blocks": blocks} if blocks else text


def plain(message: Message) -> Payload:
    """The message without blocks, for servers that would not draw them: whole, unstyled."""
    return {"text": fallback_text(message.fallback), "mrkdwn": False}


def fallback_text(words: str) -> str:
    """Words as the `text` of a message: what notifications and screen readers get."""
    return cut(markup.clean(words), TEXT_LIMIT, markup.escaped) or "…"


def escape(words: str) -> str:
    """Words as mrkdwn that shows them as they are, uncut."""
    return markup.shown(markup.clean(words))


def to_view(form: Form) -> Payload:
    """A form as a modal view."""
    blocks = [block for block in map(_field, form.fields) if block]
    return {
        "type": "modal",
        "callback_id": str(form.about.act),
        "title": controls.plain_text(form.title, TITLE),
        "submit": controls.plain_text(form.submit, TITLE),
        "close": controls.plain_text(form.cancel, TITLE),
        "private_metadata": form.about.value[:MEMO],
        "blocks": blocks[:MOST_FIELDS],
    }


def answers(state: Payload) -> dict[str, str]:
    """What was entered in a view, by field id; what was left empty is the empty string.

    Args:
        state: the view's `state`, or the `values` in it.
    """
    values = inside(state.get("values", state))
    elements = {name: inside(one).values() for name, one in values.items()}
    return {name: _answer(inside(one)) for name, ones in elements.items() for one in ones}


def errors(problems: Mapping[str, str]) -> Payload:
    """The answer to a submitted view that keeps it open, with words beside each field."""
    said = {
        name: controls.plain_text(words.replace("`", ""), ERROR)["text"]
        for name, words in problems.items()
    }
    return {"response_action": "errors", "errors": said}


def to_action(pressed: Payload) -> Action | None:
    """Read what was pressed or chosen; None: no such button is known, and it may be an old one."""
    name = string(pressed.get("action_id")).partition(".")[0]
    value = string((inside(pressed.get("selected_option")) or pressed).get("value"))
    if name == controls.MENU:
        name, _, value = value.partition(" ")
    return Action.read(Act(name), value) if name in set(Act) else None


def to_form(view: Payload, memo: str) -> Action | None:
    """Read what opened a form that was sent, from its *memo*; None: no such form is known."""
    name = string(view.get("callback_id"))
    return Action.read(Act(name), memo) if name in FORMS else None


# -- parts ------------------------------------------------------------------------------------


def _fitting(
    pieces: Sequence[parts.Part],
    draw: Callable[[Sequence[parts.Part], int], list[Payload]],
    most: int,
    weigh: Callable[[list[Payload]], int],
    heaviest: int,
) -> list[Payload]:
    """Blocks within Slack's limits; parts are cut evenly before any is left out."""
    cap, blocks = SECTION, draw(pieces, SECTION)
    while weigh(blocks) > heaviest and cap > SHORTEST:
        cap = cap * 2 // 3
        blocks = draw(pieces, cap)
    if len(blocks) <= most and weigh(blocks) <= heaviest:
        return blocks
    blocks = blocks[: most - 1]
    while weigh(blocks) >= heaviest:
        blocks.pop()
    return [*blocks, _context("…")]


def _blocks(pieces: Iterable[parts.Part], cap: int) -> list[Payload]:
    return [block for piece in pieces if (block := _block(piece, cap))]


def _block(part: parts.Part, cap: int) -> Payload | None:
    """A part as a block with a text of at most *cap* characters; None when there is no text."""
    match part:
        case parts.Header(text=text):
            words = controls.plain_text(text, min(cap, HEADER))
            return {"type": "header", "text": words} if markup.one_line(text) else None
        case parts.Paragraph(runs=runs, beside=beside):
            return _section(markup.mrkdwn(runs, cap), beside)
        case parts.Quote(text=text, runs=runs):
            whole = cut(markup.clean(text).strip(), cap)
            elements = markup.rich_runs(runs) if len(text) <= cap and runs else markup.rich(whole)
            quote = {"type": "rich_text_quote", "elements": elements}
            return {"type": "rich_text", "elements": [quote]} if elements else None
        case parts.Note(runs=runs):
            text = markup.mrkdwn(runs, min(cap, NOTE))
            return _context(text) if text else None
        case parts.Divider():
            return {"type": "divider"}
        case parts.Actions(buttons=buttons):
            return controls.actions(buttons)
        case parts.Entry(instead=runs):
            text = markup.mrkdwn(runs, min(cap, NOTE))
            return _context(text) if text else None
        case parts.Picture():
            return _picture(part)
        case parts.Chart():
            text = _chart(part, min(cap, NOTE))
            return _context(text) if text else None
        case _ as never:
            assert_never(never)


def _section(text: str, beside: Button | parts.Picture | None) -> Payload | None:
    if isinstance(beside, parts.Picture):
        drawn: Payload | None = _picture(beside)
        alone = drawn
    else:
        drawn = controls.drawn_button(beside) if beside else None
        alone = controls.actions([beside] if beside else [])
    return controls.given(type="section", text=_verbatim(text), accessory=drawn) if text else alone


def _picture(picture: parts.Picture) -> Payload:
    """A photo that Slack keeps, as a block or as what stands beside a text."""
    alt = cut(markup.one_line(picture.alt), ALT) or "…"
    return {"type": "image", "slack_file": {"id": picture.file}, "alt_text": alt}


def _context(text: str) -> Payload:
    return {"type": "context", "elements": [_verbatim(text)]}


def _verbatim(text: str) -> Payload:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _chart(chart: parts.Chart, limit: int) -> str:
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
    return markup.mrkdwn(runs, limit) if chart.bars else ""


# -- forms ------------------------------------------------------------------------------------


def _field(field: parts.Field) -> Payload | None:
    match field:
        case parts.TextField():
            element: Payload | None = controls.given(
                type="plain_text_input",
                multiline=field.lines,
                max_length=field.most(SECTION),
                # Not escaped and not cleaned: it comes back as the answer.
                initial_value=field.shown(SECTION),
            )
        case parts.ChoiceField():
            element = controls.options_of(field.choices, field.value)
            few = field.radio and len(element["options"] if element else ()) <= MOST_RADIO
            element = element and {"type": "radio_buttons" if few else "static_select", **element}
        case parts.ChoicesField():
            element = _several(field)
        case parts.DayField() | parts.TimeField():
            kind = "date" if isinstance(field, parts.DayField) else "time"
            element = controls.given(**{"type": f"{kind}picker", f"initial_{kind}": field.value})
        case parts.PeopleField():
            picked = [one for one in field.value.split(",") if _MEMBER.fullmatch(one)]
            element = controls.given(type="multi_users_select", initial_users=picked or None)
        case parts.Actions(buttons=buttons):
            return controls.actions(buttons)
        case parts.Paragraph():
            return _block(field, SECTION)
        case parts.Words(text=text):
            words = cut(markup.clean(text).strip(), SECTION, markup.literal)
            shown = {"type": "plain_text", "text": words, "emoji": True}
            return {"type": "section", "text": shown} if words else None
        case _ as never:
            assert_never(never)
    return element and controls.given(
        type="input",
        block_id=field.id,
        label=controls.plain_text(field.label, 2_000),
        element={"action_id": field.id, **element},
        optional=not field.required,
        hint=controls.plain_text(field.hint, 2_000) if field.hint.strip() else None,
    )


def _several(field: parts.ChoicesField) -> Payload | None:
    options = controls.options_of(field.choices, "")
    chosen = field.value.split(",")
    initial = [one for one in options["options"] if one["value"] in chosen] if options else []
    return options and controls.given(
        type="multi_static_select", initial_options=initial or None, **options
    )


def _answer(element: Payload) -> str:
    chosen = inside(element.get("selected_option")).get("value")
    if people := element.get("selected_users"):
        return ",".join(map(string, items(people)))
    if several := dicts(element.get("selected_options")):
        return ",".join(string(one.get("value")) for one in several)
    named = (element.get(name) for name in ("value", "selected_date", "selected_time"))
    return next(filter(None, map(string, (chosen, *named))), "")


# -- the Home ---------------------------------------------------------------------------------


def to_home(home: Home) -> Payload:
    """The member's desk as the view of their App Home; it remembers which part it shows."""
    return {
        "type": "home",
        "private_metadata": home.place.value[:MEMO],
        "blocks": _fitting(home.parts, _home_blocks, MOST_FIELDS, _bytes, MOST_BYTES),
    }


def _home_blocks(pieces: Iterable[parts.Part], cap: int) -> list[Payload]:
    blocks: list[Payload] = []
    for piece in pieces:
        blocks += _entry(piece) if isinstance(piece, parts.Entry) else _blocks([piece], cap)
    return blocks


def _entry(entry: parts.Entry) -> list[Payload]:
    """Lines to type into, which act on Enter; below them lists, which act at once, and the button.

    Slack keeps what was entered in a field of the same name, so its value is part of its name.
    """
    act, values = entry.button.act, "\n".join(one.value for one in entry.fields)
    number = f"{zlib.crc32(values.encode(errors='replace')):08x}"
    lines, row = [], []
    for field in entry.fields:
        block, ident = _field(field) or {}, f"{act}.{field.id}"
        element = block.get("element", {})
        if isinstance(field, parts.TextField):
            on_enter = {"trigger_actions_on": ["on_enter_pressed"]}
            typed = {**element, "action_id": ident, "dispatch_action_config": on_enter}
            named = {"block_id": f"{field.id}-{number}", "element": typed}
            lines.append({**block, **named, "dispatch_action": True})
        elif element:
            hint = controls.plain_text(field.label, 150)
            row.append({**element, "action_id": ident, "placeholder": hint})
    row += [button] if (button := controls.drawn_button(entry.button)) else []
    lists = {"type": "actions", "block_id": f"lists-{number}", "elements": row}
    return [*lines, lists] if row else lines


def _bytes(blocks: list[Payload]) -> int:
    return len(json.dumps(blocks))


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
