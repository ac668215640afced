"""Digests and prompts: what is in them, and that each stands in its channel exactly once."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.delivery.result import InDoubt, NothingToPost, NotPossible, Posting, Sent, SentBefore
from bot.core.model.ideas import Kind, Withdrawal
from bot.core.model.parts import Message
from bot.core.model.posts import Place, Reaction
from tests.core.chat import Crash, Fault, MemoryChat
from tests.core.stage import BANK, DIGEST, PROMPT, Hands, Stage, chicago, stage, staged
from tests.storage.making import take

FRIDAY = chicago("2026-11-27T15:00")
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path) as set_:
        yield set_


async def digest(here: Stage) -> Posting:
    return await here.weekly.post(DIGEST, await here.channel(), here.clock())


async def prompt(here: Stage) -> Posting:
    return await here.weekly.post(PROMPT, await here.channel(), here.clock())


def numbers_in(message: Message) -> list[int]:
    """The numbers of the ideas that a digest shows, by its plain text."""
    words = message.fallback.replace(",", " ").split()
    return sorted(int(w[1:]) for w in words if w.startswith("#"))


# -- what is in it ----------------------------------------------------------------------------


async def test_a_digest_holds_what_is_new_and_uses_it_up(here: Stage) -> None:
    """An idea is carried once; the next week's digest holds what came after."""
    first = await here.says("UROSA")
    here.clock.move(timedelta(hours=1))
    assert isinstance(await digest(here), Sent)
    here.clock.move(timedelta(days=7))
    second = await here.says("UBEN")
    assert isinstance(await digest(here), Sent)
    assert [[first], [second]] == [numbers_in(said.message) for said in here.room.said()]


async def test_the_same_week_is_posted_once(here: Stage) -> None:
    """Asked again, it says that it stands there already; new ideas wait for the next week."""
    await here.says("UROSA")
    sent = await digest(here)
    assert isinstance(sent, Sent)
    assert SentBefore(sent.ts) == await digest(here)
    await here.says("UBEN")
    assert SentBefore(sent.ts) == await digest(here)
    assert 1 == len(here.room.said())


async def test_without_ideas_there_is_no_digest(here: Stage) -> None:
    """Nothing is posted, and nothing is claimed: an idea minutes later gets its digest."""
    assert NothingToPost() == await digest(here)
    await here.says("UROSA")
    assert isinstance(await digest(here), Sent)


async def test_a_question_alone_waits_for_an_idea(here: Stage) -> None:
    """A week with only a question gets no digest; the question comes with the next one."""
    question = await here.says("UROSA", kind=Kind.QUESTION)
    assert NothingToPost() == await digest(here)
    here.clock.move(timedelta(days=7))
    idea = await here.says("UBEN")
    assert isinstance(await digest(here), Sent)
    (said,) = here.room.said()
    assert [question, idea] == numbers_in(said.message)


async def test_what_is_older_than_eight_weeks_or_yet_to_come_is_left_out(here: Stage) -> None:
    """A digest holds what was posted at or before its instant, at most eight weeks old."""
    at = here.clock()
    await here.says("UOLD", at=at - timedelta(weeks=8, minutes=1))
    inside = [
        await here.says("UA", at=at - timedelta(weeks=8) + MINUTE),
        await here.says("UB", at=at),
    ]
    await here.says("ULATER", at=at + MINUTE)
    assert isinstance(await here.weekly.post(DIGEST, await here.channel(), at), Sent)
    (said,) = here.room.said()
    assert inside == numbers_in(said.message)


async def test_another_channels_ideas_stay_there(here: Stage) -> None:
    """Each channel has its own digest of its own ideas."""
    await here.open_channel("C2")
    await here.says("UROSA", channel="C2")
    assert NothingToPost() == await digest(here)
    assert isinstance(await here.weekly.post(DIGEST, await here.channel("C2"), here.clock()), Sent)


