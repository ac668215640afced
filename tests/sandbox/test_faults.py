"""Each fault does what it says, as often as it says."""

import asyncio

import aiohttp
import pytest

from bot.sandbox.model import Channel, Member
from tests.sandbox.plain import Client, Listen
from tests.slack import Fault, Slack


async def test_a_rate_limit_says_how_long(call: Client, sandbox: Slack, room: Channel) -> None:
    """429 comes with Retry-After, does nothing, and is over after its times."""
    sandbox.faults.rate_limit("chat.postMessage", retry_after=7, times=2)
    args = {"channel": room.id, "text": "x"}
    for _ in range(2):
        async with call.raw("chat.postMessage", json=args) as answer:
            assert (429, "7") == (answer.status, answer.headers["Retry-After"])
            assert "ratelimited" == (await answer.json())["error"]
    assert [] == sandbox.messages(room)
    assert (await call("auth.test"))["ok"]
    assert (await call("chat.postMessage", **args))["ok"]


async def test_a_refusal_may_choose_its_calls(call: Client, sandbox: Slack, room: Channel) -> None:
    """A fault with a condition strikes only calls that meet it."""
    fault = sandbox.faults.refuse(
        "chat.postMessage",
        "fatal_error",
        times=None,
        where=lambda args: "digest" in args["text"],
    )
    assert (await call("chat.postMessage", channel=room.id, text="x"))["ok"]
    for _ in range(3):
        answer = await call("chat.postMessage", channel=room.id, text="digest")
        assert "fatal_error" == answer["error"]
    fault.clear()
    assert (await call("chat.postMessage", channel=room.id, text="digest"))["ok"]
    assert 3 == fault.struck


async def test_a_crash_is_no_json(call: Client, sandbox: Slack) -> None:
    """An HTTP error strikes any method with a star."""
    sandbox.faults.crash(status=503)
    async with call.raw("auth.test") as answer:
        assert (503, "text/html") == (answer.status, answer.content_type)
    assert (await call("auth.test"))["ok"]


async def test_a_lost_answer_was_done(call: Client, sandbox: Slack, room: Channel) -> None:
    """The message is there although the caller never heard."""
    sandbox.faults.lose_answer("chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await call("chat.postMessage", channel=room.id, text="x")
    assert ["x"] == [each.text for each in sandbox.messages(room)]
    assert sandbox.calls[-1].answer["ok"]


async def test_a_hanging_call_hangs_until_it_is_lifted(
    call: Client, sandbox: Slack, room: Channel
) -> None:
    """Nothing is done and nothing answered; lifting lets the caller go with an error."""
    fault = sandbox.faults.hang("chat.postMessage")
    calling = asyncio.create_task(
        call.session.post(
            f"{sandbox.api_url}chat.postMessage", json={"channel": room.id, "text": "x"}
        )
    )
    await sandbox.until(lambda: fault.struck)
    assert not calling.done()
    sandbox.faults.clear()
    answer = await calling
    assert 503 == answer.status
    answer.release()
    assert [] == sandbox.messages(room)


async def test_an_event_may_come_several_times(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member
) -> None:
    """Copies have the same event_id, and each claims to be a first try."""
    ear = await listen()
    sandbox.faults.repeat_events(copies=3)
    sandbox.post(rosa, room, "an idea")
    copies = [await ear.envelope("message") for _ in range(3)]
    assert 1 == len({each["payload"]["event_id"] for each in copies})
    assert {0} == {each["retry_attempt"] for each in copies}
    sandbox.post(rosa, room, "another")
    assert "another" == (await ear.event("message"))["text"]
    await sandbox.settled()
    assert ear.heard.empty()


async def test_two_events_may_come_swapped(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member
) -> None:
    """The event that was held back comes right after the next one."""
    ear = await listen()
    sandbox.faults.swap_events()
    message = sandbox.post(rosa, room, "first")
    sandbox.edit(message, "second")
    assert "message_changed" == (await ear.event("message"))["subtype"]
    assert "first" == (await ear.event("message"))["text"]


async def test_an_ack_may_be_ignored(
    sandbox: Slack, listen: Listen, room: Channel, rosa: Member
) -> None:
    """The event is sent again although the app took it."""
    ear = await listen()
    sandbox.faults.ignore_acks()
    sandbox.post(rosa, room, "an idea")
    assert [0, 1] == [(await ear.envelope("message"))["retry_attempt"] for _ in range(2)]
    await sandbox.settled()
    assert [] == sandbox.delivery.lost


async def test_reactions_may_be_incomplete(
    call: Client, sandbox: Slack, room: Channel, rosa: Member, ben: Member
) -> None:
    """History lists fewer users than there are; the count stays right, and reactions.get whole."""
    message = sandbox.post(rosa, room, "an idea")
    for each in (rosa, ben):
        sandbox.react(each, message, "bulb")
    sandbox.faults.partial_reactions(keep=1)
    shown = (await call("conversations.history", channel=room.id))["messages"][0]["reactions"][0]
    assert ([rosa.id], 2) == (shown["users"], shown["count"])
    whole = await call("reactions.get", channel=room.id, timestamp=message.ts, full=True)
    assert [rosa.id, ben.id] == whole["message"]["reactions"][0]["users"]


async def test_pages_may_be_short(
    call: Client, sandbox: Slack, room: Channel, rosa: Member
) -> None:
    """No page of history is longer than the limit, whatever was asked for."""
    for number in range(5):
        sandbox.post(rosa, room, str(number))
    sandbox.faults.page_limit(2)
    page = await call("conversations.history", channel=room.id, limit=100)
    assert (2, True) == (len(page["messages"]), page["has_more"])


async def test_waiting_in_vain_says_what_was_going_on(call: Client, sandbox: Slack) -> None:
    """Until fails with what was waited for and the last calls."""
    await call("auth.test")
    with pytest.raises(TimeoutError, match=r"a miracle .* last calls: auth\.test"):
        await sandbox.until(lambda: False, within=0.01, saying="a miracle")


def test_a_fault_is_spent_after_its_times() -> None:
    """A fault that has struck often enough, or was lifted, strikes no more."""
    assert not Fault("refuse", times=1).spent
    assert Fault("refuse", times=1, struck=1).spent
    endless = Fault("refuse", times=None, struck=9)
    before = endless.spent
    endless.clear()
    assert (False, True) == (before, endless.spent)


async def test_revoked_tokens_open_nothing(call: Client, sandbox: Slack) -> None:
    """Every call is refused with the reason, until the tokens count again."""
    sandbox.revoke()
    assert "token_revoked" == (await call("auth.test"))["error"]
    refused = await call("apps.connections.open", sandbox.app_token)
    assert "token_revoked" == refused["error"]
    sandbox.revoke("")
    assert (await call("auth.test"))["ok"]


async def test_events_may_be_limited(sandbox: Slack, listen: Listen) -> None:
    """app_rate_limited is a payload of its own, not an event."""
    ear = await listen()
    sandbox.limit_events()
    payload = (await ear.next())["payload"]
    assert ("app_rate_limited", sandbox.workspace.team_id) == (payload["type"], payload["team_id"])
