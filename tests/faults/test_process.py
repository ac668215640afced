"""The process dies, is told to stop, or writes things down that it must not."""

import asyncio
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.model import Channel, Member
from tests.conftest import eventually
from tests.faults.program import program
from tests.faults.waiting import so
from tests.faults.wire import IDEA, given_up, send, texts
from tests.slack import Slack


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_what_was_acknowledged_survives_a_kill(
    slack: Slack, rosa: Member, room: Channel, database: Path, transport: str
) -> None:
    """Killed under load, the program has every post that it acknowledged, once."""
    slack.timing = type(slack.timing)(ack=5.0, retries=(), hold=0.0)
    pending, lost = slack.delivery.pending, slack.delivery.lost
    async with program(slack, database, transport=transport) as running:
        posts = [slack.post(rosa, room, f"{IDEA} number {n}") for n in range(300)]
        await slack.until(lambda: len(pending) + len(lost) < 200, saying="some are taken")
        await running.end(signal.SIGKILL)
        await slack.settled()
    acknowledged = [post.text for post in posts if post.ts not in given_up(slack)]
    kept = texts(database)
    assert len(acknowledged) >= 90
    assert [] == sorted(set(acknowledged) - set(kept))
    assert len(set(kept)) == len(kept)


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_it_stops_in_order_under_load(
    slack: Slack, rosa: Member, room: Channel, database: Path, transport: str
) -> None:
    """SIGTERM under load: it ends well within 25 s, and what it acknowledged it has."""
    slack.timing = type(slack.timing)(ack=1.0, retries=(), hold=0.0)
    async with program(slack, database, transport=transport) as running:
        posts = [slack.post(rosa, room, f"{IDEA} number {n}") for n in range(300)]
        await slack.until(lambda: len(slack.delivery.pending) < 290, saying="some are taken")
        async with asyncio.timeout(10):
            assert 0 == await running.end(signal.SIGTERM)
        await slack.settled()
        assert "Traceback" not in running.written()
    acknowledged = {post.text for post in posts if post.ts not in given_up(slack)}
    assert set() == acknowledged - set(texts(database))


async def test_what_slack_was_asked_for_ends_before_the_program_does(
    slack: Slack, rosa: Member, room: Channel, database: Path
) -> None:
    """SIGTERM while Slack takes its time with an idea to be posted: what it says is noted."""
    fault = slack.faults.hang("chat.postMessage")
    async with program(slack, database) as running:
        asked = asyncio.create_task(slack.command(rosa, room, f"/idea {IDEA}"))
        await slack.until(lambda: fault.struck, saying="it is to be posted")
        running.process.send_signal(signal.SIGTERM)
        await eventually(so(lambda: "stopping" in running.written()), "it stops")
        fault.clear()  # now Slack says that it is not available
        async with asyncio.timeout(10):
            assert 0 == await running.process.wait()
        assert "Traceback" not in running.written()
        await asked
    with closing(sqlite3.connect(database)) as con:
        rows = con.execute("select error from outbox where effect = 'publish'").fetchall()
    assert [("ChatInDoubtError",)] == rows


async def test_a_slack_that_never_answers_does_not_keep_the_program(
    slack: Slack, rosa: Member, room: Channel, database: Path
) -> None:
    """SIGTERM while Slack hangs: the program ends within 25 s, and does it when it runs again."""
    fault = slack.faults.hang("reactions.add")
    async with program(slack, database) as running:
        slack.post(rosa, room, IDEA)
        await slack.until(lambda: fault.struck, saying="the mark is asked for")
        async with asyncio.timeout(25):
            assert 0 == await running.end(signal.SIGTERM)
    slack.faults.clear()
    async with program(slack, database):
        (post,) = slack.messages(room)
        await slack.until(lambda: "bulb" in post.reactions, saying="the mark")


async def test_no_token_and_no_word_of_anybody_is_written_down(
    slack: Slack, rosa: Member, ben: Member, room: Channel, database: Path
) -> None:
    """A busy session with every kind of trouble leaves no secret and no text in log or metrics."""
    secret = "Xylophone"  # stands in everything that people write
    slack.faults.crash("users.info")
    slack.faults.refuse("reactions.add", "internal_error")
    slack.faults.lose_answer("chat.postMessage")
    async with program(slack, database, transport="http") as running:
        slack.rename_user(ben, f"{secret} Ben")
        post = slack.post(rosa, room, f"{secret} {IDEA}")
        slack.post(ben, room, f"{secret} hello")
        with closing(sqlite3.connect(database, timeout=10)) as con:
            con.execute(
                """create trigger stumble before insert on idea when new.text like '%stone%'
                begin select raise(abort, 'no'); end"""
            )
            con.commit()
        slack.post(rosa, room, f"{secret} {IDEA} stone")
        slack.edit(post, f"{secret} edited {IDEA}")
        slack.reply(ben, post, f"{secret} reply")
        await slack.command(rosa, room, f"/ideas search {secret}")
        await slack.command(rosa, room, f"/ideas frobnicate {secret}")
        await slack.command(rosa, room, f"/idea {secret} We read aloud in the gym every week")
        await slack.command(rosa, room, f"/idea {secret} stone We read aloud in the gym")
        await slack.command(rosa, room, "/idea")
        slack.revoke("token_revoked")
        slack.post(rosa, room, f"{secret} {IDEA} while revoked")
        await slack.settled()
        assert 200 == await send(running.url, slack, {"type": secret, "token": slack.bot_token})
        async with aiohttp.ClientSession() as session:
            url = f"{running.url}/slack/events"
            async with session.post(url, data=f"{secret} badly signed") as answer:
                assert 401 == answer.status
            async with session.get(f"{running.url}/metrics") as answer:
                metrics = await answer.text()
            async with session.get(f"{running.url}/readyz") as answer:
                ready = await answer.text()
        await running.end(signal.SIGTERM)
        written = running.written()
    assert "not acknowledged" in written, "there was trouble to write about"
    assert "reference" in written
    for hidden in (secret, slack.bot_token, slack.app_token, slack.signing_secret):
        for place in (written, metrics, ready):
            assert hidden not in place


async def test_over_sockets_no_token_is_written_down(
    slack: Slack, rosa: Member, room: Channel, database: Path
) -> None:
    """Sockets that are renewed, refused and closed leave neither token nor ticket in the log."""
    async with program(slack, database) as running:
        slack.post(rosa, room, f"Xylophone {IDEA}")
        await slack.settled()
        await slack.sockets.refresh()
        await slack.connected()
        slack.post(rosa, room, f"Xylophone {IDEA} again")
        await slack.settled()
        slack.faults.refuse("apps.connections.open", "invalid_auth")
        await slack.sockets.close()
        await slack.until(lambda: slack.sockets.opened >= 3, saying="a socket is open again")
        await running.end(signal.SIGTERM)
        written = running.written()
    assert "SLACK_APP_TOKEN" in written
    for hidden in ("Xylophone", "ticket=", slack.bot_token, slack.app_token):
        assert hidden not in written
