"""The protocol between the page and its server."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.sandbox.delivery import Timing
from bot.sandbox.model import Channel, Member
from bot.sandbox.page_actions import landing
from tests.sandbox.plain import Client, Clock, Ear, Listen, make_manifest
from tests.slack import Slack


class Browser:
    """The page's side of the protocol."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session = session
        self.url = url

    async def state(self, user: str = "") -> dict[str, Any]:
        async with self.session.get(f"{self.url}/sandbox/state", params={"as": user}) as answer:
            found: dict[str, Any] = await answer.json()
            return found

    async def act(self, user: str, verb: str, **more: Any) -> dict[str, Any]:
        wanted = {"as": user, "do": verb, **more}
        async with self.session.post(f"{self.url}/sandbox/act", json=wanted) as answer:
            assert 200 == answer.status
            found: dict[str, Any] = await answer.json()
            return found


@pytest.fixture
def browser(session: aiohttp.ClientSession, sandbox: Slack) -> Browser:
    return Browser(session, sandbox.workspace.base_url)


async def test_the_page_is_served(browser: Browser) -> None:
    """The address itself is the page, and its parts are beside it."""
    async with browser.session.get(browser.url) as answer:
        assert (200, "text/html") == (answer.status, answer.content_type)
    async with browser.session.get(f"{browser.url}/sandbox/static/app.js") as answer:
        assert 200 == answer.status


async def test_the_state_holds_what_the_page_draws(
    browser: Browser, sandbox: Slack, room: Channel, rosa: Member, ben: Member
) -> None:
    """Workspace, people, commands, clock, channels, messages, files: as the protocol says."""
    sandbox.set_topic(rosa, room, "ideas")
    parent = sandbox.post(rosa, room, "an *idea*")
    reply = sandbox.reply(ben, parent, "more", broadcast=True)
    sandbox.edit(reply, "much more")
    sandbox.react(ben, parent, "bulb")
    shared = sandbox.upload(rosa, room, "plan.pdf", b"%PDF")
    state = await browser.state(rosa.id)
    assert {"name": "Test workspace", "team_id": sandbox.workspace.team_id} == state["workspace"]
    assert rosa.id == state["me"]
    assert {
        "id": rosa.id,
        "name": "Rosa (sample)",
        "real_name": "Rosa",
        "title": "",
        "initials": "R",
        "color": rosa.color,
        "is_admin": False,
        "is_bot": False,
        "is_guest": False,
    } in state["members"]
    command = {"command": "/try", "description": "Tries it", "usage_hint": "[words]"}
    assert [command] == state["commands"]
    assert {
        "now": "2026-11-25T15:00:00-06:00",
        "zone": "America/Chicago",
        "label": "Wednesday, November 25, 3:00 PM",
    } == state["clock"]
    (channel,) = state["channels"]
    assert ("leadership", "ideas", True, None) == tuple(
        channel[name] for name in ("name", "topic", "is_member", "with")
    )
    first, second, third = state["messages"][room.id][-3:]
    assert (1, [ben.id], reply.ts) == tuple(
        first[name] for name in ("reply_count", "reply_users", "latest_reply")
    )
    assert [{"name": "bulb", "users": [ben.id], "count": 1}] == first["reactions"]
    assert ("3:00 PM", "Wednesday, November 25", False) == tuple(
        first[name] for name in ("time", "day", "is_bot")
    )
    assert "blocks" not in first
    assert (parent.ts, True, ben.id) == (
        second["thread_ts"],
        second["reply_broadcast"],
        second["edited"]["user"],
    )
    assert shared.files == third["files"]
    about = state["files"][shared.files[0]]
    assert ("plan.pdf", 4, True) == (about["name"], about["size"], about["is_mine"])
    async with browser.session.get(browser.url + about["url"]) as answer:
        assert b"%PDF" == await answer.read()


