"""Which prompt a channel is asked next: the choice, and the prompt in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.core.messages import weekly as messages
from bot.core.model.channel_week import ChannelWeek, WeeklyDelivery
from bot.core.model.deliveries import Plan
from bot.core.model.framework import Framework
from bot.core.model.ideas import Filters
from bot.core.model.parts import Message
from bot.core.model.people import Channel
from bot.core.model.prompts import NOT_AGAIN, Bank, OwnPrompt, Prompt, State, When, number_of
from bot.core.ports import IdeaStore
from bot.core.prompts import bank as prompts
from bot.core.prompts.calendar import Calendar

SKIPPED_FOR: Final = timedelta(weeks=NOT_AGAIN)
"""How long a question that the coordinator skipped stays away."""


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
        return bank_of(self.bank, own)

    async def choice(self, week: ChannelWeek, at: datetime) -> prompts.Choice:
        """The prompt that would be asked at *at*, and why it is this one."""
        (chosen,) = await self.coming(week, [at])
        return chosen

    async def coming(self, week: ChannelWeek, times: Sequence[datetime]) -> list[prompts.Choice]:
        """The prompts that would be asked at these times, one after the other.

        As the channel is now: what comes in before then may change the later ones.
        """
        channel = week.channel
        place = channel.workspace, channel.id
        own = await self.store.own_prompts(*place)
        since = times[0] - SKIPPED_FOR
        counts = await self.store.by_component(channel.workspace, Filters(channel=channel.id))
        recent = await self.store.recent_prompts(*place, NOT_AGAIN)
        skipped = await self.store.skipped_prompts(*place, since=since)
        components = self.framework.components
        situation = prompts.Situation(
            bank=without(bank_of(self.bank, own), skipped - {channel.pinned}),
            calendar=self.calendar,
            day=week.day_of(times[0]),
            recent=recent,
            thinnest=sorted((c.code for c in components), key=lambda code: counts.get(code, 0)),
            pinned=channel.pinned or None,
            observances=channel.observances,
            names={component.code: component.name for component in components},
            waiting=waiting(own, recent),
        )
        chosen: list[prompts.Choice] = []
        for at in times:
            chosen.append(prompts.choose(replace(situation, day=week.day_of(at))))
            asked = (*(one.prompt.id for one in reversed(chosen)), *recent)[:NOT_AGAIN]
            left = [one for one in own if one.id not in asked]
            situation = replace(situation, recent=asked, pinned=None, waiting=waiting(left, asked))
        return chosen

    async def plan(self, delivery: WeeklyDelivery) -> Plan:
        """Decide which prompt is asked."""
        chosen = (await self.choice(delivery.week, delivery.at)).prompt
        return Plan(prompt_id=chosen.id, prompt_text=chosen.text)

    async def render(self, delivery: WeeklyDelivery, plan: Plan, _part: int) -> Message | None:
        """A prompt in words, with the name of the member who proposed it; None: none is planned."""
        if not plan.prompt_text:
            return None
        own = await self.store.own_prompts(delivery.workspace, delivery.channel)
        names = [one.name for one in own if one.proposed and one.id == plan.prompt_id]
        return messages.prompt(plan.prompt_text, by=names[0] if names else "")


def bank_of(bank: Bank, own: Iterable[OwnPrompt]) -> Bank:
    """The bank as one channel knows it: reworded here and there, its own questions at the end."""
    accepted = [one for one in own if one.state is State.ACCEPTED]
    words = {one.rewords: one.text for one in accepted if one.rewords}
    known = tuple(
        replace(prompt, text=words[prompt.id]) if prompt.id in words else prompt
        for prompt in bank.prompts
    )
    return Bank((*known, *(_prompt(one) for one in accepted if not one.rewords)))


def without(bank: Bank, skipped: frozenset[str]) -> Bank:
    """The bank without what was skipped; all of it if nothing to ask at any time is left."""
    left = tuple(prompt for prompt in bank.prompts if prompt.id not in skipped)
    return Bank(left) if any(prompt.names is None for prompt in left) else bank


def waiting(own: Iterable[OwnPrompt], recent: Sequence[str]) -> tuple[str, ...]:
    """Ids of own questions that were never asked, in the order in which they come first.

    None right after an own one: then the school year has its turn.
    """
    if recent and number_of(recent[0]) is not None:
        return ()
    return tuple(
        one.id
        for one in own
        if one.state is State.ACCEPTED and not one.rewords and one.asked_at is None
    )


def _prompt(own: OwnPrompt) -> Prompt:
    # A code that no framework has ranks last: such a question comes only when it is its turn.
    return Prompt(own.id, own.text, own.components or ("",), When(flex=True))
