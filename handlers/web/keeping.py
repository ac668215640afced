"""What need not be done for each view: to draw what nothing has changed, to write down a count."""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from bot.core.errors import StoreError
from bot.core.ports import IdeaStore

T = TypeVar("T")

MOST: Final = 64
"""What is kept at most; what was asked for longest ago goes first."""
PAUSE: Final = 5.0
"""Seconds between two times that openings are written down, at least."""


@dataclass(slots=True)
class Kept:
    """What was made of the database and nothing else, until anything in it changes.

    All goes with the commit of any change, by any process: what is withdrawn is nowhere from then.
    """

    store: IdeaStore
    _commits: int = -1
    _made: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)

    async def get(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """Return what *make* makes, or made under this key since the last change."""
        commits = await self.store.commits()
        if commits != self._commits:
            self._commits = commits
            self._made.clear()
        elif key in self._made:
            self._made.move_to_end(key)
            kept: T = self._made[key]
            return kept
        made = await make()
        if commits == self._commits:  # else it may be older than what changed meanwhile
            self._made[key] = made
            if len(self._made) > MOST:
                self._made.popitem(last=False)
        return made


@dataclass(slots=True)
class Openings:
    """Counts what is opened, and writes it down now and then.

    A write for each view would cost more than the view, and leave nothing to keep.
    """

    store: IdeaStore
    _counted: Counter[int] = field(default_factory=Counter)
    _writing: asyncio.Task[None] | None = None

    def count(self, share: int) -> None:
        """Count that the share of this number was opened."""
        self._counted[share] += 1
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="openings")

    async def write(self) -> None:
        """Write down what was counted."""
        counted, self._counted = self._counted, Counter()
        with suppress(StoreError):  # a count is no reason to fail
            await self.store.count_openings(counted)

    async def aclose(self) -> None:
        """Write down the rest, and count no more."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait([self._writing])
        await self.write()

    async def _write(self) -> None:
        while self._counted:
            await self.write()
            await asyncio.sleep(PAUSE)
