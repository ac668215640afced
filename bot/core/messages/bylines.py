"""What pages that people outside can open say of people: what each of them chose, no more."""

import re
from collections.abc import Collection
from typing import Final
from unicodedata import normalize

from bot.core.messages.common import excerpt
from bot.core.model.people import Author, Shown

NOBODY: Final = "a school librarian"
"""How whoever did not choose otherwise is called."""
SOMEBODY: Final = "@…"
"""What stands for a mention of somebody who is not known, or where no sentence can stand."""

TURNS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Signs that turn the direction of what follows: of the name behind somebody's words, too."""

_CLIP: Final = re.compile(r"\A(A (?:voice|video) clip by )")
"""What is kept of a clip that nobody wrote down: its author's name follows, as if mentioned."""

_SIGN: Final = re.compile(
    r"(?P<address>https?://[^\s,;<>|@]*|(?<![\w.+-])[\w.+-]+(?=@(?:[a-z0-9-]+\.)+[a-z]{2}))?@+",
    re.IGNORECASE | re.ASCII,
)
"""The sign before a mention; with an *address* before it, of the web or of mail, it is none."""
_WORD: Final = r"[^\s,;:!?()\[\]{}<>\"“”«»…/\\|@$€£%#&=+]+(?<![.'’*_~`-])"
_PARTICLE: Final = r"(?:de|las?|los|del|van|von|der|den|da|dos?|di|bin|ibn|al|el|le|du|st\.)"
_UNKNOWN: Final = re.compile(rf"(?:[^\w\s.,;:!?()$€£…]{{1,4}} ?)?(?!\d){_WORD}")
"""A first name, or a handle, perhaps behind a sign."""
_MORE: Final = re.compile(rf"[^\S\n]{{1,2}}((?:{_PARTICLE}\s){{0,3}})((?!\d){_WORD})")
_MOST: Final = 3
"""So many words behind a first name may belong to it, as long as they are written like names."""


def public_author(author: Author, shown: Shown | None) -> str:
    """An author, or somebody who is credited, on one line; None: they did not answer.

    `Rosa Alvarez, Prairie Elementary`, `Prairie Elementary` or `a school librarian`. Beside a name
    the title in the chat stands where no school is known; without a name it would tell whose it is.
    Where neither is known, the rest stands alone; an id never does.
    """
    name = excerpt(author.name or author.real_name, 60) if shown is Shown.NAME else ""
    school = excerpt(author.school, 80) if shown in {Shown.NAME, Shown.SCHOOL} else ""
    if name and not school:
        school = excerpt(author.title, 80)
    return TURNS.sub("", ", ".join(filter(None, (name, school)))) or NOBODY


def with_mentions(text: str) -> str:
    """A text in which everybody who is named by us is mentioned: whose clip it is."""
    return _CLIP.sub(r"\1@", text)


def public_text(text: str, hidden: Collection[str], given: Collection[str] = ()) -> str:
    """A text in which nobody is mentioned who did not give their name, and nothing turns.

    Args:
        hidden: the names of those; each is taken out where `@` stands before it.
        given: the names of who gave theirs. Where `@` stands before any other name, somebody is
            meant who is not known (any more): then `@…` takes its place.
    """
    text = with_mentions(TURNS.sub("", text))
    if "@" not in text:
        return text
    text = normalize("NFC", text)
    secret = set(map(_folded, hidden))
    known = known_names({*hidden, *given})
    pieces, end = [], 0
    for sign in _SIGN.finditer(text):
        if sign.start() < end:
            continue
        start = sign.start() + len(sign["address"] or "")
        name = _name_at(text, sign.end(), known)
        if name:
            if _folded(name[0]) not in secret:
                continue
            shown, ends = NOBODY, name.end()
        else:
            word = None if sign["address"] else _UNKNOWN.match(text, sign.end())
            if not word:
                continue
            shown, ends = SOMEBODY, _end_of_name(text, word.end())
        glued = text[start - 1 : start].isalnum()
        pieces += [text[end:start], SOMEBODY if glued else shown]
        end = ends
    return "".join([*pieces, text[end:]])


def known_names(names: Collection[str]) -> re.Pattern[str]:
    """What matches any of these names, however it is spelled."""
    longest_first = sorted(filter(None, names), key=len, reverse=True)
    spelled = "|".join(map(_spelled, longest_first)) or r"(?!)"
    return re.compile(rf"(?:{spelled})(?![^\W_])", re.IGNORECASE)


def without_mentions(text: str, known: re.Pattern[str], instead: str) -> str:
    """A text in which other words stand wherever one of these names is mentioned."""
    pieces, end = [], 0
    for sign in _SIGN.finditer(text):
        name = None if sign["address"] else _name_at(text, sign.end(), known)
        if name and sign.start() >= end:
            glued = text[sign.start() - 1 : sign.start()].isalnum()
            pieces += [text[end : sign.start()], SOMEBODY if glued else instead]
            end = name.end()
    return "".join([*pieces, text[end:]])


def _name_at(text: str, start: int, known: re.Pattern[str]) -> re.Match[str] | None:
    """A known name that begins here; of two words the first alone may be another's."""
    name = known.match(text, start)
    if name and " " not in name[0] and _end_of_name(text, name.end()) > name.end():
        return None
    return name


def _folded(name: str) -> str:
    return " ".join(TURNS.sub("", normalize("NFC", name)).casefold().split())


def _spelled(name: str) -> str:
    """The pattern of a name, in which two letters may have been one before they were folded."""
    spelled = r"\s+".join(map(re.escape, _folded(name).split()))
    return spelled.replace("ss", "(?:ss|ß|ẞ)")


def _end_of_name(text: str, end: int) -> int:
    """Where a name ends whose first word ends here."""
    for _ in range(_MOST):
        more = _MORE.match(text, end)
        if more is None or more[2][0].islower():
            break
        end = more.end()
    return end
