"""Which prompt a channel is asked next: the choice, and the prompt in words."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.core.messages import weekly as messages
from bot.core.model.channel_week import ChannelWeek
from bot.core.model.deliveries import Plan
from bot.core.model.framework import Framework
from bot.core.model.parts import Message
from bot.core.model.people import Channel
from bot.core.model.prompts import NOT_AGAIN, Bank
from bot.core.ports import IdeaStore
from bot.core.prompts import bank as prompts
from bot.core.prompts import own as own_prompts
from bot.core.prompts.calendar import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptPicker:
    """Picks the prompt that a channel is asked, from the bank and from its own."""

    store: IdeaStore
    framework: Framework
    bank: Bank
    calendar: Calendar

    async def bank_of(self, channel: Channel) -> Bank:
        """The questions that a channel knows: the bank's, reworded or not, and its own."""
        own = await self.store.own_prompts(channel.workspace, channel.id)
        return own_prompts.bank_of(self.bank, own)

    async def choice(self, week: ChannelWeek, at: datetime) -> prompts.Choice:
        """The prompt that would be asked at *at*, and why it is this one."""
        channel = week.channel
        place = channel.workspace, channel.id
        own = await self.store.own_prompts(*place)
        since = at - own_prompts.SKIPPED_FOR
        counts = await self.store.by_component(*place)
        recent = await self.store.recent_prompts(*place, NOT_AGAIN)
        skipped = await self.store.skipped_prompts(*place, since=since)
        components = self.framework.components
        situation = prompts.Situation(
            bank=own_prompts.without(
                own_prompts.bank_of(self.bank, own), skipped - {channel.pinned}
            ),
            calendar=self.calendar,
            day=week.day_of(at),
            recent=recent,
            thinnest=sorted((c.code for c in components), key=lambda code: counts.get(code, 0)),
            pinned=channel.pinned or None,
            observances=channel.observances,
            names={component.code: component.name for component in components},
            waiting=own_prompts.waiting(own, recent),
        )
        return prompts.choose(situation)

    async def plan(self, week: ChannelWeek, at: datetime) -> Plan:
        """Decide which prompt is asked at *at*."""
        chosen = (await self.choice(week, at)).prompt
        return Plan(prompt_id=chosen.id, prompt_text=chosen.text)

    async def render(
        self, week: ChannelWeek, plan: Plan, _part: int, _monday: date
    ) -> Message | None:
        """A prompt in words, with the name of the member who proposed it; None: none is planned."""
        if not plan.prompt_text:
            return None
        own = await self.store.own_prompts(week.channel.workspace, week.channel.id)
        names = [one.name for one in own if one.proposed and one.id == plan.prompt_id]
        return messages.prompt(plan.prompt_text, by=names[0] if names else "")
