"""Read a post: is it an idea, and what is in it? One place, no I/O.

Five words, a link, a file or a mark make a post worth keeping; a short greeting is not. What is
kept is an idea, or a question where it only asks, unless its words speak of the day more than of
practice, or there is but a link: then it is in doubt, until somebody takes it up.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from bot.core.intake.credits import credits_in
from bot.core.intake.guard import NO_GUARD, Guard
from bot.core.intake.resources import kind_of
from bot.core.intake.weights import Rules, tokens_of
from bot.core.model.framework import Framework
from bot.core.model.ideas import Draft, Kind, NotAnIdea, Resource
from bot.core.model.links import (
    ADDRESS,
    is_address,
    is_resource,
    repeats,
    trimmed,
    without_password,
    without_passwords,
)
from bot.core.model.posts import (
    NOTHING,
    ChannelMention,
    Code,
    Link,
    Mention,
    Post,
    Span,
    Special,
    Text,
)
from bot.core.model.vocabulary import MARKS
from bot.core.model.words import count_words, tags_in, words_in

ENOUGH_WORDS = 5
"""A post of this many words says something."""

SMALL_TALK_WORDS = 15
"""A post of this many words is not small talk, however it opens."""

LONGEST_TEXT = 40_000
"""Characters kept of one post: the most that a platform lets through."""

_SIGNS = tuple(f":{name}:" for name in MARKS)
_MARK = re.compile(rf"\bidea:|(?<![\w#&/])#idea\b|💡|{'|'.join(_SIGNS)}", re.IGNORECASE)
_TYPED = re.compile(
    rf"(?P<code>```.+?```|`[^`\n]+`)|(?P<url>{ADDRESS.pattern})", re.DOTALL | re.IGNORECASE
)
_COMMAND = re.compile(r"\s*/(\w[\w-]*)(?!\S)\s*")
_OURS = "idea"
_OWN = (
    "i i'm i've i'll me my mine we we're we've us our ours here's "
    "yo mi mis nos nosotros nosotras nuestra nuestro nuestras nuestros aquí"
)
_ONESELF = frozenset(_OWN.split())
"""Words with which somebody speaks of their own."""
_LAST_TOKEN = re.compile(r"(?:\s+|[\"'”’)\]*_~]|:[a-z0-9_+'-]+:|@\S+|[^\w\s?!.,;:…()])$")
_MARKER_TAG = "idea"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads posts by *rules*, what they are about by *framework*, and who is in them by *guard*."""

    framework: Framework
    rules: Rules
    guard: Guard = NO_GUARD

    def read(self, post: Post) -> Draft | NotAnIdea:
        """Read a top-level post."""
        if post.by_app:
            return NotAnIdea("app")
        if _command_of(post.body) not in {"", _OURS}:
            return NotAnIdea("command")
        draft, of_the_day = self._read(post, top=True)
        if draft.marked or draft.resources or post.files:
            return draft if has_something(post, draft) else NotAnIdea("nothing to show")
        words = count_words(post.body)
        if words < ENOUGH_WORDS:
            return NotAnIdea("short")
        if words < SMALL_TALK_WORDS and self._is_small_talk(post.body):
            return NotAnIdea("small talk")
        return NotAnIdea("of the day") if of_the_day else draft

    def read_answer(self, post: Post) -> Draft | NotAnIdea:
        """Read a reply in a prompt's thread."""
        draft = self.draft(post, answers=True)
        if draft.marked or draft.resources or post.files:
            return draft if has_something(post, draft) else NotAnIdea("nothing to show")
        if count_words(post.body) < ENOUGH_WORDS:
            return NotAnIdea("short")
        if draft.asks:
            return NotAnIdea("question")
        return draft

    def draft(
        self,
        post: Post,
        names: Mapping[str, str] = NOTHING,
        *,
        marked: bool = False,
        answers: bool = False,
    ) -> Draft:
        """Say what is in a post, whether or not it reads as an idea.

        Args:
            names: names of members and channels by id, as far as they are known.
            marked: somebody marked it, whatever its text says.
            answers: it is an answer to the week's question.
        """
        return self._read(post, names, marked=marked, answers=answers)[0]

    def _read(
        self,
        post: Post,
        names: Mapping[str, str] = NOTHING,
        *,
        marked: bool = False,
        answers: bool = False,
        top: bool = False,
    ) -> tuple[Draft, bool]:
        """What is in a post, and, of one at the *top* level, whether it is surely of the day.

        What such a one is about is not looked for.
        """
        body = _without_prefix(post.body)
        text, unnamed = _written(post, names)
        marked = marked or body is not post.body or is_marked(body)
        found = tuple(_resources(post))
        asks = not marked and not found and bool(text) and only_asks(_outside_code(body, text))
        kind = Kind.QUESTION if asks else Kind.IDEA
        of_the_day = False
        if not marked:
            said = (*body, *(Text(file.words) for file in post.files))
            rules = self.rules
            start = rules.ask if asks else rules.answer if answers else rules.say
            score = rules.score(said, start) or 0.0  # None: we do not know their language
            of_the_day = top and score < -rules.sure and not (found or post.files)
            if score < 0 or _is_bare(post, said):
                kind = Kind.POST
        draft = Draft(
            text=text,
            kind=kind,
            marked=marked,
            asks=asks,
            tags=tags_in(body),
            resources=found,
            credits=tuple(credits_in(post, names)),
            components=() if asks or of_the_day else self.framework.codes(text),
            framework=self.framework.version,
            telling=not of_the_day and bool(self.guard.sees(text)),
            unnamed=unnamed,
        )
        return draft, of_the_day

    def _is_small_talk(self, body: tuple[Span, ...]) -> bool:
        opening = ""
        for word in islice(_opening_words(body), 6):
            opening = f"{opening} {word}".strip()
            if opening in self.rules.small_talk:
                return True
        return False


