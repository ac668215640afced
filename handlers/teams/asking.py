"""Whoever asks in Teams, and how they alone are told: where they asked, else in the bot's chat."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Final

from bot.core.errors import (
    ChatError,
    ChatInDoubtError,
    ChatUnavailableError,
    CommonplaceError,
    MessageRefusedError,
)
from bot.core.model.people import Asker
from handlers.shapes import Payload, needed, text
from handlers.teams import presses
from handlers.teams.activities import author_of, channel_of, zone_of
from handlers.teams.connector import Connector, Conversation
from handlers.teams.known import Known
from handlers.teams.shown import Shown

log = logging.getLogger(__name__)

_TRIES: Final = 3
_PAUSE: Final = 1.0
"""Seconds between two tries, where Teams names no time."""
_LONGEST_PAUSE: Final = 30.0


class StrangerError(CommonplaceError):
    """Somebody of another tenant asks, or somebody of whom Teams does not say who they are."""

    def __init__(self) -> None:
        super().__init__(
            "That is for members of the organization that I belong to. Nothing was changed. "
            "Ask one of them to do it for you."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Where somebody asks, and who.

    Args:
        where: the thread, channel or chat.
        member: their id in Teams.
        entra: their id in Entra, as far as Teams tells it.
        channel: the channel that they ask about; empty: none.
        personal: whether it is their chat with the bot, which nobody else reads.
        mixed: whether people of other tenants may be there: in a shared channel, or a chat of many.
        zone: the time zone of their clocks; empty: it is not told.
    """

    where: Conversation
    member: str
    entra: str
    channel: str
    personal: bool
    mixed: bool
    zone: str

    @classmethod
    def of(cls, activity: Payload, here: str | None = None) -> "Asking":
        """Read it from an activity.

        Args:
            here: what `presses.here` says of the card that was pressed.
        """
        kind = text(activity, "conversation", "conversationType")
        ours = text(activity, "channelData", "channel", "type") in {"standard", "private"}
        ident = needed(activity, "conversation", "id")
        return cls(
            where=Conversation(needed(activity, "serviceUrl"), ident),
            member=needed(activity, "from", "id"),
            entra=author_of(activity),
            channel=channel_of(activity) if here is None else here,
            personal=kind == "personal",
            mixed=kind != "personal" and not ours,
            zone=zone_of(activity),
        )

    async def asker(self, connector: Connector, known: Known, *, pressed: bool) -> Asker:
        """Return who asks; Teams is asked where it did not tell, or not whether they are ours.

        Raises:
            StrangerError: they are none of ours, or not known.
        """
        entra = self.entra or (await known.members()).get(self.member, "")
        if not entra or self.mixed:
            entra = await self._told(connector, known.tenant)
            await known.member_is(self.member, entra)
        return Asker(
            workspace=known.tenant,
            member_id=entra,
            channel=self.channel,
            pressed=pressed,
            zone=self.zone,
        )

    async def _told(self, connector: Connector, tenant: str) -> str:
        room = Conversation(self.where.service_url, self.where.id.partition(";")[0])
        try:
            told = await connector.member(room, self.member)
        except ChatUnavailableError:
            raise
        except ChatError:  # whom Teams does not show us is none of ours
            raise StrangerError from None
        entra = text(told, "aadObjectId") or text(told, "objectId")
        if not entra or text(told, "tenantId") not in {"", tenant}:
            raise StrangerError
        return entra

    async def tell(self, connector: Connector, shown: Shown, tenant: str) -> Conversation | None:
        """Show something to them alone; return where it stands as far as is known, or None."""
        for left in reversed(range(_TRIES)):
            try:
                return await self._tell(connector, shown, tenant)
            except ChatInDoubtError:
                return self.where
            except ChatUnavailableError as error:
                if left:
                    await asyncio.sleep(min(error.retry_after or _PAUSE, _LONGEST_PAUSE))
                    continue
                log.warning("an answer could not be shown: %s", error)
            except ChatError as error:
                log.warning("an answer could not be shown: %s", error)
                break
        return None

    async def _tell(self, connector: Connector, shown: Shown, tenant: str) -> Conversation:
        activity = presses.alone(shown.activity(), self.channel)
        try:
            await connector.post(self.where, activity, to="" if self.personal else self.member)
        except (ChatInDoubtError, ChatUnavailableError):
            raise
        except ChatError:  # nothing is whispered there, or the bot is not there, or it is too much
            chat = await connector.open_chat(self.where.service_url, self.member, tenant)
        else:
            return self.where
        try:
            await connector.post(chat, activity)
        except MessageRefusedError:
            await connector.post(chat, shown.plain())
        return chat