async def test_nobody_sees_what_is_not_theirs(
    browser: Browser, sandbox: Slack, rosa: Member, ben: Member
) -> None:
    """Private channels, direct messages, private answers and their files stay with their own."""
    secret = sandbox.add_channel("secret", [ben], private=True)
    sandbox.upload(ben, secret, "plan.pdf", b"%PDF", "hidden plans")
    sandbox.post(ben, sandbox.open_im(ben), "hidden talk")
    sandbox.whisper(ben, secret, "hidden answer")
    state = await browser.state(rosa.id)
    assert "hidden" not in json.dumps(state)
    assert ([], {}) == (state["channels"], state["files"])
    assert "hidden plans" in json.dumps(await browser.state(ben.id))
    act = await browser.act(rosa.id, "post", channel=secret.id, text="let me in")
    assert not act["ok"]


async def test_an_unknown_member_sees_nothing(browser: Browser, rosa: Member) -> None:
    """Without a name the page gets the first member; with a wrong one, nothing."""
    assert rosa.id == (await browser.state())["me"]
    async with browser.session.get(f"{browser.url}/sandbox/state?as=U0NOBODY") as answer:
        assert 404 == answer.status


async def test_words_are_turned_into_markup(
    browser: Browser, sandbox: Slack, room: Channel, rosa: Member, ben: Member
) -> None:
    """What is typed on the page becomes Slack's markup."""
    text = "thanks @Ben (sample), see #leadership & https://x.y"
    act = await browser.act(rosa.id, "post", channel=room.id, text=text)
    expected = f"thanks <@{ben.id}>, see <#{room.id}|leadership> &amp; <https://x.y>"
    message = sandbox.workspace.message(room.id, act["ts"])
    assert expected == message.text
    place = {"channel": room.id, "ts": message.ts}
    assert (await browser.act(rosa.id, "edit", **place, text="a < b"))["ok"]
    assert "a &lt; b" == message.text
    reply = await browser.act(
        ben.id, "post", channel=room.id, text="yes", thread_ts=message.ts, broadcast=True
    )
    assert "thread_broadcast" == sandbox.workspace.message(room.id, reply["ts"]).subtype
    assert (await browser.act(ben.id, "react", **place, name=":tada:"))["ok"]
    assert {"tada": [ben.id]} == message.reactions
    assert (await browser.act(ben.id, "unreact", **place, name="tada"))["ok"]
    assert (await browser.act(rosa.id, "delete", **place))["ok"]
    state = await browser.state(rosa.id)
    assert [True, None] == [each.get("deleted") for each in state["messages"][room.id]]


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"as": "U0NOBODY", "do": "post"},
        {"do": "fly"},
        {"do": "post"},
        {"do": "post", "channel": "C0NOWHERE", "text": "x"},
        {"do": "post", "channel": "HERE", "text": "  "},
        {"do": "edit", "channel": "HERE", "ts": "1.000001", "text": "x"},
        {"do": "react", "channel": "HERE", "ts": "1.000001", "name": "bulb"},
        {"do": "command", "channel": "HERE", "text": "/nothing"},
        {"do": "click", "where": {"ephemeral": "E1", "channel": "HERE"}, "action_id": "a"},
        {"do": "submit", "view": "V1", "values": {}},
        {"do": "post", "channel": ["HERE"], "text": "x"},
        {"do": "edit", "channel": ["HERE"], "ts": {}, "text": "x"},
        {"do": "click", "where": "HERE", "action_id": "a"},
        {"do": "click", "where": ["view"], "action_id": "a"},
        {"do": "jump", "to": "sunday"},
        {"do": "jump", "to": "friday"},
    ],
)
async def test_what_cannot_be_done_is_said_in_words(
    browser: Browser, room: Channel, rosa: Member, wanted: dict[str, Any]
) -> None:
    """A refusal is a sentence that a person can read, and never a crash."""
    body = {"as": rosa.id, **wanted} if wanted else {}
    text = json.dumps(body).replace("HERE", room.id)
    async with browser.session.post(f"{browser.url}/sandbox/act", data=text) as answer:
        assert 200 == answer.status
        said = await answer.json()
    assert not said["ok"]
    assert said["error"].endswith((".", ")"))
    assert "_" not in said["error"]