async def test_who_shares_for_the_first_time_is_welcomed(here: Stage) -> None:
    """Where others have been here before; in a channel's very first digest everybody is new."""
    await here.says("UROSA")
    assert isinstance(await digest(here), Sent)
    here.clock.move(timedelta(days=7))
    await here.says("UROSA")
    await here.says("UBEN")
    assert isinstance(await digest(here), Sent)
    first, second = (said.message.fallback for said in here.room.said())
    assert "first time" not in first
    assert "Welcome to UBEN Name, sharing here for the first time!" in second


async def test_a_week_belongs_to_the_channels_zone(here: Stage) -> None:
    """Sunday night in Chicago is still the old week: two digests, one on each side of midnight."""
    here.clock.show("2026-11-29T23:30")
    await here.says("UROSA")
    assert isinstance(await digest(here), Sent)
    here.clock.show("2026-11-30T00:30")
    await here.says("UBEN")
    assert isinstance(await digest(here), Sent)
    assert ["digest:C1:2026-W48", "digest:C1:2026-W49"] == [s.key for s in here.room.said()]
    assert "November 29" in here.room.said()[0].message.fallback
    assert "November 30" in here.room.said()[1].message.fallback


async def test_a_preview_posts_and_claims_nothing(here: Stage) -> None:
    """Looking changes nothing: the digest itself is the same afterwards."""
    channel = await here.channel()
    assert () == await here.weekly.preview(DIGEST, channel, here.clock())
    await here.says("UROSA")
    preview = await here.weekly.preview(DIGEST, channel, here.clock())
    assert preview == await here.weekly.preview(DIGEST, channel, here.clock())
    assert [] == here.room.said()
    assert isinstance(await digest(here), Sent)
    assert preview == tuple(said.message for said in here.room.said())


async def test_a_prompt_asks_what_its_preview_showed(here: Stage) -> None:
    """The choice is the same for the same state of things, and is remembered with the post."""
    (preview,) = await here.weekly.preview(PROMPT, await here.channel(), here.clock())
    sent = await prompt(here)
    assert isinstance(sent, Sent)
    (said,) = here.room.said()
    assert preview == said.message
    delivered = await here.store.delivery_at(Place("T1", "C1", sent.ts))
    assert delivered is not None
    asked = BANK.get(delivered[1])
    assert asked is not None
    assert asked.text in said.message.fallback
    assert SentBefore(sent.ts) == await prompt(here)


async def test_a_prompt_is_not_asked_again_within_26_weeks(here: Stage) -> None:
    """Half a year of Mondays brings 27 questions, no two alike."""
    for _ in range(27):
        assert isinstance(await prompt(here), Sent)
        here.clock.move(timedelta(days=7))
    texts = [said.message.fallback for said in here.room.said()]
    assert 27 == len(set(texts))


# -- once -------------------------------------------------------------------------------------

KINDS = pytest.mark.parametrize("kind", [DIGEST, PROMPT])


async def post(here: Stage, kind: str) -> Posting:
    return await (digest(here) if kind == DIGEST else prompt(here))


@KINDS
async def test_a_lost_answer_is_looked_for_and_not_posted_again(here: Stage, kind: str) -> None:
    """The message is there: it is found at once, and a minute later there is still one."""
    await here.says("UROSA")
    here.room.posting.append(Fault.LOST)
    doubt = await post(here, kind)
    assert isinstance(doubt, InDoubt)
    assert here.clock() + MINUTE == doubt.until
    (said,) = here.room.said()
    assert SentBefore(said.ts) == await post(here, kind)
    here.clock.move(2 * MINUTE)
    assert SentBefore(said.ts) == await post(here, kind)
    assert 1 == here.room.tries


@KINDS
async def test_what_was_not_posted_is_posted_after_a_minute(here: Stage, kind: str) -> None:
    """Nobody posts before the minute is over; then the first look decides."""
    await here.says("UROSA")
    here.room.posting.append(Fault.DROPPED)
    assert isinstance(await post(here, kind), InDoubt)
    here.clock.move(MINUTE - timedelta(seconds=1))
    assert isinstance(await post(here, kind), InDoubt)
    assert 1 == here.room.tries
    here.clock.move(timedelta(seconds=1))
    assert isinstance(await post(here, kind), Sent)
    assert 1 == len(here.room.said())


