"""The protocol between the page and its server."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Channel, Member, Sandbox, Timing, talk
from bot.sandbox.acts import landing
from tests.sandbox.plain import Client, Clock, Ear, Listen, make_manifest


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
def browser(session: aiohttp.ClientSession, sandbox: Sandbox) -> Browser:
    return Browser(session, sandbox.workspace.base_url)


async def test_the_page_is_served(browser: Browser) -> None:
    """The address itself is the page, and its parts are beside it."""
    async with browser.session.get(browser.url) as answer:
        assert (200, "text/html") == (answer.status, answer.content_type)
    for folder in ("static", "sandbox/static"):
        async with browser.session.get(f"{browser.url}/{folder}/index.html") as answer:
            assert 200 == answer.status


async def test_the_state_holds_what_the_page_draws(
    browser: Browser, sandbox: Sandbox, room: Channel, rosa: Member, ben: Member
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
    browser: Browser, sandbox: Sandbox, rosa: Member, ben: Member
) -> None:
    """Private channels, direct messages, private answers and their files stay with their own."""
    secret = sandbox.add_channel("secret", [ben], private=True)
    sandbox.upload(ben, secret, "plan.pdf", b"%PDF", "hidden plans")
    sandbox.post(ben, sandbox.open_im(ben), "hidden talk")
    now = sandbox.clock()
    talk.whisper(sandbox.workspace, ben.id, secret.id, "hidden answer", bot=sandbox.bot.id, now=now)
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
    browser: Browser, sandbox: Sandbox, room: Channel, rosa: Member, ben: Member
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
    browser: Browser, sandbox: Sandbox, listen: Listen, call: Client, room: Channel, rosa: Member
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
    browser: Browser, sandbox: Sandbox, room: Channel, rosa: Member
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
        ("2026-11-25T21:00:00+00:00", "friday", "2026-11-27T15:00:30-06:00"),
        ("2026-11-25T21:00:00+00:00", "monday", "2026-11-30T09:00:30-06:00"),
        ("2026-11-27T20:59:00+00:00", "friday", "2026-11-27T15:00:30-06:00"),
        ("2026-11-27T21:00:30+00:00", "friday", "2026-12-04T15:00:30-06:00"),
        ("2026-03-06T22:00:00+00:00", "monday", "2026-03-09T09:00:30-05:00"),
        ("2026-11-30T03:00:00+00:00", "monday", "2026-11-30T09:00:30-06:00"),
    ],
)
def test_a_jump_lands_just_after_the_hour(now: str, day: str, expected: str) -> None:
    """Friday 15:00:30 or Monday 09:00:30 in the workspace's zone, always ahead."""
    assert expected == landing(datetime.fromisoformat(now), day).isoformat()


@pytest.fixture
async def rehearsal(clock: Clock) -> AsyncIterator[tuple[Sandbox, list[Any]]]:
    """A sandbox with samples whose clock can jump, and what its host was asked to do."""
    told: list[Any] = []

    async def advance(instant: datetime) -> None:
        told.append(instant)
        clock.at = instant.astimezone(UTC)

    async def on_reset() -> None:
        told.append("reset")

    sandbox = Sandbox(make_manifest(), clock, advance=advance, on_reset=on_reset, samples=True)
    sandbox.timing = Timing(ack=2.0, retries=(), hold=5.0)
    async with sandbox.serving():
        yield sandbox, told


async def test_jumping_moves_the_one_clock(
    rehearsal: tuple[Sandbox, list[Any]], session: aiohttp.ClientSession
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
    rehearsal: tuple[Sandbox, list[Any]], session: aiohttp.ClientSession
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
