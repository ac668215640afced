"""Slack's events become calls of the core."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from bot.core.errors import ChatError, StoreError, log_failure
from bot.core.intake.channels import ChannelLife
from bot.core.intake.keep import Keeper
from bot.core.model.ideas import Nothing, Outcome, word_for
from bot.core.model.people import Workspace
from bot.core.model.posts import Post
from handlers.shapes import OddShapeError, Payload, needed, text
from handlers.slack import payloads
from handlers.slack.connections import Connections
from handlers.slack.direct import DirectMessages
from handlers.slack.home import HomeTab
from handlers.slack.installation import NotReadyError, StrangerError

log = logging.getLogger(__name__)

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
    "member_joined_channel",
    "member_left_channel",
    *GONE,
    *CHANNEL_EVENTS,
    "channel_id_changed",
    "user_change",
    "app_home_opened",
)
"""Everything we listen to; the manifest asks for exactly these."""


@dataclass(frozen=True, slots=True)
class SlackEvents:
    """Takes events of all kinds. What is stored is acknowledged, and nothing else is.

    Args:
        on_outcome: told, by event and in one word, what came of it.
        on_gap: told that Slack kept events back: they must be read from the history.
    """

    keeper: Keeper
    channels: ChannelLife
    connections: Connections
    direct: DirectMessages
    home: HomeTab
    on_outcome: Callable[[str, str], None]
    on_gap: Callable[[], None]

    async def take(self, body: Payload) -> bool:
        """Return whether an event may be acknowledged. If not, Slack sends it again.

        Raises:
            OddShapeError: Slack sends no such event.
        """
        kind = needed(body, "event", "type")
        if kind not in EVENTS:
            self.pass_over(kind)
            return True
        try:
            teams = payloads.installed_in(body)
            await self.connections.known(teams)
            bot = self.connections.first_of(teams).installation.bot
            await self._take(kind, body, bot)
        except OddShapeError:
            raise
        except StrangerError:
            log.debug("an event of another workspace was passed over")
            self.on_outcome("event", "stranger")
        except Exception as error:  # noqa: BLE001  (whatever it was, the event is not stored)
            self.on_outcome(kind, "failed")
            what = "an event was not stored and not acknowledged"
            if isinstance(error, NotReadyError | StoreError | ChatError):
                log.error("%s: %s", what, error)  # noqa: TRY400  (it says all)
            else:
                log_failure(log, what, error)
            return False
        return True

    def pass_over(self, kind: str) -> None:
        """Count what nobody listens to."""
        if kind == "app_rate_limited":
            log.warning("Slack sends too many events and holds some back: histories are read")
            self.on_gap()
        log.debug("not for us: %s", kind)
        self.on_outcome("unhandled", "ignored")

    async def _take(self, kind: str, body: Payload, bot: Workspace) -> None:
        event = body["event"]
        match kind:
            case "message":
                await self._message(event, bot)
            case "reaction_added" | "reaction_removed":
                reaction = payloads.to_reaction(event, bot.id, body.get("event_time"))
                outcome: Outcome = Nothing("own" if reaction else "not a message")
                if reaction is not None and reaction.member_id != bot.bot_user_id:
                    outcome = await self.keeper.react(reaction, added=kind == "reaction_added")
                self.on_outcome("reaction", word_for(outcome))
            case "channel_id_changed":
                old, new = needed(event, "old_channel_id"), needed(event, "new_channel_id")
                await self.channels.id_changed(bot.id, old, new)
            case "app_home_opened":
                await self.home.opened(bot.id, event)
                self.on_outcome(kind, "drawn")
            case "user_change":
                person = payloads.to_changed_person(event, bot.id)
                if person is not None:
                    await self.channels.member_changed(bot.id, person)
            case _:
                await self._channel(kind, event, bot)

    async def _message(self, event: Payload, bot: Workspace) -> None:
        match payloads.to_incoming(event, bot):
            case Post() as post:
                outcome = await self.keeper.capture(post)
            case payloads.Direct() as said:
                outcome = await self.direct.take(said, bot)
            case payloads.Edited(post):
                outcome = await self.keeper.edit(post)
            case payloads.Deleted(place, reply):
                outcome = await self.keeper.delete(place, reply=reply)
            case payloads.Previewed(place, titles):
                await self.keeper.preview(place, dict(titles))
                outcome = Nothing("preview")
            case Nothing(why) as outcome:
                if why in {"channel_convert_to_private", "channel_convert_to_public"}:
                    private = why == "channel_convert_to_private"
                    await self.channels.changed(bot.id, text(event, "channel"), private=private)
            case incoming:
                assert_never(incoming)
        self.on_outcome("message", word_for(outcome))

    async def _channel(self, kind: str, event: Payload, bot: Workspace) -> None:
        """Somebody came or left, perhaps the bot; or something befell the channel."""
        about = event.get("channel")
        channel = needed(about, "id") if isinstance(about, dict) else needed(event, "channel")
        who = text(event, "user")
        if kind == "member_joined_channel":
            private = {"C": False, "G": True}.get(text(event, "channel_type"))
            inviter = text(event, "inviter")
            await self.channels.member_joined(bot, channel, who, inviter=inviter, private=private)
        elif kind == "member_left_channel" and who not in {"", bot.bot_user_id}:
            await self.channels.member_left(bot.id, channel, who)
        elif kind in CHANNEL_EVENTS:
            await self.channels.changed(bot.id, channel)
        else:
            await self.channels.bot_left(bot.id, channel, deleted=kind.endswith("_deleted"))
