"""Files of a board's ideas: which there are, and how many are made and sent at once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final
from weakref import WeakValueDictionary

from bot.core.errors import StoreBusyError
from bot.core.model.exports import Format, Writers
from bot.core.outbox.reports import FileOf

MADE_AT_ONCE: Final = 2
SENT_AT_ONCE: Final = 16
SENT_TO_EACH: Final = 4
"""Of those to one address: whoever reads slowly leaves files to others."""
PATIENCE: Final = 30.0
"""Seconds that somebody waits for their turn."""

LABELS: Final[Mapping[Format, str]] = {
    Format.CSV: "CSV",
    Format.XLSX: "Workbook (XLSX)",
    Format.MD: "Markdown",
    Format.RIS: "RIS",
    Format.BIB: "BibTeX",
    Format.CSL: "CSL-JSON",
    Format.JSON: "JSON",
}
"""What readers know the formats as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Makes files, a few at once, so that pages are served meanwhile.

    Args:
        file_of: makes a file of this name in a thread; the file is gone at the end.
    """

    writers: Writers
    file_of: FileOf
    _made: asyncio.Semaphore = field(default_factory=partial(asyncio.Semaphore, MADE_AT_ONCE))
    _sent: asyncio.Semaphore = field(default_factory=partial(asyncio.Semaphore, SENT_AT_ONCE))

    _to_each: WeakValueDictionary[str, asyncio.Semaphore] = field(
        default_factory=WeakValueDictionary
    )

    @asynccontextmanager
    async def file(
        self, name: str, write: Callable[[BinaryIO], object], address: str
    ) -> AsyncIterator[Path]:
        """Make a file when its turn comes; it lasts as long as it is sent to *address*.

        Raises:
            StoreBusyError: too many are wanted, or the disk is full.
        """
        turn = self._to_each.setdefault(address, asyncio.Semaphore(SENT_TO_EACH))
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(PATIENCE):
                    await stack.enter_async_context(turn)
                    await stack.enter_async_context(self._sent)
                    await self._made.acquire()
                try:
                    file = await stack.enter_async_context(self.file_of(name, write))
                finally:
                    self._made.release()
            except OSError as error:  # a time that is over is one, too
                raise StoreBusyError("The file could not be made now.") from error
            yield file
