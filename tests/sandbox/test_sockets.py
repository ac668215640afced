"""Socket Mode, as an app on the other end sees it."""

import asyncio

import aiohttp
import pytest

from bot.sandbox.delivery import Timing
from bot.sandbox.model import Channel, Member
from tests.sandbox.plain import SILENT, Client, Clock, Listen, make_manifest
from tests.slack import Slack


async def test_a_socket_begins_with_hello(
    call: Client, sandbox: Slack, session: aiohttp.ClientSession
) -> None:
    """The address opens one socket, which says hello; it opens no second one."""
    url = (await call("apps.connections.open", sandbox.app_token))["url"]
    async with session.ws_connect(url) as socket:
        hello = await socket.receive_json()
        assert ("hello", 1) == (hello["type"], hello["num_connections"])
        assert sandbox.installation.app_id == hello["connection_info"]["app_id"]
        with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
            await session.ws_connect(url)


async def test_an_event_is_acknowledged_once(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member
) -> None:
    """An acknowledged event is not sent again, and comes as a first try."""
    ear = await listen()
    sandbox.post(rosa, room, "an idea")
    envelope = await ear.envelope("message")
    assert (0, "", False) == (
        envelope["retry_attempt"],
        envelope["retry_reason"],
        envelope["accepts_response_payload"],
    )
    await sandbox.settled()
    assert ear.heard.empty()
    assert [] == sandbox.delivery.lost


async def test_an_unacknowledged_event_comes_again_and_is_given_up(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member
) -> None:
    """Without an ack one event comes four times, the later ones as retries for a timeout."""
    sandbox.timing = Timing(ack=0.01, retries=(0.0, 0.0, 0.0))
    ear = await listen(lambda _: SILENT)
    sandbox.post(rosa, room, "an idea")
    tries = [await ear.envelope("message") for _ in range(4)]
    assert [(0, ""), (1, "timeout"), (2, "timeout"), (3, "timeout")] == [
        (each["retry_attempt"], each["retry_reason"]) for each in tries
    ]
    assert 1 == len({each["payload"]["event_id"] for each in tries})
    assert 4 == len({each["envelope_id"] for each in tries})
    await sandbox.settled()
    assert tries[0]["payload"] in sandbox.delivery.lost


async def test_what_happens_while_no_socket_is_open_comes_as_a_retry(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member
) -> None:
    """Events wait for a socket, and then say that they are retries."""
    message = sandbox.post(rosa, room, "an idea")
    envelope = await (await listen()).envelope("message")
    assert message.ts == envelope["payload"]["event"]["ts"]
    assert (1, "timeout") == (envelope["retry_attempt"], envelope["retry_reason"])


async def test_slack_does_not_wait_for_a_socket_for_ever(
    sandbox: Slack, room: Channel, rosa: Member
) -> None:
    """An event that no socket took in time is lost."""
    sandbox.timing = Timing(hold=0.01)
    sandbox.post(rosa, room, "an idea")
    await sandbox.settled()
    assert "an idea" == sandbox.delivery.lost[-1]["event"]["text"]


async def test_each_event_goes_to_one_socket(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member
) -> None:
    """With two sockets open each event goes to either, and both get some."""
    first, second = await listen(), await listen()
    sent = {sandbox.post(rosa, room, str(number)).ts for number in range(6)}
    await sandbox.settled()
    heard = []
    for ear in (first, second):
        own = [ear.heard.get_nowait() for _ in range(ear.heard.qsize())]
        heard.append({each["payload"]["event"].get("ts") for each in own} & sent)
    assert sent == heard[0] | heard[1]
    assert set() == heard[0] & heard[1]
    assert all(heard)


async def test_the_eleventh_socket_is_turned_away(
    call: Client, sandbox: Slack, session: aiohttp.ClientSession, listen: Listen
) -> None:
    """Ten sockets may be open at a time."""
    for _ in range(10):
        await listen()
    url = (await call("apps.connections.open", sandbox.app_token))["url"]
    async with session.ws_connect(url) as socket:
        assert "too_many_websockets" == (await socket.receive_json())["reason"]