async def test_a_second_attempt_says_what_the_first_one_would_have(here: Stage) -> None:
    """Ideas and prompt are the first attempt's; what came meanwhile waits for the next week."""
    first = await here.says("UROSA")
    at = here.clock()
    here.room.posting.append(Fault.DROPPED)
    expected = await here.weekly.preview(DIGEST, await here.channel(), at)
    assert isinstance(await digest(here), InDoubt)
    here.clock.move(MINUTE)
    second = await here.says("UBEN")
    assert isinstance(await digest(here), Sent)
    assert [*expected] == [said.message for said in here.room.said()]
    here.clock.move(timedelta(days=7))
    assert isinstance(await digest(here), Sent)
    assert [[first], [second]] == [numbers_in(said.message) for said in here.room.said()]


@KINDS
async def test_while_the_channel_cannot_be_searched_nobody_posts(here: Stage, kind: str) -> None:
    """After a lost answer a failing look-up means waiting, however long it lasts."""
    await here.says("UROSA")
    here.room.posting.append(Fault.LOST)
    assert isinstance(await post(here, kind), InDoubt)
    for fault in (Fault.REFUSED, Fault.AWAY, Fault.REFUSED):
        here.clock.move(2 * MINUTE)
        here.room.finding.append(fault)
        assert isinstance(await post(here, kind), InDoubt)
    here.room.finding.append(Fault.REFUSED)
    assert isinstance(await post(here, kind), InDoubt)  # in doubt: it may be looked for, but fails
    assert 1 == here.room.tries
    assert isinstance(await post(here, kind), SentBefore)


@KINDS
async def test_a_message_without_a_key_is_found_by_its_text(here: Stage, kind: str) -> None:
    """Where the chat keeps no keys, our own same words since the claim are the message."""
    here.room.keeps_keys = False
    number = await here.says("UROSA")
    here.room.posting.append(Fault.LOST)
    assert isinstance(await post(here, kind), InDoubt)
    (said,) = here.room.said()
    idea = await here.store.idea_by_id(number)
    assert idea is not None
    assert idea.place is not None
    await here.store.react(
        Reaction(idea.place, "UBEN", "heart", "1"), present=True, now=here.clock()
    )
    await here.store.set_post(idea.id, permalink="https://chat.example/later")
    here.clock.move(2 * MINUTE)
    assert SentBefore(said.ts) == await post(here, kind)
    assert 1 == len(here.room.said())


@KINDS
@pytest.mark.parametrize("fault", [Fault.DIES_BEFORE, Fault.DIES_AFTER])
async def test_a_crash_on_either_side_of_the_post_leaves_one(
    here: Stage, kind: str, fault: Fault
) -> None:
    """After a restart nobody posts while the lease of the dead process holds; then one looks."""
    await here.says("UROSA")
    here.room.posting.append(fault)
    with pytest.raises(Crash):
        await post(here, kind)
    again = await here.restarted()
    try:
        assert isinstance(await post(again, kind), InDoubt)
        again.clock.move(2 * MINUTE)
        assert isinstance(await post(again, kind), Sent | SentBefore)
        assert isinstance(await post(again, kind), SentBefore)
    finally:
        await again.store.close()
    assert 1 == len(here.room.said())


@KINDS
async def test_two_processes_at_once_post_one(here: Stage, kind: str) -> None:
    """Of twelve callers on two open files one posts; the others hear that it is under way."""
    await here.says("UROSA")
    other = await here.another()
    try:
        came = await asyncio.gather(*(post(s, kind) for s in (here, other) for _ in range(6)))
    finally:
        await other.store.close()
    assert 1 == sum(isinstance(one, Sent) for one in came)
    assert all(isinstance(one, Sent | SentBefore | InDoubt) for one in came)
    assert 1 == len(here.room.said())


async def test_a_lookup_that_outlasts_the_lease_posts_nothing(here: Stage) -> None:
    """Whoever looked for two minutes has lost the right to post: somebody else may have it."""
    await here.says("UROSA")
    here.room.posting.append(Fault.DROPPED)
    assert isinstance(await digest(here), InDoubt)
    here.clock.move(MINUTE)
    here.room.slow, here.room.wait = 2 * MINUTE, here.clock.move
    assert isinstance(await digest(here), InDoubt)
    assert 1 == here.room.tries
    here.room.slow = timedelta()
    assert isinstance(await digest(here), Sent)
    assert 1 == len(here.room.said())


