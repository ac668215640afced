"""The outbox's worker, over a real store: when it goes to work."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.errors import ChatError, ChatUnavailableError
from bot.core.model.work import Effect, Job, NewJob
from bot.outbox import LOOK_ANYWAY, QUIET_PERIOD, Outbox
from storage import Store, open_store
from tests.storage.making import jobs_of

TEAM = "T0001"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'ideas.db'}")
    yield store
    await store.close()


@asynccontextmanager
async def draining(store: Store, run: Callable[[Job], Awaitable[None]]) -> AsyncIterator[Outbox]:
    outbox = Outbox(store, run, now)
    await outbox.start()
    try:
        yield outbox
    finally:
        await outbox.stop()


async def queue(store: Store, key: str, effect: Effect = Effect.MARK) -> None:
    await store.enqueue(TEAM, NewJob(effect=effect, key=key), now=now())


async def test_what_an_earlier_run_left_is_done_at_the_start(store: Store) -> None:
    """A job that was queued before the program started is done without a new one."""
    await queue(store, "1")
    done = asyncio.Event()

    async def run(_: Job) -> None:
        done.set()

    async with draining(store, run), asyncio.timeout(5):
        await done.wait()


async def test_jobs_are_done_although_events_never_cease(store: Store) -> None:
    """While new jobs pour in without a pause, the outbox rests, but not for ever."""
    done: set[str] = set()

    async def run(job: Job) -> None:
        done.add(job.key)

    async with draining(store, run) as outbox, asyncio.timeout(LOOK_ANYWAY / 2):
        await queue(store, "1")
        await queue(store, "2")
        while len(done) < 2:
            outbox.wake()  # as after a commit that queued jobs
            await asyncio.sleep(0)
        done.clear()
        await queue(store, "3")  # by now it has looked, and rests
        while not done:
            outbox.wake()
            await asyncio.sleep(0)


async def test_a_job_that_was_put_off_is_tried_when_it_is_due(store: Store) -> None:
    """After a wish to slow down, the job is tried again soon after the time Slack asked for."""
    tries: list[float] = []
    twice = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def run(_: Job) -> None:
        tries.append(loop.time())
        if len(tries) == 1:
            raise ChatUnavailableError("Slow down.", code="ratelimited", retry_after=0.5)
        twice.set()

    async with draining(store, run):
        await queue(store, "1")
        async with asyncio.timeout(LOOK_ANYWAY / 2):
            await twice.wait()
    assert 0.5 <= tries[1] - tries[0]


async def test_who_waits_hears_why_it_failed(store: Store) -> None:
    """A person who waits for a job is told at once what the platform refused."""

    async def run(_: Job) -> None:
        raise ChatError("No such channel.", code="channel_not_found")

    async with draining(store, run) as outbox:
        await queue(store, "7", Effect.PUBLISH)
        problem = await outbox.settle(Effect.PUBLISH, "7", timeout=5)
    assert problem is not None
    assert "channel_not_found" == problem.code


async def test_many_events_make_one_round(store: Store) -> None:
    """Jobs queued in one burst are taken up together, after the burst."""
    rounds: list[int] = []
    last = asyncio.Event()
    loop = asyncio.get_running_loop()
    queued_at = loop.time()
    waited: list[float] = []

    async def run(job: Job) -> None:
        rounds.append(int(job.key))
        waited.append(loop.time() - queued_at)
        if len(rounds) == 20:
            last.set()

    async with draining(store, run), asyncio.timeout(10):
        queued_at = loop.time()
        await asyncio.gather(*(queue(store, str(n)) for n in range(20)))
        await last.wait()
    assert list(range(20)) == rounds
    assert waited[0] >= QUIET_PERIOD


async def test_a_job_in_hand_ends_when_the_program_is_told_to_stop(store: Store) -> None:
    """What Slack was asked for is waited for and crossed out; no other job is begun."""
    begun, answer = asyncio.Event(), asyncio.Event()
    ended: list[str] = []

    async def run(job: Job) -> None:
        begun.set()
        await answer.wait()
        ended.append(job.key)

    outbox = Outbox(store, run, now)
    await outbox.start()
    await queue(store, "1")
    await queue(store, "2")
    async with asyncio.timeout(5):
        await begun.wait()
        stopping = asyncio.create_task(outbox.stop())
        for _ in range(10):
            await asyncio.sleep(0)
        assert not stopping.done()
        answer.set()
        await stopping
    assert ["1"] == ended
    assert ["2"] == [job.key for job in await jobs_of(store, now(), Effect.MARK, 9)]


async def test_a_job_that_hangs_does_not_keep_the_program(store: Store) -> None:
    """When the time that a job in hand may take is over, the program ends without it."""
    begun, never = asyncio.Event(), asyncio.Event()

    async def run(_: Job) -> None:
        begun.set()
        await never.wait()

    outbox = Outbox(store, run, now)
    await outbox.start()
    await queue(store, "1")
    async with asyncio.timeout(5):
        await begun.wait()
        await outbox.stop(grace=0.05)
    never.set()
    async with asyncio.timeout(5):
        while await store.next_due() is not None:  # noqa: ASYNC110  (it ends by itself)
            await asyncio.sleep(0.01)


async def test_the_first_note_waits_for_the_mark(store: Store) -> None:
    """It says whether the post has one; other effects go side by side."""
    told: list[str] = []
    done = asyncio.Event()

    async def run(job: Job) -> None:
        await store.jobs(now(), limit=1)  # others may begin meanwhile
        told.append(job.effect)
        if job.effect is Effect.FIRST:
            done.set()

    await queue(store, "1")
    await queue(store, "1", Effect.FIRST)
    async with draining(store, run), asyncio.timeout(5):
        await done.wait()
    assert ["mark", "first"] == told
