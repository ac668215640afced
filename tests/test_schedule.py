"""The clock that wakes the bot: regular, patient, and not stopped by a failure."""

import asyncio
import subprocess
import sys

import pytest

from bot.schedule import Schedule

SOON = 5.0


class Counter:
    """Counts ticks and lets a test wait for one."""

    def __init__(self) -> None:
        self.ticks = 0
        self._more = asyncio.Condition()

    async def tick(self) -> None:
        async with self._more:
            self.ticks += 1
            self._more.notify_all()

    async def reached(self, ticks: int) -> None:
        async with asyncio.timeout(SOON), self._more:
            await self._more.wait_for(lambda: self.ticks >= ticks)


async def test_a_failing_tick_is_logged_with_a_reference_and_the_next_one_comes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An error in one tick costs that tick alone."""
    counter = Counter()

    async def tick() -> None:
        await counter.tick()
        if counter.ticks == 1:
            raise RuntimeError("broken once")

    async with Schedule(tick, every=0.01).ticking():
        await counter.reached(3)
    (record,) = [r for r in caplog.records if r.name == "bot.schedule"]
    assert "reference" in record.getMessage()
    assert record.exc_info is not None
    assert "broken once" == str(record.exc_info[1])


async def test_the_first_tick_comes_at_once() -> None:
    """What fell due while the bot was down does not wait another half minute."""
    counter = Counter()
    async with Schedule(counter.tick, every=3_600).ticking():
        await counter.reached(1)
    assert 1 == counter.ticks


async def test_waking_by_hand_ticks_at_once() -> None:
    """A jump of the clock need not wait for the next tick."""
    counter = Counter()
    schedule = Schedule(counter.tick, every=3_600)
    async with schedule.ticking():
        await counter.reached(1)
        await schedule.wake()
        assert 2 == counter.ticks


async def test_only_one_tick_runs_at_a_time() -> None:
    """A slow tick is not overtaken, not even by one asked for by hand."""
    running, most, counter = 0, 0, Counter()

    async def tick() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(5):
            await asyncio.sleep(0)  # others have their turns
        running -= 1
        await counter.tick()

    schedule = Schedule(tick, every=0.001)
    async with schedule.ticking():
        await asyncio.gather(*(schedule.wake() for _ in range(3)))
        await counter.reached(6)
    assert 1 == most


async def test_stopping_lets_the_tick_in_hand_end() -> None:
    """A digest that is just being posted is posted and recorded."""
    begun, go_on, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def tick() -> None:
        begun.set()
        await go_on.wait()
        ended.set()

    async with Schedule(tick, every=3_600).ticking(patience=SOON):
        await begun.wait()
        asyncio.get_running_loop().call_soon(go_on.set)
        assert not ended.is_set()
    assert ended.is_set()


async def test_stopping_waits_no_longer_than_its_patience() -> None:
    """A tick that hangs is cancelled, so that the program ends in time."""
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def tick() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    async with Schedule(tick, every=3_600).ticking(patience=0.01):
        await begun.wait()
    async with asyncio.timeout(SOON):
        await cancelled.wait()


async def test_nothing_ticks_after_stopping() -> None:
    """Stopped is stopped, while another one goes on."""
    counter, other = Counter(), Counter()
    async with Schedule(counter.tick, every=0.01).ticking():
        await counter.reached(2)
    seen = counter.ticks
    async with Schedule(other.tick, every=0.01).ticking():
        await other.reached(5)
    assert seen == counter.ticks


def test_importing_the_schedule_does_not_load_the_scheduler() -> None:
    """Commands that wake nothing do not pay for it."""
    code = "import sys, bot.schedule; sys.exit('apscheduler' in sys.modules)"
    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode
