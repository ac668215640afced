"""Effects wait in the outbox, each once, and none is forgotten."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.core.model import Effect, NewJob, Source
from tests.storage.making import T0, at, draft, post, query

if TYPE_CHECKING:
    from storage import Store

JOB = NewJob(effect=Effect.MEMBER, key="U1")


async def test_nothing_waits(store: Store) -> None:
    """An empty outbox has no job and no due time."""
    assert None is await store.next_due()
    assert [] == await store.jobs(T0, effect=Effect.MARK, limit=5)


async def test_asked_twice(store: Store) -> None:
    """The same effect and key wait once, due at the earliest asking, with the last payload."""
    await store.enqueue("T1", NewJob(effect=Effect.MEMBER, key="U1", payload="a", after=9), now=T0)
    await store.enqueue("T1", NewJob(effect=Effect.MEMBER, key="U1", after=5), now=T0)
    await store.enqueue("T1", NewJob(effect=Effect.MEMBER, key="U1", after=7), now=T0)
    assert at(5) == await store.next_due()
    assert [] == await store.jobs(at(4.9), effect="member", limit=5)
    (job,) = await store.jobs(at(5), effect="member", limit=5)
    assert ("T1", Effect.MEMBER, "U1", "a", 0, 2) == (
        job.workspace,
        job.effect,
        job.key,
        job.payload,
        job.attempts,
        job.version,
    )
    await store.enqueue("T2", JOB, now=T0)
    assert 2 == len(await store.jobs(at(5), effect="member", limit=5))


async def test_oldest_first(store: Store) -> None:
    """Jobs of one effect come by due time, as many as are wanted."""
    for key, after in (("c", 3.0), ("a", 1.0), ("b", 2.0), ("d", 99.0)):
        await store.enqueue("T1", NewJob(effect=Effect.MARK, key=key, after=after), now=T0)
    assert ["a", "b"] == [job.key for job in await store.jobs(at(9), effect="mark", limit=2)]
    assert ["a", "b", "c"] == [job.key for job in await store.jobs(at(9), effect="mark", limit=9)]


async def test_asked_again_while_it_runs(store: Store) -> None:
    """A job asked for again while it runs is not forgotten when it is done."""
    await store.enqueue("T1", JOB, now=T0)
    (job,) = await store.jobs(T0, effect="member", limit=5)
    await store.enqueue("T1", JOB, now=T0)
    await store.done(job)
    (again,) = await store.jobs(T0, effect="member", limit=5)
    await store.done(again)
    assert [] == await store.jobs(T0, effect="member", limit=5)


async def test_postponed(store: Store) -> None:
    """A postponed job waits, counts its attempts and keeps the error."""
    await store.enqueue("T1", JOB, now=T0)
    (job,) = await store.jobs(T0, effect="member", limit=5)
    await store.postpone(job, due=at(60), error="rate\0limited")
    assert [] == await store.jobs(at(59), effect="member", limit=5)
    (again,) = await store.jobs(at(60), effect="member", limit=5)
    assert 1 == again.attempts
    assert [("ratelimited",)] == query(store, "select error from outbox")
    await store.done(again)
    assert None is await store.next_due()


async def test_postponed_after_it_was_asked_again(store: Store) -> None:
    """Somebody who asked meanwhile does not wait for the postponed time."""
    await store.enqueue("T1", JOB, now=T0)
    (job,) = await store.jobs(T0, effect="member", limit=5)
    await store.enqueue("T1", JOB, now=at(1))
    await store.postpone(job, due=at(600), error="x")
    assert T0 == await store.next_due()


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
