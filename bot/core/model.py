"""The values that everything speaks in: posts as they come, ideas as they are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003  (dataclass fields are introspected)
from dataclasses import dataclass, field
from datetime import date, datetime  # noqa: TC003
from enum import StrEnum
from types import MappingProxyType

from bot.core.calendar import Span as Days  # noqa: TC001  (dataclass fields are introspected)

NOTHING: Mapping[str, str] = MappingProxyType({})


class Kind(StrEnum):
    """What a kept post is; the CSV's last column."""

    IDEA = "idea"
    QUESTION = "question"


class Source(StrEnum):
    """How an idea came in; the CSV's column of that name."""

    POST = "post"
    COMMAND = "command"
    FORM = "form"
    SHORTCUT = "shortcut"
    REACTION = "reaction"
    ANSWER = "answer"
    IMPORT = "import"


class Keep(StrEnum):
    """What a member lets us keep of their posts."""

    ALL = "all"
    MARKED = "marked"
    NOTHING = "nothing"


class Came(StrEnum):
    """What came of trying an idea."""

    WORKED = "worked"
    CHANGED = "changed"  # worked, with changes
    FAILED = "failed"


class Withdrawal(StrEnum):
    """How an idea was withdrawn; only CROSSED and UNMARKED can be taken back."""

    CROSSED = "crossed"  # its author added :x:
    UNMARKED = "unmarked"  # the only :bulb: that kept it was removed within minutes
    REMOVED = "removed"  # /ideas remove
    DELETED = "deleted"  # the post is gone


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands. *ts* is the platform's own id of it in that channel, as text."""

    workspace: str
    channel: str
    ts: str


# -- what a message is made of ---------------------------------------------------------------


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
class Special:
    """A group, a broadcast or a date: shown by its words, never acted upon."""

    words: str


Span = Text | Mention | ChannelMention | Link | Special


@dataclass(frozen=True, slots=True)
class File:
    """A file in a post: its address for members, its title, its media type."""

    url: str
    title: str
    media_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message by a person, as the platform told it."""

    place: Place
    posted_at: datetime
    author_id: str
    body: tuple[Span, ...]
    files: tuple[File, ...] = ()
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


@dataclass(frozen=True, slots=True)
class Reaction:
    """One member's emoji on one message. *stamp* orders events about the same three."""

    place: Place
    member_id: str
    name: str
    stamp: str


# -- what a post is read as -------------------------------------------------------------------


class ResourceKind(StrEnum):
    """What a link or file is, judged by its address and media type alone."""

    ARTICLE = "article"
    REPORT = "report"
    POSITION_STATEMENT = "position statement"
    VIDEO = "video"
    PODCAST = "podcast"
    BOOK = "book"
    INFOGRAPHIC = "infographic"
    LESSON = "lesson"
    TOOLKIT = "toolkit"
    SLIDES = "slides"
    FORM = "form"
    DOCUMENT = "document"
    IMAGE = "image"
    LINK = "link"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Resource:
    """A link or file in an idea."""

    url: str
    kind: ResourceKind
    title: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """Someone else an idea thanks; *member_id* when they are in the workspace."""

    name: str
    member_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was read from a post, not yet kept."""

    text: str
    kind: Kind
    marked: bool
    """Whether the author marked it as an idea."""
    tags: tuple[str, ...] = ()
    resources: tuple[Resource, ...] = ()
    credits: tuple[Credit, ...] = ()
    components: tuple[str, ...] = ()
    framework: str = ""
    """The version of the framework file the components are from."""
    unnamed: tuple[str, ...] = ()
    """Ids of members and channels the text names whose names are not known yet."""


@dataclass(frozen=True, slots=True)
class NotAnIdea:
    """A post that is not kept, and why, in one word for log and metrics."""

    why: str


# -- who and where ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member as the platform describes them now."""

    id: str
    name: str
    """The name as shown in the chat."""
    real_name: str = ""
    title: str = ""
    is_admin: bool = False
    is_guest: bool = False
    """A guest, or a person of another workspace."""
    is_bot: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a member told us about themselves, once (`/ideas me`)."""

    school: str = ""
    district: str = ""
    role: str = ""
    keep: Keep = Keep.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member as we know them: the platform's description and their own."""

    person: Person
    profile: Profile = Profile()
    looked_up_at: datetime | None = None
    """When the platform was last asked; None: never, the names are empty."""