async def test_commands_buttons_and_forms_work_from_the_page(
    browser: Browser, sandbox: Slack, listen: Listen, call: Client, room: Channel, rosa: Member
) -> None:
    """A command's answer appears, its button works, its form reports errors and closes."""
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]
    ear: Ear = await listen(lambda _: {"text": "found", "blocks": blocks})
    assert (await browser.act(rosa.id, "command", channel=room.id, text="/try it"))["ok"]
    (note,) = (await browser.state(rosa.id))["ephemerals"][room.id]
    assert ("found", sandbox.bot.id, "go") == (
        note["text"],
        note["user"],
        note["blocks"][0]["elements"][0]["action_id"],
    )
    await ear.next()
    where = {"channel": room.id, "ephemeral": note["id"]}
    act = await browser.act(rosa.id, "click", where=where, action_id="go", block_id="b")
    assert act["ok"]
    form = {
        "type": "modal",
        "callback_id": "share",
        "title": {"type": "plain_text", "text": "Share"},
        "submit": {"type": "plain_text", "text": "Keep"},
        "blocks": [
            {
                "type": "input",
                "block_id": "idea",
                "label": {"type": "plain_text", "text": "Idea"},
                "element": {"type": "plain_text_input", "action_id": "text"},
            }
        ],
    }
    trigger = (await ear.next())["payload"]["trigger_id"]
    assert (await call("views.open", trigger_id=trigger, view=form))["ok"]
    view = (await browser.state(rosa.id))["view"]
    assert ("Share", "Keep", "", "share", {}) == tuple(
        view[name] for name in ("title", "submit", "close", "callback_id", "errors")
    )
    empty = {"idea": {"text": {"type": "plain_text_input", "value": None}}}
    refused = await browser.act(rosa.id, "submit", view=view["id"], values=empty)
    assert not refused["ok"]
    assert ["idea"] == list((await browser.state(rosa.id))["view"]["errors"])
    ear.answer = lambda _: None
    values = {"idea": {"text": {"type": "plain_text_input", "value": "an idea"}}}
    assert (await browser.act(rosa.id, "submit", view=view["id"], values=values))["ok"]
    state = (await ear.next())["payload"]["view"]["state"]["values"]
    assert values == state
    assert (await browser.state(rosa.id))["view"] is None
    assert (await browser.act(rosa.id, "dismiss", channel=room.id, ephemeral=note["id"]))["ok"]
    assert {room.id: []} != (await browser.state(rosa.id))["ephemerals"]
    assert [] == [each for each in sandbox.notes(rosa) if each.id == note["id"]]


async def test_news_comes_as_it_happens(
    browser: Browser, sandbox: Slack, room: Channel, rosa: Member
) -> None:
    """The live stream tells the version at once, and again after each change."""
    url = f"{browser.url}/sandbox/live?as={rosa.id}"
    async with browser.session.get(url) as stream:
        assert "text/event-stream" == stream.content_type

        async def version() -> int:
            async with asyncio.timeout(5):
                line = await stream.content.readline()
                await stream.content.readline()
            return int(json.loads(line.removeprefix(b"data: "))["version"])

        first = await version()
        sandbox.post(rosa, room, "an idea")
        second = await version()
        assert second > first
        assert second == (await browser.state(rosa.id))["version"]


@pytest.mark.parametrize(
    ("now", "day", "expected"),
    [
        ("2026-11-25T21:00:00+00:00", "ahead", "2026-11-27T14:00:30-06:00"),
        ("2026-11-25T21:00:00+00:00", "friday", "2026-11-27T15:00:30-06:00"),
        ("2026-11-25T21:00:00+00:00", "monday", "2026-11-30T09:00:30-06:00"),
        ("2026-11-27T20:59:00+00:00", "friday", "2026-11-27T15:00:30-06:00"),
        ("2026-11-27T21:00:30+00:00", "friday", "2026-12-04T15:00:30-06:00"),
        ("2026-03-06T22:00:00+00:00", "monday", "2026-03-09T09:00:30-05:00"),
        ("2026-11-30T03:00:00+00:00", "monday", "2026-11-30T09:00:30-06:00"),
    ],
)
def test_a_jump_lands_just_after_the_hour(now: str, day: str, expected: str) -> None:
    """Friday 14:00:30 or 15:00:30, or Monday 09:00:30, in the workspace's zone, always ahead."""
    assert expected == landing(datetime.fromisoformat(now), day).isoformat()


