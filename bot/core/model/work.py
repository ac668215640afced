"""What waits in the outbox: effects of a stored change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


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
    REREAD = "reread"  # fetch a message of *channel*, read it again; ts, by, crossed
    WHOLE = "whole"  # fetch a message of *channel* of which its event told but a part; ts, thread
    WELCOME = "welcome"  # say once in *channel* what the bot does
    JOINED = "joined"  # tell who joined *channel* what happens there; key: member id; crowd
    BOOK = "book"  # bring the book of *channel* up to date
    EXPORT = "export"  # make a CSV and send it; member, channel, filters
    REPORT = "report"  # make page or plan and send it; member, channel, filters, format, plan
    MY_DATA = "my_data"  # make a file of all that is held about a member, for them; member
    FIRST = "first"  # tell an author, once, what happened; key: idea row id
    MARKED = "marked"  # tell an author that somebody marked their post; key: idea row id
    PAUSED = "paused"  # tell who invited the bot that it cannot speak in *channel* now; since
    REFUSED = "refused"  # tell who coordinates *channel* that the bot may not post there; why
    DOUBTFUL = (
        "doubtful"  # tell who coordinates *channel* what somebody must look for; kind, subject
    )
    STUDENT = "student"  # tell an author that it seems to tell who a student is; key: idea row id
    UNPOSTED = "unposted"  # tell an author that their idea is kept but not posted; key: id; why
    PROPOSED = "proposed"  # tell who coordinates *channel* of a prompt; number
    DECIDED = "decided"  # tell a member what became of their prompt in *channel*; number
    CLAIMED = "claimed"  # ask who coordinates *channel* whether an idea is a member's; idea, member
    CLAIM_DECIDED = "claim_decided"  # tell a member what came of that; idea, member, accepted
    AHEAD = "ahead"  # show who coordinates *channel* a digest before it goes; period
    CROSSED = "crossed"  # tell who crossed our post of their idea; number, member
    NOT_THEIRS = "not_theirs"  # tell whoever crossed another's idea; idea, member
    ASK_SHOWN = "ask_shown"  # ask the authors of *channel* what pages outside may show of them
    PERSONAL = "personal"  # send a member their own digest; key: member id; week, due, at
    CARED = "cared"  # tell whom it concerns what a coordinator did with an idea; key: care row id
    TRIED = "tried"  # tell an author that somebody tried their idea; key: trial row id


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An effect waiting in the outbox.

    Attributes:
        channel: id of the channel it is about, where that is of use.
        key: of the same workspace, effect and channel, each waits once.
        payload: what the effect needs beside them, as JSON has it.
    """

    id: int
    workspace: str
    effect: Effect
    channel: str = ""
    key: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    attempts: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """An effect to be queued; attributes as `Job`."""

    effect: Effect
    channel: str = ""
    key: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    after: float = 0.0
    """Seconds from now before it is due."""
