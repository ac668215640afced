"""What a board asks of the store."""

from collections.abc import Sequence
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

    async def beside(self, workspace: str, ideas: Sequence[Idea]) -> Beside:
        """Return what decides how ideas and the people in them may be shown outside."""
        ...
