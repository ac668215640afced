"""Beside what was found: where the words stand, and the words that were probably meant."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bot.core.messages.common import excerpt, said
from bot.core.model.actions import Action
from bot.core.model.ideas import Stretch
from bot.core.model.links import ADDRESS
from bot.core.model.parts import Actions, Button, Message, Part, Quote, Run
from bot.core.model.vocabulary import command
from bot.core.model.words import EMOJI

_WORD: Final = re.compile(r"\S+")
_SHOWN: Final = 60
"""Characters of the words that stand on a button."""


def or_meant(found: Message, words: str, search: Action) -> Message:
    """What was found, and below it a button that looks for other *words* by *search*."""
    typed = command(f"search {search.text}")
    asked = said(f"Did you mean “{words.replace('`', '')}”? Press the button, or write `{typed}`.")
    button = Button(f"Search for “{words[:_SHOWN]}”", search)
    return Message.of(*found.parts, *asked.parts, Actions((button,)))


def highlighted(
    card: Iterable[Part], text: str, marks: Sequence[Stretch], limit: int
) -> Iterator[Part]:
    """The parts of an idea's card; what it quotes is where the marked words stand."""
    marks = [*_outside(marks, [*ADDRESS.finditer(text), *EMOJI.finditer(text)])]
    for part in card:
        if marks and isinstance(part, Quote):
            runs = found_in(text, marks, limit)
            yield Quote("".join(run.text for run in runs), runs)
        else:
            yield part


def _outside(marks: Sequence[Stretch], whole: Sequence[re.Match[str]]) -> Iterator[Stretch]:
    """The marks that part no address and no emoji, which are one thing each."""
    for start, end in marks:
        cuts = (one.start() < start < one.end() or one.start() < end < one.end() for one in whole)
        if not any(cuts):
            yield start, end


def found_in(text: str, marks: Sequence[Stretch], limit: int) -> tuple[Run, ...]:
    """At most about *limit* characters of a text on one line, marked words in bold.

    It begins where the text does if the first of them stands there, else a little before that.
    """
    line, marks = _on_one_line(text, marks)
    start = _start(line, marks[0], limit)
    shown = excerpt(line[start:], limit)
    whole = len(shown) if line.startswith(shown, start) else len(shown) - 1  # it ends in `…`
    lead = "…" if start else ""
    moved = len(lead) - start
    seen = [(max(a, start) + moved, b + moved) for a, b in marks if start < b <= start + whole]
    return tuple(_runs(lead + shown, seen))


def _on_one_line(text: str, marks: Sequence[Stretch]) -> tuple[str, Sequence[Stretch]]:
    """A text with its blanks made one, and where the marks are in it then."""
    places: list[int] = [0] * (len(text) + 1)
    at = 0
    for word in _WORD.finditer(text):
        at += bool(at)
        for place in range(word.start(), word.end() + 1):
            places[place] = at + place - word.start()
        at = places[word.end()]
    return " ".join(text.split()), [(places[start], places[end]) for start, end in marks]


def _start(line: str, first: Stretch, limit: int) -> int:
    """Where the stretch begins, before a word, and never inside what is seen as one sign."""
    if first[1] <= limit - limit // 4 or len(line) <= limit:
        return 0
    start = max(first[0] - limit // 4, 0)
    blank = line.find(" ", start, first[0])
    if blank >= 0:
        return blank + 1
    while 0 < start < first[0] and _joined(line[start - 1], line[start]):
        start += 1
    return start


def _joined(left: str, right: str) -> bool:
    """Whether two characters are seen as one sign, or may be."""
    sticks = unicodedata.category(right) in {"Mn", "Mc", "Me", "Sk", "Cf"}
    flags = all("\U0001f1e6" <= one <= "\U0001f1ff" for one in (left, right))
    return sticks or left == "\u200d" or flags


def _runs(line: str, marks: Sequence[Stretch]) -> Iterator[Run]:
    end = 0
    for start, stop in marks:
        if start > end:
            yield Run(line[end:start])
        yield Run(line[start:stop], bold=True)
        end = stop
    if end < len(line):
        yield Run(line[end:])
