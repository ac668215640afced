"""Read a channel's history again and bring what is kept into step with it.

Events get lost when a host is down or a socket is renewed; the history is the truth. It is read
through the same door as events, newest first, a page at a time, and goes on where it stopped.
"""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bot.core.errors import ChatUnavailableError, CommonplaceError, log_failure
from bot.core.intake.keep import Keeper
from bot.core.intake.people import is_bot
from bot.core.model.ideas import (
    AlreadyKnown,
    Captured,
    Changed,
    Idea,
    Outcome,
    Withdrawal,
    Withdrawn,
)
from bot.core.model.people import Channel
from bot.core.model.posts import Entry, Place, Post, Reading
from bot.core.model.vocabulary import CROSSES, MARKS
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chats

BACK: Final = timedelta(days=14)
"""How far back a channel is read of our own accord."""

OVERLAP: Final = timedelta(hours=1)
"""How much of what was read before is read again: events of that time may have been under way."""

APART: Final = timedelta(minutes=10)
"""How far apart the two readings must be in which a deleted post was missing."""

SKEW: Final = timedelta(minutes=1)
"""How far our clock may be ahead of the platform's when we first see a channel."""

MOST_MISSING: Final = 5
"""More posts missing at once than this are no deletions: the platform hides old ones."""

TRIES: Final = 3
"""How often what belongs to one message is asked for, before the reading goes on without it."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class CatchUpStats:
    """What a reading has found so far."""

    read: int = 0
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    failed: int = 0
    """Messages that could not be taken in; the next whole reading tries them again."""
    seen: set[str] = field(default_factory=set)
    """Keys of all messages read in this run."""
    threads: list[Place] = field(default_factory=list)
    """Threads that nobody has said anything new in: what stands there may yet have been marked or
    edited, but to read them all takes long. See `CatchUp.thread`."""
    first: datetime | None = None
    last: datetime | None = None
    share: float = 0.0
    """How much of the time that is to be read has been read, from 0 to 1."""
    hidden: bool = False
    """Whether the platform shows nothing from before *first*, though more was asked for."""

    def hide(self) -> None:
        """The platform hides what is older than what was read."""
        self.hidden = True

    def note(self, outcome: Outcome) -> None:
        """Count what came of one message."""
        self.new += isinstance(outcome, Captured)
        self.changed += isinstance(outcome, Changed)
        self.withdrawn += isinstance(outcome, Withdrawn)


async def _raise(error: ChatUnavailableError) -> None:
    raise error


@dataclass(frozen=True, slots=True)
class CatchUp:
    """Reads histories. An error leaves a reading where it is; begin again later."""

    store: IdeaStore
    chats: Chats
    keeper: Keeper
    now: Callable[[], datetime]

    async def read(
        self,
        channel: Channel,
        *,
        since: datetime | None = None,
        whole: bool = False,
        progress: Callable[[CatchUpStats], None] = lambda _: None,
        wait: Callable[[ChatUnavailableError], Awaitable[None]] = _raise,
    ) -> CatchUpStats:
        """Read a channel's history back to *since*, and do what it says.

        An unfinished reading is finished first, then what came after it is read.

        Args:
            since: somebody asks for everything from then on, also from before the bot joined;
                None: what the latest reading has not seen, at most two weeks.
            whole: read the two weeks again, whatever was read before.
            wait: awaited when the platform asks for patience; then the reading goes on.
        """
        now = self.now()
        tally = CatchUpStats()
        before = await self.store.reading(channel.workspace, channel.id)
        oldest = now - BACK
        if since is not None:
            oldest = since
        elif before is not None and not whole:
            oldest = max(oldest, before.until - OVERLAP)
        readings = [
            Reading(channel=channel.id, since=oldest, until=now, reached=now, asked=bool(since))
        ]
        if before is not None and not before.finished and since is None:
            readings.insert(0, before)
        for reading in readings:
            tally.seen.clear()
            tally.first = tally.last = None
            await self._stretch(channel, reading, tally, progress, wait)
        await self._look_for_missing(channel, tally, now)
        return tally

    async def thread(
        self, channel: Channel, place: Place, tally: CatchUpStats, *, asked: bool
    ) -> None:
        """Look again at a thread that a reading has put into `CatchUpStats.threads`.

        Args:
            asked: keep also what is older than the bot's joining.
        """
        work = self._replies(channel, place, tally, asked=asked, some=True)
        await self._try(channel, place, tally, work)

    async def _replies(
        self,
        channel: Channel,
        place: Place,
        tally: CatchUpStats,
        *,
        asked: bool,
        some: bool,
        told: Sequence[Entry] | None = None,
    ) -> None:
        """Bring what is kept of a thread into step.

        Args:
            some: there were replies a moment ago.
            told: all replies; None: they must be asked for.
        """
        known = frozenset(await self.store.replies_of(place))
        found = await self.chats.of(place.workspace).thread(place) if told is None else told
        replies = [reply for reply in found if not reply.gone]
        for reply in replies:
            if reply.post is None:
                continue
            if reply.place.ts not in known:
                author = reply.post.author_id
                await self.store.add_reply(place, reply.place, author, posted_at=reply.posted_at)
            idea = await self.store.idea_at(reply.place)
            if idea is not None or asked or reply.posted_at >= channel.first_seen - SKEW:
                reactions = await self._reactions(reply)
                tally.note(await self._post(reply.post, idea, reactions))
        if some and not replies:
            return
        for ts in known - {reply.place.ts for reply in replies}:
            tally.note(await self.keeper.delete(replace(place, ts=ts), reply=True))

    async def _stretch(
        self,
        channel: Channel,
        reading: Reading,
        tally: CatchUpStats,
        progress: Callable[[CatchUpStats], None],
        wait: Callable[[ChatUnavailableError], Awaitable[None]],
    ) -> None:
        tries: Counter[str] = Counter()
        await self.store.set_reading(channel.workspace, reading)
        while not reading.finished:
            try:
                # What came before the wait is in *seen*: a deletion shows only in a whole reading.
                pages = self.chats.of(channel.workspace).history(
                    channel.id, oldest=reading.since, latest=reading.reached, hidden=tally.hide
                )
                async for page in pages:
                    for entry in page:
                        if entry.place.ts in tally.seen:
                            continue
                        work = self._take(channel, entry, tally, asked=reading.asked)
                        try:
                            await self._try(channel, entry.place, tally, work)
                        except ChatUnavailableError as error:
                            tries[entry.place.ts] += 1
                            if error.retry_after or tries[entry.place.ts] < TRIES:
                                raise
                            tally.failed += 1
                            log.warning(
                                "message %s of channel %s was not taken in: %s",
                                entry.place.ts,
                                channel,
                                error.code or error,
                            )
                        tally.read += 1
                        tally.seen.add(entry.place.ts)
                        tally.last = tally.last or entry.posted_at
                        tally.first = entry.posted_at
                    if page:
                        reached = min(page[-1].posted_at, reading.reached)
                        reading = replace(reading, reached=reached)
                        await self.store.set_reading(channel.workspace, reading)
                        whole = max(reading.until - reading.since, timedelta(seconds=1))
                        tally.share = (reading.until - reached) / whole
                    progress(tally)
                reading = replace(reading, reached=reading.since, finished=True)
                tally.share = 1.0
                progress(tally)
            except ChatUnavailableError as error:
                await wait(error)
        await self.store.set_reading(channel.workspace, reading)

    async def _try(
        self, channel: Channel, place: Place, tally: CatchUpStats, work: Awaitable[None]
    ) -> None:
        """Do the *work* at a place; what cannot be taken in does not keep the others out."""
        try:
            await work
        except CommonplaceError:  # the platform or the store is away: for all messages alike
            raise
        except Exception as error:  # noqa: BLE001  (the others are taken in all the same)
            tally.failed += 1
            log_failure(log, f"message {place.ts} of channel {channel} was not taken in", error)

    async def _take(
        self, channel: Channel, entry: Entry, tally: CatchUpStats, *, asked: bool
    ) -> None:
        if entry.gone:
            tally.note(await self.keeper.delete(entry.place, reply=False))
        else:
            known = await self.store.idea_at(entry.place)
            if known is None and not asked and entry.posted_at < channel.first_seen - SKEW:
                if entry.thread is not None:
                    await self._told(channel, entry, tally, asked=asked)
                elif entry.replies:
                    tally.threads.append(entry.place)
                return
            reactions = await self._reactions(entry)
            if entry.post is not None:
                tally.note(await self._post(entry.post, known, reactions))
            elif known is not None and not known.gone:
                await self.store.set_reactions(entry.place, reactions, now=self.now())
        if entry.thread is not None:
            await self._told(channel, entry, tally, asked=asked)
            return
        thread = await self.store.replies_of(entry.place)
        if (len(thread), thread[-1] if thread else "") != (entry.replies, entry.latest_reply):
            if entry.replies or thread:
                some = entry.replies > 0
                await self._replies(channel, entry.place, tally, asked=asked, some=some)
        elif entry.replies:
            tally.threads.append(entry.place)

    async def _told(
        self, channel: Channel, entry: Entry, tally: CatchUpStats, *, asked: bool
    ) -> None:
        """Bring a thread into step whose replies came with its first message."""
        told, place = entry.thread, entry.place
        await self._replies(channel, place, tally, asked=asked, some=False, told=told)

    async def _post(
        self, post: Post, known: Idea | None, reactions: tuple[tuple[str, str], ...]
    ) -> Outcome:
        """Do what a person's post or reply and its reactions say, as their events would have."""
        keeper, place = self.keeper, post.place
        owner = await self.store.owner_of(post)
        crossed = any(name in CROSSES and who == owner for name, who in reactions)
        post = replace(post, reactions=reactions)
        marker = "" if crossed else await self._marker(place, reactions)
        if known is not None and known.gone:
            await self.store.set_reactions(place, reactions, now=self.now())
            if known.withdrawn is Withdrawal.CROSSED and not crossed and not post.by_app:
                return await keeper.reread(post, by=owner, crossed=True)
            if known.withdrawn is Withdrawal.UNMARKED and marker:
                return await self._marked(post, marker)
            return AlreadyKnown(known.id, known.number)
        if known is None and crossed:
            return AlreadyKnown(0, 0)
        outcome = await (keeper.capture(post) if known is None else keeper.edit(post))
        if not isinstance(outcome, Captured | Changed | AlreadyKnown) and marker:
            await self.store.set_reactions(place, reactions, now=self.now())
            outcome = await self._marked(post, marker)
        if known is not None:
            await self.store.set_reactions(place, reactions, now=self.now())
            if crossed:
                return await self.store.withdraw(place, Withdrawal.CROSSED, now=self.now())
            undone = await keeper.unmark(place)
            if isinstance(undone, Withdrawn):
                return undone
        return outcome

    async def _marked(self, post: Post, marker: str) -> Outcome:
        if post.by_app:  # whose it is has to be found out, and the marker told
            return await self.keeper.read_later(post.place, by=marker)
        return await self.keeper.reread(post, by=marker, crossed=False)

    async def _marker(self, place: Place, reactions: tuple[tuple[str, str], ...]) -> str:
        """Somebody who marked a message; a bot, such as we were once before, is nobody."""
        for name, who in reactions:
            if name in MARKS and not await is_bot(
                self.store, self.chats, place.workspace, who, now=self.now()
            ):
                return who
        return ""

    async def _reactions(self, entry: Entry) -> tuple[tuple[str, str], ...]:
        if entry.reactions_whole:
            return entry.reactions
        return tuple(await self.chats.of(entry.place.workspace).reactions(entry.place))

    async def _look_for_missing(
        self, channel: Channel, tally: CatchUpStats, begun: datetime
    ) -> None:
        """A post that is gone from the history was deleted, if everything speaks for it."""
        if tally.first is None or tally.last is None:
            return
        oldest = max(tally.first, begun - BACK)
        kept = await self.store.kept_between(channel.workspace, channel.id, oldest, tally.last)
        missing: list[Place] = []
        present: list[Place] = []
        for place in kept:
            (present if place.ts in tally.seen else missing).append(place)
        await self.store.found(present)
        if len(missing) > MOST_MISSING:
            log.warning(
                "%d posts are missing in channel %s: too many to be deletions, nothing is done",
                len(missing),
                channel,
            )
            return
        for place in missing:
            if begun - await self.store.missed(place, reading=begun) >= APART:
                tally.note(await self.keeper.delete(place, reply=False))
