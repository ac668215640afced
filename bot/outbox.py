"""Drains the outbox: a lane per kind of effect, so that a slow one holds up no other."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.errors import ChatError, ChatInDoubtError, ChatUnavailableError, StoreError
from bot.core.model import Effect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.core.model import Job
    from bot.core.ports import IdeaStore

log = logging.getLogger(__name__)

AT_ONCE = 20
"""Jobs taken from the table in one reading."""

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 3_600.0
"""Seconds between tries of a job that keeps failing: doubled each time, up to an hour."""

LOOK_ANYWAY = 30.0
"""Seconds after which a lane looks for due jobs without having been woken."""


@dataclass(slots=True)
class Outbox:
    """Runs due jobs until stopped.

    Args:
        run: does one job; see `Effects.run` for what its errors mean.
        on_result: told of each job's effect and what came of it, in one word.
    """

    store: IdeaStore
    run: Callable[[Job], Awaitable[None]]
    now: Callable[[], datetime]
    on_result: Callable[[str, str], None] = lambda _effect, _result: None
    _lanes: dict[Effect, asyncio.Event] = field(default_factory=dict)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _waiting: defaultdict[tuple[Effect, str], list[asyncio.Future[ChatError | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    async def start(self) -> None:
        """Begin with whatever an earlier run left behind."""
        for effect in Effect:
            self._lanes[effect] = asyncio.Event()
            self._tasks.append(asyncio.create_task(self._lane(effect), name=f"outbox {effect}"))
        self.store.on_jobs(self.wake)

    async def stop(self, grace: float = 5.0) -> None:
        """Stop; a job in hand may end within *grace* seconds, the rest waits for the next start."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        self._tasks.clear()

    def wake(self) -> None:
        """There may be new jobs."""
        for lane in self._lanes.values():
            lane.set()

    async def settle(self, effect: Effect, key: str, timeout: float = 1.5) -> ChatError | None:  # noqa: ASYNC109
        """Wait a moment for a job to be tried; returns why that failed, if it did."""
        future: asyncio.Future[ChatError | None] = asyncio.get_running_loop().create_future()
        self._waiting[effect, key].append(future)
        self.wake()
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
                await asyncio.shield(asyncio.create_task(self._do(job)))
            if not jobs:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_ANYWAY):
                        await wake.wait()

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
            except Exception as error:
                result = "failed"
                reference = secrets.token_hex(4)
                log.exception("%s %s failed, reference %s", job.effect, job.key, reference)
                await self._postpone(job, _pause(job.attempts), type(error).__name__)
            else:
                await self.store.done(job)
        except StoreError as error:
            result = "unstored"
            log.warning("%s %s: the outcome was not stored: %s", job.effect, job.key, error)
            await asyncio.sleep(1)
        self.on_result(job.effect, result)
        for future in self._waiting.get((job.effect, job.key), ()):
            if not future.done():
                future.set_result(problem)

    async def _postpone(self, job: Job, seconds: float, error: str) -> None:
        await self.store.postpone(job, due=self.now() + timedelta(seconds=seconds), error=error)


def _pause(attempts: int) -> float:
    return float(min(FIRST_PAUSE * 2 ** min(attempts, 20), LONGEST_PAUSE))
