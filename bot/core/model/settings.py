"""A channel's settings: what may be chosen, what was chosen, and who changed it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.core.model.channel_week import ChannelWeek, WeeklyDelivery
from bot.core.model.people import Channel
from bot.core.model.weeks import WEEKDAYS

OTHER: Final = "other"
"""What is chosen for a zone that is written out."""

ZONES: Final = (
    ("America/New_York", "Eastern (New York)"),
    ("America/Chicago", "Central (Chicago)"),
    ("America/Denver", "Mountain (Denver)"),
    ("America/Phoenix", "Arizona (Phoenix)"),
    ("America/Los_Angeles", "Pacific (Los Angeles)"),
    ("America/Anchorage", "Alaska (Anchorage)"),
    ("Pacific/Honolulu", "Hawaii (Honolulu)"),
    ("America/Puerto_Rico", "Puerto Rico"),
    ("Pacific/Guam", "Guam"),
)
"""Zones to choose from, with the words for each."""

DAYS: Final = tuple(day[:3] for day in WEEKDAYS)

OFF: Final = "off"

LONGEST_LINE: Final = 300
"""Characters of the coordinator's own line in a digest."""


ERASED: Final = "erased"
"""Stands where a channel's column would: somebody had everything about them erased."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that somebody changed: *what* is a name of a channel's column."""

    who: str
    at: datetime
    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsView:
    """A channel's settings as people look at them.

    Attributes:
        today: the day that the channel's clocks show.
        coming: the next posts; none where the bot does not speak of its own accord.
        changes: what was changed, latest first.
        names: of those who changed it, by id.
        has_page: whether a page stands beside the channel, on which its book can be written.
    """

    week: ChannelWeek
    today: date
    coming: tuple[WeeklyDelivery, ...]
    changes: tuple[Change, ...]
    names: Mapping[str, str]
    has_page: bool = False

    @property
    def channel(self) -> Channel:
        """The channel, with what it has chosen."""
        return self.week.channel
