"""The Chat port over Slack's Web API."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.errors import (
    ChatError,
    ChatUnavailableError,
    ChatUnsupportedError,
    MessageRefusedError,
)
from bot.core.model.parts import Form, Home, Message
from bot.core.model.people import ChannelInfo, Person, Workspace
from bot.core.model.posts import Entry, Place, Post
from handlers.shapes import Payload, T, inside, needed, string, text, whole
from handlers.slack import bodies, payloads, render
from handlers.slack.calls import Calls
from handlers.slack.canvases import Canvases
from handlers.slack.installation import Installation
from handlers.slack.refusals import GONE

EVENT_TYPE = "commonplace"
"""The kind of metadata our messages carry."""

MOST_PAGES = 20
"""Pages of history read in one look-up."""

_KINDS = "public_channel,private_channel"


@dataclass(frozen=True, slots=True)
class SlackChat:
    """One workspace. Each method of the port `Chat` promises what its docstring there says."""

    calls: Calls
    installation: Installation

    # -- who we are --

    async def whoami(self) -> Workspace:
        """Ask Slack who we are (auth.test)."""
        return await self.calls.ask("auth.test", lambda told: payloads.to_workspace(told.data))

    async def scopes(self) -> frozenset[str] | None:
        """The scopes our token has; None when the server does not tell."""
        return await self.calls.ask("auth.test", _scopes)

    async def try_socket(self, app_token: str) -> None:
        """See whether a socket could be opened with this token; none is."""
        await self.calls.call("apps.connections.open", app_token=app_token)

    async def app_id(self, bot: Workspace) -> str:
        """The app that our token belongs to; empty: Slack does not tell."""
        with contextlib.suppress(ChatError):  # a member's description says it too
            if app := await self.calls.ask(
                "bots.info", lambda told: text(told.data, "bot", "app_id"), bot=bot.bot_id
            ):
                return app
        return await self.calls.ask(
            "users.info",
            lambda told: text(told.data, "user", "profile", "api_app_id"),
            user=bot.bot_user_id,
        )

    # -- what the bot says --

    async def post(self, channel: str, message: Message, *, thread: str = "", key: str = "") -> str:
        """See `Chat.post`."""
        more: Payload = {"thread_ts": thread} if thread else {}
        if key:
            more["metadata"] = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
        return await _pictured(
            message,
            lambda body: self.calls.ask(
                "chat.postMessage",
                lambda told: needed(told.data, "ts"),
                once=True,
                channel=channel,
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
                **body,
                **more,
            ),
        )

    async def update(self, place: Place, message: Message, *, key: str = "") -> None:
        """See `Chat.update`. Slack keeps the key beside the message."""
        del key
        await _pictured(
            message,
            # Slack keeps the old blocks where none are named.
            lambda body: self.calls.call(
                "chat.update", link_names=False, **_at(place), **{"blocks": [], **body}
            ),
        )

    async def tell(self, member_id: str, message: Message, *, key: str = "") -> str:
        """See `Chat.tell`."""
        return await self.post(await self._direct(member_id), message, key=key)

    async def find_told(
        self, member_id: str, key: str, *, since: datetime, fallback: str = ""
    ) -> str | None:
        """See `Chat.find_told`. An app that was installed before has no scope for it."""
        direct = await self._direct(member_id)
        try:
            return await self.find_own(direct, key, since=since, fallback=fallback)
        except ChatUnavailableError as error:
            if error.code != "missing_scope":
                raise
            raise ChatUnsupportedError(
                "I may not read my own direct messages.", code=error.code
            ) from error

    async def whisper(self, channel: str, member_id: str, message: Message) -> None:
        """See `Chat.whisper`."""
        await _pictured(
            message,
            lambda body: self.calls.call(
                "chat.postEphemeral", once=True, channel=channel, user=member_id, **body
            ),
        )

    async def react(self, place: Place, name: str) -> None:
        """See `Chat.react`."""
        at = _at(place, "timestamp")
        await self.calls.call("reactions.add", fine=("already_reacted",), name=name, **at)

    async def unreact(self, place: Place, name: str) -> None:
        """See `Chat.unreact`."""
        fine, at = ("no_reaction", "message_not_found"), _at(place, "timestamp")
        await self.calls.call("reactions.remove", fine=fine, name=name, **at)

    async def delete(self, place: Place) -> None:
        """See `Chat.delete`."""
        await self.calls.call("chat.delete", fine=("message_not_found",), **_at(place))

    async def upload(self, member_id: str, file: Path, *, name: str, words: str) -> None:
        """See `Chat.upload`."""
        await self.calls.call(
            "files.upload_v2",
            once=True,
            channel=await self._direct(member_id),
            file=str(file),
            filename=name,
            title=name,
            initial_comment=render.escape(words),
        )

    async def open_form(self, trigger: str, form: Form) -> None:
        """Show a form to whoever caused *trigger* (seconds ago)."""
        await self.open_view(trigger, render.to_view(form))

    async def open_view(self, trigger: str, view: Payload) -> None:
        """Show a form that is drawn already, likewise."""
        await self.calls.call("views.open", once=True, trigger_id=trigger, view=view)

    async def show_home(self, member_id: str, home: Home, stamp: str = "") -> None:
        """Show a member their Home; with *stamp* only where the view of that hash still stands."""
        only = {"hash": stamp} if stamp else {}
        fine = ("hash_conflict",)
        view, bare = render.to_home(home), render.to_home(home.without_pictures())

        async def show(view: Payload) -> None:
            await self.calls.call("views.publish", fine=fine, user_id=member_id, view=view, **only)

        try:
            await show(view)
        except ChatError:  # perhaps for a picture in it: Slack does not say so
            if view == bare:
                raise
            await show(bare)

    async def change_view(self, view_id: str, view: Payload) -> None:
        """Put other fields into an open form; what was entered in those that stay is kept."""
        await self.calls.call("views.update", view_id=view_id, view=view)

    @property
    def pages(self) -> Canvases:
        """The canvases of its channels."""
        return Canvases(self.calls)

    # -- who and where --

    async def person(self, member_id: str) -> Person:
        """See `Chat.person`."""
        home = self.installation.bot.id
        return await self._user(member_id, lambda user: payloads.to_person(user, home))

    async def is_among(self, member_id: str, teams: set[str]) -> bool:
        """Whether a member is in each of these teams, and no guest of another organization."""
        return await self._user(member_id, lambda user: payloads.is_among(user, teams))

    async def channel(self, channel: str) -> ChannelInfo:
        """See `Chat.channel`."""
        return await self.calls.ask(
            "conversations.info",
            lambda told: payloads.to_channel(whole(told.data, "channel", dict)),
            channel=channel,
        )

    async def my_channels(self) -> Sequence[ChannelInfo]:
        """See `Chat.my_channels`; servers that cannot list them may say it in the list of all."""
        wanted = {"types": _KINDS, "exclude_archived": True}
        mine = self.calls.items("users.conversations", "channels", **wanted)
        try:
            return [payloads.to_channel({**c, "is_member": True}) async for c in mine]
        except ChatUnavailableError as error:
            if not error.code.startswith("http_4"):
                raise
        every = self.calls.items("conversations.list", "channels", **wanted)
        return [payloads.to_channel(c) async for c in every if c.get("is_member")]

    async def channels_of(
        self,
        member_id: str,
        *,
        public: bool = False,
        only: str = "",  # noqa: ARG002 - Slack tells all at once
    ) -> frozenset[str]:
        """See `Chat.channels_of`."""
        kinds = _KINDS if public else "private_channel"
        found = self.calls.items("users.conversations", "channels", user=member_id, types=kinds)
        return frozenset([str(channel.get("id")) async for channel in found])

    async def link_to(self, place: Place, *, thread: str = "") -> str:  # noqa: ARG002  (Slack knows)
        """See `Chat.link_to`."""
        return await self.calls.ask(
            "chat.getPermalink",
            lambda told: needed(told.data, "permalink"),
            **_at(place, "message_ts"),
        )

    # -- what stands in a channel --

    async def fetch(self, place: Place, *, thread: str = "") -> Post | None:  # noqa: ARG002
        """See `Chat.fetch`."""
        bot = self.installation.bot
        try:
            return await self.calls.ask(
                "conversations.replies",
                lambda told: payloads.to_marked(told.data, place, bot),
                **_at(place),
                limit=1,
                inclusive=True,
                latest=place.ts,
            )
        except ChatError as error:
            if error.code in GONE:
                return None
            raise

    async def history(
        self,
        channel: str,
        *,
        oldest: datetime,
        latest: datetime,
        hidden: Callable[[], None] = lambda: None,
    ) -> AsyncIterator[Sequence[Entry]]:
        """See `Chat.history`."""
        bot = self.installation.bot
        pages = self.calls.pages(
            "conversations.history",
            "messages",
            hidden=hidden,
            channel=channel,
            inclusive=True,
            oldest=payloads.to_ts(oldest),
            latest=payloads.to_ts(latest),
        )
        # Some servers ignore the bounds: it is newest first, so the first too old one ends it.
        async for page in pages:
            read = (payloads.to_entry(message, channel, bot) for message in page)
            entries = [entry for entry in read if entry is not None]
            yield [entry for entry in entries if oldest <= entry.posted_at <= latest]
            if any(entry.posted_at < oldest for entry in entries):
                return

    async def thread(self, place: Place) -> Sequence[Entry]:
        """See `Chat.thread`."""
        bot = self.installation.bot
        found: list[Entry] = []
        replies = self.calls.items("conversations.replies", "messages", patient=True, **_at(place))
        try:
            async for message in replies:
                entry = payloads.to_entry(message, place.channel, bot)
                if entry is not None and entry.place.ts != place.ts:
                    found.append(entry)
        except ChatError as error:
            if error.code not in GONE:
                raise
        return found

    async def reactions(self, place: Place) -> Sequence[tuple[str, str]]:
        """See `Chat.reactions`."""
        bot = self.installation.bot
        return await self.calls.ask(
            "reactions.get",
            lambda told: payloads.to_reactions(whole(told.data, "message", dict), bot),
            full=True,
            **_at(place, "timestamp"),
        )

    async def find_own(
        self, channel: str, key: str, *, since: datetime, fallback: str = "", thread: str = ""
    ) -> str | None:
        """See `Chat.find_own`."""
        bot = self.installation.bot
        words = _comparable(render.fallback_text(fallback)) if fallback else ""
        method = "conversations.replies" if thread else "conversations.history"
        where = {"ts": thread} if thread else {"inclusive": True}
        messages = self.calls.items(
            method,
            "messages",
            most=MOST_PAGES,
            channel=channel,
            oldest=payloads.to_ts(since),
            include_all_metadata=True,
            **where,
        )
        async for message in messages:
            ts, metadata = string(message.get("ts")), inside(message.get("metadata"))
            if not payloads.is_own(message, bot) or payloads.to_instant(ts) < since:
                continue
            if inside(metadata.get("event_payload")).get("key") == key:
                return ts
            if words and not metadata and _comparable(string(message.get("text"))) == words:
                return ts
        return None

    def instant_of(self, ts: str) -> datetime:
        """See `Chat.instant_of`."""
        return payloads.to_instant(ts)

    # -- underneath --

    async def _user(self, member_id: str, read: Callable[[Payload], T]) -> T:
        return await self.calls.ask(
            "users.info",
            lambda told: read({**whole(told.data, "user", dict), "id": member_id}),
            user=member_id,
        )

    async def _direct(self, member_id: str) -> str:
        return await self.calls.ask(
            "conversations.open", lambda told: needed(told.data, "channel", "id"), users=member_id
        )


def _at(place: Place, name: str = "ts") -> Payload:
    return {"channel": place.channel, name: place.ts}


def _drawn(message: Message) -> Payload:
    return render.to_slack(message) if message.parts else render.plain(message)


async def _pictured(message: Message, say: Callable[[Payload], Awaitable[T]]) -> T:
    """Say a message; without its pictures where Slack refuses it with them.

    A photo may be gone, or in a channel that the bot has left since.
    """
    try:
        return await say(_drawn(message))
    except MessageRefusedError:
        if (bare := message.without_pictures()) == message:
            raise
        return await say(_drawn(bare))


def _scopes(answer: AsyncSlackResponse) -> frozenset[str] | None:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    told = headers.get("x-oauth-scopes")
    return None if told is None else frozenset(filter(None, map(str.strip, told.split(","))))


def _comparable(text: str) -> str:
    """A text without what Slack changes in it: entities, marks around addresses, white space."""
    return "".join(bodies.unescape(text).replace("<", "").replace(">", "").split())
