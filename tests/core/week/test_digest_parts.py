"""A digest in several messages: each stands in its place exactly once, whatever happens between."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.delivery.result import InDoubt, Posting, Sent, SentBefore
from bot.core.model.ideas import Withdrawal
from bot.core.model.posts import Place
from tests.core.chat import Crash, Fault
from tests.core.stage import DIGEST, Stage, chicago, stage, staged

MINUTE = timedelta(minutes=1)
WEEK = timedelta(weeks=1)
MANY = 70
"""Ideas that need a first message and two replies."""


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path) as set_:
        for n in range(MANY):
            await set_.says(f"U{n:03}")
        yield set_


async def digest(here: Stage) -> Posting:
    return await here.weekly.post(DIGEST, await here.channel(), here.clock())


async def until_settled(here: Stage) -> Posting:
    """Try again, minute after minute, as the timetable does."""
    came = await digest(here)
    for _ in range(10):
        if not isinstance(came, InDoubt):
            break
        here.clock.move(2 * MINUTE)
        came = await digest(here)
    return came


def keys(here: Stage) -> list[str]:
    return [said.key for said in here.room.said()]


def carried(here: Stage) -> list[int]:
    """The numbers of all ideas with room of their own, in all messages."""
    return sorted(
        int(run.text.rpartition("#")[2])
        for said in here.room.said()
        for part in said.message.parts
        for run in getattr(part, "runs", ())
        if run.text.startswith("#") and run.text[1:].isdigit()
    )


WHOLE = ["digest:C1:2026-W48", "digest:C1:2026-W48:1", "digest:C1:2026-W48:2"]


async def test_what_does_not_fit_stands_in_the_thread_in_order(here: Stage) -> None:
    """Each part has a key of its own, replies to the first message, and carries other ideas."""
    assert isinstance(await digest(here), Sent)
    assert keys(here) == WHOLE
    first, *replies = here.room.said()
    assert "" == first.thread
    assert [first.ts] * 2 == [reply.thread for reply in replies]
    assert carried(here) == sorted(set(carried(here)))
    assert MANY == len(carried(here))
    assert isinstance(await digest(here), SentBefore)
    assert 3 == len(here.room.said())


@pytest.mark.parametrize("part", [1, 2])
@pytest.mark.parametrize("fault", [Fault.LOST, Fault.DROPPED, Fault.AWAY, Fault.UNDRAWN])
async def test_a_part_that_fails_is_posted_once_all_the_same(
    here: Stage, part: int, fault: Fault
) -> None:
    """Its answer lost, not posted, too fast, not drawn: in the end it stands there once."""
    here.room.posting.extend([Fault.NONE] * part + [fault])
    came = await until_settled(here)
    assert isinstance(came, Sent | SentBefore)
    assert keys(here) == WHOLE
    assert MANY == len(carried(here)) or fault is Fault.UNDRAWN


@pytest.mark.parametrize("part", [0, 1, 2])
@pytest.mark.parametrize("fault", [Fault.DIES_BEFORE, Fault.DIES_AFTER])
async def test_a_crash_between_parts_doubles_and_loses_none(
    here: Stage, part: int, fault: Fault
) -> None:
    """A new process goes on where the old one died, after its lease, and looks before it posts."""
    here.room.posting.extend([Fault.NONE] * part + [fault])
    with pytest.raises(Crash):
        await digest(here)
    again = await here.restarted()
    try:
        assert isinstance(await digest(again), InDoubt)
        again.clock.move(2 * MINUTE)
        assert isinstance(await until_settled(again), Sent | SentBefore)
    finally:
        await again.store.close()
    assert keys(here) == WHOLE
    assert MANY == len(set(carried(here)))


async def test_while_a_thread_cannot_be_searched_its_part_waits(here: Stage) -> None:
    """After a lost answer a failing look-up means waiting; then the part is found."""
    here.room.posting.extend([Fault.NONE, Fault.LOST])
    assert isinstance(await digest(here), InDoubt)
    for fault in (Fault.REFUSED, Fault.AWAY):
        here.clock.move(2 * MINUTE)
        here.room.finding.append(fault)
        assert isinstance(await digest(here), InDoubt)
    assert 2 == here.room.tries
    assert isinstance(await until_settled(here), SentBefore)
    assert keys(here) == WHOLE


async def test_before_the_minute_is_over_nobody_posts_a_part_again(here: Stage) -> None:
    """What was lost may still show up."""
    here.room.posting.extend([Fault.NONE, Fault.DROPPED])
    doubt = await digest(here)
    assert isinstance(doubt, InDoubt)
    assert here.clock() + MINUTE == doubt.until
    here.clock.move(MINUTE - timedelta(seconds=1))
    assert isinstance(await digest(here), InDoubt)
    assert 2 == here.room.tries


async def test_where_the_chat_keeps_no_keys_a_part_is_found_by_its_text(here: Stage) -> None:
    """Our own same words in that thread are the part."""
    here.room.keeps_keys = False
    here.room.posting.extend([Fault.NONE, Fault.LOST])
    assert isinstance(await until_settled(here), SentBefore)
    assert keys(here) == WHOLE


async def test_a_part_refused_for_good_is_carried_over(here: Stage) -> None:
    """Its thread may be gone: the other parts and the next week go on, with what it had."""
    here.room.posting.extend([Fault.NONE, Fault.REFUSED])
    assert isinstance(await digest(here), Sent)
    assert [WHOLE[0], WHOLE[2]] == keys(here)
    shown = carried(here)
    assert len(shown) < MANY
    here.clock.move(WEEK)
    assert isinstance(await digest(here), Sent)
    assert "digest:C1:2026-W49" in keys(here)
    assert MANY == len(carried(here)) == len(set(carried(here)))


async def test_a_part_away_again_after_a_lost_answer_is_still_looked_for(here: Stage) -> None:
    """The second attempt certainly did nothing, but the first may have: the third looks too."""
    here.room.posting.extend([Fault.NONE, Fault.DROPPED, Fault.AWAY])
    assert isinstance(await digest(here), InDoubt)
    here.clock.move(2 * MINUTE)
    assert isinstance(await digest(here), InDoubt)
    searches = here.room.searches
    assert isinstance(await until_settled(here), SentBefore)
    assert here.room.searches > searches
    assert keys(here) == WHOLE


async def test_what_is_withdrawn_meanwhile_stands_in_no_part(here: Stage) -> None:
    """A part without an idea left is not posted; the others are."""
    here.room.posting.extend([Fault.NONE, Fault.AWAY])
    assert isinstance(await digest(here), InDoubt)
    (first,) = here.room.said()
    shown = set(carried(here))
    rest = [n for n in range(1, MANY + 1) if n not in shown]
    for number in rest:
        await here.store.withdraw_number("T1", number, Withdrawal.REMOVED, now=here.clock())
    here.clock.move(MINUTE)
    assert SentBefore(first.ts) == await digest(here)
    assert [WHOLE[0]] == keys(here)


async def test_when_it_is_too_late_missing_parts_are_carried_over(here: Stage) -> None:
    """Settling posts nothing; what stands in no message is free for the next digest."""
    here.room.posting.extend([Fault.NONE, Fault.LOST])
    assert isinstance(await digest(here), InDoubt)
    here.clock.move(2 * MINUTE)
    channel, at = await here.channel(), here.clock()
    delivery = here.weekly.week_of(channel).delivery(DIGEST, at)
    assert "2026-W48" == delivery.subject
    assert isinstance(await here.weekly.settle(delivery), SentBefore)
    assert WHOLE[:2] == keys(here)
    here.clock.move(WEEK)
    await here.says("UNEW")
    assert isinstance(await digest(here), Sent)
    assert MANY + 1 == len(carried(here)) == len(set(carried(here)))


async def test_the_next_week_settles_what_this_one_owes(here: Stage) -> None:
    """A part that nobody tried again does not hold its ideas back, nor come twice."""
    here.room.posting.extend([Fault.NONE, Fault.LOST])
    assert isinstance(await digest(here), InDoubt)
    here.clock.move(WEEK)
    here.room.finding.append(Fault.AWAY)
    assert isinstance(await digest(here), InDoubt)
    assert isinstance(await until_settled(here), Sent)
    assert 1 == keys(here).count(WHOLE[1])
    assert WHOLE[2] not in keys(here)
    assert MANY == len(carried(here)) == len(set(carried(here)))


async def test_two_processes_at_once_post_each_part_once(here: Stage) -> None:
    """Of many callers on two open files each part is posted by one."""
    other = await here.another()
    try:
        await asyncio.gather(*(digest(s) for s in (here, other) for _ in range(4)))
        here.clock.move(3 * MINUTE)
        assert isinstance(await until_settled(here), SentBefore)
    finally:
        await other.store.close()
    assert sorted(keys(here)) == WHOLE


async def test_a_look_up_that_outlasts_the_lease_posts_no_part(here: Stage) -> None:
    """Whoever looked for two minutes has lost the right to post."""
    here.room.posting.extend([Fault.NONE, Fault.DROPPED])
    assert isinstance(await digest(here), InDoubt)
    here.clock.move(MINUTE)
    here.room.slow, here.room.wait = 2 * MINUTE, here.clock.move
    assert isinstance(await digest(here), InDoubt)
    assert 2 == here.room.tries
    here.room.slow = timedelta()
    assert isinstance(await until_settled(here), SentBefore)
    assert keys(here) == WHOLE


async def test_a_part_that_could_not_be_noted_is_found_again(here: Stage) -> None:
    """The file is locked after the post: in doubt, and one message in the end."""
    impatient = await staged(here.path, here.room, here.clock, here.real, patience=0.05)
    lock = sqlite3.connect(here.path, isolation_level=None)

    def hold() -> None:
        if len(here.room.said()) == 2 and not lock.in_transaction:
            lock.execute("begin immediate")

    here.room.after_post = hold
    try:
        came = await digest(impatient)
    finally:
        here.room.after_post = lambda: None
        lock.close()
        await impatient.store.close()
    assert isinstance(came, InDoubt)
    assert came.why.startswith("It is posted, but could not be noted.")
    here.clock.move(2 * MINUTE)
    assert isinstance(await until_settled(here), SentBefore)
    assert keys(here) == WHOLE


async def test_a_restored_backup_posts_no_part_again(here: Stage) -> None:
    """An older copy that forgot the digest finds its first message, and counts it as whole."""
    await here.store.backup(here.path.with_name("backup.db"))
    assert isinstance(await digest(here), Sent)
    here.clock.move(timedelta(hours=1))
    restored = await staged(here.path.with_name("backup.db"), here.room, here.clock, here.real)
    try:
        channel = await restored.channel()
        came = await restored.weekly.post(DIGEST, channel, here.clock(), late=True)
        assert SentBefore(here.room.said()[0].ts) == came
        here.clock.move(WEEK)
        late = await restored.says("UNEW")
        assert isinstance(await digest(restored), Sent)
    finally:
        await restored.store.close()
    assert [*WHOLE, "digest:C1:2026-W49"] == keys(here)
    assert late == carried(here)[-1]


async def test_the_preview_shows_every_part(here: Stage) -> None:
    """What is shown before is what is posted, message for message."""
    channel = await here.channel()
    preview = await here.weekly.preview(DIGEST, channel, here.clock())
    assert isinstance(await digest(here), Sent)
    assert preview == tuple(said.message for said in here.room.said())
    assert () == await here.weekly.preview(DIGEST, channel, here.clock())


async def test_a_digest_is_delivered_where_its_first_message_stands(here: Stage) -> None:
    """A reply of a member in its thread is no answer to a prompt."""
    sent = await digest(here)
    assert isinstance(sent, Sent)
    assert (DIGEST, "") == await here.store.delivery_at(Place("T1", "C1", sent.ts))
    assert chicago("2026-11-24T10:00") == here.clock()
