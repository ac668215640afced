"""Use cases that speak by the week: the digest and the prompt, each once per channel and week."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.delivery.once import (
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
from bot.core.delivery.sequel import Sequel
from bot.core.errors import ChatError, ChatUnavailableError
from bot.core.intake.people import meet
from bot.core.messages import weekly as messages
from bot.core.model.framework import Framework
from bot.core.model.ideas import Idea
from bot.core.model.parts import Message
from bot.core.model.people import Channel
from bot.core.model.prompts import NOT_AGAIN, Bank
from bot.core.model.settings import Habits
from bot.core.model.weeks import WeekTime, monday_of, next_due, parse_weekly, period_of
from bot.core.model.work import Claim, DeliveryKind, PartClaim, Period
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chat
from bot.core.prompts import bank as prompts
from bot.core.prompts import own as own_prompts
from bot.core.prompts.calendar import Calendar
from bot.core.week.editor import Edition, Editor

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
    bank: Bank
    calendar: Calendar
    habits: Habits

    @property
    def editor(self) -> Editor:
        """Who chooses and words digests."""
        return Editor(
            store=self.store,
            framework=self.framework,
            zone=self.habits.zone,
            zone_of=self.zone_of,
        )

    # -- what a channel goes by --

    def zone_of(self, channel: Channel) -> ZoneInfo:
        """The zone of its weeks and hours."""
        return self.habits.zone if channel.zone is None else ZoneInfo(channel.zone)

    def time_of(self, channel: Channel, kind: DeliveryKind) -> WeekTime | None:
        """When in the week it wants this; None: not by itself."""
        if kind is DeliveryKind.DIGEST:
            return self.habits.digest if channel.digest is None else parse_weekly(channel.digest)
        return self.habits.prompt if channel.prompt is None else parse_weekly(channel.prompt)

    def quiet(self, channel: Channel, instant: datetime) -> bool:
        """Whether nothing is to be posted by itself then: a break or a pause, in its zone."""
        day = instant.astimezone(self.zone_of(channel)).date()
        paused = channel.paused_until is not None and day < channel.paused_until
        return paused or any(day in span for span in channel.breaks)

    def next_time(self, channel: Channel, kind: DeliveryKind, after: datetime) -> datetime | None:
        """When it is due first after *after*, past breaks and pauses; None: not by itself."""
        weekly = self.time_of(channel, kind)
        if weekly is None:
            return None
        zone = self.zone_of(channel)
        due = next_due(after, zone, weekly)
        while self.quiet(channel, due):
            due = next_due(due, zone, weekly)
        return due

    # -- looking before it is posted --

    async def preview_digest(self, channel: Channel, at: datetime) -> tuple[Message, ...]:
        """All messages of the digest that would be posted at *at*; none: nothing to post."""
        found = await self._edition(channel, at)
        return () if found is None else found.messages(self.editor)

    async def _edition(self, channel: Channel, at: datetime) -> Edition | None:
        choice = await self.editor.choose(channel, at)
        week = monday_of(at, self.zone_of(channel))
        ideas = await self._ideas(choice.ideas)
        return await self.editor.edition(channel, ideas, choice.extras, week)

    async def preview_prompt(self, channel: Channel, at: datetime) -> Message:
        """The prompt that would be posted at *at*."""
        chosen = await self._choose_prompt(channel, at)
        return await self._prompt(channel, chosen.prompt_id, chosen.prompt_text)

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
        doubt = await self._settle_others(channel, week)
        if doubt is not None:
            return doubt
        came = await self._once().post(self._digest_matter(channel, at, week), late=late)
        return await self._go_on(channel, week, came)

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
        if kind is DeliveryKind.PROMPT:
            return await self._once().settle(self._prompt_matter(channel, at, period))
        came = await self._once().settle(self._digest_matter(channel, at, period))
        return await self._go_on(channel, period, came, post=False)

    async def _go_on(
        self, channel: Channel, week: Period, came: Posting, *, post: bool = True
    ) -> Posting:
        """Post, or settle, what follows a digest in its thread."""
        if not isinstance(came, Sent | SentBefore):
            return came
        monday = monday_of(week.start, self.zone_of(channel))

        async def draw(claim: PartClaim) -> Message | None:
            return await self.editor.reply(claim, monday)

        doubt = await self._sequel().go_on(channel, DeliveryKind.DIGEST, week.key, draw, post=post)
        return doubt or came

    async def _settle_others(self, channel: Channel, week: Period) -> InDoubt | None:
        """Before another week's digest: what older ones still owe is settled, and free again."""

        async def nothing(_claim: PartClaim) -> None:
            return None

        place = channel.workspace, channel.id
        for key in await self.store.unfinished(*place, DeliveryKind.DIGEST):
            if key != week.key:
                doubt = await self._sequel().go_on(
                    channel, DeliveryKind.DIGEST, key, nothing, post=False
                )
                if doubt is not None:
                    return doubt
        return None

    def _digest_matter(self, channel: Channel, at: datetime, week: Period) -> Matter:
        monday = monday_of(week.start, self.zone_of(channel))

        async def choose() -> Choice:
            choice = await self.editor.choose(channel, at)
            await self._meet_authors(choice.ideas)
            return choice

        async def draw(claim: Claim) -> Message | None:
            ideas = await self._ideas(claim.ideas)
            found = await self.editor.edition(channel, ideas, claim.extras, monday)
            if found is None:
                return None
            # No reply is posted before the first message is recorded, so this may be done anew.
            replies = [[idea.id for idea in reply] for reply in found.replies]
            await self.store.divide(claim, replies)
            return found.first

        return Matter(channel, DeliveryKind.DIGEST, week, at, choose, draw)

    def _prompt_matter(self, channel: Channel, at: datetime, week: Period) -> Matter:
        async def choose() -> Choice:
            return await self._choose_prompt(channel, at)

        async def draw(claim: Claim) -> Message | None:
            if not claim.prompt_text:
                return None
            return await self._prompt(channel, claim.prompt_id, claim.prompt_text)

        return Matter(channel, DeliveryKind.PROMPT, week, at, choose, draw)

    # -- what is said --

    async def _ideas(self, idents: Sequence[int]) -> list[Idea]:
        found = [await self.store.idea_by_id(ident) for ident in idents]
        return [idea for idea in found if idea is not None]

    async def _meet_authors(self, idents: Sequence[int]) -> None:
        """Ask for names that are not known yet: a digest should call nobody by an id.

        This is done before the digest is claimed, for it may take a while.
        """
        unknown = {
            (idea.workspace, idea.author.id)
            for idea in await self._ideas(idents)
            if idea.author.id and not idea.author.name
        }
        for workspace, member_id in sorted(unknown):
            try:
                await meet(self.store, self.chat, workspace, member_id, now=self.now())
            except ChatUnavailableError:
                return  # the others would not be told either
            except ChatError:
                continue

    async def bank_of(self, channel: Channel) -> Bank:
        """The questions that a channel knows: the bank's, reworded or not, and its own."""
        own = await self.store.own_prompts(channel.workspace, channel.id)
        return own_prompts.bank_of(self.bank, own)

    async def choice(self, channel: Channel, at: datetime) -> prompts.Choice:
        """The prompt that would be asked at *at*, and why it is this one."""
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
            day=at.astimezone(self.zone_of(channel)).date(),
            recent=recent,
            thinnest=sorted((c.code for c in components), key=lambda code: counts.get(code, 0)),
            pinned=channel.pinned or None,
            observances=channel.observances,
            names={component.code: component.name for component in components},
            waiting=own_prompts.waiting(own, recent),
        )
        return prompts.choose(situation)

    async def _choose_prompt(self, channel: Channel, at: datetime) -> Choice:
        chosen = (await self.choice(channel, at)).prompt
        return Choice(prompt_id=chosen.id, prompt_text=chosen.text)

    async def _prompt(self, channel: Channel, prompt_id: str, text: str) -> Message:
        """A prompt in words, with the name of the member who proposed it."""
        own = await self.store.own_prompts(channel.workspace, channel.id)
        names = [one.name for one in own if one.proposed and one.id == prompt_id]
        return messages.prompt(text, by=names[0] if names else "")

    def _once(self) -> Once:
        return Once(store=self.store, chat=self.chat, now=self.now, real_now=self.real_now)

    def _sequel(self) -> Sequel:
        return Sequel(store=self.store, chat=self.chat, now=self.now, real_now=self.real_now)
