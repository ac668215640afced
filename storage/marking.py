"""Where the words that somebody looked for stand in the texts that were found."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.core.model.ideas import Idea, Stretch
from storage.connection import Connection
from storage.terms import phrases_of, signs_of, stretches_of

_OPEN, _CLOSE = "\ue000", "\ue001"
_MARKED: Final = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")


def marks(con: Connection, words: str, ideas: Sequence[Idea]) -> Mapping[int, Sequence[Stretch]]:
    """Of each idea the stretches of its text that *words* found, in order, none over another."""
    phrases = " OR ".join(phrases_of(words))
    literal = [*stretches_of(words), *(one for both in signs_of(words) for one in both)]
    found = {}
    for idea in ideas:
        every = [*_in_index(con, phrases, idea)] if phrases else []
        every += [
            (at.start(), at.end())
            for one in literal
            for at in re.finditer(re.escape(one), idea.text)
        ]
        found[idea.id] = [*_apart(sorted(every))]
    return {id_: some for id_, some in found.items() if some}


def _in_index(con: Connection, phrases: str, idea: Idea) -> Iterator[Stretch]:
    """What the index found: it knows each form of a word."""
    row = con.execute(
        """select highlight(idea_words, 0, :open, :close) from idea_words
        where idea_words match :match and rowid = (select moment from idea where id = :id)""",
        {"open": _OPEN, "close": _CLOSE, "match": phrases, "id": idea.id},
    ).fetchone()
    marked = "" if row is None else row[0]
    if _MARKED.sub(r"\1", marked) != idea.text:  # such signs stood in the text itself
        return
    for number, at in enumerate(_MARKED.finditer(marked)):
        start = at.start() - 2 * number
        yield start, start + len(at[1])


def _apart(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    last = 0
    for start, end in stretches:
        if start >= last:
            yield start, end
            last = end
