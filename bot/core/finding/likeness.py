"""How alike two ideas are: by the words that they share, each weighed by how rare it is.

It is the cosine of the two texts, as vectors of weights: 1 where they have the same words, 0 where
they share none. How common a word is comes from a list of many posts, not from what a network has
kept: in a network of ten ideas every word is rare.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

_SKIPPED: Final = re.compile(r"https?://\S+")
_WORD: Final = re.compile(r"[^\W_]+")
_SHORTEST: Final = 3
"""Letters that are left where an ending is taken off."""
_ENDINGS: Final = ("ing", "ed", "ers", "er", "es", "s", "ly")
_TWICE: Final = re.compile(r"([bdgmnprt])\1\Z")


@dataclass(frozen=True, slots=True)
class Likeness:
    """Compares texts.

    Args:
        common: in how many posts each common word is, by its stem.
        posts: how many posts were counted.
        least: in how many a word must be to stand in the list.
    """

    common: Mapping[str, int]
    posts: int
    least: int

    def weights(self, text: str) -> dict[str, float]:
        """What each word of a text tells, by the word as it is written: the rarer, the more."""
        found: dict[str, float] = {}
        seen: set[str] = set()
        for word in words_of(text):
            if (stem := stem_of(word)) not in seen:
                seen.add(stem)
                found[word] = self._weight(stem)
        return found

    def to(self, text: str) -> Callable[[str], float]:
        """What says how alike another text is to this one, from 0 to 1."""
        first = self._vector(text)
        length = sum(first.values())

        def alike(other: str) -> float:
            second = self._vector(other)
            shared = sum(first[stem] for stem in first.keys() & second.keys())
            lengths = length * sum(second.values())
            return shared / math.sqrt(lengths) if lengths else 0.0

        return alike

    def _vector(self, text: str) -> dict[str, float]:
        return {stem: self._weight(stem) ** 2 for stem in set(map(stem_of, words_of(text)))}

    def _weight(self, stem: str) -> float:
        return math.log(self.posts / self.common.get(stem, self.least / 2))


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return _WORD.findall(unicodedata.normalize("NFKC", _SKIPPED.sub(" ", text.lower())))


def stem_of(word: str) -> str:
    """A word without accents and the endings that English adds."""
    if not word.isascii():
        apart = unicodedata.normalize("NFKD", word)
        plain = "".join(char for char in apart if not unicodedata.combining(char))
        word = unicodedata.normalize("NFC", plain)
    if not word.isascii():
        return word
    if word.endswith("ies") and len(word) - 3 >= _SHORTEST:
        return word[:-3] + "y"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST and word[-2:] != "ss":
            return _TWICE.sub(r"\1", word.removesuffix(ending)).rstrip("e")
    return word.rstrip("e") if len(word) > _SHORTEST else word
