"""Bolt listeners for events, their registration, and the one place where errors are answered."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, assert_never

from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.core.errors import ChatError, StoreError, log_failure
from bot.core.intake.channels import ChannelLife
from bot.core.intake.keep import Keeper
from bot.core.model.ideas import NotAnIdea, Nothing, Outcome
from bot.core.model.people import Workspace
from handlers.slack import payloads
from handlers.slack.connections import Connections
from handlers.slack.desk import excused
from handlers.slack.installation import NotReadyError, StrangerError

log = logging.getLogger(__name__)

MEMBERSHIP = ("member_joined_channel", "member_left_channel")
"""Somebody came or left, perhaps the bot."""

GONE = ("channel_left", "group_left", "channel_deleted", "group_deleted")
"""After these the bot is no longer in a channel."""

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
    *MEMBERSHIP,
    *GONE,
    *CHANNEL_EVENTS,
    "channel_id_changed",
    "user_change",
)
"""Everything we listen to; the manifest asks for exactly these."""


@dataclass(frozen=True, slots=True)
class SlackListeners:
    """Events become calls of the core. What is stored is acknowledged, and nothing else is.

    Args:
        on_outcome: told, by event and in one word, what came of it.
    """

    keeper: Keeper
    channels: ChannelLife
    connections: Connections
    on_outcome: Callable[[str, str], None]
    on_gap: Callable[[], None] = lambda: None
    """Told that Slack kept events back: they must be read from the history."""

    def register(self, app: AsyncApp) -> None:
        """Tell Bolt what we listen to; messages come by way of `Messages`."""
        for event in EVENTS[1:]:
            app.event(event)(self.on_event)
        app.error(self.on_error)

    async def on_message(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        """A message of any kind: new, edited, deleted, or one that is nothing for us."""
        await self.connections.known(payloads.installed_in(body))
        bot = self.connections.bot_in(body)
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
                if why == "channel_convert_to_private":
                    await self.channels.made_private(bot.id, str(event["channel"]))
                elif why == "channel_convert_to_public":
                    await self.channels.changed(bot.id, str(event["channel"]))
                outcome = Nothing(why)
            case incoming:
                assert_never(incoming)
        self.on_outcome("message", word_for(outcome))

    async def on_event(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        """An event of any other kind: a reaction, or something that befell a channel or member."""
        bot, kind = self.connections.bot_in(body), event["type"]
        about = event.get("channel")
        channel = str(about.get("id") if isinstance(about, dict) else about or "")
        who = str(event.get("user") or "") if kind in MEMBERSHIP else ""
        match kind:
            case "reaction_added" | "reaction_removed":
                await self._reaction(event, body, bot, added=kind == "reaction_added")
            case "member_joined_channel":
                private = {"C": False, "G": True}.get(str(event.get("channel_type")))
                inviter = event.get("inviter") or ""
                await self.channels.member_joined(
                    bot, channel, who, inviter=inviter, private=private
                )
            case "member_left_channel" if who not in {"", bot.bot_user_id}:
                await self.channels.member_left(bot.id, channel, who)
            case "channel_id_changed":
                old, new = str(event["old_channel_id"]), str(event["new_channel_id"])
                await self.channels.id_changed(bot.id, old, new)
            case "user_change":
                person = payloads.to_changed_person(event, bot.id)
                if person is not None:
                    await self.channels.member_changed(bot.id, person)
            case _ if kind in CHANNEL_EVENTS:
                await self.channels.changed(bot.id, channel)
            case _:
                await self.channels.bot_left(bot.id, channel, deleted=kind.endswith("_deleted"))

    async def _reaction(
        self, event: dict[str, Any], body: dict[str, Any], bot: Workspace, *, added: bool
    ) -> None:
        reaction = payloads.to_reaction(event, bot.id, body.get("event_time"))
        if reaction is None or reaction.member_id == bot.bot_user_id:
            self.on_outcome("reaction", "own" if reaction else "not a message")
            return
        outcome = await self.keeper.react(reaction, added=added)
        self.on_outcome("reaction", word_for(outcome))

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
        if "event" not in body:
            return await excused(error, request)
        if self.is_strangers(error):
            return BoltResponse(status=200, body="")
        self.not_stored(body["event"], error)
        return None

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
            log_failure(log, "an event was not stored and not acknowledged", error)


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
