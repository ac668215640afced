"""What the columns of a Padlet export are called, in the languages of its pages: `headers.toml`."""

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any


def plain(header: str) -> str:
    """A header as it is compared."""
    return " ".join(unicodedata.normalize("NFKC", header).casefold().split()).strip("\ufeff: ")


def columns_of(headers: Sequence[str]) -> Mapping[str, int]:
    """Where each column is that is known; of two of one kind the first counts."""
    known = _columns()
    found: dict[str, int] = {}
    for at, header in enumerate(headers):
        if column := known.get(plain(header)):
            found.setdefault(column, at)
    return found


def is_board(headers: Sequence[str]) -> bool:
    """Whether a row is that of a board's headers: something to say, and who said it or when."""
    found = columns_of(headers)
    return bool(found.keys() & {"subject", "body"}) and bool(found.keys() & {"author", "created"})


def is_anonymous(name: str) -> bool:
    """Whether this stands for the name of a guest."""
    return plain(name) in _words()["anonymous"]


@cache
def _words() -> dict[str, Any]:
    with Path(__file__).with_suffix(".toml").open("rb") as file:
        return tomllib.load(file)


@cache
def _columns() -> Mapping[str, str]:
    columns: Mapping[str, Sequence[str]] = _words()["columns"]
    return {plain(word): column for column, words in columns.items() for word in words}
