"""The web side: health, readiness, metrics, and what is refused at Slack's door."""

import asyncio
import json
import logging
import socket
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.clock import Clock
from bot.compose import build
from bot.config import load_settings
from bot.readiness import answers
from bot.sandbox.model import Channel, Member
from bot.serve import listen, running
from handlers.web import LARGEST_BODY, Answers, make_app
from tests.conftest import Bot, bot_at, eventually
from tests.people import calm
from tests.signing import get, send, signed
from tests.slack import Slack

IDEA = "We paired every new teacher with a librarian for their first unit"


@pytest.fixture
async def http(slack: Slack, database: Path, clock: Clock) -> AsyncIterator[Bot]:
    """A bot that takes events over HTTP."""
    async with bot_at(slack, database, clock, transport="http") as running:
        yield running


def event(slack: Slack, inside: dict[str, Any]) -> bytes:
    """An event as Slack wraps it."""
    whole = {
        "type": "event_callback",
        "team_id": slack.workspace.team_id,
        "event_id": "Ev01",
        "event_time": 1,
        "event": inside,
    }
    return json.dumps(whole).encode()


def post_event(slack: Slack, rosa: Member, room: Channel) -> bytes:
    """A post that is an idea."""
    said = {"type": "message", "channel": room.id, "user": rosa.id, "text": IDEA}
    return event(slack, said | {"ts": "1795618800.000100", "channel_type": "channel"})


# -- well or not ----------------------------------------------------------------------------------


async def test_a_bot_at_work_is_healthy_and_ready(bot: Bot) -> None:
    """Both pages answer 200 in JSON while all is well."""
    status, text = await get(f"{bot.url}/healthz")
    assert (200, {"ok": True}) == (status, json.loads(text))
    status, text = await get(f"{bot.url}/readyz")
    assert (200, True, {}) == (status, json.loads(text)["ready"], json.loads(text)["problems"])


