"""What comes over HTTP before anybody knows from whom, and where an answer may go."""

import asyncio
import copy
import functools
import gzip
import json
import operator
import time
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from aiohttp import web

from bot.clock import Clock
from bot.core.model.actions import FORMS, Act
from bot.sandbox.model import Channel, Member
from bot.serve import listen
from handlers.proxies import Proxies
from handlers.slack.web import is_of
from tests.conftest import Bot, bot_at, eventually
from tests.faults.waiting import so
from tests.faults.wire import IDEA, envelope
from tests.people import keep, tried
from tests.signing import get, send, signed
from tests.slack import Slack

BOMB = gzip.compress(bytes(200_000_000), compresslevel=9)
"""Two hundred kilobytes that are two hundred megabytes."""


@pytest.fixture
async def http(slack: Slack, database: Path, clock: Clock) -> AsyncIterator[Bot]:
    """A bot that takes everything over HTTP."""
    async with bot_at(slack, database, clock, transport="http") as running:
        yield running


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, gzip", "nonsense"])
@pytest.mark.parametrize("body", [BOMB, b"\x1f\x8b broken", zlib.compress(b"{}"), b"{}"])
async def test_nothing_is_inflated_for_a_stranger(
    http: Bot, coding: str, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """However it is compressed, or said to be: it is refused for its signature, and at once."""
    began = time.process_time()
    status, _ = await send(http, body, {"Content-Encoding": coding, **signed("wrong", body)})
    assert 401 == status
    assert time.process_time() - began < 0.5
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
async def test_what_is_signed_and_compressed_is_not_taken(
    http: Bot, slack: Slack, coding: str
) -> None:
    """Slack sends nothing compressed, so that is no signature of Slack's."""
    body = gzip.compress(b"{}")
    headers = {"Content-Encoding": coding, **signed(slack.signing_secret, body)}
    assert 401 == (await send(http, body, headers))[0]


async def test_a_signed_body_as_it_is_is_taken(
    http: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """`identity` is no compression."""
    said = {"type": "message", "channel": room.id, "user": rosa.id, "text": IDEA, "ts": "1.000002"}
    body = json.dumps(envelope(slack, said)).encode()
    headers = {"Content-Encoding": "identity", **signed(slack.signing_secret, body)}
    assert 200 == (await send(http, body, headers))[0]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"token=abc&ssl_check=1", 200),
        (b"ssl_check=1&token=abc", 200),
        (b"ssl_check=0&token=abc", 401),
        (b"ssl_check=1&command=%2Fidea&text=" + b"x" * 2_000, 401),
        (b"text=ssl_check", 401),
    ],
)
async def test_slack_may_look_at_the_certificate(http: Bot, body: bytes, status: int) -> None:
    """`ssl_check=1` without a signature is answered 200 and does nothing."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (status, []) == ((await send(http, body, headers))[0], await http.rows())
    assert 200 == (await get(f"{http.url}/readyz"))[0]


_HEAD = b"POST /slack/events HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Length: -5 hush-hush\r\n\r\n",
        b"Content-Length: 99999999999999999999999\r\n\r\nhush-hush",
        b"Transfer-Encoding: chunked\r\n\r\nhush-hush\r\nabc\r\n0\r\n\r\n",
        b"Content-Length: 100\r\n\r\nhush-hush",
        b"Transfer-Encoding: chunked\r\n\r\nff\r\nhush-hush",
    ],
)
async def test_a_request_that_cannot_be_read_is_one_line_in_the_log(
    http: Bot, raw: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Whether it is no HTTP or breaks off: without a traceback, and without what it held."""
    address = urlsplit(http.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    with caplog.at_level("INFO"):
        writer.write(_HEAD + raw)
        writer.write_eof()
        await reader.read()
        writer.close()
        await eventually(so(lambda: "could not be read" in caplog.text), "it is said")
    assert "Traceback" not in caplog.text
    assert "hush-hush" not in caplog.text


@pytest.mark.parametrize("body", [b'{"a":' * 20_000, b"payload=" + b"[" * 30_000])
async def test_what_is_nested_too_deep_is_refused(
    http: Bot, slack: Slack, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """It is not what Slack sends, though it is signed."""
    headers = signed(slack.signing_secret, body)
    if body.startswith(b"payload"):
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    assert 400 == (await send(http, body, headers))[0]
    assert "Traceback" not in caplog.text


# -- bodies of a strange shape ---------------------------------------------------------------------


def press_of(slack: Slack, who: Member, room: Channel, act: Act = Act.HELP) -> dict[str, Any]:
    """A button pressed, as Slack tells it."""
    return {
        "type": "block_actions",
        "user": {"id": who.id, "team_id": slack.workspace.team_id},
        "team": {"id": slack.workspace.team_id},
        "channel": {"id": room.id},
        "trigger_id": "1.2",
        "actions": [{"action_id": str(act), "block_id": "b", "type": "button", "value": "1"}],
    }


def form_of(slack: Slack, who: Member, form: Act) -> dict[str, Any]:
    """A form sent, as Slack tells it."""
    return {
        "type": "view_submission",
        "user": {"id": who.id, "team_id": slack.workspace.team_id},
        "view": {"type": "modal", "callback_id": str(form), "state": {"values": {}}},
    }


async def tell(http: Bot, slack: Slack, body: object, *, form: bool) -> tuple[int, str]:
    """Send a body, as JSON or in a form's field."""
    raw = json.dumps(body).encode()
    if form:
        raw = urlencode({"payload": raw}).encode()
    headers = signed(slack.signing_secret, raw)
    if form:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    return await send(http, raw, headers)


MISSING = object()
STRANGE: tuple[object, ...] = (MISSING, None, 5, True, "x", "", [], [5], [[]], {}, {"id": []})


def paths(value: object, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything in a body."""
    inside = value.items() if isinstance(value, dict) else ()
    for name, inner in enumerate(value) if isinstance(value, list) else inside:
        yield (*before, name)
        yield from paths(inner, (*before, name))


def odd_ones(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The body with each of its parts in turn missing, or something else."""
    for way in paths(body):
        for value in STRANGE:
            one = copy.deepcopy(body)
            parent = functools.reduce(operator.getitem, way[:-1], one)
            if value is MISSING:
                del parent[way[-1]]
            else:
                parent[way[-1]] = value
            yield one


def events(who: Member, room: Channel) -> dict[str, dict[str, Any]]:
    """Events of each kind, by name."""
    said = {"ts": "1.000002", "user": who.id, "text": IDEA, "thread_ts": "1.000001"}
    message = {"type": "message", "channel": room.id, "channel_type": "channel"}
    return {
        "said": message | said,
        "edited": message
        | {"subtype": "message_changed", "message": said | {"edited": {"ts": "1.4"}}},
        "deleted": message
        | {"subtype": "message_deleted", "deleted_ts": "1.000002", "previous_message": said},
        "reaction": {
            "type": "reaction_added",
            "user": who.id,
            "reaction": "bulb",
            "item": {"type": "message", "channel": room.id, "ts": "1.000009"},
        },
        "joined": {"type": "member_joined_channel", "user": who.id, "channel": room.id},
        "left": {"type": "channel_left", "channel": "C9"},
        "renamed": {"type": "channel_rename", "channel": {"id": room.id}},
        "moved": {"type": "channel_id_changed", "old_channel_id": "C8", "new_channel_id": "C9"},
        "changed": {
            "type": "user_change",
            "user": {"id": who.id, "team_id": "T1", "enterprise_user": {"teams": ["T1"]}},
        },
    }


@pytest.mark.parametrize(
    "name",
    ["said", "edited", "deleted", "reaction", "joined", "left", "renamed", "moved", "changed"],
)
async def test_an_event_of_a_strange_shape_is_refused_or_nothing(
    http: Bot,
    slack: Slack,
    rosa: Member,
    room: Channel,
    name: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever is missing or other than Slack sends it, there is no error and no traceback."""
    whole = envelope(slack, events(rosa, room)[name])
    assert 200 == (await tell(http, slack, whole, form=False))[0]
    for body in odd_ones(whole):
        assert (await tell(http, slack, body, form=False))[0] in {200, 400}, body
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("event", [[], 5, "x", None, [[]], {}, {"type": []}])
async def test_what_is_no_event_is_refused(http: Bot, slack: Slack, event: object) -> None:
    """The body is answered 400, as whatever else Slack does not send."""
    body = envelope(slack, {}) | {"event": event}
    assert 400 == (await tell(http, slack, body, form=False))[0]


@pytest.mark.parametrize("event", [5, {}, {"type": "message", "channel": 5}])
async def test_what_is_no_event_is_acknowledged_over_a_socket(
    bot: Bot, slack: Slack, event: object, caplog: pytest.LogCaptureFixture
) -> None:
    """Sent again it would be no event either; the log says that it came."""
    body = envelope(slack, {}) | {"event": event}
    assert (await slack.delivery.ask("events_api", body)).ok
    assert "is not what Slack sends" in caplog.text
    assert [] == await bot.rows()


@pytest.mark.parametrize("payload", [[], 5, "x", None, [{}]])
async def test_a_payload_that_is_no_object_is_refused(
    http: Bot, slack: Slack, payload: object
) -> None:
    """So is what stands in a form's field and is no press and no form."""
    assert 400 == (await tell(http, slack, payload, form=True))[0]


@pytest.mark.parametrize("what", [Act.HELP, Act.TRIED])
async def test_a_press_of_a_strange_shape_is_refused_or_nothing(
    http: Bot,
    slack: Slack,
    rosa: Member,
    room: Channel,
    what: Act,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever is missing or other than Slack sends it, there is no error and no traceback."""
    for body in odd_ones(press_of(slack, rosa, room, what)):
        assert (await tell(http, slack, body, form=True))[0] in {200, 400}, body
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("what", FORMS)
async def test_a_form_of_a_strange_shape_is_refused_or_nothing(
    http: Bot, slack: Slack, rosa: Member, what: Act, caplog: pytest.LogCaptureFixture
) -> None:
    """So is a form."""
    for body in odd_ones(form_of(slack, rosa, what)):
        assert (await tell(http, slack, body, form=True))[0] in {200, 400}, body
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("act", list(Act))
async def test_a_button_whose_value_is_none_of_ours_changes_nothing(
    http: Bot,
    slack: Slack,
    rosa: Member,
    room: Channel,
    act: Act,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever it says: there is no error and no traceback."""
    values: tuple[object, ...] = ("", "x", "1 x", "x y z", "9" * 30, "\u00b2", "-1", None, [], 5)
    for value in values:
        body = press_of(slack, rosa, room, act)
        body["actions"][0] |= {"value": value, "selected_option": {"value": value}}
        assert 200 == (await tell(http, slack, body, form=True))[0]
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("text", ["list", "me", "settings", ""])
async def test_a_command_of_a_strange_shape_is_refused_or_nothing(
    http: Bot,
    slack: Slack,
    rosa: Member,
    room: Channel,
    text: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever is missing or other than Slack sends it, there is no error and no traceback."""
    whole = {
        "command": "/ideas" if text else "/idea",
        "text": text,
        "team_id": slack.workspace.team_id,
        "user_id": rosa.id,
        "channel_id": room.id,
        "trigger_id": "1.2",
    }
    for body in odd_ones(whole):
        assert (await tell(http, slack, body, form=False))[0] in {200, 400}, body
    assert "Traceback" not in caplog.text


# -- where answers go ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "api", "ours"),
    [
        ("https://hooks.slack.com/actions/T/1", "https://slack.com/api/", True),
        ("https://files.slack.com:443/upload/v1/1", "https://slack.com/api/", True),
        ("http://127.0.0.1:3000/respond/1", "http://localhost:3000/api/", True),
        ("http://hooks.slack.com/actions/T/1", "https://slack.com/api/", False),
        ("https://hooks.slack.com:8443/", "https://slack.com/api/", False),
        ("https://slack.com.evil.example/", "https://slack.com/api/", False),
        ("https://evilslack.com/", "https://slack.com/api/", False),
        ("https://slack.com@evil.example/", "https://slack.com/api/", False),
        ("http://127.0.0.1:3001/respond/1", "http://127.0.0.1:3000/api/", False),
        ("http://169.254.169.254/latest", "http://127.0.0.1:3000/api/", False),
        ("file:///etc/passwd", "https://slack.com/api/", False),
        ("https://[broken", "https://slack.com/api/", False),
        ("", "https://slack.com/api/", False),
    ],
)
def test_which_addresses_are_slacks(url: str, api: str, *, ours: bool) -> None:
    """Those on the host of the Web API or below it, as safe and on the same port."""
    assert ours == is_of(url, api)


@asynccontextmanager
async def elsewhere(to: str = "") -> AsyncIterator[tuple[str, list[str]]]:
    """Somebody's server, and who asked for what there; with *to*, it leads there."""
    asked: list[str] = []

    async def take(request: web.Request) -> web.StreamResponse:
        asked.append(f"{request.method} {request.path}")
        if to:
            raise web.HTTPTemporaryRedirect(to)
        return web.json_response({"ok": True})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", take)
    async with listen(app, "127.0.0.1", 0) as address:
        yield address, asked


async def test_an_answer_goes_to_no_other_host(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A `response_url` that is not Slack's is not followed, and the press is acknowledged."""
    async with elsewhere() as (address, asked):
        press = press_of(slack, rosa, room) | {"response_url": f"{address}/respond/1"}
        assert (await slack.delivery.ask("interactive", press)).ok
        await bot.quiet()
    assert [] == asked


async def test_no_answer_of_slacks_leads_elsewhere(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A redirect is not followed: not for a call, an upload, an answer or a socket."""
    async with elsewhere() as (address, asked):
        for method in ("chat.postMessage", "users.info", "conversations.open"):
            slack.faults.crash(method, status=307, location=f"{address}/{method}")
        await slack.command(rosa, room, f"/idea {IDEA}")
        await tried(bot)
    assert [] == asked


async def test_a_file_goes_to_no_other_host(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """An `upload_url` that is not Slack's is not followed; the export is tried again later."""
    await keep(bot, slack, rosa, room, IDEA)
    async with elsewhere() as (address, asked):
        told = json.dumps({"ok": True, "upload_url": f"{address}/upload", "file_id": "F1"})
        slack.faults.crash(
            "files.getUploadURLExternal", status=200, content="application/json", body=told
        )
        await slack.command(rosa, room, "/ideas export")
        await tried(bot)
    assert [] == asked
    assert 1 == len(slack.called("files.getUploadURLExternal"))


# -- through a proxy -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "url", "expected"),
    [
        (Proxies(), "https://slack.com/api/", {}),
        (Proxies("http://p:8080"), "https://slack.com/api/", {"proxy": "http://p:8080"}),
        (Proxies("http://p:8080"), "wss://wss.slack.com/", {"proxy": "http://p:8080"}),
        (Proxies("http://p:8080"), "http://slack.test/api/", {"proxy": "http://p:8080"}),
        (Proxies("", "http://q:80"), "https://slack.com/api/", {"proxy": "http://q:80"}),
        (Proxies("http://p:1", "http://q:2"), "http://slack.test/", {"proxy": "http://q:2"}),
        (
            Proxies("http://ana:p%40ss@p:8080"),
            "https://slack.com/api/",
            {
                "proxy": "http://p:8080",
                "proxy_headers": {"Authorization": "Basic YW5hOnBAc3M="},
            },
        ),
        (Proxies("http://p:1", without="127.0.0.1, localhost"), "http://127.0.0.1:3000/", {}),
        (Proxies("http://p:1", without="*"), "https://slack.com/", {}),
        (Proxies("http://p:1", without=".slack.com"), "https://files.slack.com/", {}),
        (Proxies("http://p:1", without="*.slack.com"), "https://files.slack.com/", {}),
        (Proxies("http://p:1", without="slack.com:443"), "https://slack.com/", {}),
        (
            Proxies("http://p:1", without="slack.com:80,"),
            "https://slack.com/",
            {"proxy": "http://p:1"},
        ),
        (Proxies("http://p:1", without="lack.com"), "https://slack.com/", {"proxy": "http://p:1"}),
    ],
)
def test_which_proxy_is_taken(proxies: Proxies, url: str, expected: dict[str, Any]) -> None:
    """The scheme's own, else the other; none for a host that is excepted; no password in it."""
    assert expected == proxies.options(url)


@asynccontextmanager
async def school_proxy() -> AsyncIterator[tuple[str, list[tuple[str, str]]]]:
    """A proxy that forwards plain requests and sockets, and what went through it, by whom."""
    through: list[tuple[str, str]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *rest = head.split("\r\n")
        method, url, version = first.split(" ")
        host, _, path = url.partition("://")[2].partition("/")
        name = next((line for line in rest if line.lower().startswith("proxy-auth")), "")
        through.append((path.partition("?")[0], name.partition(": ")[2]))
        to = await asyncio.open_connection(*host.split(":"))
        if "upgrade" not in head.lower():  # one request, one connection
            rest.insert(0, "Connection: close")
        to[1].write("\r\n".join([f"{method} /{path} {version}", *rest]).encode())
        await asyncio.gather(pump(reader, to[1]), pump(to[0], writer), return_exceptions=True)

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(65_536):
            writer.write(piece)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"127.0.0.1:{port}", through


async def test_everything_goes_through_the_schools_proxy(
    slack: Slack,
    rosa: Member,
    room: Channel,
    database: Path,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Calls, the socket and uploads do, with its password, which stands in no log."""
    caplog.set_level("DEBUG")
    async with school_proxy() as (address, through):
        proxy = f"http://library:hush-hush@{address}"
        async with bot_at(slack, database, clock, https_proxy=proxy) as bot:
            await keep(bot, slack, rosa, room, IDEA)
            await slack.command(rosa, room, "/ideas export")
            await tried(bot)
    paths = {path.removeprefix("api/").partition("/")[0] for path, _ in through}
    assert {"auth.test", "apps.connections.open", "reactions.add", "upload", "link"} <= paths
    assert {"Basic bGlicmFyeTpodXNoLWh1c2g="} == {login for _, login in through}
    assert "hush-hush" not in caplog.text
    assert "bGlicmFyeTpodXNoLWh1c2g" not in caplog.text


async def test_what_is_excepted_goes_past_the_proxy(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """With `NO_PROXY=127.0.0.1,localhost` nothing for this machine goes through a proxy."""
    async with school_proxy() as (address, through):
        proxy, without = f"http://{address}", "127.0.0.1,localhost"
        async with bot_at(slack, database, clock, https_proxy=proxy, no_proxy=without) as bot:
            await keep(bot, slack, rosa, room, IDEA)
            assert 1 == len(await bot.rows())
    assert [] == through
