"""What the tests of the desk share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.core.desk.counter import Counter, at_the_counter


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    """Rosa invited the bot to #ideas-c1; Ben is a member."""
    async with at_the_counter(tmp_path) as made:
        yield made
