"""The methods under ``chat.`` and ``reactions.``."""

import json
from collections.abc import Mapping
from typing import Final

from bot.sandbox.blocks import check_message
from bot.sandbox.call import Call, Method
from bot.sandbox.markup import sent_by_app
from bot.sandbox.model import Channel, Message, Payload, SlackError
from bot.sandbox.pictures import check_pictures

_TEXT = 40_000
_METADATA = 16_000


def _channel(call: Call) -> Channel:
    """Return the channel to write to, named by its id or by that of a direct message's member."""
    wanted = call.text("channel")
    if wanted in call.workspace.members:
        if call.workspace.members[wanted].is_bot:
            raise SlackError("cannot_dm_bot")
        if call.workspace.members[wanted].deleted:
            raise SlackError("channel_not_found")
        return call.workspace.open_im(wanted, call.bot, now=call.messages.now())
    for room in call.workspace.channels.values():
        if wanted == f"#{room.name}" and not room.is_private:
            return room
    return call.channel()


def _content(call: Call) -> tuple[str, list[Payload]]:
    for name in ("username", "icon_url", "icon_emoji"):
        if name in call.args:
            call.installation.need("chat:write.customize")
    text = call.text("text")
    if len(text) > _TEXT:
        raise SlackError("msg_too_long")
    blocks = check_message(call.structure("blocks", "invalid_blocks_format"))
    check_pictures(blocks, call.workspace, call.bot, call.installation.scopes)
    if not text and not blocks:
        raise SlackError("no_text")
    links = call.text("parse") != "none" and call.flag("mrkdwn", default=True)
    return sent_by_app(text, links=links), blocks


def _metadata(call: Call) -> Payload | None:
    metadata = call.structure("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not metadata["event_type"]:
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(metadata)) > _METADATA:
        raise SlackError("metadata_too_large")
    return metadata


def _post_message(call: Call) -> Payload:
    room = _channel(call)
    text, blocks = _content(call)
    metadata = _metadata(call)
    allowed = "chat:write.public" in call.installation.scopes and not room.is_private
    item = call.messages.post(
        call.bot,
        room.id,
        text,
        thread_ts=call.text("thread_ts") or None,
        broadcast=call.flag("reply_broadcast"),
        blocks=blocks,
        metadata=metadata,
        anywhere=allowed,
    )
    return {"channel": room.id, "ts": item.ts, "message": _with_metadata(call, item)}


def _with_metadata(call: Call, item: Message) -> Payload:
    shape = call.workspace.shape(item)
    return {**shape, "metadata": item.metadata} if item.metadata else shape


def _post_ephemeral(call: Call) -> Payload:
    room = call.channel()
    text, blocks = _content(call)
    call.workspace.may_write(call.bot, room.id)
    user = call.required("user")
    if user not in room.members:
        raise SlackError("user_not_in_channel")
    thread_ts = call.text("thread_ts") or None
    note = call.messages.whisper(
        user, room.id, text, bot=call.bot, blocks=blocks, thread_ts=thread_ts
    )
    return {"message_ts": note.ts}


def _update(call: Call) -> Payload:
    room = call.channel()
    text, blocks = _content(call)
    metadata = _metadata(call)
    ts = call.text("ts")
    item = call.messages.edit(call.bot, room.id, ts, text, blocks=blocks)
    item.metadata = metadata or item.metadata
    return {
        "channel": room.id,
        "ts": item.ts,
        "text": item.text,
        "message": _with_metadata(call, item),
    }


def _delete(call: Call) -> Payload:
    room = call.channel()
    call.messages.delete(call.bot, room.id, call.text("ts"))
    return {"channel": room.id, "ts": call.text("ts")}


def _permalink(call: Call) -> Payload:
    room = call.channel()
    item = call.workspace.message(room.id, call.text("message_ts"))
    return {"channel": room.id, "permalink": permalink(call.workspace.base_url, item)}


def permalink(base_url: str, item: Message) -> str:
    """Return the address of a message."""
    address = f"{base_url}/archives/{item.channel}/p{item.ts.replace('.', '')}"
    if item.is_reply:
        address += f"?thread_ts={item.thread_ts}&cid={item.channel}"
    return address


def _add(call: Call) -> Payload:
    room = call.channel()
    name = call.required("name").strip(":")
    call.messages.react(call.bot, room.id, call.text("timestamp"), name)
    return {}


def _remove(call: Call) -> Payload:
    room = call.channel()
    name = call.required("name").strip(":")
    call.messages.unreact(call.bot, room.id, call.text("timestamp"), name)
    return {}


def _get(call: Call) -> Payload:
    room = call.channel()
    item = call.workspace.message(room.id, call.text("timestamp"))
    shape = call.workspace.whole(item)
    shape["permalink"] = permalink(call.workspace.base_url, item)
    return {"type": "message", "channel": room.id, "message": shape}


CHAT: Final[Mapping[str, Method]] = {
    "chat.postMessage": Method(_post_message, "chat:write"),
    "chat.postEphemeral": Method(_post_ephemeral, "chat:write"),
    "chat.update": Method(_update, "chat:write"),
    "chat.delete": Method(_delete, "chat:write"),
    "chat.getPermalink": Method(_permalink),
    "reactions.add": Method(_add, "reactions:write"),
    "reactions.remove": Method(_remove, "reactions:write"),
    "reactions.get": Method(_get, "reactions:read"),
}
