"""The TOML files that come with the program, read with errors that name entry and remedy."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.core.errors import FrameworkError


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file. *where* is how a message calls it, such as `component LIT`."""

    file: str
    where: str
    data: Mapping[str, object]

    def wrong(self, what: str, remedy: str) -> FrameworkError:
        """The error to raise: what is wrong here, and what would be right."""
        return FrameworkError(f"{self.file}, {self.where}: {what}; {remedy}.")

    def text(self, key: str) -> str:
        """A text that must be there."""
        value = self.data.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f"`{key}` is missing or empty", f'write {key} = "…"')
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, each with something in it; empty when the key is not there."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(t, str) and t.strip() for t in value):
            raise self.wrong(f"`{key}` is not a list of texts", f'write {key} = ["…", "…"]')
        return tuple(value)

    def number(self, key: str, *, signed: bool = False) -> float:
        """A number that must be there; above 0 unless it is *signed*."""
        value = self.data.get(key)
        number = float(value) if isinstance(value, int | float) and value is not True else None
        if number is not None and (signed or number > 0):
            return number
        what = "a number" if signed else "a number above 0"
        raise self.wrong(f"`{key}` is not {what}", f"write {key} = 1.0")

    def whole(self, key: str, low: int, high: int) -> int | None:
        """A whole number from *low* to *high*; None when the key is not there."""
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.wrong(f"`{key}` is not a whole number", f"write one from {low} to {high}")
        return value

    def flag(self, key: str) -> bool:
        """True or false; false when the key is not there."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(f"`{key}` is neither true nor false", f"write {key} = true")
        return value

    def table(self, key: str) -> Table:
        """A table in this one; empty when the key is not there."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(f"`{key}` is not a table", f"write {key} = {{ … }}")
        return Table(self.file, self.where, value)

    def entries(self, key: str, name: str) -> tuple[Table, ...]:
        """The tables under `[[key]]`, at least one; messages call each by its text *name*."""
        value = self.data.get(key)
        if not isinstance(value, list) or not value:
            raise self.wrong(f"has no {key}", f"add at least one [[{key}]]")
        found: list[Table] = []
        for number, entry in enumerate(value, 1):
            if not isinstance(entry, dict):
                raise self.wrong(f"{key} {number} is not a table", f"begin it with [[{key}]]")
            label = entry.get(name)
            where = f"{key} {label if isinstance(label, str) and label else number}"
            found.append(Table(self.file, where, entry))
        return tuple(found)

    def only(self, *known: str) -> None:
        """Refuse keys that are not in *known*: a misspelt key would be overlooked in silence."""
        for key in self.data:
            if key not in known:
                raise self.wrong(f"`{key}` is not known here", f"use {', '.join(known)}")


def read(file: str, text: str | None) -> Table:
    """Parse *text*, or the file of that name that comes with the program when it is None.

    Raises:
        FrameworkError: it is not TOML.
    """
    if text is None:
        text = (Path(__file__).parents[1] / file).read_text("utf-8")
    try:
        return Table(file, "the file", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise FrameworkError(f"{file} is not valid TOML: {error}.") from error
