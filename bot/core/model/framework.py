"""The framework: its components, and which of them a text speaks of.

The data stands in `framework.toml`. Sorting adds up what each word says, so that the answer can
always tell which words decided; a text that says too little gets no answer. The framework that
comes with the program also weighs words (`component_weights`); a network's own has lists alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.core.model.component_weights import ComponentWeights, load_component_weights
from bot.core.model.datafile import Table, read

_TOKEN = re.compile(r"\$|\d:\d|[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s\b")
_SKIPPED = frozenset(("a", "an", "the", "my", "our", "your", "their", "her", "his", "its"))
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}\Z")
_CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}\Z")
_SIGN = 8
"""Characters of which the longest emoji is made."""
_DOUBLING = re.compile(r"(?:^|[^aeiou])[aeiou][bdgklmnprt]\Z")
"""Words like plan and fit, whose last letter doubles."""
_CONTRAST = 4.5
"""The least contrast of a component's colour with white (WCAG 2, level AA)."""


@dataclass(frozen=True, slots=True)
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
        colour: `#rrggbb`, dark enough for text on white.
        words: word or phrase, as it stands in the file, and its weight.
    """

    code: str
    gear: str
    name: str
    short: str
    sign: str
    aliases: tuple[str, ...]
    description: str
    colour: str
    words: Mapping[str, float] = field(repr=False)


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


@dataclass(frozen=True, slots=True)
class _Entry:
    """A word or phrase of the file. It counts for nothing when *weights* is empty."""

    key: str
    weights: tuple[tuple[str, float], ...]
    """Component code and weight."""


@dataclass(frozen=True, slots=True)
class _Index:
    """The word lists, turned so that a text is read once, by look-ups alone."""

    stems: Mapping[str, str]
    """Every written form of a listed word -> its shortest listed form."""
    words: Mapping[str, _Entry]
    """Every written form of a listed single word -> its entry."""
    phrases: Mapping[tuple[str | None, ...], _Entry]
    """Phrases by the stems of their words."""
    lengths: Mapping[str, tuple[int, ...]]
    """The first stem of a phrase -> how many words such phrases have, the longest first."""

    def hits(self, tokens: Sequence[str]) -> list[tuple[_Entry, str]]:
        """Each listed word or phrase of a text, once, and how the text writes it."""
        stems = [*map(self.stems.get, tokens)]
        word_of, phrase_of, lengths_of = self.words.get, self.phrases.get, self.lengths.get
        found: dict[str, tuple[_Entry, str]] = {}
        at = 0
        for start, stem in enumerate(stems):
            if stem is None or start < at:
                continue
            for length in lengths_of(stem, ()):
                entry = phrase_of(tuple(stems[start : start + length]))
                if entry is not None:
                    at = start + length
                    found.setdefault(entry.key, (entry, " ".join(tokens[start:at])))
                    break
            else:
                entry = word_of(tokens[start])
                if entry is not None:
                    found.setdefault(entry.key, (entry, tokens[start]))
        return list(found.values())


@dataclass(frozen=True, slots=True)
class Framework:
    """All components of one version, in the order of the file."""

    version: str
    components: tuple[Component, ...]
    enough: float
    """The least score with which a component is suggested."""
    second: float
    """What the second suggestion needs, as a share of the first one's score."""
    learned: ComponentWeights | None = field(repr=False, compare=False)
    _index: _Index = field(repr=False, compare=False)
    _names: Mapping[str, Component] = field(repr=False, compare=False)

    def component(self, code: str) -> Component | None:
        """The component stored under *code*; None when this version has no such code."""
        found = self._names.get(_plain(code))
        return found if found is not None and found.code == code else None

    def find(self, words: str) -> Component | None:
        """The component that a person means by a code, a name or an alias, in any case."""
        return self._names.get(_plain(words))

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

    def _ranked(
        self, hits: Sequence[tuple[_Entry, str]], tokens: Sequence[str]
    ) -> list[tuple[str, float]]:
        scores = _points(hits)
        if self.learned is not None:
            return self.learned.ranked(scores, tokens)
        # Equal scores keep the order of the words in the text: sorting is stable.
        best = sorted(scores.items(), key=_score, reverse=True)[:2]
        least = max(self.enough, best[0][1] * self.second) if best else 0.0
        return [(code, score) for code, score in best if score >= least]

    def _deciding(
        self, code: str, hits: Sequence[tuple[_Entry, str]], tokens: Sequence[str]
    ) -> tuple[str, ...]:
        worth = 1.0 if self.learned is None else self.learned.point(code)
        found = [
            (weight * worth, words)
            for entry, words in hits
            for c, weight in entry.weights
            if c == code
        ]
        if self.learned is not None:
            found += self.learned.speaking(code, tokens)
        return tuple(dict.fromkeys(words for _, words in sorted(found, key=lambda item: -item[0])))


