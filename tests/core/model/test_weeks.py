"""Weeks, due times, lateness, and the order of a digest."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import SettingsError
from bot.core.model.channel_week import ChannelWeek, ScheduleDefaults, Verdict
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.people import Channel
from bot.core.model.weeks import (
    WeekTime,
    instant_of,
    next_due,
    parse_weekly,
    period_of,
)
from bot.data.framework import load_framework

CHICAGO = ZoneInfo("America/Chicago")
KIRITIMATI = ZoneInfo("Pacific/Kiritimati")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
FRAMEWORK = load_framework()
FRIDAY = WeekTime(4, time(15))
DIGEST, PROMPT = DeliveryKind.DIGEST, DeliveryKind.PROMPT
WAIT, PUNCTUAL, LATE, TOO_LATE = Verdict
ZONES = [CHICAGO, KIRITIMATI, LORD_HOWE, *map(ZoneInfo, ("Europe/Berlin", "America/Havana"))]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def chicago(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO).astimezone(UTC)


IN_CHICAGO = ChannelWeek(
    Channel(workspace="T1", id="C1", first_seen=utc("2026-08-01")),
    ScheduleDefaults(CHICAGO, digest=None, prompt=None),
)


# -- weeks ------------------------------------------------------------------------------------


def test_a_week_belongs_to_the_zone() -> None:
    """Late on Sunday in Chicago it is Monday in UTC, and still the old week in Chicago."""
    instant = utc("2026-11-23T03:00")
    assert "2026-W47" == period_of(instant, CHICAGO).key
    assert "2026-W48" == period_of(instant, ZoneInfo("UTC")).key


def test_a_year_may_have_53_weeks() -> None:
    """The first of January 2027 lies in week 53 of 2026."""
    period = period_of(chicago("2027-01-01T12:00"), CHICAGO)
    assert "2026-W53" == period.key
    assert (chicago("2026-12-28"), chicago("2027-01-04")) == (period.start, period.end)


@pytest.mark.parametrize(
    ("inside", "hours"), [("2026-03-05", 167), ("2026-10-29", 169), ("2026-11-05", 168)]
)
def test_a_week_with_a_clock_change_is_an_hour_shorter_or_longer(inside: str, hours: int) -> None:
    """A week lasts from Monday to Monday by the clock on the wall."""
    period = period_of(chicago(inside), CHICAGO)
    assert timedelta(hours=hours) == period.end - period.start


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001  (made aware below)
    st.sampled_from(ZONES),
)
def test_weeks_tile_time(naive: datetime, zone: ZoneInfo) -> None:
    """Every instant lies in its week, and the week after it starts where it ends."""
    instant = naive.replace(tzinfo=UTC)
    period = period_of(instant, zone)
    assert period.start <= instant < period.end
    assert period.end == period_of(period.end, zone).start
    assert period.key < period_of(period.end, zone).key


# -- reading a weekly time --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fri 15:00", "fri 15:00"),
        ("  Friday   9:05 ", "fri 09:05"),
        ("THURS 00:00", "thu 00:00"),
        ("sun. 23:59", "sun 23:59"),
    ],
)
def test_weekdays_are_read_in_full_or_in_part(text: str, expected: str) -> None:
    """Three letters of a weekday are enough, and case does not matter."""
    assert expected == str(parse_weekly(text))


def test_off_is_off() -> None:
    """`off` means that nothing is posted."""
    assert parse_weekly(" OFF ") is None


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ("fry 15:00", '"fri 15:00"'),
        ("wendesday 9:00", '"wed 09:00"'),
        ("t 9:00", '"tue 09:00"'),
        ("fri 25:00", "Hours go from 00 to 23"),
        ("fri 15:60", "is not a time of day"),
        ("fri 3pm", '"fri 15:00", or "off"'),
        ("", '"fri 15:00", or "off"'),
        ("15:00", '"fri 15:00", or "off"'),
        ("fri 15:00 " * 90, '"fri 15:00", or "off"'),
    ],
)
def test_a_misspelt_time_is_answered_with_the_right_form(text: str, help_: str) -> None:
    """The message shows what to write instead, and does not grow with what was written."""
    with pytest.raises(SettingsError) as caught:
        parse_weekly(text)
    assert help_ in str(caught.value)
    assert len(str(caught.value)) < 200


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any text is a weekly time, `off`, or an error with words."""
    try:
        weekly = parse_weekly(text)
    except SettingsError:
        return
    assert weekly is None or weekly == parse_weekly(str(weekly))


# -- due times --------------------------------------------------------------------------------


