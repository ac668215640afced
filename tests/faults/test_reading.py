"""What only reads goes on while nothing can be written."""

import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.sandbox.model import Channel, Member
from tests.conftest import bot_at
from tests.faults.wire import IDEA
from tests.people import calm
from tests.seeing import words
from tests.slack import Slack


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("list", "librarian"),
        ("list @rosa", "librarian"),
        ("search librarian", "librarian"),
        ("show 1", "librarian"),
        ("mine", "librarian"),
        ("random", "librarian"),
        ("digest", "librarian"),
        ("prompt", "?"),
        ("prompt list", "question"),
        ("settings", ""),
        ("me", ""),
        ("help", "/ideas"),
    ],
)
async def test_what_only_reads_answers_while_nothing_can_be_written(
    slack: Slack,
    rosa: Member,
    room: Channel,
    database: Path,
    clock: Clock,
    command: str,
    says: str,
) -> None:
    """Another program holds the file: the answer comes within Slack's three seconds all the same.

    A day later, so that what is known of members and channels would be looked up and kept anew.
    """
    async with bot_at(slack, database, clock) as bot:
        slack.post(rosa, room, IDEA)
        await calm(bot, slack)
        clock.jump(clock() + timedelta(days=2))
        with closing(sqlite3.connect(database, isolation_level=None)) as other:
            other.execute("begin immediate")
            began = time.monotonic()
            answer = await slack.command(rosa, room, f"/ideas {command}")
            assert time.monotonic() - began < 2
            other.execute("rollback")
        assert answer.ok, answer
        assert says in words(answer)
        assert "reference" not in words(answer)
        assert "Nothing of this was stored" not in words(answer)
