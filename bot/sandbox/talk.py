"""What people and apps say: messages, reactions, private answers and files.

Each verb works on a workspace at an instant that is passed in.
"""

import mimetypes
import re
import uuid
from collections.abc import Sequence
from datetime import datetime

from bot.sandbox.model import Channel, Ephemeral, File, Message, Payload, SlackError
from bot.sandbox.workspace import Workspace

_EMOJI = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def post(
    workspace: Workspace,
    user: str,
    channel: str,
    text: str,
    *,
    now: datetime,
    thread_ts: str | None = None,
    broadcast: bool = False,
    blocks: Sequence[Payload] = (),
    files: Sequence[str] = (),
    subtype: str | None = None,
    metadata: Payload | None = None,
    anywhere: bool = False,
    told: Payload | None = None,
) -> Message:
    """A new message; ``text`` is Slack's markup.

    Args:
        user: Who writes.
        channel: Where.
        text: What, as markup.
        now: When.
        thread_ts: The parent it answers.
        broadcast: Whether the reply is shown in the channel too.
        blocks: Block Kit.
        files: Ids of files it shares.
        subtype: One of Slack's, for what is not an ordinary message.
        metadata: Kept beside it.
        anywhere: Whether writing without being a member is allowed.
        told: What Slack tells of it instead of what it usually would.

    Raises:
        SlackError: ``channel_not_found``, ``not_in_channel``, ``is_archived``,
            ``thread_not_found``.
    """
    room = workspace.channel(channel) if anywhere else workspace.may_write(user, channel)
    if room.archived:
        raise SlackError("is_archived")
    if thread_ts is not None:
        if thread_ts not in workspace.messages[channel]:
            raise SlackError("thread_not_found")
        thread_ts = workspace.messages[channel][thread_ts].root
    author = workspace.member(user)
    if broadcast and thread_ts:
        subtype = "thread_broadcast"
    elif files:
        subtype = subtype or "file_share"
    ts = workspace.stamp(now)
    item = Message(
        channel,
        ts,
        user,
        text,
        list(blocks),
        thread_ts,
        broadcast and thread_ts is not None,
        subtype,
        files=list(files),
        metadata=metadata,
        client_msg_id=None if author.is_bot else str(uuid.uuid5(uuid.NAMESPACE_OID, ts)),
        told=told or {},
    )
    for each in files:
        if channel not in workspace.files[each].channels:
            workspace.files[each].channels.append(channel)
    workspace.messages[channel][ts] = item
    _tell(workspace, room, workspace.shape(item), ts, item)
    return item


def edit(
    workspace: Workspace,
    user: str,
    channel: str,
    ts: str,
    text: str,
    *,
    now: datetime,
    blocks: Sequence[Payload] = (),
) -> Message:
    """Changes one's own message.

    Raises:
        SlackError: ``message_not_found``, ``cant_update_message`` or why one may not write.
    """
    room = workspace.may_write(user, channel)
    item = workspace.message(channel, ts)
    if item.user != user or item.is_tombstone:
        raise SlackError("cant_update_message")
    before = workspace.whole(item)
    when = workspace.stamp(now)
    item.text, item.blocks = text, list(blocks)
    item.edited = {"user": user, "ts": when}
    _changed(workspace, room, item, before, when)
    return item


def unfurl(
    workspace: Workspace, channel: str, ts: str, attachments: Sequence[Payload], *, now: datetime
) -> None:
    """Slack shows a preview of a link: a change, but nobody's edit."""
    item = workspace.message(channel, ts)
    before = workspace.whole(item)
    item.attachments = list(attachments)
    _changed(workspace, workspace.channel(channel), item, before, workspace.stamp(now))


