"""Bolt listeners for events, their registration, and the one place where errors are answered."""

from __future__ import annotations

import json
import logging
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, assert_never

from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from structlog.contextvars import bound_contextvars

from bot.core.errors import ChatError, CommonplaceError, StoreError
from bot.core.messages import answers
from bot.core.messages.common import said
from bot.core.model import Effect, NewJob, NotAnIdea, Nothing
from handlers.slack import payloads, render
from handlers.slack.installation import NotReadyError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from slack_bolt.async_app import AsyncApp
    from slack_bolt.request.async_request import AsyncBoltRequest

    from bot.core.keep import Keeper
    from bot.core.model import Channel, Outcome
    from handlers.slack.installation import Installation

log = logging.getLogger(__name__)

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
    "member_left_channel",
    "channel_left",
    "group_left",
    *CHANNEL_EVENTS,
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
        """Tell Bolt which function takes what; messages first, for each one before costs time."""
        app.event("message")(self.on_message)
        app.event("reaction_added")(self.on_reaction_added)
        app.event("reaction_removed")(self.on_reaction_removed)
        app.event("member_joined_channel")(self.on_member_joined)
        for event in ("member_left_channel", "channel_left", "group_left"):
            app.event(event)(self.on_left)
        for event in CHANNEL_EVENTS:
            app.event(event)(self.on_channel_changed)
        app.error(self.on_error)

    async def on_message(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        """A message of any kind: new, edited, deleted, or one that is nothing for us."""
        bot = self.installation.bot_in(payloads.workspace_of(body), body)
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
                outcome = Nothing(why)
            case incoming:
                assert_never(incoming)
        self.on_outcome("message", word_for(outcome))

    async def on_reaction_added(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        """Somebody added an emoji."""
        await self._reaction(event, body, added=True)

    async def on_reaction_removed(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        """Somebody removed their emoji."""
        await self._reaction(event, body, added=False)

    async def _reaction(self, event: dict[str, Any], body: dict[str, Any], *, added: bool) -> None:
        bot = self.installation.bot_in(payloads.workspace_of(body), body)
        reaction = payloads.to_reaction(event, bot.id, body.get("event_time"))
        if reaction is None or reaction.member_id == bot.bot_user_id:
            self.on_outcome("reaction", "own" if reaction else "not a message")
            return
        outcome = await self.keeper.react(reaction, added=added)
        self.on_outcome("reaction", word_for(outcome))

    async def on_member_joined(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        """Somebody joined a channel; we care only when it is the bot."""
        bot = self.installation.bot_in(payloads.workspace_of(body), body)
        if event.get("user") != bot.bot_user_id:
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
        await store.enqueue(bot.id, NewJob(effect=Effect.CHANNEL, key=ident), now=now)
        await store.enqueue(bot.id, NewJob(effect=Effect.WELCOME, key=ident), now=now)
        await self.joined(channel)

    async def on_left(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        """Somebody left a channel; we care only when it is the bot."""
        bot = self.installation.bot_in(payloads.workspace_of(body), body)
        if event.get("user", bot.bot_user_id) == bot.bot_user_id or event["type"] != (
            "member_left_channel"
        ):
            await self.keeper.store.saw_channel(
                bot.id, event["channel"], now=self.now(), member=False
            )

    async def on_channel_changed(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        """A channel was renamed, archived or brought back: look it up again."""
        bot = self.installation.bot_in(payloads.workspace_of(body), body)
        channel = event.get("channel")
        ident = str(channel.get("id") if isinstance(channel, dict) else channel or "")
        if await self.keeper.store.channel(bot.id, ident) is not None:
            job = NewJob(effect=Effect.CHANNEL, key=ident)
            await self.keeper.store.enqueue(bot.id, job, now=self.now())

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
                self._log_event_error(error)
                self.on_outcome(str(body["event"].get("type")), "failed")
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
                await _respond(request, render.to_slack(message))
                return BoltResponse(status=200, body="")
            return _json({"response_type": "ephemeral", **render.to_slack(message)})

    def _log_event_error(self, error: Exception) -> None:
        if isinstance(error, NotReadyError | StoreError | ChatError):
            log.error("an event was not stored and not acknowledged: %s", error)
        else:
            log.error("an event was not stored and not acknowledged", exc_info=error)


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


async def _respond(request: AsyncBoltRequest, payload: dict[str, Any]) -> None:
    respond = request.context.respond
    if respond is not None:
        await respond(response_type="ephemeral", replace_original=False, **payload)
