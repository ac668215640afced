"""Who comes into a channel, and what a channel says of itself."""

from datetime import datetime

from bot.sandbox.model import Channel, Message, SlackError
from bot.sandbox.workspace import Workspace


def join(
    workspace: Workspace, user: str, channel: str, *, now: datetime, inviter: str | None = None
) -> None:
    """Add a member to a channel, by themselves or invited, and announce it there.

    Raises:
        SlackError: ``channel_not_found``, ``is_archived``, or ``already_in_channel``.
    """
    person, room = workspace.member(user), workspace.channel(channel)
    if inviter is None and room.is_private:
        raise SlackError("channel_not_found")
    if room.archived:
        raise SlackError("is_archived")
    if user in room.members:
        raise SlackError("already_in_channel")
    room.members.append(user)
    event = {
        "type": "member_joined_channel",
        "user": user,
        "channel": channel,
        "channel_type": "G" if room.is_private else "C",
        "team": person.team_id,
        "event_ts": workspace.stamp(now),
        **({"inviter": inviter} if inviter else {}),
    }
    workspace.report(event, room, f"{channel}/{user}")
    subtype = "group_join" if room.is_private else "channel_join"
    announce(workspace, room, user, f"<@{user}> has joined the channel", subtype, now, inviter)


def announce(
    workspace: Workspace,
    room: Channel,
    user: str,
    text: str,
    subtype: str,
    now: datetime,
    inviter: str | None = None,
) -> None:
    """Post what a channel says of itself about ``user``, as a message of that subtype."""
    ts = workspace.stamp(now)
    item = Message(room.id, ts, user, text, subtype=subtype, inviter=inviter)
    workspace.messages[room.id][ts] = item
    event = workspace.shape(item)
    event |= {"channel": room.id, "event_ts": ts, "channel_type": room.kind}
    workspace.report(event, room, f"{room.id}/{ts}")
