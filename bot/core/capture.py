"""Read a post: is it an idea, and what is in it? One place, no I/O.

The rules are product.md's in words: five words or a link, a file or a mark make an idea; a short
greeting does not; a post that only asks is a question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.datafile import read
from bot.core.model import (
    NOTHING,
    ChannelMention,
    Credit,
    Draft,
    Kind,
    Link,
    Mention,
    NotAnIdea,
    Post,
    Resource,
    Special,
    Text,
)
from bot.core.resources import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.core.framework import Framework
    from bot.core.model import Span

ENOUGH_WORDS = 5
"""A post of this many words says something."""

SMALL_TALK_WORDS = 15
"""A post of this many words is not small talk, however it opens."""

LONGEST_TEXT = 40_000
"""Characters kept of one post: what Slack itself lets through."""

_EMOJI = re.compile(r":[a-z0-9_+'-]+:(?::skin-tone-\d:)?")
_MARK = re.compile(r"\bidea:|(?<![\w#&/])#idea\b|:bulb:|💡", re.IGNORECASE)
_TAG = re.compile(r"(?<![\w#&/])#(\w[\w-]*)")
_TYPED_NAME = re.compile(r"@(\w[\w.'-]*\w|\w)")
_CREDITS_BEFORE = re.compile(r"(?:\bwith|\bcredits?(?: to)?:?|\bh/t:?|\bvia)\s*$", re.IGNORECASE)
_CREDITS_TYPED = re.compile(
    r"(?:\bwith|\bcredits?(?: to)?:?|\bh/t:?|\bvia)\s+(?=@\w)", re.IGNORECASE
)
_TYPED_LINK = re.compile(r"https?://[^\s<>|]+")
_AND = re.compile(r"\s*(?:,\s*(?:and\s+|&\s*)?|and\s+|&\s*|\+\s*)", re.IGNORECASE)
_LAST_TOKEN = re.compile(r"(?:\s+|[\"'”’)\]*_~]|:[a-z0-9_+'-]+:|@\S+|[^\w\s?!.,;:…()])$")
_MARKER_TAG = "idea"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads posts by the rules of *framework* and a list of phrases that open small talk.

    Args:
        small_talk: lower-case phrases, words separated by single spaces.
    """

    framework: Framework
    small_talk: frozenset[str]

    def read(self, post: Post, names: Mapping[str, str] = NOTHING) -> Draft | NotAnIdea:
        """Read a top-level post.

        Args:
            names: names of members and channels by id, as far as they are known.
        """
        draft = self.draft(post, names)
        if draft.marked or draft.resources or post.files:
            return draft
        words = count_words(post.body)
        if words < ENOUGH_WORDS:
            return NotAnIdea("short")
        if words < SMALL_TALK_WORDS and self._is_small_talk(post.body):
            return NotAnIdea("small talk")
        return draft

    def read_answer(self, post: Post, names: Mapping[str, str] = NOTHING) -> Draft | NotAnIdea:
        """Read a reply in a prompt's thread."""
        draft = self.draft(post, names)
        if draft.marked or draft.resources or post.files:
            return draft
        if count_words(post.body) < ENOUGH_WORDS:
            return NotAnIdea("short")
        if draft.kind is Kind.QUESTION:
            return NotAnIdea("question")
        return draft

    def draft(
        self, post: Post, names: Mapping[str, str] = NOTHING, *, marked: bool = False
    ) -> Draft:
        """Say what is in a post, whether or not it reads as an idea.

        Args:
            marked: somebody marked it with :bulb:, whatever its text says.
        """
        text, unnamed = plain_text(post.body, names)
        marked = marked or is_marked(post.body)
        found = tuple(_resources(post))
        asks = not marked and not found and bool(text) and _only_asks(text)
        return Draft(
            text=text,
            kind=Kind.QUESTION if asks else Kind.IDEA,
            marked=marked,
            tags=tags_in(post.body),
            resources=found,
            credits=tuple(_credits(post, names)),
            components=() if asks else self.framework.codes(text),
            framework=self.framework.version,
            unnamed=unnamed,
        )

    def _is_small_talk(self, body: tuple[Span, ...]) -> bool:
        opening = []
        for word in _opening_words(body, limit=6):
            opening.append(word)
            if " ".join(opening) in self.small_talk:
                return True
        return False


def load_small_talk(text: str | None = None) -> frozenset[str]:
    """Read the phrases that open small talk; None: the list that comes with the program.

    Raises:
        FrameworkError: it is not TOML, or `openers` is no list of texts.
    """
    openers = read("capture.toml", text).texts("openers")
    return frozenset(" ".join(_words_of(opener)) for opener in openers)


