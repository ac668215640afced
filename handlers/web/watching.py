"""Who reads a share live, and the one look that is taken at each share for all of its readers."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic

from bot.core.errors import StoreError, log_failure
from bot.core.finding.boards import BoardReader, Opened
from bot.core.model.shares import ShareKind

log = logging.getLogger(__name__)

IDLE = 20
"""After a look that asked for a version, the watcher rests so many times as long as it took."""


@dataclass(slots=True)
class Watched:
    """A share that somebody reads live.

    Attributes:
        version: what it shows now, as `BoardReader.version`; empty: nobody has looked yet.
        over: nobody may open it any more, or nobody looks any more.
        turned: set when *version* or *over* is another; then there is a new one.
        readers: how many there are.
        task: what looks at it.
    """

    version: str = ""
    over: bool = False
    turned: asyncio.Event = field(default_factory=asyncio.Event)
    readers: int = 0
    task: asyncio.Task[None] | None = None

    def turn(self, version: str) -> None:
        """Tell all readers what it shows now; one who is slow only ever sees the latest."""
        if version != self.version:
            self.version = version
            self._wake()

    def end(self) -> None:
        """Tell all readers that it is over."""
        self.over = True
        if self.task is not None:
            self.task.cancel()
        self._wake()

    def _wake(self) -> None:
        turned, self.turned = self.turned, asyncio.Event()
        turned.set()


@dataclass(slots=True, kw_only=True)
class Readers:
    """Lets people read live, only so many, and watches what they read while they do.

    Attributes:
        every: seconds between two looks at a share. A look costs microseconds unless something was
            committed since.
        beat: seconds of silence after which a stream says that it is alive.
        lasts: seconds until a stream ends; whoever still reads comes back.
        most: streams at a time.
        most_each: streams of one address: a whole meeting may sit behind one.
    """

    every: float = 2.0
    beat: float = 15.0
    lasts: float = 300.0
    most: int = 400
    most_each: int = 80
    _streams: Counter[str] = field(default_factory=Counter)
    _watched: dict[int, Watched] = field(default_factory=dict)
    _closed: bool = False

    def refusal(self, address: str) -> int:
        """The status with which one more stream is refused; 0: there is room."""
        if self._closed or self._streams.total() >= self.most:
            return 503
        return 429 if self._streams[address] >= self.most_each else 0

    @contextmanager
    def reading(
        self, reader: BoardReader, opened: Opened, token: str, address: str
    ) -> Iterator[Watched]:
        """Read a share live: it is watched from its first reader to its last."""
        number = opened.share.number
        if number not in self._watched or self._watched[number].over:
            self._watched[number] = Watched()
            self._watched[number].task = asyncio.create_task(
                self._watch(self._watched[number], reader, token, opened.share.kind),
                name="watch a share",
            )
        watched = self._watched[number]
        watched.readers += 1
        self._streams[address] += 1
        try:
            yield watched
        finally:
            watched.readers -= 1
            self._streams -= Counter([address])
            if not watched.readers:
                watched.end()
                if self._watched.get(number) is watched:
                    del self._watched[number]

    def close(self) -> None:
        """End every stream, and let nobody begin another."""
        self._closed = True
        for watched in self._watched.values():
            watched.end()

    async def _watch(
        self, watched: Watched, reader: BoardReader, token: str, kind: ShareKind
    ) -> None:
        seen = -1
        try:
            while not watched.over:
                rest = self.every
                with suppress(StoreError):  # the next look may see more
                    opened = await reader.opened(token, kind)
                    if opened is None:
                        return
                    if seen != (now := await reader.store.commits()):
                        began = monotonic()
                        watched.turn(await reader.version(opened))
                        rest = max(rest, (monotonic() - began) * IDLE)
                        seen = now
                await asyncio.sleep(rest)
        except Exception as error:  # noqa: BLE001  (it has a reference in the log)
            log_failure(log, "a share is watched no more", error)
        finally:
            watched.end()
