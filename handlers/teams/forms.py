"""`Form` to a dialog, and what a dialog is answered with. Pure, and total.

Teams shows no error that a server found: where one was found, the form is drawn again, with what
was entered and with words beside each field. What may be entered stays as it was, letter by letter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, assert_never

from bot.core.model import parts
from bot.core.model.cutting import size
from bot.core.model.parts import Form, Message, Run
from bot.core.model.posts import NOTHING
from handlers.shapes import Payload
from handlers.teams import cards, inputs, presses, words
from handlers.teams.attachments import CARD
from handlers.teams.vocabulary import NAME

TITLE: Final = 64
ERROR: Final = 1_000
TALL: Final = 5
"""Fields from which on a dialog is a tall one."""
PEOPLE: Final[Payload] = {
    "type": "Input.ChoiceSet",
    "choices": [],
    "choices.data": {"type": "Data.Query", "dataset": "graph.microsoft.com/users"},
    "isMultiSelect": True,
}
"""Teams offers whoever is in the organization; it answers with their ids, a comma between."""
MISSING: Final = "Please fill this in."


def to_dialog(form: Form, problems: Mapping[str, str] = NOTHING) -> Payload:
    """Return a form as what Teams calls a task: the answer that opens a dialog, or redraws it.

    Args:
        problems: what is wrong and how to put it right, by field.
    """
    send = {"type": "Action.Submit", **_send(form), "style": "positive"}
    fields = fields_of(form)
    return _dialog(form.title, _body(form, problems), [send], tall=len(fields) >= TALL)


def to_card(form: Form, problems: Mapping[str, str] = NOTHING) -> Payload:
    """Return a form as a card that stands in a chat: for whoever typed, and opened no dialog."""
    send = cards.acting(form.about.act, "", {}) | _send(form) | {"style": "positive"}
    body = [
        *cards.header(form.title),
        *_body(form, problems, inside=False),
        {"type": "ActionSet", "actions": [send]},
    ]
    return cards.whole_card(body, form.title)


def to_activity(form: Form, problems: Mapping[str, str] = NOTHING) -> Payload:
    """Return a form as a message with such a card."""
    return cards.posted(to_card(form, problems), form.title)


def fields_of(form: Form) -> list[str]:
    """Return the fields of a form that can be filled in."""
    return [
        one.id
        for one in form.fields
        if not isinstance(one, parts.Words | parts.Paragraph | parts.Actions)
    ]


def _send(form: Form) -> Payload:
    data = presses.of_form(form.about, fields_of(form))
    return {"title": words.label(form.submit, cards.BUTTON), "data": data}


def _body(form: Form, problems: Mapping[str, str], *, inside: bool = True) -> list[Payload]:
    """The fields of a form. *inside*: of a dialog, in which every button sends."""
    body = _others(problems, fields_of(form))
    for field in form.fields:
        body += _field(field, problems, inside=inside)
    return body or words.lines([Run("…")], 1)


def told(message: Message) -> Payload:
    """Return a message as a dialog, for where a form was expected."""
    return _dialog(NAME, _sending(cards.to_card(message)["body"]), [], tall=False)


def closed(said: str = "") -> Payload | None:
    """Return the answer that closes a dialog, with a few words or without any."""
    if not said:
        return None
    return {"task": {"type": "message", "value": cards.fallback_text(said)}}


def filled(form: Form, entered: Mapping[str, str]) -> Form:
    """Return a form with what was entered in it; a field that was not there keeps its value."""
    return replace(form, fields=tuple(_filled(field, entered) for field in form.fields))


def _filled(field: parts.Field, entered: Mapping[str, str]) -> parts.Field:
    if isinstance(field, parts.Words | parts.Paragraph | parts.Actions) or field.id not in entered:
        return field
    return replace(field, value=entered[field.id])


def _dialog(title: str, body: list[Payload], actions: list[Payload], *, tall: bool) -> Payload:
    card = {
        "type": "AdaptiveCard",
        "version": cards.VERSION,
        "body": body,
        "actions": actions,
    }
    value = {
        "title": words.label(title, TITLE),
        "width": "medium",
        "height": "large" if tall else "medium",
        "card": {"contentType": CARD, "content": card},
    }
    return {"task": {"type": "continue", "value": value}}


def _sending(drawn: Any) -> Any:
    """The elements of a card as a dialog has them, in which every button sends."""
    if isinstance(drawn, list):
        return [_sending(one) for one in drawn]
    if not isinstance(drawn, dict):
        return drawn
    made = {name: _sending(value) for name, value in drawn.items() if name != "msteams"}
    if made.get("type") == "Action.Execute":
        made = {**made, "type": "Action.Submit"}
        del made["verb"]
    return made


def _field(field: parts.Field, problems: Mapping[str, str], *, inside: bool) -> list[Payload]:
    """A field, with its hint and with what is wrong below it."""
    match field:
        case parts.TextField():
            element = inputs.line(field)
        case parts.ChoiceField():
            element = inputs.choice(field)
        case parts.ChoicesField():
            element = _choices(field)
        case parts.DayField() | parts.TimeField():
            kind = "Date" if isinstance(field, parts.DayField) else "Time"
            element = {"type": f"Input.{kind}", **({"value": field.value} if field.value else {})}
        case parts.PeopleField():
            element = PEOPLE | ({"value": field.value} if field.value else {})
        case parts.Actions(buttons=buttons):
            return _buttons(buttons, inside=inside)
        case parts.Paragraph(runs=runs):
            return words.lines(runs, cards.TEXT)
        case parts.Words(text=text):
            said = words.lines([Run(text.strip())], cards.TEXT)
            return [{"type": "Container", "items": said}] if said else []
        case _ as never:
            assert_never(never)
    if not element:
        return []
    needed = {"isRequired": True, "errorMessage": MISSING} if field.required else {}
    box = {**element, "id": field.id, "label": words.label(field.label, inputs.LONGEST), **needed}
    below = words.lines([Run(field.hint)], inputs.LONGEST, size="Small", isSubtle=True)
    wrong = _wrong(problems.get(field.id, ""))
    return [box, *({**one, "spacing": "None"} for one in (*wrong, *below))]


def _choices(field: parts.ChoicesField) -> Payload:
    """What Teams answers with, too, has commas between."""
    choices = inputs.choices(field.choices, "")
    if not choices:
        return {}
    several = {"type": "Input.ChoiceSet", "isMultiSelect": True, "wrap": True, **choices}
    return several | ({"value": field.value} if field.value else {})


def _buttons(
    buttons: Sequence[parts.Button | parts.Select | parts.Menu], *, inside: bool
) -> list[Payload]:
    """Buttons in a form; what was entered goes with them. Lists of choices stand in fields."""
    drawn = []
    for button in buttons:
        if isinstance(button, parts.Button) and size(button.action.value) <= cards.VALUE:
            title, data = words.label(button.text, cards.BUTTON), presses.of_button(button.action)
            acts = cards.acting(button.act, title, data)
            sends = {"type": "Action.Submit", "title": title, "data": data}
            drawn.append(sends if inside else acts)
    rows = [drawn[at : at + cards.ROW] for at in range(0, len(drawn), cards.ROW)]
    return [{"type": "ActionSet", "actions": row} for row in rows]


def _others(problems: Mapping[str, str], fields: Sequence[str]) -> list[Payload]:
    """What is wrong with no field that the form shows, at its head."""
    return [
        element for name, said in problems.items() if name not in fields for element in _wrong(said)
    ]


def _wrong(said: str) -> list[Payload]:
    style = {"color": "Attention", "weight": "Bolder"}
    return words.lines([Run(said.replace("`", ""))], ERROR, **style)
