"""Use cases about one idea that is shown: its component, what is like it, who tried it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.core.errors import ChatUnavailableError, CommandError, NoSuchIdeaError, NotAllowedError
from bot.core.finding.find import PAGE, Finder, Seen
from bot.core.messages.hours import DAY_NAMES
from bot.core.messages.trials import LONGEST
from bot.core.model.framework import Framework
from bot.core.model.ideas import Came, Filters, Idea, Page, Trial
from bot.core.model.links import without_passwords
from bot.core.model.people import Asker
from bot.core.model.work import DeliveryKind


@dataclass(frozen=True, slots=True)
class Sorter:
    """Changes and compares single ideas. Rights are checked here."""

    finder: Finder
    framework: Framework

    async def may_sort(self, asker: Asker, idea: Idea) -> bool:
        """Whether the asker may change the idea's component: its author, and who coordinates."""
        return idea.author.id == asker.member_id or await self.finder.coordinates(
            asker, idea.channel
        )

    async def sortable(self, asker: Asker, idea: Idea) -> bool:
        """Whether to offer that; not while it cannot be asked."""
        try:
            return await self.may_sort(asker, idea)
        except ChatUnavailableError:
            return False

    async def trials(self, asker: Asker, idea: Idea) -> Sequence[Trial]:
        """What colleagues told of trying an idea that is shown to the asker.

        Its author may see it from anywhere, but what others say of it only where it was said.
        """
        store = self.finder.store
        if not idea.tried:
            return ()
        channel = await store.channel(idea.workspace, idea.channel)
        sight = (await self.finder.seen_by(asker)).sight
        if channel is None or not sight.shows(channel.id, private=channel.private):
            return ()
        return await store.trials_of(idea.id)

    async def sort(self, asker: Asker, number: int, code: str) -> Idea:
        """Give an idea this component, for good; an empty *code*: none.

        Raises:
            NoSuchIdeaError: as `Finder.show`.
            NotAllowedError: it is somebody else's.
            CommandError: there is no such component (any more).
        """
        idea = await self.finder.show(asker, number)
        if not await self.may_sort(asker, idea):
            raise NotAllowedError(
                f"#{number} is somebody else's idea, so I changed nothing. Only its author or a "
                "coordinator can change what it is about."
            )
        if code and self.framework.component(code) is None:
            raise CommandError(
                "The framework no longer has that part, so nothing was changed. "
                f"`/ideas show {number}` shows the parts it has."
            )
        changed = await self.finder.store.set_components(
            asker.workspace, number, (code,) if code else (), framework=self.framework.version
        )
        if changed is None:
            raise NoSuchIdeaError(f"#{number} was withdrawn meanwhile, so nothing was changed.")
        return changed

    async def alike(self, asker: Asker, number: int, start: int = 0) -> tuple[Page, Seen]:
        """Other ideas like this one, the newest first: with its tag, else about the same component.

        Raises as `Finder.show`.
        """
        idea = await self.finder.show(asker, number)
        tries = [Filters(tags=(tag,), but=number) for tag in idea.tags]
        tries += [Filters(components=(code,), but=number) for code in idea.components]
        for filters in tries:
            page, seen = await self.finder.find(asker, filters, start=start, limit=PAGE)
            if page.total:
                return page, seen
        return Page((), 0, 0), await self.finder.seen_by(asker)

    async def triable(self, asker: Asker, number: int) -> Idea:
        """An idea that the asker may tell a trial of.

        Raises:
            NoSuchIdeaError: as `Finder.show`.
            CommandError: it is a question, or the asker's own.
        """
        idea = await self.finder.show(asker, number)
        if idea.asks:
            raise CommandError(f"#{number} is a question. Answer it in its thread.")
        if idea.author.id == asker.member_id:
            raise CommandError(
                f"#{number} is your own idea, and this button is for colleagues. Share in "
                "its thread how it went."
            )
        return idea

    async def trial_of(self, asker: Asker, idea: Idea) -> Trial | None:
        """What the asker told already of trying an idea."""
        told = await self.finder.store.trials_of(idea.id)
        return next((one for one in told if one.member_id == asker.member_id), None)

    async def digest_day(self, idea: Idea) -> str:
        """The weekday of the digest that comes next in an idea's channel; empty: not this week."""
        store = self.finder.store
        due = (await store.dues(idea.workspace)).get((idea.channel, DeliveryKind.DIGEST))
        known = await store.channel(idea.workspace, idea.channel)
        if due is None or due - self.finder.now() > timedelta(weeks=1):
            return ""
        zone = ZoneInfo(known.zone) if known and known.zone else self.finder.zone
        return DAY_NAMES[due.astimezone(zone).weekday()]

    async def tried(
        self, asker: Asker, number: int, came: str, *, grades: str, setting: str, words: str
    ) -> tuple[Trial, Idea]:
        """Keep a trial; its author hears of it. Raises as `triable`."""
        idea = await self.triable(asker, number)
        if came not in set(Came):
            raise CommandError("Please choose how it went.")
        trial = Trial(
            workspace=asker.workspace,
            idea_id=idea.id,
            member_id=asker.member_id,
            came=Came(came),
            grades=grades[:LONGEST],
            setting=setting[:LONGEST],
            words=without_passwords(" ".join(words.split()))[:LONGEST],
            tried_at=self.finder.now(),
        )
        kept = await self.finder.store.add_trial(trial)
        if kept is None:
            raise NoSuchIdeaError(f"#{number} was withdrawn meanwhile, so nothing was kept.")
        return kept, idea
