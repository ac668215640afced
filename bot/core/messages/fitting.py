"""Whether a message of a digest fits: into a platform's limits, in parts and as plain text."""

from bisect import bisect
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import TypeVar

from bot.core.model.digest import Limits
from bot.core.model.parts import (
    Actions,
    Button,
    Chart,
    Header,
    Menu,
    Note,
    Paragraph,
    Part,
    Select,
)

Each = TypeVar("Each")


def fullest(tries: Iterable[Each], fits: Callable[[Each], bool]) -> Each:
    """The first that fits of some tries, the longest first; else the last, the shortest.

    Args:
        tries: at least one.
    """
    for one in tries:
        if fits(one):
            break
    return one


def most(some: Sequence[Each], fits: Callable[[Sequence[Each]], bool]) -> int:
    """How many of these fit together, from the first on."""
    return bisect(range(1, len(some) + 1), 0, key=lambda number: not fits(some[:number]))


def fit(parts: Sequence[Part], limits: Limits) -> bool:
    """Whether a message may have all these parts."""
    return len(parts) <= limits.parts and sum(map(_cost, parts)) <= limits.characters


def length(text: str) -> int:
    """How many characters a text takes once it is escaped."""
    return len(escape(text, quote=False))


def _cost(part: Part) -> int:
    """About how many characters a part takes once it is escaped and its links are written out."""
    match part:
        case Paragraph(runs=inside) | Note(runs=inside):
            button = _of_button(part.button) if isinstance(part, Paragraph) else 0
            return button + sum(length(run.text) + len(run.url) + 4 for run in inside)
        case Header(text=text):
            return length(text)
        case Actions(buttons=buttons):
            return sum(map(_of_button, buttons))
        case Chart(title=title, bars=bars):
            return length(title) + sum(length(bar.label) + 30 for bar in bars)
        case _:
            return 0


def _of_button(button: Button | Select | Menu | None) -> int:
    match button:
        case Button(text=text, url=url):
            return len(text) + len(url)
        case Menu(buttons=buttons):
            return sum(map(_of_button, buttons))
        case _:
            return 0