async def test_metrics_count_what_came_and_went(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """The metrics are Prometheus text, count events and calls, and hold no word anybody wrote."""
    slack.post(rosa, room, IDEA)
    await calm(bot, slack)
    status, text = await get(f"{bot.url}/metrics")
    assert 200 == status
    assert 'commonplace_events_total{event="message",outcome="captured"} 1.0' in text
    assert 'commonplace_slack_calls_total{method="reactions.add",result="ok"} 1.0' in text
    assert "librarian" not in text
    assert slack.bot_token not in text


async def test_not_ready_before_slack_told_who_we_are(
    slack: Slack, database: Path, clock: Clock
) -> None:
    """Until auth.test is answered the bot is healthy but not ready, and says why; then it is."""
    fault = slack.faults.crash("auth.test", times=None)
    settings = load_settings(
        env_file=None,
        slack_bot_token=slack.bot_token,
        slack_signing_secret=slack.signing_secret,
        slack_api_url=slack.api_url,
        database_url=f"sqlite:///{database}",
    )
    async with (
        build(settings, clock) as parts,
        running(parts),
        listen(make_app(partial(answers, parts)), "127.0.0.1", 0) as url,
    ):
        await slack.until(lambda: fault.struck > 0, saying="the question")
        assert 200 == (await get(f"{url}/healthz"))[0]
        status, text = await get(f"{url}/readyz")
        assert (503, ["slack"]) == (status, list(json.loads(text)["problems"]))
        fault.clear()
        async with asyncio.timeout(10):
            await parts.connections.every[0].installation.learnt.wait()
        assert 200 == (await get(f"{url}/readyz"))[0]


async def test_a_locked_database_is_not_ready(bot: Bot) -> None:
    """While another program holds the database the answer is 503, with the reason; then 200."""
    file = bot.parts.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("begin immediate")
        status, text = await get(f"{bot.url}/readyz")
        assert 503 == status
        assert "Another process" in json.loads(text)["problems"]["database"]
        assert 200 == (await get(f"{bot.url}/healthz"))[0]
        other.execute("rollback")
    assert 200 == (await get(f"{bot.url}/readyz"))[0]


async def test_without_a_socket_the_bot_is_not_ready(
    slack: Slack, database: Path, clock: Clock
) -> None:
    """When Socket Mode is switched off the answer is 503 with the reason, until it is on again."""
    async with bot_at(slack, database, clock) as bot:
        fault = slack.faults.refuse("apps.connections.open", "link_disabled", times=None)
        await slack.sockets.disable()
        await eventually(lambda: not_ready(bot), "not ready")
        status, text = await get(f"{bot.url}/readyz")
        assert 503 == status
        assert json.loads(text)["problems"]["socket"]
        fault.clear()


async def not_ready(bot: Bot) -> bool:
    """Whether the bot says it is not ready."""
    return (await get(f"{bot.url}/readyz"))[0] == 503


# -- the door -------------------------------------------------------------------------------------


async def test_a_signed_event_is_taken(
    http: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """The same body that is refused below is kept when its signature is right."""
    body = post_event(slack, rosa, room)
    assert 200 == (await send(http, body, signed(slack.signing_secret, body)))[0]
    assert [IDEA] == [row["text"] for row in await http.rows()]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Slack-Signature", "v0=" + "0" * 64),
        ("X-Slack-Signature", "v0="),
        ("X-Slack-Signature", "nonsense"),
        ("X-Slack-Signature", "v0=ünïcödé"),
        ("X-Slack-Signature", None),
        ("X-Slack-Request-Timestamp", None),
        ("X-Slack-Request-Timestamp", "yesterday"),
        ("X-Slack-Request-Timestamp", "-1"),
        ("X-Slack-Request-Timestamp", "1e9"),
        ("X-Slack-Request-Timestamp", "٣٤٥"),
        ("X-Slack-Request-Timestamp", "9" * 4_000),
    ],
)
async def test_a_request_that_slack_did_not_sign_is_refused(
    http: Bot,
    slack: Slack,
    rosa: Member,
    room: Channel,
    caplog: pytest.LogCaptureFixture,
    header: str,
    value: str | None,
) -> None:
    """A wrong, missing or malformed signature gets 401; of the body nothing is kept or logged."""
    caplog.set_level(logging.DEBUG)
    body = post_event(slack, rosa, room)
    headers = signed(slack.signing_secret, body)
    if value is None:
        del headers[header]
    else:
        headers[header] = value
    assert 401 == (await send(http, body, headers))[0]
    assert [] == await http.rows()
    assert "librarian" not in caplog.text
    assert "commonplace_requests_refused_total 1.0" in (await get(f"{http.url}/metrics"))[1]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"ssl_check=1&token=Xy9", 200),
        (b"token=Xy9&ssl_check=1", 200),
        (b"ssl_check=0&command=%2Fideas", 401),
        (b"command=%2Fidea&text=ssl_check%3D1", 401),
        (b"\xff\xfe=1", 401),
    ],
)
async def test_a_look_at_the_certificate_is_answered_and_does_nothing(
    http: Bot, body: bytes, status: int
) -> None:
    """Slack's own check comes unsigned and gets an empty 200; nothing else comes in beside it."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert status == (await send(http, body, headers))[0]
    assert [] == await http.rows()


@pytest.mark.parametrize("ago", [360, -360])
async def test_an_old_signature_is_refused(
    http: Bot, slack: Slack, rosa: Member, room: Channel, ago: int
) -> None:
    """A right signature from more than five minutes ago, or ahead, is a replay: 401."""
    body = post_event(slack, rosa, room)
    headers = signed(slack.signing_secret, body, at=time.time() - ago)
    assert 401 == (await send(http, body, headers))[0]


async def test_one_changed_letter_breaks_the_signature(
    http: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A body that was changed after it was signed is refused."""
    body = post_event(slack, rosa, room)
    headers = signed(slack.signing_secret, body)
    assert 401 == (await send(http, body.replace(b"paired", b"parted"), headers))[0]
    assert [] == await http.rows()


async def test_over_a_socket_there_is_no_door(slack: Slack, database: Path, clock: Clock) -> None:
    """In Socket Mode nothing is taken over HTTP, signed or not."""
    async with bot_at(slack, database, clock) as bot:
        assert 404 == (await send(bot, b"{}", signed(slack.signing_secret, b"{}")))[0]


async def test_a_body_that_is_too_large_is_refused(http: Bot, slack: Slack) -> None:
    """More than 4 MiB get 413, announced or not; just under that is read."""
    large = b"x" * (LARGEST_BODY + 1)
    assert 413 == (await send(http, large, signed(slack.signing_secret, large)))[0]

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(large), 65_536):
            yield large[start : start + 65_536]

    async with aiohttp.ClientSession() as session:
        try:
            async with session.post(f"{http.url}/slack/events", data=in_pieces()) as response:
                assert 413 == response.status
        except aiohttp.ClientConnectionError:
            pass  # it hung up while we were still sending, which says the same
    fits = b"x" * LARGEST_BODY
    assert 401 == (await send(http, fits, {}))[0]