async def test_events_of_one_message_come_in_order(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member
) -> None:
    """A post, its edits and its deletion arrive in the order in which they were done."""
    ear = await listen()
    message = sandbox.post(rosa, room, "0")
    for number in range(1, 10):
        sandbox.edit(message, str(number))
    sandbox.delete(message)
    texts = [(await ear.event("message")) for _ in range(11)]
    assert list(map(str, range(10))) == [
        each.get("text") or each["message"]["text"] for each in texts[:-1]
    ]
    assert "message_deleted" == texts[-1]["subtype"]


async def test_a_refresh_warns_and_sends_nothing_more_there(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member
) -> None:
    """After refresh_requested the old socket gets no events; a new one does."""
    old = await listen()
    await sandbox.sockets.refresh()
    reasons: list[str] = []
    while len(reasons) < 2:
        said = await old.next()
        reasons += [said["reason"]] if said["type"] == "disconnect" else []
    assert ["warning", "refresh_requested"] == reasons
    sandbox.post(rosa, room, "between")
    new = await listen()
    assert "between" == (await new.event("message"))["text"]
    assert old.heard.empty()


async def test_socket_mode_can_be_switched_off(sandbox: Slack, listen: Listen) -> None:
    """link_disabled is said on every socket, which then closes."""
    ear = await listen()
    await sandbox.sockets.disable()
    assert "link_disabled" == (await ear.next())["reason"]
    await sandbox.until(lambda: not sandbox.sockets.connections)


async def test_a_silent_socket_swallows_everything(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member
) -> None:
    """A mute socket stays open without events or pongs; its events go on to another."""
    sandbox.timing = Timing(ack=0.05, retries=(0.0, 0.0, 0.0))
    ear = await listen()
    sandbox.sockets.mute()
    sandbox.post(rosa, room, "an idea")
    await ear.socket.ping()
    other = await listen()
    envelope = await other.envelope("message")
    assert "an idea" == envelope["payload"]["event"]["text"]
    assert envelope["retry_attempt"] >= 1
    assert ear.heard.empty()
    assert not ear.socket.closed


async def test_pings_are_answered(
    sandbox: Slack, call: Client, session: aiohttp.ClientSession
) -> None:
    """A ping gets its pong, with the same words."""
    url = (await call("apps.connections.open", sandbox.app_token))["url"]
    async with session.ws_connect(url, autoping=False) as socket:
        await socket.ping(b"are you there")
        kinds = {}
        while aiohttp.WSMsgType.PONG not in kinds:
            frame = await socket.receive(timeout=5)
            kinds[frame.type] = frame.data
        assert b"are you there" == kinds[aiohttp.WSMsgType.PONG]


async def test_a_silent_socket_answers_no_ping(
    sandbox: Slack, call: Client, session: aiohttp.ClientSession
) -> None:
    """Once mute, the first thing the app sees again is the end of the socket."""
    url = (await call("apps.connections.open", sandbox.app_token))["url"]
    async with session.ws_connect(url, autoping=False) as socket:
        assert "hello" == (await socket.receive_json())["type"]
        assert aiohttp.WSMsgType.PING is (await socket.receive(timeout=5)).type
        sandbox.sockets.mute()
        await socket.ping(b"are you there")
        await sandbox.until(lambda: sandbox.sockets.swallowed)
        closing = asyncio.create_task(sandbox.sockets.close())
        assert aiohttp.WSMsgType.CLOSE is (await socket.receive(timeout=5)).type
        await closing


async def test_without_socket_mode_no_address_is_given(
    clock: Clock, session: aiohttp.ClientSession
) -> None:
    """An app whose manifest has Socket Mode off cannot open one."""
    manifest = make_manifest()
    manifest["settings"]["socket_mode_enabled"] = False
    sandbox = Slack(manifest, clock)
    async with sandbox.serving():
        answer = await Client(session, sandbox)("apps.connections.open", sandbox.app_token)
        assert not answer["ok"]
