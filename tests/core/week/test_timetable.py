"""What is due and when: punctual, once, and in step with channels, clocks and failures."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.core.delivery.result import Sent, SentBefore
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.people import ChannelInfo
from bot.core.model.weeks import WeekTime
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chats
from bot.core.week.timetable import Timetable
from storage.rows import stamp
from tests.core.chat import Crash, Fault, Said
from tests.core.stage import (
    DIGEST,
    HABITS,
    PROMPT,
    Stage,
    chicago,
    stage,
    staged,
    timetable_of,
    weekly_of,
)
from tests.storage.making import alter, dues_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Stage]:
    """A Tuesday morning: the week's prompt is past, its digest is to come."""
    async with stage(tmp_path) as set_:
        await set_.timetable.tick()
        yield set_


def settle(here: Stage, column: str, value: str | None, channel: str = "C1") -> None:
    """Give a channel a setting of its own, as somebody with a database browser would."""
    con = sqlite3.connect(here.path)
    con.execute(f"update channel set {column} = ? where id = ?", (value, channel))
    con.commit()
    con.close()


def keys(here: Stage, kind: str = "") -> list[str]:
    return [said.key for said in here.room.said(kind=kind)]


async def tick_at(here: Stage, text: str) -> None:
    here.clock.show(text)
    await here.timetable.tick()


# -- on time ----------------------------------------------------------------------------------


async def test_the_digest_goes_out_at_its_hour_and_not_before(here: Stage) -> None:
    """One tick before the hour nothing, at the hour the digest, half a minute later no other."""
    await here.says("UROSA")
    await tick_at(here, "2026-11-27T14:59:59")
    assert [] == keys(here)
    await tick_at(here, "2026-11-27T15:00")
    assert ["digest:C1:2026-W48"] == keys(here)
    await tick_at(here, "2026-11-27T15:00:30")
    assert ["digest:C1:2026-W48"] == keys(here)
    assert chicago("2026-12-04T15:00") == await here.due()


async def test_each_delivery_is_counted_by_its_result(here: Stage) -> None:
    """Whoever counts hears of each due post in plain words, not in the names of classes."""
    counted: list[tuple[str, str]] = []
    timetable = replace(
        here.timetable, on_result=lambda kind, result: counted.append((kind, result))
    )
    for when in ("2026-11-27T15:00", "2026-11-30T09:00"):
        here.clock.show(when)
        await timetable.tick()
    assert [("digest", "nothing to post"), ("prompt", "sent")] == counted


async def test_a_clock_that_was_ahead_and_went_back_costs_no_week(here: Stage) -> None:
    """What it had planned for later is planned anew, and no week's digest comes twice."""
    await here.says("UROSA", at=chicago("2026-11-24T10:00"))
    await tick_at(here, "2027-01-08T14:00")  # what is long past is left out
    await tick_at(here, "2027-01-08T15:00")
    assert chicago("2027-01-15T15:00") == await here.due()
    await tick_at(here, "2026-11-25T10:00")
    assert chicago("2026-11-27T15:00") == await here.due()
    await here.says("UBEN")
    await tick_at(here, "2026-11-27T15:00")
    assert ["digest:C1:2027-W01", "digest:C1:2026-W48"] == keys(here, "digest")


async def test_the_prompt_goes_out_at_its_hour(here: Stage) -> None:
    """Monday morning brings the question, whether or not anybody posted anything."""
    await tick_at(here, "2026-11-30T09:00")
    assert ["prompt:C1:2026-W49"] == keys(here)


async def test_a_week_without_ideas_has_no_digest_and_the_next_one_has_all(here: Stage) -> None:
    """What comes after a week's hour is carried by the next week's digest."""
    await tick_at(here, "2026-11-27T15:00")
    here.clock.show("2026-11-27T15:05")
    await here.says("UROSA")
    await tick_at(here, "2026-11-27T15:06")
    assert [] == keys(here)
    await tick_at(here, "2026-12-04T15:00")
    assert ["digest:C1:2026-W49"] == keys(here, "digest")


async def test_a_digest_by_hand_uses_up_the_weeks_own(here: Stage) -> None:
    """Posted on Wednesday by hand, it is not posted on Friday again."""
    await here.says("UROSA")
    await here.weekly.post(DIGEST, await here.channel(), here.clock())
    await here.says("UBEN")
    await tick_at(here, "2026-11-27T15:00")
    assert ["digest:C1:2026-W48"] == keys(here)
    assert chicago("2026-12-04T15:00") == await here.due()


