"""The sandbox as tests use it: members act by code, faults are armed, quiet is waited for.

Actions that only change the workspace return at once, and what the app hears of them is under way.
Those that the app answers are awaited. Members and channels may be given as such or by id.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar

import aiohttp
from aiohttp import web

from bot.sandbox import Sandbox
from bot.sandbox.answers import Answer
from bot.sandbox.channels import join
from bot.sandbox.delivery import Timing
from bot.sandbox.interactions import Place
from bot.sandbox.model import (
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
from bot.sandbox.server import TEAM
from bot.sandbox.sockets import NO_ACK
from tests.slack import callbacks, channels
from tests.slack.callbacks import Callbacks
from tests.slack.events import FaultyEvents, FaultyTransport
from tests.slack.faults import Faults
from tests.slack.odd_shapes import OddShapes
from tests.slack.sockets import SocketFaults
from tests.slack.web_api import Called, WebApi

Who = Member | str
Where = Channel | str
Found = TypeVar("Found")


def id_of(thing: Member | Channel | str) -> str:
    """The id of a member or channel, given as such or by id."""
    return thing if isinstance(thing, str) else thing.id


class Slack:
    """A sandbox and what tests need of it; every refusal is a `SlackError` with Slack's code.

    Attributes:
        sandbox: The small Slack itself.
        faults: What goes wrong, armed by tests.
        sockets: The Socket Mode connections.
        web_api: What the app calls.
        signing_secret: What requests to the app are signed with.
    """

    def __init__(
        self,
        manifest: Mapping[str, Any],
        clock: Callable[[], datetime],
        *,
        advance: Callable[[datetime], Awaitable[None]] | None = None,
        on_reset: Callable[[], Awaitable[None]] | None = None,
        samples: bool = False,
        team: str = TEAM,
    ) -> None:
        self.clock = clock
        self.sandbox = sandbox = Sandbox(
            manifest, clock, advance=advance, on_reset=on_reset, samples=samples, team=team
        )
        self.workspace = sandbox.workspace
        self.installation = sandbox.installation
        self.delivery = sandbox.delivery
        self.interactions = sandbox.interactions
        self.faults = Faults()
        self.sockets = SocketFaults(sandbox.sockets)
        self.signing_secret = secrets.token_hex(16)
        self._shapes = OddShapes()
        self.web_api = WebApi(sandbox.api, self.faults, self._shapes, sandbox.changes, clock)
        self._events = FaultyEvents(self.delivery, self.installation, self.faults)
        self._before_start = self.workspace.listener
        self.workspace.listener = self._happened
        self._session: aiohttp.ClientSession | None = None
        self._events_url: str | None = None

    # What the app is configured with

    @property
    def bot_token(self) -> str:
        """The bot's token, `xoxb-…`."""
        return self.sandbox.bot_token

    @property
    def app_token(self) -> str:
        """The app-level token for Socket Mode, `xapp-…`."""
        return self.sandbox.app_token

    @property
    def api_url(self) -> str:
        """The base address of the Web API."""
        return self.sandbox.api_url

    @property
    def events_url(self) -> str | None:
        """Where events, commands and clicks are sent over HTTP; None: Socket Mode."""
        return self._events_url

    @events_url.setter
    def events_url(self, url: str | None) -> None:
        self._events_url = url
        self._choose_transport()

    @property
    def timing(self) -> Timing:
        """How patient this Slack is."""
        return self.delivery.timing

    @timing.setter
    def timing(self, timing: Timing) -> None:
        self.delivery.timing = timing

    # Running

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[str]:
        """Serve on loopback, for as long as the block runs, and yield the base address."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        self.sandbox.add_routes(app)
        app.middlewares.extend((self.web_api.middleware, self.sockets.middleware))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with aiohttp.ClientSession() as session:
            self._session = session
            await self.sandbox.start(address)
            self._choose_transport()
            try:
                yield address
            finally:
                self.faults.clear()
                self._events.clear()
                await self.sandbox.stop()
                self._session = None
                await runner.cleanup()

    def _choose_transport(self) -> None:
        if self._session is None:
            return
        if self._events_url is None:
            sockets = self.sockets.sockets
            self.delivery.transport = FaultyTransport(sockets, self.faults, NO_ACK)
        else:
            carrier = self._callbacks(self._session, self._events_url)
            self.delivery.transport = FaultyTransport(carrier, self.faults, callbacks.NO_ACK)

    def _callbacks(self, session: aiohttp.ClientSession, url: str) -> Callbacks:
        return Callbacks(self.installation.verification, self.signing_secret, session, url)

    def _happened(self, event: Event) -> None:
        told = self._shapes.event(event)
        if self.delivery.transport is None:
            self._before_start(told)
        else:
            self._events.submit(told)

    # Waiting and asking

    async def until(
        self, predicate: Callable[[], Found], *, within: float = 30.0, saying: str = ""
    ) -> Found:
        """Wait until `predicate` holds, looking again whenever anything changes here.

        Raises:
            TimeoutError: It does not hold within so many seconds; says what was called last.
        """
        changes = self.sandbox.changes
        try:
            async with asyncio.timeout(within):
                while not (found := predicate()):
                    await changes.after(changes.version)
        except TimeoutError:
            last = ", ".join(
                f"{each.method}{'!' + each.error if each.error else ''}" for each in self.calls[-8:]
            )
            wish = saying or "what was waited for"
            pending, lost = len(self.delivery.pending), len(self.delivery.lost)
            raise TimeoutError(
                f"{wish} did not come true in {within} s; last calls: {last or 'none'}; "
                f"{pending} events pending, {lost} lost, {len(self.sockets.connections)} sockets"
            ) from None
        return found

    async def settled(self, *, within: float = 30.0) -> None:
        """Wait until every event is acknowledged or given up."""
        await self.until(lambda: not self.delivery.pending, within=within, saying="quiet")

    async def connected(self, sockets: int = 1, *, within: float = 30.0) -> None:
        """Wait until the app has so many sockets open."""
        await self.until(
            lambda: len(self.sockets.usable) >= sockets, within=within, saying="a socket"
        )

    @property
    def calls(self) -> list[Called]:
        """Every Web API call that came in."""
        return self.web_api.calls

    def called(self, method: str) -> list[Payload]:
        """The arguments of every call of a method so far."""
        return [each.args for each in self.calls if each.method == method]

    async def verify_url(self) -> bool:
        """Whether the app's address answers Slack's challenge."""
        if self._session is None or self._events_url is None:
            return False
        return await self._callbacks(self._session, self._events_url).verify(self.timing)

    def limit_events(self) -> None:
        """Tell the app that its events are rate limited (`app_rate_limited`)."""
        payload = {
            "token": self.installation.verification,
            "type": "app_rate_limited",
            "team_id": self.workspace.team_id,
            "minute_rate_limited": int(self.clock().timestamp()),
            "api_app_id": self.installation.app_id,
        }
        self.delivery.send(payload, "app_rate_limited")

    def revoke(self, why: str = "token_revoked") -> None:
        """Let the tokens count no more: every call is refused with `why`; empty: they do."""
        self.web_api.revoked = why

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
        """The form a member has open."""
        return self.workspace.views.get(id_of(user))

    def home(self, user: Who) -> View | None:
        """The App Home that the app published for a member."""
        return self.workspace.homes.get(id_of(user))

    def shape(self, message: Message) -> Payload:
        """A message as Slack's history shows it."""
        told: Payload = self._shapes.retold(self.workspace.whole(message))
        return told

    # People and channels

    def add_user(self, name: str, **fields: object) -> Member:
        """A new member with this handle; `fields` are those of `Member`."""
        return self.workspace.add_member(name, now=self.clock(), id_=None, **fields)

    def add_bot(self, name: str) -> Member:
        """Another app's bot; what it says has the subtype `bot_message`."""
        bot_id, app_id = self.workspace.new_id("B"), self.workspace.new_id("A")
        return self.workspace.add_member(
            name, now=self.clock(), is_bot=True, bot_id=bot_id, app_id=app_id
        )

    def change_user(self, user: Who, **fields: object) -> Member:
        """Change fields of a member, such as `title` or `is_admin`."""
        return channels.change_member(self.workspace, id_of(user), now=self.clock(), **fields)

    def rename_user(self, user: Who, display_name: str) -> Member:
        """Give a member another display name."""
        return self.change_user(user, display_name=display_name)

    def deactivate(self, user: Who) -> Member:
        """Deactivate a member."""
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
        join(self.workspace, id_of(user), id_of(channel), now=self.clock())

    def invite(self, user: Who, channel: Where, by: Who) -> None:
        """A member brings another into a channel."""
        join(self.workspace, id_of(user), id_of(channel), now=self.clock(), inviter=id_of(by))

    def invite_bot(self, channel: Where, by: Who) -> None:
        """A member brings the bot into a channel."""
        self.invite(self.bot, channel, by)

    def leave(self, user: Who, channel: Where, by: Who | None = None) -> None:
        """A member leaves, or `by` removes them."""
        remover = id_of(by) if by else None
        channels.leave(self.workspace, id_of(user), id_of(channel), now=self.clock(), by=remover)

    def remove_bot(self, channel: Where, by: Who) -> None:
        """A member removes the bot from a channel."""
        self.leave(self.bot, channel, by)

    def set_topic(self, user: Who, channel: Where, topic: str) -> None:
        """Set a channel's topic."""
        channels.set_topic(self.workspace, id_of(user), id_of(channel), topic, now=self.clock())

    def rename_channel(self, channel: Where, name: str) -> None:
        """Give a channel another name."""
        channels.rename(self.workspace, id_of(channel), name, now=self.clock())

    def archive(self, user: Who, channel: Where) -> None:
        """Archive a channel."""
        channels.archive(self.workspace, id_of(user), id_of(channel), now=self.clock())

    def unarchive(self, user: Who, channel: Where) -> None:
        """Open an archived channel again."""
        channels.unarchive(self.workspace, id_of(user), id_of(channel), now=self.clock())

    def delete_channel(self, channel: Where) -> None:
        """Remove a channel."""
        channels.delete(self.workspace, id_of(channel), now=self.clock())

    def make_private(self, user: Who, channel: Where) -> None:
        """Turn a public channel private."""
        channels.make_private(self.workspace, id_of(user), id_of(channel), now=self.clock())

    def change_channel_id(self, channel: Where) -> Channel:
        """Give a channel another id."""
        return channels.change_id(self.workspace, id_of(channel), now=self.clock())

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
        """Post `text`, which is Slack's markup; another bot's gets its subtype.

        `told` is what Slack tells of it instead, in a shape that no verb makes.
        """
        author = self.workspace.member(id_of(user))
        if author.is_bot and author.id != self.bot.id:
            subtype = subtype or "bot_message"
        with self._shapes.of_the_next(told):
            return self.sandbox.messages.post(
                author.id,
                id_of(channel),
                text,
                thread_ts=thread_ts,
                broadcast=broadcast,
                subtype=subtype,
            )

    def reply(self, user: Who, to: Message, text: str, *, broadcast: bool = False) -> Message:
        """Answer a message in its thread."""
        return self.post(user, to.channel, text, thread_ts=to.root, broadcast=broadcast)

    def edit(self, message: Message, text: str) -> Message:
        """The author changes a message."""
        return self.sandbox.messages.edit(message.user, message.channel, message.ts, text)

    def delete(self, message: Message, by: Who | None = None) -> None:
        """The author (or `by`, an admin) deletes a message."""
        user = id_of(by) if by else message.user
        self.sandbox.messages.delete(user, message.channel, message.ts)

    def react(self, user: Who, message: Message, name: str) -> None:
        """Add a reaction."""
        self.sandbox.messages.react(id_of(user), message.channel, message.ts, name)

    def unreact(self, user: Who, message: Message, name: str) -> None:
        """Take a reaction back."""
        self.sandbox.messages.unreact(id_of(user), message.channel, message.ts, name)

    def whisper(self, user: Who, channel: Where, text: str) -> Ephemeral:
        """The bot shows something to one member alone."""
        messages = self.sandbox.messages
        return messages.whisper(id_of(user), id_of(channel), text, bot=self.bot.id)

    def told(self, message: Message) -> Payload:
        """What Slack tells of a message in place of the usual, to be changed; None: nothing."""
        return self._shapes.told(message.ts)

    def unfurl(self, message: Message, url: str, title: str = "A page") -> None:
        """Slack shows a preview of a link in a message."""
        preview = {"id": 1, "from_url": url, "original_url": url, "title": title, "title_link": url}
        self._changes(message, "attachments", [preview])

    def take_files(self, message: Message, mode: str = "tombstone", *, keep: int = 0) -> None:
        """Files of a message are deleted, but the last *keep*; or hidden, with that *mode*."""
        files = self.shape(message)["files"]
        gone = len(files) - keep
        left = [{"id": one["id"], "mode": mode} for one in files[:gone]] + files[gone:]
        self._changes(message, "files", left)

    def _changes(self, message: Message, what: str, value: object) -> None:
        before, when = self.shape(message), self.workspace.stamp(self.clock())
        self.told(message)[what] = value
        room = self.workspace.channel(message.channel)
        event = {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "message": self.shape(message),
            "previous_message": before,
            "ts": when,
            "event_ts": when,
            "channel": room.id,
            "channel_type": room.kind,
        }
        self._events.submit(Event(event, room, f"{room.id}/{message.root}"))
        self.workspace.changed()

    def upload(
        self,
        user: Who,
        channel: Where,
        name: str,
        content: bytes,
        text: str = "",
        thread_ts: str | None = None,
        kind: str = "text/plain",
    ) -> Message:
        """Share a file, with words or without. *kind*: its media type."""
        owner = id_of(user)
        self.workspace.may_write(owner, id_of(channel))
        item = self.sandbox.messages.add_file(owner, name, content, kind=kind)
        return self.sandbox.messages.post(
            owner, id_of(channel), text, thread_ts=thread_ts, files=[item.id]
        )

    def files_of(self, message: Message) -> list[File]:
        """The files that a message shares."""
        return [self.workspace.files[each] for each in message.files]

    # The app

    async def command(self, user: Who, channel: Where, line: str) -> Answer:
        """Type a slash command, such as `/ideas list`; return when it is acknowledged."""
        return await self.interactions.command(id_of(user), id_of(channel), line)

    async def click(
        self,
        user: Who,
        place: Place,
        action_id: str,
        chosen: Any = None,
        *,
        block_id: str | None = None,
        entered: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Press a button, or choose (by the option's value), on whatever shows it.

        *entered*: what stands in the fields of a Home, by block id.
        """
        return await self.interactions.click(
            id_of(user), place, action_id, chosen, block_id, entered or {}
        )

    async def submit(
        self, user: Who, values: Mapping[str, Any] | None = None, view: View | None = None
    ) -> Answer:
        """Fill in and submit the open form.

        Args:
            user: Who has it open.
            values: What to fill in, by block id.
            view: The form; by default the one that is open.

        Raises:
            SlackError: `no_such_view`.
        """
        shown = view or self.view(user)
        if shown is None:
            raise SlackError("no_such_view")
        return await self.interactions.submit(id_of(user), shown, values or {})

    def close(self, user: Who) -> None:
        """Close the open form.

        Raises:
            SlackError: `no_such_view`.
        """
        shown = self.view(user)
        if shown is None:
            raise SlackError("no_such_view")
        self.interactions.close(id_of(user), shown)

    async def shortcut(self, user: Who, callback_id: str, message: Message | None = None) -> Answer:
        """Use a shortcut, on a message or anywhere."""
        return await self.interactions.shortcut(id_of(user), callback_id, message)

    def open_home(self, user: Who, tab: str = "home") -> None:
        """A member looks at the app's home, or its `messages`."""
        self.open_im(user)
        self.interactions.open_home(id_of(user), tab)

    async def at_home(self, user: Who) -> View:
        """Open the app's home, and wait for what the app publishes."""
        before = self.home(user)
        self.open_home(user)

        def shown() -> View | None:
            home = self.home(user)
            return home if home and (before is None or home.hash != drawn) else None

        drawn = before.hash if before else ""
        home = await self.until(shown, saying="a Home")
        assert home is not None
        return home

    def raise_event(self, event: Payload, channel: Where | None = None) -> None:
        """Send any event of Slack's that no verb makes, if the app subscribed to it."""
        room = self.workspace.channel(id_of(channel)) if channel else None
        whole = {"event_ts": self.workspace.stamp(self.clock()), **event}
        self.workspace.report(whole, room, str(event["type"]))