def delete(workspace: Workspace, user: str, channel: str, ts: str, *, now: datetime) -> None:
    """Takes a message away; a parent with replies leaves a tombstone.

    Raises:
        SlackError: ``message_not_found``, ``cant_delete_message``.
    """
    room = workspace.channel(channel)
    item = workspace.message(channel, ts)
    actor = workspace.member(user)
    allowed = item.user == user or (actor.is_admin and not actor.is_bot)
    if not allowed or item.is_tombstone:
        raise SlackError("cant_delete_message")
    before = workspace.whole(item)
    when = workspace.stamp(now)
    if workspace.replies(channel, ts):
        workspace.messages[channel][ts] = Message(
            channel, ts, item.user, "This message was deleted.", subtype="tombstone"
        )
        _changed(workspace, room, workspace.messages[channel][ts], before, when)
        return
    _vanish(workspace, room, item, before, when)
    parent = workspace.messages[channel].get(str(item.thread_ts)) if item.is_reply else None
    if parent is not None and parent.is_tombstone and not workspace.replies(channel, parent.ts):
        _vanish(workspace, room, parent, workspace.whole(parent), workspace.stamp(now))


def react(
    workspace: Workspace, user: str, channel: str, ts: str, name: str, *, now: datetime
) -> None:
    """Adds a reaction.

    Raises:
        SlackError: ``invalid_name``, ``message_not_found``, ``already_reacted`` or why one
            may not write.
    """
    item = _reactable(workspace, user, channel, ts, name)
    users = item.reactions.setdefault(name, [])
    if user in users:
        raise SlackError("already_reacted")
    users.append(user)
    _reaction(workspace, "reaction_added", user, item, name, now)


def unreact(
    workspace: Workspace, user: str, channel: str, ts: str, name: str, *, now: datetime
) -> None:
    """Takes one's reaction back.

    Raises:
        SlackError: ``no_reaction`` and what ``react`` raises.
    """
    item = _reactable(workspace, user, channel, ts, name)
    if user not in item.reactions.get(name, []):
        raise SlackError("no_reaction")
    item.reactions[name].remove(user)
    if not item.reactions[name]:
        del item.reactions[name]
    _reaction(workspace, "reaction_removed", user, item, name, now)


def whisper(
    workspace: Workspace,
    user: str,
    channel: str,
    text: str,
    *,
    bot: str,
    now: datetime,
    blocks: Sequence[Payload] = (),
    thread_ts: str | None = None,
) -> Ephemeral:
    """Shows something to one member only."""
    ts = workspace.stamp(now)
    note = Ephemeral(workspace.new_id("E"), channel, ts, bot, text, list(blocks), thread_ts)
    workspace.ephemerals.setdefault(user, []).append(note)
    workspace.changed()
    return note


def add_file(
    workspace: Workspace,
    user: str,
    name: str,
    content: bytes,
    *,
    now: datetime,
    kind: str = "text/plain",
) -> File:
    """A file that nobody shares yet; ``kind`` is its media type where its name tells none."""
    created = int(now.timestamp())
    mimetype = mimetypes.guess_type(name, strict=False)[0] or kind
    item = File(workspace.new_id("F"), name, name, user, created, mimetype, content)
    workspace.files[item.id] = item
    return item


def _reactable(workspace: Workspace, user: str, channel: str, ts: str, name: str) -> Message:
    workspace.may_write(user, channel)
    if not _EMOJI.fullmatch(name):
        raise SlackError("invalid_name")
    item = workspace.message(channel, ts)
    if item.is_tombstone:
        raise SlackError("message_not_found")
    return item


def _reaction(
    workspace: Workspace, kind: str, user: str, item: Message, name: str, now: datetime
) -> None:
    event = {
        "type": kind,
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": item.channel, "ts": item.ts},
        "item_user": item.user,
        "event_ts": workspace.stamp(now),
    }
    workspace.report(event, workspace.channels[item.channel], f"{item.channel}/{item.root}")


def _vanish(workspace: Workspace, room: Channel, item: Message, before: Payload, when: str) -> None:
    del workspace.messages[room.id][item.ts]
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": item.ts,
        "previous_message": before,
        "ts": when,
    }
    _tell(workspace, room, event, when, item)


def _changed(
    workspace: Workspace, room: Channel, item: Message, before: Payload, when: str
) -> None:
    event = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": workspace.whole(item),
        "previous_message": before,
        "ts": when,
    }
    _tell(workspace, room, event, when, item)


def _tell(workspace: Workspace, room: Channel, shape: Payload, when: str, about: Message) -> None:
    event = {**shape, "channel": room.id, "event_ts": when, "channel_type": room.kind}
    workspace.report(event, room, f"{room.id}/{about.root}")
