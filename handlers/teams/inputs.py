"""Fields to fill in, as elements of a card or of a dialog. Pure, and total."""

from collections.abc import Iterable
from typing import Final

from bot.core.model import parts
from handlers.shapes import Payload
from handlers.teams import words

LONGEST: Final = 3_000
"""Characters of a text, where the field names no fewer."""
MOST_RADIO: Final = 10
MOST_CHOICES: Final = 100
LABEL: Final = 75


def line(field: parts.TextField) -> Payload:
    """Return a line, or several, of text."""
    return {
        "type": "Input.Text",
        "maxLength": field.most(LONGEST),
        "isMultiline": field.lines,
        **({"value": field.shown(LONGEST)} if field.value else {}),
    }


def choice(field: parts.ChoiceField) -> Payload:
    """Return one of several; empty: there is no choice."""
    drawn = choices(field.choices, field.value)
    few = field.radio and len(drawn.get("choices", ())) <= MOST_RADIO
    style = "expanded" if few else "compact"
    return {"type": "Input.ChoiceSet", "style": style, "wrap": True, **drawn} if drawn else {}


def choices(every: Iterable[parts.Choice], chosen: str) -> Payload:
    """Return what may be chosen, and what is chosen already; empty: there is no choice."""
    drawn = {one.value: words.label(one.label, LABEL) for one in every if one.value}
    kept = list(drawn.items())[:MOST_CHOICES]
    if not kept:
        return {}
    made: Payload = {"choices": [{"title": title, "value": value} for value, title in kept]}
    return {**made, "value": chosen} if chosen in dict(kept) else made


def of_entry(entry: parts.Entry) -> list[Payload]:
    """Return the fields that stand in a message; the first has its hint in it while it is empty."""
    drawn = []
    for field in entry.fields:
        box = line(field) if isinstance(field, parts.TextField) else choice(field)
        hint = {"placeholder": words.label(field.hint, LONGEST)} if field.hint else {}
        named = {"id": field.id, "label": words.label(field.label, LONGEST)}
        drawn += [{**box, **named, **hint}] if box else []
    return drawn
