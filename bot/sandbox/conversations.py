"""The methods under ``conversations.``, and ``users.conversations``."""

import base64
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from bot.sandbox import payloads
from bot.sandbox.call import Call, Method
from bot.sandbox.model import Channel, Message, Payload, SlackError

_KIND_OF = {
    "public_channel": ("channel", "channels:read"),
    "private_channel": ("group", "groups:read"),
    "im": ("im", "im:read"),
    "mpim": ("mpim", "mpim:read"),
}
Item = TypeVar("Item")


def _info(call: Call) -> Payload:
    room = call.channel()
    call.need(room, "read")
    count = call.flag("include_num_members")
    shape = _shape(call, room, count_members=count)
    if (canvas := call.workspace.canvas_of(room.id)) is not None:
        told = {"file_id": canvas.id, "is_empty": not canvas.sections, "quip_thread_id": canvas.id}
        shape["properties"] = {"canvas": told}
    return {"channel": shape}


def _list(call: Call) -> Payload:
    mine = call.method == "users.conversations"
    kinds = []
    for kind in call.text("types", "public_channel").split(","):
        if kind.strip() not in _KIND_OF:
            raise SlackError("invalid_types")
        name, scope = _KIND_OF[kind.strip()]
        call.installation.need(scope)
        kinds.append(name)
    # Of somebody else, Slack lists the public ones and the private ones the bot is in as well.
    whose = call.workspace.member(call.text("user") or call.bot).id if mine else call.bot
    found = [
        room
        for room in call.workspace.channels.values()
        if room.kind in kinds
        and (whose in room.members or not (mine or room.is_private))
        and (call.bot in room.members or not room.is_private)
        and not (call.flag("exclude_archived") and room.archived)
    ]
    page, more = _paged(call, found, call.number("limit", 100, 999))
    return {"channels": [_shape(call, room, count_members=not mine) for room in page], **more}


def _open(call: Call) -> Payload:
    call.installation.need("im:write")
    users = [each for each in call.text("users").split(",") if each]
    if len(users) != 1:
        raise SlackError("users_list_not_supplied" if not users else "method_not_supported")
    if call.workspace.member(users[0]).deleted:
        raise SlackError("user_disabled")
    if call.workspace.member(users[0]).is_bot:
        raise SlackError("cannot_dm_bot")
    room = call.workspace.open_im(users[0], call.bot, now=call.messages.now())
    return {"channel": {"id": room.id}}


def _readable(call: Call) -> Channel:
    room = call.channel()
    call.need(room, "history")
    if call.bot not in room.members:
        raise SlackError("not_in_channel")
    return room


def _history(call: Call) -> Payload:
    room = _readable(call)
    found = [
        each
        for each in call.workspace.messages[room.id].values()
        if not each.is_reply or each.broadcast
    ]
    newest_first = _between(call, found)[::-1]
    page, more = _timeline(call, newest_first, call.number("limit", 100, 999))
    return {
        "messages": [_whole(call, each) for each in page],
        "pin_count": 0,
        "channel_actions_ts": None,
        "channel_actions_count": 0,
        **more,
        "has_more": bool(more["response_metadata"]["next_cursor"]),
    }


def _replies(call: Call) -> Payload:
    room = _readable(call)
    kept = call.workspace.messages[room.id]
    ts = call.required("ts")
    if ts not in kept:
        raise SlackError("thread_not_found")
    item = kept[ts]
    replies = [] if item.is_reply else call.workspace.replies(room.id, ts)
    page, more = _timeline(
        call, _between(call, replies), max(1, call.number("limit", 100, 999) - 1)
    )
    head = [] if call.text("cursor") else [item]
    return {
        "messages": [_whole(call, each) for each in [*head, *page]],
        **more,
        "has_more": bool(more["response_metadata"]["next_cursor"]),
    }


def _between(call: Call, found: Sequence[Message]) -> list[Message]:
    oldest, latest = call.moment("oldest"), call.moment("latest")
    both_ends = call.flag("inclusive")
    return [
        each
        for each in found
        if (oldest is None or each.ts > oldest or (both_ends and each.ts == oldest))
        and (latest is None or each.ts < latest or (both_ends and each.ts == latest))
    ]


def _timeline(
    call: Call, items: Sequence[Message], limit: int
) -> tuple[Sequence[Message], dict[str, dict[str, str]]]:
    """Return a page of messages; its cursor names a moment, so that new messages shift nothing."""
    start = 0
    cursor = _decoded(call.text("cursor"), "next_ts")
    if cursor is not None:
        moment = f"{cursor[:-6]}.{cursor[-6:]}"
        ahead = [n for n, each in enumerate(items) if (each.ts <= moment) == _falling(items)]
        exact = [n for n, each in enumerate(items) if each.ts == moment]
        start = (exact or ahead or [len(items)])[0]
    end = start + limit
    following = _encoded("next_ts", items[end].ts.replace(".", "")) if end < len(items) else ""
    return items[start:end], {"response_metadata": {"next_cursor": following}}


def _falling(items: Sequence[Message]) -> bool:
    return len(items) < 2 or items[0].ts > items[-1].ts


def _encoded(name: str, value: str) -> str:
    return base64.b64encode(f"{name}:{value}".encode()).decode()


def _decoded(cursor: str, expected: str) -> str | None:
    if not cursor:
        return None
    try:
        name, _, value = base64.b64decode(cursor, validate=True).decode().partition(":")
    except ValueError:
        raise SlackError("invalid_cursor") from None
    if name != expected or not value.isdecimal():
        raise SlackError("invalid_cursor")
    return value


def _whole(call: Call, item: Message) -> Payload:
    shape = call.workspace.whole(item)
    if item.metadata and call.flag("include_all_metadata"):
        shape["metadata"] = item.metadata
    return shape


def _shape(call: Call, room: Channel, *, count_members: bool = False) -> Payload:
    team = call.workspace.team_id
    return payloads.channel(room, team=team, viewer=call.bot, count_members=count_members)


def _paged(
    call: Call, items: Sequence[Item], limit: int
) -> tuple[Sequence[Item], dict[str, dict[str, str]]]:
    """Return one page of a list, and the cursor of the next.

    Raises:
        SlackError: ``invalid_cursor``.
    """
    start = int(_decoded(call.text("cursor"), "from") or 0)
    end = start + limit
    following = _encoded("from", str(end)) if end < len(items) else ""
    return items[start:end], {"response_metadata": {"next_cursor": following}}


CONVERSATIONS: Final[Mapping[str, Method]] = {
    "conversations.info": Method(_info),
    "conversations.list": Method(_list),
    "conversations.open": Method(_open),
    "conversations.history": Method(_history),
    "conversations.replies": Method(_replies),
    "users.conversations": Method(_list),
}
