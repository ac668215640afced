"""What somebody typed, as it is looked for: words, quotes, stretches without blanks, signs.

Every word must be there, in any of its forms (`mentors` finds `mentoring`), accents and case do not
matter, `mento*` stands for every word that begins so, and what stands between quotation marks must
stand together. Chinese, Japanese, Thai and Korean words are looked for within what is written there
without blanks; an emoji is by its sign and by its name. Everything else that somebody types beside
a word is just not a word; what stands without any is looked for as it is.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from storage.rows import clean

UNSPACED: Final = (
    "\u0e01-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Ranges of the letters of which words are not told apart by blanks alone."""

_MOST_WORDS: Final = 40
_MOST_SIGNS: Final = 5
_WORD: Final = re.compile(r"[^\W_]+\*?")
_PIECE: Final = re.compile(r'"[^"]*"|[^\s"]+')
_IS_UNSPACED: Final = re.compile(f"[{UNSPACED}]")
_EMOJI: Final = re.compile(r":([a-z0-9_+'-]+):(?::skin-tone-\d:)?")
_ENDINGS: Final = ("ing", "ion", "ation", "ment", "ness", "able", "ive", "ful")
"""What the index takes off a word before it keeps it."""


def phrases_of(words: str) -> list[str]:
    """What full-text search is asked for *words*, one item for each word; none: no words in it.

    Parts of one typed word (`e-mail`) must stand side by side.
    """
    phrases: dict[str, None] = {}
    for typed in _pieces(words):
        if _stands_as_it_is(typed):
            continue
        for stretch in typed.split() if "*" in typed else (typed,):
            parts = _WORD.findall(stretch)
            if parts:
                phrase = " ".join(part.rstrip("*") for part in parts)
                begun = parts[-1].endswith("*")
                phrases[_begun(phrase) if begun else f'"{phrase}"'] = None
    return list(phrases)[:_MOST_WORDS]


def _pieces(words: str) -> list[str]:
    return [piece.strip('"') for piece in _PIECE.findall(clean(words))]


def _stands_as_it_is(typed: str) -> bool:
    """Whether it is looked for letter by letter, since the index does not know it as a word."""
    return bool(_IS_UNSPACED.search(typed) or _EMOJI.fullmatch(typed))


def _begun(phrase: str) -> str:
    """Every word that begins so: also `collabora`, of which the index keeps only `collabor`."""
    becomes = {phrase} | {
        phrase + ending[known:]
        for ending in _ENDINGS
        for known in range(len(ending))
        if phrase.endswith(ending[:known])
    }
    return f'("{phrase}"* OR ' + " OR ".join(f'"{one}"' for one in sorted(becomes)) + ")"


def stretches_of(words: str) -> list[str]:
    """The words in *words* that are written without blanks, without what stands around them."""
    found: dict[str, None] = {}
    for typed in _pieces(words):
        if _IS_UNSPACED.search(typed):
            kept = (c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in typed)
            found |= dict.fromkeys("".join(kept).split())
    return list(found)[:_MOST_WORDS]


def signs_of(words: str) -> list[tuple[str, str]]:
    """What is looked for as it stands: an emoji; where nobody typed any word, also `???`.

    Beside each, the name that platforms write for an emoji, as far as it can be told.
    """
    typed = dict.fromkeys(piece for piece in _pieces(words) if not _IS_UNSPACED.search(piece))
    only = not phrases_of(words) and not stretches_of(words)
    found = [both for one in typed for both in _signs(one, only=only)]
    return found[:_MOST_SIGNS]


def _signs(typed: str, *, only: bool) -> Iterator[tuple[str, str]]:
    if named := _EMOJI.fullmatch(typed):
        try:
            sign = unicodedata.lookup(named[1].replace("_", " "))
        except KeyError:
            sign = typed
        yield sign, typed
    elif not _WORD.search(typed):
        for one in typed.split():
            if only or unicodedata.category(one[0]) == "So":
                yield one, f":{_name_of(one)}:"


def _name_of(sign: str) -> str:
    return unicodedata.name(sign[0], "?").lower().replace(" ", "_")