@KINDS
async def test_when_the_chat_is_away_nothing_is_kept_back(here: Stage, kind: str) -> None:
    """Certainly not done: the next try is a first try, with what is new by then."""
    await here.says("UROSA")
    here.room.posting.append(Fault.AWAY)
    away = await post(here, kind)
    assert isinstance(away, InDoubt)
    assert here.clock() + timedelta(seconds=20) == away.until
    await here.says("UBEN")
    assert isinstance(await post(here, kind), Sent)
    assert 0 == here.room.searches
    if kind == DIGEST:
        assert "UBEN Name" in here.room.said()[0].message.fallback


async def test_after_a_lost_answer_a_chat_that_is_away_does_not_make_us_forget(
    here: Stage,
) -> None:
    """Lost, then away: the try after that still looks before it posts."""
    await here.says("UROSA")
    here.room.posting.extend([Fault.DROPPED, Fault.AWAY])
    assert isinstance(await digest(here), InDoubt)
    here.clock.move(MINUTE)
    assert isinstance(await digest(here), InDoubt)
    assert isinstance(await digest(here), Sent)
    assert 2 == here.room.searches


@KINDS
async def test_a_refusal_is_told_and_gives_the_claim_back(here: Stage, kind: str) -> None:
    """An archived channel gets nothing; once it is open again, the same week still can."""
    await here.says("UROSA")
    here.room.posting.append(Fault.REFUSED)
    assert NotPossible("The channel is archived.", "is_archived") == await post(here, kind)
    assert isinstance(await post(here, kind), Sent)


