"""Messages: where they stand, what they are made of, and what gathers on them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands. *ts* is the platform's own id of it in that channel, as text."""

    workspace: str
    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters, entities already unescaped. Emoji stay `:name:`."""

    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A member addressed by id; *label* is the name the platform sent along, if any."""

    member_id: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class ChannelMention:
    """A channel named in a text."""

    channel_id: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A web or mail address, with the words it was given, if any."""

    url: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """Characters that stand for themselves, with the signs that show it: nothing in them acts."""

    text: str


@dataclass(frozen=True, slots=True)
class Special:
    """A group, a broadcast or a date: shown by its words, never acted upon."""

    words: str


Span = Text | Mention | ChannelMention | Link | Code | Special


@dataclass(frozen=True, slots=True)
class File:
    """A file in a post: its address for members, its title, its media type.

    *url* is empty where the platform told none.
    """

    url: str
    title: str
    media_type: str = ""
    words: str = ""
    """What is said in it, where the platform wrote that down."""
    clip: bool = False
    """Whether it was recorded in the chat itself: then its title says nothing."""
    photo: str = ""
    """Its id by which the platform can draw it again; empty where it is none that it draws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message by a person, or by an app that may have it from one, as the platform told it."""

    place: Place
    posted_at: datetime
    author_id: str
    body: tuple[Span, ...]
    files: tuple[File, ...] = ()
    lost: frozenset[str] = frozenset()
    """Ids of files that were deleted out of it; each was a word of its file's address."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Titles of links, by address, from the platform's own previews."""
    thread: str | None = None
    """The *ts* of the message this one replies to; None at top level."""
    edited: str = ""
    """The platform's stamp of the latest edit, comparable as text; empty when never edited."""
    private: bool | None = None
    """Whether the channel is private; None when the message does not say."""
    reactions: tuple[tuple[str, str], ...] | None = None
    """(emoji name, member id), all of them; None when the message does not say."""
    credited: tuple[Mention, ...] = ()
    """Whose words are forwarded in it."""
    by_app: bool = False
    """Whether an app posted it, in the author's name or, with no author, in nobody's."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """One member's emoji on one message. *stamp* orders events about the same three."""

    place: Place
    member_id: str
    name: str
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A message as it stands in a channel's history or in a thread."""

    place: Place
    posted_at: datetime
    post: Post | None = None
    """The post, when it is a person's; None for the bot's own, other bots' and notices."""
    gone: bool = False
    """Deleted, but still standing there because it has replies."""
    replies: int = 0
    latest_reply: str = ""
    thread: "tuple[Entry, ...] | None" = None
    """All replies, oldest first, where the platform told them along with it."""
    reactions: tuple[tuple[str, str], ...] = ()
    """(emoji name, member id), as far as told."""
    reactions_whole: bool = True
    """False: the platform left some out, and must be asked for the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How far a channel's history has been read: from *until* back to *reached*, down to *since*.

    *asked*: somebody asked for it, so that posts older than the bot's joining are kept too.
    """

    channel: str
    since: datetime
    until: datetime
    reached: datetime
    asked: bool = False
    finished: bool = False
