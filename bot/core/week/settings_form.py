"""Read a settings form: hours, zones and breaks as people write them."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from bot.core.errors import CommandError, FormError, SettingsError
from bot.core.model.channel_week import ScheduleDefaults
from bot.core.model.nearest import did_you_mean, nearest
from bot.core.model.people import Channel, Previews
from bot.core.model.settings import DAYS, LONGEST_LINE, OFF, OTHER, ZONES
from bot.core.model.typed import short
from bot.core.model.weeks import Span, WeekTime, parse_weekly

MOST_BREAKS: Final = 40
LONGEST: Final = timedelta(days=366)
"""The longest break or pause."""
FARTHEST: Final = timedelta(days=3 * 366)
"""How far ahead a break may lie."""

_RANGE: Final = re.compile(
    r"(\S+?)(?:\s*(?:\bto\b|\buntil\b|\bthrough\b|–|—|\.\.+|\s-\s)\s*(\S+?))?", re.IGNORECASE
)
_DAY: Final = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)", re.ASCII)
_ABBREVIATED: Final = {
    **dict.fromkeys(("eastern", "et", "est", "edt"), "America/New_York"),
    **dict.fromkeys(("central", "ct", "cst", "cdt"), "America/Chicago"),
    **dict.fromkeys(("mountain", "mt", "mst", "mdt"), "America/Denver"),
    **dict.fromkeys(("pacific", "pt", "pst", "pdt"), "America/Los_Angeles"),
    **dict.fromkeys(("hawaii", "hst"), "Pacific/Honolulu"),
}
_RANGE_FORM: Final = "Write it like 2026-12-21 to 2027-01-04."
_DAY_FORM: Final = "Write it like 2027-01-04."


def read_form(
    given: Mapping[str, str], channel: Channel, defaults: ScheduleDefaults, today: date
) -> Channel:
    """Return the channel with what was filled in; a missing field changes nothing.

    What equals the operator's own choice, where the channel had not chosen, stays that way.

    Raises:
        FormError: what cannot be read, by field.
    """
    problems: dict[str, str] = {}

    def reading(field: str, read: Callable[[], Channel]) -> None:
        nonlocal channel
        if field in given:
            try:
                channel = read()
            except CommandError as error:
                problems[field] = str(error)

    def hour(kind: str, before: str | None, usual: WeekTime | None) -> str | None:
        weekly = _weekly(given.get(f"{kind}_day", ""), given.get(f"{kind}_time", ""))
        if before is None and weekly == usual:
            return None
        return OFF if weekly is None else str(weekly)

    reading(
        "digest_time",
        lambda: replace(channel, digest=hour("digest", channel.digest, defaults.digest)),
    )
    reading(
        "prompt_time",
        lambda: replace(channel, prompt=hour("prompt", channel.prompt, defaults.prompt)),
    )
    reading("zone_other", lambda: replace(channel, zone=_zone(given, channel.zone, defaults.zone)))
    reading("breaks", lambda: replace(channel, breaks=_breaks(given["breaks"], today)))
    reading("line", lambda: replace(channel, line=_line(given["line"])))
    reading("break_last", lambda: replace(channel, breaks=_with_break(channel, given, today)))
    reading("pause", lambda: replace(channel, paused_until=_pause(given["pause"], channel, today)))
    if problems:
        raise FormError(problems)
    previews = given.get("previews", "")
    return replace(
        channel,
        observances=_chosen(given, "observances", now=channel.observances, yes="yes"),
        marked_only=_chosen(given, "capture", now=channel.marked_only, yes="marked"),
        book=_chosen(given, "book", now=channel.book, yes="yes"),
        previews=Previews(previews) if previews in set(Previews) else channel.previews,
    )


def _chosen(given: Mapping[str, str], field: str, *, now: bool, yes: str) -> bool:
    return given[field] == yes if given.get(field) else now


def _weekly(day: str, clock: str) -> WeekTime | None:
    """Read the chosen day and time; None: off."""
    if day == OFF:
        return None
    if day not in DAYS:
        raise CommandError("Please choose a day, or none.")
    try:
        return parse_weekly(f"{day} {clock}")
    except SettingsError:
        raise CommandError("Please choose a time.") from None


def _zone(given: Mapping[str, str], now: str | None, usual: ZoneInfo) -> str | None:
    """Read the zone chosen from the list or written beside it; None: the usual one."""
    before = now or usual.key
    chosen, written = given.get("zone") or OTHER, given["zone_other"].strip()
    listed = chosen if chosen != OTHER else ""
    if listed and listed not in dict(ZONES):
        raise CommandError("Please choose a time zone from the list.")
    if listed and written and written not in {before, listed}:
        if listed != before:
            raise CommandError("You chose one zone and wrote another. Please empty this field.")
        listed = ""
    if not listed and not written:
        raise CommandError("Which one? Write its name, like Europe/Berlin.")
    name = listed or read_zone(written)
    return None if now is None and name == usual.key else name


def read_zone(text: str) -> str:
    """An IANA name, in any case.

    Raises:
        CommandError: with the nearest right name. Abbreviations such as EST are refused: those
            zones have no summer time.
    """
    names = {name.lower(): name for name in available_timezones() if "/" in name or name == "UTC"}
    words = "_".join(text.strip().lower().split())
    if words in names:
        return names[words]
    short_for = _ABBREVIATED.get(words)
    near = (short_for,) if short_for else nearest(words, sorted(names.values()), likeness=0.75)
    hint = did_you_mean(near) or "Write it like Europe/Berlin."
    raise CommandError(f"I know no time zone {short(text)}. {hint}")


def _line(text: str) -> str:
    line = " ".join(text.split())
    if len(line) > LONGEST_LINE:
        raise CommandError(f"That has {len(line)} characters; {LONGEST_LINE} are enough.")
    return line


def _breaks(text: str, today: date) -> tuple[Span, ...]:
    """Read breaks, one a line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_BREAKS:
        raise CommandError(f"Those are {len(lines)} breaks; {MOST_BREAKS} are enough.")
    return _merged(_break(line, today) for line in lines)


