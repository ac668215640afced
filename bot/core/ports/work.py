"""What waits to be done outside the database, and the database's own upkeep."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.core.model.work import Effect, Job, NewJob


class Queue(Protocol):
    """The outbox: each (effect, channel, key) waits once."""

    async def enqueue(self, workspace: str, job: NewJob, *, now: datetime) -> None:
        """Queue an effect, due `job.after` seconds from *now*.

        One that waits already is done once, at the earlier of both times, with the later payload.
        """

    async def enqueue_unless_crowd(
        self, workspace: str, job: NewJob, *, crowd: int, now: datetime
    ) -> None:
        """Queue an effect about one of those who came to a channel.

        Once *crowd* such jobs wait for it, each of them has the payload `{"crowd": true}`.
        """

    async def take_back(self, workspace: str, effect: Effect, key: str) -> None:
        """Remove a job that has become needless; none waits: do nothing."""

    async def jobs(self, now: datetime, *, limit: int) -> Sequence[Job]:
        """Return due jobs, at most *limit* of each effect; of an effect, the oldest first.

        One that was queued or put off at a time that is still to come is due as well: the clock
        went back.
        """

    async def next_due(self) -> datetime | None:
        """Return when the earliest job is due; None: none waits."""

    async def done(self, job: Job) -> None:
        """Remove a job that is done, unless it was asked for again since it was read."""

    async def postpone(self, job: Job, *, due: datetime, error: str, now: datetime) -> None:
        """Try a job again at *due*; its attempts count one more. It was put off at *now*."""

    async def pause(self, workspace: str, method: str, *, now: datetime, until: datetime) -> None:
        """Note that a method of a workspace's chat is to be left alone; the latest word counts."""

    async def pauses(self, workspace: str, now: datetime) -> Mapping[str, datetime]:
        """The methods to be left alone now, each until when; none by a clock gone back since."""

    async def note(self, workspace: str, kind: str, key: str, value: str) -> None:
        """Keep what a platform's handler must know in its next run; an empty value: forget it."""

    async def notes(self, workspace: str, kind: str) -> Mapping[str, str]:
        """Return all that is noted of a kind, by key."""

    async def set_post(
        self,
        idea_id: int,
        *,
        mark: str | None = None,
        permalink: str | None = None,
        refused: bool | None = None,
    ) -> None:
        """Record what is given of an idea's post: the bot's emoji on it now, and its address.

        One that is *refused* for good by the chat stands in a digest even so.
        """


class Upkeep(Protocol):
    """The file itself."""

    async def ping(self) -> None:
        """Write and commit something small, to find out whether the database takes writes."""

    async def backup(self, target: Path) -> None:
        """Store a consistent copy in *target*, also while others write.

        Raises:
            StoreError: *target* exists.
            StoreFullError: *target* cannot be written; nothing is left of it.
        """

    def on_jobs(self, wake: Callable[[], None]) -> None:
        """Call *wake*, in the event loop, after each commit that queued jobs."""

    async def wipe(self) -> None:
        """Delete everything that is kept: for a store of samples that begins anew."""

    async def close(self) -> None:
        """Do what waits, then close the file. A second call does nothing."""
