"""Count words in every script, and read tags.

Chinese, Japanese, Thai and their neighbours write without blanks: there so many characters count
as a word as one has on average. A tag is letters, digits, and the marks that belong to them.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from bot.core.model.links import is_resource, repeats
from bot.core.model.posts import ChannelMention, Code, Link, Span, Text

EMOJI: Final = re.compile(r":[a-z0-9_+'-]+:(?::skin-tone-\d:)?")

LONGEST_TAG: Final = 200
"""Characters of a tag that are read."""

_UNSPACED: Final = (
    # Han
    (re.compile("[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"), 1.5),
    # Hiragana, Katakana
    (re.compile("[\u3041-\u309f\u30a1-\u30ff\uff66-\uff9f]"), 3.0),
    # Thai, Lao, Tibetan, Burmese, Khmer
    (re.compile("[\u0e01-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff]"), 4.0),
)
"""Scripts without blanks, and how many characters of each make a word."""

_HASH: Final = re.compile(r"(?<![\w#\uff03&/])[#\uff03](?=\w)")
_COLOUR: Final = re.compile(r"(?=[a-f]*\d)(?:[0-9a-f]{6}|[0-9a-f]{8})")
_JOINERS: Final = "\u200c\u200d"
_MARKER: Final = "idea"


def count_words(body: Iterable[Span]) -> int:
    """Count words; mentions, emoji, bare links and lone signs are none."""
    count = 0
    for span in body:
        match span:
            case Text(text) | Code(text):
                count += words_in(text)
            case Link(_, label) if label and not (is_resource(span) and repeats(span)):
                count += words_in(label)
            case ChannelMention():
                count += 1
            case _:
                pass
    return count


def words_in(text: str) -> int:
    """Count the words of a text, in whatever script it is written."""
    written = 0.0
    if not text.isascii():
        for script, each in _UNSPACED:
            text, characters = script.subn(" ", text)
            written += characters / each
    words = (EMOJI.sub(" ", text) if ":" in text else text).split()
    spaced = sum([word[0].isalnum() or any(map(str.isalnum, word)) for word in words])
    return spaced + int(written + 1e-9)


def tags_in(body: Iterable[Span]) -> tuple[str, ...]:
    """`#words` with at least one letter, lower case, once each, in order; the marker is none."""
    found: dict[str, None] = {}
    for span in body:
        if isinstance(span, Text) and ("#" in span.text or "\uff03" in span.text):
            for sign in _HASH.finditer(span.text):
                tag = tag_of(span.text[sign.end() : sign.end() + LONGEST_TAG])
                if tag and tag != _MARKER:
                    found[tag] = None
    return tuple(found)


def tag_of(text: str) -> str:
    """The tag that a text begins with, in the one form in which it is kept; empty: none.

    A number is no tag, nor is a colour.
    """
    end = 0
    while end < len(text) and _belongs(text[end]):
        end += 1
    tag = unicodedata.normalize("NFC", text[:end]).lower().rstrip("-_" + _JOINERS)
    if not any(c.isalpha() for c in tag) or _COLOUR.fullmatch(tag):
        return ""
    return tag


def _belongs(char: str) -> bool:
    return char.isalnum() or char in "-_" + _JOINERS or unicodedata.category(char)[0] == "M"
