"""Reading channels: what history shows, page by page."""

from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.model import Channel, Member, Message
from tests.sandbox.plain import Client, Clock
from tests.slack import Slack


def posted(sandbox: Slack, room: Channel, rosa: Member, clock: Clock, count: int) -> list[Message]:
    messages = []
    for number in range(count):
        clock.move(timedelta(seconds=1))
        messages.append(sandbox.post(rosa, room, f"idea {number}"))
    return messages


async def read(call: Client, method: str, **args: Any) -> list[dict[str, Any]]:
    """Every page, to the end."""
    found: list[dict[str, Any]] = []
    while True:
        page = await call(method, **args)
        assert page["ok"], page
        found += page["messages"]
        args["cursor"] = page["response_metadata"]["next_cursor"]
        assert page["has_more"] == bool(args["cursor"])
        if not args["cursor"]:
            return found


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
async def test_history_is_whole_whatever_the_page(
    call: Client, sandbox: Slack, room: Channel, rosa: Member, clock: Clock, limit: int
) -> None:
    """Pages of any size add up to every message once, newest first."""
    messages = posted(sandbox, room, rosa, clock, 7)
    found = await read(call, "conversations.history", channel=room.id, limit=limit)
    assert [each.ts for each in messages][::-1] == [each["ts"] for each in found]


async def test_new_messages_do_not_shift_the_pages(
    call: Client, sandbox: Slack, room: Channel, rosa: Member, clock: Clock
) -> None:
    """What is posted while somebody reads on neither hides nor repeats a message."""
    messages = posted(sandbox, room, rosa, clock, 4)
    page = await call("conversations.history", channel=room.id, limit=2)
    posted(sandbox, room, rosa, clock, 1)
    cursor = page["response_metadata"]["next_cursor"]
    rest = await call("conversations.history", channel=room.id, limit=2, cursor=cursor)
    assert [messages[1].ts, messages[0].ts] == [each["ts"] for each in rest["messages"]]


async def test_the_ends_of_a_span_are_left_out_unless_asked_for(
    call: Client, sandbox: Slack, room: Channel, rosa: Member, clock: Clock
) -> None:
    """Oldest and latest are exclusive; inclusive takes both in."""
    first, second, third = posted(sandbox, room, rosa, clock, 3)
    span = {"channel": room.id, "oldest": first.ts, "latest": third.ts}
    found = await read(call, "conversations.history", **span)
    assert [second.ts] == [each["ts"] for each in found]
    found = await read(call, "conversations.history", **span, inclusive=True)
    assert [third.ts, second.ts, first.ts] == [each["ts"] for each in found]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"oldest": "yesterday"}, "invalid_ts_oldest"),
        ({"latest": "-1"}, "invalid_ts_latest"),
        ({"limit": "many"}, "invalid_limit"),
        ({"cursor": "???"}, "invalid_cursor"),
        ({"cursor": "ZnJvbToxMA=="}, "invalid_cursor"),
        ({"cursor": "\u0663"}, "invalid_cursor"),
        ({"channel": "C0NOWHERE"}, "channel_not_found"),
    ],
)
async def test_senseless_arguments_are_refused(
    call: Client, room: Channel, args: dict[str, str], error: str
) -> None:
    """Each wrong argument has its code."""
    assert error == (await call("conversations.history", **{"channel": room.id, **args}))["error"]


async def test_history_leaves_replies_out_and_counts_them(
    call: Client, sandbox: Slack, room: Channel, rosa: Member, ben: Member
) -> None:
    """A thread is its parent with counts; a broadcast stands beside it."""
    parent = sandbox.post(rosa, room, "an idea")
    sandbox.reply(ben, parent, "quietly")
    loud = sandbox.reply(ben, parent, "loudly", broadcast=True)
    broadcast, shown = await read(call, "conversations.history", channel=room.id)
    assert (loud.ts, "thread_broadcast", parent.ts) == (
        broadcast["ts"],
        broadcast["subtype"],
        broadcast["root"]["ts"],
    )
    assert (parent.ts, 2, [ben.id], loud.ts) == (
        shown["thread_ts"],
        shown["reply_count"],
        shown["reply_users"],
        shown["latest_reply"],
    )


