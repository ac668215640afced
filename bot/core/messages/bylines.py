"""What pages that people outside can open say of people: what each of them chose, no more."""

import re
from collections.abc import Collection
from typing import Final

from bot.core.messages.common import excerpt
from bot.core.model.people import Author, Shown

NOBODY: Final = "a school librarian"
"""How whoever did not choose otherwise is called."""

_UNKNOWN: Final = r"[^\W\d_][\w'’-]*(?: (?-i:[A-ZÀ-Þ])[\w'’-]+)?"
"""A first name, or a handle, and what looks like a second name behind it."""


def public_author(author: Author, shown: Shown | None) -> str:
    """An author, or somebody who is credited, on one line; None: they did not answer.

    `Rosa Alvarez, Prairie Elementary`, `Prairie Elementary` or `a school librarian`. Where the
    name or the school is not known, the rest stands alone; an id never does.
    """
    name = excerpt(author.name or author.real_name, 60) if shown is Shown.NAME else ""
    school = excerpt(author.school, 80) if shown in {Shown.NAME, Shown.SCHOOL} else ""
    return ", ".join(filter(None, (name, school))) or NOBODY


def public_text(text: str, hidden: Collection[str], given: Collection[str] = ()) -> str:
    """A text in which nobody is mentioned who did not give their name.

    Args:
        hidden: the names of those; each is taken out where `@` stands before it.
        given: the names of who gave theirs. Where `@` stands before any other name, somebody is
            meant who is not known (any more): then `@…` takes its place.
    """
    if "@" not in text:
        return text
    secret = {name.casefold() for name in hidden}
    names = sorted(filter(None, {*hidden, *given}), key=len, reverse=True)
    known = "|".join(map(re.escape, names)) or r"(?!)"

    def shown(found: re.Match[str]) -> str:
        name = found["known"]
        if name is None:
            return "@…"
        return NOBODY if name.casefold() in secret else found[0]

    mentioned = rf"(?<!\w)@(?:(?P<known>{known})(?!\w)|{_UNKNOWN})"
    return re.sub(mentioned, shown, text, flags=re.IGNORECASE)
