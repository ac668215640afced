"""What a coordinator goes through once a week."""

from dataclasses import dataclass

from bot.core.model.channel_week import WeeklyDelivery
from bot.core.model.ideas import Idea
from bot.core.model.people import Channel
from bot.core.model.prompts import Prompt


@dataclass(frozen=True, slots=True)
class Pick:
    """The idea that the next digest of a channel shows first, by row id, and who picked it."""

    idea_id: int
    member_id: str


@dataclass(frozen=True, slots=True)
class AskedThen:
    """A question that would be asked then, if nothing changes before."""

    delivery: WeeklyDelivery
    prompt: Prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRound:
    """What waits in one channel.

    Attributes:
        digest: the next one; None: none is due.
        fresh: the ideas that it would hold now, the oldest first.
        pick: the one of them that it shows first.
        questions: the next ones, the first first.
    """

    channel: Channel
    digest: WeeklyDelivery | None
    fresh: tuple[Idea, ...]
    pick: Idea | None
    questions: tuple[AskedThen, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """The posts in doubt of all channels that somebody coordinates, and what waits in each."""

    doubtful: tuple[Idea, ...]
    channels: tuple[ChannelRound, ...]
