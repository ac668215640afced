"""The member's desk: all that a member wants in one place, drawn anew each time for them alone."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bot.core.desk.ideas import Ideas
from bot.core.errors import ChatError, CommandError
from bot.core.finding.filters import filters_words, parse_filters, to_text
from bot.core.finding.ideas import PAGE, IdeaFinder
from bot.core.finding.names import names_in
from bot.core.finding.permissions import Permissions, VisibilityResult
from bot.core.finding.saved import SavedIdeas
from bot.core.messages import cards, coordinating
from bot.core.messages import home as messages
from bot.core.messages.common import said, turns
from bot.core.messages.found import or_meant
from bot.core.model.actions import Action
from bot.core.model.channel_week import ChannelWeek
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.framework import Framework
from bot.core.model.home import AskedPrompt, ChannelHealth, Tab
from bot.core.model.ideas import Filters, Page
from bot.core.model.parts import Home, Message, Part
from bot.core.model.people import Asker, Channel, MemberId, Profile
from bot.core.model.posts import NOTHING
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chats
from bot.core.week.settings import ChannelSettings
from bot.core.week.shares import ChannelShares

WEEK: Final = timedelta(days=6)
"""Before today, what counts as new."""
FIRST: Final = 3
"""New ideas that the start shows."""
MOST_PROMPTS: Final = 3
CHANNELS: Final = 5
"""Channels on a page for who coordinates."""


@dataclass(frozen=True, slots=True)
class _Sight:
    """Who looks, and what the chat said of them just now. *leads*: what they coordinate."""

    asker: Asker
    seen: VisibilityResult
    leads: Sequence[Channel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Homes:
    """Draws the desk of whoever asks, as they may see it now. The chat is asked once for each."""

    store: IdeaStore
    finder: IdeaFinder
    framework: Framework
    permissions: Permissions
    chats: Chats
    settings: ChannelSettings
    shares: ChannelShares
    saved: SavedIdeas
    ideas: Ideas

    async def show(
        self,
        asker: Asker,
        at: Action,
        entered: Mapping[str, str] = NOTHING,
        notice: Message | None = None,
    ) -> Home:
        """Draw a part of the desk.

        Args:
            at: which part; one that is not known, or not for the asker, is the start.
            entered: what stands in the fields of the search, where it is open.
            notice: what is to be said above it.
        """
        seen, leads = await self.permissions.at_once(asker)
        sight = _Sight(asker, seen, leads)
        match at.tab:
            case Tab.MINE:
                own = Filters(people=(MemberId(asker.member_id),))
                body = await self._listed(sight, at, own)
            case Tab.NEW:
                body = await self._listed(sight, at, self._fresh())
            case Tab.SAVED:
                body = await self._listed(sight, at, Filters(saved_by=asker.member_id))
            case Tab.FIND:
                at, body = await self._find(sight, at, entered)
            case Tab.ME:
                body = await self._me(asker)
            case Tab.LEAD if leads:
                body = await self._lead(sight, at)
            case _:
                at, body = messages.to(Tab.START), await self._start(sight)
        narrow = seen.complete and seen.visibility.only is not None
        return messages.home(at, body, leads=bool(leads), narrow=narrow, notice=notice)

    # -- parts of it --

    async def _start(self, sight: _Sight) -> Sequence[Part]:
        workspace, member = sight.asker.workspace, sight.asker.member_id
        channels = await self._channels(sight)
        found = await self._among(sight, self._fresh(), limit=FIRST)
        ever = bool(found.ideas or (await self._among(sight, Filters(), limit=1)).ideas)
        facts = await self.saved.facts(sight.asker, found.ideas, sight.seen)
        zone = self.finder.zone
        shown = [
            cards.short(one, self.framework, zone=zone, asker=member, facts=facts[one.id])
            for one in found.ideas
        ]
        return messages.start(
            found,
            [part for card in shown for part in card],
            await self._asked(channels),
            await self.store.gathered(workspace, member),
            watched=any(
                one.member and not one.archived for one in await self.store.channels(workspace)
            ),
            ever=ever,
        )

    async def _listed(self, sight: _Sight, at: Action, filters: Filters) -> Sequence[Part]:
        """A page of one of the lists; without an idea, what to do about that."""
        found = await self._among(sight, filters, start=at.start or 0)
        tab = Tab(at.tab)
        if found.ideas:
            page = await self._paged(sight, found, messages.to(tab))
        elif tab is Tab.SAVED:
            return messages.none_saved()
        else:
            return messages.none_mine() if tab is Tab.MINE else messages.no_week(found)
        if tab is not Tab.MINE:
            return page
        who = sight.asker.workspace, sight.asker.member_id
        return messages.mine(page, await self.store.gathered(*who))

    async def _find(
        self, sight: _Sight, at: Action, entered: Mapping[str, str]
    ) -> tuple[Action, Sequence[Part]]:
        """The search; a press that names no page takes what was entered."""
        channels = [(one.id, one.name) for one in await self._channels(sight) if one.name]
        asked = at.start is None and any(name in entered for name in messages.FIELDS)
        chosen = dict(entered) if asked else {}
        try:
            given = parse_filters(
                chosen.get("words", "") if asked else at.text, self.framework.typed
            )
            filters = _narrowed(given, chosen) if asked else given
            results = await self._found(sight, filters, at.start or 0)
        except CommandError as error:
            return at, messages.find(self.framework, channels, chosen, said(str(error)).parts)
        at = messages.to(Tab.FIND, start=at.start or 0, text=to_text(filters))
        return at, messages.find(
            self.framework, channels, _fields(filters, dict(channels)), results
        )

    async def _found(self, sight: _Sight, filters: Filters, start: int) -> Sequence[Part]:
        workspace = sight.asker.workspace
        found = await self._among(sight, filters, start=start)
        names = await names_in(self.store, self.framework, workspace, filters)
        words = filters_words(filters, names)
        if not found.ideas:
            nothing = messages.nothing_found(words, narrowed=filters != Filters())
            return self._or_meant(Message.of(*nothing), filters, found.meant).parts
        page = await self.ideas.paged(
            sight.asker,
            found,
            f"Ideas {words}".strip() if words else "The newest ideas",
            messages.to(Tab.FIND, text=to_text(filters)),
            by_time=not filters.words,
            seen=sight.seen,
        )
        return self._or_meant(page, filters, found.meant).parts

    async def _paged(self, sight: _Sight, found: Page, turn: Action) -> Sequence[Part]:
        heading, by_time = messages.HEADINGS[Tab(turn.tab)], turn.tab != Tab.SAVED
        page = await self.ideas.paged(
            sight.asker, found, heading, turn, by_time=by_time, seen=sight.seen
        )
        return page.parts

    def _or_meant(self, page: Message, filters: Filters, meant: str) -> Message:
        """A page of what was found, with what was probably meant, if anything was."""
        if not meant:
            return page
        better = to_text(replace(filters, words=meant))
        return or_meant(page, meant, messages.to(Tab.FIND, start=0, text=better))

    async def _me(self, asker: Asker) -> Sequence[Part]:
        who = asker.workspace, asker.member_id
        member = await self.store.member(*who)
        profile = Profile() if member is None else member.profile
        return messages.me(profile, await self.store.subscription(*who))

    async def _lead(self, sight: _Sight, at: Action) -> Sequence[Part]:
        start = at.start or 0
        page = sight.leads[start : start + CHANNELS]
        health = [await self._health(channel) for channel in page]
        turning = turns(messages.to(Tab.LEAD), start, CHANNELS, len(sight.leads))
        return coordinating.lead(health, turning)

    # -- shared steps --

    async def _health(self, channel: Channel) -> ChannelHealth:
        settings, where = self.settings, (channel.workspace, channel.id)
        coming = [
            await settings.coming(channel, kind, count=1)
            for kind in (DeliveryKind.DIGEST, DeliveryKind.PROMPT)
        ]
        reading = await self.store.reading(*where)
        sent = await self.store.last_sent(*where)
        return ChannelHealth(
            ChannelWeek(channel, settings.defaults),
            tuple(one for some in coming for one in some),
            sent.get(DeliveryKind.DIGEST, ""),
            reading.until if reading is not None and reading.finished else None,
            tuple(await self.shares.standing(channel)),
        )

    async def _channels(self, sight: _Sight) -> Sequence[Channel]:
        """The channels that the asker sees."""
        shows = sight.seen.visibility.shows
        every = await self.store.channels(sight.asker.workspace)
        return [one for one in every if shows(one.id, private=one.private)]

    async def _asked(self, channels: Sequence[Channel]) -> Sequence[AskedPrompt]:
        """The questions of this week, each once, with their addresses as far as told."""
        found: list[AskedPrompt] = []
        for channel in channels:
            week = ChannelWeek(channel, self.settings.defaults)
            period = week.period_of(self.finder.now()).key
            where = channel.workspace, channel.id
            prompt = await self.store.asked_prompt(*where, period) if channel.member else None
            if prompt and len(found) < MOST_PROMPTS and prompt.text not in {p.text for p in found}:
                found.append(prompt)
        links = await asyncio.gather(*map(self._link, found))
        return [replace(one, link=link) for one, link in zip(found, links, strict=True)]

    async def _link(self, prompt: AskedPrompt) -> str:
        try:
            return await self.chats.of(prompt.place.workspace).link_to(prompt.place)
        except ChatError:
            return ""  # the question is worth reading all the same

    def _fresh(self) -> Filters:
        today = self.finder.now().astimezone(self.finder.zone).date()
        return Filters(since=today - WEEK)

    async def _among(
        self, sight: _Sight, filters: Filters, *, start: int = 0, limit: int = PAGE
    ) -> Page:
        return await self.finder.among(
            sight.seen, sight.asker.workspace, filters, start=start, limit=limit
        )


def _narrowed(filters: Filters, chosen: Mapping[str, str]) -> Filters:
    """Filters as typed, and what was chosen from the lists beside them."""
    component, channel = (chosen.get(name) or messages.ANY for name in ("component", "channel"))
    codes = filters.components if component == messages.ANY else (component,)
    where = filters.channel if channel == messages.ANY else channel
    return replace(filters, components=codes, channel=where)


def _fields(filters: Filters, channels: Mapping[str, str]) -> Mapping[str, str]:
    """What stands in the fields of the search for these filters."""
    codes = filters.components
    listed = filters.channel in channels
    rest = replace(
        filters,
        components=() if len(codes) == 1 else codes,
        channel="" if listed else filters.channel,
    )
    return {
        "words": to_text(rest),
        "component": codes[0] if len(codes) == 1 else "",
        "channel": filters.channel if listed else "",
    }