class Previews(StrEnum):
    """When the coordinator sees a digest an hour before the channel does."""

    FIRST = "first"  # before the first two
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel as we know it. *name* is empty until the platform told it."""

    workspace: str
    id: str
    name: str = ""
    private: bool = True
    member: bool = True
    """Whether the bot is in it now."""
    archived: bool = False
    invited_by: str = ""
    first_seen: datetime
    zone: str | None = None
    digest: str | None = None
    """Its own `fri 15:00` or `off`; None: the setting's."""
    prompt: str | None = None
    marked_only: bool = False
    former: tuple[str, ...] = ()
    """The ids it had before."""
    observances: bool = False
    """Whether prompts may name days, weeks and months that schools observe."""
    previews: Previews = Previews.FIRST
    breaks: tuple[Days, ...] = ()
    """Days on which nothing is posted by itself, the earliest first."""
    paused_until: date | None = None
    """The first day on which something is posted by itself again."""
    pinned: str = ""
    """Id of the prompt that is to be asked next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelInfo:
    """A channel as the platform describes it now."""

    id: str
    name: str
    private: bool
    member: bool = True
    archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """An idea's author, as of the day it was posted."""

    id: str
    name: str = ""
    real_name: str = ""
    title: str = ""
    school: str = ""
    district: str = ""
    role: str = ""


