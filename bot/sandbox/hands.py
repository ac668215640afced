"""What people in the workspace do, as tests say it.

Verbs that only change the workspace return at once, and what the app hears of them is under way.
Those that the app answers are awaited. Members and channels may be given as such or by id.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.sandbox import rooms, talk
from bot.sandbox.answers import Answer
from bot.sandbox.installation import Installation
from bot.sandbox.interactions import Interactions, Place
from bot.sandbox.model import (
    Channel,
    Ephemeral,
    File,
    Member,
    Message,
    Payload,
    SlackError,
    View,
)
from bot.sandbox.workspace import Workspace

Who = Member | str
Where = Channel | str


def id_of(thing: Member | Channel | str) -> str:
    """The id of a member or channel, given as such or by id."""
    return thing if isinstance(thing, str) else thing.id


class Hands:
    """People's verbs; every refusal is a ``SlackError`` with Slack's code."""

    def __init__(
        self,
        workspace: Workspace,
        installation: Installation,
        interactions: Interactions,
        clock: Callable[[], datetime],
    ) -> None:
        self.workspace = workspace
        self.installation = installation
        self.interactions = interactions
        self.clock = clock

    # Looking

    @property
    def bot(self) -> Member:
        """The app's bot."""
        return self.workspace.members[self.installation.bot_user]

    def member(self, name: str) -> Member:
        """A member by handle.

        Raises:
            LookupError: There is none.
        """
        for each in self.workspace.members.values():
            if each.name == name:
                return each
        raise LookupError(f"no member {name}")

    def channel(self, name: str) -> Channel:
        """A channel by name.

        Raises:
            LookupError: There is none.
        """
        for each in self.workspace.channels.values():
            if each.name == name:
                return each
        raise LookupError(f"no channel {name}")

    def messages(self, channel: Where) -> list[Message]:
        """What stands in a channel now, replies included, oldest first."""
        return list(self.workspace.messages[id_of(channel)].values())

    def said_by_bot(self, channel: Where) -> list[Message]:
        """The bot's messages in a channel, oldest first."""
        return [each for each in self.messages(channel) if each.user == self.bot.id]

    def notes(self, user: Who) -> list[Ephemeral]:
        """The private answers that a member sees."""
        return self.workspace.ephemerals.get(id_of(user), [])

    def view(self, user: Who) -> View | None:
        """The modal a member has before them."""
        stack = self.workspace.views.get(id_of(user))
        return stack[-1] if stack else None

    def home(self, user: Who) -> View | None:
        """The App Home that the app published for a member."""
        return self.workspace.homes.get(id_of(user))

    def shape(self, message: Message) -> Payload:
        """A message as Slack's history shows it."""
        return self.workspace.whole(message)

    # People and channels

    def add_user(self, name: str, **fields: object) -> Member:
        """A new member with this handle; ``fields`` are those of ``Member``."""
        return self.workspace.add_member(name, now=self.clock(), id_=None, **fields)

    def add_bot(self, name: str) -> Member:
        """Another app's bot; what it says has the subtype ``bot_message``."""
        bot_id, app_id = self.workspace.new_id("B"), self.workspace.new_id("A")
        return self.workspace.add_member(
            name, now=self.clock(), is_bot=True, bot_id=bot_id, app_id=app_id
        )

    def change_user(self, user: Who, **fields: object) -> Member:
        """Changes fields of a member, such as ``title`` or ``is_admin``."""
        return rooms.change_member(self.workspace, id_of(user), now=self.clock(), **fields)

    def rename_user(self, user: Who, display_name: str) -> Member:
        """Gives a member another display name."""
        return self.change_user(user, display_name=display_name)

    def deactivate(self, user: Who) -> Member:
        """Deactivates a member."""
        return self.change_user(user, deleted=True)

    def add_channel(
        self,
        name: str,
        members: Sequence[Who] | None = None,
        *,
        private: bool = False,
        bot: bool = False,
    ) -> Channel:
        """A new channel, announced by no joining.

        Args:
            name: Its name.
            members: Who is in it; by default everybody but guests and bots.
            private: Whether it is private.
            bot: Whether the app's bot is in it from the start.
        """
        if members is None:
            everybody = self.workspace.members.values()
            members = [each for each in everybody if not (each.is_bot or each.is_guest)]
        ids = [id_of(each) for each in members] + ([self.bot.id] if bot else [])
        return self.workspace.add_channel(name, ids, now=self.clock(), private=private)

    def open_im(self, user: Who) -> Channel:
        """The direct messages between a member and the bot."""
        return self.workspace.open_im(id_of(user), self.bot.id, now=self.clock())

    def join(self, user: Who, channel: Where) -> None:
        """A member joins a public channel."""
        rooms.join(self.workspace, id_of(user), id_of(channel), now=self.clock())

    def invite(self, user: Who, channel: Where, by: Who) -> None:
        """A member brings another into a channel."""
        rooms.join(self.workspace, id_of(user), id_of(channel), now=self.clock(), inviter=id_of(by))

    def invite_bot(self, channel: Where, by: Who) -> None:
        """A member brings the bot into a channel."""
        self.invite(self.bot, channel, by)

    def leave(self, user: Who, channel: Where, by: Who | None = None) -> None:
        """A member leaves, or ``by`` removes them."""
        remover = id_of(by) if by else None
        rooms.leave(self.workspace, id_of(user), id_of(channel), now=self.clock(), by=remover)

    def remove_bot(self, channel: Where, by: Who) -> None:
        """A member removes the bot from a channel."""
        self.leave(self.bot, channel, by)

    def set_topic(self, user: Who, channel: Where, topic: str) -> None:
        """Sets a channel's topic."""
        rooms.set_topic(self.workspace, id_of(user), id_of(channel), topic, now=self.clock())

    def rename_channel(self, channel: Where, name: str) -> None:
        """Gives a channel another name."""
        rooms.rename(self.workspace, id_of(channel), name, now=self.clock())

    def archive(self, user: Who, channel: Where) -> None:
        """Archives a channel."""
        rooms.archive(self.workspace, id_of(user), id_of(channel), now=self.clock())

    def unarchive(self, user: Who, channel: Where) -> None:
        """Opens an archived channel again."""
        rooms.unarchive(self.workspace, id_of(user), id_of(channel), now=self.clock())

    def delete_channel(self, channel: Where) -> None:
        """Removes a channel."""
        rooms.delete(self.workspace, id_of(channel), now=self.clock())

    def make_private(self, user: Who, channel: Where) -> None:
        """Turns a public channel private."""
        rooms.make_private(self.workspace, id_of(user), id_of(channel), now=self.clock())

    def change_channel_id(self, channel: Where) -> Channel:
        """Gives a channel another id."""
        return rooms.change_id(self.workspace, id_of(channel), now=self.clock())

    # Messages

    def post(
        self,
        user: Who,
        channel: Where,
        text: str,
        *,
        thread_ts: str | None = None,
        broadcast: bool = False,
        subtype: str | None = None,
        told: Payload | None = None,
    ) -> Message:
        """Posts ``text``, which is Slack's markup; another bot's gets its subtype.

        ``told`` is what Slack tells of it instead, in a shape that no verb makes.
        """
        author = self.workspace.member(id_of(user))
        if author.is_bot and author.id != self.bot.id:
            subtype = subtype or "bot_message"
        return talk.post(
            self.workspace,
            author.id,
            id_of(channel),
            text,
            now=self.clock(),
            thread_ts=thread_ts,
            broadcast=broadcast,
            subtype=subtype,
            told=told,
        )

    def reply(self, user: Who, to: Message, text: str, *, broadcast: bool = False) -> Message:
        """Answers a message in its thread."""
        return self.post(user, to.channel, text, thread_ts=to.root, broadcast=broadcast)

    def edit(self, message: Message, text: str) -> Message:
        """The author changes a message."""
        return talk.edit(
            self.workspace, message.user, message.channel, message.ts, text, now=self.clock()
        )

    def delete(self, message: Message, by: Who | None = None) -> None:
        """The author (or ``by``, an admin) deletes a message."""
        user = id_of(by) if by else message.user
        talk.delete(self.workspace, user, message.channel, message.ts, now=self.clock())

    def react(self, user: Who, message: Message, name: str) -> None:
        """Adds a reaction."""
        talk.react(self.workspace, id_of(user), message.channel, message.ts, name, now=self.clock())

    def unreact(self, user: Who, message: Message, name: str) -> None:
        """Takes a reaction back."""
        talk.unreact(
            self.workspace, id_of(user), message.channel, message.ts, name, now=self.clock()
        )

    def unfurl(self, message: Message, url: str, title: str = "A page") -> None:
        """Slack shows a preview of a link in a message."""
        preview = {"id": 1, "from_url": url, "original_url": url, "title": title, "title_link": url}
        talk.unfurl(self.workspace, message.channel, message.ts, [preview], now=self.clock())

    def upload(
        self,
        user: Who,
        channel: Where,
        name: str,
        content: bytes,
        text: str = "",
        thread_ts: str | None = None,
    ) -> Message:
        """Shares a file, with words or without."""
        owner = id_of(user)
        self.workspace.may_write(owner, id_of(channel))
        item = talk.add_file(self.workspace, owner, name, content, now=self.clock())
        return talk.post(
            self.workspace,
            owner,
            id_of(channel),
            text,
            now=self.clock(),
            thread_ts=thread_ts,
            files=[item.id],
        )

    def files_of(self, message: Message) -> list[File]:
        """The files that a message shares."""
        return [self.workspace.files[each] for each in message.files]

    # The app

    async def command(self, user: Who, channel: Where, line: str) -> Answer:
        """Types a slash command, such as ``/ideas list``; returns when it is acknowledged."""
        return await self.interactions.command(id_of(user), id_of(channel), line)

    async def click(
        self,
        user: Who,
        place: Place,
        action_id: str,
        chosen: Any = None,
        *,
        block_id: str | None = None,
    ) -> Answer:
        """Presses a button, or chooses (by the option's value), on whatever shows it."""
        return await self.interactions.click(id_of(user), place, action_id, chosen, block_id)

    async def suggest(
        self, user: Who, place: Place, action_id: str, typed: str = ""
    ) -> list[Payload]:
        """Types into a menu whose options the app provides, and returns what it offers."""
        return await self.interactions.suggest(id_of(user), place, action_id, typed)

    async def submit(
        self, user: Who, values: Mapping[str, Any] | None = None, view: View | None = None
    ) -> Answer:
        """Fills in and submits the open form.

        Args:
            user: Who has it open.
            values: What to fill in, by block id.
            view: The form; by default the one on top.

        Raises:
            SlackError: ``no_such_view``.
        """
        shown = view or self.view(user)
        if shown is None:
            raise SlackError("no_such_view")
        return await self.interactions.submit(id_of(user), shown, values or {})

    async def close(self, user: Who, view: View | None = None) -> Answer:
        """Closes the open form.

        Raises:
            SlackError: ``no_such_view``.
        """
        shown = view or self.view(user)
        if shown is None:
            raise SlackError("no_such_view")
        return await self.interactions.close(id_of(user), shown)

    async def shortcut(self, user: Who, callback_id: str, message: Message | None = None) -> Answer:
        """Uses a shortcut, on a message or anywhere."""
        return await self.interactions.shortcut(id_of(user), callback_id, message)

    def open_home(self, user: Who, tab: str = "home") -> None:
        """A member looks at the app's home, or its ``messages``."""
        room = self.open_im(user)
        event: Payload = {
            "type": "app_home_opened",
            "user": id_of(user),
            "channel": room.id,
            "tab": tab,
            "event_ts": self.workspace.stamp(self.clock()),
        }
        self.workspace.report(event, None, f"home {id_of(user)}")

    def raise_event(self, event: Payload, channel: Where | None = None) -> None:
        """Sends any event of Slack's that no verb makes, if the app subscribed to it."""
        room = self.workspace.channel(id_of(channel)) if channel else None
        whole = {"event_ts": self.workspace.stamp(self.clock()), **event}
        self.workspace.report(whole, room, str(event["type"]))
