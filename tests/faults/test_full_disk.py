"""The program is started on a full disk: it stays, says so, and goes on by itself."""

import asyncio
import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.model import Channel, Member
from tests.conftest import eventually
from tests.disks import small_disk
from tests.faults.wire import IDEA
from tests.processes import commonplace, running
from tests.signing import get
from tests.slack import Slack


def settings_of(slack: Slack, database: Path) -> dict[str, str]:
    """What `run` needs."""
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": f"sqlite:///{database}",
    }


async def ready(address: str) -> bool:
    """Whether the bot there says that it is ready."""
    return (await get(f"{address}/readyz"))[0] == 200


async def status_of_an_event(address: str) -> int:
    """What an event that Slack sends over HTTP is answered."""
    async with (
        aiohttp.ClientSession(address) as session,
        session.post("/slack/events", json={"type": "event_callback"}) as response,
    ):
        return response.status


@pytest.mark.parametrize("place", ["ideas.db", "data/ideas.db"])
async def test_on_a_full_disk_it_stays_and_goes_on_when_there_is_room(
    slack: Slack, rosa: Member, room: Channel, tmp_path: Path, place: str
) -> None:
    """It says why it is not ready, and puts events off; with room it keeps ideas, where it was."""
    with small_disk(tmp_path / "disk") as disk:
        ballast = disk / "ballast"
        with pytest.raises(OSError, match="No space"):
            ballast.write_bytes(b"x" * 3_000_000)
        async with running(settings_of(slack, disk / place)) as bot:
            said = await bot.says("Trying again")
            assert "full" in said
            assert 200 == (await get(f"{bot.address}/healthz"))[0]
            status, text = await get(f"{bot.address}/readyz")
            assert 503 == status
            assert "full" in json.loads(text)["problems"]["database"]
            assert 503 == await status_of_an_event(bot.address)
            ballast.unlink()
            await eventually(lambda: ready(bot.address), "ready", within=100)
            post = slack.post(rosa, room, IDEA)
            await slack.until(lambda: "bulb" in post.reactions, saying="the mark")
            assert 0 == await bot.end()


async def test_while_another_program_holds_the_file_it_waits_and_ends_when_told(
    slack: Slack, database: Path
) -> None:
    """Held by another program at the start, it waits; told to end, it ends at once."""
    settings = settings_of(slack, database)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("begin exclusive")
        async with running(settings) as bot:
            await bot.says("Trying again")
            began = time.monotonic()
            assert 0 == await bot.end()
            assert time.monotonic() - began < 10


async def test_whoever_asks_while_it_begins_to_work_is_answered(
    slack: Slack, database: Path
) -> None:
    """Of all requests that come while it goes from waiting to work, none stays without answer."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("begin exclusive")
        async with running(settings_of(slack, database)) as bot:
            await bot.says("Trying again")

            async def ask(statuses: list[int]) -> None:
                while 200 not in statuses:
                    async with asyncio.timeout(20):
                        statuses.append((await get(f"{bot.address}/readyz"))[0])

            async def all_answered() -> bool:
                return all(heard)

            heard: list[list[int]] = [[] for _ in range(16)]
            asking = asyncio.gather(*map(ask, heard))
            await eventually(all_answered, "all have been answered")
            other.execute("rollback")
            await asking
            assert {(503, 200)} == {(statuses[0], statuses[-1]) for statuses in heard}


async def test_where_there_can_be_no_database_it_ends(slack: Slack, tmp_path: Path) -> None:
    """A place that no waiting makes right is said once, and the start ends with 1."""
    done = await commonplace("run", settings=settings_of(slack, tmp_path))
    assert (1, 1) == (done.status, len(done.err.splitlines()))
    assert "is a folder" in done.err
