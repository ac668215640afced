"""`commonplace run` as a process: it starts, stays, ends in time, and loses nothing when killed."""

import asyncio
import csv
import io
import json
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.sandbox.model import Channel, Member
from handlers.slack.manifest import manifest
from tests.conftest import eventually
from tests.processes import commonplace, running, shell
from tests.signing import get
from tests.slack import Slack

IDEA = "We paired every new teacher with a librarian for their first unit"


def settings_of(slack: Slack, database: Path, transport: str = "socket") -> dict[str, str]:
    """What `run` needs."""
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": f"sqlite:///{database}",
        **(
            {"SLACK_APP_TOKEN": slack.app_token}
            if transport == "socket"
            else {"SLACK_SIGNING_SECRET": slack.signing_secret}
        ),
    }


async def texts(settings: dict[str, str]) -> list[str]:
    """The texts that an export holds now."""
    done = await commonplace("export", settings={"DATABASE_URL": settings["DATABASE_URL"]})
    assert 0 == done.status, done.err
    return [row["text"] for row in csv.DictReader(io.StringIO(done.raw.decode("utf-8-sig")))]


async def ready(address: str) -> bool:
    """Whether the bot there says that it is ready."""
    return (await get(f"{address}/readyz"))[0] == 200


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_it_serves_and_ends_when_told(
    slack: Slack, rosa: Member, room: Channel, database: Path, transport: str
) -> None:
    """It keeps a post, says nothing of it or of its tokens in the log, and ends on SIGTERM."""
    settings = settings_of(slack, database, transport)
    async with running(settings) as bot:
        if transport == "http":
            slack.events_url = f"{bot.address}/slack/events"
        await eventually(lambda: ready(bot.address), "ready")
        post = slack.post(rosa, room, IDEA)
        await slack.until(lambda: "bulb" in post.reactions, saying="the mark")
        began = time.monotonic()
        assert 0 == await bot.end()
        assert time.monotonic() - began < 10
        log = "".join(bot.log)
    assert [IDEA] == await texts(settings)
    for secret in (slack.bot_token, slack.app_token, slack.signing_secret, "librarian", "ticket="):
        assert secret not in log
    assert all(json.loads(line) for line in log.splitlines())


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_a_kill_right_after_an_acknowledgement_loses_nothing(
    slack: Slack, rosa: Member, room: Channel, database: Path, transport: str
) -> None:
    """What was acknowledged is there after SIGKILL, and its mark comes with the next start."""
    settings = settings_of(slack, database, transport)
    slack.faults.rate_limit("reactions.add", retry_after=1, times=None)
    async with running(settings) as bot:
        if transport == "http":
            slack.events_url = f"{bot.address}/slack/events"
        await eventually(lambda: ready(bot.address), "ready")
        posts = [slack.post(rosa, room, f"{IDEA}, year {year}") for year in range(20)]
        await slack.settled()
        assert -signal.SIGKILL == await bot.end(signal.SIGKILL)
    assert [] == slack.delivery.lost
    assert sorted(post.text for post in posts) == sorted(await texts(settings))
    slack.faults.clear()
    async with running(settings):
        await slack.until(
            lambda: all("bulb" in post.reactions for post in posts), within=30, saying="the marks"
        )


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_it_stays_while_slack_cannot_be_reached(
    tmp_path: Path, clock: Clock, how: signal.Signals
) -> None:
    """Without Slack it stays, healthy and not ready, and goes to work once Slack is there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    slack = Slack(manifest(), clock)
    settings = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": f"http://127.0.0.1:{port}/api/",
        "DATABASE_URL": f"sqlite:///{tmp_path}/ideas.db",
    }
    async with running(settings) as bot:
        await bot.says("Slack does not answer")
        assert 200 == (await get(f"{bot.address}/healthz"))[0]
        status, text = await get(f"{bot.address}/readyz")
        assert (503, True) == (status, {"slack", "socket"} <= set(json.loads(text)["problems"]))
        async with slack.serving(port):
            await eventually(lambda: ready(bot.address), "ready", within=30)
            rosa = slack.add_user("rosa", display_name="Rosa Alvarez")
            room = slack.add_channel("leadership", [rosa], bot=True)
            slack.post(rosa, room, IDEA)
            await slack.settled()
            began = time.monotonic()
            assert 0 == await bot.end(how)
            assert time.monotonic() - began < 10
    assert [IDEA] == await texts(settings)


async def test_it_ends_while_slack_cannot_be_reached(tmp_path: Path) -> None:
    """Told to end while it waits for Slack, it ends within ten seconds too."""
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "DATABASE_URL": f"sqlite:///{tmp_path}/ideas.db",
    }
    async with running(settings) as bot:
        await bot.says("Slack does not answer")
        began = time.monotonic()
        assert 0 == await bot.end()
        assert time.monotonic() - began < 10


async def test_a_revoked_token_is_said_and_waited_for(slack: Slack, database: Path) -> None:
    """A token that Slack refuses keeps it unready and stands in the log by its code, not itself."""
    settings = settings_of(slack, database) | {"SLACK_BOT_TOKEN": "xoxb-was-revoked"}
    async with running(settings) as bot:
        assert "invalid_auth" in await bot.says("Slack does not answer")
        assert not await ready(bot.address)
        assert 0 == await bot.end()
        assert "xoxb-was-revoked" not in "".join(bot.log)


async def test_a_taken_port_is_said(slack: Slack, database: Path, tmp_path: Path) -> None:
    """A second program on the same port ends with 2 and one line that names PORT."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = settings_of(slack, database) | {
            "PORT": str(taken.getsockname()[1]),
            "COMMONPLACE_LOG_FORMAT": "console",
        }
        done = await commonplace("run", settings=settings, folder=tmp_path)
    assert 2 == done.status
    assert "PORT" in done.err
    assert "Traceback" not in done.err


