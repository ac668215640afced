"""What the weekly messages cost: looks at the timetable of many channels, many digests at once."""

import asyncio
import sqlite3
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.model.parts import Message
from tests.benchmarks.table import Row
from tests.core.chat import MemoryChat
from tests.core.stage import Hands, Stage, chicago, staged

CHANNELS = 30_000
DUE = 300
"""Of them, those whose digest is due at the same minute."""
IDEAS = 5
"""New ideas in each of those."""
LOOKS = 200
CALL = 0.05
"""Seconds that a call of the chat takes."""

EARLIER, FRIDAY = "wed 10:00", "2026-11-27T15:00"


class SlowChat(MemoryChat):
    """A chat that takes its time with each post."""

    async def post(self, channel: str, message: Message, *, thread: str = "", key: str = "") -> str:
        await asyncio.sleep(CALL)
        return await MemoryChat.post(self, channel, message, thread=thread, key=key)


@dataclass(slots=True)
class Held:
    """How long at most the event loop was held while it was watched, in milliseconds."""

    worst: float = 0.0
    gaps: list[float] = field(default_factory=list)


@asynccontextmanager
async def watched() -> AsyncIterator[Held]:
    """Measure what others do of each turn that a task waits for which wants every one.

    It is measured by the processor's time of the loop's thread, so that a busy machine adds none.
    """
    held = Held()

    async def watch() -> None:
        while True:
            began = time.thread_time()
            await asyncio.sleep(0.001)
            held.gaps.append((time.thread_time() - began) * 1000)

    task = asyncio.create_task(watch())
    try:
        yield held
    finally:
        task.cancel()
        held.worst = max(held.gaps, default=0.0)


def open_channels(database: Path) -> None:
    """Let the bot be in many channels, of which some have their digest on Friday."""
    with closing(sqlite3.connect(database)) as con:
        con.executemany(
            """insert into channel (workspace, id, name, private, first_seen, digest)
            values ('T1', ?, ?, 0, '2026-09-01T12:00:00.000000Z', ?)""",
            [
                (f"C{number:05}", f"room-{number}", "fri 15:00" if number < DUE else EARLIER)
                for number in range(CHANNELS)
            ],
        )
        con.commit()


async def look(stage: Stage) -> float:
    """Look at the timetable once; returns how long that took, in milliseconds."""
    began = time.perf_counter()
    await stage.timetable.tick()
    return (time.perf_counter() - began) * 1000


async def rows(folder: Path) -> list[Row]:
    """Measure a start, looks with nothing due, and many digests at once."""
    clock = Hands(chicago("2026-11-25T12:00"))
    stage = await staged(folder / "week.db", SlowChat(clock), clock, clock)
    open_channels(stage.path)
    async with watched() as starting:
        start = await look(stage)
    async with watched() as idle:
        took = sorted([await look(stage) for _ in range(LOOKS)])
    for number in range(DUE):
        for _ in range(IDEAS):
            await stage.says("UROSA", channel=f"C{number:05}")
    clock.show(FRIDAY)
    async with watched() as busy:
        all_at_once = await look(stage)
    posted = len(stage.room.said(kind="digest"))
    await stage.store.close()
    assert posted == DUE, posted
    p99 = took[int(len(took) * 0.99)]
    return [
        Row(
            what=f"a look at {CHANNELS:,} channels, nothing due, p99",
            value=p99,
            goal=5,
            stretch=2,
            at_most=True,
            unit=" ms",
            note=f"p50 {statistics.median(took):.2f} ms, {LOOKS} looks",
        ),
        Row(
            what="the same, event loop held",
            value=idle.worst,
            goal=20,
            stretch=5,
            at_most=True,
            unit=" ms",
            note=f"at the start, when all are planned: {starting.worst:.1f} ms of {start:.0f} ms",
        ),
        Row(
            what=f"{DUE} digests due at once",
            value=all_at_once / 1000,
            goal=3,
            stretch=2,
            at_most=True,
            unit=" s",
            note=f"{CALL * 1000:.0f} ms a call; event loop held {busy.worst:.1f} ms",
        ),
    ]
