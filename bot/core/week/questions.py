"""The weekly prompt for people: why this one comes next, proposing, deciding, pinning, skipping."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.core.errors import CommandError
from bot.core.finding.permissions import Permissions
from bot.core.messages.weekly import prompt_preview
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.framework import Framework
from bot.core.model.nearest import did_you_mean, nearest
from bot.core.model.parts import Message
from bot.core.model.people import Asker, Channel
from bot.core.model.prompts import (
    OwnPrompt,
    Prompt,
    PromptStats,
    ProposalDecision,
    Questions,
    State,
    UpcomingPrompt,
)
from bot.core.model.typed import short
from bot.core.model.vocabulary import command
from bot.core.ports import IdeaStore
from bot.core.prompts.bank import why_unfit
from bot.core.week.picker import PromptPicker
from bot.core.week.settings import ChannelSettings
from bot.core.week.weekly import Weekly

MOST_WAITING: Final = 5
"""Proposals of one member that may wait for a decision at once."""
MOST_OWN: Final = 500
"""Prompts of a channel's own, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptService:
    """Does what members and coordinators ask about a channel's prompts. Checks rights."""

    store: IdeaStore
    permissions: Permissions
    settings: ChannelSettings
    weekly: Weekly
    picker: PromptPicker
    now: Callable[[], datetime]
    framework: Framework

    # -- for everybody --

    async def next(self, asker: Asker, channel: str) -> UpcomingPrompt:
        """The question that comes next; raises as `ChannelSettings.known`."""
        return await self._next(await self.settings.known(asker, channel))

    async def preview(self, asker: Asker, channel: str) -> Message:
        """The prompt that comes next, as it will look; raises as `ChannelSettings.known`."""
        then = await self.next(asker, channel)
        at = then.at or self.now()
        (prompt,) = await self.weekly.preview(DeliveryKind.PROMPT, then.channel, at)
        return prompt_preview(prompt)

    def zone_of(self, channel: Channel) -> ZoneInfo:
        """The zone in which a channel reads its hours."""
        return self.weekly.week_of(channel).zone

    async def list(self, asker: Asker, channel: str) -> Questions:
        """A channel's questions; proposals only for those who decide, and whoever made them."""
        known = await self.settings.known(asker, channel)
        coordinates = await self.permissions.is_coordinator(asker, known.id)
        own = [
            one
            for one in await self._own(known)
            if one.state is State.ACCEPTED
            or (one.state is State.PROPOSED and (coordinates or one.by == asker.member_id))
        ]
        return Questions(known, tuple(own), await self.picker.bank_of(known), coordinates)

    async def add(self, asker: Asker, channel: str, text: str) -> OwnPrompt:
        """Keep a question: a coordinator's is asked, anybody else's is proposed.

        Raises:
            CommandError: it is no good question, it is there already, or too many wait.
        """
        known = await self.settings.known(asker, channel)
        coordinates = await self.permissions.is_coordinator(asker, known.id)
        own = await self._own(known)
        await self._check(known, text, own)
        mine = [one for one in own if one.by == asker.member_id and one.state is State.PROPOSED]
        if not coordinates and len(mine) >= MOST_WAITING:
            raise CommandError(
                f"{MOST_WAITING} of your questions are waiting for the coordinator, so this one "
                "was not kept. Please propose it again when those are decided."
            )
        if len(own) >= MOST_OWN:
            raise CommandError(
                "This channel has too many questions of its own, so this one was not kept."
            )
        member = await self.store.member(asker.workspace, asker.member_id)
        prompt = OwnPrompt(
            channel=known.id,
            number=0,
            text=text,
            components=self.framework.codes(text),
            state=State.ACCEPTED if coordinates else State.PROPOSED,
            proposed=not coordinates,
            by=asker.member_id,
            name=member.person.name if member else "",
            at=self.now(),
        )
        number = await self.store.add_prompt(asker.workspace, prompt)
        return replace(prompt, number=number)

    # -- for coordinators --

    async def decide(
        self, asker: Asker, channel: str, number: int, *, accept: bool
    ) -> ProposalDecision:
        """Accept or decline a proposal.

        Raises:
            CommandError: there is none of that number; else as `ChannelSettings.coordinated`.
        """
        known = await self.settings.coordinated(asker, channel)
        state = State.ACCEPTED if accept else State.DECLINED
        asked = await self._numbered(known, number, *State)
        now = await self.store.decide_prompt(
            asker.workspace, known.id, number, state, who=asker.member_id, now=self.now()
        )
        if now:  # the words of one that was declined may be gone by now
            return ProposalDecision(known, replace(asked, state=state), now)
        return ProposalDecision(known, await self._numbered(known, number, *State), now)

    async def edit(self, asker: Asker, channel: str, which: str, text: str) -> OwnPrompt:
        """Give a question other words: one of the channel's own, or, for this channel, the bank's.

        Raises:
            CommandError: there is no such question, or the words do not make one.
        """
        known = await self.settings.coordinated(asker, channel)
        own = await self._own(known)
        prompt = await self._named(known, which)
        await self._check(known, text, own, instead_of=prompt.id)
        found = [one for one in own if one.state is State.ACCEPTED and one.id == prompt.id]
        if found:
            changed = replace(found[-1], text=text, components=self.framework.codes(text))
            await self.store.edit_prompt(
                asker.workspace, changed, who=asker.member_id, now=self.now()
            )
            return changed
        reworded = OwnPrompt(
            channel=known.id,
            number=0,
            text=text,
            state=State.ACCEPTED,
            rewords=prompt.id,
            by=asker.member_id,
            at=self.now(),
        )
        number = await self.store.add_prompt(asker.workspace, reworded)
        return replace(reworded, number=number)

    async def remove(self, asker: Asker, channel: str, number: int) -> OwnPrompt:
        """Ask a question of the channel's own no more; its answers stay.

        Of a reworded question of the bank the first words hold again.

        Raises:
            CommandError: there is none of that number; else as `ChannelSettings.coordinated`.
        """
        known = await self.settings.coordinated(asker, channel)
        found = await self._numbered(known, number, State.ACCEPTED, State.PROPOSED)
        if found.state is State.PROPOSED:
            return (await self.decide(asker, channel, number, accept=False)).prompt
        await self.store.drop_prompt(asker.workspace, found, who=asker.member_id, now=self.now())
        return found

    async def skip(self, asker: Asker, channel: str) -> tuple[Prompt, UpcomingPrompt]:
        """Let another question come next; returns the one that does not, and the one that does."""
        known = await self.settings.coordinated(asker, channel)
        now, who = self.now(), asker.member_id
        skipped = (await self._next(known)).prompt
        await self.store.skip_prompt(known, skipped.id, who=who, now=now)
        if known.pinned == skipped.id:
            was, known = known, replace(known, pinned="")
            await self.store.set_settings(known, was=was, who=who, now=now)
        return skipped, await self._next(known)

    async def pin(self, asker: Asker, channel: str, which: str) -> UpcomingPrompt:
        """Ask a question next, whatever else would come; an empty *which* takes that back.

        Raises:
            CommandError: there is no such question, or it names a day that is not then; else as
                `ChannelSettings.coordinated`.
        """
        known = await self.settings.coordinated(asker, channel)
        pinned = ""
        if which:
            prompt = await self._named(known, which)
            await self._check_season(known, prompt)
            pinned = prompt.id
        was, known = known, replace(known, pinned=pinned)
        await self.store.set_settings(known, was=was, who=asker.member_id, now=self.now())
        return await self._next(known)

    async def answers(self, asker: Asker, channel: str) -> tuple[Channel, Sequence[PromptStats]]:
        """Every question asked in the channel, the latest first, with its answers counted."""
        known = await self.settings.coordinated(asker, channel)
        return known, await self.store.asked_prompts(known.workspace, known.id)

    # -- shared steps --

    async def _next(self, channel: Channel) -> UpcomingPrompt:
        at = await self._due(channel)
        choice = await self.picker.choice(self.weekly.week_of(channel), at or self.now())
        return UpcomingPrompt(channel, choice.prompt, choice.why, at)

    async def _due(self, channel: Channel) -> datetime | None:
        coming = await self.settings.coming(channel, DeliveryKind.PROMPT, count=1)
        return coming[0].at if coming else None

    async def _own(self, channel: Channel) -> Sequence[OwnPrompt]:
        return await self.store.own_prompts(channel.workspace, channel.id)

    async def _numbered(self, channel: Channel, number: int, *states: State) -> OwnPrompt:
        for one in await self._own(channel):
            if one.number == number and one.state in states:
                return one
        raise CommandError(
            f"This channel has no question {number} of its own. `{command('prompt list')}` shows "
            "them."
        )

    async def _named(self, channel: Channel, which: str) -> Prompt:
        """A question that may be asked, by number or id."""
        bank = await self.picker.bank_of(channel)
        if which.isdecimal():
            which = (await self._numbered(channel, int(which), State.ACCEPTED)).id
        found = bank.get(which)
        if found is not None:
            return found
        near = nearest(which, (prompt.id for prompt in bank.prompts))
        hint = did_you_mean([f"`{one}`" for one in near])
        shown = f"`{command('prompt list all')}` shows them."
        raise CommandError(f"I know no question {short(which)}. {hint or shown}")

    async def _check_season(self, channel: Channel, prompt: Prompt) -> None:
        """Make sure that a question may be asked when the next one is due."""
        day = self.weekly.week_of(channel).day_of(await self._due(channel) or self.now())
        calendar = self.picker.calendar
        observance = calendar.get(prompt.names or "")
        if observance is not None and not calendar.weeks_left(observance.key, day):
            raise CommandError(
                f"`{prompt.id}` names {observance.name}, and the next question comes on "
                f"{day:%B} {day.day}, when that is not on. Nothing was pinned; please try again "
                "closer to its time."
            )

    async def _check(
        self, channel: Channel, text: str, own: Sequence[OwnPrompt], *, instead_of: str = ""
    ) -> None:
        unfit = why_unfit(text)
        if unfit:
            raise CommandError(
                f"That does not work as a question yet: {unfit}. Nothing was kept; please try "
                "again, for example: What do your student helpers teach the others?"
            )
        bank = await self.picker.bank_of(channel)
        there = {prompt.text.casefold() for prompt in bank.prompts if prompt.id != instead_of}
        there |= {one.text.casefold() for one in own if one.state is State.PROPOSED}
        if text.casefold() in there:
            raise CommandError("I know that question already, so nothing was kept.")
