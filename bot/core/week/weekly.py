"""Use cases that speak by the week: the digest and the prompt, each once per channel and week."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.core.delivery.poster import DeliveryPoster
from bot.core.delivery.result import InDoubt, Posting
from bot.core.model.channel_week import ChannelWeek
from bot.core.model.deliveries import Delivery, DeliveryKind, Period, Plan
from bot.core.model.parts import Message
from bot.core.model.people import Channel
from bot.core.model.settings import Habits
from bot.core.ports import IdeaStore
from bot.core.week.digest_builder import DigestBuilder
from bot.core.week.picker import PromptPicker


@dataclass(frozen=True, slots=True)
class WeeklyJob:
    """The digest or the prompt of one channel and week, as it is delivered."""

    writer: DigestBuilder | PromptPicker
    week: ChannelWeek
    delivery: Delivery

    async def plan(self) -> Plan:
        """Decide what it says."""
        return await self.writer.plan(self.week, self.delivery.at)

    async def render(self, plan: Plan, part: int) -> Message | None:
        """Put one of its messages into words; None: nothing is left to say."""
        monday = date.fromisoformat(f"{self.delivery.subject}-1")
        return await self.writer.render(self.week, plan, part, monday)


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
        job = self._job(kind, channel, at, None)
        plan = await job.plan()
        drawn = [await job.render(plan, part) for part in range(len(plan.parts))]
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
        job = self._job(kind, channel, at, period)
        # What older weeks still owe is settled first, and free again.
        for key in await self.store.unfinished(channel.workspace, channel.id, kind):
            if key != job.delivery.subject:
                older = replace(job, delivery=replace(job.delivery, subject=key))
                if isinstance(came := await self.poster.settle(older), InDoubt):
                    return came
        return await self.poster.post(job, late=late)

    async def settle(
        self, kind: DeliveryKind, channel: Channel, at: datetime, period: Period
    ) -> Posting:
        """Post nothing more for *period*, and find out whether an attempt already did.

        What an attempt had planned and is not in the channel is free again afterwards.
        """
        return await self.poster.settle(self._job(kind, channel, at, period))

    def _job(
        self, kind: DeliveryKind, channel: Channel, at: datetime, period: Period | None
    ) -> WeeklyJob:
        week = self.week_of(channel)
        writer = self.builder if kind is DeliveryKind.DIGEST else self.picker
        return WeeklyJob(writer, week, week.delivery(kind, at, period))
