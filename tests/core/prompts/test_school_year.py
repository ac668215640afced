"""A school year of posts in three channels and three zones, as a calendar that a person can read.

It goes from August 2026 to August 2027: over both ends of summer time, in the north and in the
south, and over a year whose last ISO week is the 53rd.
"""

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.core.model.deliveries import Period
from bot.core.model.people import Channel
from bot.core.model.prompts import OwnPrompt, State
from bot.core.model.weeks import Span, next_due, period_of
from bot.data.calendar import load_calendar
from tests.core.stage import DIGEST, PROMPT, Stage, stage, timetable_of
from tests.storage.making import dues_of

START, END = "2026-08-10T08:00", datetime(2027, 8, 9, 12, tzinfo=UTC)
CALENDAR_FILE = Path(__file__).parents[3] / "bot" / "data" / "calendar.toml"
BANNED_BOOKS = """
[entry.years.2026]
first = 2026-10-04
last = 2026-10-10
confirmed = true
"""
FIRST_IDEA = datetime(2026, 8, 12, 18, tzinfo=UTC)
"""A Wednesday."""

PLAIN, FULL, SOUTH = "C1", "C2", "C3"
CHOSEN = {
    # Chicago, with the operator's hours: nothing chosen but the breaks of its district.
    PLAIN: {
        "breaks": (
            Span(date(2026, 11, 23), date(2026, 11, 27)),
            Span(date(2026, 12, 21), date(2027, 1, 3)),
            Span(date(2027, 3, 15), date(2027, 3, 19)),
            Span(date(2027, 6, 11), date(2027, 8, 9)),
        ),
    },
    # New York, with hours that summer time skips in March and shows twice in November, and with
    # the days that schools observe.
    FULL: {
        "zone": "America/New_York",
        "digest": "sun 02:30",
        "prompt": "sun 01:30",
        "observances": True,
        "breaks": (Span(date(2027, 6, 25), date(2027, 8, 9)),),
    },
    # Auckland, where summer is in January, and where somebody pauses it.
    SOUTH: {
        "zone": "Pacific/Auckland",
        "digest": "thu 15:30",
        "prompt": "mon 08:15",
        "paused_until": date(2026, 9, 7),
    },
}


@dataclass(frozen=True, slots=True)
class Posted:
    """A post of the bot: its week, the local time, and, of a prompt, its id."""

    channel: str
    kind: str
    period: str
    local: datetime
    prompt_id: str
    text: str

    def __str__(self) -> str:
        tally = re.search(r"Here (?:is|are) (.*?)(?: from |\.\n)", self.text)
        what = self.prompt_id or (tally[1] if tally else "")
        return f"{self.period} {self.local:%a %Y-%m-%d %H:%M %Z} {self.kind}: {what}"


@dataclass(slots=True)
class Year:
    """A year, tick by tick, at the hours that the store says are due."""

    here: Stage
    posts: list[Posted] = field(default_factory=list)
    ideas: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _wednesday: datetime = FIRST_IDEA

    async def pass_by(self) -> None:
        """Every Wednesday somebody shares an idea in each channel, but in some weeks nobody does.

        They do so in breaks too: not every librarian rests.
        """
        await self.here.timetable.tick()
        while (due := min((await dues_of(self.here.store, "T1")).values())) <= END:
            while self._wednesday < due:
                await self._share(self._wednesday)
                self._wednesday += timedelta(weeks=1)
            self.here.clock.at = due
            await self.here.timetable.tick()
            await self._note()

    async def _share(self, at: datetime) -> None:
        week = (at - FIRST_IDEA).days // 7 + 1
        for channel in CHOSEN if week % 7 else ():
            number = await self.here.says("UROSA", channel=channel, at=at)
            self.ideas[channel].append(number)

    async def _note(self) -> None:
        for one in self.here.room.said()[len(self.posts) :]:
            kind, ident, period = one.key.split(":")
            zone = self.here.weekly.week_of(await self.here.channel(ident)).zone
            latest = await self.here.store.recent_prompts("T1", ident, 1)
            self.posts.append(
                Posted(
                    channel=ident,
                    kind=kind,
                    period=period,
                    local=one.at.astimezone(zone),
                    prompt_id=latest[0] if kind == PROMPT else "",
                    text=one.message.fallback,
                )
            )