def _is_bare(post: Post, said: tuple[Span, ...]) -> bool:
    """Whether there is but a link or a file, without a word of somebody's own."""
    linked = any(isinstance(span, Link) and is_resource(span) for span in said)
    if not (linked or post.files) or any(file.clip for file in post.files):
        return False
    own = [span for span in said if not isinstance(span, Link)]
    return count_words(own) < ENOUGH_WORDS and _ONESELF.isdisjoint(tokens_of(said))


def has_something(post: Post, draft: Draft) -> bool:
    """Whether a post has anything to show: words beside its mark, an address, or a file's name."""
    if draft.resources or any(file.words or file.clip or file.title for file in post.files):
        return True
    body = _without_prefix(post.body)
    return any(
        count_words((Text(_MARK.sub(" ", span.text)) if isinstance(span, Text) else span,))
        for span in body
    )


def _written(post: Post, names: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """What a post says, its recordings too; of one without words, what it is.

    Returns:
        The text, and the ids in it that have no name yet.
    """
    text, unnamed = plain_text(_without_prefix(post.body), names)
    said = "\n".join(file.words for file in post.files if file.words)
    if said:
        return f"{text}\n{said}".strip()[:LONGEST_TEXT], unnamed
    clip = next((file for file in post.files if file.clip), None)
    if text or clip is None:
        shown = any(is_address(file.url) for file in post.files)
        title = next((file.title for file in post.files if file.title), "")
        return (text or ("" if shown else title)), unnamed
    author = post.author_id
    kind = "video" if clip.media_type.startswith("video/") else "voice"
    unnamed = () if author in names else (author,)
    return f"A {kind} clip by {names.get(author, author)}", unnamed


def _command_of(body: tuple[Span, ...]) -> str:
    """The command that a text begins with, as typed where the platform takes none; empty: none."""
    first = body[0] if body else None
    if not isinstance(first, Text) or "/" not in first.text[:100]:
        return ""
    found = _COMMAND.match(first.text)
    return found[1].lower() if found else ""


def _without_prefix(body: tuple[Span, ...]) -> tuple[Span, ...]:
    """A body without the command for sharing an idea, which somebody typed as a post."""
    if _command_of(body) != _OURS:
        return body
    first, *rest = body
    text = _COMMAND.sub("", first.text, count=1) if isinstance(first, Text) else ""
    return (Text(text), *rest) if text else tuple(rest)


def _outside_code(body: tuple[Span, ...], text: str) -> str:
    """The text of a body without what stands in code."""
    if not any(isinstance(span, Code) for span in body):
        return text
    return plain_text((span for span in body if not isinstance(span, Code)), NOTHING)[0]


def plain_text(body: Iterable[Span], names: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Write a body as plain text; returns it and the ids that have no name yet.

    Links become `label (url)`. Where a name is not known, the id stands in its place; for a member
    their handle, if it came along: then `id|handle` is returned. A channel is returned as `#id`.
    """
    out: list[str] = []
    unnamed: list[str] = []
    for span in body:
        match span:
            case Text(text) | Code(text):
                out.append(text)
            case Mention(member_id, label):
                name = names.get(member_id)
                if not name and len((label or "").split()) < 2:  # a handle has no blanks
                    unnamed.append(f"{member_id}|{label}" if label else member_id)
                out.append(f"@{name or label or member_id}")
            case ChannelMention(channel_id, label):
                name = label or names.get(channel_id)
                if not name:
                    unnamed.append(f"#{channel_id}")
                out.append(f"#{name or channel_id}")
            case Link(url, label):
                address = without_password(url.removeprefix("mailto:"))
                if label and repeats(span):
                    out.append(label)
                else:
                    out.append(f"{label} ({address})" if label else address)
            case Special(words):
                out.append(words)
    text = without_passwords("".join(out)).replace("\x00", "").strip()
    return text[:LONGEST_TEXT], tuple(dict.fromkeys(unnamed))


def is_marked(body: Iterable[Span]) -> bool:
    """Whether its author marked a post: `idea:`, `#idea` or an emoji, or a channel named so."""
    for span in body:
        if isinstance(span, Text):
            # A look for plain words is far quicker than the pattern, and nearly always enough.
            lower = span.text.lower()
            likely = "idea" in lower or "💡" in lower or any(sign in lower for sign in _SIGNS)
            if likely and _MARK.search(span.text):
                return True
        elif isinstance(span, ChannelMention) and (span.label or "").lower() == _MARKER_TAG:
            return True
    return False


def with_names(draft: Draft, post: Post, names: Mapping[str, str]) -> Draft:
    """The same draft with names where ids stood."""
    if not draft.unnamed:
        return draft
    text, unnamed = _written(post, names)
    return replace(draft, text=text, unnamed=unnamed, credits=tuple(credits_in(post, names)))


def only_asks(text: str) -> bool:
    """Whether the last sentence asks; emoji, names and closing marks after it do not count."""
    end = text[-200:]
    if "?" not in end:
        return False
    while match := _LAST_TOKEN.search(end):
        end = end[: match.start()]
    return end.endswith("?")


def phrase_of(text: str) -> str:
    """Return a phrase as `Rules` holds it: lower-case words with single spaces between them."""
    return " ".join(_words_of(text))


def _words_of(text: str) -> Iterator[str]:
    for raw in text.lower().replace("’", "'").split():
        if (raw.isascii() and ":" not in raw) or words_in(raw):
            word = raw.strip(".,;:!?…-–—*_~()\"'“”")
            if word:
                yield word


def _opening_words(body: tuple[Span, ...]) -> Iterator[str]:
    for span in body:
        if isinstance(span, Text):
            yield from _words_of(span.text)
        elif isinstance(span, Link):
            return


def _resources(post: Post) -> Iterator[Resource]:
    """Links and files that have an address, once each."""
    seen: set[str] = set()
    for span in post.body:
        if isinstance(span, Link) and is_resource(span):
            url = without_password(span.url)
            label = span.label if span.label and not repeats(span) else ""
            title = post.titles.get(span.url) or label or ""
            if url not in seen:
                seen.add(url)
                yield Resource(url, kind_of(url, "", title), title)
    for file in post.files:
        if is_address(file.url) and file.url not in seen:
            seen.add(file.url)
            kind = kind_of(file.url, file.media_type, file.title)
            yield Resource(file.url, kind, file.title, photo=file.photo)


def typed(body: Iterable[Span]) -> tuple[Span, ...]:
    """A body as typed into a command or form: its texts' code and bare addresses are told apart."""
    out: list[Span] = []
    for span in body:
        if not isinstance(span, Text):
            out.append(span)
            continue
        end = 0
        for match in _TYPED.finditer(span.text):
            if match.start() > end:
                out.append(Text(span.text[end : match.start()]))
            if match["code"]:
                found: Span = Code(match["code"])
                end = match.end()
            else:
                found = Link(trimmed(match["url"]))
                end = match.start() + len(found.url)
            out.append(found)
        if end < len(span.text):
            out.append(Text(span.text[end:]))
    return tuple(out)
