"""What goes into a channel's digest: chosen once, then put into words as often as it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from bot.core.delivery.once import Choice
from bot.core.messages import digest as messages
from bot.core.model.digest import Beside, DigestContents, Tried
from bot.core.model.framework import Framework
from bot.core.model.ideas import Filters, Idea, Kind, Sight
from bot.core.model.parts import Message
from bot.core.model.people import Channel
from bot.core.model.weeks import OLDEST, instant_of
from bot.core.model.work import Extra, PartClaim
from bot.core.ports import IdeaStore
from bot.core.prompts.calendar import monday_of_school_week, school_week, school_year
from bot.core.week.contents import compose

YEARS_BACK: Final = 10
"""How far back the same school week is looked for."""
WAITING: Final = timedelta(weeks=40)
"""How long a question without an answer is brought back: a school year."""

SPOKEN: Final = (Kind.IDEA, Kind.QUESTION)
"""What makes whoever posted it somebody who shared here."""

Extras = Sequence[tuple[Extra, str]]


@dataclass(frozen=True, slots=True)
class Edition:
    """A digest in words: its first message, and the ideas of each reply in its thread."""

    first: Message
    replies: tuple[tuple[Idea, ...], ...]
    contents: DigestContents

    def messages(self, editor: Editor) -> tuple[Message, ...]:
        """All of it."""
        total = len(self.replies)
        return (
            self.first,
            *(
                messages.reply(editor.compose(ideas, self.contents.week), number, total)
                for number, ideas in enumerate(self.replies, 1)
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """Chooses and words digests; posts nothing.

    Args:
        zone: the one in which people write dates in filters.
        zone_of: the zone of a channel's weeks.
    """

    store: IdeaStore
    framework: Framework
    zone: ZoneInfo
    zone_of: Callable[[Channel], ZoneInfo]

    # -- choosing --

    async def fresh(self, channel: Channel, at: datetime) -> Sequence[Idea]:
        """What was posted at or before *at* and is in no sent digest of this channel."""
        return await self.store.fresh(channel.workspace, channel.id, at=at, oldest=OLDEST)

    async def choose(self, channel: Channel, at: datetime) -> Choice:
        """What a digest at *at* would carry, and what it would say beside that."""
        ideas = await self.fresh(channel, at)
        if not any(idea.kind is Kind.IDEA for idea in ideas):
            return Choice()
        place = channel.workspace, channel.id
        extras: list[tuple[Extra, str]] = [(Extra.LINE, channel.line)] if channel.line else []
        extras += [
            (Extra.TRIAL, str(trial.id))
            for trial in await self.store.fresh_trials(*place, at=at, oldest=OLDEST)
        ]
        question = await self.store.open_question(*place, since=at - WAITING, at=at)
        if question is not None:
            extras.append((Extra.QUESTION, str(question.id)))
        day = at.astimezone(self.zone_of(channel)).date()
        earlier = await self._earlier(channel, day)
        if earlier is not None:
            extras.append((Extra.EARLIER, str(earlier.id)))
        extras.append((Extra.INVITATION, await self._thinnest(channel, day)))
        return Choice(ideas=tuple(idea.id for idea in ideas), extras=tuple(extras))

    async def _earlier(self, channel: Channel, day: date) -> Idea | None:
        """One idea of the same school week, of the latest year that has one."""
        week, year, zone = school_week(day), school_year(day), self.zone_of(channel)
        for back in range(1, YEARS_BACK + 1) if week is not None else ():
            monday = monday_of_school_week(year - back, week or 1)
            found = await self.store.idea_between(
                channel.workspace,
                channel.id,
                since=instant_of(monday, time(), zone),
                until=instant_of(monday + timedelta(weeks=1), time(), zone),
            )
            if found is not None:
                return found
        return None

    async def _thinnest(self, channel: Channel, day: date) -> str:
        """The component the channel has heard least of; of several, each week another one."""
        counts = await self.store.by_component(channel.workspace, channel.id)
        codes = [component.code for component in self.framework.components]
        least = min(counts.get(code, 0) for code in codes)
        thin = [code for code in codes if counts.get(code, 0) == least]
        return thin[day.toordinal() // 7 % len(thin)]

    # -- in words --

    async def edition(
        self, channel: Channel, ideas: Sequence[Idea], extras: Extras, week: date
    ) -> Edition | None:
        """The digest of these, without what was withdrawn meanwhile.

        None when no idea is left: questions alone wait for one.

        Args:
            week: the Monday of its week.
        """
        ideas = [idea for idea in ideas if idea.withdrawn is None]
        if not any(idea.kind is Kind.IDEA for idea in ideas):
            return None
        contents = compose(
            ideas,
            self.framework,
            week=week,
            zone=self.zone,
            local=self.zone_of(channel),
            newcomers=await self._newcomers(channel, ideas),
            beside=await self._beside(extras),
        )
        return Edition(messages.digest(contents), messages.divide(contents)[1:], contents)

    async def reply(self, claim: PartClaim, week: date) -> Message | None:
        """A later message of a digest; None: everything in it is withdrawn or in doubt."""
        found = [await self.store.idea_by_id(ident) for ident in claim.ideas]
        ideas = [idea for idea in found if idea is not None and idea.withdrawn is None]
        if all(idea.kind is Kind.POST for idea in ideas):
            return None
        return messages.reply(self.compose(ideas, week), claim.part, claim.parts)

    def compose(self, ideas: Sequence[Idea], week: date) -> DigestContents:
        """Ideas alone, in order."""
        return compose(ideas, self.framework, week=week, zone=self.zone)

    async def _beside(self, extras: Extras) -> Beside:
        beside = Beside()
        trials: list[Tried] = []
        for what, ref in extras:
            match what:
                case Extra.LINE:
                    beside = replace(beside, line=ref)
                case Extra.INVITATION:
                    beside = replace(beside, invitation=self.framework.component(ref))
                case Extra.TRIAL:
                    trial = await self.store.trial_by_id(int(ref))
                    idea = None if trial is None else await self._still(trial.idea_id)
                    if trial is not None and idea is not None:
                        trials.append(Tried(trial, idea))
                case Extra.QUESTION:
                    beside = replace(beside, question=await self._still(int(ref)))
                case Extra.EARLIER:
                    beside = replace(beside, earlier=await self._still(int(ref)))
                case _ as never:
                    assert_never(never)
        return replace(beside, trials=tuple(trials))

    async def _still(self, idea_id: int) -> Idea | None:
        """An idea, unless it was withdrawn."""
        idea = await self.store.idea_by_id(idea_id)
        return None if idea is None or idea.withdrawn is not None else idea

    async def _newcomers(self, channel: Channel, ideas: Sequence[Idea]) -> frozenset[str]:
        """Authors with nothing earlier in this channel; nobody where that is everybody."""
        first: dict[str, datetime] = {}
        for idea in (one for one in ideas if one.kind is not Kind.POST):
            before = first.get(idea.author.id, idea.posted_at)
            first[idea.author.id] = min(before, idea.posted_at)
        new: set[str] = set()
        for author, since in first.items():
            mine = Filters(people=(author,))
            sight = Sight(only=channel.id)
            page = await self.store.find(
                channel.workspace, mine, sight, until=since, limit=1, kinds=SPOKEN
            )
            if not page.total:
                new.add(author)
        return frozenset() if len(new) == len(first) else frozenset(new)
