"""A channel's digest: its content is chosen once, and put into words at each attempt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from bot.core.errors import ChatError, ChatUnavailableError
from bot.core.intake.people import meet
from bot.core.messages import digest as messages
from bot.core.messages.common import excerpt
from bot.core.model.channel_week import ChannelWeek, WeeklyDelivery
from bot.core.model.deliveries import Extra, Plan
from bot.core.model.digest import (
    DigestContents,
    DigestExtras,
    RenderedDigest,
    TrialWithIdea,
    compose,
)
from bot.core.model.framework import Framework
from bot.core.model.ideas import Filters, Idea, Kind
from bot.core.model.parts import Message
from bot.core.model.people import Channel
from bot.core.model.weeks import OLDEST, instant_of
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chats
from bot.core.prompts.calendar import monday_of_school_week, school_week, school_year

YEARS_BACK: Final = 10
"""How far back the same school week is looked for."""
WAITING: Final = timedelta(weeks=40)
"""How long a question without an answer is brought back: a school year."""

Extras = Sequence[tuple[Extra, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestBuilder:
    """Chooses and words digests; posts nothing.

    Args:
        zone: the one in which people write dates in filters.
    """

    store: IdeaStore
    chats: Chats
    framework: Framework
    zone: ZoneInfo
    now: Callable[[], datetime]

    # -- choosing --

    async def plan(self, delivery: WeeklyDelivery) -> Plan:
        """Decide what a digest carries, in which of its messages, and what it says beside.

        Authors whose names are not known yet are asked for: a digest should call nobody by an id.
        """
        ideas, extras = await self._choose(delivery.week, delivery.at)
        if await self._meet_authors(ideas):
            ideas = await self._ideas([idea.id for idea in ideas])
        contents = await self._contents(delivery, ideas, extras)
        if contents is None:
            return Plan()
        _, *replies = messages.divide(contents)
        later = [tuple(idea.id for idea in reply) for reply in replies]
        first = [idea.id for idea in ideas if not any(idea.id in reply for reply in later)]
        return Plan(parts=(tuple(first), *later), extras=tuple(extras))

    async def _choose(
        self, week: ChannelWeek, at: datetime
    ) -> tuple[Sequence[Idea], list[tuple[Extra, str]]]:
        """Return what was posted by *at* and is in no sent digest, and what is said beside it."""
        channel = week.channel
        place = channel.workspace, channel.id
        ideas = await self.store.fresh(*place, at=at, oldest=OLDEST)
        if not any(idea.kind is Kind.IDEA for idea in ideas):
            return (), []
        extras: list[tuple[Extra, str]] = [(Extra.LINE, channel.line)] if channel.line else []
        pick = await self.store.pick(*place)
        if pick is not None and any(one.id == pick.idea_id for one in ideas):
            extras.append((Extra.PICK, str(pick.idea_id)))
        extras += [
            (Extra.TRIAL, str(trial.id))
            for trial in await self.store.fresh_trials(*place, at=at, oldest=OLDEST)
        ]
        question = await self.store.to_repeat(*place, Extra.QUESTION, since=at - WAITING, until=at)
        if question is not None:
            extras.append((Extra.QUESTION, str(question.id)))
        earlier = await self._earlier(week, week.day_of(at))
        if earlier is not None:
            extras.append((Extra.EARLIER, str(earlier.id)))
        extras.append((Extra.INVITATION, await self._thinnest(channel, week.day_of(at))))
        return ideas, extras

    async def _meet_authors(self, ideas: Sequence[Idea]) -> bool:
        """Ask the chat for unknown names of authors; True: there may be new ones."""
        unknown = {
            (idea.workspace, idea.author.id)
            for idea in ideas
            if idea.author.id and not idea.author.name
        }
        for workspace, member_id in sorted(unknown):
            try:
                await meet(self.store, self.chats, workspace, member_id, now=self.now())
            except ChatUnavailableError:
                break  # the others would not be told either
            except ChatError:
                continue
        return bool(unknown)

    async def _earlier(self, week: ChannelWeek, day: date) -> Idea | None:
        """One idea of the same school week, of the latest year that has one."""
        number, year = school_week(day), school_year(day)
        for back in range(1, YEARS_BACK + 1) if number is not None else ():
            monday = monday_of_school_week(year - back, number or 1)
            found = await self.store.to_repeat(
                week.channel.workspace,
                week.channel.id,
                Extra.EARLIER,
                since=instant_of(monday, time(), week.zone),
                until=instant_of(monday + timedelta(weeks=1), time(), week.zone),
            )
            if found is not None:
                return found
        return None

    async def _thinnest(self, channel: Channel, day: date) -> str:
        """The component the channel has heard least of; of several, each week another one."""
        counts = await self.store.by_component(channel.workspace, Filters(channel=channel.id))
        codes = [component.code for component in self.framework.components]
        least = min(counts.get(code, 0) for code in codes)
        thin = [code for code in codes if counts.get(code, 0) == least]
        return thin[day.toordinal() // 7 % len(thin)]

    # -- in words --

    async def render(self, delivery: WeeklyDelivery, plan: Plan, part: int) -> Message | None:
        """Put one message of a plan into words; None: nothing of it is left to say."""
        if part == 0:
            digest = await self.rendered(delivery, plan)
            return None if digest is None else digest.first
        ideas = await self._ideas(plan.parts[part])
        if all(idea.kind is Kind.POST for idea in ideas):
            return None
        contents = compose(ideas, self.framework, week=delivery.monday, zone=self.zone)
        return messages.reply(contents, part, len(plan.parts) - 1)

    async def rendered(self, delivery: WeeklyDelivery, plan: Plan) -> RenderedDigest | None:
        """Put a whole plan into words, without what was withdrawn meanwhile.

        None: no idea is left, and questions alone wait for one.
        """
        first, *later = [await self._ideas(part) for part in plan.parts]
        ideas = [idea for part in (first, *later) for idea in part]
        contents = await self._contents(delivery, ideas, plan.extras)
        if contents is None:
            return None
        replies = tuple(tuple(part) for part in later)
        return RenderedDigest(delivery, messages.digest(contents, replies), replies, contents)

    async def _ideas(self, idents: Sequence[int]) -> list[Idea]:
        """Return the ideas with these row ids that are not withdrawn."""
        found = [await self._still(ident) for ident in idents]
        return [idea for idea in found if idea is not None]

    async def _contents(
        self, delivery: WeeklyDelivery, ideas: Sequence[Idea], extras: Extras
    ) -> DigestContents | None:
        if not any(idea.kind is Kind.IDEA for idea in ideas):
            return None
        return compose(
            ideas,
            self.framework,
            week=delivery.monday,
            zone=self.zone,
            local=delivery.week.zone,
            newcomers=await self._newcomers(delivery.week.channel, ideas),
            beside=await self._beside(delivery.week.channel, extras),
        )

    async def _beside(self, channel: Channel, extras: Extras) -> DigestExtras:
        beside = DigestExtras()
        trials: list[TrialWithIdea] = []
        for what, ref in extras:
            match what:
                case Extra.LINE:
                    beside = replace(beside, line=ref)
                case Extra.PICK:
                    beside = await self._picked(channel, beside, int(ref))
                case Extra.INVITATION:
                    beside = replace(beside, invitation=self.framework.component(ref))
                case Extra.TRIAL:
                    trial = await self.store.trial_by_id(int(ref))
                    idea = None if trial is None else await self._still(trial.idea_id)
                    if trial is not None and idea is not None:
                        trials.append(TrialWithIdea(trial, idea))
                case Extra.QUESTION:
                    beside = replace(beside, question=await self._still(int(ref)))
                case Extra.EARLIER:
                    beside = replace(beside, earlier=await self._still(int(ref)))
                case _ as never:
                    assert_never(never)
        return replace(beside, trials=tuple(trials))

    async def _picked(self, channel: Channel, beside: DigestExtras, idea_id: int) -> DigestExtras:
        """What is said beside a digest, with the coordinator's pick and their name."""
        pick = await self.store.pick(channel.workspace, channel.id)
        who = pick.member_id if pick is not None and pick.idea_id == idea_id else ""
        name = (await self.store.names(channel.workspace, [who])).get(who, "") if who else ""
        return replace(beside, pick=await self._still(idea_id), picked_by=excerpt(name, 60))

    async def _still(self, idea_id: int) -> Idea | None:
        """An idea, unless it was withdrawn."""
        idea = await self.store.idea_by_id(idea_id)
        return None if idea is None or idea.withdrawn is not None else idea

    async def _newcomers(self, channel: Channel, ideas: Sequence[Idea]) -> frozenset[str]:
        """Return authors new to the channel; none where all of them are."""
        first: dict[str, datetime] = {}
        for idea in (one for one in ideas if one.kind is not Kind.POST):
            before = first.get(idea.author.id, idea.posted_at)
            first[idea.author.id] = min(before, idea.posted_at)
        known = await self.store.shared_before(channel.workspace, channel.id, first)
        return frozenset(first) - known if known else frozenset()
