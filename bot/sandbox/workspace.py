"""The workspace in memory: its members, channels, messages and files.

No I/O, and no clock but the instants passed in. A refusal is a ``SlackError`` with Slack's code.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from bot.sandbox import payloads
from bot.sandbox.model import (
    Canvas,
    Channel,
    Ephemeral,
    Event,
    File,
    Member,
    Message,
    Payload,
    SlackError,
    View,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Workspace:
    """Everything a small Slack knows.

    Attributes:
        members: By id, the app's own bot included.
        channels: By id, direct messages with the bot included.
        messages: By channel and ts, oldest first; replies among them.
        files: By id.
        canvases: By id.
        ephemerals: What only one member sees, by member.
        views: The open form of each member.
        homes: App Home of each member, when the app published one.
        began: When it was filled, on its own clock.
        blog_url: Where a sample blog shows boards; empty: nowhere.
        listener: Is handed each event that an app may hear of.
    """

    def __init__(
        self,
        name: str,
        team_id: str,
        listener: Callable[[Event], None],
        changed: Callable[[], None],
    ) -> None:
        self.name = name
        self.team_id = team_id
        self.domain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        self.base_url = f"https://{self.domain}.example"
        self.blog_url = ""
        self.listener = listener
        self.changed = changed
        self._last = 0
        self._serial = 0
        self.members: dict[str, Member] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, dict[str, Message]] = {}
        self.files: dict[str, File] = {}
        self.canvases: dict[str, Canvas] = {}
        self.ephemerals: dict[str, list[Ephemeral]] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.began = ""

    def clear(self) -> None:
        """Forget everything, ids and time included."""
        self._last = 0
        self._serial = 0
        self.members.clear()
        self.channels.clear()
        self.messages.clear()
        self.files.clear()
        self.canvases.clear()
        self.ephemerals.clear()
        self.views.clear()
        self.homes.clear()
        self.changed()

    def canvas_of(self, channel: str) -> Canvas | None:
        """Return the canvas of a channel, if it has one."""
        found = (each for each in self.canvases.values() if each.channel == channel)
        return next(found, None)

    # Ids and instants

    def new_id(self, prefix: str) -> str:
        """Return the next id: unique in this workspace, the same in every run."""
        self._serial += 1
        return f"{prefix}0SB{self._serial:07d}"

    def stamp(self, now: datetime) -> str:
        """Return a ts for ``now``: unique and increasing, whatever the clock does."""
        wanted = (now - _EPOCH) // _MICROSECOND
        self._last = max(wanted, self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def report(self, event: Payload, channel: Channel | None, entity: str) -> None:
        """Hand an event to the listener."""
        self.listener(Event(event, channel, entity))
        self.changed()

    # Look-ups

    def member(self, user: str) -> Member:
        """Return the member with this id.

        Raises:
            SlackError: ``user_not_found``.
        """
        if user not in self.members:
            raise SlackError("user_not_found")
        return self.members[user]

    def channel(self, channel: str) -> Channel:
        """Return the channel with this id.

        Raises:
            SlackError: ``channel_not_found``.
        """
        if channel not in self.channels:
            raise SlackError("channel_not_found")
        return self.channels[channel]

    def message(self, channel: str, ts: str) -> Message:
        """Return the message of this channel and ts.

        Raises:
            SlackError: ``message_not_found``.
        """
        if ts not in self.messages.get(channel, {}):
            raise SlackError("message_not_found")
        return self.messages[channel][ts]

    def replies(self, channel: str, ts: str) -> list[Message]:
        """Return the replies to a message, oldest first."""
        room = self.messages.get(channel, {}).values()
        return [each for each in room if each.is_reply and each.thread_ts == ts]

    def im(self, user: str, bot: str) -> Channel | None:
        """Return the direct messages between a member and a bot, or None."""
        for room in self.channels.values():
            if room.is_im and room.members == [user, bot]:
                return room
        return None

    def shape(self, item: Message) -> Payload:
        """Return a message's payload, without the counts of its thread and without reactions."""
        files = [payloads.file(self.files[each], self.base_url) for each in item.files]
        shape = payloads.message(item, self.members[item.user], files)
        if item.is_reply:
            parent = self.messages[item.channel].get(str(item.thread_ts))
            shape["thread_ts"] = item.thread_ts
            if parent is not None:
                shape["parent_user_id"] = parent.user
                if item.broadcast:
                    shape["root"] = self.whole(parent)
        return shape

    def whole(self, item: Message) -> Payload:
        """Return a message's payload as history shows it, with thread counts and reactions."""
        shape = self.shape(item)
        if not item.is_reply:
            shape |= payloads.thread(item, self.replies(item.channel, item.ts))
        if item.reactions:
            shape["reactions"] = payloads.reactions(item)
        return shape

    # People and rooms come into being

    def add_member(
        self, name: str, *, now: datetime, id_: str | None = None, **more: object
    ) -> Member:
        """Add a member.

        Args:
            name: The handle: lower case, without spaces.
            now: When.
            id_: The id to use; else a new one.
            more: Anything else that Member holds.
        """
        fields: dict[str, object] = {
            "display_name": name.capitalize(),
            "real_name": name.capitalize(),
            "team_id": self.team_id,
            "updated": int(now.timestamp()),
            **more,
        }
        person = Member(id=id_ or self.new_id("U"), name=name, **fields)  # type: ignore[arg-type]
        self.members[person.id] = person
        event = {"type": "team_join", "user": payloads.member(person), "event_ts": self.stamp(now)}
        self.report(event, None, person.id)
        return person

    def add_channel(
        self, name: str, members: Sequence[str], *, now: datetime, private: bool = False
    ) -> Channel:
        """Add a channel; the first member is its creator, and nobody is announced.

        Raises:
            SlackError: ``name_taken``.
        """
        if any(room.name == name for room in self.channels.values()):
            raise SlackError("name_taken")
        creator = members[0] if members else "USLACKBOT"
        created = int(now.timestamp())
        room = Channel(self.new_id("C"), name, created, creator, is_private=private)
        room.members += members
        self.channels[room.id] = room
        self.messages[room.id] = {}
        if not private:
            about = {"id": room.id, "name": name, "created": created, "creator": creator}
            event = {"type": "channel_created", "channel": about, "event_ts": self.stamp(now)}
            self.report(event, None, room.id)
        self.changed()
        return room

    def open_im(self, user: str, bot: str, *, now: datetime) -> Channel:
        """Return the direct messages between a member and a bot; open them if there are none."""
        self.member(user)
        room = self.im(user, bot)
        if room is None:
            room = Channel(self.new_id("D"), "directmessage", int(now.timestamp()), bot, is_im=True)
            room.is_private = True
            room.members += [user, bot]
            self.channels[room.id] = room
            self.messages[room.id] = {}
            self.changed()
        return room

    def may_write(self, user: str, channel: str) -> Channel:
        """Return a channel in which ``user`` may write now.

        Raises:
            SlackError: ``channel_not_found``, ``not_in_channel`` or ``is_archived``.
        """
        room = self.channel(channel)
        if user not in room.members:
            raise SlackError("channel_not_found" if room.is_private else "not_in_channel")
        if room.archived:
            raise SlackError("is_archived")
        return room
