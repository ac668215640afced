"""Events over HTTP, as an app behind an address sees it."""

import hashlib
import hmac
import json
import time
from urllib.parse import parse_qs

from aiohttp import web

from bot.sandbox.delivery import Timing
from bot.sandbox.model import Channel, Member
from tests.sandbox.plain import Receiver
from tests.slack import Slack


def tries(receiver: Receiver) -> list[tuple[str | None, str | None]]:
    """The retry headers of what came about messages."""
    return [
        (headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason"))
        for headers, body in receiver.requests
        if b"client_msg_id" in body
    ]


async def test_a_request_is_signed_now(
    sandbox: Slack, receiver: Receiver, room: Channel, rosa: Member
) -> None:
    """The signature is that of body and real time under the signing secret."""
    sandbox.post(rosa, room, "an idea")
    await sandbox.settled()
    headers, body = receiver.requests[-1]
    stamp = headers["x-slack-request-timestamp"]
    assert abs(time.time() - int(stamp)) < 5
    key, text = sandbox.signing_secret.encode(), b"v0:" + stamp.encode() + b":" + body
    digest = hmac.new(key, text, hashlib.sha256).hexdigest()
    assert f"v0={digest}" == headers["x-slack-signature"]
    assert "an idea" == json.loads(body)["event"]["text"]
    assert [(None, None)] == tries(receiver)


async def test_a_failed_event_is_sent_up_to_three_times_more(
    sandbox: Slack, receiver: Receiver, room: Channel, rosa: Member
) -> None:
    """A 500 is tried again, and says why; a 200 ends it."""
    receiver.answers += [web.Response(status=500), web.Response(status=404), web.Response()]
    sandbox.post(rosa, room, "an idea")
    await sandbox.settled()
    assert [(None, None), ("1", "http_error"), ("2", "http_error")] == tries(receiver)
    receiver.answers += [web.Response(status=500) for _ in range(5)]
    receiver.requests.clear()
    sandbox.post(rosa, room, "another")
    await sandbox.settled()
    assert 4 == len(tries(receiver))
    assert "another" == sandbox.delivery.lost[-1]["event"]["text"]


async def test_the_app_can_ask_for_no_retry(
    sandbox: Slack, receiver: Receiver, room: Channel, rosa: Member
) -> None:
    """X-Slack-No-Retry on a failure ends the matter."""
    receiver.answers.append(web.Response(status=500, headers={"X-Slack-No-Retry": "1"}))
    sandbox.post(rosa, room, "an idea")
    await sandbox.settled()
    assert 1 == len(tries(receiver))


async def test_an_app_that_is_away_is_a_failed_connection(
    sandbox: Slack, room: Channel, rosa: Member
) -> None:
    """Nobody at the address: tried again, then lost."""
    sandbox.events_url = "http://127.0.0.1:1/slack/events"
    sandbox.post(rosa, room, "an idea")
    await sandbox.settled()
    assert "an idea" == sandbox.delivery.lost[-1]["event"]["text"]
    assert "dispatch_failed" == (await sandbox.command(rosa, room, "/try it")).error


async def test_an_app_that_dawdles_is_not_waited_for(
    sandbox: Slack, receiver: Receiver, room: Channel, rosa: Member
) -> None:
    """No answer in time is http_timeout for events, operation_timeout for commands."""
    receiver.delay.clear()
    sandbox.timing = Timing(ack=0.05, retries=(0.0, 0.0, 0.0))
    sandbox.post(rosa, room, "an idea")
    await sandbox.settled()
    assert ("3", "http_timeout") == tries(receiver)[-1]
    assert "operation_timeout" == (await sandbox.command(rosa, room, "/try it")).error
    receiver.delay.set()


async def test_only_what_concerns_one_message_waits_in_line(
    sandbox: Slack, receiver: Receiver, room: Channel, rosa: Member
) -> None:
    """An edit waits until its post was taken; another message does not."""
    receiver.delay.clear()
    message = sandbox.post(rosa, room, "first")
    sandbox.edit(message, "second")
    sandbox.post(rosa, room, "another")
    await receiver.came(2)
    assert {"first", "another"} == {
        json.loads(body)["event"].get("text") for _, body in receiver.requests
    }
    receiver.delay.set()
    await sandbox.settled()
    assert "message_changed" == json.loads(receiver.requests[-1][1])["event"]["subtype"]
    assert 3 == len(receiver.requests)


async def test_a_command_is_a_form_and_its_answer_is_private(
    sandbox: Slack, receiver: Receiver, room: Channel, rosa: Member
) -> None:
    """A command comes form-encoded; text or JSON in the answer is shown to the asker."""
    receiver.answers.append(web.Response(text="done *well*"))
    answer = await sandbox.command(rosa, room, "/try this")
    assert ("done *well*", True) == (answer.text, answer.ok)
    headers, body = receiver.requests[-1]
    assert "application/x-www-form-urlencoded" == headers["content-type"]
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    assert ("/try", "this", rosa.id, room.id, "leadership", "rosa") == tuple(
        form[name]
        for name in ("command", "text", "user_id", "channel_id", "channel_name", "user_name")
    )
    blocks = [{"type": "divider"}]
    receiver.answers.append(web.json_response({"text": "x", "blocks": blocks}))
    answer = await sandbox.command(rosa, room, "/try this")
    assert "divider" == answer.blocks[0]["type"]
    assert [] == sandbox.messages(room)


async def test_an_answer_may_be_for_everybody(
    sandbox: Slack, receiver: Receiver, room: Channel, rosa: Member
) -> None:
    """response_type in_channel posts it as the bot."""
    said = {"text": "look", "response_type": "in_channel"}
    receiver.answers.append(web.json_response(said))
    await sandbox.command(rosa, room, "/try this")
    assert ["look"] == [each.text for each in sandbox.said_by_bot(room)]
    assert [] == sandbox.notes(rosa)


async def test_an_answer_that_slack_would_not_draw_is_an_error(
    sandbox: Slack, receiver: Receiver, room: Channel, rosa: Member
) -> None:
    """Invalid blocks in an answer are not shown, and the sandbox says so."""
    receiver.answers.append(web.json_response({"text": "x", "blocks": [{"type": "nonsense"}]}))
    answer = await sandbox.command(rosa, room, "/try this")
    assert (False, "invalid_blocks", []) == (answer.ok, answer.error, answer.notes)


async def test_the_address_is_verified_by_a_challenge(sandbox: Slack, receiver: Receiver) -> None:
    """Only an address that sends the challenge back is verified."""
    receiver.answers.append(web.json_response({"challenge": "sandbox-challenge"}))
    assert await sandbox.verify_url()
    assert not await sandbox.verify_url()
