"""The nearest of what is known to what somebody wrote."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

_LONGEST: Final = 60
"""Characters that are compared."""


def nearest(
    written: str, known: Iterable[str], *, most: int = 1, likeness: float = 0.7
) -> tuple[str, ...]:
    """Those of *known* that are most like *written*, the likest first, in any case.

    A name of several words is also found by some of them that stand side by side: `Alvarez`,
    `Chicago`. Accents do not matter.

    Args:
        most: how many at most.
        likeness: how like they must be: 0 for anything, 1 for the same letters.
    """
    wanted = _letters(written)
    if not wanted:
        return ()
    matcher = SequenceMatcher(None, "", wanted)
    found = []
    for name in dict.fromkeys(known):
        letters = _letters(name)
        whole = _likeness(matcher, letters, likeness)
        parts = (
            _likeness(matcher, part, likeness) for part in _parts(letters, len(_words(wanted)))
        )
        best = max((whole, *parts))
        if best >= likeness:
            found.append((best, whole, name))
    found.sort(key=lambda one: one[:2], reverse=True)
    return tuple(name for _, _, name in found[:most])


def did_you_mean(names: Sequence[str]) -> str:
    """`Did you mean A, B or C?`; empty for no names."""
    *others, last = names or ("",)
    which = f"{', '.join(others)} or {last}" if others else last
    return f"Did you mean {which}?" if which else ""


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text[:_LONGEST].casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def _words(letters: str) -> Sequence[str]:
    return "".join(c if c.isalnum() else " " for c in letters).split()


def _parts(letters: str, size: int) -> Iterator[str]:
    """Stretches of so many words of a longer name."""
    words = _words(letters)
    if size < len(words):
        for start in range(len(words) - size + 1):
            yield " ".join(words[start : start + size])


def _likeness(matcher: SequenceMatcher[str], letters: str, least: float) -> float:
    matcher.set_seq1(letters)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return 0.0
    return matcher.ratio()
