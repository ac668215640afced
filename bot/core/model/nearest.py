"""The nearest of what is known to what somebody wrote."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
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
    size = len(_words(wanted))
    names: defaultdict[str, list[str]] = defaultdict(list)
    for name in known:
        names[_letters(name)].append(name)
    for letters, called in list(names.items()):
        words = _words(letters)
        for start in range(len(words) - size + 1 if size < len(words) else 0):
            names[" ".join(words[start : start + size])] += called
    near = get_close_matches(wanted, names, len(names) or 1, likeness) if wanted else ()
    found = dict.fromkeys(name for letters in near for name in names[letters])
    return tuple(found)[:most]


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
