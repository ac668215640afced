"""Messages, reactions, private answers and files: what members and apps do with them."""

import mimetypes
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.model import Ephemeral, File, Message, Payload, SlackError
from bot.sandbox.workspace import Workspace

_EMOJI = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


@dataclass(frozen=True, slots=True)
class Messages:
    """The actions of members and apps, each at the instant that ``now`` returns.

    Members, channels and files are given by id, texts as Slack's markup.
    """

    workspace: Workspace
    now: Callable[[], datetime]

    def stamp(self) -> str:
        """A new ts for now."""
        return self.workspace.stamp(self.now())

    def post(
        self,
        user: str,
        channel: str,
        text: str,
        *,
        thread_ts: str | None = None,
        broadcast: bool = False,
        blocks: Sequence[Payload] = (),
        files: Sequence[str] = (),
        subtype: str | None = None,
        metadata: Payload | None = None,
        anywhere: bool = False,
    ) -> Message:
        """Post a message.

        Args:
            user: The author.
            channel: The channel it stands in.
            text: What it says.
            thread_ts: The message it replies to.
            broadcast: Whether a reply is shown in the channel too.
            blocks: Block Kit, already checked.
            files: The files it shares.
            subtype: One of Slack's, for what is not an ordinary message.
            metadata: What the app keeps beside it.
            anywhere: Whether the author may write without being a member of the channel.

        Raises:
            SlackError: ``channel_not_found``, ``not_in_channel``, ``is_archived``,
                ``thread_not_found``.
        """
        workspace = self.workspace
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
        ts = self.stamp()
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
        )
        for each in files:
            if channel not in workspace.files[each].channels:
                workspace.files[each].channels.append(channel)
        workspace.messages[channel][ts] = item
        self._report(workspace.shape(item), ts, item)
        return item

    def edit(
        self, user: str, channel: str, ts: str, text: str, *, blocks: Sequence[Payload] = ()
    ) -> Message:
        """Change a message of one's own.

        Raises:
            SlackError: ``message_not_found``, ``cant_update_message``, or what ``may_write``
                raises.
        """
        self.workspace.may_write(user, channel)
        item = self.workspace.message(channel, ts)
        if item.user != user or item.is_tombstone:
            raise SlackError("cant_update_message")
        before = self.workspace.whole(item)
        when = self.stamp()
        item.text, item.blocks = text, list(blocks)
        item.edited = {"user": user, "ts": when}
        self._report_change(item, before, when)
        return item

    def delete(self, user: str, channel: str, ts: str) -> None:
        """Delete a message of one's own, or anybody's as an admin.

        A message with replies leaves a tombstone, which goes with its last reply.

        Raises:
            SlackError: ``channel_not_found``, ``message_not_found``, ``cant_delete_message``.
        """
        workspace = self.workspace
        workspace.channel(channel)
        item = workspace.message(channel, ts)
        actor = workspace.member(user)
        allowed = item.user == user or (actor.is_admin and not actor.is_bot)
        if not allowed or item.is_tombstone:
            raise SlackError("cant_delete_message")
        if workspace.replies(channel, ts):
            before, when = workspace.whole(item), self.stamp()
            workspace.messages[channel][ts] = Message(
                channel, ts, item.user, "This message was deleted.", subtype="tombstone"
            )
            self._report_change(workspace.messages[channel][ts], before, when)
            return
        self._remove(item)
        parent = workspace.messages[channel].get(str(item.thread_ts)) if item.is_reply else None
        if parent is not None and parent.is_tombstone and not workspace.replies(channel, parent.ts):
            self._remove(parent)

    def react(self, user: str, channel: str, ts: str, name: str) -> None:
        """Add a reaction.

        Raises:
            SlackError: ``invalid_name``, ``message_not_found``, ``already_reacted``, or what
                ``may_write`` raises.
        """
        item = self._reactable(user, channel, ts, name)
        users = item.reactions.setdefault(name, [])
        if user in users:
            raise SlackError("already_reacted")
        users.append(user)
        self._report_reaction("reaction_added", user, item, name)

    def unreact(self, user: str, channel: str, ts: str, name: str) -> None:
        """Take back a reaction of one's own.

        Raises:
            SlackError: ``no_reaction``, and what ``react`` raises.
        """
        item = self._reactable(user, channel, ts, name)
        if user not in item.reactions.get(name, []):
            raise SlackError("no_reaction")
        item.reactions[name].remove(user)
        if not item.reactions[name]:
            del item.reactions[name]
        self._report_reaction("reaction_removed", user, item, name)

    def whisper(
        self,
        user: str,
        channel: str,
        text: str,
        *,
        bot: str,
        blocks: Sequence[Payload] = (),
        thread_ts: str | None = None,
    ) -> Ephemeral:
        """Show a private answer of ``bot`` to ``user`` alone."""
        name = self.workspace.new_id("E")
        note = Ephemeral(name, channel, self.stamp(), bot, text, list(blocks), thread_ts)
        self.workspace.ephemerals.setdefault(user, []).append(note)
        self.workspace.changed()
        return note

    def dismiss(self, user: str, note_id: str) -> None:
        """Take a private answer from sight."""
        notes = self.workspace.ephemerals.get(user, [])
        notes[:] = [each for each in notes if each.id != note_id]
        self.workspace.changed()

    def add_file(self, user: str, name: str, content: bytes, *, kind: str = "text/plain") -> File:
        """Store a file that no message shares yet.

        Args:
            user: The owner.
            name: Its name, from which its media type is guessed.
            content: Its bytes.
            kind: The media type when the name tells none.
        """
        created = int(self.now().timestamp())
        mimetype = mimetypes.guess_type(name, strict=False)[0] or kind
        item = File(self.workspace.new_id("F"), name, name, user, created, mimetype, content)
        self.workspace.files[item.id] = item
        return item

    def _reactable(self, user: str, channel: str, ts: str, name: str) -> Message:
        self.workspace.may_write(user, channel)
        if not _EMOJI.fullmatch(name):
            raise SlackError("invalid_name")
        item = self.workspace.message(channel, ts)
        if item.is_tombstone:
            raise SlackError("message_not_found")
        return item

    def _report_reaction(self, kind: str, user: str, item: Message, name: str) -> None:
        event = {
            "type": kind,
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": item.channel, "ts": item.ts},
            "item_user": item.user,
            "event_ts": self.stamp(),
        }
        room = self.workspace.channels[item.channel]
        self.workspace.report(event, room, f"{item.channel}/{item.root}")

    def _remove(self, item: Message) -> None:
        before, when = self.workspace.whole(item), self.stamp()
        del self.workspace.messages[item.channel][item.ts]
        event = {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "deleted_ts": item.ts,
            "previous_message": before,
            "ts": when,
        }
        self._report(event, when, item)

    def _report_change(self, item: Message, before: Payload, when: str) -> None:
        event = {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "message": self.workspace.whole(item),
            "previous_message": before,
            "ts": when,
        }
        self._report(event, when, item)

    def _report(self, shape: Payload, when: str, item: Message) -> None:
        room = self.workspace.channels[item.channel]
        event = {**shape, "channel": room.id, "event_ts": when, "channel_type": room.kind}
        self.workspace.report(event, room, f"{room.id}/{item.root}")
