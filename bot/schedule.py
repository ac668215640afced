"""The tick: every half minute, and nothing else. What is due stands in the database."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Final

from bot.core.errors import log_failure

EVERY: Final = 30.0
MISSED: Final = 10
"""After so many ticks that did not come or did not end, something is wrong."""
PATIENCE: Final = 10.0
"""Seconds that a tick under way may take to end when the bot stops."""

log = logging.getLogger(__name__)


class Schedule:
    """Calls *tick* at once and then every so often, one call at a time.

    A tick that fails is logged with a reference, and the next one comes all the same. After a
    sleep of the host there is one tick, not one for each that was missed.

    Args:
        tick: what to do.
        every: seconds from one tick to the next.
    """

    def __init__(self, tick: Callable[[], Awaitable[object]], *, every: float = EVERY) -> None:
        self._tick = tick
        self._every = every
        self._one_at_a_time = asyncio.Lock()
        self._ticked_at = time.monotonic()
        self._failed = ""

    @property
    def problem(self) -> str:
        """Why nothing is posted at its hour; empty: the schedule ticks."""
        silent = time.monotonic() - self._ticked_at
        if silent > self._every * MISSED:
            return f"The schedule has not ticked for {silent:.0f} s: restart the program."
        return self._failed

    @contextlib.asynccontextmanager
    async def ticking(self, *, patience: float = PATIENCE) -> AsyncIterator[None]:
        """Tick while in the block; a tick under way at its end gets *patience* seconds."""
        # Only a running bot pays for loading these.
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # noqa: PLC0415
        from apscheduler.triggers.interval import IntervalTrigger  # noqa: PLC0415

        scheduler = AsyncIOScheduler(timezone=UTC)
        scheduler.add_job(
            self.wake,
            IntervalTrigger(seconds=self._every, timezone=UTC),
            next_run_time=datetime.now(UTC),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        scheduler.start()
        try:
            yield
        finally:
            scheduler.remove_all_jobs()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience), self._one_at_a_time:
                    pass
            scheduler.shutdown(wait=False)  # cancels a tick that is still at it
            await asyncio.sleep(0)  # its end is a callback of the loop

    async def wake(self) -> None:
        """Tick now, or after the tick under way. Raise nothing but a cancellation."""
        async with self._one_at_a_time:
            try:
                await self._tick()
            except Exception as error:  # noqa: BLE001  (the next tick comes as ever)
                reference = log_failure(log, "a tick failed; the next one comes as ever", error)
                self._failed = f"The last tick of the schedule failed. Reference {reference}"
            else:
                self._failed = ""
            self._ticked_at = time.monotonic()
