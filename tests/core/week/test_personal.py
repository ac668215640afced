"""Members' own digests: due by their own clocks, once a week, of what they may see then."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.core.errors import ChatError, ChatInDoubtError, ChatUnavailableError
from bot.core.model.actions import Act
from bot.core.model.care import Cared, CareNote
from bot.core.model.deliveries import ClaimUnavailable, Plan
from bot.core.model.ideas import Captured, Draft, Idea, Kind, Source, Withdrawal
from bot.core.model.parts import Actions, Button, Message
from bot.core.model.people import ChannelInfo, Keep, Person, Profile
from bot.core.model.posts import Place, Post, Text
from bot.core.model.settings import DAYS
from bot.core.model.subscriptions import USUAL, PersonalDelivery, Subscription
from bot.core.model.weeks import parse_weekly, period_of
from bot.core.model.work import Effect, Job
from tests.core.chat import Crash, Fault, MemoryChat, Said
from tests.core.outbox.doing import personal_on
from tests.core.stage import CHICAGO, Stage, chicago, stage
from tests.storage.making import query

HOUR = timedelta(hours=1)
FAULTS = {
    Fault.NONE: 8,
    Fault.LOST: 2,
    Fault.DROPPED: 2,
    Fault.AWAY: 1,
    Fault.DIES_BEFORE: 1,
    Fault.DIES_AFTER: 1,
}
"""What befalls a post, and how often."""
FRIDAY = "2026-11-27T15:00"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Stage]:
    """A Tuesday morning; Ben is subscribed, and Rosa shares in C1."""
    async with stage(tmp_path) as made:
        await settle_in(made)
        await subscribe(made)
        yield made


async def settle_in(here: Stage, *more: str) -> None:
    """Let the chat know some people and the channels."""
    for ident in ("UBEN", "UROSA", *more):
        here.room.people[ident] = Person(id=ident, name=f"{ident} Name")
    here.room.channels["C1"] = ChannelInfo(id="C1", name="ideas-c1", private=False)
    here.room.inside["C1"] = {"UBEN", "UROSA"}


async def subscribe(here: Stage, who: str = "UBEN", **more: Any) -> Subscription:
    zone = more.pop("zone", "")
    person = here.room.people.setdefault(who, Person(id=who, name=who))
    here.room.people[who] = replace(person, zone=zone)
    await here.store.remember_member("T1", here.room.people[who], now=here.clock())
    hour = parse_weekly(more.pop("hour", str(USUAL)))
    assert hour is not None
    begun = Subscription.begun("T1", who, now=here.clock(), zone=zone, usual=CHICAGO)
    wanted = replace(begun.at(hour, now=here.clock(), usual=CHICAGO), **more)
    await here.store.subscribe(wanted)
    return wanted


async def open_private(here: Stage, ident: str, *inside: str) -> None:
    """A private channel with the bot in it."""
    info = ChannelInfo(id=ident, name=ident.lower(), private=True)
    here.room.channels[ident], here.room.inside[ident] = info, set(inside)
    await here.store.saw_channel("T1", ident, now=here.clock())
    await here.store.remember_channel("T1", info, now=here.clock())


async def jobs(here: Stage) -> Sequence[Job]:
    due = await here.store.jobs(here.clock(), limit=2_000)
    return [one for one in due if one.effect is Effect.PERSONAL]


async def look(here: Stage, at: str | datetime = "") -> None:
    """Look once what is due, at a time on a wall in Chicago, and do what was queued till then."""
    if at:
        here.clock.at = chicago(at) if isinstance(at, str) else at
    digests = personal_on(here)
    await digests.schedule("T1")
    for job in await jobs(here):
        try:
            await digests.send(job)
        except (ChatUnavailableError, ChatInDoubtError) as error:
            wait = getattr(error, "retry_after", None) or 130.0
            again = here.clock() + timedelta(seconds=wait)
            await here.store.postpone(job, due=again, error=error.code, now=here.clock())
        except ChatError:
            await here.store.done(job)
        else:
            await here.store.done(job)


def told(here: Stage, who: str = "UBEN") -> list[Said]:
    """The digests that somebody has."""
    return here.room.said(f"D{who}", "personal")


def words(here: Stage, who: str = "UBEN") -> str:
    return "\n".join(one.message.fallback for one in told(here, who))


def buttons(message: Message) -> list[Button]:
    rows = [part.buttons for part in message.parts if isinstance(part, Actions)]
    return [one for row in rows for one in row if isinstance(one, Button)]


# -- when -------------------------------------------------------------------------------------


async def test_it_comes_on_friday_at_three_by_their_own_clocks(here: Stage) -> None:
    """In Chicago and in Tokyo it is Friday, 3 PM, at different instants."""
    await subscribe(here, "UKEN", zone="Asia/Tokyo")
    await here.says("UROSA")
    await look(here, "2026-11-26T23:59:59")
    assert [] == told(here, "UKEN")
    await look(here, "2026-11-27T00:00")
    assert ["personal:2026-W48 UKEN"] == [one.key for one in told(here, "UKEN")]
    assert [] == told(here)
    await look(here, FRIDAY)
    await look(here, "2026-11-27T15:01")
    assert ["personal:2026-W48 UBEN"] == [one.key for one in told(here)]


async def test_a_week_without_an_idea_has_none(here: Stage) -> None:
    """A question alone waits; the next digest holds it with the ideas of two weeks."""
    await here.says("UROSA", "Who has tried a book tasting?", kind=Kind.QUESTION)
    await look(here, FRIDAY)
    assert [] == told(here)
    await here.says("UROSA", "We lend seeds with a growing guide", at=here.clock() + HOUR)
    await look(here, "2026-12-04T15:00")
    assert 1 == len(told(here))
    assert "book tasting" in words(here)
    assert "lend seeds" in words(here)


async def test_each_idea_comes_once(here: Stage) -> None:
    """The next digest begins where the one before it ended."""
    await here.says("UROSA", "We lend seeds with a growing guide")
    await look(here, FRIDAY)
    await here.says("UROSA", "We film book talks at lunch", at=here.clock() + HOUR)
    here.clock.move(2 * HOUR)
    await look(here, "2026-12-04T15:00")
    first, second = told(here)
    assert "lend seeds" in first.message.fallback
    assert "lend seeds" not in second.message.fallback
    assert "film book talks" in second.message.fallback


@pytest.mark.parametrize(
    ("hour", "before", "at"),
    [
        # 2:30 is skipped on the second Sunday of March, and comes twice on the first of November.
        ("sun 02:30", "2027-03-12T10:00", "2027-03-14T03:00"),
        ("sun 01:30", "2026-10-30T10:00", "2026-11-01T01:30"),
    ],
)
async def test_the_nights_on_which_clocks_change(
    tmp_path: Path, hour: str, before: str, at: str
) -> None:
    """It comes once, at the hour or at the first minute after the gap, and the week after, too."""
    async with stage(tmp_path, before) as here:
        await settle_in(here)
        await subscribe(here, hour=hour, zone="America/Chicago")
        await here.says("UROSA")
        await look(here, chicago(at) - timedelta(minutes=1))
        assert [] == told(here)
        for minutes in (0, 1, 59, 60, 61):
            await look(here, chicago(at) + timedelta(minutes=minutes))
        assert 1 == len(told(here))
        await here.says("UROSA")
        after = datetime.fromisoformat(f"{at[:10]}T{hour[4:]}") + timedelta(weeks=1)
        await look(here, after.isoformat())
        assert 2 == len(told(here))


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Pacific/Honolulu", "Europe/Berlin"])
@pytest.mark.parametrize("on", ["2026-11-25T12:00", "2026-11-27T14:00", "2026-11-27T16:00"])
async def test_who_travels_has_one_each_week(here: Stage, zone: str, on: str) -> None:
    """Whenever somebody comes to another zone, no week is without one, and none has two."""
    await here.says("UROSA")
    await look(here, on)
    person = replace(here.room.people["UBEN"], zone=zone)
    here.room.people["UBEN"] = person
    await here.store.remember_member("T1", person, now=here.clock())
    for _ in range(30 * 24):
        if here.clock().hour == 13:
            await here.says("UROSA")
        await look(here, here.clock() + HOUR)
    weeks = [one.key.split()[0].partition(":")[2] for one in told(here)]
    assert [f"2026-W{week}" for week in range(48, 53)][: len(weeks)] == weeks
    assert len(weeks) in {4, 5}


async def test_a_late_one_comes_by_day(here: Stage) -> None:
    """A bot that wakes at night wakes nobody; by eight in the morning it is there."""
    await here.says("UROSA")
    await look(here, "2026-11-27T23:00")
    await look(here, "2026-11-28T07:59")
    assert [] == told(here)
    await look(here, "2026-11-28T08:00")
    assert 1 == len(told(here))


async def test_after_72_hours_a_week_is_left_out(here: Stage) -> None:
    """What it would have held comes with the next one."""
    await here.says("UROSA", "We lend seeds with a growing guide")
    await look(here, "2026-11-30T20:30")
    await look(here, "2026-12-01T09:00")
    assert [] == told(here)
    await look(here, "2026-12-04T15:00")
    assert ["personal:2026-W49 UBEN"] == [one.key for one in told(here)]
    assert "lend seeds" in words(here)


async def test_what_waited_too_long_in_the_queue_is_left_out(here: Stage) -> None:
    """The chat was away for days: then nobody is told of last week on a Tuesday."""
    await here.says("UROSA")
    here.room.posting.extend([Fault.AWAY] * 9)
    await look(here, FRIDAY)
    await look(here, "2026-11-27T21:00")  # by then it is night
    await look(here, "2026-12-01T10:00")
    here.room.posting.clear()
    await look(here, "2026-12-01T10:01")
    assert [] == told(here)
    await look(here, "2026-12-04T15:00")
    assert ["personal:2026-W49 UBEN"] == [one.key for one in told(here)]


async def test_another_hour_brings_no_second_one(here: Stage) -> None:
    """A week that had its digest has no second one, whatever is chosen since."""
    await here.says("UROSA")
    await look(here, FRIDAY)
    had = await here.store.subscription("T1", "UBEN")
    assert had is not None
    saturday = parse_weekly("sat 10:00")
    assert saturday is not None
    await here.store.subscribe(had.at(saturday, now=here.clock(), usual=CHICAGO))
    await here.says("UROSA", at=here.clock() + timedelta(minutes=1))
    await look(here, "2026-11-28T10:00")
    assert 1 == len(told(here))
    await look(here, "2026-12-05T10:00")
    assert 2 == len(told(here))


async def test_a_clock_that_went_back_costs_no_more_than_its_week(here: Stage) -> None:
    """After a rehearsal in January, December has its digests."""
    had = await here.store.subscription("T1", "UBEN")
    assert had is not None
    await here.store.pass_week(had, "2027-W02", due=chicago("2027-01-22T15:00"))
    await here.store.unplan("T1")
    await look(here)
    again = await here.store.subscription("T1", "UBEN")
    assert again is not None
    assert chicago("2026-12-04T15:00") == again.due


# -- what -------------------------------------------------------------------------------------


async def test_it_holds_what_others_shared(here: Stage) -> None:
    """Not their own, and nothing that was withdrawn or left out of digests meanwhile."""
    await here.says("UROSA", "We lend seeds with a growing guide")
    await here.says("UBEN", "We film book talks at lunch")
    gone = await here.says("UROSA", "We paired new teachers with a librarian")
    left = await here.says("UROSA", "We moved the shelves near the window")
    idea = await here.store.idea_by_id(left)
    assert idea is not None
    await here.store.leave_out(idea.id, "UROSA", now=here.clock())
    await here.store.withdraw_number("T1", gone, Withdrawal.REMOVED, now=here.clock())
    await look(here, FRIDAY)
    (digest,) = told(here)
    assert "lend seeds" in digest.message.fallback
    for absent in ("film book", "paired new", "moved the shelves"):
        assert absent not in digest.message.fallback


async def test_it_is_of_the_channels_and_parts_that_were_chosen(here: Stage) -> None:
    """One channel of two; and a part that no idea is about brings nothing."""
    await here.open_channel("C2")
    here.room.channels["C2"] = ChannelInfo(id="C2", name="ideas-c2", private=False)
    await subscribe(here, channels=("C2",))
    await subscribe(here, "UKEN", components=("LIT",))
    await here.says("UROSA", "We lend seeds with a growing guide")
    await here.says("UROSA", "We film book talks at lunch", channel="C2")
    await look(here, FRIDAY)
    await look(here, "2026-11-27T15:01")
    assert "film book talks" in words(here)
    assert "lend seeds" not in words(here)
    assert [] == told(here, "UKEN")


async def test_a_channel_that_got_another_id_is_still_the_one_chosen(here: Stage) -> None:
    """Whoever chose it has its ideas as before."""
    await subscribe(here, channels=("C1",))
    await here.store.move_channel("T1", "C1", "C7", now=here.clock())
    here.room.channels["C7"] = ChannelInfo(id="C7", name="ideas-c1", private=False)
    await here.says("UROSA", "We lend seeds with a growing guide", channel="C7")
    await look(here, FRIDAY)
    assert "lend seeds" in words(here)


async def test_rights_are_asked_when_it_is_sent(here: Stage) -> None:
    """Who left a private channel by then reads nothing of it; who is in it does."""
    await open_private(here, "C9", "UBEN", "UKEN")
    await subscribe(here, "UKEN")
    await here.says("UROSA", "We lend seeds with a growing guide")
    await here.says("UROSA", "We speak of a hard case", channel="C9")
    here.room.inside["C9"].remove("UBEN")
    await look(here, FRIDAY)
    await look(here, "2026-11-27T15:01")
    assert "hard case" not in words(here)
    assert "hard case" in words(here, "UKEN")


async def test_who_was_deactivated_reads_nothing(here: Stage) -> None:
    """Nothing is sent to somebody whose account is closed, public or not."""
    await here.says("UROSA")
    here.room.people["UBEN"] = replace(here.room.people["UBEN"], deleted=True)
    await look(here, FRIDAY)
    assert [] == told(here)


async def test_a_guest_reads_of_the_channel_they_asked_in(here: Stage) -> None:
    """And of no other, though it is public; of that, only while they are in it."""
    await here.open_channel("C2")
    here.room.channels["C2"] = ChannelInfo(id="C2", name="ideas-c2", private=False)
    await subscribe(here, channels=("C1",))
    here.room.people["UBEN"] = replace(here.room.people["UBEN"], is_guest=True)
    await here.says("UROSA", "We lend seeds with a growing guide")
    await here.says("UROSA", "We film book talks at lunch", channel="C2")
    await look(here, FRIDAY)
    assert "lend seeds" in words(here)
    assert "film book talks" not in words(here)
    here.room.inside["C1"].remove("UBEN")
    await here.says("UROSA")
    await look(here, "2026-12-04T15:00")
    assert 1 == len(told(here))


async def test_who_wants_nothing_kept_has_none(here: Stage) -> None:
    """Choosing that ends the subscription, and forgets the zone."""
    await here.says("UROSA")
    await here.store.set_profile("T1", "UBEN", Profile(keep=Keep.NOTHING))
    await look(here, FRIDAY)
    assert [] == told(here)
    assert await here.store.subscription("T1", "UBEN") is None


async def test_it_brings_back_a_question_and_names_the_weeks_prompt(here: Stage) -> None:
    """A question that nobody has answered, and what the channel was asked."""
    await here.timetable.tick()
    await here.says("UROSA", "Who has tried a book tasting?", kind=Kind.QUESTION)
    await here.says("UROSA", "We lend seeds with a growing guide")
    await look(here, FRIDAY)
    here.clock.show("2026-11-30T09:00")
    await here.timetable.tick()
    await here.says("UROSA", "We film book talks at lunch")
    await look(here, "2026-12-04T15:00")
    second = told(here)[1].message.fallback
    assert "Still waiting for an answer" in second
    assert "book tasting" in second
    assert "Asked this week" in second


async def test_many_ideas_make_one_message(here: Stage) -> None:
    """What has no room is named, with the command that lists it, of all channels."""
    for number in range(120):
        await here.says(f"U{number}", f"Idea {number}: " + "we planned a unit together " * 8)
    await look(here, FRIDAY)
    (digest,) = told(here)
    assert "Not named here" in digest.message.fallback
    assert "list since:" in digest.message.fallback


async def test_one_press_stops_it_and_one_changes_it(here: Stage) -> None:
    """Each digest has both buttons; neither asks back."""
    await here.says("UROSA")
    await look(here, FRIDAY)
    (digest,) = told(here)
    found = {one.text: (one.act, one.confirm) for one in buttons(digest.message)}
    assert (Act.UNSUBSCRIBE, None) == found["Stop these"]
    assert (Act.SUBSCRIBE, None) == found["Change"]


async def test_who_stopped_it_has_no_more(here: Stage) -> None:
    """Not even one that was queued by then."""
    await here.says("UROSA")
    here.clock.show(FRIDAY)
    digests = personal_on(here)
    await digests.schedule("T1")
    (job,) = await jobs(here)
    assert await here.store.unsubscribe("T1", "UBEN")
    assert [] == await jobs(here)
    await digests.send(job)
    assert [] == told(here)
    assert not await here.store.unsubscribe("T1", "UBEN")


async def test_who_stops_it_while_it_is_put_together_has_none(here: Stage) -> None:
    """Nor who is erased by then: nothing is posted, and their id is noted nowhere again."""
    wanted = await here.store.subscription("T1", "UBEN")
    assert wanted is not None
    now = here.clock()
    week = period_of(now, CHICAGO)
    delivery = PersonalDelivery.of(wanted, week, at=now, zone=CHICAGO)
    await here.store.erase("T1", "UBEN", keeps_nothing=False, now=now)
    claim = await here.store.claim(delivery, Plan(), now=now, lease=HOUR)
    assert ClaimUnavailable(sent=True) == claim
    assert {} == await here.store.holdings("T1", "UBEN")


# -- what is shown later than it came in ------------------------------------------------------

THURSDAY, SATURDAY = "2026-11-26T10:00", "2026-11-28T10:00"
NEXT_FRIDAY, THE_FRIDAY_AFTER = "2026-12-04T15:00", "2026-12-11T15:00"
SEEDS = "We lend seeds with a growing guide"


async def kept(here: Stage, kind: Kind = Kind.IDEA) -> Idea:
    """What Rosa posts of seeds."""
    idea = await here.store.idea_by_id(await here.says("UROSA", SEEDS, kind=kind))
    assert idea is not None
    return idea


async def weeks(here: Stage, *fridays: str) -> list[bool]:
    """In each of these weeks another idea comes; whether the digest has the one of seeds, too."""
    had = []
    for friday in fridays:
        await here.says("UROSA", "We film book talks at lunch")
        await look(here, friday)
        await look(here, here.clock() + timedelta(minutes=2))  # several go at a pace
        had.append("lend seeds" in told(here)[-1].message.fallback)
    return had


async def care(here: Stage, idea: Idea, what: Cared) -> None:
    note = CareNote(idea_id=idea.id, who="UCOORD", at=here.clock(), what=what, reason="so")
    assert await here.store.care_for(note) is not None


async def leave_out(here: Stage, idea: Idea, who: str = "UCOORD") -> None:
    await here.store.leave_out(idea.id, who, now=here.clock())


async def put_back(here: Stage, idea: Idea) -> None:
    await leave_out(here, idea, "")


async def hide(here: Stage, idea: Idea) -> None:
    await care(here, idea, Cared.HIDDEN)


async def show(here: Stage, idea: Idea) -> None:
    await care(here, idea, Cared.SHOWN)


Doing = Callable[[Stage, Idea], Awaitable[None]]
ASIDE_AND_BACK: Sequence[tuple[Doing, Doing]] = [(hide, show), (leave_out, put_back)]


async def test_a_post_in_doubt_that_becomes_an_idea_comes_with_the_next_one(here: Stage) -> None:
    """Also when the digest of its week counted it as a post; and then no more."""
    idea = await kept(here, Kind.POST)
    assert [False] == await weeks(here, FRIDAY)
    here.clock.show(SATURDAY)
    await care(here, idea, Cared.IDEA)
    assert [True, False] == await weeks(here, NEXT_FRIDAY, THE_FRIDAY_AFTER)


async def test_what_the_bot_posts_late_comes_with_the_next_one(here: Stage) -> None:
    """It was typed before the hour, while the chat was away, and stood there after it."""
    here.clock.show("2026-11-27T14:58")
    now = here.clock()
    post = Post(place=Place("T1", "C1", ""), posted_at=now, author_id="UROSA", body=(Text(SEEDS),))
    draft = Draft(text=SEEDS, kind=Kind.IDEA, marked=True)
    shared = await here.store.share(post, draft, source=Source.COMMAND, now=now)
    assert isinstance(shared, Captured)
    assert [False] == await weeks(here, FRIDAY)
    await here.store.posted(shared.id, "1795813320.000001", here.clock())
    assert [True, False] == await weeks(here, NEXT_FRIDAY, THE_FRIDAY_AFTER)


@pytest.mark.parametrize(("aside", "back"), ASIDE_AND_BACK)
async def test_what_was_put_aside_over_the_hour_comes_once_it_is_back(
    here: Stage, aside: Doing, back: Doing
) -> None:
    """Whoever had it before has it no second time: each has it once."""
    await subscribe(here, "UKEN", hour="thu 09:00")
    idea = await kept(here)
    await look(here, "2026-11-26T09:00")
    here.clock.show(THURSDAY)
    await aside(here, idea)
    assert [False] == await weeks(here, FRIDAY)
    here.clock.show(SATURDAY)
    await back(here, idea)
    await look(here)
    await here.says("UROSA", "We film book talks at lunch")
    await look(here, "2026-12-03T09:00")
    assert [True, False] == await weeks(here, NEXT_FRIDAY, THE_FRIDAY_AFTER)
    assert (1, 3) == (words(here, "UKEN").count("lend seeds"), len(told(here, "UKEN")))


@pytest.mark.parametrize(("aside", "back"), ASIDE_AND_BACK)
async def test_what_somebody_had_comes_no_second_time(
    here: Stage, aside: Doing, back: Doing
) -> None:
    """However often it is put aside and comes back."""
    idea = await kept(here)
    assert [True] == await weeks(here, FRIDAY)
    for friday in (NEXT_FRIDAY, THE_FRIDAY_AFTER):
        await aside(here, idea)
        here.clock.move(HOUR)
        await look(here)
        await back(here, idea)
        here.clock.move(HOUR)
        assert [False] == await weeks(here, friday)


async def test_who_takes_an_idea_back_and_thinks_better_of_it_tells_nobody_twice(
    here: Stage,
) -> None:
    """It is kept again under its number, for whoever has not had it."""
    idea = await kept(here)
    assert [True] == await weeks(here, FRIDAY)
    place = Place("T1", "C1", idea.ts or "")
    await here.store.withdraw(place, Withdrawal.CROSSED, now=here.clock())
    post = Post(place=place, posted_at=idea.posted_at, author_id="UROSA", body=(Text(SEEDS),))
    draft = Draft(text=SEEDS, kind=Kind.IDEA, marked=False)
    here.clock.move(HOUR)
    await here.store.restore(post, draft, source=Source.POST, now=here.clock())
    assert [False] == await weeks(here, NEXT_FRIDAY)


async def test_who_had_an_idea_that_was_put_aside_is_forgotten_with_their_subscription(
    here: Stage,
) -> None:
    """It is nowhere noted who stopped their digest."""
    idea = await kept(here)
    assert [True] == await weeks(here, FRIDAY)
    await hide(here, idea)
    assert [("UBEN",)] == query(here.store, "select member_id from told_idea")
    await here.store.unsubscribe("T1", "UBEN")
    assert [] == query(here.store, "select member_id from told_idea")


async def test_what_is_older_than_eight_weeks_does_not_come_though_it_is_shown_now(
    here: Stage,
) -> None:
    """What a coordinator restores after months is in the lists, and in no digest."""
    idea = await kept(here)
    await hide(here, idea)
    here.clock.move(timedelta(weeks=9))
    await look(here)
    await show(here, idea)
    assert [False] == await weeks(here, "2027-01-29T15:00")


# -- once -------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.DROPPED, Fault.DIES_BEFORE, Fault.DIES_AFTER])
@pytest.mark.parametrize("shows_history", [True, False])
async def test_each_stands_once(here: Stage, fault: Fault, *, shows_history: bool) -> None:
    """Where the bot may look, there is exactly one; where it may not, one at most.

    Then what it may have held comes with the next one, too, so that no idea is lost.
    """
    await here.says("UROSA", "We lend seeds with a growing guide")
    here.room.shows_history = shows_history
    here.room.posting.append(fault)
    with contextlib.suppress(Crash):
        await look(here, FRIDAY)
    again = await here.restarted()
    for minutes in (3, 6, 9):
        await look(again, chicago(FRIDAY) + timedelta(minutes=minutes))
    stands = fault in {Fault.LOST, Fault.DIES_AFTER} or shows_history
    assert int(stands) == len(told(again))
    await again.says("UROSA", "We film book talks at lunch")
    await look(again, "2026-12-04T15:00")
    assert int(stands) + 1 == len(told(again))
    assert (1 if shows_history else int(stands) + 1) == words(again).count("lend seeds")
    await again.store.close()


async def test_two_bots_send_one(here: Stage) -> None:
    """Both look, both have it in hand, and one posts it."""
    await here.says("UROSA")
    other = await here.another()
    here.clock.show(FRIDAY)
    for each in (here, other):
        await personal_on(each).schedule("T1")
    (job,) = await jobs(here)
    for each in (here, other):
        await personal_on(each).send(job)
    assert 1 == len(told(here))
    await other.store.close()


async def test_a_store_that_forgot_the_post_finds_it(here: Stage) -> None:
    """A backup of Thursday was put back on Friday evening: what stands there is not said again."""
    await here.says("UROSA")
    await look(here, FRIDAY)
    begun = await subscribe(here)
    assert begun.last == "2026-W48"
    lost = replace(begun, last="2026-W47", due=chicago(FRIDAY), since=chicago("2026-11-20T15:00"))
    await here.store.subscribe(lost)
    con = sqlite3.connect(here.path)
    con.execute("delete from delivery")
    con.commit()
    con.close()
    await look(here, "2026-11-27T17:00")
    assert 1 == len(told(here))


async def test_who_refuses_direct_messages_is_asked_again_next_week(here: Stage) -> None:
    """What a chat refuses for good is over; nobody is told of it."""
    await here.says("UROSA")
    here.room.posting.append(Fault.REFUSED)
    await look(here, FRIDAY)
    await look(here, "2026-11-27T15:10")
    assert [] == here.room.said()
    assert [] == await jobs(here)
    await look(here, "2026-12-04T15:00")
    assert 1 == len(told(here))


async def test_when_the_chat_does_not_say_what_they_may_see_it_waits(here: Stage) -> None:
    """It is sent once the chat tells again."""
    await here.says("UROSA")
    here.clock.show(FRIDAY)
    digests = personal_on(here)
    await digests.schedule("T1")
    (job,) = await jobs(here)

    silent = replace(digests.permissions, chats=Silent(here.clock))
    with pytest.raises(ChatUnavailableError):
        await replace(digests, permissions=silent).send(job)
    assert [] == told(here)
    await digests.send(job)
    assert 1 == len(told(here))


class Silent(MemoryChat):
    """A chat that tells nothing of anybody now."""

    async def person(self, member_id: str) -> Person:
        raise ChatUnavailableError(f"Nobody says who {member_id} is.")


# -- many -------------------------------------------------------------------------------------


async def test_a_thousand_are_queued_at_once_and_sent_at_the_platforms_pace(here: Stage) -> None:
    """One look queues all of them, a second and a quarter apart; each has one, and nobody two."""
    await here.says("UROSA")
    for number in range(1_000):
        who = f"U{number:04}"
        here.room.people[who] = Person(id=who, name=who)
        await here.store.subscribe(
            Subscription.begun("T1", who, now=here.clock(), zone="", usual=CHICAGO)
        )
    here.clock.show(FRIDAY)
    digests = personal_on(here)
    await digests.schedule("T1")
    assert 1 == len(await jobs(here))
    here.clock.move(timedelta(minutes=1))
    assert 49 == len(await jobs(here))
    await digests.schedule("T1")
    here.clock.move(timedelta(minutes=20))
    queued = await jobs(here)
    assert 1_001 == len(queued)
    for job in queued:
        await digests.send(job)
        await here.store.done(job)
    await digests.schedule("T1")
    assert [] == await jobs(here)
    keys = [one.key for one in here.room.said(kind="personal")]
    assert 1_001 == len(keys) == len(set(keys))


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_befalls_it_none_is_missed_and_none_is_doubled(
    tmp_path: Path, seed: int
) -> None:
    """Four weeks, six members in as many zones, faults and restarts: one each week for each."""
    random = Random(seed)  # noqa: S311  (repeatable, not secret)
    zones = ["", "Asia/Tokyo", "Europe/Berlin", "Pacific/Honolulu", "Asia/Kolkata", "UTC"]
    async with stage(tmp_path, "2026-10-20T10:00") as begun:
        here = begun
        await settle_in(here)
        people = [f"U{number}" for number in range(len(zones))]
        for who, zone in zip(people, zones, strict=True):
            hour = f"{random.choice(DAYS)} {random.randrange(24):02}:{random.randrange(60):02}"
            await subscribe(here, who, zone=zone, hour=hour)
        end = here.clock() + timedelta(weeks=4)
        while here.clock() < end:
            await here.says("UROSA")
            here.room.posting.extend(random.choices(list(FAULTS), weights=[*FAULTS.values()], k=2))
            try:
                await look(here, here.clock() + timedelta(minutes=random.choice([7, 20, 60, 150])))
            except Crash:
                here = await here.restarted()
        here.room.posting.clear()
        for _ in range(30):  # what is late comes by day
            await look(here, here.clock() + HOUR)
        for who in people:
            keys = [one.key for one in told(here, who)]
            assert len(keys) == len(set(keys))
            weeks = [int(key[-len(who) - 3 : -len(who) - 1]) for key in keys]
            assert list(range(weeks[0], weeks[0] + len(weeks))) == weeks
            assert len(weeks) >= 4
        if here is not begun:
            await here.store.close()