def _with_break(channel: Channel, given: Mapping[str, str], today: date) -> tuple[Span, ...]:
    """Add the break whose first and last day were chosen to the known ones."""
    first, last = given.get("break_first", ""), given["break_last"]
    if not first and not last:
        return channel.breaks
    if not first:
        raise CommandError("Please choose the first day as well.")
    return _merged((*channel.breaks, _break(f"{first} to {last or first}", today)))


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Sort breaks by their days, and join those that touch."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: span.first):
        if merged and span.first <= merged[-1].last + timedelta(days=1):
            merged[-1] = Span(merged[-1].first, max(merged[-1].last, span.last))
        else:
            merged.append(span)
    return tuple(merged)


def _break(line: str, today: date) -> Span:
    found = _RANGE.fullmatch(line)
    if found is None:
        raise CommandError(f"I cannot read {short(line)} as a break. {_RANGE_FORM}")
    first = _day(found[1], _RANGE_FORM)
    last = _day(found[2], _RANGE_FORM) if found[2] else first
    if last < first:
        raise CommandError(f"The break {short(line)} ends before it begins. Swap the two days.")
    if last - first > LONGEST:
        raise CommandError(f"The break {short(line)} is longer than a year. {_RANGE_FORM}")
    if last - today > FARTHEST:
        raise CommandError(f"The break {short(line)} is more than three years away.")
    return Span(first, last)


def _pause(text: str, channel: Channel, today: date) -> date | None:
    if not text.strip():
        over = channel.paused_until is not None and channel.paused_until <= today
        return channel.paused_until if over else None
    day = _day(text.strip(), _DAY_FORM)
    if day <= today:
        raise CommandError(f"{day} is not in the future. Leave this empty to go on now.")
    if day - today > LONGEST:
        raise CommandError("That is more than a year away. Choose *None* for both instead.")
    return day


def _day(text: str, form: str) -> date:
    found = _DAY.fullmatch(text.rstrip(".,;"))
    if found is None:
        raise CommandError(f"I cannot read {short(text)} as a day. {form}")
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise CommandError(f"There is no such day as {short(text)}. {form}") from None
