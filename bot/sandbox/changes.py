"""Noticing that something changed, without polling."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class Changes:
    """Counts what changes, and wakes whoever waits for it.

    Attributes:
        version: Grows with every change.
    """

    def __init__(self) -> None:
        self.version = 0
        self._next = asyncio.Event()

    def note(self) -> None:
        """Something changed."""
        self.version += 1
        woken, self._next = self._next, asyncio.Event()
        woken.set()

    async def after(self, version: int) -> int:
        """Waits for a version later than this one, and returns it."""
        while self.version <= version:
            await self._next.wait()
        return self.version

    async def until(
        self, predicate: Callable[[], Found], *, within: float, saying: Callable[[], str]
    ) -> Found:
        """Waits for ``predicate`` to hold, looking again after every change.

        Args:
            predicate: What to wait for.
            within: Seconds to wait at most.
            saying: What the error says when it does not come true in time.

        Returns:
            What the predicate found.

        Raises:
            TimeoutError: It did not come true in time.
        """
        try:
            async with asyncio.timeout(within):
                while not (found := predicate()):
                    await self.after(self.version)
        except TimeoutError:
            raise TimeoutError(saying()) from None
        return found
