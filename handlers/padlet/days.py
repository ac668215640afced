"""Days and hours as Padlet and spreadsheets write them."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from typing import Final

_EXCEL: Final = datetime(1899, 12, 30)  # noqa: DTZ001  (a spreadsheet's days have no zone)
_ZONES: Final = re.compile(r"\s*(?:UTC|GMT|Z)\Z", re.IGNORECASE)
_SLASHES: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:,?\s+(.*))?")
_HOURS: Final = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M%p")
_WRITTEN: Final = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y")


def instant_of(cell: str | float | datetime, zone: tzinfo, *, month_first: bool) -> datetime:
    """The instant that a cell tells, in UTC.

    Args:
        cell: text, or a spreadsheet's number of days.
        zone: the zone of what names none.
        month_first: whether 3/4/2026 is in March.

    Raises:
        ValueError: it tells none; the words are for whoever imports it.
    """
    try:
        found = _read(cell, month_first=month_first)
        if found.tzinfo is None:
            found = found.replace(tzinfo=zone)
        found = found.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        raise ValueError(f"{str(cell)[:40]!r} is not a day") from None
    if not 1990 < found.year < 2200:
        raise ValueError(f"{str(cell)[:40]!r} is not a day of our time")
    return found


def _read(cell: str | float | datetime, *, month_first: bool) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, float | int):
        return _EXCEL + timedelta(seconds=round(cell * 86_400))
    text = " ".join(cell.split())
    if re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", text):
        return _EXCEL + timedelta(seconds=round(float(text) * 86_400))
    utc = bool(_ZONES.search(text))
    bare = _ZONES.sub("", text)
    if slashes := _SLASHES.fullmatch(bare):
        return _slashed(slashes, utc=utc, month_first=month_first)
    try:
        found = datetime.fromisoformat(bare)
    except ValueError:
        found = _in_words(text)
    return found.replace(tzinfo=UTC) if utc and found.tzinfo is None else found


def _slashed(found: re.Match[str], *, utc: bool, month_first: bool) -> datetime:
    one, two, year = int(found[1]), int(found[2]), int(found[3])
    month, day = (one, two) if (month_first and one <= 12) or two > 12 else (two, one)
    hour = _hour(found[4] or "00:00")
    return datetime(
        year, month, day, hour.hour, hour.minute, hour.second, tzinfo=UTC if utc else None
    )


def _hour(text: str) -> datetime:
    for form in _HOURS:
        try:
            return datetime.strptime(text.upper(), form)  # noqa: DTZ007  (only its hour counts)
        except ValueError:
            continue
    raise ValueError(text)


def _in_words(text: str) -> datetime:
    for form in _WRITTEN:
        for hour in ("", *(f" {one}" for one in _HOURS), *(f", {one}" for one in _HOURS)):
            try:
                return datetime.strptime(text, form + hour)  # noqa: DTZ007  (the caller's zone)
            except ValueError:
                continue
    return parsedate_to_datetime(text)
