"""A counter of changes that wakes whoever waits for one."""

import asyncio


class Changes:
    """Counts changes, and wakes whoever waits for one.

    Attributes:
        version: Grows with every change.
    """

    def __init__(self) -> None:
        self.version = 0
        self._next = asyncio.Event()

    def note(self) -> None:
        """Count one change."""
        self.version += 1
        woken, self._next = self._next, asyncio.Event()
        woken.set()

    async def after(self, version: int) -> int:
        """Wait for a version later than ``version``, and return it."""
        while self.version <= version:
            await self._next.wait()
        return self.version