@pytest.mark.parametrize("limit", [2, 3, 100])
async def test_replies_come_oldest_first_below_their_parent(
    call: Client, sandbox: Slack, room: Channel, rosa: Member, limit: int
) -> None:
    """conversations.replies gives the parent once, then every reply once."""
    parent = sandbox.post(rosa, room, "an idea")
    replies = [sandbox.reply(rosa, parent, str(number)) for number in range(5)]
    found = await read(call, "conversations.replies", channel=room.id, ts=parent.ts, limit=limit)
    assert [each.ts for each in [parent, *replies]] == [each["ts"] for each in found]
    assert {parent.ts} == {each["thread_ts"] for each in found}


async def test_the_ts_of_a_reply_gives_that_reply(
    call: Client, sandbox: Slack, room: Channel, rosa: Member
) -> None:
    """Asked for a reply, conversations.replies gives it alone; for nothing, thread_not_found."""
    parent = sandbox.post(rosa, room, "an idea")
    reply = sandbox.reply(rosa, parent, "more")
    found = await read(call, "conversations.replies", channel=room.id, ts=reply.ts)
    assert [(reply.ts, parent.ts)] == [(each["ts"], each["thread_ts"]) for each in found]
    missing = await call("conversations.replies", channel=room.id, ts="1.000001")
    assert "thread_not_found" == missing["error"]


async def test_a_bot_reads_only_where_it_is(call: Client, sandbox: Slack, rosa: Member) -> None:
    """Outside a public channel: not_in_channel. Outside a private one it does not exist."""
    public = sandbox.add_channel("public", [rosa])
    private = sandbox.add_channel("private", [rosa], private=True)
    for method in ("conversations.history", "conversations.replies"):
        answer = await call(method, channel=public.id, ts="1.1")
        assert "not_in_channel" == answer["error"]
    methods = ("info", "history", "replies")
    for name in methods:
        answer = await call(f"conversations.{name}", channel=private.id, ts="1.1")
        assert "channel_not_found" == answer["error"], name


async def test_lists_show_what_the_bot_may_know(
    call: Client, sandbox: Slack, room: Channel, rosa: Member
) -> None:
    """conversations.list has every public channel; users.conversations only one's own."""
    sandbox.add_channel("elsewhere", [rosa])
    sandbox.add_channel("secret", [rosa], private=True)
    inside = sandbox.add_channel("inside", [rosa], private=True, bot=True)
    kinds = "public_channel,private_channel"
    listed = await call("conversations.list", types=kinds)
    assert ["leadership", "elsewhere", "inside"] == [each["name"] for each in listed["channels"]]
    mine = await call("users.conversations", types=kinds)
    assert [room.id, inside.id] == [each["id"] for each in mine["channels"]]
    page = await call("users.conversations", types=kinds, limit=1)
    cursor = page["response_metadata"]["next_cursor"]
    rest = await call("users.conversations", types=kinds, limit=1, cursor=cursor)
    assert [inside.id] == [each["id"] for each in rest["channels"]]
    assert "" == rest["response_metadata"]["next_cursor"]
    assert "invalid_types" == (await call("conversations.list", types="public"))["error"]


async def test_members_are_counted_when_asked_for(call: Client, room: Channel) -> None:
    """conversations.info counts a channel's members on request."""
    assert "num_members" not in (await call("conversations.info", channel=room.id))["channel"]
    asked = await call("conversations.info", channel=room.id, include_num_members=True)
    assert 3 == asked["channel"]["num_members"]


async def test_direct_messages_open_once(call: Client, rosa: Member) -> None:
    """conversations.open gives the same direct messages every time."""
    first = await call("conversations.open", users=rosa.id)
    again = await call("conversations.open", users=rosa.id)
    assert first["channel"]["id"] == again["channel"]["id"]
    assert "user_not_found" == (await call("conversations.open", users="U0NOBODY"))["error"]
    assert "users_list_not_supplied" == (await call("conversations.open"))["error"]
