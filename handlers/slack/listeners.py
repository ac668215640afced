"""Bolt listeners for events, their registration, and the one place where errors are answered."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from structlog.contextvars import bound_contextvars

from bot.core.errors import ChatError, CommonplaceError, StoreError
from bot.core.intake.keep import Keeper
from bot.core.messages import answers
from bot.core.messages.common import said
from bot.core.model.ideas import NotAnIdea, Nothing, Outcome
from bot.core.model.people import Channel
from bot.core.model.work import Effect, NewJob
from bot.core.outbox.effects import welcome_key
from handlers.slack import payloads, render
from handlers.slack.asking import aside
from handlers.slack.installation import Installation, NotReadyError, StrangerError

log = logging.getLogger(__name__)

GONE = (
    "member_left_channel",
    "channel_left",
    "group_left",
    "channel_deleted",
    "group_deleted",
)
"""After these the bot is no longer in a channel; the first is also sent when others leave."""

CONVERTED = {"channel_convert_to_private": True, "channel_convert_to_public": None}
"""Messages by which a channel says that it was made private or public."""

CHANNEL_EVENTS = (
    "channel_rename",
    "group_rename",
    "channel_archive",
    "group_archive",
    "channel_unarchive",
    "group_unarchive",
)
"""After these a channel is looked up again."""

EVENTS = (
    "message",
    "reaction_added",
    "reaction_removed",
    "member_joined_channel",
    *GONE,
    *CHANNEL_EVENTS,
    "channel_id_changed",
    "user_change",
)
"""Everything we listen to; the manifest asks for exactly these."""


@dataclass(frozen=True, slots=True)
class SlackListeners:
    """Events become calls of the keeper. What is stored is acknowledged, and nothing else is.

    Args:
        joined: told of a channel the bot is now in.
        on_outcome: told, by event and in one word, what came of it.
    """

    keeper: Keeper
    installation: Installation
    now: Callable[[], datetime]
    joined: Callable[[Channel], Awaitable[None]]
    on_outcome: Callable[[str, str], None]
    on_gap: Callable[[], None] = lambda: None
    """Told that Slack kept events back: they must be read from the history."""

    def register(self, app: AsyncApp) -> None:
        """Tell Bolt which function takes what; messages come by way of `Messages`."""
        app.event("reaction_added")(self.on_reaction_added)
        app.event("reaction_removed")(self.on_reaction_removed)
        app.event("member_joined_channel")(self.on_member_joined)
        for event in GONE:
            app.event(event)(self.on_left)
        for event in CHANNEL_EVENTS:
            app.event(event)(self.on_channel_changed)
        app.event("channel_id_changed")(self.on_id_changed)
        app.event("user_change")(self.on_user_changed)
        app.error(self.on_error)

    async def on_message(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        """A message of any kind: new, edited, deleted, or one that is nothing for us."""
        bot = self.installation.bot_in(body)
        match payloads.to_incoming(event, bot):
            case payloads.Said(post):
                outcome = await self.keeper.capture(post)
            case payloads.Edited(post):
                outcome = await self.keeper.edit(post)
            case payloads.Deleted(place, reply):
                outcome = await self.keeper.delete(place, reply=reply)
            case payloads.Previewed(place, titles):
                await self.keeper.preview(place, titles)
                outcome = Nothing("preview")
            case payloads.Ignored(why):
                if why in CONVERTED:
                    await self._converted(bot.id, str(event["channel"]), CONVERTED[why])
                outcome = Nothing(why)
            case incoming:
                assert_never(incoming)
        self.on_outcome("message", word_for(outcome))

    async def _converted(self, workspace: str, channel: str, private: bool | None) -> None:  # noqa: FBT001
        """A channel was made private: from now on only its members see what was kept there.

        That it is public only the platform's own description may say.
        """
        store, now = self.keeper.store, self.now()
        if await store.channel(workspace, channel) is None:
            return
        if private:
            await store.saw_channel(workspace, channel, now=now, private=True)
        await self._look_up(workspace, channel)

    async def on_reaction_added(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        """Somebody added an emoji."""
        await self._reaction(event, body, added=True)

    async def on_reaction_removed(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        """Somebody removed their emoji."""
        await self._reaction(event, body, added=False)

    async def _reaction(self, event: dict[str, Any], body: dict[str, Any], *, added: bool) -> None:
        bot = self.installation.bot_in(body)
        reaction = payloads.to_reaction(event, bot.id, body.get("event_time"))
        if reaction is None or reaction.member_id == bot.bot_user_id:
            self.on_outcome("reaction", "own" if reaction else "not a message")
            return
        outcome = await self.keeper.react(reaction, added=added)
        self.on_outcome("reaction", word_for(outcome))

    async def on_member_joined(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        """Somebody joined a channel; we care when it is the bot, or who invited it."""
        bot = self.installation.bot_in(body)
        if event.get("user") != bot.bot_user_id:
            await self._inviter_moves(bot.id, event, left=False)
            return
        store, now, ident = self.keeper.store, self.now(), event["channel"]
        channel = await store.saw_channel(
            bot.id,
            ident,
            now=now,
            private={"C": False, "G": True}.get(str(event.get("channel_type"))),
            invited_by=event.get("inviter") or "",
        )
        if not await self.keeper.watch.allows(store, bot.id, ident):
            return
        await self._look_up(bot.id, ident)
        await store.enqueue(bot.id, NewJob(effect=Effect.WELCOME, key=ident), now=now)
        await self.joined(channel)

    async def on_left(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        """Somebody left a channel; we care when it is the bot, or who invited it."""
        bot = self.installation.bot_in(body)
        kind = event["type"]
        if kind == "member_left_channel" and event.get("user", bot.bot_user_id) != bot.bot_user_id:
            await self._inviter_moves(bot.id, event, left=True)
            return
        await self.keeper.store.not_told(bot.id, welcome_key(event["channel"]))
        await self.keeper.store.saw_channel(
            bot.id,
            event["channel"],
            now=self.now(),
            member=False,
            deleted=kind in {"channel_deleted", "group_deleted"},
        )

    async def _inviter_moves(self, workspace: str, event: dict[str, Any], *, left: bool) -> None:
        """Note that who invited the bot left the channel, or came back."""
        store, channel = self.keeper.store, str(event["channel"])
        known = await store.channel(workspace, channel)
        if known is None or known.invited_by != event.get("user") or known.inviter_left == left:
            return
        await store.saw_channel(
            workspace, channel, now=self.now(), inviter_left=left, member=known.member
        )

    async def on_channel_changed(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        """A channel was renamed, archived or brought back: look it up again."""
        bot = self.installation.bot_in(body)
        channel = event.get("channel")
        ident = str(channel.get("id") if isinstance(channel, dict) else channel or "")
        if await self.keeper.store.channel(bot.id, ident) is not None:
            await self._look_up(bot.id, ident)

    async def on_id_changed(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        """A channel has another id now, as sharing it with another workspace may bring."""
        bot = self.installation.bot_in(body)
        store, now = self.keeper.store, self.now()
        old, new = str(event["old_channel_id"]), str(event["new_channel_id"])
        if not await store.move_channel(bot.id, old, new, now=now):
            return
        log.info("channel %s has the id %s now; all that was kept of it follows", old, new)
        await self._look_up(bot.id, new)
        channel = await store.channel(bot.id, new)
        if channel is not None:
            await self.joined(channel)

    async def on_user_changed(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        """A member has another name or role. Events may overtake each other: so it is asked too."""
        bot = self.installation.bot_in(body)
        store, now = self.keeper.store, self.now()
        person = payloads.to_changed_person(event, bot.id)
        known = None if person is None else await store.member(bot.id, person.id)
        if person is None or known is None or known.is_still(person):
            return  # nobody we know, or a new status
        await store.remember_member(bot.id, person, now=now)
        await store.enqueue(bot.id, NewJob(effect=Effect.MEMBER, key=person.id), now=now)

    async def _look_up(self, workspace: str, channel: str) -> None:
        """Have the platform asked how a channel is now."""
        job = NewJob(effect=Effect.CHANNEL, key=channel)
        await self.keeper.store.enqueue(workspace, job, now=self.now())

    async def on_error(self, error: Exception, request: AsyncBoltRequest) -> BoltResponse | None:
        """Answer what went wrong.

        An event is then not acknowledged (None), so that Slack sends it again. A person gets
        words, with a reference to the log when the reason is not theirs.
        """
        body = request.body
        if isinstance(error, BoltUnhandledRequestError):
            if body.get("type") == "app_rate_limited":
                log.warning("Slack sends too many events and holds some back: histories are read")
                self.on_gap()
            log.debug("not for us: %s", body.get("type"))
            self.on_outcome("unhandled", "ignored")
            return BoltResponse(status=200, body="")
        reference = secrets.token_hex(4)
        with bound_contextvars(reference=reference):
            if "event" in body:
                if self.is_strangers(error):
                    return BoltResponse(status=200, body="")
                self.not_stored(body["event"], error)
                return None
            expected = isinstance(error, CommonplaceError) and not isinstance(error, StoreError)
            if expected:
                message = said(str(error))
            else:
                log.error("a request failed, reference %s", reference, exc_info=error)
                message = answers.trouble(reference)
            if body.get("type") == "view_submission":
                block = next(iter((body["view"].get("state") or {}).get("values") or {}), "")
                return _json(render.errors({block: message.fallback}))
            if body.get("response_url") and "command" not in body:
                respond = request.context.respond
                if respond is not None:
                    await aside(respond, message)
                return BoltResponse(status=200, body="")
            return _json({"response_type": "ephemeral", **render.to_slack(message)})

    def is_strangers(self, error: Exception) -> bool:
        """Whether an event is none of ours: it is acknowledged and changes nothing."""
        if isinstance(error, StrangerError):
            log.debug("an event of another workspace was passed over")
            self.on_outcome("event", "stranger")
        return isinstance(error, StrangerError)

    def not_stored(self, event: dict[str, Any], error: Exception) -> None:
        """Say why an event is not acknowledged."""
        self.on_outcome(str(event.get("type")), "failed")
        if isinstance(error, NotReadyError | StoreError | ChatError):
            log.error("an event was not stored and not acknowledged: %s", error)
        else:
            log.error("an event was not stored and not acknowledged", exc_info=error)


class Messages(AsyncMiddleware):
    """Takes messages at the door, before Bolt prepares what a listener might ask for.

    They come a hundred times as often as anything else and need none of that. Over a socket this
    is Bolt's first middleware; over HTTP `http.py` asks it before it wakes Bolt at all.
    """

    def __init__(self, listeners: SlackListeners) -> None:
        self.listeners = listeners

    def wants(self, body: dict[str, Any]) -> bool:
        """Whether this is a message event."""
        event = body.get("event")
        return isinstance(event, dict) and event.get("type") == "message"

    async def keep(self, body: dict[str, Any]) -> bool:
        """Take a message; whether it may be acknowledged. If not, Slack sends it again."""
        try:
            await self.listeners.installation.known()
            await self.listeners.on_message(body["event"], body)
        except Exception as error:  # noqa: BLE001  (whatever it was, the message is not stored)
            if self.listeners.is_strangers(error):
                return True
            self.listeners.not_stored(body["event"], error)
            return False
        return True

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002  (Bolt's name)
    ) -> BoltResponse | None:
        """Take a message; let everything else pass."""
        if not self.wants(req.body):
            return await next()
        resp.status = 200 if await self.keep(req.body) else 500
        return resp


def word_for(outcome: Outcome) -> str:
    """An outcome in one word, for metrics."""
    if isinstance(outcome, Nothing | NotAnIdea):
        return outcome.why
    return type(outcome).__name__.lower()


def _json(payload: dict[str, Any]) -> BoltResponse:
    return BoltResponse(
        status=200,
        body=json.dumps(payload),
        headers={"content-type": ["application/json;charset=utf-8"]},
    )
