"""What a board asks of the store."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from bot.core.model.boards import Beside, Order
from bot.core.model.ideas import Filters, Idea, Page, Visibility


class Boards(Protocol):
    """Ideas as pages that people outside can open need them."""

    async def ordered(
        self,
        workspace: str,
        filters: Filters,
        visibility: Visibility,
        *,
        order: Order,
        start: int,
        limit: int,
    ) -> Page:
        """Ideas that fit, in an order; with words, NEWEST has the most relevant first."""
        ...

    def board_ideas(
        self, workspace: str, filters: Filters, visibility: Visibility
    ) -> Iterator[tuple[Sequence[Idea], Beside]]:
        """Ideas that fit, oldest first, some at a time with what is beside them.

        They are read as `IdeaStore.export_book` reads; no question is among them.
        """
        ...

    async def beside(self, workspace: str, ideas: Sequence[Idea]) -> Beside:
        """Return what decides how ideas and the people in them may be shown outside."""
        ...
