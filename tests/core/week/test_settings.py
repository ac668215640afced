"""What a settings form says: times, zones and breaks as people write them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import CommandError, FormError
from bot.core.messages import settings as messages
from bot.core.model.channel_week import ChannelWeek
from bot.core.model.parts import Actions, Paragraph, Words
from bot.core.model.people import Channel, Previews
from bot.core.model.settings import SettingsView
from bot.core.model.weeks import Span
from bot.core.week.settings_form import read_form, read_zone
from tests.core.stage import CHICAGO, HABITS

TODAY = date(2026, 11, 25)
CHANNEL = Channel(workspace="T1", id="C1", first_seen=datetime(2026, 9, 1, tzinfo=UTC))


def refused(field: str, **given_: str) -> str:
    with pytest.raises(FormError) as caught:
        read_form(given_, CHANNEL, HABITS, TODAY)
    assert [field] == list(caught.value.problems)
    return caught.value.problems[field]


@given(st.text(max_size=30))
def test_any_time_is_read_or_refused(text: str) -> None:
    """Whatever comes back from the clock: a time of day, or words beside it."""
    try:
        kept = read_form({"digest_day": "fri", "digest_time": text}, CHANNEL, HABITS, TODAY).digest
    except FormError as error:
        assert {"digest_time": "Please choose a time."} == error.problems  # noqa: PT017
    else:
        assert kept is None or kept.startswith("fri ")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" america/new york ", "America/New_York"),
        ("AMERICA/ST_JOHNS", "America/St_Johns"),
        ("utc", "UTC"),
    ],
)
def test_zones(text: str, name: str) -> None:
    """A zone is read in any case, with blanks for its underscores."""
    assert name == read_zone(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("PST", "Did you mean America/Los_Angeles?"),
        ("chicago", "Did you mean America/Chicago?"),
        ("Amerika/Chikago", "Did you mean America/Chicago?"),
        ("US/Estern", "Did you mean US/Eastern?"),
        ("…", "Write it like Europe/Berlin."),
        ("EST5EDT", "no time zone EST5EDT"),
    ],
)
def test_no_zones(text: str, hint: str) -> None:
    """What is no zone with a summer time of its own is answered with the nearest."""
    with pytest.raises(CommandError, match="I know no time zone") as caught:
        read_zone(text)
    assert hint in str(caught.value)


@given(st.text(max_size=80))
def test_any_zone_is_read_or_refused(text: str) -> None:
    """Whatever is written: a zone that exists, or one sentence."""
    try:
        name = read_zone(text)
    except CommandError as error:
        assert "I know no time zone" in str(error)  # noqa: PT017
    else:
        assert name == ZoneInfo(name).key


@given(st.text(max_size=80))
def test_any_breaks_are_read_or_refused(text: str) -> None:
    """Whatever is written: breaks in order, or words beside the field."""
    try:
        spans = read_form({"breaks": text}, CHANNEL, HABITS, TODAY).breaks
    except FormError as error:
        assert ["breaks"] == list(error.problems)  # noqa: PT017
    else:
        assert list(spans) == sorted(spans, key=lambda span: span.first)


def test_breaks_that_touch_are_one() -> None:
    """Lines in any order, with any dash, become few and sorted."""
    text = (
        "2027-01-04\n2026-12-21 to 2027-01-03\n2026-12-24..2026-12-25\n"
        "2026-11-26 - 2026-11-27\n2027-04-02—2027-04-05"
    )
    assert (
        Span(date(2026, 11, 26), date(2026, 11, 27)),
        Span(date(2026, 12, 21), date(2027, 1, 4)),
        Span(date(2027, 4, 2), date(2027, 4, 5)),
    ) == read_form({"breaks": text}, CHANNEL, HABITS, TODAY).breaks


@pytest.mark.parametrize(
    ("first", "last", "breaks"),
    [
        ("", "", [(1, 2)]),
        ("2026-12-09", "", [(1, 2), (9, 9)]),
        ("2026-12-09", "2026-12-11", [(1, 2), (9, 11)]),
        ("2026-12-03", "2026-12-04", [(1, 4)]),
    ],
)
def test_a_break_is_added_from_two_days(
    first: str, last: str, breaks: list[tuple[int, int]]
) -> None:
    """Two days from the calendar, or one, join the breaks that are there."""
    december = [Span(date(2026, 12, a), date(2026, 12, b)) for a, b in breaks]
    channel = replace(CHANNEL, breaks=(Span(date(2026, 12, 1), date(2026, 12, 2)),))
    chosen = {"break_first": first, "break_last": last}
    assert december == list(read_form(chosen, channel, HABITS, TODAY).breaks)


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("", "2026-12-11", "choose the first day"),
        ("2026-12-11", "2026-12-09", "ends before it begins"),
    ],
)
def test_a_break_that_is_none(first: str, last: str, says: str) -> None:
    """A break needs its first day, and ends after it begins."""
    assert says in refused("break_last", break_first=first, break_last=last)


def test_a_line_is_one_line_and_no_essay() -> None:
    """Line breaks become blanks; what is too long is not kept."""
    line = read_form({"line": "  The book swap\n is on Thursday. "}, CHANNEL, HABITS, TODAY).line
    assert "The book swap is on Thursday." == line
    with pytest.raises(FormError) as caught:
        read_form({"line": "a" * 301}, CHANNEL, HABITS, TODAY)
    assert {"line": "That has 301 characters; 300 are enough."} == caught.value.problems


def test_what_is_not_there_stays() -> None:
    """An empty form changes nothing; nor do values that no field offers."""
    channel = Channel(
        workspace="T1",
        id="C1",
        first_seen=CHANNEL.first_seen,
        observances=True,
        previews=Previews.NEVER,
        digest="off",
    )
    assert channel == read_form({}, channel, HABITS, TODAY)
    assert channel == read_form({"previews": "sometimes", "capture": ""}, channel, HABITS, TODAY)


def test_values_that_no_list_offers() -> None:
    """A day or zone that was never on offer is refused."""
    assert "choose a day" in refused("digest_time", digest_day="someday", digest_time="3 pm")
    assert "choose a time zone" in refused("zone_other", zone="Mars/Olympus", zone_other="")


def test_what_the_operator_chose_is_not_frozen() -> None:
    """A form sent as it was leaves the operator's hours in force where they were."""
    usual = {
        "digest_day": "fri",
        "digest_time": "15:00",
        "prompt_day": "mon",
        "prompt_time": "09:00",
        "zone": "America/Chicago",
        "zone_other": "",
    }
    read = read_form(usual, CHANNEL, HABITS, TODAY)
    assert (None, None, None) == (read.digest, read.prompt, read.zone)
    own = Channel(
        workspace="T1",
        id="C1",
        first_seen=CHANNEL.first_seen,
        digest="off",
        prompt="off",
        zone="Europe/Berlin",
    )
    read = read_form(usual, own, HABITS, TODAY)
    assert ("fri 15:00", "mon 09:00", "America/Chicago") == (read.digest, read.prompt, read.zone)


