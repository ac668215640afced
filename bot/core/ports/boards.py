"""What a board asks of the store."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from bot.core.model.boards import Beside
from bot.core.model.ideas import Filters, Idea, Visibility


class Boards(Protocol):
    """Ideas as pages that people outside can open need them."""

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

    async def altered(self, workspace: str, channel: str) -> str:
        """Return a word that is another one once something that stands in a channel is altered.

        That is: an idea was edited, withdrawn or restored, or a member chose what is shown of them.
        An idea that comes in alters nothing.
        """
        ...

    async def commits(self) -> int:
        """Return a number that is another one once anything was committed, by any program."""
        ...