def plain_text(body: Iterable[Span], names: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Write a body as plain text; returns it and the ids that have no name yet.

    Links become `label (url)`. Where a name is not known, the id stands in its place.
    """
    out: list[str] = []
    unnamed: list[str] = []
    for span in body:
        match span:
            case Text(text):
                out.append(text)
            case Mention(member_id, label):
                name = names.get(member_id) or label
                if not name:
                    unnamed.append(member_id)
                out.append(f"@{name or member_id}")
            case ChannelMention(channel_id, label):
                name = label or names.get(channel_id)
                if not name:
                    unnamed.append(channel_id)
                out.append(f"#{name or channel_id}")
            case Link(url, label):
                address = url.removeprefix("mailto:")
                out.append(f"{label} ({url})" if label and label not in {url, address} else address)
            case Special(words):
                out.append(words)
    text = "".join(out).replace("\x00", "").strip()
    return text[:LONGEST_TEXT], tuple(dict.fromkeys(unnamed))


def count_words(body: Iterable[Span]) -> int:
    """Count words, split at spaces; mentions, emoji and bare links are none."""
    count = 0
    for span in body:
        match span:
            case Text(text):
                words = text.split()
                if text.isascii() and ":" not in text:  # most texts: there is no emoji in it
                    count += len(words)
                else:
                    count += sum(not _is_emoji(word) for word in words)
            case Link(url, label) if label and label not in {url, url.removeprefix("mailto:")}:
                count += len(label.split())
            case ChannelMention():
                count += 1
            case _:
                pass
    return count


def is_marked(body: Iterable[Span]) -> bool:
    """Whether its author marked a post: `idea:`, `#idea` or :bulb:, or a channel named so."""
    return any(
        _has_mark(span.text)
        if isinstance(span, Text)
        else isinstance(span, ChannelMention) and (span.label or "").lower() == _MARKER_TAG
        for span in body
    )


def _has_mark(text: str) -> bool:
    # A look for plain words is far quicker than the pattern, and nearly always enough.
    if "💡" in text:
        return True
    lower = text.lower()
    return ("idea" in lower or ":bulb:" in lower) and bool(_MARK.search(text))


def tags_in(body: Iterable[Span]) -> tuple[str, ...]:
    """`#words` with at least one letter, lower case, once each, in order; the marker is none."""
    found: dict[str, None] = {}
    for span in body:
        if isinstance(span, Text) and "#" in span.text:
            for word in _TAG.findall(span.text):
                tag = word.lower().rstrip("-_")
                if tag != _MARKER_TAG and any(c.isalpha() for c in tag):
                    found[tag] = None
    return tuple(found)


def with_names(draft: Draft, post: Post, names: Mapping[str, str]) -> Draft:
    """The same draft with names where ids stood."""
    if not draft.unnamed:
        return draft
    text, unnamed = plain_text(post.body, names)
    return replace(draft, text=text, unnamed=unnamed, credits=tuple(_credits(post, names)))


def _only_asks(text: str) -> bool:
    """Whether the last sentence asks; emoji, names and closing marks after it do not count."""
    end = text[-200:]
    if "?" not in end:
        return False
    while match := _LAST_TOKEN.search(end):
        end = end[: match.start()]
    return end.endswith("?")


def _is_emoji(word: str) -> bool:
    if word.startswith(":") and not _EMOJI.sub("", word):
        return True
    return not word.isascii() and not any(c.isalnum() for c in word)


def _words_of(text: str) -> Iterator[str]:
    for raw in text.lower().replace("’", "'").split():
        if not _is_emoji(raw):
            word = raw.strip(".,;:!?…-–—*_~()\"'“”")
            if word:
                yield word


def _opening_words(body: tuple[Span, ...], *, limit: int) -> Iterator[str]:
    given = 0
    for span in body:
        if isinstance(span, Text):
            for word in _words_of(span.text):
                yield word
                given += 1
                if given == limit:
                    return
        elif isinstance(span, Link):
            return


def _resources(post: Post) -> Iterator[Resource]:
    yield from _link_resources(post.body, post.titles)
    for file in post.files:
        yield Resource(file.url, kind_of(file.url, file.media_type, file.title), file.title)


def _link_resources(body: Iterable[Span], titles: Mapping[str, str]) -> Iterator[Resource]:
    seen: set[str] = set()
    for span in body:
        if isinstance(span, Link) and span.url.startswith(("http://", "https://")):
            if span.url in seen:
                continue
            seen.add(span.url)
            label = span.label if span.label and span.label != span.url else ""
            title = titles.get(span.url) or label or ""
            yield Resource(span.url, kind_of(span.url, "", title), title)


def typed(body: Iterable[Span]) -> tuple[Span, ...]:
    """A body as typed into a command or form: bare addresses in its texts become links."""
    out: list[Span] = []
    for span in body:
        if not isinstance(span, Text):
            out.append(span)
            continue
        end = 0
        for match in _TYPED_LINK.finditer(span.text):
            url = match.group().rstrip(".,;:!?)]}'\"")
            if match.start() > end:
                out.append(Text(span.text[end : match.start()]))
            out.append(Link(url))
            end = match.start() + len(url)
        if end < len(span.text):
            out.append(Text(span.text[end:]))
    return tuple(out)


def _credits(post: Post, names: Mapping[str, str]) -> Iterator[Credit]:
    """`with @x`, `credit @x`, `h/t @x`, `via @x`, and those that follow by comma or `and`."""
    if not any(
        isinstance(s, Mention) or (isinstance(s, Text) and "@" in s.text) for s in post.body
    ):
        return
    seen: set[str] = {post.author_id}
    crediting = False
    for span in post.body:
        if isinstance(span, Mention):
            if crediting and span.member_id not in seen:
                seen.add(span.member_id)
                name = names.get(span.member_id) or span.label or span.member_id
                yield Credit(one_line(name), span.member_id)
        elif isinstance(span, Text):
            carried = crediting and bool(_AND.fullmatch(span.text))
            crediting = carried or bool(_CREDITS_BEFORE.search(span.text))
            for name in _typed_credits(span.text):
                if name.lower() not in seen:
                    seen.add(name.lower())
                    yield Credit(one_line(name))
        else:
            crediting = False


def _typed_credits(text: str) -> Iterator[str]:
    for start in _CREDITS_TYPED.finditer(text):
        at = start.end()
        while match := _TYPED_NAME.match(text, at):
            yield match.group(1)
            at = match.end()
            if joined := _AND.match(text, at):
                at = joined.end()


def one_line(name: str) -> str:
    """A name for a list that is joined by semicolons, on one line."""
    return " ".join(name.replace(";", ",").split())
