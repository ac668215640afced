"""Weigh a post word by word: does somebody tell of their practice, or of the day?

A text's score is the sum over its different words, so that
the words which decided can always be named.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.model.links import is_resource, repeats
from bot.core.model.posts import ChannelMention, Link, Mention, Span, Special, Text
from bot.core.model.words import EMOJI, words_in

LINK: Final = "(link)"
NAME: Final = "(name)"
EVERYBODY: Final = "(everybody)"
SHORT: Final = "(short)"
LONG: Final = "(long)"
LINK_SHORT: Final = "(link, short)"

_SHORT: Final = 12
_LONG: Final = 40
_STRANGE: Final = 0.2
"""Where no more of the words than this have a weight, we do not know the language."""

_TOKEN: Final = re.compile(
    r"[^\W\d_]+(?:'[^\W\d_]+)*|@\w+|\$[\d,.]+|\d{1,2}:\d\d|\d+(?:[.,]\d+)*%?|[?!¿¡]"
)
_LOUD: Final = frozenset({"@channel", "@here", "@everyone"})
_DAYS: Final = (
    "monday tuesday wednesday thursday friday saturday sunday tue wed thu fri "
    "lunes martes miércoles jueves viernes sábado domingo"
)
_MONTHS: Final = (  # not may and march, which are words of their own
    "january february april june july august september october november december "
    "enero febrero abril junio julio agosto septiembre octubre noviembre diciembre"
)
_CALENDAR: Final = dict.fromkeys(_DAYS.split(), "(day)") | dict.fromkeys(_MONTHS.split(), "(month)")


@dataclass(frozen=True, slots=True)
class Rules:
    """What each word speaks for, above 0 practice, below 0 the day; and what is small talk.

    Args:
        say: what a text starts with.
        ask: likewise, one that only asks.
        answer: likewise, an answer to the week's question.
        sure: a text that weighs less than this below 0 is of the day without a doubt.
        small_talk: how small talk opens: phrases as `reader.phrase_of` gives them.
    """

    words: Mapping[str, float]
    say: float
    ask: float
    answer: float
    sure: float
    small_talk: frozenset[str] = frozenset()

    def score(self, body: Iterable[Span], start: float) -> float | None:
        """What a text weighs: above 0 it tells of practice; None: we do not know its language.

        Args:
            start: what it starts with: `say`, `ask` or `answer`.
        """
        tokens = tokens_of(body)
        known = [token for token in tokens if token in self.words]
        if _spoken(known) <= _STRANGE * _spoken(tokens):
            return None
        return start + sum([self.words[token] for token in known])


def tokens_of(body: Iterable[Span]) -> Sequence[str]:
    """The different words of a body in lower case; numbers, days, names, links by what they are."""
    found: dict[str, None] = {}
    words = 0
    for span in body:
        text = ""
        match span:
            case Text():
                text = span.text
            case Link(_, label) if is_resource(span):
                found[LINK] = None
                text = "" if repeats(span) else label or ""
            case Link(_, label) | ChannelMention(_, label):
                text = label or ""
            case Mention():
                found[NAME] = None
            case Special():
                found[EVERYBODY] = None
            case _:
                pass
        words += words_in(text)
        found |= dict.fromkeys(_tokens(text))
    if words < _SHORT:
        found[SHORT] = None
        if LINK in found:
            found[LINK_SHORT] = None
    elif words > _LONG:
        found[LONG] = None
    return tuple(found)


def _tokens(text: str) -> Sequence[str]:
    plain = text.lower().replace("’", "'")
    if ":" in plain:
        plain = EMOJI.sub(" ", plain)
    return [
        _CALENDAR.get(token, token) if token[0].isalpha() else _kind(token)
        for token in _TOKEN.findall(plain)
    ]


def _kind(token: str) -> str:
    first = token[0]
    if first == "@":
        return EVERYBODY if token in _LOUD else NAME
    if first == "$":
        return "(money)"
    if not first.isdigit():
        return token
    if token[-1] == "%":
        return "(percent)"
    return "(time)" if ":" in token else "(number)"


def _spoken(tokens: Sequence[str]) -> int:
    return sum([token[0].isalpha() for token in tokens])
