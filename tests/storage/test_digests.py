"""A digest's later messages, what stands beside its ideas, trials, and the look ahead: on disk."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.model.deliveries import Claim, ClaimUnavailable, DeliveryKind, Extra
from bot.core.model.ideas import Kind, Source, Trial, TrialOutcome, Withdrawal
from bot.core.model.posts import Place
from storage import Store
from tests.storage.making import at, draft, job_names, keep, person, post, query, take

DIGEST = DeliveryKind.DIGEST
LEASE = timedelta(minutes=2)
WEEK = "2026-W48"


async def got(
    store: Store,
    *ideas: int,
    now: float = 0,
    later: Sequence[Sequence[int]] = (),
    extras: tuple[tuple[Extra, str], ...] = (),
) -> Claim | ClaimUnavailable:
    return await take(
        store,
        "T1",
        "C1",
        DIGEST,
        WEEK,
        at=at(0),
        now=at(now),
        lease=LEASE,
        ideas=ideas,
        later=later,
        extras=extras,
    )


async def claim(
    store: Store,
    *ideas: int,
    now: float = 0,
    later: Sequence[Sequence[int]] = (),
    extras: tuple[tuple[Extra, str], ...] = (),
) -> Claim:
    claimed = await got(store, *ideas, now=now, later=later, extras=extras)
    assert isinstance(claimed, Claim)
    return claimed


async def divided(store: Store) -> list[int]:
    """Three ideas: one in the first message, one in each of two replies; the first is sent."""
    ids = [(await keep(store, n, f"We open the makerspace at {n} every day")).id for n in range(3)]
    first = await claim(store, ids[0], later=[[ids[1]], [ids[2]]])
    assert (0, "", ((ids[0],), (ids[1],), (ids[2],))) == (
        first.part,
        first.thread,
        first.plan.parts,
    )
    await store.sent(first, "9.1", now=at(1))
    return ids


def digested(store: Store) -> list[int]:
    return [n for (n,) in query(store, "select number from idea where digested = ?", WEEK)]


# -- later messages ---------------------------------------------------------------------------


async def test_parts_are_claimed_in_order_and_use_up_their_own_ideas(store: Store) -> None:
    """What a later message carries is free until that message stands there."""
    ids = await divided(store)
    assert [1] == digested(store)
    first = await claim(store)
    assert (1, 3, "9.1", 1, (ids[1],)) == (
        first.part,
        len(first.plan.parts),
        first.thread,
        first.attempt,
        first.plan.parts[first.part],
    )
    assert f"digest:C1:{WEEK}:1" == first.delivery.key(1)
    assert ClaimUnavailable(sent=False, until=at(120)) == await got(store, now=1)
    await store.sent(first, "9.2", now=at(2))
    assert [1, 2] == digested(store)
    second = await claim(store, now=2)
    assert 2 == second.part
    await store.sent(second, "9.3", now=at(3))
    assert [1, 2, 3] == digested(store)
    assert ClaimUnavailable(sent=True, ts="9.1") == await got(store, now=4)
    assert [] == list(await store.unfinished("T1", "C1", DIGEST))


async def test_a_part_whose_lease_ran_out_is_taken_over(store: Store) -> None:
    """The second attempt knows that it is one, and since when to look; the late first is void."""
    await divided(store)
    first = await claim(store)
    second = await claim(store, now=121)
    assert (2, at(0)) == (second.attempt, second.claimed_at)
    await store.doubt(first, until=at(999))
    await store.release(first)
    await store.drop(first)
    assert ClaimUnavailable(sent=False, until=at(241)) == await got(store, now=122)


async def test_a_doubtful_part_waits_and_a_released_one_does_not(store: Store) -> None:
    """In doubt nobody posts before; released, it is as if never claimed."""
    await divided(store)
    first = await claim(store)
    await store.doubt(first, until=at(60))
    assert ClaimUnavailable(sent=False, until=at(60), doubtful=first) == await got(store, now=59)
    second = await claim(store, now=60)
    assert 2 == second.attempt
    await store.sent(second, "9.2", now=at(61))
    other = await claim(store, now=62)
    await store.release(other)
    assert 1 == (await claim(store, now=63)).attempt


async def test_a_dropped_part_frees_its_ideas(store: Store) -> None:
    """The next digest carries them."""
    ids = await divided(store)
    await store.drop(await claim(store))
    left = await claim(store)
    assert (2, ((ids[0],), (), (ids[2],))) == (left.part, left.plan.parts)
    fresh = await store.fresh("T1", "C1", at=at(9), oldest=timedelta(weeks=8))
    assert ids[1:] == [idea.id for idea in fresh]


async def test_what_is_unfinished_is_known_by_its_week(store: Store) -> None:
    """Only what was sent can be unfinished: a claim alone owes nothing."""
    one = await keep(store, 0)
    first = await claim(store, later=[[one.id]])
    assert [] == list(await store.unfinished("T1", "C1", DIGEST))
    await store.sent(first, "9.1", now=at(1))
    assert [WEEK] == list(await store.unfinished("T1", "C1", DIGEST))


async def test_the_first_division_is_the_one_that_counts(store: Store) -> None:
    """A second attempt has the messages of the first, whatever it would have planned."""
    one, two = await keep(store, 0), await keep(store, 1, "Another idea of five words or more")
    await claim(store, one.id, later=[[two.id]])
    again = await claim(store, two.id, one.id, now=200)
    assert (2, ((one.id,), (two.id,))) == (again.attempt, again.plan.parts)


async def test_a_released_claim_takes_its_parts_and_extras_along(store: Store) -> None:
    """As if never taken."""
    one = await keep(store, 0)
    first = await claim(store, later=[[one.id]], extras=((Extra.INVITATION, "LIT"),))
    await store.release(first)
    for table in ("delivery_extra", "delivery_idea", "delivery"):
        assert [] == query(store, f"select 1 from {table}")
    assert 1 == len((await claim(store)).plan.parts)


async def test_a_post_found_over_an_older_copy_counts_as_whole(store: Store) -> None:
    """What was posted before it is used up; no part is owed."""
    one, two = await keep(store, 0), await keep(store, 50, "Another idea of five words or more")
    first = await claim(store, later=[[one.id], [two.id]])
    await store.sent(first, "9.1", now=at(60), until=at(40))
    assert [1] == digested(store)
    assert ClaimUnavailable(sent=True, ts="9.1") == await got(store)


# -- what stands beside -----------------------------------------------------------------------


async def test_a_second_attempt_has_the_extras_of_the_first(store: Store) -> None:
    """In their order, whatever the second attempt would have chosen."""
    one = await keep(store, 0)
    chosen = ((Extra.TRIAL, "7"), (Extra.QUESTION, "3"), (Extra.INVITATION, "LIT"))
    assert chosen == (await claim(store, one.id, extras=chosen)).plan.extras
    again = await got(store, now=200)
    assert isinstance(again, Claim)
    assert chosen == again.plan.extras


async def test_a_question_is_open_until_somebody_replies(store: Store) -> None:
    """It must have stood in a digest, be young enough, not left out, and in this channel."""
    asked = await keep(store, 0, "Who has run a mock Newbery?", kind=Kind.QUESTION)
    question = Extra.QUESTION
    args = {"since": at(-9), "until": at(9)}
    assert await store.to_repeat("T1", "C1", question, **args) is None
    await store.sent(await claim(store, asked.id), "9.1", now=at(1))
    found = await store.to_repeat("T1", "C1", question, **args)
    assert found is not None
    assert asked.id == found.id
    assert await store.to_repeat("T1", "C2", question, **args) is None
    assert await store.to_repeat("T1", "C1", question, since=at(1), until=at(9)) is None
    await store.leave_out(asked.id, "UJOAN", now=at(2))
    assert await store.to_repeat("T1", "C1", question, **args) is None


async def test_an_idea_of_a_stretch_of_time_is_found(store: Store) -> None:
    """From its beginning to before its end, questions and other channels apart."""
    await keep(store, 0, "Who has run a mock Newbery?", kind=Kind.QUESTION)
    one = await keep(store, 5)
    found = await store.to_repeat("T1", "C1", Extra.EARLIER, since=at(0), until=at(6))
    assert found is not None
    assert one.id == found.id
    for since, until in ((0, 5), (6, 9)):
        assert (
            await store.to_repeat("T1", "C1", Extra.EARLIER, since=at(since), until=at(until))
            is None
        )


# -- trials -----------------------------------------------------------------------------------


def trial(
    idea_id: int, member: str = "U2", came: TrialOutcome = TrialOutcome.WORKED, seconds: float = 5
) -> Trial:
    return Trial(
        workspace="T1",
        idea_id=idea_id,
        member_id=member,
        came=came,
        words="It went\0 well.",
        tried_at=at(seconds),
    )


async def test_a_trial_is_kept_with_the_name_of_that_day(store: Store) -> None:
    """Name and school are frozen; the idea counts it; its author is to hear of it."""
    one = await keep(store, 0)
    await store.remember_member("T1", person("U2", "Ben Okafor"), now=at(1))
    got = await store.add_trial(trial(one.id))
    assert got is not None
    assert ("Ben Okafor", "It went well.") == (got.name, got.words)
    await store.remember_member("T1", person("U2", "Ben O."), now=at(9))
    assert got == await store.trial_by_id(got.id)
    idea = await store.idea_by_id(one.id)
    assert idea is not None
    assert 1 == idea.tried
    assert ("tried", str(got.id)) in job_names(store)
    assert await store.trial_by_id(99) is None


async def test_one_member_tries_an_idea_once(store: Store) -> None:
    """Told again, the new words take the place of the old; others count beside it."""
    one = await keep(store, 0)
    first = await store.add_trial(trial(one.id))
    again = await store.add_trial(trial(one.id, came=TrialOutcome.FAILED))
    await store.add_trial(trial(one.id, "U3"))
    assert first is not None
    assert again is not None
    assert (first.id, TrialOutcome.FAILED) == (again.id, again.came)
    idea = await store.idea_by_id(one.id)
    assert idea is not None
    assert 2 == idea.tried


async def test_a_name_that_comes_later_is_shown(store: Store) -> None:
    """Who tried may be somebody never looked up; their title comes with the name."""
    one = await keep(store, 0)
    got = await store.add_trial(trial(one.id))
    assert got is not None
    assert ("", "") == (got.name, got.title)
    ben = replace(person("U2", "Ben Okafor"), title="Librarian, K-8")
    await store.remember_member("T1", ben, now=at(9))
    later = await store.trial_by_id(got.id)
    assert later is not None
    assert ("Ben Okafor", "Librarian, K-8") == (later.name, later.title)


@pytest.mark.parametrize("workspace", ["T1", "T2"])
async def test_what_is_not_kept_cannot_be_tried(store: Store, workspace: str) -> None:
    """A withdrawn idea, an unknown one, one of another workspace: nothing is written."""
    one = await keep(store, 0)
    if workspace == "T1":
        await store.withdraw_number("T1", 1, Withdrawal.REMOVED, now=at(1))
    tried = replace(trial(one.id), workspace=workspace)
    assert await store.add_trial(tried) is None
    assert await store.add_trial(replace(tried, idea_id=99)) is None
    assert [] == query(store, "select 1 from trial")


async def test_trials_are_fresh_until_a_digest_has_them(store: Store) -> None:
    """Of this channel, told by then, not older than asked."""
    one = await keep(store, 0)
    got = await store.add_trial(trial(one.id))
    assert got is not None
    day = timedelta(days=1)
    assert [got] == list(await store.fresh_trials("T1", "C1", at=at(9), oldest=day))
    assert [] == list(await store.fresh_trials("T1", "C2", at=at(9), oldest=day))
    assert [] == list(await store.fresh_trials("T1", "C1", at=at(4), oldest=day))
    late = at(9) + 2 * day
    assert [] == list(await store.fresh_trials("T1", "C1", at=late, oldest=day))
    extras = ((Extra.INVITATION, "LIT"), (Extra.TRIAL, str(got.id)))
    await store.sent(await claim(store, one.id, extras=extras), "9.1", now=at(9))
    assert [] == list(await store.fresh_trials("T1", "C1", at=at(9), oldest=day))
    assert 1 == await store.digests_sent("T1", "C1")


async def test_a_withdrawal_for_good_takes_the_trials_along(store: Store) -> None:
    """Crossed, they wait, and count again when the idea is back; removed, they are gone."""
    one = await keep(store, 0)
    await store.add_trial(trial(one.id))
    where = Place("T1", "C1", post(0).place.ts)
    await store.withdraw(where, Withdrawal.CROSSED, now=at(6))
    await store.restore(post(0), draft(), source=Source.POST, now=at(7))
    idea = await store.idea_by_id(one.id)
    assert idea is not None
    assert 1 == idea.tried
    await store.withdraw(where, Withdrawal.DELETED, now=at(8))
    assert [] == query(store, "select 1 from trial")
    assert () == await store.check()


# -- the component by hand --------------------------------------------------------------------


async def test_components_by_hand_survive_edits(store: Store) -> None:
    """An edit changes the words and leaves what somebody chose."""
    await keep(store, 0, components=("LIT", "PART"))
    changed = await store.set_components("T1", 1, ("LEAD", "LEAD"), framework="2")
    assert changed is not None
    assert ("LEAD",) == changed.components
    edited = replace(post(0), edited="1700000000.5")
    await store.change(edited, draft("Other words", components=("LIT",)), fits=True, now=at(3))
    idea = await store.idea_by_id(changed.id)
    assert idea is not None
    assert (("LEAD",), "Other words") == (idea.components, idea.text)
    assert [("LEAD",)] == query(store, "select component from idea_component")


async def test_what_is_not_kept_has_no_component(store: Store) -> None:
    """An unknown number, a withdrawn idea."""
    assert await store.set_components("T1", 1, ("LIT",), framework="2") is None
    await keep(store, 0)
    await store.withdraw_number("T1", 1, Withdrawal.REMOVED, now=at(1))
    assert await store.set_components("T1", 1, ("LIT",), framework="2") is None


# -- the look ahead ---------------------------------------------------------------------------


async def test_a_week_is_skipped_until_somebody_takes_that_back(store: Store) -> None:
    """The first to skip it is named; another week and another channel have their own."""
    await keep(store, 0)
    for member in ("UBEN", "UJOAN"):
        await store.skip("T1", "C1", WEEK, member, now=at(1))
    assert "UBEN" == await store.skipped_by("T1", "C1", WEEK)
    assert "" == await store.skipped_by("T1", "C1", "2026-W49")
    await store.skip("T1", "C1", WEEK, "UJOAN", back=True, now=at(3))
    assert "" == await store.skipped_by("T1", "C1", WEEK)
    assert "" == await store.skipped_by("T1", "C2", WEEK)


async def test_a_channel_refuses_until_it_accepts(store: Store) -> None:
    """Since the first refusal; after something could be posted, the next one is the first."""
    await keep(store, 0)
    assert at(1) == await store.set_refusing("T1", "C1", since=at(1))
    assert at(1) == await store.set_refusing("T1", "C1", since=at(2))
    known = await store.channel("T1", "C1")
    assert known is not None
    assert at(1) == known.refused_since
    await store.set_refusing("T1", "C1", since=None)
    assert at(3) == await store.set_refusing("T1", "C1", since=at(3))


async def test_whoever_invites_the_bot_again_is_welcomed_again(store: Store) -> None:
    """A welcome counts for as long as the bot stays in a channel; a digest counts for ever."""
    welcome = DeliveryKind.WELCOME
    times: dict[str, Any] = {"at": at(0), "now": at(0), "lease": LEASE}
    await store.saw_channel("T1", "C1", now=at(0))
    for kind in (welcome, DIGEST):
        claimed = await take(store, "T1", "C1", kind, "", **times)
        assert isinstance(claimed, Claim)
        await store.sent(claimed, "9.1", now=at(1))
    await store.saw_channel("T1", "C1", now=at(2), member=False)
    assert isinstance(await take(store, "T1", "C1", welcome, "", **times), Claim)
    assert ClaimUnavailable(sent=True, ts="9.1") == await take(
        store, "T1", "C1", DIGEST, "", **times
    )


async def test_everything_is_emptied_with_the_rest(store: Store) -> None:
    """A store of samples that begins anew keeps nothing of this."""
    one = await keep(store, 0)
    await store.add_trial(trial(one.id))
    await store.leave_out(one.id, "UJOAN", now=at(1))
    await store.skip("T1", "C1", WEEK, "UJOAN", now=at(2))
    await claim(store, later=[[one.id]], extras=((Extra.INVITATION, "LIT"),))
    await store.wipe()
    for table in ("trial", "left_out", "skipped_digest", "delivery", "delivery_extra"):
        assert [] == query(store, f"select 1 from {table}"), table


async def test_a_channel_that_moves_takes_its_parts_along(store: Store) -> None:
    """Under its new id the next part is claimed, and the skipped week stays skipped."""
    ids = await divided(store)
    await store.skip("T1", "C1", WEEK, "UJOAN", now=at(1))
    assert await store.move_channel("T1", "C1", "C2", now=at(2))
    assert "UJOAN" == await store.skipped_by("T1", "C2", WEEK)
    moved = await take(store, "T1", "C2", DIGEST, WEEK, at=at(3), now=at(3), lease=LEASE)
    assert isinstance(moved, Claim)
    assert (1, 3, "9.1", (ids[1],)) == (
        moved.part,
        len(moved.plan.parts),
        moved.thread,
        moved.plan.parts[moved.part],
    )
    assert () == await store.check()