def load_framework(text: str | None = None, *, called: str = "framework.toml") -> Framework:
    """Read a framework file.

    Args:
        text: the TOML; None reads the file that comes with the program.
        called: what to call it in an error.

    Raises:
        FrameworkError: what is wrong with which entry, and what would be right.
    """
    file = read(called, text)
    file.only("version", "enough", "second", "ignored", "weights", "component")
    named = file.table("weights")
    weights = {name: named.number(name) for name in named.data}
    ignored = frozenset(file.texts("ignored"))
    components: list[Component] = []
    names: dict[str, Component] = {}
    for entry in file.entries("component", "code"):
        component = _component(entry, weights)
        for name in (component.code, component.name, component.short, *component.aliases):
            other = names.setdefault(_plain(name), component)
            if other is not component:
                raise entry.wrong(
                    f'the name "{name}" is also a name of {other.code}', "give each its own names"
                )
        for word in component.words.keys() & ignored:
            raise entry.wrong(f'"{word}" is also under `ignored`', "keep one of the two")
        components.append(component)
    return Framework(
        version=file.text("version"),
        components=tuple(components),
        enough=file.number("enough"),
        second=file.number("second"),
        learned=load_component_weights([one.code for one in components]) if text is None else None,
        _index=_make_index(components, sorted(ignored)),
        _names=names,
    )


def _component(entry: Table, weights: Mapping[str, float]) -> Component:
    entry.only("code", "gear", "name", "short", "sign", "aliases", "description", "colour", "words")
    code = entry.text("code")
    if not _CODE.match(code):
        raise entry.wrong(f'the code "{code}" is not valid', "use 2 to 12 capitals, such as LIT")
    full = entry.text("name")
    sign = entry.text("sign") if "sign" in entry.data else ""
    if len(sign) > _SIGN or any(map(str.isalnum, sign)):
        raise entry.wrong(f'the sign "{sign}" is not valid', "use one emoji, such as 📖")
    colour = entry.text("colour")
    if not _COLOUR.match(colour):
        raise entry.wrong(f'"{colour}" is not a colour', "write six digits, such as #2B479C")
    if contrast_with_white(colour) < _CONTRAST:
        raise entry.wrong(f"{colour} is too pale to read on white", "choose a darker colour")
    lists = entry.table("words")
    words: dict[str, float] = {}
    for name in lists.data:
        if name not in weights:
            raise entry.wrong(f'"{name}" is not a weight', f"use one of {', '.join(weights)}")
        for word in lists.texts(name):
            if not tokens_of(word):
                raise entry.wrong(f'"{word}" has no word in it', "take it out")
            if word in words:
                raise entry.wrong(f'"{word}" is listed twice', "keep one of the two")
            words[word] = weights[name]
    return Component(
        code=code,
        gear=entry.text("gear"),
        name=full,
        short=entry.text("short") if "short" in entry.data else full,
        sign=sign,
        aliases=entry.texts("aliases"),
        description=entry.text("description"),
        colour=colour,
        words=MappingProxyType(words),
    )


# -- turning the word lists ---------------------------------------------------------------------


def _make_index(components: Sequence[Component], ignored: Sequence[str]) -> _Index:
    listed = [(tokens_of(word), "", 0.0) for word in ignored] + [
        (tokens_of(word), component.code, weight)
        for component in components
        for word, weight in component.words.items()
    ]
    forms = {word: tuple(_forms(word)) for key, _, _ in listed for word in key}
    stems: dict[str, str] = {}
    # Shorter words first: what is a form of a shorter listed word shares its stem.
    for word in sorted(forms, key=lambda w: (len(w), w)):
        stem = stems.setdefault(word, word)
        for form in forms[word]:
            stems.setdefault(form, stem)
    singles: dict[str, dict[str, float]] = {}
    several: dict[tuple[str | None, ...], dict[str, float]] = {}
    for key, code, weight in listed:
        if len(key) == 1:
            by_code = singles.setdefault(key[0], {})
        else:
            by_code = several.setdefault(tuple(stems[word] for word in key), {})
        if code:
            by_code[code] = max(weight, by_code.get(code, 0.0))
    words = {word: _Entry(word, tuple(by_code.items())) for word, by_code in singles.items()}
    for word, entry in list(words.items()):
        for form in forms[word]:
            words.setdefault(form, entry)
    lengths: dict[str, set[int]] = {}
    for stemmed in several:
        lengths.setdefault(str(stemmed[0]), set()).add(len(stemmed))
    return _Index(
        stems=stems,
        words=words,
        phrases={
            stemmed: _Entry(" ".join(map(str, stemmed)), tuple(by_code.items()))
            for stemmed, by_code in several.items()
        },
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


def _plain(name: str) -> str:
    return " ".join(tokens_of(name))


def _score(item: tuple[str, float]) -> float:
    return item[1]


def _points(hits: Sequence[tuple[_Entry, str]]) -> dict[str, float]:
    points: dict[str, float] = {}
    for entry, _ in hits:
        for code, weight in entry.weights:
            points[code] = points.get(code, 0.0) + weight
    return points


def contrast_with_white(colour: str) -> float:
    """How well `#rrggbb` stands out from white, 1 to 21, by the rule of WCAG 2."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
