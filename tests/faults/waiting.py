"""Conditions that tests of faults wait for, and events that nobody hears of."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

from tests.conftest import Bot, eventually
from tests.slack import Slack


def deaf(slack: Slack) -> None:
    """From now on Slack tells whatever happens once, to nobody, and gives it up."""
    slack.timing = type(slack.timing)(ack=0.1, retries=(), hold=0.0)


def in_doubt(database: Path) -> bool:
    """Whether an answer was lost and what it was about is not settled."""
    with closing(sqlite3.connect(database)) as con:
        return con.execute("select 1 from delivery where doubtful = 1").fetchone() is not None


def let_leases_end(database: Path) -> None:
    """Let two minutes pass by the real clock, which leases and doubts go by."""
    with closing(sqlite3.connect(database)) as con:
        con.execute("update delivery set until = '' where sent_at is null")
        con.commit()


def so(condition: Callable[[], bool]) -> Callable[[], Awaitable[bool]]:
    """A condition to be awaited."""

    async def holds() -> bool:
        return condition()

    return holds


def kept(bot: Bot, number: int) -> Callable[[], Awaitable[bool]]:
    """That so many ideas are kept."""

    async def holds() -> bool:
        return number == len(await bot.rows())

    return holds


async def caught_up(bot: Bot) -> None:
    """Wait until the bot has read every channel it is in."""
    history = bot.parts.history

    async def done() -> bool:
        channels = await history.channels()
        return bool(channels) and all(history.caught_up(channel) for channel in channels)

    await eventually(done, "the histories are read")
    await bot.quiet()
