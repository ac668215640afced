"""Databases with many ideas in them, made by the program's own way in."""

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.core.intake.reader import Reader
from bot.core.model.ideas import Source
from bot.core.model.people import ChannelInfo, Person, Workspace
from bot.core.model.posts import Place, Post
from bot.data.capture import load_rules
from bot.data.framework import load_framework
from handlers.slack.bodies import to_spans
from storage import Store, open_store
from tests.benchmarks import texts

TEAM = "T0BENCH"
WEEKS = 104
IN_CHANNEL = 10_000
"""Ideas in one channel: about a hundred a week. A larger network has more channels."""

LAST = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)
AT_ONCE = 1000
MEMBERS = 500


def channel(number: int) -> str:
    """The id of a channel."""
    return f"C0BENCH{number:03d}"


async def fill(database: Path, count: int) -> Store:
    """Open a new database at *database* and keep *count* ideas in it, oldest first."""
    began = time.perf_counter()
    store = open_store(f"sqlite:///{database}")
    await store.remember_workspace(Workspace(id=TEAM, bot_user_id="U0BENCHBOT"))
    channels = max(1, count // IN_CHANNEL)
    for number in range(channels):
        info = ChannelInfo(
            id=channel(number), name=f"room-{number}", private=False, member=True, archived=False
        )
        await store.remember_channel(TEAM, info, now=LAST)
    for number in range(MEMBERS):
        name = texts.rare_word(number)
        person = Person(id=f"U0MEMBER{number:03d}", name=f"{name} Reed", title="Teacher librarian")
        await store.remember_member(TEAM, person, now=LAST)
    reader = Reader(load_framework(), load_rules())
    apart = timedelta(weeks=WEEKS) / count
    for first in range(0, count, AT_ONCE):
        posts = [
            _post(n, channels, apart, count) for n in range(first, min(first + AT_ONCE, count))
        ]
        await asyncio.gather(
            *(
                store.add(post, reader.draft(post, marked=True), source=Source.POST, now=LAST)
                for post in posts
            )
        )
    sys.stderr.write(f"  {count:,} ideas kept in {time.perf_counter() - began:.0f} s\n")
    return store


def _post(number: int, channels: int, apart: timedelta, count: int) -> Post:
    at = LAST - apart * (count - number)
    return Post(
        place=Place(TEAM, channel(number % channels), f"{at.timestamp():.6f}"),
        posted_at=at,
        author_id=f"U0MEMBER{number % MEMBERS:03d}",
        body=to_spans(texts.post(number)),
    )
