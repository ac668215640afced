"""The Chat port over Slack's Web API: errors translated, rate limits obeyed."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.errors import ChatError, ChatInDoubtError, ChatUnavailableError, MessageRefusedError
from bot.core.model.parts import Form, Message
from bot.core.model.people import ChannelInfo, Person, Workspace
from bot.core.model.posts import Entry, Place, Post
from handlers.slack import bodies, payloads, render
from handlers.slack.installation import Installation
from handlers.slack.refusals import code_of, status_of, wait_of
from handlers.slack.web import Client

EVENT_TYPE = "commonplace"
"""The kind of metadata our messages carry."""

MOST_PAGES = 20
"""Pages of history read in one look-up; each has up to 200 messages."""

UNSAID = 30.0
"""Seconds to wait when Slack asks for patience and does not say how much."""

_FINAL = {
    "access_denied": "I may not post there.",
    "already_archived": "the channel is archived.",
    "bad_timestamp": "Slack does not know that message.",
    "cannot_dm_bot": "that is a bot.",
    "cant_delete_message": "Slack does not let me delete that message.",
    "cant_update_message": "Slack does not let me change that message.",
    "cant_post_message": "I may not post there.",
    "cannot_post": "I may not post there.",
    "channel_is_limited_access": "only some may post in that channel.",
    "channel_not_found": "Slack has no such channel, or I am not in it.",
    "edit_window_closed": "that message is too old to be changed.",
    "exchanged_trigger_id": "that button or command was used already; please try again.",
    "expired_trigger_id": "that took too long; please try again.",
    "invalid_trigger_id": "that took too long; please try again.",
    "is_archived": "the channel is archived.",
    "message_not_found": "that message is gone.",
    "msg_too_long": "the message is too long for Slack.",
    "no_permission": "the workspace does not let me do that there.",
    "no_text": "it has no text.",
    "not_in_channel": "I am not in that channel; `/invite` me and try again.",
    "posting_to_general_channel_denied": "I may not post there.",
    "restricted_action": "the workspace does not let me post there.",
    "restricted_action_non_threadable_channel": "that channel has no threads.",
    "restricted_action_read_only_channel": "that channel is read-only.",
    "restricted_action_thread_locked": "that thread is locked.",
    "restricted_action_thread_only_channel": "that channel takes only replies in threads.",
    "team_access_not_granted": "I have no access to that workspace.",
    "thread_not_found": "that thread is gone.",
    "too_many_emoji": "that message has too many reactions.",
    "too_many_reactions": "that message has too many reactions.",
    "user_disabled": "that account is deactivated.",
    "user_not_found": "Slack does not know that member.",
    "user_not_in_channel": "they are not in that channel.",
    "users_not_found": "Slack does not know that member.",
    "user_not_visible": "I may not see that member.",
    "invalid_name": "Slack has no such emoji.",
}
"""Refusals that trying again will not change, in words that end a sentence."""

_LOCKED_OUT = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"}
)
"""Answers that say that our token counts no more. What waits is tried again with the next one."""

_REFUSED_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
_PERHAPS_DONE = frozenset(
    {"internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
)
"""Answers after which a message may stand in the channel all the same."""


async def _forget(_method: str, _seconds: float) -> None:
    pass


@dataclass(frozen=True, slots=True)
class SlackChat:
    """One workspace, through one client whose retries are off: we know better when to retry.

    Args:
        on_call: told of each call: method and what came of it.
        on_pause: told of each method that Slack wants left alone, and for how many seconds.
    """

    client: Client
    installation: Installation
    on_call: Callable[[str, str], None] = lambda _method, _result: None
    on_pause: Callable[[str, float], Awaitable[None]] = _forget
    _closed_until: dict[str, float] = field(default_factory=dict)
    _locked_out: list[str] = field(default_factory=list)

    @property
    def locked_out(self) -> str:
        """The code with which Slack refused our token in the latest call; empty: it did not."""
        return "".join(self._locked_out)

    def leave_alone(self, method: str, seconds: float) -> None:
        """Do not call a method for so long: an earlier run was asked that."""
        self._closed_until[method] = time.monotonic() + seconds

    async def whoami(self) -> Workspace:
        """Ask Slack who we are (auth.test)."""
        answer = await self._call("auth.test", self.client.auth_test)
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
        answer = await self._call("auth.test", self.client.auth_test)
        for name, value in answer.headers.items():
            if name.lower() == "x-oauth-scopes":
                return frozenset(scope.strip() for scope in value.split(",") if scope.strip())
        return None

    async def try_socket(self, app_token: str) -> None:
        """See whether a socket could be opened with this token; none is."""
        await self._call(
            "apps.connections.open",
            lambda: self.client.apps_connections_open(app_token=app_token),
        )

    async def post(self, channel: str, message: Message, *, thread: str = "", key: str = "") -> str:
        """See `Chat.post`."""
        body = render.to_slack(message) if message.parts else render.plain(message)
        extra: dict[str, Any] = {}
        if thread:
            extra["thread_ts"] = thread
        if key:
            extra["metadata"] = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
        answer = await self._call(
            "chat.postMessage",
            lambda: self.client.chat_postMessage(
                channel=channel,
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
                **body,
                **extra,
            ),
            once=True,
            gives=("ts", str),
        )
        return str(answer["ts"])

    async def update(self, place: Place, message: Message) -> None:
        """See `Chat.update`."""
        body: dict[str, Any] = {"blocks": []}  # Slack keeps the old ones where none are named
        body |= render.to_slack(message) if message.parts else render.plain(message)
        await self._call(
            "chat.update",
            lambda: self.client.chat_update(
                channel=place.channel, ts=place.ts, link_names=False, **body
            ),
        )

    async def tell(self, member_id: str, message: Message) -> str:
        """See `Chat.tell`."""
        return await self.post(await self._direct(member_id), message)

    async def whisper(self, channel: str, member_id: str, message: Message) -> None:
        """See `Chat.whisper`."""
        body = render.to_slack(message)
        await self._call(
            "chat.postEphemeral",
            lambda: self.client.chat_postEphemeral(channel=channel, user=member_id, **body),
        )

    async def react(self, place: Place, name: str) -> None:
        """See `Chat.react`."""
        await self._call(
            "reactions.add",
            lambda: self.client.reactions_add(channel=place.channel, timestamp=place.ts, name=name),
            fine=frozenset({"already_reacted"}),
        )

    async def unreact(self, place: Place, name: str) -> None:
        """See `Chat.unreact`."""
        await self._call(
            "reactions.remove",
            lambda: self.client.reactions_remove(
                channel=place.channel, timestamp=place.ts, name=name
            ),
            fine=frozenset({"no_reaction", "message_not_found"}),
        )

    async def delete(self, place: Place) -> None:
        """See `Chat.delete`."""
        await self._call(
            "chat.delete",
            lambda: self.client.chat_delete(channel=place.channel, ts=place.ts),
            fine=frozenset({"message_not_found"}),
        )

    async def person(self, member_id: str) -> Person:
        """See `Chat.person`."""
        user = await self._user(member_id)
        return payloads.to_person(user, self._bot().id)

    async def is_among(self, member_id: str, teams: set[str]) -> bool:
        """Whether a member is in each of these teams, and no guest of another organisation."""
        user = await self._user(member_id)
        return payloads.is_among(user, teams)

    async def app_id(self, bot: Workspace) -> str:
        """The app that our token belongs to; empty: Slack does not tell."""
        with contextlib.suppress(ChatError):  # a member's description says it too
            told = await self._call("bots.info", lambda: self.client.bots_info(bot=bot.bot_id))
            if app := (told.get("bot") or {}).get("app_id"):
                return str(app)
        me = await self._call("users.info", lambda: self.client.users_info(user=bot.bot_user_id))
        return str(((me.get("user") or {}).get("profile") or {}).get("api_app_id") or "")

    async def channel(self, channel: str) -> ChannelInfo:
        """See `Chat.channel`."""
        answer = await self._call(
            "conversations.info",
            lambda: self.client.conversations_info(channel=channel),
            gives=("channel", dict),
        )
        return payloads.to_channel(answer["channel"])

    async def my_channels(self) -> Sequence[ChannelInfo]:
        """See `Chat.my_channels`; servers that cannot list them may say it in the list of all."""
        kinds = "public_channel,private_channel"
        mine = self._pages(
            "users.conversations",
            "channels",
            lambda cursor: self.client.users_conversations(
                types=kinds, exclude_archived=True, limit=200, cursor=cursor
            ),
        )
        try:
            return [payloads.to_channel({**c, "is_member": True}) async for c in _flat(mine)]
        except ChatUnavailableError as error:
            if not error.code.startswith("http_4"):
                raise
        every = self._pages(
            "conversations.list",
            "channels",
            lambda cursor: self.client.conversations_list(
                types=kinds, exclude_archived=True, limit=200, cursor=cursor
            ),
        )
        return [payloads.to_channel(c) async for c in _flat(every) if c.get("is_member")]

    async def channels_of(self, member_id: str, *, public: bool = False) -> frozenset[str]:
        """See `Chat.channels_of`."""
        types = "public_channel,private_channel" if public else "private_channel"
        found = self._pages(
            "users.conversations",
            "channels",
            lambda cursor: self.client.users_conversations(
                user=member_id, types=types, limit=200, cursor=cursor
            ),
        )
        return frozenset([str(channel.get("id")) async for channel in _flat(found)])

    async def link_to(self, place: Place) -> str:
        """See `Chat.link_to`."""
        answer = await self._call(
            "chat.getPermalink",
            lambda: self.client.chat_getPermalink(channel=place.channel, message_ts=place.ts),
            gives=("permalink", str),
        )
        return str(answer["permalink"])

    async def upload(self, member_id: str, file: Path, *, name: str, words: str) -> None:
        """See `Chat.upload`."""
        direct = await self._direct(member_id)
        await self._call(
            "files.upload",
            lambda: self.client.files_upload_v2(
                channel=direct,
                file=str(file),
                filename=name,
                title=name,
                initial_comment=render.escape(words),
            ),
            once=True,
        )

    async def fetch(self, place: Place) -> Post | None:
        """See `Chat.fetch`."""
        try:
            answer = await self._call(
                "conversations.replies",
                lambda: self.client.conversations_replies(
                    channel=place.channel, ts=place.ts, limit=1, inclusive=True, latest=place.ts
                ),
                gives=("messages", list),
            )
        except ChatError as error:
            if error.code in {"thread_not_found", "message_not_found"}:
                return None
            raise
        for message in bodies.dicts(answer.get("messages")):
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
        pages = self._pages(
            "conversations.replies",
            "messages",
            lambda cursor: self.client.conversations_replies(
                channel=place.channel, ts=place.ts, limit=200, cursor=cursor
            ),
            patient=True,
        )
        found: list[Entry] = []
        try:
            async for page in pages:
                entries = (payloads.to_entry(message, place.channel, bot) for message in page)
                found += [e for e in entries if e is not None and e.place.ts != place.ts]
        except ChatError as error:
            if error.code not in {"thread_not_found", "message_not_found"}:
                raise
        return found

    async def reactions(self, place: Place) -> Sequence[tuple[str, str]]:
        """See `Chat.reactions`."""
        answer = await self._call(
            "reactions.get",
            lambda: self.client.reactions_get(channel=place.channel, timestamp=place.ts, full=True),
            gives=("message", dict),
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
            pages = self._replies(channel, thread)
        else:
            pages = self._history(channel, since, None, metadata=True, most=MOST_PAGES)
        async for message in _flat(pages):
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

    async def open_form(self, trigger: str, form: Form) -> None:
        """See `Chat.open_form`."""
        view = render.to_view(form)
        await self._call(
            "views.open", lambda: self.client.views_open(trigger_id=trigger, view=view), once=True
        )

    async def change_form(self, view: str, form: Form) -> None:
        """Put other fields into an open form; what was entered in those that stay is kept."""
        drawn = render.to_view(form)
        await self._call("views.update", lambda: self.client.views_update(view_id=view, view=drawn))

    def instant_of(self, ts: str) -> datetime:
        """See `Chat.instant_of`."""
        return payloads.to_instant(ts)

    # -- underneath --

    def _bot(self) -> Workspace:
        return self.installation.bot_in({})

    async def _user(self, member_id: str) -> dict[str, Any]:
        answer = await self._call(
            "users.info", lambda: self.client.users_info(user=member_id), gives=("user", dict)
        )
        return {**answer["user"], "id": member_id}

    async def _direct(self, member_id: str) -> str:
        answer = await self._call(
            "conversations.open",
            lambda: self.client.conversations_open(users=member_id),
            gives=("channel", dict),
        )
        return str(answer["channel"]["id"])

    def _replies(self, channel: str, thread: str) -> AsyncIterator[list[dict[str, Any]]]:
        return self._pages(
            "conversations.replies",
            "messages",
            lambda cursor: self.client.conversations_replies(
                channel=channel, ts=thread, limit=200, cursor=cursor, include_all_metadata=True
            ),
            most=MOST_PAGES,
        )

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
        bounds = {"oldest": payloads.to_ts(oldest)}
        if latest is not None:
            bounds["latest"] = payloads.to_ts(latest)
        pages = self._pages(
            "conversations.history",
            "messages",
            lambda cursor: self.client.conversations_history(
                channel=channel,
                inclusive=True,
                limit=200,
                cursor=cursor,
                include_all_metadata=metadata,
                **bounds,
            ),
            most=most,
            hidden=hidden,
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

    async def _pages(
        self,
        method: str,
        items: str,
        call: Callable[[str | None], Awaitable[AsyncSlackResponse]],
        *,
        most: int | None = None,
        patient: bool = False,
        hidden: Callable[[], None] = lambda: None,
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """Page after page; *patient*: once begun, it waits as long as Slack says.

        Begun anew it would be stopped at the same page again. *hidden* is called at the end when
        the workspace's plan hides what is older.
        """
        cursor: str | None = None
        seen: set[str | None] = set()
        while most is None or len(seen) < most:
            at = cursor
            seen.add(at)
            try:
                answer = await self._call(
                    method,
                    lambda at=at: call(at),  # type: ignore[misc]
                    gives=(items, list),
                )
            except ChatUnavailableError as error:
                if not patient or at is None or error.retry_after is None:
                    raise
                await asyncio.sleep(error.retry_after)
                continue
            yield bodies.dicts(answer.get(items))
            more = answer.get("response_metadata")
            cursor = str(more.get("next_cursor") or "") or None if isinstance(more, dict) else None
            if cursor is None or cursor in seen:
                if answer.get("is_limited"):
                    hidden()
                return

    async def _call(
        self,
        method: str,
        call: Callable[[], Awaitable[AsyncSlackResponse]],
        *,
        once: bool = False,
        fine: frozenset[str] = frozenset(),
        gives: tuple[str, type] | None = None,
    ) -> AsyncSlackResponse:
        """Call Slack and put what went wrong into the core's words.

        Args:
            once: doing it twice shows, so a lost answer is told apart from a refusal.
            fine: error codes that mean it was done already.
            gives: what a good answer holds, and of which type; without it, the answer is lost.
        """
        wait = self._closed_until.get(method, 0.0) - time.monotonic()
        if wait > 0:
            raise ChatUnavailableError(
                "Slack asked me to slow down.", code="ratelimited", retry_after=wait
            )
        try:
            answer = await call()
        except SlackApiError as error:
            code = code_of(error)
            if code:
                self._locked_out[:] = [code] if code in _LOCKED_OUT else []
            if code in fine:
                self.on_call(method, "ok")
                return error.response  # type: ignore[no-any-return]
            self.on_call(method, code or f"http_{status_of(error)}")
            refusal = self._translated(error, code, once=once)
            if isinstance(refusal, ChatUnavailableError) and refusal.retry_after is not None:
                self.leave_alone(method, refusal.retry_after)
                await self.on_pause(method, refusal.retry_after)
            raise refusal from None
        except aiohttp.ClientConnectorError as error:
            self.on_call(method, "unreachable")
            raise ChatUnavailableError("Slack cannot be reached.", code="unreachable") from error
        except (aiohttp.ClientError, TimeoutError, SlackClientError, OSError) as error:
            raise self._lost(method, once=once) from error
        if gives is not None and not isinstance(answer.get(gives[0]), gives[1]):
            raise self._lost(method, once=once)
        self._locked_out.clear()
        self.on_call(method, "ok")
        return answer

    def _lost(self, method: str, *, once: bool) -> ChatError:
        self.on_call(method, "lost")
        words = "Slack's answer was lost on the way."
        lost = ChatInDoubtError if once else ChatUnavailableError
        return lost(words, code="lost")

    def _translated(self, error: SlackApiError, code: str, *, once: bool) -> ChatError:
        status = status_of(error)
        if status == 429 or code in {"ratelimited", "rate_limited"}:
            told = wait_of(error)
            after = UNSAID if told is None else max(told, 1.0)
            return ChatUnavailableError(
                "Slack asked me to slow down.", code="ratelimited", retry_after=after
            )
        if code in _REFUSED_BLOCKS:
            return MessageRefusedError("Slack did not accept that message.", code=code)
        if code in _FINAL:
            return ChatError(_FINAL[code], code=code)
        if once and (status >= 500 or code in _PERHAPS_DONE or not code):
            return ChatInDoubtError("Slack did not say whether it was done.", code=code)
        return ChatUnavailableError(
            f"Slack did not do it ({code or status}).", code=code or f"http_{status}"
        )


async def _flat(pages: AsyncIterator[list[dict[str, Any]]]) -> AsyncIterator[dict[str, Any]]:
    async for page in pages:
        for item in page:
            yield item


def _comparable(text: str) -> str:
    """A text without what Slack changes in it: entities, marks around addresses, white space."""
    return "".join(bodies.unescape(text).replace("<", "").replace(">", "").split())