def test_a_pause_that_is_over_is_no_change() -> None:
    """A pause of last week, not shown any more, is not a change of whoever saves now."""
    over = Channel(
        workspace="T1", id="C1", first_seen=CHANNEL.first_seen, paused_until=date(2026, 11, 20)
    )
    assert over == read_form({"pause": ""}, over, HABITS, TODAY)
    still = Channel(
        workspace="T1", id="C1", first_seen=CHANNEL.first_seen, paused_until=date(2026, 11, 30)
    )
    assert read_form({"pause": ""}, still, HABITS, TODAY).paused_until is None


def test_the_form_shows_what_is_chosen() -> None:
    """A zone of elsewhere, a pause and a channel without a name stand in the form."""
    channel = Channel(
        workspace="T1",
        id="C1",
        first_seen=CHANNEL.first_seen,
        digest="off",
        paused_until=date(2026, 11, 30),
    )
    chosen = SettingsView(
        week=ChannelWeek(channel, replace(HABITS, zone=ZoneInfo("Europe/Berlin"))),
        today=TODAY,
        coming=(),
        changes=(),
        names={},
    )
    fields = {
        field.id: field.value
        for field in messages.form(chosen, more=True).fields
        if not isinstance(field, Actions | Paragraph | Words)
    }
    assert {
        "digest_day": "off",
        "digest_time": "15:00",
        "line": "",
        "prompt_day": "mon",
        "prompt_time": "09:00",
        "break_first": "",
        "break_last": "",
        "zone": "other",
        "zone_other": "Europe/Berlin",
        "breaks": "",
        "pause": "2026-11-30",
        "observances": "no",
        "capture": "all",
        "previews": "first",
    } == fields
    assert "this channel" in str(messages.form(chosen).fields[0])
    assert CHICAGO != chosen.week.zone
