"""What befalls channels and people that no member does on the page."""

from datetime import datetime

from bot.sandbox import payloads
from bot.sandbox.channels import announce
from bot.sandbox.model import Channel, Member, SlackError
from bot.sandbox.workspace import Workspace


def leave(
    workspace: Workspace, user: str, channel: str, *, now: datetime, by: str | None = None
) -> None:
    """Take a member out of a channel; a bot that is removed hears `channel_left`.

    Raises:
        SlackError: `channel_not_found` or `not_in_channel`.
    """
    person, room = workspace.member(user), workspace.channel(channel)
    if user not in room.members:
        raise SlackError("not_in_channel")
    room.members.remove(user)
    when = workspace.stamp(now)
    if person.is_bot:
        kind = "group_left" if room.is_private else "channel_left"
        event = {"type": kind, "channel": channel, "actor_id": by or user, "event_ts": when}
        workspace.report(event, None, f"{channel}/{user}")
    else:
        letter = "G" if room.is_private else "C"
        event = {
            "type": "member_left_channel",
            "user": user,
            "channel": channel,
            "channel_type": letter,
            "team": person.team_id,
            "event_ts": when,
        }
        workspace.report(event, room, f"{channel}/{user}")
    subtype = "group_leave" if room.is_private else "channel_leave"
    announce(workspace, room, user, f"<@{user}> has left the channel", subtype, now)


def set_topic(workspace: Workspace, user: str, channel: str, topic: str, *, now: datetime) -> None:
    """Set the topic, and say so in the channel."""
    room = workspace.may_write(user, channel)
    room.topic = topic
    subtype = "group_topic" if room.is_private else "channel_topic"
    announce(workspace, room, user, f"<@{user}> set the channel topic: {topic}", subtype, now)


def rename(workspace: Workspace, channel: str, name: str, *, now: datetime) -> None:
    """Give a channel another name."""
    room = workspace.channel(channel)
    room.name = name
    about = {"id": channel, "name": name, "created": room.created, "is_channel": True}
    event = {"type": _kind(room, "rename"), "channel": about, "event_ts": workspace.stamp(now)}
    workspace.report(event, room, channel)


def archive(workspace: Workspace, user: str, channel: str, *, now: datetime) -> None:
    """Close a channel; nobody can write there any more."""
    _close(workspace, user, channel, now, archived=True)


def unarchive(workspace: Workspace, user: str, channel: str, *, now: datetime) -> None:
    """Open an archived channel again."""
    _close(workspace, user, channel, now, archived=False)


def delete(workspace: Workspace, channel: str, *, now: datetime) -> None:
    """Remove a channel with everything in it."""
    room = workspace.channel(channel)
    event = {"type": _kind(room, "deleted"), "channel": channel, "event_ts": workspace.stamp(now)}
    workspace.report(event, room, channel)
    del workspace.channels[channel]
    del workspace.messages[channel]


def make_private(workspace: Workspace, user: str, channel: str, *, now: datetime) -> None:
    """Turn a public channel private; the channel says so with a message of that subtype."""
    room = workspace.channel(channel)
    room.is_private = True
    text = f"<@{user}> made this channel *private*"
    announce(workspace, room, user, text, "channel_convert_to_private", now)


def change_id(workspace: Workspace, channel: str, *, now: datetime) -> Channel:
    """Give a channel another id, as sharing it with another workspace may do."""
    room = workspace.channel(channel)
    new = workspace.new_id("C")
    event = {
        "type": "channel_id_changed",
        "old_channel_id": channel,
        "new_channel_id": new,
        "event_ts": workspace.stamp(now),
    }
    del workspace.channels[channel]
    room.id = new
    workspace.channels[new] = room
    kept = workspace.messages.pop(channel)
    workspace.messages[new] = kept
    for item in kept.values():
        item.channel = new
    workspace.report(event, room, new)
    return room


def change_member(workspace: Workspace, user: str, *, now: datetime, **fields: object) -> Member:
    """Change fields of a member: another name or title, or `deleted=True`."""
    person = workspace.member(user)
    for name, value in fields.items():
        setattr(person, name, value)
    person.updated = int(now.timestamp())
    for kind in ("user_change", "user_profile_changed"):
        event = {
            "type": kind,
            "user": payloads.member(person),
            "cache_ts": person.updated,
            "event_ts": workspace.stamp(now),
        }
        workspace.report(event, None, user)
    return person


def _close(workspace: Workspace, user: str, channel: str, now: datetime, *, archived: bool) -> None:
    room = workspace.channel(channel)
    room.archived = archived
    kind = _kind(room, "archive" if archived else "unarchive")
    when = workspace.stamp(now)
    event = {"type": kind, "channel": channel, "user": user, "event_ts": when}
    workspace.report(event, room, channel)


def _kind(room: Channel, what: str) -> str:
    return f"group_{what}" if room.is_private else f"channel_{what}"
