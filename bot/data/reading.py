"""Read a TOML file into a typed form, with errors that name file, entry and remedy."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import msgspec
from msgspec import Meta

from bot.core.errors import FrameworkError

FOLDER: Final = Path(__file__).parent
"""Where the files stand that come with the program."""

Filled = Annotated[str, Meta(pattern=r"\S")]
"""A text that is not blank."""
Positive = Annotated[float, Meta(gt=0)]
"""A number above 0."""

_LABELS: Final = ("code", "key", "id")
"""What a message calls an entry by."""
_SAID: Final = {
    r" \| null": "",
    r"`str`": "a text",
    r"`float`": "a number",
    r"`int`": "a whole number",
    r"`bool`": "true or false",
    r"`array`": "a list",
    r"`object`": "a table",
    r"`date`": "a day",
    r"`datetime`": "a time",
    r" matching regex .*": " that is not blank",
    r" > 0\.0": " above 0",
    r" >= ": " of at least ",
    r" <= ": " of at most ",
    r"Expected ": "must be ",
    r", got ": ", not ",
}
"""msgspec's words, and ours."""


class Form(msgspec.Struct, forbid_unknown_fields=True, rename="kebab"):
    """A table of a file. A key that it does not know is refused: it may be a misspelt one."""

    def __post_init__(self) -> None:
        """Leave out blanks around texts."""
        for name in self.__struct_fields__:
            if isinstance(value := getattr(self, name), str):
                msgspec.structs.force_setattr(self, name, value.strip())


Read = TypeVar("Read")


def read(form: type[Read], file: str, text: str | None) -> Read:
    """Read *text*, or, when it is None, the *file* that comes with the program.

    Raises:
        FrameworkError: *text* is not TOML, or not of that form.
    """
    try:
        raw = tomllib.loads(text) if text is not None else _own(file)
    except tomllib.TOMLDecodeError as error:
        raise FrameworkError(f"{file} is not valid TOML: {error}.") from error
    try:
        return msgspec.convert(raw, form, builtin_types=(date, datetime))
    except msgspec.ValidationError as error:
        raise FrameworkError(f"{file}, {_explained(str(error), raw)}.") from None


@cache
def _own(file: str) -> Mapping[str, Any]:
    """What a file that comes with the program says. It stays the same while the program runs."""
    return tomllib.loads((FOLDER / file).read_text("utf-8"))


def wrong(file: str, where: str, what: str, remedy: str) -> FrameworkError:
    """Return the error for an entry that has the right form and a wrong content."""
    return FrameworkError(f"{file}, {where}: {what}; {remedy}.")


def _explained(message: str, raw: Mapping[str, Any]) -> str:
    """Msgspec's message in our words: the entry, the key, and what would be right."""
    what, _, path = message.partition(" - at `$")
    where, field = "the file", ""
    for key, at in re.findall(r"\.([\w-]+)|\[(\d+)\]", path):
        if not key and where == "the file":
            entry = raw[field][int(at)]
            named = entry if isinstance(entry, Mapping) else {}
            label = next((named[one] for one in _LABELS if named.get(one)), int(at) + 1)
            where, field = f"{field} {label}", ""
        field = key or field
    if missing := re.search(r"missing required field (`.*`)", what):
        return f"{where}: {missing[1]} is missing; add it"
    if unknown := re.search(r"unknown field (`.*`)", what):
        return f"{where}: {unknown[1]} is not known here; take it out, or correct its name"
    for theirs, ours in _SAID.items():
        what = re.sub(theirs, ours, what)
    called = f"`{field}`" if field else "it"
    return f"{where}: {'each of ' if field and path.endswith(']`') else ''}{called} {what}"
