"""The days, weeks and months that schools observe."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated

from msgspec import Meta, field

from bot.core.model.weeks import WEEKDAYS, Span
from bot.core.prompts.calendar import Calendar, Observance, Rule
from bot.data.reading import Filled, Form, read, wrong

_FILE = "calendar.toml"


class _Rule(Form):
    month: Annotated[int, Meta(ge=1, le=12)]
    day: Annotated[int, Meta(ge=1, le=31)] | None = None
    week: bool = False
    weekday: str = ""
    nth: Annotated[int, Meta(ge=-4, le=4)] = 0


class _Year(Form):
    first: date
    last: date | None = None
    confirmed: bool = False


class _Entry(Form):
    key: Filled
    name: Filled
    rule: _Rule | None = None
    confirmed: bool = False
    years: dict[str, _Year] = field(default_factory=dict)


class _File(Form):
    entry: tuple[_Entry, ...] = ()


def load_calendar(text: str | None = None) -> Calendar:
    """Read a calendar file.

    Args:
        text: the TOML; None reads the file that comes with the program.

    Raises:
        FrameworkError: what is wrong with which entry, and what would be right.
    """
    entries = read(_File, _FILE, text).entry
    if not entries:
        raise wrong(_FILE, "the file", "has no entry", "add at least one [[entry]]")
    found: dict[str, Observance] = {}
    for entry in entries:
        where = f"entry {entry.key}"
        if entry.key in found:
            raise wrong(_FILE, where, "is listed twice", "keep one of the two")
        found[entry.key] = Observance(
            key=entry.key,
            name=entry.name,
            rule=_rule(where, entry.rule) if entry.rule else None,
            confirmed=entry.confirmed,
            years=dict(_years(where, entry.years)),
        )
    return Calendar(tuple(found.values()))


def _rule(where: str, rule: _Rule) -> Rule:
    weekday = rule.weekday.lower()
    if not weekday:
        return Rule(rule.month, rule.day, week=rule.week)
    if weekday not in WEEKDAYS:
        what = f'"{weekday}" is not a weekday'
        raise wrong(_FILE, where, what, "write one such as wednesday")
    if rule.day is not None or not rule.nth:
        what = "a weekday needs `nth` and no `day`"
        raise wrong(_FILE, where, what, "write nth = 1, or -1 for the last")
    return Rule(rule.month, weekday=WEEKDAYS.index(weekday), nth=rule.nth)


def _years(where: str, years: Mapping[str, _Year]) -> Iterator[tuple[int, Span | None]]:
    for name, year in years.items():
        first, last = year.first, year.last or year.first
        if not (name.isdecimal() and len(name) == 4):
            raise wrong(_FILE, where, f'"{name}" is not a year', "write [entry.years.2027]")
        if first > last:
            what = f"the days of {name} are not in order"
            raise wrong(_FILE, where, what, f"write first = {name}-10-04")
        if first.year != int(name):
            what = f"the days of {name} are in {first.year}"
            raise wrong(_FILE, where, what, "move them there")
        yield int(name), Span(first, last) if year.confirmed else None
