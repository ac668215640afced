"""What a board shows: a channel's ideas as people outside may see them, and nothing else."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from bot.core.finding.filters import parse_filters
from bot.core.messages.bylines import NOBODY, public_author, public_text
from bot.core.messages.trials import what_came
from bot.core.model.boards import Beside, BoardIdea, BoardPage, BoardTrial, Order
from bot.core.model.framework import Framework
from bot.core.model.ideas import Credit, Filters, Idea, Kind, Resource, Visibility
from bot.core.model.links import is_of_a_member
from bot.core.model.people import Author, Channel, MemberId, Shown
from bot.core.model.shares import Share, ShareKind, hashed
from bot.core.ports import IdeaStore

KINDS: Final = (Kind.IDEA,)
"""What stands on a board; questions and posts in doubt do not."""

NO_FILTERS: Final = Filters()


@dataclass(frozen=True, slots=True)
class Opened:
    """A share that somebody opened, its channel, and which of its ideas it shows."""

    share: Share
    channel: Channel
    filters: Filters

    @property
    def workspace(self) -> str:
        """The workspace's id."""
        return self.share.workspace

    @property
    def visibility(self) -> Visibility:
        """What may be seen: this channel alone."""
        return Visibility(only=self.share.channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardReader:
    """Reads a channel's ideas for whoever has the address of a share.

    Args:
        zone: that of channels that have chosen none.
    """

    store: IdeaStore
    framework: Framework
    zone: ZoneInfo
    now: Callable[[], datetime]

    async def opened(self, token: str, kind: ShareKind) -> Opened | None:
        """What a token opens now; None: nothing of this kind, and nobody is told why."""
        share = await self.store.open_share(hashed(token), now=self.now())
        if share is None or share.kind is not kind:
            return None
        channel = await self.store.channel(share.workspace, share.channel)
        if channel is None:
            return None
        filters = parse_filters(share.shows, self.framework.typed)
        zone = channel.zone_or(self.zone)  # as its ideas' days are shown
        return Opened(share, channel, replace(filters, zone=zone, channel=channel.id))

    async def page(
        self,
        opened: Opened,
        filters: Filters = NO_FILTERS,
        *,
        order: Order = Order.NEWEST,
        start: int = 0,
        limit: int = 48,
    ) -> BoardPage:
        """A stretch of the ideas that fit. Words are looked for in texts and tags alone."""
        wanted = _within(opened.filters, filters)
        found = await self.store.find(
            opened.workspace,
            wanted,
            opened.visibility,
            order=order,
            start=start,
            limit=limit,
            exact=True,
        )
        beside = await self.store.beside(opened.workspace, found.ideas)
        ideas = [*self._shown(opened, found.ideas, beside)]
        return BoardPage(ideas, start, found.total)

    def walk(self, opened: Opened, filters: Filters = NO_FILTERS) -> Iterator[BoardIdea]:
        """All ideas that fit, oldest first, as one moment had them, in bounded memory.

        They are read in the caller's thread, which should be none that others wait for.
        """
        wanted = _within(opened.filters, filters)
        read = self.store.board_ideas(opened.workspace, wanted, opened.visibility)
        for ideas, beside in read:
            yield from self._shown(opened, ideas, beside)

    async def version(self, opened: Opened) -> str:
        """What it shows now, as `COUNT.ALTERED`: while ideas only come in, the latter stays."""
        wanted = _within(opened.filters, NO_FILTERS)
        count = await self.store.count(opened.workspace, wanted, opened.visibility)
        altered = await self.store.altered(opened.workspace, opened.channel.id)
        return f"{count}.{altered}"

    async def idea(self, opened: Opened, number: int) -> BoardIdea | None:
        """One idea; None: there is none of this number on the board."""
        found = await self.page(opened, Filters(number=number), limit=1)
        return next(iter(found.ideas), None)

    async def trials(self, opened: Opened, number: int) -> Sequence[BoardTrial]:
        """What came of trying an idea of the board, the latest first."""
        idea = await self.store.idea(opened.workspace, number, opened.visibility)
        tried = [] if idea is None else await self.store.trials_of(idea.id)
        choices = await self.store.choices(opened.workspace) if tried else {}
        return [
            BoardTrial(
                came=what_came(one),
                words=public_text(one.words, ()),
                byline=public_author(
                    Author(id=one.member_id, name=one.name, title=one.title, school=one.school),
                    choices.get((opened.workspace, one.member_id)),
                ),
            )
            for one in tried
        ]

    async def by_author(self, opened: Opened, number: int) -> tuple[str, Opened] | None:
        """The board of whoever wrote an idea, and how they are called.

        None: there is no such idea on the board, or its author did not give their name.
        """
        idea = await self.store.idea(opened.workspace, number, opened.visibility)
        shown = await self.idea(opened, number)
        if idea is None or shown is None or not shown.named:
            return None
        theirs = replace(opened.filters, people=(MemberId(idea.author.id),))
        return shown.byline, replace(opened, filters=theirs)

    async def coverage(self, opened: Opened) -> Mapping[str, int]:
        """How many ideas each part of the framework has, by code, in the framework's order."""
        counted = await self.store.by_component(
            opened.workspace, _within(opened.filters, NO_FILTERS)
        )
        return {one.code: counted.get(one.code, 0) for one in self.framework.components}

    def _shown(self, opened: Opened, ideas: Sequence[Idea], beside: Beside) -> Iterator[BoardIdea]:
        zone = opened.filters.zone
        return (public_idea(idea, beside, zone) for idea in ideas)


def _within(shared: Filters, asked: Filters) -> Filters:
    """What is asked for, within what is shared."""
    return replace(
        shared,
        tags=(*shared.tags, *asked.tags),
        components=(*shared.components, *asked.components),
        words=f"{shared.words} {asked.words}".strip(),
        number=asked.number,
        kinds=KINDS,
        nameless=True,
    )


def public_idea(idea: Idea, beside: Beside, zone: tzinfo) -> BoardIdea:
    """An idea as it is shown outside."""
    member = beside.members.get(idea.author.id)
    shown = None if member is None else member.shown
    return BoardIdea(
        number=idea.number,
        day=idea.posted_at.astimezone(zone).date(),
        posted_at=idea.posted_at,
        edited_at=idea.edited_at,
        text=public_text(idea.text, beside.hidden, beside.given),
        byline=public_author(idea.author, shown),
        named=shown is Shown.NAME,
        school=idea.author.school if shown in {Shown.NAME, Shown.SCHOOL} else "",
        licence=idea.author.licence or "",
        prompt=public_text(idea.prompt, beside.hidden, beside.given),
        components=idea.components,
        tags=idea.tags,
        resources=tuple(_resources(beside.resources.get(idea.id, ()), beside)),
        credits=_credits(beside.credits.get(idea.id, ()), beside),
        reactions=idea.reactions,
        replies=idea.replies,
        tried=idea.tried,
    )


def _resources(found: Sequence[Resource], beside: Beside) -> Iterator[Resource]:
    """What an idea links, without addresses that tell of a member."""
    for one in found:
        title = public_text(one.title, beside.hidden, beside.given)
        yield replace(one, url="" if is_of_a_member(one.url) else one.url, title=title)


def _credits(thanked: Sequence[Credit], beside: Beside) -> tuple[str, ...]:
    """Whom an idea credits, as each chose; somebody outside the workspace was never asked."""
    lines: dict[str, None] = {}
    for one in thanked:
        member = beside.members.get(one.member_id or "")
        if member is None:
            lines[NOBODY] = None
        else:
            author = Author(id=one.member_id or "", name=one.name, school=member.school)
            lines[public_author(author, member.shown)] = None
    return tuple(lines)
