"""Days and hours in words, as people in the United States write them."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.core.model.weeks import WEEKDAYS, WeekTime

DAY_NAMES = tuple(map(str.capitalize, WEEKDAYS))


def day(at: date) -> str:
    """`November 30, 2026`."""
    return f"{at:%B} {at.day}, {at.year}"


def monday(period: str) -> str:
    """The first day of a week: `November 23, 2026` of `2026-W48`."""
    return day(date.fromisoformat(f"{period}-1"))


def clock(at: time) -> str:
    """`3:00 PM`."""
    return f"{at.hour % 12 or 12}:{at.minute:02} {'PM' if at.hour >= 12 else 'AM'}"


def weekly(at: WeekTime) -> str:
    """`Friday, 3:00 PM`."""
    return f"{DAY_NAMES[at.weekday]}, {clock(at.time)}"


def moment(at: datetime, zone: ZoneInfo, *, year: bool = False) -> str:
    """`Mon Nov 30, 9:00 AM`, on the clocks of a zone; with *year* `Mon Nov 30, 2026, 9:00 AM`."""
    local = at.astimezone(zone)
    day = f"{local.day}, {local.year}" if year else str(local.day)
    return f"{local:%a %b} {day}, {clock(local.time())}"
