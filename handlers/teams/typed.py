"""Words for the bot, on their way to the desk and back: members and channels as references.

The desk reads what was typed with `typed_spans`; a button may give it back years later.
"""

from collections.abc import Iterable

from bot.core.model.posts import ChannelMention, Link, Mention, Span, Text
from bot.core.model.typed import REFERENCE, typed_text


def typed_words(body: Iterable[Span]) -> str:
    """Return what was typed as one text; of a link both its words and its address."""
    return typed_text(map(_with_address, body)).strip()


def typed_spans(words: str) -> tuple[Span, ...]:
    """Read what `typed_words` wrote."""
    spans: list[Span] = []
    end = 0
    for found in REFERENCE.finditer(words):
        sign, ident, label = found.groups()
        kind = Mention if sign == "@" else ChannelMention
        spans += [Text(words[end : found.start()]), kind(ident, label or None)]
        end = found.end()
    return tuple(span for span in (*spans, Text(words[end:])) if span != Text(""))


def _with_address(span: Span) -> Span:
    if isinstance(span, Link) and span.label and not span.url.startswith(("mailto:", "tel:")):
        return Text(f"{span.label} ({span.url})")
    return span
