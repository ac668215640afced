"""Drains the outbox: a lane per kind of effect, so that a slow one holds up no other.

Taking in comes first: while events pour in, the lanes rest, but never for long.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.errors import (
    ChatError,
    ChatInDoubtError,
    ChatUnavailableError,
    InHandError,
    StoreError,
    new_reference,
)
from bot.core.model.work import Effect, Job
from bot.core.ports import IdeaStore
from bot.tasks import Tasks

log = logging.getLogger(__name__)

AT_ONCE = 20
"""Jobs taken from the table in one reading."""

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 3_600.0
"""Seconds between tries of a job that keeps failing: doubled each time, up to an hour."""

LOOK_ANYWAY = 30.0
"""Seconds after which the lanes look for due jobs although none is known to be."""

LOOK_SOONEST = 1.0
"""Seconds until they look again when a job is said to be due: one of them may be at it, or new
jobs pour in and never leave them a lull."""

LULL = 0.02
"""Seconds without a new job after which the lanes go to work."""


@dataclass(slots=True)
class Outbox:
    """Runs due jobs until stopped.

    Args:
        run: does one job; see `Effects.run` for what its errors mean.
        on_result: told of each job's effect and what came of it, in one word.
        watched: looks after the lanes, which must not die.
    """

    store: IdeaStore
    run: Callable[[Job], Awaitable[None]]
    now: Callable[[], datetime]
    on_result: Callable[[str, str], None] = lambda _effect, _result: None
    watched: Tasks = field(default_factory=Tasks)
    _lanes: dict[Effect, asyncio.Event] = field(default_factory=dict)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _in_hand: set[asyncio.Task[None]] = field(default_factory=set)
    _stirred: asyncio.Event = field(default_factory=asyncio.Event)
    _rest: asyncio.TimerHandle | None = None
    _latest: float = 0.0
    _waiting: defaultdict[tuple[Effect, str], list[asyncio.Future[ChatError | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    async def start(self) -> None:
        """Begin with whatever an earlier run left behind."""
        for effect in Effect:
            self._lanes[effect] = asyncio.Event()
            self._begin(self._lane(effect), f"outbox {effect}")
        self._begin(self._alarm(), "outbox alarm")
        self.store.on_jobs(self.wake)

    def _begin(self, work: Coroutine[None, None, None], name: str) -> None:
        self._tasks.append(self.watched.watch(asyncio.create_task(work, name=name)))

    async def stop(self, grace: float = 5.0) -> None:
        """Stop; a job in hand may end within *grace* seconds, the rest waits for the next start."""
        self.watched.ending = True
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait([*self._tasks, *self._in_hand], timeout=grace)
        self._tasks.clear()

    def wake(self) -> None:
        """There may be new jobs; the lanes are told as soon as no more come for a moment."""
        loop = asyncio.get_running_loop()
        self._latest = loop.time()
        if self._rest is None:
            self._rest = loop.call_later(LULL, self._end_rest)
            self._stirred.set()

    def _end_rest(self) -> None:
        loop = asyncio.get_running_loop()
        if loop.time() - self._latest < LULL:
            self._rest = loop.call_later(LULL, self._end_rest)
            return
        self._rest = None
        self._set_lanes()

    def _set_lanes(self) -> None:
        for lane in self._lanes.values():
            lane.set()

    async def settle(self, effect: Effect, key: str, timeout: float = 1.5) -> ChatError | None:  # noqa: ASYNC109
        """Wait a moment for a job to be tried; returns why that failed, if it did."""
        future: asyncio.Future[ChatError | None] = asyncio.get_running_loop().create_future()
        self._waiting[effect, key].append(future)
        if effect in self._lanes:
            self._lanes[effect].set()  # a person is waiting
        try:
            async with asyncio.timeout(timeout):
                return await future
        except TimeoutError:
            return None
        finally:
            with contextlib.suppress(ValueError):
                self._waiting[effect, key].remove(future)
            if not self._waiting[effect, key]:
                del self._waiting[effect, key]

    async def _lane(self, effect: Effect) -> None:
        wake = self._lanes[effect]
        while True:
            wake.clear()
            try:
                jobs = await self.store.jobs(self.now(), effect=effect, limit=AT_ONCE)
            except StoreError as error:
                log.warning("the outbox cannot be read: %s", error)
                jobs = ()
            for job in jobs:
                # A job in hand is finished also when we are told to stop meanwhile.
                task = asyncio.create_task(self._do(job))
                self._in_hand.add(task)
                task.add_done_callback(self._in_hand.discard)
                await asyncio.wait([task])
            if not jobs or self._rest is not None:
                await wake.wait()

    async def _alarm(self) -> None:
        """Wake the lanes when a job that was put off falls due, and now and then anyway."""
        while True:
            self._stirred.clear()
            pause = await self._until_due()
            try:
                async with asyncio.timeout(pause):
                    await self._stirred.wait()
            except TimeoutError:
                self._set_lanes()

    async def _until_due(self) -> float:
        try:
            due = await self.store.next_due()
        except StoreError:
            due = None
        if due is None:
            return LOOK_ANYWAY
        return min(max((due - self.now()).total_seconds(), LOOK_SOONEST), LOOK_ANYWAY)

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
            except InHandError:
                result = "elsewhere"
            except Exception as error:
                result = "failed"
                log.exception("%s %s failed, reference %s", job.effect, job.key, new_reference())
                await self._postpone(job, _pause(job.attempts), type(error).__name__)
            else:
                await self.store.done(job)
        except StoreError as error:
            result = "unstored"
            log.warning("%s %s: the outcome was not stored: %s", job.effect, job.key, error)
            await asyncio.sleep(1)
        except Exception:  # no job, whatever its answer held, ends its lane
            result = "failed"
            log.exception("%s %s: what came of it could not be noted", job.effect, job.key)
            await asyncio.sleep(1)
        self.on_result(job.effect, result)
        for future in self._waiting.get((job.effect, job.key), ()):
            if not future.done():
                future.set_result(problem)

    async def _postpone(self, job: Job, seconds: float, error: str) -> None:
        now = self.now()
        await self.store.postpone(job, due=now + timedelta(seconds=seconds), error=error, now=now)
        self._stirred.set()


def _pause(attempts: int) -> float:
    return float(min(FIRST_PAUSE * 2 ** min(attempts, 20), LONGEST_PAUSE))
