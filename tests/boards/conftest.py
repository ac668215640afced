"""A running bot for tests of boards, which are the same over either transport."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import Clock
from tests.conftest import Bot, bot_at
from tests.slack import Slack


@pytest.fixture
async def bot(slack: Slack, database: Path, clock: Clock) -> AsyncIterator[Bot]:
    """One over a socket."""
    async with bot_at(slack, database, clock) as running:
        yield running