@pytest.mark.parametrize(
    ("start", "weekly", "hour", "utc"),
    [
        ("2026-03-03T10:00", WeekTime(6, time(2, 30)), "2026-03-08T03:00", "08:00"),
        ("2026-10-27T10:00", WeekTime(6, time(1, 30)), "2026-11-01T01:30", "06:30"),
    ],
)
async def test_when_the_clock_skips_or_repeats_an_hour_there_is_one_digest(
    tmp_path: Path, start: str, weekly: WeekTime, hour: str, utc: str
) -> None:
    """02:30 that never comes is 03:00; 01:30 that comes twice counts once."""
    async with stage(tmp_path, start, defaults=replace(HABITS, digest=weekly)) as here:
        await here.timetable.tick()
        due = await here.due()
        assert due == chicago(hour)
        assert utc == f"{due:%H:%M}"
        await here.says("UROSA")
        here.clock.at = due - MINUTE
        for _ in range(26):
            await here.timetable.tick()
            await here.says("UROSA")
            here.clock.move(5 * MINUTE)
        assert 1 == len(keys(here, "digest"))


async def test_the_53rd_week_has_its_digest_too(tmp_path: Path) -> None:
    """Around New Year 2027 each Friday has one digest; 2025, without a week 53, is looked back on.

    No idea comes twice: neither a new one nor the one of the year before.
    """
    async with stage(tmp_path, "2026-12-22T10:00") as here:
        old = [
            await here.says("UMEI", at=chicago(f"{day}T10:00"))
            for day in ("2025-12-24", "2025-12-31", "2026-01-07")
        ]
        await here.timetable.tick()
        new = []
        for day in ("2026-12-25", "2027-01-01", "2027-01-08"):
            new.append(await here.says("UROSA"))
            await tick_at(here, f"{day}T15:00")
        assert ["2026-W52", "2026-W53", "2027-W01"] == [
            key.removeprefix("digest:C1:") for key in keys(here, "digest")
        ]
        told = [one.message.fallback for one in here.room.said(kind="digest")]
        assert [[str(one), str(before)] for one, before in zip(new, old, strict=True)] == [
            re.findall(r"^#(\d+),", text, re.MULTILINE) for text in told
        ]
        assert ["2025", "2025", "2026"] == [
            text.partition("This week of the school year, in ")[2][:4] for text in told
        ]


# -- late -------------------------------------------------------------------------------------


async def test_a_host_asleep_over_the_hour_posts_on_waking(here: Stage) -> None:
    """Two hours late in the afternoon the digest goes out, with what came meanwhile."""
    await here.says("UROSA")
    here.clock.show("2026-11-27T16:30")
    await here.says("UBEN")
    await tick_at(here, "2026-11-27T17:00")
    (said,) = here.room.said()
    assert "digest:C1:2026-W48" == said.key
    assert "2 ideas from 2 people" in said.message.fallback


async def test_a_late_digest_counts_for_the_week_it_was_due_in(here: Stage) -> None:
    """Friday's digest on Monday is still that week's, and the new week has its own."""
    await here.says("UROSA")
    await tick_at(here, "2026-11-30T10:00")
    await here.says("UBEN")
    await tick_at(here, "2026-12-04T15:00")
    assert ["digest:C1:2026-W48", "digest:C1:2026-W49"] == keys(here, "digest")


async def test_a_restored_backup_posts_nothing_twice(here: Stage) -> None:
    """An older copy of the store does not know of the digest; the channel does."""
    await here.says("UROSA")
    copy = here.path.with_name("copy.db")
    await here.store.backup(copy)
    await tick_at(here, "2026-11-27T15:00")
    restored = await staged(copy, here.room, here.clock, here.real)
    here.clock.show("2026-11-28T10:00")
    try:
        await restored.timetable.tick()
        assert chicago("2026-12-04T15:00") == await restored.due()
    finally:
        await restored.store.close()
    assert ["digest:C1:2026-W48"] == keys(here)


async def test_what_somebody_deleted_is_not_posted_again(here: Stage) -> None:
    """A coordinator deletes digest and prompt from the channel: they were sent all the same."""
    await here.says("UROSA")
    channel, now = await here.channel(), here.clock()
    for kind in (DIGEST, PROMPT):
        assert isinstance(await here.weekly.post(kind, channel, now), Sent)
    here.room._said.clear()
    here.clock.move(DAY)
    for kind in (DIGEST, PROMPT):
        assert isinstance(await here.weekly.post(kind, channel, now), SentBefore)
    assert [] == keys(here)