async def test_export_and_backup_work_beside_it(
    slack: Slack, rosa: Member, room: Channel, database: Path, tmp_path: Path
) -> None:
    """While it runs, an export holds what was acknowledged, and a backup is a whole database."""
    settings = settings_of(slack, database)
    async with running(settings) as bot:
        await eventually(lambda: ready(bot.address), "ready")
        for year in range(5):
            slack.post(rosa, room, f"{IDEA}, year {year}")
        await slack.settled()
        assert 5 == len(await texts(settings))
        copy = {"DATABASE_URL": f"sqlite:///{tmp_path}/copy.db"}
        posting = asyncio.create_task(keep_posting(slack, rosa, room))
        done = await commonplace("backup", f"{tmp_path}/copy.db", settings=settings)
        posting.cancel()
        assert 0 == done.status, done.err
        assert await texts(copy) == (await texts(settings))[: len(await texts(copy))]
        assert 5 <= len(await texts(copy))
        checked = await shell(
            f"'{sys.executable}' -c \"import sqlite3;"
            f"print(sqlite3.connect('{tmp_path}/copy.db').execute('pragma integrity_check')"
            '.fetchone()[0])"',
            settings={},
        )
        assert "ok" == checked.out.strip()


async def keep_posting(slack: Slack, rosa: Member, room: Channel) -> None:
    """One post after the other."""
    for number in range(10_000):
        slack.post(rosa, room, f"{IDEA}, number {number}")
        await slack.settled()


async def test_a_rehearsal_is_announced(
    slack: Slack, rosa: Member, room: Channel, database: Path
) -> None:
    """With COMMONPLACE_CLOCK the log warns, and what is kept now is kept on that day."""
    settings = settings_of(slack, database) | {"COMMONPLACE_CLOCK": "2027-01-15T09:00:00-06:00"}
    async with running(settings) as bot:
        assert "rehearsal" in await bot.says("clock was set")
        await eventually(lambda: ready(bot.address), "ready")
        slack.faults.refuse("chat.postMessage", "restricted_action", times=None)
        assert "Kept as #1" in (await slack.command(rosa, room, f"/idea {IDEA}")).text
        found = await slack.command(rosa, room, "/ideas list since:2027-01-15 until:2027-01-15")
        assert "librarian" in found.text


async def test_the_console_script_is_the_same_program() -> None:
    """`commonplace` and `python -m bot` print the same help."""
    script = Path(sys.executable).with_name("commonplace")
    by_name = await shell(f"'{script}' --help", settings={})
    as_module = await commonplace("--help")
    assert (0, 0) == (by_name.status, as_module.status)
    assert by_name.out.splitlines()[2:] == as_module.out.splitlines()[2:]
