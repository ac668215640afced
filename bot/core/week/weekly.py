"""The digest and the prompt: each is posted once per channel and week."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.delivery.poster import DeliveryPoster
from bot.core.delivery.result import InDoubt, Posting
from bot.core.model.channel_week import ChannelWeek, ScheduleDefaults, WeeklyDelivery
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.parts import Message
from bot.core.model.people import Channel
from bot.core.ports import IdeaStore
from bot.core.week.digest_builder import DigestBuilder
from bot.core.week.picker import PromptPicker


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """Posts and previews digests and prompts. Safe to call at any time, from anywhere.

    Args:
        defaults: what holds in channels that have not chosen otherwise.
    """

    store: IdeaStore
    poster: DeliveryPoster
    builder: DigestBuilder
    picker: PromptPicker
    defaults: ScheduleDefaults

    def week_of(self, channel: Channel) -> ChannelWeek:
        """When things are due in a channel."""
        return ChannelWeek(channel, self.defaults)

    async def preview(
        self, kind: DeliveryKind, channel: Channel, at: datetime
    ) -> tuple[Message, ...]:
        """All messages that would be posted at *at*; none: nothing to post."""
        delivery, composer = self.week_of(channel).delivery(kind, at), self._composer(kind)
        plan = await composer.plan(delivery)
        drawn = [await composer.render(delivery, plan, part) for part in range(len(plan.parts))]
        return tuple(message for message in drawn if message is not None)

    async def post(
        self,
        kind: DeliveryKind,
        channel: Channel,
        at: datetime,
        *,
        late: bool = False,
        stands: bool | None = None,
    ) -> Posting:
        """Post the digest or the prompt of the week of *at*; as `deliver`."""
        delivery = self.week_of(channel).delivery(kind, at)
        return await self.deliver(delivery, late=late, stands=stands)

    async def deliver(
        self, delivery: WeeklyDelivery, *, late: bool = False, stands: bool | None = None
    ) -> Posting:
        """Post a digest or a prompt, once.

        A digest holds what was posted at or before `delivery.at` and is in no sent digest of its
        channel.

        Args:
            late, stands: as `DeliveryPoster.post`.
        """
        place, composer = (delivery.workspace, delivery.channel), self._composer(delivery.kind)
        # What older weeks still owe is settled first, and free again.
        for key in await self.store.unfinished(*place, delivery.kind):
            if key != delivery.subject:
                older = replace(delivery, subject=key)
                if isinstance(came := await self.poster.settle(older, composer), InDoubt):
                    return came
        return await self.poster.post(delivery, composer, late=late, stands=stands)

    async def settle(self, delivery: WeeklyDelivery) -> Posting:
        """Post nothing more of it, and find out whether an attempt already did.

        What an attempt had planned and is not in the channel is free again afterwards.
        """
        return await self.poster.settle(delivery, self._composer(delivery.kind))

    def _composer(self, kind: DeliveryKind) -> DigestBuilder | PromptPicker:
        return self.builder if kind is DeliveryKind.DIGEST else self.picker
