"""The school year: its weeks, and what is observed when.

A school year runs from mid-August to mid-June. Weeks run from Monday to Sunday.
"""

import calendar as months
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.model.weeks import Span, monday_of

WEEKS_OF_SCHOOL = 44
"""From the Monday nearest to 15 August, this reaches the middle of June."""

_WEEK = timedelta(days=7)
_FRIDAY = 4


def school_year(day: date) -> int:
    """The year in which the school year of *day* began; a summer belongs to the one before it."""
    return day.year if day >= _first_monday(day.year) else day.year - 1


def school_week(day: date) -> int | None:
    """The week of the school year, from 1; None in the summer.

    Counted in days, so a year whose last ISO week is the 53rd needs no care.
    """
    week = (day - _first_monday(school_year(day))) // _WEEK + 1
    return week if week <= WEEKS_OF_SCHOOL else None


def monday_of_school_week(year: int, week: int) -> date:
    """The Monday of a week, from 1, of the school year that began in *year*."""
    return _first_monday(year) + (week - 1) * _WEEK


def holds_last_friday(day: date) -> bool:
    """Whether the week of *day* holds the last Friday of a month."""
    friday = monday_of(day) + timedelta(days=_FRIDAY)
    return (friday + _WEEK).month != friday.month


def _first_monday(year: int) -> date:
    return monday_of(date(year, 8, 18))  # the Monday from the 12th to the 18th


@dataclass(frozen=True, slots=True)
class Rule:
    """When something falls in any year."""

    month: int
    day: int | None = None
    week: bool = False
    weekday: int | None = None
    nth: int = 1

    def span(self, year: int) -> Span:
        """The days in that year."""
        if self.weekday is not None:
            weeks = months.monthcalendar(year, self.month)
            days = [week[self.weekday] for week in weeks if week[self.weekday]]
            found = date(year, self.month, days[self.nth - 1 if self.nth > 0 else self.nth])
            return Span(found, found)
        length = months.monthrange(year, self.month)[1]
        if self.day is None:
            return Span(date(year, self.month, 1), date(year, self.month, length))
        found = date(year, self.month, min(self.day, length))
        return _week_of(found) if self.week else Span(found, found)


def _week_of(day: date) -> Span:
    monday = monday_of(day)
    return Span(monday, monday + timedelta(days=6))


@dataclass(frozen=True, slots=True)
class Observance:
    """A day, week or month that schools observe.

    Attributes:
        confirmed: whether the rule can be trusted.
        years: the days of single years, None where those cannot be trusted; they win over the rule.
    """

    key: str
    name: str
    rule: Rule | None
    confirmed: bool
    years: Mapping[int, Span | None]

    def confirmed_span(self, year: int) -> Span | None:
        """Its days in *year*, or None when they are not confirmed for that year."""
        if year in self.years:
            return self.years[year]
        return self.rule.span(year) if self.rule is not None and self.confirmed else None


@dataclass(frozen=True, slots=True)
class Calendar:
    """All observances, in the order of the file."""

    observances: tuple[Observance, ...]

    def get(self, key: str) -> Observance | None:
        """The observance of that key."""
        return next((one for one in self.observances if one.key == key), None)

    def weeks_left(self, key: str, day: date) -> int | None:
        """How many weeks of an observance are left with that of *day*; None when it is not on.

        Only days that are confirmed for that year count. An observance of up to a week is on for
        the whole week that holds its middle, so that it can be spoken of on a school day, but not
        on a weekend after it; and on its own days. A longer one is on for its own days only.
        """
        found = self.get(key)
        if found is None:
            return None
        week = _week_of(day)
        for year in {week.first.year, week.last.year}:
            span = found.confirmed_span(year)
            if span is None:
                continue
            length = span.last - span.first
            if length >= _WEEK:
                if day in span:
                    return (span.last - week.first) // _WEEK + 1
                continue
            weekend_after = day > span.last and day.weekday() > _FRIDAY
            if day in span or (span.first + length // 2 in week and not weekend_after):
                return 1
        return None
