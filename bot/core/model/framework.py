"""The framework: its components, and which of them a text speaks of.

Sorting adds up what each word says, so that the answer can always tell which words decided; a text
that says too little gets no answer. The framework that comes with the program also weighs words
(`component_weights`); a network's own has lists alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter

from bot.core.model.component_weights import ComponentWeights

_TOKEN = re.compile(r"\$|\d:\d|[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s\b")
_SKIPPED = frozenset(("a", "an", "the", "my", "our", "your", "their", "her", "his", "its"))
_DOUBLING = re.compile(r"(?:^|[^aeiou])[aeiou][bdgklmnprt]\Z")
"""Words like plan and fit, whose last letter doubles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One part of the framework.

    Attributes:
        code: short and stable; what ideas store.
        gear: the part of the wheel that it belongs to.
        name: its official name.
        short: a word or two for it, as they stand above its ideas.
        sign: an emoji for it; may be empty.
        aliases: other names that people use for it.
        description: our own sentence about it.
        column: where its ideas stand on the administrator's page, `leadership` or `teaching`.
        colour: `#rrggbb`, dark enough for text on white.
        words: word or phrase, as it stands in the file, and its weight.
    """

    code: str
    gear: str = ""
    name: str
    short: str
    sign: str = ""
    aliases: tuple[str, ...] = ()
    description: str = ""
    column: str = "teaching"
    colour: str = ""
    words: Mapping[str, float] = field(default_factory=dict, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Whatever people may call it: code, names and aliases."""
        return (self.code, self.name, self.short, *self.aliases)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A component that a text seems to speak of.

    Attributes:
        code: the component's code.
        score: how much speaks for it: points of the word lists, or, where words are weighed as
            `component_weights` says, the chance that it is right, 0 to 1.
        words: the words and phrases of the text that decided, the weightiest first.
    """

    code: str
    score: float
    words: tuple[str, ...]


_Hits = Sequence[tuple[Mapping[str, float], str]]
"""Each listed word or phrase of a text, once: its weights by component code, none where it counts
for nothing, and how the text writes it."""


@dataclass(frozen=True, slots=True)
class _Index:
    """The word lists, turned so that a text is read once, by look-ups alone."""

    stems: Mapping[str, str]
    """Every written form of a listed word -> its shortest listed form."""
    listed: Mapping[str | tuple[str | None, ...], Mapping[str, float]]
    """Weights of single words by every written form, of phrases by the stems of their words."""
    lengths: Mapping[str, tuple[int, ...]]
    """The first stem of a phrase -> how many words such phrases have, the longest first, then 1."""

    def hits(self, tokens: Sequence[str]) -> _Hits:
        stems = [*map(self.stems.get, tokens)]
        listed, lengths_of = self.listed.get, self.lengths.get
        found: dict[int, tuple[Mapping[str, float], str]] = {}
        at = 0
        for start, stem in enumerate(stems):
            if stem is None or start < at:
                continue
            for length in lengths_of(stem, (1,)):
                key = tokens[start] if length == 1 else tuple(stems[start : start + length])
                weights = listed(key)
                if weights is not None:
                    at = start + length
                    # All forms of a word share one mapping.
                    found.setdefault(id(weights), (weights, " ".join(tokens[start:at])))
                    break
        return list(found.values())


@dataclass(frozen=True, kw_only=True)
class Framework:
    """All components of one version, in the order of the file.

    Attributes:
        components: in their order; no name of one is a name of another.
        enough: the least score with which a component is suggested.
        second: what the second suggestion needs, as a share of the first one's score.
        ignored: phrases that use up their words and count for nothing.
        learned: weights for these components; None: the word lists alone decide.
    """

    version: str
    components: tuple[Component, ...]
    enough: float
    second: float
    ignored: tuple[str, ...] = ()
    learned: ComponentWeights | None = field(default=None, repr=False, compare=False)

    @cached_property
    def _index(self) -> _Index:
        return _make_index(self.components, self.ignored)

    @cached_property
    def _names(self) -> Mapping[str, Component]:
        return {plain_name(name): one for one in self.components for name in one.names}

    @cached_property
    def by_code(self) -> Mapping[str, Component]:
        """The components by their codes, in their order."""
        return {one.code: one for one in self.components}

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The names of the components by their codes, in their order."""
        return {one.code: one.name for one in self.components}

    @cached_property
    def typed(self) -> Mapping[str, str]:
        """The codes by what people type in a filter: code, name or alias, in lower case."""
        return {
            name.lower(): one.code
            for one in self.components
            for name in (one.code, one.name, *one.aliases)
        }

    def component(self, code: str) -> Component | None:
        """The component stored under *code*; None when this version has no such code."""
        found = self._names.get(plain_name(code))
        return found if found is not None and found.code == code else None

    def find(self, words: str) -> Component | None:
        """The component that a person means by a code, a name or an alias, in any case."""
        return self._names.get(plain_name(words))

    def suggest(self, text: str) -> tuple[Suggestion, ...]:
        """The best one or two components for *text*, or none when too little speaks for any.

        Args:
            text: plain text in any case; links and `:emoji:` count as the words in them.
        """
        tokens = tokens_of(text)
        hits = self._index.hits(tokens)
        return tuple(
            Suggestion(code, round(score, 2), self._deciding(code, hits, tokens))
            for code, score in self._ranked(hits, tokens)
        )

    def codes(self, text: str) -> tuple[str, ...]:
        """The components that `suggest` suggests, by their codes."""
        tokens = tokens_of(text)
        return tuple([code for code, _ in self._ranked(self._index.hits(tokens), tokens)])

    def points(self, text: str) -> dict[str, float]:
        """What the word lists find in a text, by component code."""
        return _points(self._index.hits(tokens_of(text)))

    def _ranked(self, hits: _Hits, tokens: Sequence[str]) -> list[tuple[str, float]]:
        scores = _points(hits)
        if self.learned is not None:
            return self.learned.ranked(scores, tokens)
        # Equal scores keep the order of the words in the text: sorting is stable.
        best = sorted(scores.items(), key=itemgetter(1), reverse=True)[:2]
        least = max(self.enough, best[0][1] * self.second) if best else 0.0
        return [(code, score) for code, score in best if score >= least]

    def _deciding(self, code: str, hits: _Hits, tokens: Sequence[str]) -> tuple[str, ...]:
        worth = 1.0 if self.learned is None else self.learned.point(code)
        found = [(weights[code] * worth, words) for weights, words in hits if code in weights]
        if self.learned is not None:
            found += self.learned.speaking(code, tokens)
        return tuple(dict.fromkeys(words for _, words in sorted(found, key=lambda item: -item[0])))