@pytest.fixture
async def rehearsal(clock: Clock) -> AsyncIterator[tuple[Slack, list[Any]]]:
    """A sandbox with samples whose clock can jump, and what its host was asked to do."""
    told: list[Any] = []

    async def advance(instant: datetime) -> None:
        told.append(instant)
        clock.at = instant.astimezone(UTC)

    async def on_reset() -> None:
        told.append("reset")

    sandbox = Slack(make_manifest(), clock, advance=advance, on_reset=on_reset, samples=True)
    sandbox.timing = Timing(ack=2.0, retries=(), hold=5.0)
    async with sandbox.serving():
        yield sandbox, told


async def test_jumping_moves_the_one_clock(
    rehearsal: tuple[Slack, list[Any]], session: aiohttp.ClientSession
) -> None:
    """Jump asks the host to advance, and the page's clock shows it."""
    sandbox, told = rehearsal
    browser = Browser(session, sandbox.workspace.base_url)
    rosa = sandbox.member("rosa").id
    assert (await browser.act(rosa, "jump", to="friday"))["ok"]
    label = (await browser.state(rosa))["clock"]["label"]
    assert "Friday, November 27, 3:00 PM" == label
    assert ["2026-11-27T15:00:30-06:00"] == [each.isoformat() for each in told]


async def test_starting_afresh_brings_the_samples_back(
    rehearsal: tuple[Slack, list[Any]], session: aiohttp.ClientSession
) -> None:
    """What was said is gone, the host was told, and the samples stand as at the beginning."""
    sandbox, told = rehearsal
    browser = Browser(session, sandbox.workspace.base_url)
    rosa = sandbox.member("rosa").id
    before = await browser.state(rosa)
    channel = sandbox.channel("library-leadership").id
    assert (await browser.act(rosa, "post", channel=channel, text="mine"))["ok"]
    assert (await browser.act(rosa, "afresh"))["ok"]
    after = await browser.state(rosa)
    assert ["reset"] == told
    assert after["version"] > before["version"]
    assert {**before, "version": 0} == {**after, "version": 0}


async def test_a_photo_is_shared_as_slack_does(
    browser: Browser, sandbox: Slack, listen: Listen, room: Channel, rosa: Member, ben: Member
) -> None:
    """A file is put there first, then one message of its owner shares it, with or without words."""
    ear: Ear = await listen()
    name, picture = "our #1 corner?.webp", b"RIFF\0\0\0\0WEBP"
    url = f"{browser.url}/sandbox/file"
    async with browser.session.post(url, params={"as": rosa.id, "name": name}, data=picture) as put:
        about = (await put.json())["file"]
    assert (name, "image/webp", len(picture)) == (about["name"], about["mimetype"], about["size"])
    post = {"channel": room.id, "text": "", "files": [about["id"]]}
    assert not (await browser.act(ben.id, "post", **post))["ok"]
    act = await browser.act(rosa.id, "post", **post)
    assert not (await browser.act(rosa.id, "post", **post))["ok"]
    event = (await ear.next())["payload"]["event"]
    assert ("file_share", act["ts"], "") == (event["subtype"], event["ts"], event["text"])
    (shared,) = event["files"]
    assert (name, "image/webp") == (shared["name"], shared["mimetype"])
    auth = {"Authorization": f"Bearer {sandbox.bot_token}"}
    shown = browser.url + (await browser.state(ben.id))["files"][about["id"]]["url"]
    for address, headers in ((shown, {}), (shared["url_private"], auth)):
        async with browser.session.get(address, headers=headers) as answer:
            assert (200, picture) == (answer.status, await answer.read())


@pytest.mark.parametrize("size", [0, 33 * 1024 * 1024])
async def test_a_file_of_nobody_or_of_any_size_is_refused(
    browser: Browser, rosa: Member, size: int
) -> None:
    """What is too large, or nobody's, is refused in words and not kept."""
    params = {"as": rosa.id if size else "U0NOBODY", "name": "photo.jpg"}
    content = io.BytesIO(bytes(size))
    url = f"{browser.url}/sandbox/file"
    async with browser.session.post(url, params=params, data=content) as answer:
        said = await answer.json()
    assert not said["ok"]
    assert said["error"].endswith(".")


