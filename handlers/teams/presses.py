"""What a button in a card carries, and what comes back when it is pressed or a form is sent.

`action` says what it asks for, and leads it there; `value` holds its arguments, as
`Action.value` writes them, for years. A list of choices stands in a field that `chosen` names.
A form names its `fields`, for Teams sends none that was left empty.

In a message that one member alone sees, `here` names the channel that they asked in, even where
that message stands in their chat with the bot. A card without it stands there for everybody.
"""

from collections.abc import Sequence
from typing import Any, Final

from bot.core.model.actions import FORMS, Act, Action
from bot.core.model.parts import Submission
from handlers.shapes import Payload, inside, items, string

ACTION: Final = "action"
VALUE: Final = "value"
CHOSEN: Final = "chosen"
FIELDS: Final = "fields"
HERE: Final = "here"
_FETCH: Final = {"type": "task/fetch"}
_OURS: Final = frozenset({ACTION, VALUE, CHOSEN, FIELDS, HERE, "msteams"})
_ACTING: Final = frozenset({"Action.Execute", "Action.Submit"})


def of_button(action: Action, *, fetched: bool = False) -> Payload:
    """Return what a button carries. *fetched*: Teams asks for a dialog when it is pressed."""
    carried: Payload = {ACTION: str(action.act), VALUE: action.value}
    return {**carried, "msteams": dict(_FETCH)} if fetched else carried


def of_choice(act: Act, field: str) -> Payload:
    """Return what the button beside a list of choices carries."""
    return {ACTION: str(act), CHOSEN: field}


def of_form(about: Action, fields: Sequence[str]) -> Payload:
    """Return what the button that sends a form carries."""
    return {ACTION: str(about.act), VALUE: about.value, FIELDS: list(fields)}


def alone(drawn: Any, channel: str) -> Any:
    """Return a card, or an activity with one, as it is shown to one member alone.

    Args:
        channel: the one that they asked in; empty: their chat with the bot.
    """
    if isinstance(drawn, list):
        return [alone(one, channel) for one in drawn]
    if not isinstance(drawn, dict):
        return drawn
    made = {name: alone(value, channel) for name, value in drawn.items()}
    if drawn.get("type") in _ACTING:
        made["data"] = {**inside(drawn.get("data")), HERE: channel}
    return made


def here(data: Payload) -> str | None:
    """Return the channel that whoever alone sees a card asked in; None: everybody sees the card."""
    found = data.get(HERE)
    return found if isinstance(found, str) else None


def is_form(data: Payload) -> bool:
    """Whether a form was sent, and not a button pressed, perhaps one in a form."""
    return isinstance(data.get(FIELDS), list)


def to_action(data: Payload) -> Action | None:
    """Read what a button asks for; None: no such button is known, and it may be an old one."""
    act = _act(data)
    if act is None:
        return None
    chosen = string(data.get(CHOSEN))
    return Action.read(act, string(data.get(chosen or VALUE)))


def to_submission(data: Payload) -> Submission | None:
    """Read a form that was sent; None: this program knows no such form."""
    act = _act(data)
    if act is None or act not in FORMS or not is_form(data):
        return None
    return Submission(Action.read(act, string(data.get(VALUE))), entered(data))


def entered(data: Payload) -> dict[str, str]:
    """Return what was entered in a form, by field; what was left empty is the empty string."""
    fields = [string(field) for field in items(data.get(FIELDS))]
    others = [name for name in data if name not in _OURS]
    return {name: string(data.get(name)) for name in (*fields, *others) if name}


def _act(data: Payload) -> Act | None:
    name = string(data.get(ACTION))
    return Act(name) if name in set(Act) else None
