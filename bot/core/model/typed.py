"""What somebody typed: tidied, with references to members and channels, fit for a sentence."""

import re
import unicodedata
from collections.abc import Iterable
from typing import assert_never

from bot.core.model.posts import ChannelMention, Code, Link, Mention, Span, Special, Text

_TYPED = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02", '"')
    | dict.fromkeys("\u2010\u2011", "-")
    | {"\uff1a": ":", "\uff03": "#", "\uff20": "@"}
)


_UNSEEN = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff\ufdd0-\ufddf]"
)


REFERENCE = re.compile(r"([@#])\[([^\[\]|]+)(?:\|([^\[\]]*))?\]")
"""A member or a channel that the platform knows by id: `@[U1]`, `#[C1|mentoring]`."""
NAMELESS = re.compile(r"#\[[^\[\]|]+\]")
"""A channel whose name the platform left out."""


def reference(sign: str, ident: str, label: str = "") -> str:
    """Return how typed text names a member (`@`) or a channel (`#`) by id.

    Args:
        label: the name that the platform shows, where it says it.
    """
    shown = re.sub(r"[\[\]]", "", label)
    return f"{sign}[{ident}|{shown}]" if shown else f"{sign}[{ident}]"


def typed_text(body: Iterable[Span]) -> str:
    """Return what was typed as its author saw it; members and channels as references."""
    return "".join(map(_typed, body))


def _typed(span: Span) -> str:
    match span:
        case Mention(member, label):
            return reference("@", member, label or "")
        case ChannelMention(channel, label):
            return reference("#", channel, label or "")
        case Link(url, label):
            return label or url.removeprefix("mailto:")
        case Special(words):
            return words.removeprefix("@")
        case Text(words) | Code(words):
            return words
        case _ as never:
            assert_never(never)


def tidy(text: str) -> str:
    """Quotes and hyphens as keyboards have them; what cannot be seen is dropped.

    Phones and word processors put others in their place; control characters become blanks.
    """
    seen = _UNSEEN.sub("", text.translate(_TYPED))
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in seen)


def plain(text: str) -> str:
    """Return typed text with each reference as people see it: `@rosa`, `#mentoring`."""
    return REFERENCE.sub(lambda found: found[1] + (found[3] or found[2]), text)


def short(text: str) -> str:
    """What somebody wrote, fit to stand in a sentence of ours: one line, 40 characters at most."""
    words = " ".join(text.replace("`", "'").split())
    return words if len(words) <= 40 else words[:39] + "…"
