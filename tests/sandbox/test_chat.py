"""Posting, changing, deleting and reacting, as the bot does it."""

import json
from typing import Any

import pytest

from bot.sandbox.model import Channel, Member
from tests.sandbox.plain import Client
from tests.slack import Slack


async def test_a_bot_posts_only_where_it_is(call: Client, sandbox: Slack, rosa: Member) -> None:
    """Outside a public channel it is not_in_channel; a private one does not exist for it."""
    public = sandbox.add_channel("public", [rosa])
    private = sandbox.add_channel("private", [rosa], private=True)
    for channel, error in ((public.id, "not_in_channel"), (private.id, "channel_not_found")):
        answer = await call("chat.postMessage", channel=channel, text="hello")
        assert {"ok": False, "error": error} == answer
    assert [] == sandbox.messages(public)


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({}, "no_text"),
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": "nonsense"}, "invalid_blocks_format"),
        ({"text": "x", "username": "Somebody"}, "missing_scope"),
        ({"text": "x", "icon_emoji": ":book:"}, "missing_scope"),
        ({"text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"text": "x", "metadata": {"event_type": "digest"}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_payload": {}}}, "invalid_metadata_format"),
        (
            {"text": "x", "metadata": {"event_type": "d", "event_payload": {"k": "x" * 16_000}}},
            "metadata_too_large",
        ),
    ],
)
async def test_what_slack_refuses_is_not_posted(
    call: Client, sandbox: Slack, room: Channel, args: dict[str, Any], error: str
) -> None:
    """A message that Slack would refuse is refused, and nothing appears."""
    assert error == (await call("chat.postMessage", channel=room.id, **args))["error"]
    assert [] == sandbox.messages(room)


async def test_an_archived_channel_takes_nothing(
    call: Client, sandbox: Slack, room: Channel, rosa: Member
) -> None:
    """Nobody writes or reacts in an archived channel."""
    message = sandbox.post(rosa, room, "hello")
    sandbox.archive(rosa, room)
    answer = await call("chat.postMessage", channel=room.id, text="hello")
    assert "is_archived" == answer["error"]
    args = {"channel": room.id, "timestamp": message.ts, "name": "bulb"}
    assert "is_archived" == (await call("reactions.add", **args))["error"]


async def test_a_form_may_carry_blocks_as_text(call: Client, sandbox: Slack, room: Channel) -> None:
    """Blocks in a form are JSON in a string."""
    blocks = json.dumps([{"type": "divider"}])
    form = {"channel": room.id, "text": "x", "blocks": blocks}
    async with call.raw("chat.postMessage", data=form) as answer:
        assert (await answer.json())["ok"]
    assert "divider" == sandbox.messages(room)[0].blocks[0]["type"]


async def test_text_is_kept_as_slack_keeps_it(call: Client, sandbox: Slack, room: Channel) -> None:
    """Stray signs are escaped, addresses become links, and tokens stay."""
    text = "a < b & c <@U1> https://x.y/z?a=1&b=2."
    await call("chat.postMessage", channel=room.id, text=text)
    expected = "a &lt; b &amp; c <@U1> <https://x.y/z?a=1&amp;b=2>."
    assert expected == sandbox.messages(room)[0].text


async def test_a_member_id_is_their_direct_messages(
    call: Client, sandbox: Slack, rosa: Member
) -> None:
    """A message to a member opens the direct messages with them."""
    answer = await call("chat.postMessage", channel=rosa.id, text="hello")
    assert sandbox.open_im(rosa).id == answer["channel"]


async def test_bots_and_those_who_left_get_no_direct_messages(
    call: Client, sandbox: Slack, rosa: Member
) -> None:
    """A bot is cannot_dm_bot; a deactivated member is not found, or disabled."""
    sandbox.deactivate(rosa)
    for user, posting, opening in (
        (sandbox.bot.id, "cannot_dm_bot", "cannot_dm_bot"),
        (rosa.id, "channel_not_found", "user_disabled"),
    ):
        assert posting == (await call("chat.postMessage", channel=user, text="x"))["error"]
        assert opening == (await call("conversations.open", users=user))["error"]