async def test_each_member_is_told_of_what_waits_for_the_others(
    browser: Browser, sandbox: Slack, rosa: Member, ben: Member, call: Client
) -> None:
    """The state says when the bot wrote to whom alone, and not what."""
    desk = sandbox.open_im(ben)
    assert (await call("chat.postMessage", channel=desk.id, text="for your eyes"))["ok"]
    state = await browser.state(rosa.id)
    (message,) = sandbox.messages(desk)
    assert {ben.id: {"channel": desk.id, "at": [message.ts]}} == state["told"]
    assert "for your eyes" not in json.dumps(state)


async def test_a_bot_that_hears_no_direct_messages_is_sent_none(
    clock: Clock, session: aiohttp.ClientSession
) -> None:
    """An app that has them switched off is read only there, on the page and for its server."""
    manifest = make_manifest()
    manifest["features"]["app_home"] = {"messages_tab_read_only_enabled": True}
    sandbox = Slack(manifest, clock)
    rosa = sandbox.add_user("rosa")
    room, desk = sandbox.add_channel("leadership", [rosa]), sandbox.open_im(rosa)
    async with sandbox.serving() as url:
        browser = Browser(session, url)
        channels = (await browser.state(rosa.id))["channels"]
        assert {room.id: False, desk.id: True} == {o["id"]: o["is_read_only"] for o in channels}
        act = await browser.act(rosa.id, "post", channel=desk.id, text="can you hear me?")
    assert (False, True) == (act["ok"], "cannot hear you" in act["error"])
    assert [] == sandbox.messages(desk)


@pytest.mark.parametrize("name", ["Ben Whitaker", "ben whitaker", "Ben Whitaker (sample)", "ben"])
async def test_a_sample_members_name_is_one_mention_however_it_is_typed(
    browser: Browser, sandbox: Slack, room: Channel, rosa: Member, ben: Member, name: str
) -> None:
    """With or without the mark of a sample, or by handle: the whole of it is the mention."""
    sandbox.change_user(ben, display_name="Ben Whitaker (sample)")
    act = await browser.act(rosa.id, "post", channel=room.id, text=f"thanks @{name}, truly")
    text = sandbox.workspace.message(room.id, act["ts"]).text
    assert f"thanks <@{ben.id}>, truly" == text


async def _asked(url: str, port: int, head: dict[str, str], *, method: str = "GET") -> int:
    """The status of an answer to a request with just this head."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"{method} {url} HTTP/1.1", *(f"{k}: {v}" for k, v in head.items()), "", ""]
    writer.write("\r\n".join(lines).encode())
    status = (await reader.readline()).split()[1]
    writer.close()
    return int(status)


@pytest.mark.parametrize("path", ["/", "/sandbox/state", "/sandbox/act", "/api/auth.test", "/link"])
async def test_a_page_elsewhere_cannot_reach_in(sandbox: Slack, path: str) -> None:
    """Only an address of this computer is answered, and no page but its own: also not a socket."""
    port = int(sandbox.workspace.base_url.rpartition(":")[2])
    method = "POST" if path in {"/sandbox/act", "/api/auth.test"} else "GET"
    socket = {"Connection": "Upgrade", "Upgrade": "websocket"} if path == "/link" else {}
    for name in ("127.0.0.1", "localhost"):
        own = {"Host": f"{name}:{port}", "Content-Length": "0", **socket}
        same = {**own, "Origin": f"http://{name}:{port}"}
        assert 403 not in {await _asked(path, port, head, method=method) for head in (own, same)}
        for origin in ("https://rebound.example", f"http://{name}:{port + 1}", "null"):
            head = {**own, "Origin": origin}
            assert 403 == await _asked(path, port, head, method=method)
    for host in (f"rebound.example:{port}", "rebound.example", "127.0.0.1", f"localhost:{port}0"):
        head = {"Host": host, "Content-Length": "0", **socket}
        assert 403 == await _asked(path, port, head, method=method)
