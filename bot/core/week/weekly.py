"""Use cases that speak by the week: the digest and the prompt, each once per channel and week."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.delivery.poster import DeliveryPoster
from bot.core.delivery.result import InDoubt, Posting
from bot.core.model.channel_week import ChannelWeek
from bot.core.model.deliveries import DeliveryKind, Period
from bot.core.model.parts import Message
from bot.core.model.people import Channel
from bot.core.model.settings import Habits
from bot.core.ports import IdeaStore
from bot.core.week.editor import DigestDelivery, Editor
from bot.core.week.picker import PromptDelivery, PromptPicker


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """Posts and previews digests and prompts. Safe to call at any time, from anywhere.

    Args:
        defaults: what holds in channels that have not chosen otherwise.
    """

    store: IdeaStore
    poster: DeliveryPoster
    editor: Editor
    picker: PromptPicker
    defaults: Habits

    def week_of(self, channel: Channel) -> ChannelWeek:
        """When things are due in a channel."""
        return ChannelWeek(channel, self.defaults)

    # -- looking before it is posted --

    async def preview_digest(self, channel: Channel, at: datetime) -> tuple[Message, ...]:
        """All messages of the digest that would be posted at *at*; none: nothing to post."""
        return await self.editor.messages(self.week_of(channel), at)

    async def preview_prompt(self, channel: Channel, at: datetime) -> Message:
        """The prompt that would be posted at *at*."""
        plan = await self.picker.plan(self.week_of(channel), at)
        return await self.picker.render(channel, plan) or Message(plan.prompt_text)

    # -- posting --

    async def post_digest(
        self, channel: Channel, at: datetime, *, period: Period | None = None, late: bool = False
    ) -> Posting:
        """Post what was posted at or before *at* and is in no sent digest of this channel.

        Args:
            period: the week that it counts for; by default the one of *at* in the channel's zone.
            late: whether it was due a while ago; then the channel is looked through even at the
                first attempt, since the store may be an older copy that forgot the post.
        """
        digest = self._digest(channel, at, period)
        # What older weeks still owe is settled first, and free again.
        for key in await self.store.unfinished(channel.workspace, channel.id, DeliveryKind.DIGEST):
            if key != digest.period.key:
                older = self._digest(channel, at, Period(key, digest.period.start, at))
                if isinstance(came := await self.poster.settle(older), InDoubt):
                    return came
        return await self.poster.post(digest, late=late)

    async def post_prompt(
        self, channel: Channel, at: datetime, *, period: Period | None = None, late: bool = False
    ) -> Posting:
        """Post the prompt for the week of *at*; arguments as `post_digest`."""
        return await self.poster.post(self._prompt(channel, at, period), late=late)

    async def settle(
        self, channel: Channel, kind: DeliveryKind, at: datetime, period: Period
    ) -> Posting:
        """Post nothing more for *period*, and find out whether an attempt already did.

        What an attempt had planned and is not in the channel is free again afterwards.
        """
        which = self._digest if kind is DeliveryKind.DIGEST else self._prompt
        return await self.poster.settle(which(channel, at, period))

    def _digest(self, channel: Channel, at: datetime, period: Period | None) -> DigestDelivery:
        week = self.week_of(channel)
        return DigestDelivery(self.editor, week, period or week.period_of(at), at)

    def _prompt(self, channel: Channel, at: datetime, period: Period | None) -> PromptDelivery:
        week = self.week_of(channel)
        return PromptDelivery(self.picker, week, period or week.period_of(at), at)