async def test_a_bot_changes_and_deletes_only_its_own(
    call: Client, sandbox: Slack, room: Channel, rosa: Member
) -> None:
    """Somebody else's message is cant_update_message and cant_delete_message."""
    theirs = sandbox.post(rosa, room, "mine")
    place = {"channel": room.id, "ts": theirs.ts}
    assert "cant_update_message" == (await call("chat.update", **place, text="x"))["error"]
    assert "cant_delete_message" == (await call("chat.delete", **place))["error"]
    place["ts"] = (await call("chat.postMessage", channel=room.id, text="first"))["ts"]
    assert (await call("chat.update", **place, text="second"))["ok"]
    assert ["mine", "second"] == [each.text for each in sandbox.messages(room)]
    assert (await call("chat.delete", **place))["ok"]
    assert "message_not_found" == (await call("chat.delete", **place))["error"]
    assert "message_not_found" == (await call("chat.update", **place, text="x"))["error"]


async def test_metadata_comes_back_only_to_who_asks(call: Client, room: Channel) -> None:
    """History shows metadata with include_all_metadata, and only then."""
    metadata = {"event_type": "digest", "event_payload": {"key": "2026-W48"}}
    await call("chat.postMessage", channel=room.id, text="x", metadata=metadata)
    plain = await call("conversations.history", channel=room.id)
    assert "metadata" not in plain["messages"][0]
    asked = await call("conversations.history", channel=room.id, include_all_metadata=True)
    assert metadata == asked["messages"][0]["metadata"]


async def test_a_whisper_is_seen_by_one(
    call: Client, sandbox: Slack, room: Channel, rosa: Member, ben: Member
) -> None:
    """chat.postEphemeral reaches one member of the channel, and leaves no message."""
    args = {"channel": room.id, "text": "psst"}
    assert (await call("chat.postEphemeral", user=rosa.id, **args))["ok"]
    assert ["psst"] == [note.text for note in sandbox.notes(rosa)]
    assert [] == sandbox.notes(ben)
    assert [] == sandbox.messages(room)
    stranger = sandbox.add_user("mei")
    refused = await call("chat.postEphemeral", user=stranger.id, **args)
    assert "user_not_in_channel" == refused["error"]


async def test_reactions_are_a_set(
    call: Client, sandbox: Slack, room: Channel, rosa: Member
) -> None:
    """A second time is already_reacted; taking back what is not there is no_reaction."""
    message = sandbox.post(rosa, room, "an idea")
    args = {"channel": room.id, "timestamp": message.ts, "name": "bulb"}
    assert "no_reaction" == (await call("reactions.remove", **args))["error"]
    assert (await call("reactions.add", **args))["ok"]
    assert "already_reacted" == (await call("reactions.add", **args))["error"]
    found = await call("reactions.get", **args, full=True)
    expected = [{"name": "bulb", "users": [sandbox.bot.id], "count": 1}]
    assert expected == found["message"]["reactions"]
    assert (await call("reactions.remove", **args))["ok"]
    assert {} == message.reactions
    missing = await call("reactions.add", **{**args, "timestamp": "1.000001"})
    assert "message_not_found" == missing["error"]
    odd = await call("reactions.add", **{**args, "name": "No Such"})
    assert "invalid_name" == odd["error"]


async def test_a_permalink_names_place_and_thread(
    call: Client, sandbox: Slack, room: Channel, rosa: Member
) -> None:
    """A permalink holds the ts without its dot, and the thread of a reply."""
    parent = sandbox.post(rosa, room, "an idea")
    reply = sandbox.reply(rosa, parent, "more")
    link = await call("chat.getPermalink", channel=room.id, message_ts=parent.ts)
    assert link["permalink"].endswith(f"/archives/{room.id}/p{parent.ts.replace('.', '')}")
    link = await call("chat.getPermalink", channel=room.id, message_ts=reply.ts)
    assert link["permalink"].endswith(f"?thread_ts={parent.ts}&cid={room.id}")
    missing = await call("chat.getPermalink", channel=room.id, message_ts="1.000001")
    assert "message_not_found" == missing["error"]


async def test_a_reply_to_a_reply_joins_the_thread(
    call: Client, sandbox: Slack, room: Channel, rosa: Member
) -> None:
    """Threads have one level."""
    parent = sandbox.post(rosa, room, "an idea")
    reply = sandbox.reply(rosa, parent, "more")
    await call("chat.postMessage", channel=room.id, text="x", thread_ts=reply.ts)
    assert parent.ts == sandbox.messages(room)[-1].thread_ts