@pytest.fixture
async def year(tmp_path: Path) -> AsyncIterator[Year]:
    """A school year with one date of Banned Books Week confirmed, and one own question."""
    text = CALENDAR_FILE.read_text("utf-8")
    before, after = text.split('key = "banned-books-week"', 1)
    named, rest = after.split("\n\n", 1)
    calendar = load_calendar(f'{before}key = "banned-books-week"{named}\n{BANNED_BOOKS}\n{rest}')
    async with stage(tmp_path, START) as here:
        picker = replace(here.weekly.picker, calendar=calendar)
        here.weekly = replace(here.weekly, picker=picker)
        here.timetable = timetable_of(here.weekly)
        for ident, chosen in CHOSEN.items():
            channel: Channel = await here.open_channel(ident)
            wanted = replace(channel, **chosen)  # type: ignore[arg-type]
            await here.store.set_settings(wanted, who="UJOAN", now=here.clock())
        own = OwnPrompt(
            channel=SOUTH,
            number=0,
            text="Which book would you carry across the sea?",
            state=State.ACCEPTED,
            proposed=True,
            by="UBEN",
            name="Ben",
            at=here.clock(),
        )
        await here.store.add_prompt("T1", own)
        passed = Year(here)
        await passed.pass_by()
        yield passed


async def test_a_school_year_of_posts(year: Year, snapshot: SnapshotAssertion) -> None:
    """The calendar of posts is the one that was looked through by a person."""
    names = {
        PLAIN: "Chicago, Friday 15:00 and Monday 09:00, four breaks",
        FULL: "New York, Sunday 02:30 and Sunday 01:30, observances, summer break",
        SOUTH: "Auckland, Thursday 15:30 and Monday 08:15, paused until September 7",
    }
    for channel, name in names.items():
        lines = [str(one) for one in year.posts if one.channel == channel]
        assert snapshot(name=name) == "\n".join(lines)


async def test_each_week_has_one_prompt_but_for_breaks(year: Year) -> None:
    """In every week of each channel there is one prompt, unless its hour falls in a break."""
    for ident in CHOSEN:
        channel = await year.here.channel(ident)
        wanted = [
            week.key
            for week in weeks_of_the_year(year.here, channel)
            if not year.here.weekly.week_of(channel).quiet(due_in(year.here, channel, week.start))
        ]
        posted = [one.period for one in year.posts if (one.channel, one.kind) == (ident, PROMPT)]
        assert wanted == [key for key in posted if key > "2026-W33"][: len(wanted)]


async def test_nothing_is_posted_in_a_break_or_a_pause(year: Year) -> None:
    """Whatever is posted stands outside the days that were chosen to be quiet."""
    for one in year.posts:
        channel = await year.here.channel(one.channel)
        assert not year.here.weekly.week_of(channel).quiet(one.local), one


async def test_every_idea_stands_in_one_digest(year: Year) -> None:
    """Also those that came during a break: the first digest after it holds them."""
    for ident, numbers in year.ideas.items():
        digests = [one for one in year.posts if (one.channel, one.kind) == (ident, DIGEST)]
        shown = "\n".join(one.text for one in digests)
        last = digests[-1].local
        left = await year.here.store.fresh("T1", ident, at=END, oldest=timedelta(weeks=60))
        waiting = {idea.number for idea in left}
        assert all(idea.posted_at > last for idea in left)
        assert [1] * (len(numbers) - len(waiting)) == [
            shown.count(f"\n#{number}, ") for number in numbers if number not in waiting
        ]


async def test_no_question_comes_twice_within_26(year: Year) -> None:
    """Between two times of one question at least 26 others are asked."""
    for ident in CHOSEN:
        asked = [one.prompt_id for one in year.posts if (one.channel, one.kind) == (ident, PROMPT)]
        for at, prompt_id in enumerate(asked):
            assert prompt_id not in asked[at + 1 : at + 27]


async def test_only_what_is_certain_is_named_and_only_where_it_is_wanted(year: Year) -> None:
    """A prompt names an observance in its confirmed days, in the one channel that wants it."""
    weekly = year.here.weekly
    named = [
        (one, prompt.names)
        for one in year.posts
        if (prompt := weekly.picker.bank.get(one.prompt_id)) is not None and prompt.names
    ]
    assert len(named) >= 5
    assert {FULL} == {one.channel for one, _ in named}
    for one, observance in named:
        assert weekly.picker.calendar.weeks_left(observance, one.local.date())
    keys = {observance for _, observance in named}
    assert ("banned-books-week" in keys, "computer-science-week" in keys) == (True, False)


def weeks_of_the_year(here: Stage, channel: Channel) -> Iterator[Period]:
    zone = here.weekly.week_of(channel).zone
    at = datetime(2026, 8, 19, 12, tzinfo=UTC)
    while at < END - timedelta(days=8):
        yield period_of(at, zone)
        at += timedelta(days=7)


def due_in(here: Stage, channel: Channel, start: datetime) -> datetime:
    weekly = here.weekly.week_of(channel).time_of(PROMPT)
    assert weekly is not None
    return next_due(start - timedelta(microseconds=1), here.weekly.week_of(channel).zone, weekly)
