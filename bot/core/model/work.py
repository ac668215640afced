"""What is to be done: the weekly messages and their claims, and what waits in the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
    LINE = "line"  # the coordinator's own; its words


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
    """When the first attempt began, by the earlier of the program's clock and the real one."""
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


class Effect(StrEnum):
    """What follows a stored change, outside the database. Each is safe to do twice."""

    MARK = "mark"  # bring the bot's reaction on an idea's post into step; key: idea row id
    PERMALINK = "permalink"  # key: idea row id
    NAMES = "names"  # fill names into an idea's text; key: idea row id
    MEMBER = "member"  # look a member up; key: member id
    CHANNEL = "channel"  # look a channel up; key: channel id
    PUBLISH = "publish"  # post an idea from a command; key: idea row id
    REDRAW = "redraw"  # put right what such a post says, by a name that came; key: idea row id
    UNPUBLISH = "unpublish"  # delete that post; key: idea row id
    REREAD = "reread"  # fetch a message, read it again; key: "channel ts", perhaps " crossed"
    FIRST = "first"  # tell an author, once, what happened; key: idea row id
    MARKED = "marked"  # tell an author that somebody marked their post; key: idea row id
    WELCOME = "welcome"  # say once what the bot does; key: channel id
    EXPORT = "export"  # make a CSV and send it; key: a unique id
    PAUSED = "paused"  # tell who invited the bot that it cannot speak there now; key: channel id
    REFUSED = "refused"  # tell who coordinates that the bot may not post there; key: channel id
    UNPOSTED = "unposted"  # tell an author that their idea is kept but not posted; key: idea row id
    PROPOSED = "proposed"  # tell who coordinates of a prompt; key: "channel number", or " member"
    DECIDED = "decided"  # tell a member what became of their prompt; key: "channel number"
    AHEAD = "ahead"  # show who coordinates a digest before it goes; key: "channel period member"
    CROSSED = "crossed"  # tell who crossed our post of their idea; key: "channel number member"
    NOT_THEIRS = "not_theirs"  # tell whoever crossed another's idea; key: "idea row id, member id"
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
    begun_at: datetime | None = None
    """When its first attempt began that may have shown in the chat; None: none has begun."""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """An effect to be queued; the same effect and key wait only once."""

    effect: Effect
    key: str
    payload: str = ""
    after: float = 0.0
    """Seconds from now before it is due."""


def welcome_key(channel: str) -> str:
    """What a welcome is noted under: it stands once for as long as the bot stays in a channel."""
    return f"welcome:{channel}"
