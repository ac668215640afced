"""Days, weeks in a time zone, and when something is due in them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.core.errors import SettingsError
from bot.core.model.deliveries import Period
from bot.core.model.nearest import nearest

OLDEST: Final = timedelta(weeks=8)
"""How old an idea may be when a digest first carries it."""

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FORM: Final = re.compile(r"(?P<day>[^\W\d_]+)\.?\s+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})")
_WEEK: Final = timedelta(weeks=1)
_MINUTE: Final = timedelta(minutes=1)


def zone_named(name: str) -> ZoneInfo | None:
    """Return the zone of an IANA name; None: there is none of that name."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones has a name, too
        return None


# -- weeks ------------------------------------------------------------------------------------


def instant_of(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The instant at which clocks in *zone* show this, in UTC.

    Where they show it twice, the first; where they never do, the first minute after the gap.
    """
    local = datetime.combine(day, clock)
    while True:
        instant = local.replace(tzinfo=zone).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == local:
            return instant
        local = local.replace(second=0, microsecond=0) + _MINUTE


def monday_of(day: date) -> date:
    """The Monday of the week that *day* is in."""
    return day - timedelta(days=day.weekday())


def period_of(instant: datetime, zone: ZoneInfo) -> Period:
    """The ISO week that *instant* falls in, in *zone*; it ends where the next one starts."""
    monday = monday_of(instant.astimezone(zone).date())
    year, week, _ = monday.isocalendar()
    return Period(
        f"{year}-W{week:02}",
        instant_of(monday, time(), zone),
        instant_of(monday + _WEEK, time(), zone),
    )


# -- when something is due --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WeekTime:
    """A weekday (Monday is 0) and a local time, such as `fri 15:00`."""

    weekday: int
    time: time

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday][:3]} {self.time:%H:%M}"


def parse_weekly(text: str) -> WeekTime | None:
    """Read `fri 15:00`; None for `off`.

    Raises:
        SettingsError: with the right form, and the likeliest weekday where one was misspelt.
    """
    words = " ".join(text.split()).lower()
    if words == "off":
        return None
    match = _FORM.fullmatch(words)
    if match is None:
        raise _unreadable(text, 'Write a weekday and a time, like "fri 15:00", or "off".')
    clock = f"{match['hour']:0>2}:{match['minute']}"
    day = match["day"]
    weekday = next(
        (n for n, name in enumerate(WEEKDAYS) if len(day) > 2 and name.startswith(day)), -1
    )
    if weekday < 0:
        near = nearest(day, (*WEEKDAYS, *(name[:3] for name in WEEKDAYS)), likeness=0.5)
        right = f"{near[0][:3] if near else 'fri'} {clock}"
        raise _unreadable(
            text, f'"{day[:20]}" is not a weekday. Write it like "{right}", or "off".'
        )
    try:
        return WeekTime(weekday, time.fromisoformat(clock))
    except ValueError as error:
        what = f'"{clock}" is not a time of day. Hours go from 00 to 23, like "15:00".'
        raise _unreadable(text, what) from error


def _unreadable(text: str, what: str) -> SettingsError:
    return SettingsError(f'"{text[:40]}" cannot be read as a weekly time: {what}')


def next_due(after: datetime, zone: ZoneInfo, weekly: WeekTime) -> datetime:
    """The first due time strictly later than *after*, in UTC. There is one in every ISO week."""
    day = monday_of(after.astimezone(zone).date()) + timedelta(days=weekly.weekday)
    while (due := instant_of(day, weekly.time, zone)) <= after:
        day += _WEEK
    return due


@dataclass(frozen=True, slots=True)
class Span:
    """Days from *first* to *last*, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last
