"""What a member saves for later, which nobody else is told of, and what cards show of ideas."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.errors import NoSuchIdeaError
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.permissions import Permissions, VisibilityResult
from bot.core.model.cards import CardFacts
from bot.core.model.ideas import Filters, Idea, Page
from bot.core.model.people import Asker
from bot.core.ports import IdeaStore


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedIdeas:
    """Keeps each member's list of saved ideas, as far as they may see those."""

    store: IdeaStore
    finder: IdeaFinder
    permissions: Permissions
    now: Callable[[], datetime]

    async def save(self, asker: Asker, number: int) -> tuple[Idea, bool]:
        """Save an idea; gives it, and whether it is new on the list.

        Raises:
            NoSuchIdeaError: as `IdeaFinder.show`.
        """
        idea = await self.finder.show(asker, number)
        saved = await self.store.save_idea(
            asker.workspace, asker.member_id, idea.id, now=self.now()
        )
        if saved is None:
            raise NoSuchIdeaError(f"#{number} was withdrawn meanwhile, so I did not save it.")
        return idea, saved

    async def unsave(self, asker: Asker, number: int) -> tuple[Idea, bool]:
        """Take an idea off the list; gives it, and whether it was on it. Raises as `save`."""
        idea = await self.finder.show(asker, number)
        return idea, await self.store.unsave_idea(asker.workspace, asker.member_id, idea.id)

    async def find(self, asker: Asker, filters: Filters, start: int = 0) -> Page:
        """A page of what the asker saved, the latest saved first; raises as `IdeaFinder.find`."""
        mine = replace(filters, saved_by=asker.member_id)
        return await self.finder.find(asker, mine, start=start)

    async def facts(
        self, asker: Asker, ideas: Sequence[Idea], seen: VisibilityResult | None = None
    ) -> Mapping[int, CardFacts]:
        """What the cards of *ideas* show this asker beside them, by row id.

        *seen*: what the asker may see, where that was asked a moment ago.
        """
        if seen is None and any(idea.tried for idea in ideas):
            seen = await self.permissions.visible_to(asker)
        ids = [idea.id for idea in ideas]
        resources = await self.store.resources_of(ids)
        saved = await self.store.saved_among(asker.workspace, asker.member_id, ids)
        return {
            idea.id: CardFacts(
                resources=resources.get(idea.id, ()),
                trials=await self.finder.trials_of(asker, idea, seen),
                saved=idea.id in saved,
            )
            for idea in ideas
        }
