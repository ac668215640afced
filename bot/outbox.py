"""Drains the outbox: jobs of one effect in order, those of different effects side by side.

A slow effect holds up no other. What is posted in different channels goes side by side too, a few
channels at a time. Taking in comes first: while events pour in, no job is begun, but not for long.
"""

import asyncio
import contextlib
import logging
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from bot.core.errors import (
    ChatError,
    ChatInDoubtError,
    ChatUnavailableError,
    StoreError,
    log_failure,
)
from bot.core.model.work import Effect, Job
from bot.core.ports import IdeaStore
from bot.tasks import Tasks

log = logging.getLogger(__name__)

AT_ONCE = 20
"""Jobs of each effect taken from the table in one reading."""

BY_CHANNEL = frozenset({Effect.PUBLISH, Effect.WELCOME, Effect.REREAD, Effect.WHOLE})
"""Effects whose jobs wait only for those of the same channel."""

BEHIND = {Effect.FIRST: Effect.MARK}
"""Effects whose jobs wait for those of another, as if they were of that: the note to the author
speaks of the mark."""

SIDE_BY_SIDE = 8
"""Channels in which jobs of one effect are done at the same time."""

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 3_600.0
"""Seconds between tries of a job that keeps failing: doubled each time, up to an hour."""

LOOK_ANYWAY = 30.0
"""Seconds after which the table is read although no job is known to be due."""

LOOK_SOONEST = 1.0
"""Seconds after which the table is read again at the earliest: another program may be doing the due
job, or new jobs keep pouring in."""

QUIET_PERIOD = 0.02
"""Seconds without a new job after which jobs are begun."""

_Queue = tuple[Effect, str]


