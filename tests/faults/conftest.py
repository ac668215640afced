"""One running bot over sockets: what depends on the transport asks for its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import Clock
from tests.conftest import Bot, bot_at
from tests.slack import Slack


@pytest.fixture
async def bot(slack: Slack, database: Path, clock: Clock) -> AsyncIterator[Bot]:
    """A running bot."""
    async with bot_at(slack, database, clock) as running:
        yield running
