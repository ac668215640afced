"""A channel's settings: what may be chosen, what was chosen, and who changed it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.core.model.deliveries import DeliveryKind
from bot.core.model.people import Channel
from bot.core.model.weeks import WeekTime

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


DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


OFF: Final = "off"


LONGEST_LINE: Final = 300
"""Characters of the coordinator's own line in a digest."""


@dataclass(frozen=True, slots=True)
class ScheduleDefaults:
    """What holds in channels that have not chosen otherwise."""

    zone: ZoneInfo
    digest: WeekTime | None
    prompt: WeekTime | None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that somebody changed: *what* is a name of a channel's column."""

    who: str
    at: datetime
    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class UpcomingPost:
    """A post that is to come."""

    at: datetime
    kind: DeliveryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsView:
    """A channel's settings as people look at them.

    Attributes:
        digest, prompt: when they are due now, whoever chose that; None: never.
        coming: the next posts; none where the bot does not speak of its own accord.
        changes: what was changed, latest first.
        names: of those who changed it, by id.
    """

    channel: Channel
    zone: ZoneInfo
    today: date
    digest: WeekTime | None
    prompt: WeekTime | None
    coming: tuple[UpcomingPost, ...]
    changes: tuple[Change, ...]
    names: Mapping[str, str]
