"""A member's saved ideas at the desk. Each answer is seen by whoever asked alone."""

from dataclasses import dataclass

from bot.core.desk.ideas import Ideas
from bot.core.finding.filters import filters_words, parse_filters, to_text
from bot.core.finding.names import names_in
from bot.core.finding.saved import SavedIdeas
from bot.core.messages import saved as messages
from bot.core.model.actions import Act, Action
from bot.core.model.framework import Framework
from bot.core.model.ideas import Filters
from bot.core.model.parts import Message
from bot.core.model.people import Asker
from bot.core.ports import IdeaStore


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedList:
    """Answers what a member asks about their own list."""

    store: IdeaStore
    framework: Framework
    saved: SavedIdeas
    ideas: Ideas

    async def save(self, asker: Asker, number: int, *, back: bool = False) -> Message:
        """Save an idea; *back*: take it off the list."""
        if back:
            idea, was = await self.saved.unsave(asker, number)
            return messages.unsaved(idea, was=was)
        idea, new = await self.saved.save(asker, number)
        return messages.saved(idea, new=new)

    async def listed(self, asker: Asker, filters: Filters, start: int = 0) -> Message:
        """A page of the list, the latest saved first."""
        found = await self.saved.find(asker, filters, start)
        if not found.total and filters == Filters():
            return messages.nothing_saved()
        names = await names_in(self.store, self.framework, asker.workspace, filters)
        heading = f"Ideas you saved {filters_words(filters, names)}".strip()
        turn = Action(Act.SAVED, text=to_text(filters))
        return await self.ideas.paged(asker, found, heading, turn, by_time=False)

    async def page(self, asker: Asker, action: Action) -> Message:
        """Another page of the list."""
        filters = parse_filters(action.text, self.framework.typed)
        return await self.listed(asker, filters, action.start or 0)
