"""The member's desk: its tabs, and what they are made of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.model.channel_week import ChannelWeek, WeeklyDelivery
from bot.core.model.posts import Place
from bot.core.model.shares import Share


class Tab(StrEnum):
    """A part of the desk."""

    START = "start"
    MINE = "mine"
    NEW = "new"
    SAVED = "saved"
    FIND = "find"
    ME = "me"
    LEAD = "lead"  # for who coordinates a channel


@dataclass(frozen=True, slots=True)
class Gathered:
    """How many ideas and questions a member has shared, and what these gathered together."""

    shared: int = 0
    reactions: int = 0
    replies: int = 0
    tried: int = 0


@dataclass(frozen=True, slots=True)
class AskedPrompt:
    """A question as it was asked in a channel. *link*: where it stands; empty: not told."""

    place: Place
    text: str
    channel_name: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """How the bot is doing in a channel, for who coordinates it.

    Attributes:
        coming: the next digest and the next question, as far as there are any.
        last_digest: the latest week, as `2026-W48`, whose digest stands there; empty: none does.
        read_at: up to when its history has been read; None: never.
        shares: what is shared of it and not over, with what each shows.
    """

    week: ChannelWeek
    coming: tuple[WeeklyDelivery, ...] = ()
    last_digest: str = ""
    read_at: datetime | None = None
    shares: tuple[tuple[Share, str], ...] = ()
