"""The Chat port over Slack's Web API."""

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.core.errors import ChatError, ChatUnavailableError
from bot.core.model.parts import Form, Message
from bot.core.model.people import ChannelInfo, Person, Workspace
from bot.core.model.posts import Entry, Place, Post
from handlers.slack import bodies, payloads, render
from handlers.slack.calls import Calls
from handlers.slack.installation import Installation
from handlers.slack.refusals import GONE
from handlers.slack.shapes import dicts

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
        answer = await self.calls.call("auth.test")
        ids = answer.get("team_id"), answer.get("user_id")
        if not all(isinstance(one, str) and one for one in ids):
            raise ChatUnavailableError("Slack does not say who this bot is.", code="no_answer")
        return Workspace(
            id=str(answer["team_id"]),
            name=str(answer.get("team") or ""),
            url=str(answer.get("url") or ""),
            bot_user_id=str(answer["user_id"]),
            bot_id=str(answer.get("bot_id") or ""),
        )

    async def scopes(self) -> frozenset[str] | None:
        """The scopes our token has; None when the server does not tell."""
        answer = await self.calls.call("auth.test")
        for name, value in answer.headers.items():
            if name.lower() == "x-oauth-scopes":
                return frozenset(scope.strip() for scope in value.split(",") if scope.strip())
        return None

    async def try_socket(self, app_token: str) -> None:
        """See whether a socket could be opened with this token; none is."""
        await self.calls.call("apps.connections.open", app_token=app_token)

    async def app_id(self, bot: Workspace) -> str:
        """The app that our token belongs to; empty: Slack does not tell."""
        with contextlib.suppress(ChatError):  # a member's description says it too
            told = await self.calls.call("bots.info", bot=bot.bot_id)
            if app := (told.get("bot") or {}).get("app_id"):
                return str(app)
        me = await self.calls.call("users.info", user=bot.bot_user_id)
        return str(((me.get("user") or {}).get("profile") or {}).get("api_app_id") or "")

    # -- what the bot says --

    async def post(self, channel: str, message: Message, *, thread: str = "", key: str = "") -> str:
        """See `Chat.post`."""
        body = render.to_slack(message) if message.parts else render.plain(message)
        if thread:
            body["thread_ts"] = thread
        if key:
            body["metadata"] = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
        answer = await self.calls.call(
            "chat.postMessage",
            once=True,
            gives=("ts", str),
            channel=channel,
            link_names=False,
            unfurl_links=False,
            unfurl_media=False,
            **body,
        )
        return str(answer["ts"])

    async def update(self, place: Place, message: Message) -> None:
        """See `Chat.update`."""
        body: dict[str, Any] = {"blocks": []}  # Slack keeps the old ones where none are named
        body |= render.to_slack(message) if message.parts else render.plain(message)
        await self.calls.call(
            "chat.update", channel=place.channel, ts=place.ts, link_names=False, **body
        )

    async def tell(self, member_id: str, message: Message) -> str:
        """See `Chat.tell`."""
        return await self.post(await self._direct(member_id), message)

    async def whisper(self, channel: str, member_id: str, message: Message) -> None:
        """See `Chat.whisper`."""
        await self.calls.call(
            "chat.postEphemeral", channel=channel, user=member_id, **render.to_slack(message)
        )

    async def react(self, place: Place, name: str) -> None:
        """See `Chat.react`."""
        await self.calls.call(
            "reactions.add",
            fine=frozenset({"already_reacted"}),
            channel=place.channel,
            timestamp=place.ts,
            name=name,
        )

    async def unreact(self, place: Place, name: str) -> None:
        """See `Chat.unreact`."""
        await self.calls.call(
            "reactions.remove",
            fine=frozenset({"no_reaction", "message_not_found"}),
            channel=place.channel,
            timestamp=place.ts,
            name=name,
        )

    async def delete(self, place: Place) -> None:
        """See `Chat.delete`."""
        await self.calls.call(
            "chat.delete",
            fine=frozenset({"message_not_found"}),
            channel=place.channel,
            ts=place.ts,
        )

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
        """See `Chat.open_form`."""
        await self.calls.call(
            "views.open", once=True, trigger_id=trigger, view=render.to_view(form)
        )

    async def change_form(self, view: str, form: Form) -> None:
        """Put other fields into an open form; what was entered in those that stay is kept."""
        await self.calls.call("views.update", view_id=view, view=render.to_view(form))

    # -- who and where --

    async def person(self, member_id: str) -> Person:
        """See `Chat.person`."""
        return payloads.to_person(await self._user(member_id), self._bot().id)

    async def is_among(self, member_id: str, teams: set[str]) -> bool:
        """Whether a member is in each of these teams, and no guest of another organisation."""
        return payloads.is_among(await self._user(member_id), teams)

    async def channel(self, channel: str) -> ChannelInfo:
        """See `Chat.channel`."""
        answer = await self.calls.call(
            "conversations.info", gives=("channel", dict), channel=channel
        )
        return payloads.to_channel(answer["channel"])

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

    async def channels_of(self, member_id: str, *, public: bool = False) -> frozenset[str]:
        """See `Chat.channels_of`."""
        kinds = _KINDS if public else "private_channel"
        found = self.calls.items("users.conversations", "channels", user=member_id, types=kinds)
        return frozenset([str(channel.get("id")) async for channel in found])

    async def link_to(self, place: Place) -> str:
        """See `Chat.link_to`."""
        answer = await self.calls.call(
            "chat.getPermalink",
            gives=("permalink", str),
            channel=place.channel,
            message_ts=place.ts,
        )
        return str(answer["permalink"])

    # -- what stands in a channel --

    async def fetch(self, place: Place) -> Post | None:
        """See `Chat.fetch`."""
        try:
            answer = await self.calls.call(
                "conversations.replies",
                gives=("messages", list),
                channel=place.channel,
                ts=place.ts,
                limit=1,
                inclusive=True,
                latest=place.ts,
            )
        except ChatError as error:
            if error.code in GONE:
                return None
            raise
        for message in dicts(answer.get("messages")):
            if message.get("ts") == place.ts:
                return payloads.to_marked(message, place.channel, self._bot())
        return None

    async def history(
        self,
        channel: str,
        *,
        oldest: datetime,
        latest: datetime,
        hidden: Callable[[], None] = lambda: None,
    ) -> AsyncIterator[Sequence[Entry]]:
        """See `Chat.history`."""
        bot = self._bot()
        async for page in self._history(channel, oldest, latest, hidden=hidden):
            entries = (payloads.to_entry(message, channel, bot) for message in page)
            yield [entry for entry in entries if entry is not None]

    async def thread(self, place: Place) -> Sequence[Entry]:
        """See `Chat.thread`."""
        bot = self._bot()
        found: list[Entry] = []
        replies = self.calls.items(
            "conversations.replies", "messages", patient=True, channel=place.channel, ts=place.ts
        )
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
        answer = await self.calls.call(
            "reactions.get",
            gives=("message", dict),
            channel=place.channel,
            timestamp=place.ts,
            full=True,
        )
        message = {**answer["message"], "ts": place.ts}
        entry = payloads.to_entry(message, place.channel, self._bot())
        return () if entry is None else entry.reactions

    async def find_own(
        self, channel: str, key: str, *, since: datetime, fallback: str = "", thread: str = ""
    ) -> str | None:
        """See `Chat.find_own`."""
        bot = self._bot()
        text = _comparable(render.fallback_text(fallback)) if fallback else ""
        if thread:
            pages = self.calls.pages(
                "conversations.replies",
                "messages",
                most=MOST_PAGES,
                channel=channel,
                ts=thread,
                include_all_metadata=True,
            )
        else:
            pages = self._history(channel, since, None, metadata=True, most=MOST_PAGES)
        async for page in pages:
            for message in page:
                own = message.get("user") == bot.bot_user_id or (
                    bool(bot.bot_id) and message.get("bot_id") == bot.bot_id
                )
                if not own:
                    continue
                metadata = message.get("metadata") or {}
                if (metadata.get("event_payload") or {}).get("key") == key:
                    return str(message["ts"])
                if text and not metadata and _comparable(str(message.get("text") or "")) == text:
                    return str(message["ts"])
        return None

    def instant_of(self, ts: str) -> datetime:
        """See `Chat.instant_of`."""
        return payloads.to_instant(ts)

    # -- underneath --

    def _bot(self) -> Workspace:
        return self.installation.bot

    async def _user(self, member_id: str) -> dict[str, Any]:
        answer = await self.calls.call("users.info", gives=("user", dict), user=member_id)
        return {**answer["user"], "id": member_id}

    async def _direct(self, member_id: str) -> str:
        answer = await self.calls.call(
            "conversations.open", gives=("channel", dict), users=member_id
        )
        return str(answer["channel"]["id"])

    async def _history(
        self,
        channel: str,
        oldest: datetime,
        latest: datetime | None,
        *,
        metadata: bool = False,
        most: int | None = None,
        hidden: Callable[[], None] = lambda: None,
    ) -> AsyncIterator[list[dict[str, Any]]]:
        bounds: dict[str, Any] = {} if latest is None else {"latest": payloads.to_ts(latest)}
        pages = self.calls.pages(
            "conversations.history",
            "messages",
            most=most,
            hidden=hidden,
            channel=channel,
            inclusive=True,
            include_all_metadata=metadata,
            oldest=payloads.to_ts(oldest),
            **bounds,
        )
        # Some servers ignore the bounds: it is newest first, so the first too old one ends it.
        async for page in pages:
            instants = [payloads.to_instant(str(message.get("ts") or "")) for message in page]
            yield [
                message
                for message, at in zip(page, instants, strict=True)
                if at >= oldest and (latest is None or at <= latest)
            ]
            if instants and min(instants) < oldest:
                return


def _comparable(text: str) -> str:
    """A text without what Slack changes in it: entities, marks around addresses, white space."""
    return "".join(bodies.unescape(text).replace("<", "").replace(">", "").split())
