"""What goes out as a file: its formats, and what stands on the sheets of a workbook."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Final

Rows = Iterable[Sequence[object]]


class Format(StrEnum):
    """The formats of a file of ideas, by the word that one asks for each with."""

    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"
    MD = "md"
    RIS = "ris"
    BIB = "bib"
    CSL = "csl"

    @property
    def ending(self) -> str:
        """How the name of such a file ends."""
        return "csl.json" if self is Format.CSL else self.value


CITED: Final = (Format.RIS, Format.BIB)
"""The formats of a file of one idea that is to be cited."""

PAGE: Final = ("html", "md", "pdf")
"""The formats of the administrator's page; the first is for whoever names none."""

PLAN: Final = ("html", "md", "csv")
"""The formats of the library plan, likewise."""

TRIALS: Final = (
    "number",
    "author",
    "tried_at",
    "tried_by",
    "tried_by_id",
    "title",
    "school",
    "outcome",
    "grades",
    "setting",
    "words",
    "workspace",
)
"""What is known of a trial; *number* and *author* are those of the idea that was tried."""

PROMPTS: Final = ("asked_at", "channel", "channel_id", "prompt", "answers", "workspace")
"""What is known of a question that was asked; *answers*: how many ideas answer it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All that an export may hold, as one moment had it. Each of the rows can be read once.

    Attributes:
        ideas: values in the order of the contract's columns.
        trials: of the ideas that fit, in their order; values in the order of `TRIALS`.
        prompts: asked in the channels and on the days that are wanted, oldest first for each
            workspace; values in the order of `PROMPTS`.
        components: the name of each component by its code.
    """

    ideas: Rows
    trials: Rows = ()
    prompts: Rows = ()
    components: Mapping[str, str]


Writer = Callable[[Book, BinaryIO], object]
"""Writes a file of a book: reads its rows as they come, and leaves the file open."""

Writers = Mapping[Format, Writer]

Held = Iterator[tuple[str, Iterator[Mapping[str, object]]]]
"""What is held about somebody: titles of sections, each with its rows, to be read in turn."""
