"""Use cases that speak by the week: the digest and the prompt, each once per channel and week."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.delivery.poster import DeliveryPoster
from bot.core.delivery.result import InDoubt, Posting
from bot.core.model.channel_week import ChannelWeek
from bot.core.model.deliveries import DeliveryKind, Period
from bot.core.model.parts import Message
from bot.core.model.people import Channel
from bot.core.model.settings import Habits
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
    defaults: Habits

    def week_of(self, channel: Channel) -> ChannelWeek:
        """When things are due in a channel."""
        return ChannelWeek(channel, self.defaults)

    async def preview(
        self, kind: DeliveryKind, channel: Channel, at: datetime
    ) -> tuple[Message, ...]:
        """All messages that would be posted at *at*; none: nothing to post."""
        delivery, writer = self.week_of(channel).delivery(kind, at), self._writer(kind)
        plan = await writer.plan(delivery)
        drawn = [await writer.render(delivery, plan, part) for part in range(len(plan.parts))]
        return tuple(message for message in drawn if message is not None)

    async def post(
        self,
        kind: DeliveryKind,
        channel: Channel,
        at: datetime,
        *,
        period: Period | None = None,
        late: bool = False,
    ) -> Posting:
        """Post the digest or the prompt of a week.

        A digest holds what was posted at or before *at* and is in no sent digest of this channel.

        Args:
            period: the week that it counts for; by default the one of *at* in the channel's zone.
            late: whether it was due a while ago; then the channel is looked through even at the
                first attempt, since the store may be an older copy that forgot the post.
        """
        delivery, writer = self.week_of(channel).delivery(kind, at, period), self._writer(kind)
        # What older weeks still owe is settled first, and free again.
        for key in await self.store.unfinished(channel.workspace, channel.id, kind):
            if key != delivery.subject:
                older = replace(delivery, subject=key)
                if isinstance(came := await self.poster.settle(older, writer), InDoubt):
                    return came
        return await self.poster.post(delivery, writer, late=late)

    async def settle(
        self, kind: DeliveryKind, channel: Channel, at: datetime, period: Period
    ) -> Posting:
        """Post nothing more for *period*, and find out whether an attempt already did.

        What an attempt had planned and is not in the channel is free again afterwards.
        """
        delivery = self.week_of(channel).delivery(kind, at, period)
        return await self.poster.settle(delivery, self._writer(kind))

    def _writer(self, kind: DeliveryKind) -> DigestBuilder | PromptPicker:
        return self.builder if kind is DeliveryKind.DIGEST else self.picker
