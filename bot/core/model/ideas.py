"""Ideas: what a post is read as, what is kept, what happened to it, and how it is found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from typing import Final

from bot.core.model.people import Author
from bot.core.model.posts import Place


class Kind(StrEnum):
    """What a kept post is; the CSV's last column."""

    IDEA = "idea"
    QUESTION = "question"
    POST = "post"  # in doubt: counted as an idea only once somebody takes it up


class Source(StrEnum):
    """How an idea came in; the CSV's column of that name."""

    POST = "post"
    COMMAND = "command"
    FORM = "form"
    SHORTCUT = "shortcut"
    REACTION = "reaction"
    ANSWER = "answer"
    IMPORT = "import"


CHOSEN = frozenset({Source.REACTION, Source.SHORTCUT})
"""Where an idea came in that somebody chose by hand among the posts, not always its author."""

POSTED_BY_US = frozenset({Source.COMMAND, Source.FORM})
"""Where an idea came in that the bot posts itself."""


class Withdrawal(StrEnum):
    """How an idea was withdrawn; only CROSSED and UNMARKED can be taken back by its author.

    What a coordinator put aside, HIDDEN or MERGED, keeps its words, and is in step with its post.
    """

    CROSSED = "crossed"  # its author added :x:
    UNMARKED = "unmarked"  # the only :bulb: that kept it was removed within minutes
    REMOVED = "removed"  # /ideas remove
    DELETED = "deleted"  # the post is gone
    HIDDEN = "hidden"  # out of sight until a coordinator restores it
    MERGED = "merged"  # it is part of another idea


ASIDE = frozenset({Withdrawal.HIDDEN, Withdrawal.MERGED})
"""How a coordinator puts an idea aside."""


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
    photo: str = ""
    """The platform's id of a photo that it can draw again; empty for what is none."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo in a post, as far as its platform can draw it again; *file* empty: there is none."""

    file: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """Someone else an idea thanks; *member_id* when they are in the workspace."""

    name: str
    member_id: str | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """What its author put beside an idea's words in the form; no edit of its post changes it."""

    tags: tuple[str, ...] = ()
    resources: tuple[Resource, ...] = ()
    credits: tuple[Credit, ...] = ()
    sorted: bool = False
    """Whether somebody chose the idea's components."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was read from a post, not yet kept."""

    text: str
    kind: Kind
    marked: bool
    """Whether the author marked it as an idea."""
    asks: bool = False
    """Whether it only asks: a post in doubt that does so becomes a question."""
    tags: tuple[str, ...] = ()
    resources: tuple[Resource, ...] = ()
    credits: tuple[Credit, ...] = ()
    components: tuple[str, ...] = ()
    framework: str = ""
    """The version of the framework file the components are from."""
    telling: bool = False
    """Whether it seems to tell who a student is, of which its author is told."""
    added: Added = Added()
    unnamed: tuple[str, ...] = ()
    """Ids of members in the text whose names are not known yet; `id|handle` where a member's handle
    stands instead of their id. A channel's is `#id`."""


@dataclass(frozen=True, slots=True)
class NotAnIdea:
    """A post that is not kept, and why, in one word for log and metrics."""

    why: str


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
    asks: bool = False
    """Whether it is a question, or a post in doubt that becomes one."""
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
    photo: Photo = Photo()
    """The first in it."""
    edited_at: datetime | None = None
    kept_at: datetime | None = None
    """When it came in, by our clock."""
    withdrawn: Withdrawal | None = None
    mark: str = ""
    """The emoji by which the bot has marked the post; empty: none."""
    part_of: int | None = None
    """Row id of the idea that it was merged into."""

    @property
    def gone(self) -> bool:
        """Whether it is withdrawn, with its words, and not only put aside."""
        return self.withdrawn is not None and self.withdrawn not in ASIDE

    @property
    def place(self) -> Place | None:
        """Where it stands in the chat; None before it is posted."""
        return None if self.ts is None else Place(self.workspace, self.channel, self.ts)


class TrialOutcome(StrEnum):
    """What came of trying an idea."""

    WORKED = "worked"
    CHANGED = "changed"  # worked, with changes
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Somebody tried an idea. Name and school as of that day, title as of now."""

    id: int = 0
    workspace: str
    idea_id: int
    member_id: str
    name: str = ""
    title: str = ""
    school: str = ""
    came: TrialOutcome
    grades: str = ""
    setting: str = ""
    words: str = ""
    tried_at: datetime


@dataclass(frozen=True, slots=True)
class _KeptIdea:
    id: int
    number: int


class Captured(_KeptIdea):
    """A new idea was kept."""


class AlreadyKnown(_KeptIdea):
    """It was kept before; nothing changed."""


class Changed(_KeptIdea):
    """A kept idea was brought into step with an edit."""


class Withdrawn(_KeptIdea):
    """An idea was withdrawn; its text is gone."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing was to be done, and why, in one word for log and metrics."""

    why: str


Outcome = Captured | AlreadyKnown | Changed | Withdrawn | NotAnIdea | Nothing


def word_for(outcome: Outcome) -> str:
    """Return an outcome in one word, for metrics."""
    if isinstance(outcome, Nothing | NotAnIdea):
        return outcome.why
    return type(outcome).__name__.lower()


@dataclass(frozen=True, slots=True)
class Shared:
    """An idea from a command or the form. Not *new*: the same text came minutes ago."""

    idea: Idea
    new: bool


NEXT_DIGEST: Final = "next"
"""What would stand in a channel's digest if it were posted now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which ideas are wanted; the same everywhere. Everything given must hold."""

    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    """Member ids, or names as typed (compared without case)."""
    school: str = ""
    """The author's, on the day of the idea; compared as `folded`."""
    components: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    """The first and the last day, both included."""
    zone: tzinfo = UTC
    """The zone that these are days of."""
    words: str = ""
    channel: str = ""
    """A channel's id or name, without `#`."""
    digest: str = ""
    """A week, as `2026-W48`: what stood in the channel's digest of it; or `NEXT_DIGEST`."""
    number: int = 0
    """The number of the only idea that is wanted; 0: of any."""
    but: int = 0
    """The number of an idea that is not wanted."""
    kinds: tuple[Kind, ...] = ()
    """Only ideas of these kinds; none: of all."""
    saved_by: str = ""
    """The id of a member: only what they have saved, the latest saved first."""
    nameless: bool = False
    """Whether words are looked for in texts and tags alone, and not in names and schools."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """What an asker may see: public channels, those named here, and their own ideas from anywhere.

    `everything=True` is the operator at the command line. With *only*, nothing but that channel.

    Attributes:
        hidden: channels that are kept as public, and perhaps are not so any more.
        own: id of the member whose ideas are seen wherever they stand.
    """

    everything: bool = False
    channels: frozenset[str] = frozenset()
    only: str | None = None
    hidden: frozenset[str] = frozenset()
    own: str = ""

    def shows(self, channel: str, *, private: bool) -> bool:
        """Whether everything that is kept of a channel is seen."""
        if self.everything:
            return True
        if self.only is not None:
            return channel == self.only
        return channel in self.channels or not (private or channel in self.hidden)


Stretch = tuple[int, int]
"""From a character of a text to another, before which it ends; both counted from 0."""


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a longer list. *start* counts from 0; *total* is exact up to a cap.

    *complete*: whether all that the asker may see was searched. *marks*: where the words that were
    looked for stand in the texts, by an idea's id. *meant*: the words that would find more.
    """

    ideas: Sequence[Idea]
    start: int
    total: int
    complete: bool = True
    marks: Mapping[int, Sequence[Stretch]] = field(default_factory=dict)
    meant: str = ""