async def test_a_host_that_wakes_at_night_waits_for_the_morning(here: Stage) -> None:
    """At three in the morning nobody is woken; at eight the digest is there."""
    await here.says("UROSA")
    await tick_at(here, "2026-11-28T03:00")
    await tick_at(here, "2026-11-28T07:59")
    assert [] == keys(here)
    await tick_at(here, "2026-11-28T08:00")
    assert ["digest:C1:2026-W48"] == keys(here)


async def test_too_late_is_left_out_and_carried_over_and_said(
    here: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """After 72 hours it is left out; the log says so; the next digest has it.

    It names the channel as people do, and the hour by their clock.
    """
    await here.says("UROSA", "A sentence that stays out of the log.")
    await tick_at(here, "2026-11-30T15:01")
    assert [] == keys(here, "digest")
    left = [r.getMessage() for r in caplog.records if "left out" in r.getMessage()]
    (line,) = [line for line in left if "digest" in line]
    assert line.startswith("The digest of 2026-W48 in #ideas-c1 (C1) is left out: it was due at ")
    assert line.endswith("2026-11-27 15:00 (America/Chicago). Carried over: 1")
    assert "sentence" not in caplog.text
    await tick_at(here, "2026-12-04T15:00")
    (said,) = here.room.said(kind="digest")
    assert "UROSA Name" in said.message.fallback


async def test_a_prompt_is_left_out_after_twelve_hours(here: Stage) -> None:
    """Tuesday is too late for Monday's question; the next Monday has its own."""
    await tick_at(here, "2026-12-01T09:00")
    assert [] == keys(here, "prompt")
    await tick_at(here, "2026-12-07T09:00")
    assert ["prompt:C1:2026-W50"] == keys(here, "prompt")


async def test_after_weeks_away_only_the_latest_that_is_in_time_goes_out(here: Stage) -> None:
    """Back on a Saturday after a month: yesterday's digest goes out, the older ones do not."""
    await here.says("UROSA")
    for _ in range(3):
        await tick_at(here, "2026-12-26T10:00")
    assert ["digest:C1:2026-W52"] == keys(here, "digest")
    assert chicago("2027-01-01T15:00") == await here.due()


async def test_what_may_have_been_posted_is_looked_for_before_it_is_left_out(
    here: Stage,
) -> None:
    """The answer was lost, then the host slept: its ideas do not come a second time."""
    await here.says("UROSA")
    here.room.posting.append(Fault.LOST)
    await tick_at(here, "2026-11-27T15:00")
    await tick_at(here, "2026-12-02T10:00")
    await here.says("UBEN")
    await tick_at(here, "2026-12-04T15:00")
    first, second = here.room.said(kind="digest")
    assert "UROSA Name" in first.message.fallback
    assert "UROSA Name" not in second.message.fallback
    assert "UBEN Name" in second.message.fallback


async def test_what_was_not_posted_is_free_for_the_next_digest(here: Stage) -> None:
    """An attempt that came to nothing keeps no idea from the next week's digest."""
    await here.says("UROSA")
    here.room.posting.append(Fault.DROPPED)
    await tick_at(here, "2026-11-27T15:00")
    await tick_at(here, "2026-12-02T10:00")
    await tick_at(here, "2026-12-04T15:00")
    (said,) = here.room.said(kind="digest")
    assert ("digest:C1:2026-W49", True) == (said.key, "UROSA Name" in said.message.fallback)


async def test_a_channel_that_cannot_be_searched_does_not_stop_the_next_week(
    here: Stage,
) -> None:
    """A week that is never settled is given up when the next one is due."""
    await here.says("UROSA")
    here.room.posting.append(Fault.DROPPED)
    await tick_at(here, "2026-11-27T15:00")
    here.room.finding.extend([Fault.REFUSED] * 4)
    await tick_at(here, "2026-12-01T15:00")
    assert chicago("2026-11-27T15:00") == await here.due()
    await tick_at(here, "2026-12-04T15:00")
    await tick_at(here, "2026-12-04T15:01")
    assert ["digest:C1:2026-W49"] == keys(here, "digest")


# -- in step with the channel -----------------------------------------------------------------


async def test_no_hour_before_the_bot_was_there_counts(tmp_path: Path) -> None:
    """Invited on Friday at 16:00, the first digest is next week's, with all since then."""
    async with stage(tmp_path, "2026-11-27T16:00") as here:
        await here.says("UROSA")
        await here.timetable.tick()
        assert [] == keys(here)
        assert chicago("2026-12-04T15:00") == await here.due()


async def test_an_hour_that_struck_during_the_first_restart_is_made_up_for(
    tmp_path: Path,
) -> None:
    """Invited at 14:59 and down at 15:00: the digest comes when the bot is back."""
    async with stage(tmp_path, "2026-11-27T14:59") as here:
        await here.says("UROSA")
        await tick_at(here, "2026-11-27T15:20")
        assert chicago("2026-11-27T15:00") == await here.due() or keys(here)
        await here.timetable.tick()
        assert ["digest:C1:2026-W48"] == keys(here)


async def test_off_means_never(here: Stage) -> None:
    """A channel that wants no digest gets none, and still has its prompt."""
    settle(here, "digest", "off")
    await here.says("UROSA")
    await tick_at(here, "2026-11-27T15:00")
    assert await here.due() is None
    assert [] == keys(here)
    assert chicago("2026-11-30T09:00") == await here.due(PROMPT)


async def test_a_new_hour_or_zone_counts_from_the_next_tick(here: Stage) -> None:
    """Settings are looked at each time; an hour that has passed today counts next week."""
    settle(here, "digest", "thu 08:30")
    await here.timetable.tick()
    assert chicago("2026-11-26T08:30") == await here.due()
    settle(here, "zone", "America/New_York")
    await here.timetable.plan()
    assert chicago("2026-11-26T07:30") == await here.due()
    settle(here, "digest", "tue 08:00")
    await here.timetable.tick()
    assert chicago("2026-12-01T07:00") == await here.due()


async def test_a_new_hour_does_not_cancel_what_was_due_before(here: Stage) -> None:
    """The hour was changed while the host was down: what was due then is still posted."""
    await here.says("UROSA")
    settle(here, "digest", "fri 14:00")
    await tick_at(here, "2026-11-27T16:00")
    assert ["digest:C1:2026-W48"] == keys(here)
    assert chicago("2026-12-04T14:00") == await here.due()


async def test_turning_it_on_again_starts_with_the_next_hour(here: Stage) -> None:
    """Off for weeks, on again on a Friday evening: no late digest of that afternoon."""
    settle(here, "digest", "off")
    await here.timetable.tick()
    await here.says("UROSA")
    here.clock.show("2026-12-11T17:00")
    settle(here, "digest", None)
    await here.timetable.tick()
    assert [] == keys(here, "digest")
    assert chicago("2026-12-18T15:00") == await here.due()


@pytest.mark.parametrize(
    ("kind", "now", "hour", "due"),
    [
        (PROMPT, "2026-11-30T10:00", "mon 09:00", "2026-12-07T09:00"),
        (DIGEST, "2026-12-02T10:00", "mon 15:00", "2026-12-07T15:00"),
    ],
)
async def test_an_hour_chosen_after_it_struck_counts_next_week(
    tmp_path: Path, kind: DeliveryKind, now: str, hour: str, due: str
) -> None:
    """Also in a channel that is new: it was planned before, though nothing was due there."""
    never = replace(HABITS, digest=None, prompt=None)
    async with stage(tmp_path, "2026-11-30T08:30", defaults=never) as here:
        await here.timetable.tick()
        await here.says("UROSA")
        here.clock.show(now)
        settle(here, kind.value, hour)
        await here.timetable.tick()
        assert ([], chicago(due)) == (keys(here), await here.due(kind))


@pytest.mark.parametrize("how", ["archived", "left"])
async def test_a_channel_that_is_archived_or_left_pauses(here: Stage, how: str) -> None:
    """While the bot cannot speak there nothing is tried; afterwards the next hour counts."""
    await here.says("UROSA")
    away = ChannelInfo(
        id="C1",
        name="ideas",
        private=False,
        archived=how == "archived",
        member=how != "left",
    )
    await here.store.remember_channel("T1", away, now=here.clock())
    await tick_at(here, "2026-11-27T15:00")
    assert 0 == here.room.tries
    assert await here.due() is None
    back = ChannelInfo(id="C1", name="ideas", private=False)
    await here.store.remember_channel("T1", back, now=here.clock())
    await tick_at(here, "2026-11-28T10:00")
    assert 0 == here.room.tries
    await tick_at(here, "2026-12-04T15:00")
    assert ["digest:C1:2026-W49"] == keys(here, "digest")


async def test_a_channel_that_is_not_watched_hears_nothing(here: Stage) -> None:
    """Where the operator does not want the bot, it does not speak of its own accord."""
    await here.says("UROSA")
    # Settings are read at the start.
    deaf = replace(timetable_of(here.weekly), watched=lambda _channel: False)
    here.clock.show("2026-11-27T15:00")
    await deaf.tick()
    assert [] == keys(here)


async def test_before_the_bot_knows_its_workspace_nothing_happens(tmp_path: Path) -> None:
    """At the very first start there is nobody to speak to."""
    async with stage(tmp_path) as here:
        await replace(here.timetable, homes=frozenset).tick()
        assert {} == await dues_of(here.store, "T1")


async def test_a_due_time_of_an_unknown_channel_is_passed_over(here: Stage) -> None:
    """A row that somebody left in the table harms nobody."""
    for workspace, channel in (("T1", "CGONE"), ("TOTHER", "C1")):
        values = (workspace, channel, stamp(here.clock()))
        alter(here.store, "insert into due values (?, ?, 'digest', ?, 0)", *values)
    await here.says("UROSA")
    await here.timetable.tick()
    assert 0 == here.room.tries
    await tick_at(here, "2026-11-27T15:00")
    assert ["digest:C1:2026-W48"] == keys(here)


# -- what changes meanwhile -------------------------------------------------------------------


def changing(here: Stage, change: Callable[[], Awaitable[object]]) -> Timetable:
    """A timetable whose first post takes its time: something changes before it is answered."""
    changes = [change]

    async def post(*args: Any, **named: Any) -> str:
        ts = await here.room.post(*args, **named)
        if changes:
            await changes.pop()()
        return ts

    chat = SimpleNamespace(post=post, find_own=here.room.find_own)
    chats = cast("Chats", SimpleNamespace(of=lambda _workspace: chat))
    return timetable_of(weekly_of(here.store, chats, here.clock, here.real))


async def choose(here: Stage, **chosen: Any) -> None:
    """A coordinator saves the settings."""
    wanted = replace(await here.channel(), **chosen)
    await here.store.set_settings(wanted, who="UROSA", now=here.clock())
    await here.timetable.plan()


@pytest.mark.parametrize(
    ("chosen", "following"),
    [("off", None), ("mon 09:00", chicago("2026-11-30T09:00"))],
)
async def test_what_is_chosen_while_a_digest_is_posted_holds_for_the_next(
    here: Stage, chosen: str, following: datetime | None
) -> None:
    """The next is due by the settings as they are when the post is done."""
    await here.says("UROSA")
    timetable = changing(here, lambda: choose(here, digest=chosen))
    here.clock.show("2026-11-27T15:00")
    await timetable.tick()
    assert ["digest:C1:2026-W48"] == keys(here)
    assert following == await here.due()


@pytest.mark.parametrize(
    "change",
    [
        lambda here: choose(here, digest="off"),
        lambda here: choose(here, paused_until=date(2026, 12, 1)),
        lambda here: here.store.saw_channel("T1", "C1", now=here.clock(), member=False),
    ],
    ids=["off", "paused", "left"],
)
async def test_a_channel_is_looked_at_anew_when_its_turn_comes(
    here: Stage, change: Callable[[Stage], Awaitable[object]]
) -> None:
    """Off, paused or left while its question is posted, it has no digest after that."""
    await choose(here, prompt="fri 14:30")
    await here.says("UROSA")
    here.clock.show("2026-11-27T15:00")
    await changing(here, lambda: change(here)).tick()
    await here.timetable.tick()
    assert ["prompt:C1:2026-W48"] == keys(here)


# -- waiting and failing ----------------------------------------------------------------------


async def test_a_digest_waits_for_the_catch_up_half_an_hour_at_most(here: Stage) -> None:
    """What was posted while we were away is read first; but the digest is not held up by it."""
    slow = replace(here.timetable, caught_up=lambda _channel: False)
    await here.says("UROSA")
    here.clock.show("2026-11-27T15:00")
    for _ in range(30):
        await slow.tick()
        here.clock.move(MINUTE)
    assert [] == keys(here)
    await slow.tick()
    assert ["digest:C1:2026-W48"] == keys(here)


async def test_a_digest_goes_out_as_soon_as_the_channel_is_caught_up(here: Stage) -> None:
    """Five minutes of reading are five minutes of waiting; a prompt waits for nothing."""
    done = False
    slow = replace(here.timetable, caught_up=lambda _channel: done)
    here.clock.show("2026-11-27T15:00")
    await here.says("UROSA")
    await slow.tick()
    here.clock.move(5 * MINUTE)
    done = True
    await slow.tick()
    assert ["digest:C1:2026-W48"] == keys(here)
    done = False
    here.clock.show("2026-11-30T09:00")
    await slow.tick()
    assert ["prompt:C1:2026-W49"] == keys(here, "prompt")


async def test_a_lost_answer_is_settled_by_the_ticks_that_follow(here: Stage) -> None:
    """Tick by tick: in doubt, found, recorded, and the next one planned."""
    await here.says("UROSA")
    here.room.posting.append(Fault.LOST)
    here.clock.show("2026-11-27T15:00")
    for _ in range(4):
        await here.timetable.tick()
        here.clock.move(MINUTE / 2)
    assert 1 == here.room.tries
    assert chicago("2026-12-04T15:00") == await here.due()


async def test_while_the_chat_asks_us_to_slow_down_we_do(here: Stage) -> None:
    """Twenty seconds asked for are twenty seconds waited, though the ticks come sooner."""
    await here.says("UROSA")
    here.room.posting.append(Fault.AWAY)
    here.clock.show("2026-11-27T15:00")
    for seconds in range(0, 20, 5):
        assert 1 >= here.room.tries, seconds
        await here.timetable.tick()
        here.clock.move(timedelta(seconds=5))
    assert 1 == here.room.tries
    await here.timetable.tick()
    assert ["digest:C1:2026-W48"] == keys(here)


async def test_a_channel_that_refuses_is_tried_ever_less_often(
    here: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """It stays due, the log says why, and when the channel takes it, it is there."""
    await here.says("UROSA")
    here.room.posting.extend([Fault.REFUSED] * 3)
    here.clock.show("2026-11-27T15:00")
    tries = []
    for _ in range(4 * 60):
        before = here.room.tries
        await here.timetable.tick()
        tries += [f"{here.clock():%H:%M}"] * (here.room.tries - before)
        here.clock.move(MINUTE)
    assert ["21:00", "22:00", "00:00"] == tries
    assert 3 == caplog.text.count("is refused: The channel is archived.")
    await tick_at(here, "2026-11-28T08:00")
    assert ["digest:C1:2026-W48"] == keys(here)


async def test_while_the_chat_is_away_it_is_asked_ever_less_often(here: Stage) -> None:
    """Down for two hours it is asked 13 times, and has its digest a quarter later at most."""
    await here.says("UROSA")
    here.room.posting.extend([Fault.AWAY] * 500)
    here.clock.show("2026-11-27T15:00")
    for _ in range(4 * 60):
        await here.timetable.tick()
        here.clock.move(MINUTE / 2)
    assert 13 == here.room.tries
    here.room.posting.clear()
    for _ in range(30):
        await here.timetable.tick()
        here.clock.move(MINUTE / 2)
    assert ["digest:C1:2026-W48"] == keys(here)


async def test_what_fails_in_one_channel_costs_no_other_its_turn(
    here: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """A zone that does not exist is logged with a reference; the other channel has its digest."""
    await here.open_channel("C2")
    await here.timetable.tick()
    await here.says("UROSA", channel="C1")
    await here.says("UROSA", channel="C2")
    settle(here, "zone", "Nowhere/Land", "C1")
    await tick_at(here, "2026-11-27T15:00")
    assert ["digest:C2:2026-W48"] == keys(here)
    assert "reference" in caplog.text
    settle(here, "zone", None, "C1")
    await here.timetable.tick()
    assert ["digest:C1:2026-W48", "digest:C2:2026-W48"] == sorted(keys(here))


async def test_two_processes_tick_at_once_and_post_one(here: Stage) -> None:
    """Two bots on one file: one digest, and both go on to the next week."""
    await here.says("UROSA")
    other = await here.another()
    here.clock.show("2026-11-27T15:00")
    try:
        for _ in range(6):
            await asyncio.gather(
                here.timetable.tick(), other.timetable.tick(), other.timetable.tick()
            )
            here.clock.move(MINUTE)
    finally:
        await other.store.close()
    assert ["digest:C1:2026-W48"] == keys(here)
    assert chicago("2026-12-04T15:00") == await here.due()


# -- many channels --


class PromptStats:
    """A store that counts which of its methods are called."""

    def __init__(self, store: object) -> None:
        self._store = store
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> object:
        self.calls.append(name)
        return getattr(self._store, name)


async def test_a_look_with_nothing_due_asks_the_store_twice(here: Stage) -> None:
    """However many channels there are; after a change in one, that one is planned."""
    for number in range(2, 9):
        await here.open_channel(f"C{number}")
    asked = PromptStats(here.store)
    timetable = replace(here.timetable, store=cast("IdeaStore", asked))
    await timetable.tick()
    asked.calls.clear()
    await timetable.tick()
    assert ["unplanned", "due"] == asked.calls
    asked.calls.clear()
    settle(here, "digest", "thu 08:30", "C3")
    await timetable.tick()
    assert ["unplanned", "plan", "unplanned", "due"] == asked.calls
    assert chicago("2026-11-26T08:30") == await here.due(channel="C3")


async def test_digests_of_different_channels_go_out_side_by_side(here: Stage) -> None:
    """One whose post hangs keeps none of the others waiting; in each channel they go in order."""
    for number in range(2, 40):
        await here.open_channel(f"C{number}")
        await here.says("UROSA", channel=f"C{number}")
    await here.says("UROSA")
    await here.timetable.tick()
    answered, posting = asyncio.Event(), here.room.post

    async def post(channel: str, *args: Any, **named: Any) -> str:
        if channel == "C1":
            await answered.wait()
        return await posting(channel, *args, **named)

    chat = SimpleNamespace(post=post, find_own=here.room.find_own)
    chats = cast("Chats", SimpleNamespace(of=lambda _workspace: chat))
    timetable = timetable_of(weekly_of(here.store, chats, here.clock, here.real))
    here.clock.show("2026-11-27T15:00")
    ticking = asyncio.create_task(timetable.tick())
    async with asyncio.timeout(10):
        while len(keys(here, "digest")) < 38:  # noqa: ASYNC110  (all but the one that hangs)
            await asyncio.sleep(0.01)
    assert not ticking.done()
    answered.set()
    await ticking
    assert 39 == len(set(keys(here, "digest"))) == len(keys(here, "digest"))


# -- crashes at every step --------------------------------------------------------------------


class Life:
    """How many steps a process has left; each call has one before and one after it."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def step(self) -> None:
        self.steps -= 1
        if self.steps <= 0:
            raise Crash


class Mortal:
    """A store or chat as a process uses it that may die at any of its calls."""

    def __init__(self, target: object, life: Life) -> None:
        self._target = target
        self._life = life

    def of(self, _workspace: str) -> Mortal:
        """The chat of any workspace dies like this one."""
        return self

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method: Callable[..., Any] = getattr(self._target, name)
        if not asyncio.iscoroutinefunction(method):
            return method  # it asks nobody

        async def call(*args: object, **named: object) -> object:
            self._life.step()
            result = await method(*args, **named)
            self._life.step()
            return result

        return call


def mortal(here: Stage, store: object, steps: int) -> Timetable:
    """A new process on *store* that dies after so many steps."""
    life = Life(steps)
    return timetable_of(
        weekly_of(
            cast("IdeaStore", Mortal(store, life)),
            cast("Chats", Mortal(here.room, life)),
            here.clock,
            here.real,
        )
    )


def new_in(said: Said) -> str:
    """A message without the idea of an earlier year that a digest brings back."""
    return said.message.fallback.partition("\nThis week of the school year")[0]


@pytest.mark.parametrize("fault", [Fault.NONE, Fault.LOST, Fault.DROPPED, Fault.UNDRAWN])
async def test_a_crash_at_any_step_loses_and_doubles_nothing(here: Stage, fault: Fault) -> None:
    """Week after week the process dies one step later; each week has its digest, once."""
    friday, steps, died = chicago("2026-11-27T15:00"), 1, True
    numbers: list[int] = []
    while died:
        here.clock.at = friday - DAY
        numbers.append(await here.says("UROSA"))
        here.clock.at = friday
        here.room.posting.append(fault)
        died = False
        try:
            first = mortal(here, here.store, steps)
            for _ in range(4):
                await first.tick()
                here.clock.move(MINUTE)
        except* Crash:
            died = True
        here.room.posting.clear()
        second = timetable_of(here.weekly)
        for _ in range(6):
            await second.tick()
            here.clock.move(MINUTE)
        friday, steps = friday + 7 * DAY, steps + 1
    digests = here.room.said(kind="digest")
    assert steps > 20
    assert len(numbers) == len(digests) == len({said.key for said in digests})
    for number, said in zip(numbers, digests, strict=True):
        new = new_in(said)
        assert f"#{number}," in new
        assert 1 == new.count("UROSA Name")


# -- everything at once -----------------------------------------------------------------------

ZONES = ["America/Chicago", "Europe/Berlin", "Pacific/Auckland", "America/St_Johns"]
WEEKS = int(os.environ.get("WEEKS", "30"))
"""With 250 weeks four channels make 1,000 channel-weeks: `make simulate`."""
HOURS = ["fri 15:00", "sun 02:30", "sun 01:30", "wed 11:00"]


async def test_half_a_year_of_crashes_and_lost_answers_misses_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    """Four channels in four zones, week after week, two processes: 0 missed, 0 doubled."""
    dice = Random(int(os.environ.get("SEED", "1")))  # noqa: S311  (for chance, not for secrets)
    async with stage(tmp_path, "2026-09-15T10:00") as here:
        channels = [f"C{n}" for n in range(1, 5)]
        for channel, zone, hour in zip(channels, ZONES, HOURS, strict=True):
            await here.open_channel(channel)
            settle(here, "zone", zone, channel)
            settle(here, "digest", hour, channel)
            settle(here, "prompt", "mon 10:00", channel)
        other = await here.another()
        try:
            year = Year(here, other, dice, channels)
            await year.pass_by(until=here.clock() + WEEKS * 7 * DAY)
        finally:
            await other.store.close()
    assert [] == year.missed()
    assert [] == year.doubled()
    digests, prompts = here.room.said(kind="digest"), here.room.said(kind="prompt")
    report = f"{len(digests)} digests, {len(prompts)} prompts, {year.crashes} crashes, "
    print(report + f"{year.faults} faults: 0 missed, 0 doubled")  # noqa: T201  (`make simulate`)
    assert len(digests) > WEEKS * 3.3
    assert len(prompts) >= WEEKS * 4 - 4
    assert year.crashes > WEEKS * 1.6
    assert year.faults > WEEKS * 1.6


class Year:
    """Members post, processes tick and die, answers get lost, the host sleeps."""

    def __init__(self, here: Stage, other: Stage, dice: Random, channels: list[str]) -> None:
        self.here, self.other, self.dice, self.channels = here, other, dice, channels
        self.processes = [timetable_of(process.weekly) for process in (here, other)]
        self.expected: set[str] = set()
        self.ideas: list[int] = []
        self.crashes = 0
        self.faults = 0

    async def pass_by(self, until: datetime) -> None:
        here = self.here
        await self.processes[0].tick()
        while True:
            dues = await dues_of(here.store, "T1")
            due = min(dues.values())
            if due > until:
                return
            here.clock.at = max(here.clock(), due - HOUR)
            for channel in self.channels:
                if dues.get((channel, DIGEST)) == due and self.dice.random() < 0.95:
                    self.ideas.append(await here.says("UROSA", channel=channel))
            await self.note_expected(dues, due)
            here.clock.at = max(here.clock(), due)
            if self.dice.random() < 0.3:
                here.clock.move(self.dice.random() * 8 * HOUR)
            while min((await dues_of(here.store, "T1")).values()) <= here.clock():
                await self.tick()
                here.clock.move(timedelta(seconds=self.dice.choice([5, 30, 30, 45])))

    async def note_expected(
        self, dues: Mapping[tuple[str, DeliveryKind], datetime], due: datetime
    ) -> None:
        for (channel, kind), when in dues.items():
            if when != due:
                continue
            known = await self.here.channel(channel)
            fresh = await self.here.store.fresh("T1", channel, at=due, oldest=56 * DAY)
            if kind == PROMPT or fresh:
                key = self.here.weekly.week_of(known).period_of(when).key
                self.expected.add(f"{kind}:{channel}:{key}")

    async def tick(self) -> None:
        room, dice = self.here.room, self.dice
        room.posting.clear()
        room.finding.clear()
        if dice.random() < 0.35:
            self.faults += 1
            room.posting.append(dice.choice([Fault.LOST, Fault.DROPPED, Fault.AWAY]))
            room.finding.append(dice.choice([Fault.NONE, Fault.AWAY, Fault.REFUSED]))
        for at, process in enumerate((self.here, self.other)):
            if dice.random() < 0.25:
                self.processes[at] = mortal(self.here, process.store, dice.randrange(15, 70))
        ticks = [process.tick() for process in self.processes]
        for at, came in enumerate(await asyncio.gather(*ticks, return_exceptions=True)):
            if isinstance(came, BaseException):
                assert isinstance(came, Crash | BaseExceptionGroup)
                self.crashes += 1
                self.processes[at] = timetable_of((self.here, self.other)[at].weekly)

    def missed(self) -> list[str]:
        said = self.here.room.said()
        shown = "\n".join(one.message.fallback for one in said)
        keys = {one.key for one in said}
        lost = [f"#{number}" for number in self.ideas if f"\n#{number}, " not in shown]
        return sorted(self.expected - keys) + lost

    def doubled(self) -> list[str]:
        said = self.here.room.said()
        counted = Counter(one.key for one in said)
        shown = "\n".join(new_in(one) for one in said)
        twice = [f"#{n}" for n in self.ideas if shown.count(f"\n#{n}, ") > 1]
        return [key for key, number in counted.items() if number > 1] + twice
