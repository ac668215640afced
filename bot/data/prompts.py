"""The bank of prompts that comes with the program."""

import re
from typing import Annotated

from msgspec import Meta, field, structs

from bot.core.model.prompts import Bank, Prompt, When
from bot.core.prompts.bank import TONES, why_unfit
from bot.core.prompts.calendar import Calendar
from bot.data.reading import Filled, Form, read, wrong

_FILE = "prompts.toml"
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


class _When(Form):
    weeks: tuple[int, int] | None = None
    months: tuple[Annotated[int, Meta(ge=1, le=12)], ...] = ()
    observance: Filled | None = None
    last_friday: bool = False
    flex: bool = False


class _Prompt(Form):
    id: Filled
    text: Filled
    components: tuple[Filled, ...]
    topic: Filled
    tone: Filled
    when: _When = field(default_factory=_When)
    names: Filled | None = None


class _File(Form):
    prompt: tuple[_Prompt, ...] = ()


def load_bank(calendar: Calendar, text: str | None = None) -> Bank:
    """Read a file of prompts.

    Args:
        calendar: what the prompts' observances refer to.
        text: the TOML; None reads the file that comes with the program.

    Raises:
        FrameworkError: what is wrong with which entry, and what would be right.
    """
    entries = read(_File, _FILE, text).prompt
    if not entries:
        raise wrong(_FILE, "the file", "has no prompt", "add at least one [[prompt]]")
    ids: set[str] = set()
    texts: set[str] = set()
    for entry in entries:
        if fault := _fault(entry, calendar):
            raise wrong(_FILE, f"prompt {entry.id}", *fault)
        if entry.id in ids or entry.text in texts:
            raise wrong(_FILE, f"prompt {entry.id}", "is listed twice", "keep one of the two")
        ids.add(entry.id)
        texts.add(entry.text)
    if not any(entry.when.flex for entry in entries):
        what = "no question suits any week"
        raise wrong(_FILE, "the file", what, "give one when = { flex = true }")
    return Bank(
        tuple(
            Prompt(one.id, one.text, one.components, When(**structs.asdict(one.when)), one.names)
            for one in entries
        )
    )


def _fault(entry: _Prompt, calendar: Calendar) -> tuple[str, str] | None:
    """What is wrong with an entry of the right form, and the remedy."""
    weeks = entry.when.weeks
    if not _SLUG.match(entry.id):
        return "the id is not valid", "use small letters, digits and hyphens"
    if unfit := why_unfit(entry.text):
        return f"the text: {unfit}", "reword it"
    if not entry.components:
        return "has no components", 'write components = ["LIT"]'
    if entry.tone not in TONES:
        return f'"{entry.tone}" is not a tone', f"use one of {', '.join(TONES)}"
    if weeks and not 1 <= weeks[0] <= weeks[1]:
        return "`weeks` are not two weeks in order", "write weeks = [5, 6]"
    for key in (entry.names, entry.when.observance):
        if key and calendar.get(key) is None:
            return f'"{key}" is not in calendar.toml', "add it there"
    if bool(entry.names) == (entry.when != _When()):
        return "needs either `names` or `when`", "write when = { flex = true }"
    own = calendar.get(entry.names) if entry.names else None
    rest = entry.text.replace(own.name, "") if own else entry.text
    for observance in calendar.observances:
        if observance.name.lower() in rest.lower():
            return f"it names {observance.name}", f'write names = "{observance.key}"'
    return None
