"""When histories are read: at the start, after a gap, and once a day; one channel at a time."""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.errors import (
    ChatError,
    ChatUnavailableError,
    CommonplaceError,
    StoreError,
    log_failure,
)
from bot.core.intake.catch_up import CatchUp, CatchUpStats
from bot.core.model.people import Channel
from bot.core.model.posts import Place
from bot.tasks import Tasks

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
"""How often the last two weeks are read again, gap or not."""

MINUTE = 60.0
HOST_SLEPT = timedelta(minutes=4)
"""A wait that takes so much longer than asked for means that the host was asleep."""

FRESH = timedelta(minutes=10)

THREAD_PAUSE = 1.5
"""Seconds from one thread to the next, so that marking replies stays within Slack's limits."""


async def _none() -> Sequence[Channel]:
    return ()


@dataclass(slots=True)
class History:
    """Reads what was missed. Nothing depends on it being quick, so it never hurries a chat.

    Args:
        channels: the channels to read, as they are now.
        unheard: those of them that send no events.
        silent: whether the chat of a workspace tells reactions by readings alone.
        on_read: told of each channel read, in one word.
        pause: seconds to wait when a chat does not say how long.
        fresh: how old the reading of a channel may be that sends no events.
        rest: seconds from one look at what is to be read to the next.
        watched: looks after the reading, which must not die.
    """

    catch_up: CatchUp
    channels: Callable[[], Awaitable[list[Channel]]]
    real_now: Callable[[], datetime]
    on_read: Callable[[str], None] = lambda _: None
    unheard: Callable[[], Awaitable[Sequence[Channel]]] = _none
    silent: Callable[[str], bool] = lambda _: False
    pause: float = 30.0
    fresh: timedelta = FRESH
    rest: float = MINUTE
    watched: Tasks = field(default_factory=Tasks)
    progress: dict[str, str] = field(default_factory=dict)
    """What is being read now, by channel, in words: for the readiness page."""
    _behind: set[tuple[str, str]] = field(default_factory=set)
    """Channels whose history is still to be read: workspace and id."""
    _read_at: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """When the last reading of two weeks of a channel began, by the real clock."""
    _wanted: dict[tuple[str, str], tuple[Channel, datetime]] = field(default_factory=dict)
    """Channels whose digest waits, since then, for what a reading alone tells."""
    _missed: bool = False
    """Whether something may have been missed in any channel."""
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _threads: dict[Place, Channel] = field(default_factory=dict)
    """Threads to look at again as soon as no history is to be read."""
    _task: asyncio.Task[None] | None = None
    _known: bool = False

    def start(self, look_around: Callable[[], Awaitable[None]]) -> None:
        """Begin to read, and go on once a day.

        Args:
            look_around: awaited before each reading, to learn which channels there are.
        """
        self._missed = True
        self._woken.set()
        if self._task is not None:  # another workspace is known now
            return
        task = asyncio.create_task(self._run(look_around), name="read histories")
        self._task = self.watched.watch(task)

    async def stop(self) -> None:
        """Stop; what was not read yet is read by the next run."""
        self.watched.ending = True
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def gap(self) -> None:
        """Read again soon: something may have been missed."""
        self._known = False
        self._missed = True
        self._woken.set()

    def caught_up(self, channel: Channel) -> bool:
        """Whether what no event told of a channel has been read; if not, it is read soon."""
        key = (channel.workspace, channel.id)
        if not self._known or key in self._behind:
            return False
        if not self.silent(channel.workspace):
            return True
        _, asked_at = self._wanted.setdefault(key, (channel, self.real_now()))
        if self._read_since(key, asked_at):
            del self._wanted[key]
            return True
        self._woken.set()
        return False

    def _read_since(self, key: tuple[str, str], instant: datetime) -> bool:
        """Whether a reading of two weeks of a channel has begun since then, and has ended."""
        begun = self._read_at.get(key)
        return begun is not None and begun >= instant

    async def _run(self, look_around: Callable[[], Awaitable[None]]) -> None:
        whole_at = self.real_now()
        while True:
            self._missed = False
            now = self.real_now()
            whole = not whole_at - EVERY <= now < whole_at  # the clock may have gone back
            if not await self._read_all(look_around, whole=whole):
                await asyncio.sleep(self.pause)
                continue
            if whole:
                whole_at = now + EVERY
            while not self._missed and whole_at - EVERY <= self.real_now() < whole_at:
                if wanted := await self._to_read():
                    await self._read_each(wanted, whole=True)
                else:
                    await self._rest(await self._look_again() if self._threads else self.rest)

    async def _to_read(self) -> Sequence[Channel]:
        """The channels that a digest waits for, and those that send no events."""
        now = self.real_now()
        found = {
            key: channel
            for key, (channel, asked_at) in self._wanted.items()
            if not self._read_since(key, asked_at)
        }
        try:
            for channel in await self.unheard():
                key = (channel.workspace, channel.id)
                if not timedelta() <= now - self._read_at.get(key, now - EVERY) < self.fresh:
                    found.setdefault(key, channel)
        except CommonplaceError as error:
            log.info("which channels send no events is not known now: %s", error)
        return [*found.values()]

    async def _rest(self, seconds: float) -> None:
        """Wait. If the wait was much longer, the host slept, and the socket missed events."""
        before = self.real_now()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        self._woken.clear()
        if self.real_now() - before > timedelta(seconds=seconds) + HOST_SLEPT:
            self.gap()

    async def _look_again(self) -> float:
        """Read a thread in which nobody has said anything new; return how long to rest then."""
        place, channel = next(iter(self._threads.items()))
        tally = CatchUpStats()
        try:
            await self.catch_up.thread(channel, place, tally, asked=False)
        except (ChatUnavailableError, StoreError) as error:
            self._threads[place] = self._threads.pop(place)  # the others first
            return getattr(error, "retry_after", None) or self.pause
        except ChatError as error:
            log.info("a thread in channel %s cannot be read: %s", channel, error.code or error)
        except Exception as error:  # noqa: BLE001  (the other threads are read all the same)
            log_failure(log, f"a thread in channel {channel} was not read", error)
        del self._threads[place]
        _log_changes(channel, tally)
        return THREAD_PAUSE

    async def _read_all(self, look_around: Callable[[], Awaitable[None]], *, whole: bool) -> bool:
        """Read every channel; return whether it was known which channels there are."""
        try:
            await look_around()
            channels = await self.channels()
        except CommonplaceError as error:
            log.warning("histories cannot be read now: %s", error)
            return False
        except Exception as error:  # noqa: BLE001  (it is tried again)
            log_failure(log, "histories cannot be read now", error)
            return False
        self._behind.update((channel.workspace, channel.id) for channel in channels)
        self._known = True
        self._missed = False  # whatever was missed until now is read now
        homes: defaultdict[str, list[Channel]] = defaultdict(list)
        for channel in channels:
            homes[channel.workspace].append(channel)
        # A workspace that asks for patience, or refuses our token, keeps no other one waiting.
        await asyncio.gather(*(self._read_each(some, whole=whole) for some in homes.values()))
        return True

    async def _read_each(self, channels: Sequence[Channel], *, whole: bool) -> None:
        for channel in channels:
            begun = self.real_now()
            try:
                tally = await self.one(channel, whole=whole)
            except ChatError as error:
                self.on_read("refused")
                log.info("channel %s cannot be read: %s", channel, error.code or error)
            except Exception as error:  # noqa: BLE001  (the other channels are read all the same)
                self.on_read("failed")
                log_failure(log, f"channel {channel} was not read", error)
            else:
                self.on_read("read")
                if tally.failed:
                    self.on_read("in part")
                _log_changes(channel, tally)
                self._threads |= dict.fromkeys(tally.threads, channel)
            finally:
                self._behind.discard((channel.workspace, channel.id))
                if whole:
                    self._read_at[channel.workspace, channel.id] = begun
                self.progress.pop(channel.id, None)

    async def one(
        self,
        channel: Channel,
        *,
        since: datetime | None = None,
        whole: bool = False,
        threads: bool = False,
        progress: Callable[[CatchUpStats], None] = lambda _: None,
    ) -> CatchUpStats:
        """Read one channel to the end, at the pace that the chat allows.

        Args:
            threads: also read the threads in which nobody has said anything new.

        Raises:
            ChatError: the channel cannot be read at all.
        """
        so_far = "nothing read yet"

        def show(tally: CatchUpStats) -> None:
            nonlocal so_far
            so_far = f"{tally.read} messages read"
            self.progress[channel.id] = so_far
            progress(tally)

        async def wait(error: ChatUnavailableError) -> None:
            seconds = error.retry_after or self.pause
            self.progress[channel.id] = f"{so_far}, waiting {seconds:.0f} s for the chat"
            log.info("channel %s: %s, waiting %.0f s for the chat", channel, so_far, seconds)
            await asyncio.sleep(seconds)

        tally = await self.catch_up.read(
            channel, since=since, whole=whole, progress=show, wait=wait
        )
        while threads and tally.threads:
            try:
                await self.catch_up.thread(
                    channel, tally.threads[-1], tally, asked=since is not None
                )
                tally.threads.pop()
            except ChatUnavailableError as error:
                await wait(error)
            progress(tally)
        return tally


def _log_changes(channel: Channel, tally: CatchUpStats) -> None:
    if tally.new or tally.changed or tally.withdrawn:
        changes = f"{tally.new} new, {tally.changed} changed, {tally.withdrawn} withdrawn"
        log.info("channel %s caught up: %d read, %s", channel, tally.read, changes)
