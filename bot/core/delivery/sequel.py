"""What follows a posted message in its thread, each exactly once and in order.

The rules are those of `once.py`: a row is claimed first, with a lease; whoever comes second looks
for the message by its key before posting; where an answer was lost, nobody posts for a minute.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.core.delivery.once import LEASE, LOOK_AGAIN, REQUEST, InDoubt, not_now, say
from bot.core.errors import ChatError, ChatInDoubtError, ChatUnavailableError, StoreError
from bot.core.model.parts import Message
from bot.core.model.people import Channel
from bot.core.model.work import DeliveryKind, PartClaim, Taken
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chat

log = logging.getLogger(__name__)

EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""A thread is searched as a whole."""

Draw = Callable[[PartClaim], Awaitable[Message | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequel:
    """Posts the later messages of what stands in a channel.

    Args:
        now: the clock that weeks go by; in a rehearsal it may run ahead or behind.
        real_now: the clock that leases and waiting go by.
    """

    store: IdeaStore
    chat: Chat
    now: Callable[[], datetime]
    real_now: Callable[[], datetime]

    async def go_on(
        self, channel: Channel, kind: DeliveryKind, period: str, draw: Draw, *, post: bool = True
    ) -> InDoubt | None:
        """Post what is still to follow; None: nothing is left to do.

        Args:
            draw: a claim in words; None when nothing of it is left to say.
            post: False: post nothing, and find out what stands there; the rest is dropped, and
                what it would have carried is free again.
        """
        while True:
            begun = self.real_now()
            claim = await self.store.claim_part(
                channel.workspace, channel.id, kind, period, now=begun, lease=LEASE
            )
            if claim is None:
                return None
            if isinstance(claim, Taken):
                return InDoubt(claim.until or begun, "A later part of it is not settled yet.")
            doubt = await self._one(claim, draw, begun=begun, post=post)
            if doubt is not None:
                return doubt

    async def _one(
        self, claim: PartClaim, draw: Draw, *, begun: datetime, post: bool
    ) -> InDoubt | None:
        message = await draw(claim)
        if claim.attempt > 1:
            fallback = "" if message is None else message.fallback
            try:
                ts = await self.chat.find_own(
                    claim.channel, claim.key, since=EVER, fallback=fallback, thread=claim.thread
                )
            except ChatError as error:
                return await self._doubt(claim, error)
            if ts is not None:
                await self.store.part_sent(claim, ts, now=self.now())
                return None
        if not post or message is None:
            await self.store.part_dropped(claim)
            return None
        if self.real_now() - begun > LEASE - 2 * REQUEST:
            return InDoubt(begun + LEASE, "The chat is slow to answer.")
        return await self._post(claim, message, begun=begun)

    async def _post(self, claim: PartClaim, message: Message, *, begun: datetime) -> InDoubt | None:
        try:
            ts = await say(self.chat, claim.channel, message, key=claim.key, thread=claim.thread)
        except ChatInDoubtError as error:
            return await self._doubt(claim, error)
        except ChatUnavailableError as error:
            if claim.attempt == 1:
                await self.store.part_release(claim)
            else:
                await self.store.part_doubt(claim, until=self.real_now())
            return not_now(error, self.real_now())
        except ChatError as error:
            # Its thread may be gone. What it carries comes with the next one.
            log.warning("%s is refused and left out: %s", claim.key, error)
            await self.store.part_dropped(claim)
            return None
        try:
            await self.store.part_sent(claim, ts, now=self.now())
        except StoreError as error:
            return InDoubt(begun + LEASE, f"It is posted, but could not be noted. {error}")
        return None

    async def _doubt(self, claim: PartClaim, error: ChatError) -> InDoubt:
        until = self.real_now() + LOOK_AGAIN
        await self.store.part_doubt(claim, until=until)
        return InDoubt(until, str(error))