# -- turning the word lists ---------------------------------------------------------------------


def _make_index(components: Sequence[Component], ignored: Sequence[str]) -> _Index:
    entries = [(tokens_of(word), "", 0.0) for word in ignored] + [
        (tokens_of(word), component.code, weight)
        for component in components
        for word, weight in component.words.items()
    ]
    forms = {word: tuple(_forms(word)) for key, _, _ in entries for word in key}
    stems: dict[str, str] = {}
    # Shorter words first: what is a form of a shorter listed word shares its stem.
    for word in sorted(forms, key=lambda w: (len(w), w)):
        stem = stems.setdefault(word, word)
        for form in forms[word]:
            stems.setdefault(form, stem)
    listed: dict[str | tuple[str | None, ...], dict[str, float]] = {}
    lengths: dict[str, set[int]] = {}
    for key, code, weight in entries:
        if len(key) == 1:
            weights = listed.setdefault(key[0], {})
        else:
            stemmed = tuple(stems[word] for word in key)
            weights = listed.setdefault(stemmed, {})
            lengths.setdefault(stemmed[0], {1}).add(len(key))
        if code:
            weights[code] = max(weight, weights.get(code, 0.0))
    for single, weights in list(listed.items()):
        if isinstance(single, str):
            for form in forms[single]:
                listed.setdefault(form, weights)
    return _Index(
        stems=stems,
        listed=listed,
        lengths={stem: tuple(sorted(found, reverse=True)) for stem, found in lengths.items()},
    )


def _forms(word: str) -> Iterator[str]:
    """The regular forms of an English noun or verb; that some do not exist does no harm."""
    if len(word) < 2 or not word.isalpha():
        return
    if word.endswith("y") and word[-2] not in "aeiou":
        yield word[:-1] + "ies"
        yield word[:-1] + "ied"
    elif word.endswith(("s", "x", "z", "ch", "sh")):
        yield word + "es"
    else:
        yield word + "s"
    if len(word) < 3:
        return
    if word.endswith("e"):
        yield word + "d"
        yield word[:-1] + "ing"
        return
    yield word + "ed"
    yield word + "ing"
    if _DOUBLING.search(word):
        yield word + word[-1] + "ed"
        yield word + word[-1] + "ing"


def tokens_of(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, without articles and possessive endings."""
    plain = _POSSESSIVE.sub("", text.lower())
    return tuple([token for token in _TOKEN.findall(plain) if token not in _SKIPPED])


def plain_name(name: str) -> str:
    """Return a name as it is looked up: in any case, without articles and marks."""
    return " ".join(tokens_of(name))


def _points(hits: _Hits) -> dict[str, float]:
    points: dict[str, float] = {}
    for weights, _ in hits:
        for code, weight in weights.items():
            points[code] = points.get(code, 0.0) + weight
    return points