# -- what is kept -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """An idea as it is kept."""

    id: int
    workspace: str
    number: int
    channel: str
    channel_name: str = ""
    ts: str | None
    """None while an idea from a command has not been posted yet."""
    posted_at: datetime
    author: Author
    text: str
    kind: Kind = Kind.IDEA
    source: Source = Source.POST
    tags: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    prompt: str = ""
    """The text of the prompt it answers."""
    reactions: int = 0
    replies: int = 0
    tried: int = 0
    permalink: str = ""
    edited_at: datetime | None = None
    kept_at: datetime | None = None
    """When it came in, by our clock."""
    withdrawn: Withdrawal | None = None
    mark: str = ""
    """The emoji by which the bot has marked the post; empty: none."""

    @property
    def place(self) -> Place | None:
        """Where it stands in the chat; None before it is posted."""
        return None if self.ts is None else Place(self.workspace, self.channel, self.ts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Somebody tried an idea. Name and school as of that day."""

    id: int = 0
    workspace: str
    idea_id: int
    member_id: str
    name: str = ""
    school: str = ""
    came: Came
    grades: str = ""
    setting: str = ""
    words: str = ""
    tried_at: datetime


# -- what happened ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Captured:
    """A new idea was kept."""

    id: int
    number: int


@dataclass(frozen=True, slots=True)
class AlreadyKnown:
    """It was kept before; nothing changed."""

    id: int
    number: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A kept idea was brought into step with an edit."""

    id: int
    number: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An idea was withdrawn; its text is gone."""

    id: int
    number: int


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing was to be done, and why, in one word for log and metrics."""

    why: str


Outcome = Captured | AlreadyKnown | Changed | Withdrawn | NotAnIdea | Nothing


# -- finding ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which ideas are wanted; the same everywhere. Everything given must hold."""

    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    """Member ids, or names as typed (compared without case)."""
    components: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    words: str = ""
    channel: str = ""
    """A channel's id or name, without `#`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What an asker may see: public channels, and those named here.

    `everything=True` is the operator at the command line. With *only*, nothing but that channel.
    """

    everything: bool = False
    channels: frozenset[str] = frozenset()
    only: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a longer list. *start* counts from 0; *total* is exact up to a cap."""

    ideas: Sequence[Idea]
    start: int
    total: int


# -- what is spoken ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Period:
    """One ISO week in a channel's time zone; *key* reads `2026-W48`."""

    key: str
    start: datetime
    end: datetime


class DeliveryKind(StrEnum):
    """What is posted by the week."""

    DIGEST = "digest"
    PROMPT = "prompt"


class Extra(StrEnum):
    """What a digest says beside its new ideas; what *ref* stands for, as text."""

    QUESTION = "question"  # one that nobody has answered yet; an idea's row id
    EARLIER = "earlier"  # an idea of the same school week, years ago; its row id
    INVITATION = "invitation"  # the thinnest component; its code
    TRIAL = "trial"  # somebody tried an idea; the trial's row id


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to post one thing in one channel in one period.

    *attempt* counts from 1. From the second on, look for the message before posting: an earlier
    attempt may have posted it. *ideas* (numbers' row ids), *extras* and *at* were fixed by the
    first attempt.
    """

    workspace: str
    channel: str
    kind: DeliveryKind
    period: str
    attempt: int
    claimed_at: datetime
    at: datetime
    ideas: tuple[int, ...] = ()
    extras: tuple[tuple[Extra, str], ...] = ()
    prompt_id: str = ""
    prompt_text: str = ""

    @property
    def key(self) -> str:
        """What the message carries so that it can be found again."""
        return f"{self.kind}:{self.channel}:{self.period}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartClaim:
    """The right to post a later message of a digest, in the thread of the first (at *thread*).

    *part* counts from 1, of *parts*. What stands at `Claim` about attempts holds here too.
    """

    workspace: str
    channel: str
    kind: DeliveryKind
    period: str
    part: int
    parts: int
    thread: str
    attempt: int
    claimed_at: datetime
    ideas: tuple[int, ...]

    @property
    def key(self) -> str:
        """What the message carries so that it can be found again."""
        return f"{self.kind}:{self.channel}:{self.period}:{self.part}"


@dataclass(frozen=True, slots=True)
class Taken:
    """No claim to be had: it was sent (*ts* known), or somebody is at it until *until*.

    *doubtful*: the last attempt lost its answer; it may be looked for, not posted, before *until*.
    """

    sent: bool
    ts: str = ""
    until: datetime | None = None
    doubtful: bool = False


# -- reading history ---------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Thread:
    """What is known of a message's replies: how many, the latest, and all their keys."""

    count: int
    latest: str
    keys: frozenset[str]


# -- what is still to do ----------------------------------------------------------------------


class Effect(StrEnum):
    """What follows a stored change, outside the database. Each is safe to do twice."""

    MARK = "mark"  # bring the bot's reaction on an idea's post into step; key: idea row id
    PERMALINK = "permalink"  # key: idea row id
    NAMES = "names"  # fill names into an idea's text; key: idea row id
    MEMBER = "member"  # look a member up; key: member id
    CHANNEL = "channel"  # look a channel up; key: channel id
    PUBLISH = "publish"  # post an idea from a command; key: idea row id
    UNPUBLISH = "unpublish"  # delete that post; key: idea row id
    REREAD = "reread"  # fetch a message, read it again; key: "channel ts", perhaps " crossed"
    FIRST = "first"  # tell an author, once, what happened; key: idea row id
    MARKED = "marked"  # tell an author that somebody marked their post; key: idea row id
    WELCOME = "welcome"  # say once what the bot does; key: channel id
    EXPORT = "export"  # make a CSV and send it; key: a unique id
    PAUSED = "paused"  # tell who invited the bot that it cannot speak there now; key: channel id
    UNPOSTED = "unposted"  # tell an author that their idea is kept but not posted; key: idea row id
    PROPOSED = "proposed"  # tell who coordinates of a prompt; key: "channel number", or " member"
    DECIDED = "decided"  # tell a member what became of their prompt; key: "channel number"
    AHEAD = "ahead"  # show who coordinates a digest before it goes; key: "channel period member"
    TRIED = "tried"  # tell an author that somebody tried their idea; key: trial row id


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An effect waiting in the outbox."""

    id: int
    workspace: str
    effect: Effect
    key: str
    payload: str = ""
    """JSON, where the effect needs more than its key."""
    attempts: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """An effect to be queued; the same effect and key wait only once."""

    effect: Effect
    key: str
    payload: str = ""
    after: float = 0.0
    """Seconds from now before it is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The workspace we serve and who we are in it."""

    id: str
    name: str = ""
    url: str = ""
    bot_user_id: str = ""
    bot_id: str = ""


@dataclass(frozen=True, slots=True)
class Shared:
    """An idea from a command or the form. Not *new*: the same text came minutes ago."""

    idea: Idea
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, and from where; *channel* is empty in a direct message.

    *pressed*: by a button or a form, which may be older than their leaving the channel.
    """

    workspace: str
    member_id: str
    channel: str = ""
    pressed: bool = False
