"""Claims, what was sent, what is due and what is fresh."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.model.deliveries import Claim, ClaimUnavailable, DeliveryKind
from bot.core.model.ideas import Source, Withdrawal
from bot.core.model.posts import Place
from storage import Store, open_store
from tests.storage.making import T0, at, draft, keep, place, post, query, stamp_of, take

LEASE = timedelta(minutes=5)
WEEKS = timedelta(weeks=8)
SOON = at(9)


async def claim(store: Store, now: float = 0, **more: Any) -> Claim | ClaimUnavailable:
    more.setdefault("kind", DeliveryKind.DIGEST)
    more.setdefault("period", "2026-W48")
    return await take(
        store,
        "T1",
        more.pop("channel", "C1"),
        more.pop("kind"),
        more.pop("period"),
        at=more.pop("at", at(now)),
        now=at(now),
        lease=LEASE,
        **more,
    )


async def claimed(store: Store, now: float = 0, **more: Any) -> Claim:
    got = await claim(store, now, **more)
    assert isinstance(got, Claim), got
    return got


async def fresh(store: Store, when: datetime = SOON) -> list[int]:
    return [idea.number for idea in await store.fresh("T1", "C1", at=when, oldest=WEEKS)]


async def test_one_of_many(store: Store) -> None:
    """Of twenty callers at once one gets the claim, the others hear until when it is held."""
    got = await asyncio.gather(*[claim(store) for _ in range(20)])
    assert 1 == sum(isinstance(one, Claim) for one in got)
    assert 19 == got.count(ClaimUnavailable(sent=False, until=at(300)))
    other = await claimed(store, period="2026-W49")
    assert "digest:C1:2026-W49" == other.delivery.key(0)
    await claimed(store, kind=DeliveryKind.PROMPT)
    await claimed(store, channel="C2")


async def test_taken_over_after_the_clock_went_back(store: Store) -> None:
    """A lease that ends later than any can was given by a clock that was ahead."""
    await claimed(store, now=86_400)
    assert 2 == (await claimed(store, now=0)).attempt


async def test_taken_over(store: Store) -> None:
    """After the lease ran out the next one gets what the first had planned."""
    for n in range(3):
        await keep(store, n)
    first = await claimed(store, 10, ideas=(3, 1), prompt_id="p", prompt_text="Why?\0")
    assert (1, (3, 1), "p", "Why?") == (
        first.attempt,
        first.plan.parts[0],
        first.plan.prompt_id,
        first.plan.prompt_text,
    )
    assert ClaimUnavailable(sent=False, until=at(310)) == await claim(store, 309.9)
    second = await claimed(store, 310, ideas=(2,), prompt_id="q", prompt_text="Who?")
    assert (2, (3, 1), "p", "Why?", at(10), at(10)) == (
        second.attempt,
        second.plan.parts[0],
        second.plan.prompt_id,
        second.plan.prompt_text,
        second.delivery.at,
        second.claimed_at,
    )


async def test_sent(store: Store) -> None:
    """What was sent stays sent, and its ideas are used up only then."""
    for n in range(3):
        await keep(store, n)
    first = await claimed(store, 5, ideas=(1, 3))
    assert [1, 2, 3] == await fresh(store)
    await store.sent(first, "77.7", now=at(6))
    assert [2] == await fresh(store)
    assert ClaimUnavailable(sent=True, ts="77.7") == await claim(store, 9_999)
    await store.sent(first, "88.8", now=at(7))
    await store.release(first)
    await store.doubt(first, until=at(99))
    assert ClaimUnavailable(sent=True, ts="77.7") == await claim(store, 9_999)
    found = await store.delivery_at(Place("T1", "C1", "77.7"))
    assert (DeliveryKind.DIGEST, "") == found
    assert None is await store.delivery_at(place(0))


async def test_in_doubt(store: Store) -> None:
    """In doubt, nobody posts before the time is up; anyone may look."""
    first = await claimed(store)
    await store.doubt(first, until=at(900))
    assert ClaimUnavailable(sent=False, until=at(900), doubtful=first) == await claim(store, 899)
    second = await claimed(store, 900)
    assert 2 == second.attempt
    await store.doubt(first, until=at(5000))
    assert ClaimUnavailable(sent=False, until=at(1200)) == await claim(store, 901)


async def test_found_by_a_looker(store: Store) -> None:
    """A message found by somebody who only looked is recorded without a claim of their own."""
    first = await claimed(store)
    await store.doubt(first, until=at(900))
    await store.sent(first, "77.7", now=at(5))
    assert ClaimUnavailable(sent=True, ts="77.7") == await claim(store, 6)


async def test_released(store: Store) -> None:
    """A released claim is as if never taken: the next one plans anew."""
    await keep(store)
    await store.release(await claimed(store, ideas=(1,)))
    again = await claimed(store, 1, ideas=())
    assert (1, ()) == (again.attempt, again.plan.parts[0])
    assert [] == query(store, "select * from delivery_idea")


async def test_released_too_late(store: Store) -> None:
    """Whoever lost the claim cannot give back somebody else's."""
    first = await claimed(store)
    second = await claimed(store, 300)
    await store.release(first)
    assert ClaimUnavailable(sent=False, until=at(600)) == await claim(store, 301)
    await store.release(second)
    assert 1 == (await claimed(store, 302)).attempt


async def test_late_word_of_the_first(store: Store) -> None:
    """A message posted by an attempt that had lost the claim counts all the same."""
    first = await claimed(store)
    await claimed(store, 300)
    await store.sent(first, "77.7", now=at(301))
    assert ClaimUnavailable(sent=True, ts="77.7") == await claim(store, 302)


async def test_fresh(store: Store) -> None:
    """Fresh is what was posted in time, in this channel, stands there and is not withdrawn."""
    old = -WEEKS.total_seconds()
    for n in (old - 1, old, 0, 1, 2):
        await keep(store, n)
    await keep(store, 3, channel="C2")
    await keep(store, 4, workspace="T2")
    await store.withdraw(place(1), Withdrawal.CROSSED, now=T0)
    unposted = replace(post(0), place=Place("T1", "C1", ""))
    await store.share(unposted, draft("shared"), source=Source.FORM, now=T0)
    assert [2, 3] == await fresh(store, T0)
    assert [3, 5] == await fresh(store, at(2))


async def test_recent_prompts(store: Store) -> None:
    """Prompts that were sent, or may have been, come latest first."""
    for week, prompt in ((40, "a"), (41, "b"), (42, "c"), (43, "d")):
        got = await claimed(
            store,
            week,
            kind=DeliveryKind.PROMPT,
            period=f"2026-W{week}",
            prompt_id=prompt,
            prompt_text=prompt,
        )
        if prompt == "c":
            await store.doubt(got, until=at(999))
        elif prompt != "d":
            await store.sent(got, stamp_of(at(week)), now=at(week))
    assert ["c", "b", "a"] == await store.recent_prompts("T1", "C1", 9)
    assert ["c", "b"] == await store.recent_prompts("T1", "C1", 2)
    assert [] == await store.recent_prompts("T1", "C2", 9)
    assert (DeliveryKind.PROMPT, "b") == await store.delivery_at(place(41))


async def test_two_programs(store: Store, url: str) -> None:
    """Two open stores on one file, one claim."""
    other = open_store(url)
    try:
        got = await asyncio.gather(*[claim(one) for one in (store, other) for _ in range(10)])
        assert 1 == sum(isinstance(one, Claim) for one in got)
    finally:
        await other.close()