async def test_parts_that_are_refused_are_posted_as_plain_text(
    here: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """The words arrive all the same, and the log names the message, not its words."""
    await here.says("UROSA", "A secret sentence about a unit on sources.")
    here.room.posting.extend([Fault.UNDRAWN, Fault.UNDRAWN])
    assert isinstance(await digest(here), Sent)
    (said,) = here.room.said()
    assert () == said.message.parts
    assert "A secret sentence" in said.message.fallback
    (warning,) = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    assert "digest:C1:2026-W48" in warning
    assert "secret" not in caplog.text


async def test_what_was_withdrawn_meanwhile_is_not_shown(here: Stage) -> None:
    """Between a first and a second attempt an author took an idea back."""
    gone, stays = await here.says("UROSA"), await here.says("UBEN")
    here.room.posting.append(Fault.DROPPED)
    assert isinstance(await digest(here), InDoubt)
    await here.store.withdraw_number("T1", gone, Withdrawal.REMOVED, now=here.clock())
    here.clock.move(MINUTE)
    assert isinstance(await digest(here), Sent)
    (said,) = here.room.said()
    assert [stays] == numbers_in(said.message)


async def test_when_all_was_withdrawn_meanwhile_what_is_new_is_taken(here: Stage) -> None:
    """A second attempt with nothing left starts afresh."""
    gone = await here.says("UROSA")
    here.room.posting.extend([Fault.DROPPED])
    assert isinstance(await digest(here), InDoubt)
    await here.store.withdraw_number("T1", gone, Withdrawal.REMOVED, now=here.clock())
    here.clock.move(MINUTE)
    new = await here.says("UBEN")
    assert isinstance(await digest(here), Sent)
    (said,) = here.room.said()
    assert [new] == numbers_in(said.message)


async def test_when_all_was_withdrawn_and_nothing_is_new_there_is_nothing(here: Stage) -> None:
    """No digest is made of nothing, and none stays claimed."""
    gone = await here.says("UROSA")
    here.room.posting.extend([Fault.DROPPED, Fault.DROPPED])
    assert isinstance(await digest(here), InDoubt)
    here.clock.move(MINUTE)
    assert isinstance(await digest(here), InDoubt)
    await here.store.withdraw_number("T1", gone, Withdrawal.REMOVED, now=here.clock())
    here.clock.move(MINUTE)
    assert NothingToPost() == await digest(here)
    await here.says("UBEN")
    assert isinstance(await digest(here), Sent)


async def test_a_store_that_fails_after_the_post_is_told_and_healed(here: Stage) -> None:
    """It stands in the channel but could not be noted: the next attempt finds and notes it."""
    await here.says("UROSA")
    impatient = await staged(here.path, here.room, here.clock, here.real, patience=0.05)
    lock = sqlite3.connect(here.path, isolation_level=None)
    here.room.after_post = lambda: lock.execute("begin immediate")
    try:
        came = await digest(impatient)
    finally:
        here.room.after_post = lambda: None
        lock.close()
        await impatient.store.close()
    assert isinstance(came, InDoubt)
    assert came.why.startswith("It is posted, but could not be noted.")
    assert isinstance(await digest(here), InDoubt)
    here.clock.move(2 * MINUTE)
    assert SentBefore(here.room.said()[0].ts) == await digest(here)
    assert 1 == len(here.room.said())


async def test_a_crash_while_asking_whether_there_is_anything_leaves_no_trace(
    here: Stage,
) -> None:
    """An empty claim of a process that died does not keep later ideas away."""
    channel, at = await here.channel(), here.clock()
    await take(
        here.store, "T1", "C1", DIGEST, "2026-W48", at=at, now=at, lease=timedelta(minutes=2)
    )
    await here.says("UROSA")
    assert isinstance(await digest(here), InDoubt)
    here.clock.move(2 * MINUTE)
    assert isinstance(await here.weekly.post(DIGEST, channel, here.clock()), Sent)


async def test_a_restored_backup_posts_nothing_twice_when_it_is_late(here: Stage) -> None:
    """A store that forgot a post looks through the channel before a late first attempt."""
    await here.says("UROSA")
    await here.store.backup(here.path.with_name("backup.db"))
    assert isinstance(await digest(here), Sent)
    here.clock.move(timedelta(days=1))
    restored = await staged(here.path.with_name("backup.db"), here.room, here.clock, here.real)
    try:
        channel = await restored.channel()
        came = await restored.weekly.post(DIGEST, channel, here.clock(), late=True)
    finally:
        await restored.store.close()
    assert SentBefore(here.room.said()[0].ts) == came


@pytest.mark.parametrize(
    ("fault", "expected"), [(Fault.REFUSED, Sent), (Fault.AWAY, InDoubt), (Fault.NONE, Sent)]
)
async def test_a_late_first_attempt_is_not_silenced_by_a_chat_that_cannot_be_searched(
    here: Stage, fault: Fault, expected: type[Posting]
) -> None:
    """Nothing says that it was posted, so a look-up that is refused is no reason not to."""
    await here.says("UROSA")
    here.room.finding.append(fault)
    came = await here.weekly.post(DIGEST, await here.channel(), here.clock(), late=True)
    assert isinstance(came, expected)
    assert isinstance(await digest(here), Sent | SentBefore)
    assert 1 == len(here.room.said())


@pytest.mark.parametrize("behind", [timedelta(days=300), timedelta(days=-300)])
async def test_in_a_rehearsal_leases_go_by_the_real_clock(
    tmp_path: Path, behind: timedelta
) -> None:
    """The rehearsal's clock stands still or elsewhere; what was posted by it is found."""
    clock = Hands(chicago("2026-11-24T10:00"))
    real = Hands(clock() + behind)
    here = await staged(tmp_path / "test.db", MemoryChat(clock), clock, real)
    try:
        await here.open_channel()
        await here.says("UROSA")
        here.room.posting.extend([Fault.LOST])
        assert isinstance(await digest(here), InDoubt)
        real.move(2 * MINUTE)
        assert SentBefore(here.room.said()[0].ts) == await digest(here)
        here.room.posting.append(Fault.DROPPED)
        assert isinstance(await prompt(here), InDoubt)
        clock.move(timedelta(hours=1))
        assert isinstance(await prompt(here), InDoubt)
        real.move(MINUTE)
        assert isinstance(await prompt(here), Sent)
    finally:
        await here.store.close()
