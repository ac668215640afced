"""What words speak for, learnt from labelled texts: weights beside the framework's word lists.

The lists know what is certain, such as a phrase that can mean one thing only. What a single word
is worth in the company of others was learnt by logistic regression from the labelled texts in
`tests/data` (by `tests/learn_components.py`) and stands in `component_weights.json`, word by word.
A text about nothing of the kind is an answer like any other, so one weak word never decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from operator import itemgetter
from typing import Final

LETTERS: Final = 6
"""Words that begin with the same letters, this many, are one: partner, partners, partnered."""
MOST_POINTS: Final = 8.0
"""More points than this of the framework's lists add nothing."""
NOTHING: Final = ""
"""Stands where a component's code would, for a text about nothing of the kind."""


SHORT: Final = 3
"""Words of so few letters, such as we and our, are weighed but not named."""
TOLD: Final = 0.3
"""A word that says less than this for a component is not named as speaking for it."""

Weights = tuple[float, ...]
"""What speaks for each component, in the framework's order, and last for nothing of the kind."""


@dataclass(frozen=True, slots=True)
class ComponentWeights:
    """The weights, and how sure an answer must be.

    Attributes:
        codes: the components' codes, in the framework's order.
        silent: with this chance or more that a text is about nothing of the kind, it gets none.
        least: the least chance of a first component, *second*: of a second one.
        base: what speaks for each before a word is read.
        points: component code -> what a point that the framework's lists give it says for each.
        words: the first letters of a word -> what it says for each; below zero, against it.
    """

    codes: tuple[str, ...]
    silent: float
    least: float
    second: float
    base: Weights
    points: Mapping[str, Weights]
    words: Mapping[str, Weights]

    def ranked(self, points: Mapping[str, float], tokens: Iterable[str]) -> list[tuple[str, float]]:
        """The best one or two components and their chances, or none.

        Args:
            points: what the framework's lists found, by component code.
            tokens: the words of the text, in lower case.
        """
        rows: list[Sequence[float]] = [self.base]
        for code, number in points.items():
            worth = min(number, MOST_POINTS)
            rows.append([worth * weight for weight in self.points[code]])
        known = self.words.get
        # In the text's order: a sum in another order differs a little, and a set's order changes.
        different = dict.fromkeys([token[:LETTERS] for token in tokens])
        rows += [row for one in different if (row := known(one))]
        sums = [*map(sum, zip(*rows, strict=True))]
        most = max(sums)
        *odds, nothing = [exp(value - most) for value in sums]
        whole = sum(odds) + nothing
        if nothing >= self.silent * whole:
            return []
        best = sorted(zip(odds, self.codes, strict=True), key=itemgetter(0), reverse=True)[:2]
        return [
            (code, odd / whole)
            for (odd, code), least in zip(best, (self.least, self.second), strict=True)
            if odd >= least * whole
        ]

    def speaking(self, code: str, tokens: Sequence[str]) -> list[tuple[float, str]]:
        """The words of a text that speak for a component, and how much; each word once."""
        at = self.codes.index(code)
        first = {token[:LETTERS]: token for token in reversed(tokens) if len(token) > SHORT}
        said = ((row[at], first[one]) for one in first if (row := self.words.get(one)))
        return [(weight, token) for weight, token in said if weight >= TOLD]

    def point(self, code: str) -> float:
        """What a point that the framework's lists give a component says for it."""
        return self.points[code][self.codes.index(code)]
