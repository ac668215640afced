"""Use cases that speak by the week: the digest and the prompt, each once per channel and week."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003  (dataclass fields are introspected)
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.core import prompts
from bot.core.calendar import Calendar  # noqa: TC001
from bot.core.digest import OLDEST, WeekTime, compose, monday_of, parse_weekly, period_of
from bot.core.framework import Framework  # noqa: TC001
from bot.core.messages import weekly as messages
from bot.core.model import DeliveryKind, Filters, Kind, Sight
from bot.core.once import (
    Choice,
    InDoubt,
    Matter,
    NothingToPost,
    NotPossible,
    Once,
    Posting,
    Sent,
    SentBefore,
)
from bot.core.ports import Chat, IdeaStore  # noqa: TC001

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.model import Channel, Claim, Idea, Period
    from bot.core.parts import Message

__all__ = [
    "Habits",
    "InDoubt",
    "NotPossible",
    "NothingToPost",
    "Posting",
    "Sent",
    "SentBefore",
    "Weekly",
]


@dataclass(frozen=True, slots=True)
class Habits:
    """What holds in channels that have not chosen otherwise."""

    zone: ZoneInfo
    digest: WeekTime | None
    prompt: WeekTime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """Posts and previews digests and prompts. Safe to call at any time, from anywhere.

    Args:
        now: the clock that ideas and weeks go by; in a rehearsal it may run ahead.
        real_now: the clock that leases and waiting go by.
    """

    store: IdeaStore
    chat: Chat
    now: Callable[[], datetime]
    real_now: Callable[[], datetime]
    framework: Framework
    bank: prompts.Bank
    calendar: Calendar
    habits: Habits

    # -- what a channel goes by --

    def zone_of(self, channel: Channel) -> ZoneInfo:
        """The zone of its weeks and hours."""
        return self.habits.zone if channel.zone is None else ZoneInfo(channel.zone)

    def time_of(self, channel: Channel, kind: DeliveryKind) -> WeekTime | None:
        """When in the week it wants this; None: not by itself."""
        if kind is DeliveryKind.DIGEST:
            return self.habits.digest if channel.digest is None else parse_weekly(channel.digest)
        return self.habits.prompt if channel.prompt is None else parse_weekly(channel.prompt)

    # -- looking before it is posted --

    async def preview_digest(self, channel: Channel, at: datetime) -> Message | NothingToPost:
        """The digest that would be posted at *at*."""
        ideas = await self._fresh(channel, at)
        week = period_of(at, self.zone_of(channel))
        return await self._digest(channel, ideas, week) or NothingToPost()

    async def preview_prompt(self, channel: Channel, at: datetime) -> Message:
        """The prompt that would be posted at *at*."""
        return messages.prompt((await self._choose_prompt(channel, at)).prompt_text)

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
        week = period or period_of(at, self.zone_of(channel))
        return await self._once().post(self._digest_matter(channel, at, week), late=late)

    async def post_prompt(
        self, channel: Channel, at: datetime, *, period: Period | None = None, late: bool = False
    ) -> Posting:
        """Post the prompt for the week of *at*; arguments as `post_digest`."""
        week = period or period_of(at, self.zone_of(channel))
        return await self._once().post(self._prompt_matter(channel, at, week), late=late)

    async def settle(
        self, channel: Channel, kind: DeliveryKind, at: datetime, period: Period
    ) -> Posting:
        """Post nothing more for *period*, and find out whether an attempt already did.

        What an attempt had planned and is not in the channel is free again afterwards.
        """
        matter = self._digest_matter if kind is DeliveryKind.DIGEST else self._prompt_matter
        return await self._once().settle(matter(channel, at, period))

    def _digest_matter(self, channel: Channel, at: datetime, week: Period) -> Matter:
        known: dict[int, Idea] = {}

        async def choose() -> Choice:
            known.update({idea.id: idea for idea in await self._fresh(channel, at)})
            return Choice(ideas=tuple(known))

        async def draw(claim: Claim) -> Message | None:
            found = [known.get(i) or await self.store.idea_by_id(i) for i in claim.ideas]
            return await self._digest(channel, [idea for idea in found if idea is not None], week)

        return Matter(channel, DeliveryKind.DIGEST, week, at, choose, draw)

    def _prompt_matter(self, channel: Channel, at: datetime, week: Period) -> Matter:
        async def choose() -> Choice:
            return await self._choose_prompt(channel, at)

        async def draw(claim: Claim) -> Message | None:
            return messages.prompt(claim.prompt_text) if claim.prompt_text else None

        return Matter(channel, DeliveryKind.PROMPT, week, at, choose, draw)

    # -- what is said --

    async def _fresh(self, channel: Channel, at: datetime) -> Sequence[Idea]:
        return await self.store.fresh(channel.workspace, channel.id, at=at, oldest=OLDEST)

    async def _digest(
        self, channel: Channel, ideas: Sequence[Idea], week: Period
    ) -> Message | None:
        """The digest of these, without what was withdrawn meanwhile.

        None when no idea is left: questions alone wait for one.
        """
        ideas = [idea for idea in ideas if idea.withdrawn is None]
        if not any(idea.kind is Kind.IDEA for idea in ideas):
            return None
        contents = compose(
            ideas,
            self.framework,
            week=monday_of(week.start, self.zone_of(channel)),
            zone=self.habits.zone,
            newcomers=await self._newcomers(channel, ideas),
        )
        return messages.digest(contents)

    async def _newcomers(self, channel: Channel, ideas: Sequence[Idea]) -> frozenset[str]:
        """Authors with nothing earlier in this channel; nobody where that is everybody."""
        first: dict[str, datetime] = {}
        for idea in ideas:
            before = first.get(idea.author.id, idea.posted_at)
            first[idea.author.id] = min(before, idea.posted_at)
        new: set[str] = set()
        for author, since in first.items():
            mine = Filters(people=(author,))
            sight = Sight(only=channel.id)
            page = await self.store.find(channel.workspace, mine, sight, until=since, limit=1)
            if not page.total:
                new.add(author)
        return frozenset() if len(new) == len(first) else frozenset(new)

    async def _choose_prompt(self, channel: Channel, at: datetime) -> Choice:
        counts = await self.store.by_component(channel.workspace, channel.id)
        codes = [component.code for component in self.framework.components]
        chosen = prompts.choose(
            bank=self.bank,
            calendar=self.calendar,
            day=at.astimezone(self.zone_of(channel)).date(),
            recent=await self.store.recent_prompts(
                channel.workspace, channel.id, prompts.NOT_AGAIN
            ),
            thinnest=sorted(codes, key=lambda code: counts.get(code, 0)),
        ).prompt
        return Choice(prompt_id=chosen.id, prompt_text=chosen.text)

    def _once(self) -> Once:
        return Once(store=self.store, chat=self.chat, now=self.now, real_now=self.real_now)