@dataclass(slots=True)
class Outbox:
    """Runs due jobs until stopped.

    Args:
        run: does one job; see `Effects.run` for what its errors mean.
        on_result: told of each job's effect and what came of it, in one word.
        watched: looks after the task that reads the table, which must not die.
    """

    store: IdeaStore
    run: Callable[[Job], Awaitable[None]]
    now: Callable[[], datetime]
    on_result: Callable[[str, str], None] = lambda _effect, _result: None
    watched: Tasks = field(default_factory=Tasks)
    _reading: asyncio.Task[None] | None = None
    _running: dict[_Queue, asyncio.Task[None]] = field(default_factory=dict)
    """The jobs that are being done, by effect and channel."""
    _stopping: bool = False
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _latest: float = 0.0
    """When the latest new job came."""
    _waiting: list[tuple[Effect, str, asyncio.Future[ChatError | None]]] = field(
        default_factory=list
    )
    """Who waits for a job to be tried."""

    async def start(self) -> None:
        """Begin with whatever an earlier run left behind."""
        self._reading = self.watched.watch(asyncio.create_task(self._read(), name="outbox"))
        self.store.on_jobs(self.wake)

    async def stop(self, grace: float = 5.0) -> None:
        """Stop; a job in hand may end within *grace* seconds, the rest waits for the next start."""
        self.watched.ending = self._stopping = True
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading, *self._running.values()], timeout=grace)
            self._reading = None

    def wake(self) -> None:
        """There may be new jobs; they are begun as soon as no more come for a moment."""
        self._latest = asyncio.get_running_loop().time()
        self._woken.set()

    async def settle(self, effect: Effect, key: str, timeout: float = 1.5) -> ChatError | None:  # noqa: ASYNC109
        """Wait a moment for a job to be tried, and return why that failed, if it did."""
        future: asyncio.Future[ChatError | None] = asyncio.get_running_loop().create_future()
        waiting = effect, key, future
        self._waiting.append(waiting)
        self._woken.set()
        try:
            async with asyncio.timeout(timeout):
                return await future
        except TimeoutError:
            return None
        finally:
            self._waiting.remove(waiting)

    # -- reading the table --

    async def _read(self) -> None:
        while True:
            self._woken.clear()
            try:
                jobs = await self.store.jobs(self.now(), limit=AT_ONCE)
                self._begin(jobs)
                due, pause = await self.store.next_due(), LOOK_ANYWAY
                if due is not None:
                    pause = min(max((due - self.now()).total_seconds(), LOOK_SOONEST), pause)
            except StoreError as error:
                log.warning("the outbox cannot be read: %s", error)
                pause = LOOK_ANYWAY
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._woken.wait()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SOONEST):
                    await self._quiet()

    async def _quiet(self) -> None:
        """Wait until no new job has come for a moment, or somebody waits for one."""
        loop = asyncio.get_running_loop()
        while not self._waiting and loop.time() - self._latest < QUIET_PERIOD:  # noqa: ASYNC110
            await asyncio.sleep(QUIET_PERIOD / 4)

    def _begin(self, jobs: Sequence[Job]) -> None:
        """Begin what may be begun; the others are read again when something has ended."""
        queues: defaultdict[_Queue, list[Job]] = defaultdict(list)
        for job in jobs:
            channel = job.channel if job.effect in BY_CHANNEL else ""
            queues[BEHIND.get(job.effect, job.effect), channel].append(job)
        busy = Counter(effect for effect, _ in self._running)
        for queue, some in queues.items():
            if queue not in self._running and busy[queue[0]] < SIDE_BY_SIDE:
                busy[queue[0]] += 1
                self._running[queue] = asyncio.create_task(self._do_all(queue, some))

    async def _do_all(self, queue: _Queue, jobs: Sequence[Job]) -> None:
        """Do jobs in order; when told to stop, finish the job in hand first."""
        try:
            for job in jobs:
                if self._stopping:
                    return
                await self._do(job)
        finally:
            del self._running[queue]
            self._woken.set()

    # -- one job --

    async def _do(self, job: Job) -> None:
        problem: ChatError | None = None
        result = "done"
        try:
            try:
                await self.run(job)
            except (ChatUnavailableError, ChatInDoubtError) as error:
                problem, result = error, "postponed"
                after = getattr(error, "retry_after", None) or _pause(job.attempts)
                await self._postpone(job, after, error.code or type(error).__name__)
            except ChatError as error:
                problem, result = error, "refused"
                log.info("%s %s: %s", job.effect, job.key, error.code or error)
                await self.store.done(job)
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001  (it is tried again)
                result = "failed"
                log_failure(log, f"{job.effect} {job.key} failed", error)
                await self._postpone(job, _pause(job.attempts), type(error).__name__)
            else:
                await self.store.done(job)
        except StoreError as error:
            result = "unstored"
            log.warning("%s %s: the outcome was not stored: %s", job.effect, job.key, error)
            await asyncio.sleep(1)
        except Exception:  # no job, whatever its answer held, keeps the others away
            result = "failed"
            log.exception("%s %s: what came of it could not be noted", job.effect, job.key)
            await asyncio.sleep(1)
        self.on_result(job.effect, result)
        for effect, key, future in self._waiting:
            if (effect, key) == (job.effect, job.key) and not future.done():
                future.set_result(problem)

    async def _postpone(self, job: Job, seconds: float, error: str) -> None:
        now = self.now()
        await self.store.postpone(job, due=now + timedelta(seconds=seconds), error=error, now=now)


def _pause(attempts: int) -> float:
    return float(min(FIRST_PAUSE * 2 ** min(attempts, 20), LONGEST_PAUSE))


@asynccontextmanager
async def file_of(name: str, write: Callable[[BinaryIO], object]) -> AsyncIterator[Path]:
    """Make a file for a job, written in a thread; it is gone at the end."""
    with TemporaryDirectory(prefix="commonplace-") as folder:
        file = Path(folder) / name

        def fill() -> None:
            with file.open("wb") as out:
                write(out)

        await asyncio.to_thread(fill)
        yield file
