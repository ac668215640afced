"""What somebody typed: tidied, without the platform's escapes, and fit to stand in a sentence."""

from __future__ import annotations

import re
import unicodedata

_TYPED = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02", '"')
    | dict.fromkeys("\u2010\u2011", "-")
    | {"\uff1a": ":", "\uff03": "#", "\uff20": "@"}
)


_UNSEEN = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)


LINKED = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def tidy(text: str) -> str:
    """Quotes and hyphens as keyboards have them; what cannot be seen is dropped.

    Phones and word processors put others in their place; control characters become blanks.
    """
    seen = _UNSEEN.sub("", text.translate(_TYPED))
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in seen)


def plain(text: str) -> str:
    """The platform's escaped links by their words, then its entities as characters, once."""
    return unescaped(LINKED.sub(_shown, text))


def _shown(link: re.Match[str]) -> str:
    inner, label = link[1], link[2]
    if inner[:1] in {"@", "#"}:
        return inner[0] + (label or inner[1:])
    return label or inner.removeprefix("!").removeprefix("mailto:")


def unescaped(text: str) -> str:
    """Text with the platform's entities as the characters that they stand for."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escaped(text: str) -> str:
    """Text as the platform would escape it; `plain` reads it back."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def short(text: str) -> str:
    """What somebody wrote, fit to stand in a sentence of ours: one line, 40 characters at most."""
    words = " ".join(text.replace("`", "'").split())
    return words if len(words) <= 40 else words[:39] + "…"
