"""Use cases about kept ideas: list, search, show, compare, sort, try, remove and export them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.errors import ChatUnavailableError, CommandError, NoSuchIdeaError, NotAllowedError
from bot.core.finding.names import settled
from bot.core.finding.permissions import Permissions, VisibilityResult
from bot.core.finding.styles import Citation, cite
from bot.core.intake.people import with_author
from bot.core.messages.care import merged
from bot.core.messages.common import NOT_ALL
from bot.core.messages.hours import DAY_NAMES
from bot.core.messages.trials import LONGEST
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.framework import Framework
from bot.core.model.ideas import Filters, Idea, Kind, Outcome, Page, Trial, TrialOutcome, Withdrawal
from bot.core.model.links import without_passwords
from bot.core.model.people import Asker
from bot.core.model.posts import Post
from bot.core.model.vocabulary import command
from bot.core.model.weeks import period_of
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chats

PAGE = 5
"""Ideas shown at once: what a phone shows without much scrolling."""
LITTLE = 3
"""Where so few are found, other words may have been meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaFinder:
    """Shows, compares, sorts and removes kept ideas, as far as the asker may, and keeps trials.

    Args:
        zone: days in filters are days in this zone, which is that of channels that chose none.
    """

    store: IdeaStore
    chats: Chats
    permissions: Permissions
    framework: Framework
    now: Callable[[], datetime]
    zone: ZoneInfo

    async def find(self, asker: Asker, filters: Filters, *, start: int = 0) -> Page:
        """One page of the ideas that fit; the first where those of a later one are gone since.

        Raises:
            CommandError: as `names.settled`.
        """
        return await self.among(
            await self.permissions.visible_to(asker), asker.workspace, filters, start=start
        )

    async def among(
        self,
        seen: VisibilityResult,
        workspace: str,
        filters: Filters,
        *,
        start: int = 0,
        limit: int = PAGE,
    ) -> Page:
        """One page of the ideas that fit, among those that somebody sees; raises as `find`."""
        filters = replace(filters, zone=self.zone)
        filters = await settled(self.store, workspace, filters, seen.visibility)
        visible = seen.visibility
        page = await self.store.find(workspace, filters, visible, start=max(start, 0), limit=limit)
        if page.start and not page.ideas:
            page = await self.store.find(workspace, filters, visible, limit=limit)
        meant = ""
        if filters.words and start <= 0 and page.total <= LITTLE:
            meant = await self.store.mended(workspace, filters, visible)
        marks = await self.store.marks(filters.words, page.ideas) if filters.words else {}
        return replace(page, complete=seen.complete, marks=marks, meant=meant)

    async def show(self, asker: Asker, number: int) -> Idea:
        """One idea.

        Raises:
            NoSuchIdeaError: there is none, it was withdrawn, or the asker may not see it.
        """
        seen = await self.permissions.visible_to(asker)
        idea = await self.store.idea(asker.workspace, number, seen.visibility)
        if idea is None:
            more = "" if seen.complete else f" {NOT_ALL}"
            if (into := await self._merged_into(asker, number)) is not None:
                raise NoSuchIdeaError(merged(number, into.number))
            raise NoSuchIdeaError(
                f"#{number} is not an idea that you can see. It may have been withdrawn, or it "
                f"is in a private channel that you are not in. `{command('list')}` shows the "
                f"others.{more}"
            )
        return idea

    async def cite(self, asker: Asker, number: int) -> tuple[Idea, Citation]:
        """An idea, and how it is cited. Raises as `show`."""
        idea = await self.show(asker, number)
        networks = {one.id: one.name for one in await self.store.workspaces()}
        day = idea.posted_at.astimezone(await self._zone_of(idea)).date()
        return idea, cite(idea, day=day, network=networks.get(idea.workspace, ""))

    async def _merged_into(self, asker: Asker, number: int) -> Idea | None:
        """The idea that this number is part of now, if the asker may see that."""
        part = await self.store.aside(asker.workspace, number)
        into = part and part.part_of and await self.store.idea_by_id(part.part_of)
        if not into:
            return None
        seen = await self.permissions.visible_to(asker)
        return await self.store.idea(asker.workspace, into.number, seen.visibility)

    async def held(self, asker: Asker, number: int) -> Idea:
        """One idea, also one that a coordinator put aside: for its author and for coordinators.

        Raises as `show`.
        """
        found = await self.store.aside(asker.workspace, number)
        if found is not None and await self._may_change(asker, found):
            return found
        return await self.show(asker, number)

    async def opened(self, asker: Asker, number: int) -> Idea:
        """The idea that is shown for a number: of a merged one, the one that it is part of now.

        Raises as `show`.
        """
        into = await self._merged_into(asker, number)
        return into or await self.held(asker, number)

    async def random(self, asker: Asker, filters: Filters) -> Page:
        """Any one of the ideas that fit, or none; raises as `find`."""
        seen, filters = await self._settled(asker, filters)
        found = await self.store.random_idea(asker.workspace, filters, seen.visibility)
        ideas = () if found is None else (found,)
        return Page(ideas, 0, len(ideas), seen.complete)

    async def coordinates(self, asker: Asker, idea: Idea) -> bool:
        """Whether to offer the asker to look after an idea; not while that is unknown."""
        try:
            return await self.permissions.is_coordinator(asker, idea.channel)
        except ChatUnavailableError:
            return False

    async def is_sortable(self, asker: Asker, idea: Idea) -> bool:
        """Whether to offer the asker to change the idea's component; not while it is unknown."""
        try:
            return await self._may_change(asker, idea)
        except ChatUnavailableError:
            return False

    async def sort(self, asker: Asker, number: int, code: str) -> Idea:
        """Give an idea this component, for good; an empty *code*: none.

        Raises:
            NoSuchIdeaError: as `show`.
            NotAllowedError: it is somebody else's.
            CommandError: there is no such component (any more).
        """
        await self._changeable(
            asker,
            number,
            "so I changed nothing. Only its author or a coordinator can change what it is about.",
        )
        if code and self.framework.component(code) is None:
            raise CommandError(
                "The framework no longer has that part, so nothing was changed. "
                f"`{command(f'show {number}')}` shows the parts it has."
            )
        changed = await self.store.set_components(
            asker.workspace, number, (code,) if code else (), framework=self.framework.version
        )
        if changed is None:
            raise NoSuchIdeaError(f"#{number} was withdrawn meanwhile, so nothing was changed.")
        return changed

    async def own(self, asker: Asker, number: int) -> Idea:
        """An idea that the asker wrote.

        Raises:
            NoSuchIdeaError: as `show`.
            NotAllowedError: it is somebody else's.
        """
        idea = await self.show(asker, number)
        if idea.author.id != asker.member_id:
            raise NotAllowedError(
                f"#{number} is somebody else's idea, so nothing was changed. Only its author can "
                f"edit it; a coordinator can change what it is about: `{command(f'show {number}')}`"
            )
        return idea

    async def removable(self, asker: Asker, number: int) -> Idea:
        """An idea that the asker may withdraw; raises as `sort`."""
        return await self._changeable(
            asker, number, "so it stays. Only its author or a coordinator can withdraw it."
        )

    async def remove(self, asker: Asker, number: int) -> tuple[Idea, Outcome]:
        """Withdraw an idea; gives it as it was. Raises as `removable`."""
        idea = await self.removable(asker, number)
        return idea, await self.store.withdraw_number(
            asker.workspace, number, Withdrawal.REMOVED, now=self.now()
        )

    async def withdrawn_post(
        self, asker: Asker, *, number: int = 0, idea_id: int = 0
    ) -> tuple[Idea, Post | None]:
        """A withdrawn idea that the asker may put back, and its post as it stands in the chat.

        Args:
            number: of the idea; or *idea_id*, the id of its row.

        Raises:
            NotAllowedError: it is somebody else's, and the asker does not coordinate its channel.
            ChatError: the chat does not show the post.
        """
        idea = (
            await self.store.idea_numbered(asker.workspace, number)
            if number
            else await self.store.idea_by_id(idea_id)
        )
        place = idea and idea.workspace == asker.workspace and idea.place
        if not idea or not place:
            raise NotAllowedError("That idea cannot be put back.")
        chat = self.chats.of(asker.workspace)
        post = await chat.fetch(place, thread=await self.store.thread_of(place))
        if post is not None:
            found = await with_author(self.store, self.chats, post, now=self.now())
            post = found if found.author_id else None
        theirs = post is not None and await self.store.owner_of(post) == asker.member_id
        if not theirs and not await self.permissions.is_coordinator(asker, idea.channel):
            raise NotAllowedError(
                f"Only its author or a coordinator can put #{idea.number} back. It stays withdrawn."
            )
        if post is not None:
            post = replace(post, reactions=tuple(await chat.reactions(place)))
        return idea, post

    async def trials_of(
        self, asker: Asker, idea: Idea, seen: VisibilityResult | None = None
    ) -> Sequence[Trial]:
        """What colleagues told of trying an idea that is shown to the asker.

        *seen*: as `hears_others`.
        """
        heard = idea.tried and await self.hears_others(asker, idea, seen)
        return await self.store.trials_of(idea.id) if heard else ()

    async def hears_others(
        self, asker: Asker, idea: Idea, seen: VisibilityResult | None = None
    ) -> bool:
        """Whether the asker is shown what others say of an idea that they may see.

        Its author may see it from anywhere, but what others say of it only where it was said.
        *seen*: what the asker may see, where that was asked a moment ago.
        """
        channel = await self.store.channel(idea.workspace, idea.channel)
        visibility = (seen or await self.permissions.visible_to(asker)).visibility
        return channel is not None and visibility.shows(channel.id, private=channel.private)

    async def triable(self, asker: Asker, number: int) -> Idea:
        """An idea that the asker may tell a trial of.

        Raises:
            NoSuchIdeaError: as `show`.
            CommandError: it is a question, or the asker's own.
        """
        idea = await self.show(asker, number)
        if idea.asks:
            raise CommandError(f"#{number} is a question. Answer it in its thread.")
        if idea.author.id == asker.member_id:
            raise CommandError(
                f"#{number} is your own idea, and this button is for colleagues. Share in "
                "its thread how it went."
            )
        return idea

    async def trial_by(self, asker: Asker, idea: Idea) -> Trial | None:
        """What the asker told already of trying an idea."""
        told = await self.store.trials_of(idea.id)
        return next((one for one in told if one.member_id == asker.member_id), None)

    async def digest_day(self, idea: Idea) -> str:
        """The weekday of the digest that comes next in an idea's channel; empty: not this week."""
        place, kind = (idea.workspace, idea.channel), DeliveryKind.DIGEST
        due, zone = await self.store.due_at(*place, kind), await self._zone_of(idea)
        if due is None or due - self.now() > timedelta(weeks=1):
            return ""
        had = (await self.store.last_sent(*place)).get(kind, "") >= period_of(due, zone).key
        return "" if had else DAY_NAMES[due.astimezone(zone).weekday()]

    async def keep_trial(
        self, asker: Asker, number: int, given: Mapping[str, str]
    ) -> tuple[Trial, Idea]:
        """Keep a trial as the form gives it; its author hears of it. Raises as `triable`."""
        idea = await self.triable(asker, number)
        came, words = given.get("came", ""), " ".join(given.get("words", "").split())
        if came not in set(TrialOutcome):
            raise CommandError("Please choose how it went.")
        trial = Trial(
            workspace=asker.workspace,
            idea_id=idea.id,
            member_id=asker.member_id,
            came=TrialOutcome(came),
            grades=given.get("grades", "")[:LONGEST],
            setting=given.get("setting", "")[:LONGEST],
            words=without_passwords(words)[:LONGEST],
            tried_at=self.now(),
        )
        kept = await self.store.add_trial(trial)
        if kept is None:
            raise NoSuchIdeaError(f"#{number} was withdrawn meanwhile, so nothing was kept.")
        return kept, idea

    async def tally(
        self, asker: Asker, filters: Filters
    ) -> tuple[Filters, Mapping[Kind, int], VisibilityResult]:
        """How many ideas, questions and so on fit, with an id for each person in the filters.

        Raises as `find`.
        """
        seen, filters = await self._settled(asker, filters)
        counts = {
            kind: await self.store.count(
                asker.workspace, replace(filters, kinds=(kind,)), seen.visibility
            )
            for kind in Kind
        }
        return filters, counts, seen

    async def _zone_of(self, idea: Idea) -> ZoneInfo:
        """The zone of an idea's channel."""
        channel = await self.store.channel(idea.workspace, idea.channel)
        return self.zone if channel is None else channel.zone_or(self.zone)

    async def _settled(self, asker: Asker, filters: Filters) -> tuple[VisibilityResult, Filters]:
        seen = await self.permissions.visible_to(asker)
        filters = replace(filters, zone=self.zone)
        return seen, await settled(self.store, asker.workspace, filters, seen.visibility)

    async def _changeable(self, asker: Asker, number: int, otherwise: str) -> Idea:
        idea = await self.held(asker, number)
        if not await self._may_change(asker, idea):
            raise NotAllowedError(f"#{number} is somebody else's idea, {otherwise}")
        return idea

    async def _may_change(self, asker: Asker, idea: Idea) -> bool:
        """Whether the asker wrote the idea, or coordinates its channel."""
        return idea.author.id == asker.member_id or await self.permissions.is_coordinator(
            asker, idea.channel
        )
