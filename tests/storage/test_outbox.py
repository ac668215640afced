"""Effects wait in the outbox, each once, and none is forgotten."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from bot.core.model.ideas import Source
from bot.core.model.work import Effect, NewJob
from storage import Store
from tests.storage.making import T0, at, draft, jobs_of, post, query

JOB = NewJob(effect=Effect.MEMBER, key="U1")


async def test_nothing_waits(store: Store) -> None:
    """An empty outbox has no job and no due time."""
    assert None is await store.next_due()
    assert [] == await jobs_of(store, T0, Effect.MARK, 5)


async def test_asked_twice(store: Store) -> None:
    """The same effect, channel and key wait once, due the earliest, with the last payload."""
    await store.enqueue("T1", replace(JOB, payload={"a": 1}, after=9), now=T0)
    await store.enqueue("T1", NewJob(effect=Effect.MEMBER, key="U1", after=5), now=T0)
    await store.enqueue("T1", NewJob(effect=Effect.MEMBER, key="U1", after=7), now=T0)
    assert at(5) == await store.next_due()
    assert [] == await jobs_of(store, at(4.9), Effect.MEMBER, 5)
    (job,) = await jobs_of(store, at(5), Effect.MEMBER, 5)
    assert ("T1", Effect.MEMBER, "U1", {"a": 1}, 0, 2) == (
        job.workspace,
        job.effect,
        job.key,
        job.payload,
        job.attempts,
        job.version,
    )
    await store.enqueue("T2", JOB, now=T0)
    assert 2 == len(await jobs_of(store, at(5), Effect.MEMBER, 5))


async def test_oldest_first(store: Store) -> None:
    """Jobs of one effect come by due time, as many as are wanted."""
    for key, after in (("c", 3.0), ("a", 1.0), ("b", 2.0), ("d", 99.0)):
        await store.enqueue("T1", NewJob(effect=Effect.MARK, key=key, after=after), now=T0)
    assert ["a", "b"] == [job.key for job in await jobs_of(store, at(9), Effect.MARK, 2)]
    assert ["a", "b", "c"] == [job.key for job in await jobs_of(store, at(9), Effect.MARK, 9)]


async def test_asked_again_while_it_runs(store: Store) -> None:
    """A job asked for again while it runs is not forgotten when it is done."""
    await store.enqueue("T1", JOB, now=T0)
    (job,) = await jobs_of(store, T0, Effect.MEMBER, 5)
    await store.enqueue("T1", JOB, now=T0)
    await store.done(job)
    (again,) = await jobs_of(store, T0, Effect.MEMBER, 5)
    await store.done(again)
    assert [] == await jobs_of(store, T0, Effect.MEMBER, 5)


async def test_postponed(store: Store) -> None:
    """A postponed job waits, counts its attempts and keeps the error."""
    await store.enqueue("T1", JOB, now=T0)
    (job,) = await jobs_of(store, T0, Effect.MEMBER, 5)
    await store.postpone(job, due=at(60), error="rate\0limited", now=T0)
    assert [] == await jobs_of(store, at(59), Effect.MEMBER, 5)
    (again,) = await jobs_of(store, at(60), Effect.MEMBER, 5)
    assert 1 == again.attempts
    assert [("ratelimited",)] == query(store, "select error from outbox")
    await store.done(again)
    assert None is await store.next_due()


async def test_postponed_after_it_was_asked_again(store: Store) -> None:
    """Somebody who asked meanwhile does not wait for the postponed time."""
    await store.enqueue("T1", JOB, now=T0)
    (job,) = await jobs_of(store, T0, Effect.MEMBER, 5)
    await store.enqueue("T1", JOB, now=at(1))
    await store.postpone(job, due=at(600), error="x", now=at(1))
    assert T0 == await store.next_due()


@pytest.mark.parametrize(
    ("shown", "due"), [(at(-86_400), True), (at(-1), True), (at(0), False), (at(59), False)]
)
async def test_put_off_by_a_clock_that_went_back(
    store: Store,
    shown: datetime,
    due: bool,  # noqa: FBT001
) -> None:
    """A job that was put off at a time still to come does not wait for a time that never was."""
    await store.enqueue("T1", JOB, now=at(-172_800))
    (job,) = await jobs_of(store, T0, Effect.MEMBER, 5)
    await store.postpone(job, due=at(60), error="x", now=T0)
    assert due == bool(await jobs_of(store, shown, Effect.MEMBER, 5))


@pytest.mark.parametrize("after", [0.0, 60.0])
async def test_queued_by_a_clock_that_went_back(store: Store, after: float) -> None:
    """Nor does one that was queued at a time still to come; else it waits as long as was asked."""
    await store.enqueue("T1", NewJob(effect=Effect.MEMBER, key="U1", after=after), now=T0)
    assert 1 == len(await jobs_of(store, at(-1), Effect.MEMBER, 5))
    assert (after == 0) == bool(await jobs_of(store, T0, Effect.MEMBER, 5))


async def test_asked_again_after_the_clock_went_back(store: Store) -> None:
    """A job that is asked for again waits as the clock has it then."""
    await store.enqueue("T1", JOB, now=at(86_400))
    later = NewJob(effect=Effect.MEMBER, key="U1", after=60)
    await store.enqueue("T1", later, now=T0)
    assert at(60) == await store.next_due()
    assert [] == await jobs_of(store, at(59), Effect.MEMBER, 5)


async def test_an_idea_kept_by_a_clock_that_went_back(store: Store) -> None:
    """What follows from an idea is done, though it was kept at a time still to come."""
    await store.add(post(0), draft(), source=Source.POST, now=at(86_400))
    assert 1 == len(await jobs_of(store, T0, Effect.MARK, 5))


async def test_wakes(store: Store) -> None:
    """Whoever drains the outbox is woken, in the loop, after a commit that queued jobs."""
    woken = asyncio.Event()
    thread: list[bool] = []

    def wake() -> None:
        thread.append(asyncio.get_running_loop() is loop)
        woken.set()

    loop = asyncio.get_running_loop()
    store.on_jobs(wake)
    await store.ping()
    assert not woken.is_set()
    await store.add(post(0), draft(), source=Source.POST, now=T0)
    async with asyncio.timeout(5):
        await woken.wait()
    assert [True] == thread


async def test_pauses(store: Store) -> None:
    """What is to be left alone is known to whoever opens the file next, by the latest word."""
    await store.pause("T1", "chat.postMessage", now=T0, until=at(3))
    await store.pause("T1", "chat.postMessage", now=at(1), until=at(60))
    await store.pause("T1", "users.info", now=T0, until=at(2))
    await store.pause("T2", "users.info", now=T0, until=at(60))
    assert {"chat.postMessage": at(60)} == await store.pauses("T1", at(2))
    assert {} == await store.pauses("T1", at(60))


async def test_a_pause_of_a_clock_that_went_back_is_none(store: Store) -> None:
    """What was noted at a time still to come keeps nobody waiting."""
    await store.pause("T1", "chat.postMessage", now=at(86_400), until=at(86_403))
    assert {} == await store.pauses("T1", T0)