async def test_a_long_post_in_another_script_gets_in(
    http: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """40,000 letters, each six bytes long on the wire, are kept whole."""
    text = "книга " * 6_666
    said = {"type": "message", "channel": room.id, "user": rosa.id, "text": text}
    body = event(slack, said | {"ts": "1795618800.000100", "channel_type": "channel"})
    assert len(body) > 200_000
    assert 200 == (await send(http, body, signed(slack.signing_secret, body)))[0]
    assert [text.strip()] == [row["text"] for row in await http.rows()]


@pytest.mark.parametrize("turns", range(6))
async def test_whoever_asks_as_it_ends_is_not_kept_waiting(turns: int) -> None:
    """A connection that comes as the web side ends is answered or closed, and delays no end."""

    async def ready() -> dict[str, str]:
        return {}

    answers = Answers(ready, lambda: (b"", ""))
    async with listen(make_app(lambda: answers), "127.0.0.1", 0) as url:
        asking = socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=2)
        asking.sendall(b"GET /readyz HTTP/1.1\r\nHost: here\r\n\r\n")
        for _ in range(turns):
            await asyncio.sleep(0)
        ends = time.monotonic()
    assert time.monotonic() - ends < 2
    with asking, suppress(ConnectionError):
        assert asking.recv(64)[:15] in {b"", b"HTTP/1.1 200 OK"}


async def test_a_body_that_dribbles_is_cut_off() -> None:
    """A body that comes byte by byte, for longer than it may, gets 408."""

    async def ready() -> dict[str, str]:
        return {}

    async def events(_: web.Request) -> web.StreamResponse:
        raise AssertionError("nobody looks at half a body")

    answers = Answers(ready, lambda: (b"", ""), events=events)
    app = make_app(lambda: answers, slowest_body=0.3)
    async with listen(app, "127.0.0.1", 0) as url:
        port = int(url.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n")
        answer = asyncio.create_task(reader.readline())
        began = time.monotonic()
        while not answer.done():
            writer.write(b"x")
            await asyncio.wait({answer}, timeout=0.02)
        assert 0.3 <= time.monotonic() - began < 5
        assert answer.result().startswith(b"HTTP/1.1 408 ")
        writer.close()


# -- what is acknowledged without more ------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        {"type": "event_callback", "event": {"type": "team_join", "user": {"id": "U1"}}},
        {"type": "event_callback", "event": {"type": "message", "subtype": "brand_new"}},
        {"type": "event_callback", "event": {"type": "reaction_added", "item": {"type": "file"}}},
        {"type": "event_callback", "event": {"type": "from_the_future", "x": [1, {"y": None}]}},
        {"type": "app_rate_limited", "minute_rate_limited": 1518467820},
        {"type": "from_the_future"},
    ],
)
async def test_what_is_not_known_is_acknowledged(
    http: Bot, slack: Slack, body: dict[str, Any]
) -> None:
    """An event of an unknown kind gets 200 at once, so that Slack does not send it again."""
    whole = {"team_id": slack.workspace.team_id, "event_time": 1, "event_id": "Ev02", **body}
    data = json.dumps(whole).encode()
    assert 200 == (await send(http, data, signed(slack.signing_secret, data)))[0]
    assert [] == await http.rows()


async def test_slack_may_verify_the_address(http: Bot, slack: Slack) -> None:
    """The challenge that Slack sends when the address is entered comes back."""
    body = json.dumps({"type": "url_verification", "challenge": "abc123", "token": "t"}).encode()
    status, text = await send(http, body, signed(slack.signing_secret, body))
    assert (200, True) == (status, "abc123" in text)
    assert 401 == (await send(http, body, {}))[0]


async def test_a_direct_message_is_not_kept(
    http: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Even where a server sends them, direct messages are acknowledged and forgotten."""
    for more in ({"channel_type": "im"}, {"channel_type": "mpim"}, {"channel": "D0SB0000001"}):
        said = {"type": "message", "channel": room.id, "user": rosa.id, "text": IDEA, "ts": "1.0"}
        body = event(slack, said | more)
        assert 200 == (await send(http, body, signed(slack.signing_secret, body)))[0]
    assert [] == await http.rows()


async def test_what_cannot_be_stored_is_not_acknowledged(
    http: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """While the database is held by somebody else, a post gets no 200; sent again it is kept."""
    body = post_event(slack, rosa, room)
    file = http.parts.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("begin immediate")
        assert 500 == (await send(http, body, signed(slack.signing_secret, body)))[0]
        other.execute("rollback")
    assert [] == await http.rows()
    assert 200 == (await send(http, body, signed(slack.signing_secret, body)))[0]
    assert [1] == [row["number"] for row in await http.rows()]


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"null", b"\xff\xfe", b'{"type": 7}'])
async def test_nonsense_with_a_right_signature_harms_nobody(
    http: Bot, slack: Slack, body: bytes
) -> None:
    """Whatever is signed, there is an answer, and the next request is served."""
    assert (await send(http, body, signed(slack.signing_secret, body)))[0] in {200, 400, 401}
    assert 200 == (await get(f"{http.url}/readyz"))[0]
