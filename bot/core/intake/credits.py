"""Who is thanked in a post, and who sent it where an app has posted it.

`with @x`, `credit @x`, `thanks to @x`, `h/t @x` and `via @x` thank a person,
and those who follow by comma or `and`. A name that is typed goes on over the words that are
written like names.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from bot.core.model.ideas import Credit
from bot.core.model.posts import Mention, Post, Span, Text

_WORD: Final = r"\w(?:[\w.'’-]*\w)?"
_THANKING: Final = re.compile(
    r"\b(?:with|credits?(?: to)?:?|thanks to|h/t:?|via)(?:\s+(?=@\w)|\s*$)", re.IGNORECASE
)
_AND: Final = re.compile(
    r"\s*(?:(?:[,\uff0c\u3001;/]|\band\b|&|\+|\by\b|\bet\b|\bund\b)\s*)*", re.IGNORECASE
)
_TYPED: Final = re.compile(rf"@({_WORD})")
_PARTICLE: Final = r"(?:de|la|del|van|von|der|den|da|di|bin|al|le|du|st\.)"
_MORE_NAME: Final = re.compile(rf" ((?:{_PARTICLE} )*)({_WORD})")
_MOST_NAMES: Final = 3
_NO_NAME: Final = re.compile(
    r"a|after|all|also|an|and|are|as|at|before|but|by|everyone|for|from|he|here|how|i|if|in|is|it"
    r"|it's|last|my|next|no|now|on|our|she|so|thanks?|that|the|their|then|there|these|they|this|to"
    r"|today|tomorrow|was|we|what|when|where|who|why|with|yesterday|you|your|january|february"
    r"|march|april|june|july|august|september|october|november|december|\w+day",
    re.IGNORECASE,
)
"""Words that begin a sentence or name a day: they end a name that was typed."""

_FROM: Final = re.compile(
    r"\b(?:from|by|author|sender|name|who|submitter|autora?|von|par|por)[\s*_:]*$", re.IGNORECASE
)
_SAYS: Final = re.compile(
    r"[\s*_]*(?:['’]s idea\b|(?:shared|shares|submitted|posted|wrote|writes|says|said|has)\b|:)",
    re.IGNORECASE,
)
"""What stands before and behind the name of whoever sent a post that an app has made of it."""


def credits_in(post: Post, names: Mapping[str, str]) -> Iterator[Credit]:
    """Those whom a post thanks, once each; nobody thanks themselves."""
    seen: set[str] = {post.author_id}
    for credit in (*post.credited, *_thanked(post.body)):
        if isinstance(credit, Mention):
            key = credit.member_id
            name = names.get(key) or credit.label or key
        else:
            key, name = credit.casefold(), credit
        if key not in seen:
            seen.add(key)
            yield Credit(one_line(name), key if isinstance(credit, Mention) else None)


def sender_of(body: Iterable[Span]) -> str:
    """The id of the one member whom a post by an app names as its sender; empty: none, or more."""
    spans = list(body)
    senders: dict[str, None] = {}
    for at, span in enumerate(spans):
        if isinstance(span, Mention):
            before, after = _text_at(spans, at - 1), _text_at(spans, at + 1)
            begins = not before.rpartition("\n")[2].strip(" *_")
            if _FROM.search(before) or (begins and _SAYS.match(after)):
                senders[span.member_id] = None
    return next(iter(senders)) if len(senders) == 1 else ""


def one_line(name: str) -> str:
    """A name for a list that is joined by semicolons, on one line."""
    return " ".join(name.replace(";", ",").split())


def _text_at(spans: list[Span], at: int) -> str:
    span = spans[at] if 0 <= at < len(spans) else None
    return span.text if isinstance(span, Text) else ""


def _thanked(body: Sequence[Span]) -> Iterator[Mention | str]:
    if not any(isinstance(s, Mention) or (isinstance(s, Text) and "@" in s.text) for s in body):
        return
    thanking = False  # whether a name that comes now belongs to those who are thanked
    for span in body:
        if isinstance(span, Mention) and thanking:
            yield span
        elif isinstance(span, Text):
            names, thanking = _typed(span.text, thanking=thanking)
            yield from names
        else:
            thanking = False


def _typed(text: str, *, thanking: bool) -> tuple[list[str], bool]:
    """The names that a text thanks, and whether a mention right behind it is thanked too."""
    names: list[str] = []
    at = 0
    while True:
        if thanking:
            joined = _AND.match(text, at)
            at = joined.end() if joined else at
            if at == len(text):
                return names, True
            if typed := _TYPED.match(text, at):
                name, at = _whole_name(text, typed)
                names.append(name)
                continue
        start = _THANKING.search(text, at)
        if start is None:
            return names, False
        at, thanking = start.end(), True


def _whole_name(text: str, typed: re.Match[str]) -> tuple[str, int]:
    """A typed name with the words that belong to it, and where it ends."""
    end = typed.end()
    for _ in range(_MOST_NAMES):
        more = _MORE_NAME.match(text, end)
        if not more or not more[2][0].isupper() or _NO_NAME.fullmatch(more[2]):
            break
        end = more.end()
    return re.sub("['’]s\\Z", "", text[typed.start(1) : end]), end