def test_the_next_due_time_is_strictly_later() -> None:
    """At the due time itself, the next one is a week away."""
    due = chicago("2026-11-27T15:00")
    assert due == next_due(due - timedelta(microseconds=1), CHICAGO, FRIDAY)
    assert chicago("2026-12-04T15:00") == next_due(due, CHICAGO, FRIDAY)


def test_a_due_time_that_the_clock_skips_is_the_first_minute_after() -> None:
    """On 8 March 2026 there is no 02:30 in Chicago; 03:00 is the first minute after the gap."""
    due = next_due(chicago("2026-03-05T12:00"), CHICAGO, WeekTime(6, time(2, 30)))
    assert utc("2026-03-08T08:00") == due
    assert time(3) == due.astimezone(CHICAGO).time()


def test_a_due_time_that_the_clock_repeats_comes_once() -> None:
    """On 1 November 2026 Chicago has 01:30 twice; the first counts, the second does not."""
    weekly = WeekTime(6, time(1, 30))
    first = next_due(chicago("2026-10-29T12:00"), CHICAGO, weekly)
    assert utc("2026-11-01T06:30") == first
    assert utc("2026-11-08T07:30") == next_due(first, CHICAGO, weekly)


def test_half_an_hour_can_be_skipped_too() -> None:
    """Lord Howe Island moves its clocks by 30 minutes."""
    assert (
        time(2, 30)
        == instant_of(date(2026, 10, 4), time(2, 10), LORD_HOWE).astimezone(LORD_HOWE).time()
    )


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001  (made aware below)
    st.sampled_from(ZONES),
    st.integers(0, 6),
    st.times(),
)
def test_every_week_has_one_due_time(
    naive: datetime, zone: ZoneInfo, weekday: int, clock: time
) -> None:
    """Walking from due time to due time, each ISO week comes exactly once, in order."""
    weekly = WeekTime(weekday, clock.replace(second=0, microsecond=0))
    due = next_due(naive.replace(tzinfo=UTC), zone, weekly)
    for _ in range(5):
        later = next_due(due, zone, weekly)
        assert period_of(due, zone).end == period_of(later, zone).start
        due = later


# -- late or not ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "due", "now", "expected"),
    [
        (DIGEST, "2026-11-27T15:00", "2026-11-27T14:59", WAIT),
        (DIGEST, "2026-11-27T15:00", "2026-11-27T15:00", PUNCTUAL),
        (DIGEST, "2026-11-27T21:00", "2026-11-27T21:04", PUNCTUAL),
        (DIGEST, "2026-11-27T21:00", "2026-11-27T21:06", WAIT),
        (DIGEST, "2026-11-27T21:00", "2026-11-28T07:59", WAIT),
        (DIGEST, "2026-11-27T21:00", "2026-11-28T08:00", LATE),
        (DIGEST, "2026-11-27T15:00", "2026-11-27T19:59", LATE),
        (DIGEST, "2026-11-27T15:00", "2026-11-27T20:00", WAIT),
        (DIGEST, "2026-11-27T15:00", "2026-11-29T03:00", WAIT),
        (DIGEST, "2026-11-27T15:00", "2026-11-30T15:00", LATE),
        (DIGEST, "2026-11-27T15:00", "2026-11-30T15:01", TOO_LATE),
        (DIGEST, "2026-11-27T07:00", "2026-11-30T06:00", TOO_LATE),
        (PROMPT, "2026-11-23T09:00", "2026-11-23T19:30", LATE),
        (PROMPT, "2026-11-23T09:00", "2026-11-23T20:30", TOO_LATE),
        (PROMPT, "2026-11-23T21:00", "2026-11-23T22:00", WAIT),
        (PROMPT, "2026-11-23T21:00", "2026-11-24T09:00", LATE),
        (PROMPT, "2026-11-23T21:00", "2026-11-24T09:01", TOO_LATE),
    ],
)
def test_what_is_late_goes_out_by_day_and_not_too_late(
    kind: DeliveryKind, due: str, now: str, expected: Verdict
) -> None:
    """A digest may be 72 hours late, a prompt 12, only between 08:00 and 20:00 local time."""
    assert expected is IN_CHICAGO.verdict(kind, chicago(due), chicago(now))


def test_a_change_of_clocks_does_not_change_how_late_it_is() -> None:
    """72 hours are 72 hours on the weekend on which the clocks change."""
    due = chicago("2026-10-30T15:00")
    assert LATE is IN_CHICAGO.verdict(DIGEST, due, due + timedelta(hours=72))
    assert chicago("2026-11-02T14:00") == due + timedelta(hours=72)
