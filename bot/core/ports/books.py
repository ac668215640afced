"""How far channels' books were written."""

from typing import Protocol

from bot.core.model.books import Book


class Books(Protocol):
    """One book for each channel at most."""

    async def book(self, workspace: str, channel: str) -> Book:
        """Return how far a channel's book was written."""

    async def set_book(self, workspace: str, channel: str, book: Book) -> None:
        """Keep how far a channel's book was written."""
