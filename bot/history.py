"""When histories are read: at the start, after a gap, and once a day; one channel at a time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.errors import ChatError, ChatUnavailableError, CommonplaceError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.core.catch_up import CatchUp, Tally
    from bot.core.model import Channel

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
"""How often the last two weeks are read again, gap or not."""

MINUTE = 60.0
SLEPT = timedelta(minutes=4)

PAUSE = 30.0
"""Seconds to wait when Slack does not say how long."""


@dataclass(slots=True)
class History:
    """Reads what was missed. Nothing depends on it being quick, so it never hurries Slack.

    Args:
        channels: the channels to read, as they are now.
        on_read: told of each channel read, in one word.
    """

    catch_up: CatchUp
    channels: Callable[[], Awaitable[list[Channel]]]
    real_now: Callable[[], datetime]
    on_read: Callable[[str], None] = lambda _: None
    progress: dict[str, str] = field(default_factory=dict)
    """What is being read now, by channel, in words: for the readiness page."""
    _behind: set[str] = field(default_factory=set)
    _asked: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None
    _known: bool = False

    def start(self, look_around: Callable[[], Awaitable[None]]) -> None:
        """Begin to read, and go on once a day.

        Args:
            look_around: awaited before each reading, to learn which channels there are.
        """
        self._asked.set()
        self._task = asyncio.create_task(self._run(look_around), name="read histories")

    async def stop(self) -> None:
        """Stop; what was not read yet is read by the next run."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def gap(self) -> None:
        """Something may have been missed: read again, soon."""
        self._known = False
        self._asked.set()

    def caught_up(self, channel: Channel) -> bool:
        """Whether what was posted in a channel while we were away has been read."""
        return self._known and channel.id not in self._behind

    async def _run(self, look_around: Callable[[], Awaitable[None]]) -> None:
        whole_at = self.real_now()
        while True:
            self._asked.clear()
            whole = self.real_now() >= whole_at
            if whole:
                whole_at = self.real_now() + EVERY
            await self._read_all(look_around, whole=whole)
            while not self._asked.is_set() and self.real_now() < whole_at:
                await self._rest()

    async def _rest(self) -> None:
        """Wait a minute. Was it much longer, the host slept, and so did our socket."""
        before = self.real_now()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(MINUTE):
                await self._asked.wait()
        if self.real_now() - before > SLEPT:
            self.gap()

    async def _read_all(self, look_around: Callable[[], Awaitable[None]], *, whole: bool) -> None:
        try:
            await look_around()
            channels = await self.channels()
        except CommonplaceError as error:
            log.warning("histories cannot be read now: %s", error)
            return
        self._behind.update(channel.id for channel in channels)
        self._known = True
        for channel in channels:
            try:
                tally = await self.one(channel, whole=whole)
            except ChatError as error:
                self.on_read("refused")
                log.info("channel %s cannot be read: %s", channel.id, error.code or error)
            except Exception:
                reference = secrets.token_hex(4)
                self.on_read("failed")
                log.exception("channel %s was not read, reference %s", channel.id, reference)
            else:
                self.on_read("read")
                if tally.failed:
                    self.on_read("in part")
                if tally.new or tally.changed or tally.withdrawn:
                    log.info(
                        "channel %s caught up: %d read, %d new, %d changed, %d withdrawn",
                        channel.id,
                        tally.read,
                        tally.new,
                        tally.changed,
                        tally.withdrawn,
                    )
            finally:
                self._behind.discard(channel.id)
                self.progress.pop(channel.id, None)

    async def one(
        self,
        channel: Channel,
        *,
        since: datetime | None = None,
        whole: bool = False,
        progress: Callable[[Tally], None] = lambda _: None,
    ) -> Tally:
        """Read one channel to the end, at the pace that Slack allows.

        Raises:
            ChatError: the channel cannot be read at all.
        """

        def show(tally: Tally) -> None:
            self.progress[channel.id] = f"{tally.read} messages read"
            progress(tally)

        while True:
            try:
                return await self.catch_up.read(channel, since=since, whole=whole, progress=show)
            except ChatUnavailableError as error:
                wait = error.retry_after or PAUSE
                self.progress[channel.id] = f"waiting {wait:.0f} s for Slack"
                await asyncio.sleep(wait)
                # What was read is remembered, so the next round goes on from there.
                since = None
