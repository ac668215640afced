from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import FrameworkError
from bot.core.model.weeks import monday_of
from bot.core.prompts.calendar import (
    Calendar,
    Rule,
    holds_last_friday,
    school_week,
    school_year,
)
from bot.data.calendar import load_calendar

ENTRY = '[[entry]]\nkey = "fair"\nname = "Fair Day"\n'


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return load_calendar()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("entry = 3", "`entry` must be a list"),
        ("", "has no entry"),
        ("[[entry]", "not valid TOML"),
        ('[[entry]]\nname = "Fair Day"', "entry 1: `key` is missing"),
        ('[[entry]]\nkey = "fair"', "entry fair: `name` is missing"),
        (ENTRY + 'colour = "red"', "`colour` is not known here"),
        (ENTRY + 'confirmed = "yes"', "`confirmed` must be true or false"),
        (ENTRY + "rule = { day = 3 }", "`month` is missing"),
        (ENTRY + "rule = { month = 13 }", "`month` must be a whole number of at most 12"),
        (ENTRY + "rule = { month = true }", "`month` must be a whole number"),
        (ENTRY + 'rule = "September"', "`rule` must be a table"),
        (ENTRY + 'rule = { month = 2, weekday = "wendsday", nth = 1 }', "not a weekday"),
        (ENTRY + 'rule = { month = 2, weekday = "friday" }', "needs `nth`"),
        (ENTRY + 'rule = { month = 2, weekday = "friday", nth = 1, day = 3 }', "no `day`"),
        (ENTRY + "[entry.years.soon]\nfirst = 2027-02-03", "not a year"),
        (ENTRY + '[entry.years.2027]\nfirst = "3 Feb"', "`first` must be a day"),
        (ENTRY + "[entry.years.2027]\nfirst = 2027-02-03T09:00:00", "`first` must be a day"),
        (ENTRY + "[entry.years.2027]\nfirst = 2027-02-03\nlast = 2027-02-01", "not in order"),
        (ENTRY + "[entry.years.2027]\nfirst = 2026-02-03", "are in 2026"),
        (ENTRY + ENTRY, "is listed twice"),
        ("entry = [3]", "entry 1: it must be a table"),
    ],
)
def test_a_wrong_calendar_is_refused(text: str, words: str) -> None:
    """A wrong entry is refused with words that name it and what would be right."""
    with pytest.raises(FrameworkError) as caught:
        load_calendar(text)
    assert "calendar.toml" in str(caught.value)
    assert words in str(caught.value)


def test_what_is_not_confirmed_is_never_on(calendar: Calendar) -> None:
    """An observance whose dates are not confirmed is on at no day of ten years."""
    unsafe = [one for one in calendar.observances if not one.confirmed]
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(3653)]

    assert len(unsafe) >= 6
    assert [] == [one.key for one in unsafe for day in days if calendar.weeks_left(one.key, day)]


def test_an_unknown_observance_is_never_on(calendar: Calendar) -> None:
    """A key that the calendar does not hold is simply not on."""
    assert calendar.weeks_left("pancake-day", date(2026, 9, 1)) is None
    assert calendar.get("pancake-day") is None


@pytest.mark.parametrize(
    ("key", "day", "left"),
    [
        ("library-card-month", date(2026, 8, 31), None),
        ("library-card-month", date(2026, 9, 1), 5),
        ("library-card-month", date(2026, 9, 28), 1),
        ("library-card-month", date(2026, 10, 1), None),
        ("literacy-day", date(2026, 9, 7), 1),
        ("literacy-day", date(2026, 9, 14), None),
        ("world-read-aloud-day", date(2027, 2, 1), 1),
        ("world-read-aloud-day", date(2027, 2, 5), 1),
        ("world-read-aloud-day", date(2027, 2, 6), None),
        ("world-read-aloud-day", date(2027, 2, 8), None),
        # 4 April 2027 is a Sunday: it is spoken of in the week that ends with it.
        ("school-librarian-day", date(2027, 3, 29), 1),
        ("school-librarian-day", date(2027, 4, 5), None),
    ],
)
def test_weeks_left(calendar: Calendar, key: str, day: date, left: int | None) -> None:
    """A month counts its weeks down; a single day fills the week that holds it."""
    assert left == calendar.weeks_left(key, day)


def test_one_known_year_wins_over_the_rule() -> None:
    """What is entered for one year replaces the rule in that year only, also to withdraw it."""
    calendar = load_calendar(
        ENTRY
        + "rule = { month = 5, day = 1 }\nconfirmed = true\n"
        + "[entry.years.2027]\nfirst = 2027-05-12\nconfirmed = true\n"
        + "[entry.years.2028]\nfirst = 2028-05-01\nconfirmed = false\n"
    )

    assert 1 == calendar.weeks_left("fair", date(2026, 5, 1))
    assert calendar.weeks_left("fair", date(2027, 5, 1)) is None
    assert 1 == calendar.weeks_left("fair", date(2027, 5, 12))
    assert calendar.weeks_left("fair", date(2028, 5, 1)) is None


def test_a_week_from_sunday_is_on_in_its_own_week() -> None:
    """A week from Sunday to Saturday is on in its own days, not on the Monday before them."""
    calendar = load_calendar(
        ENTRY + "[entry.years.2026]\nfirst = 2026-10-04\nlast = 2026-10-10\nconfirmed = true"
    )

    assert calendar.weeks_left("fair", date(2026, 9, 28)) is None
    assert 1 == calendar.weeks_left("fair", date(2026, 10, 4))
    assert 1 == calendar.weeks_left("fair", date(2026, 10, 5))
    assert calendar.weeks_left("fair", date(2026, 10, 11)) is None
    assert calendar.weeks_left("fair", date(2026, 10, 12)) is None


def test_rules() -> None:
    """Each form of rule gives the days that it says."""
    assert date(2027, 2, 3) == Rule(2, weekday=2, nth=1).span(2027).first
    assert date(2026, 5, 29) == Rule(5, weekday=4, nth=-1).span(2026).first
    assert date(2027, 2, 28) == Rule(2, 29).span(2027).last
    week = Rule(12, 9, week=True).span(2026)
    assert (date(2026, 12, 7), date(2026, 12, 13)) == (week.first, week.last)
    assert date(2028, 2, 29) == Rule(2).span(2028).last


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2026, 8, 16), None),
        (date(2026, 8, 17), 1),
        (date(2026, 12, 31), 20),  # in ISO week 53
        (date(2027, 1, 3), 20),
        (date(2027, 1, 4), 21),
        (date(2027, 6, 20), 44),
        (date(2027, 6, 21), None),
        (date(2027, 8, 15), None),
        (date(2027, 8, 16), 1),
    ],
)
def test_school_week(day: date, week: int | None) -> None:
    """The weeks run from mid-August to mid-June, through an ISO week 53, and rest in summer."""
    assert week == school_week(day)


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_a_week_is_one_week(day: date) -> None:
    """Monday and Sunday are in the same school week and year, which starts in August."""
    monday = monday_of(day)
    sunday = monday + timedelta(days=6)

    assert school_week(monday) == school_week(sunday)
    assert school_year(monday) == school_year(sunday)
    assert school_year(day) in {day.year, day.year - 1}
    assert 1 <= (school_week(day) or 1) <= 44


def test_last_friday() -> None:
    """The week of a month's last Friday is found from any of its days, also across the month."""
    assert holds_last_friday(date(2027, 6, 21))
    assert holds_last_friday(date(2027, 6, 27))
    assert not holds_last_friday(date(2027, 6, 28))
    assert not holds_last_friday(date(2027, 6, 20))
