"""What is due in which channel, and when: looked after twice a minute.

Due times stand in the store. They are put in step with the channels and their settings here, so a
channel that appears, changes its hour, is archived or comes back needs no call of its own.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.core.delivery.once import (
    RESULTS,
    InDoubt,
    NothingToPost,
    NotPossible,
    Posting,
    SentBefore,
)
from bot.core.errors import new_reference
from bot.core.model.people import Channel
from bot.core.model.weeks import LATEST, OLDEST, Go, TooLate, Wait, next_due, period_of, verdict
from bot.core.model.work import DeliveryKind, Period
from bot.core.week.weekly import Weekly

CATCH_UP: Final = timedelta(minutes=30)
"""How long a digest waits at most for what was posted while we were away."""
REST: Final = timedelta(hours=1)
"""How long a channel that refuses is left alone, each time twice as long as before."""
LONGEST_REST: Final = timedelta(days=1)
"""But no longer than this."""
PAUSE: Final = timedelta(seconds=30)
"""How long what is still not settled is left alone, each time twice as long as before."""
LONGEST_PAUSE: Final = timedelta(minutes=15)
"""But no longer than this."""

log = logging.getLogger(__name__)

_Key = tuple[str, DeliveryKind]


def _now_already(_channel: Channel) -> bool:
    return True


async def _everywhere(_channel: Channel) -> bool:
    return True


async def _nothing_before(_channel: Channel, _due: datetime) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """Posts what is due, once, and moves on to the next due time.

    Args:
        weekly: what posts, and whose store and clocks are used.
        home: the workspace that is looked after; empty: it is not known yet.
        watched: whether the bot is to speak in a channel of its own accord.
        caught_up: whether what was posted in a channel while we were away is read by now.
        before: told of each channel's next digest, at each tick.
        on_result: told of each digest or prompt that was due, and what came of it, as in `RESULTS`.
    """

    weekly: Weekly
    home: Callable[[], str]
    watched: Callable[[Channel], Awaitable[bool]] = _everywhere
    caught_up: Callable[[Channel], bool] = _now_already
    on_result: Callable[[str, str], None] = lambda _kind, _result: None
    before: Callable[[Channel, datetime], Awaitable[None]] = _nothing_before
    _resting: dict[_Key, datetime] = field(default_factory=dict)
    """Not before then, by the real clock. Forgotten at a restart: then it is tried once more."""
    _refused: dict[_Key, datetime] = field(default_factory=dict)
    """A channel that refuses is not tried before then, by the clock that weeks go by."""
    _times: Counter[_Key] = field(default_factory=Counter)
    """How often in a row something was not settled, or refused."""
    _began: list[datetime] = field(default_factory=list)
    """When the first tick was."""
    _waiting: dict[_Key, datetime] = field(default_factory=dict)
    """Since when a digest waits for the catch-up, by the real clock."""

    async def tick(self) -> None:
        """Look after all channels. What fails in one is logged, and the others have their turn."""
        store = self.weekly.store
        if not self._began:
            self._began.append(self.weekly.now())
        home = self.home()
        channels = {channel.id: channel for channel in await store.channels(home)}
        dues = await store.dues(home)
        for channel in channels.values():
            with _logged("Planning", channel.id):
                await self._plan(channel, dues)
        for (ident, kind), due in (await store.dues(home)).items():
            if kind is DeliveryKind.DIGEST and ident in channels:
                with _logged("The look ahead", ident):
                    await self.before(channels[ident], due)
        for workspace, ident, kind, due in await store.due(self.weekly.now()):
            if workspace == home and ident in channels:
                with _logged(f"The {kind}", ident):
                    await self._attend(channels[ident], kind, due)

    # -- when it is due --

    async def plan(self, channel: Channel) -> None:
        """Put a channel's due times in step with its settings now, not at the next tick."""
        await self._plan(channel, await self.weekly.store.dues(channel.workspace))

    async def _plan(self, channel: Channel, dues: Mapping[_Key, datetime]) -> None:
        speaks = channel.member and not channel.archived and await self.watched(channel)
        for kind in DeliveryKind:
            planned = dues.get((channel.id, kind))
            due = self._due(channel, kind, planned) if speaks else None
            if due != planned:
                await self.weekly.store.set_due(channel.workspace, channel.id, kind, due)

    def _due(
        self, channel: Channel, kind: DeliveryKind, planned: datetime | None
    ) -> datetime | None:
        if self.weekly.time_of(channel, kind) is None:
            return None
        now = self.weekly.now()
        if planned is None:
            # A new channel's first hour may have struck while we were restarting. One that is
            # back after a pause starts with the next.
            new = now - channel.first_seen < LATEST[kind]
            return self.weekly.next_time(channel, kind, channel.first_seen if new else now)
        # What is to come is reckoned anew: the settings may have changed, or the clock gone back.
        return planned if planned <= now else self.weekly.next_time(channel, kind, now)

    # -- what is due --

    async def _attend(self, channel: Channel, kind: DeliveryKind, due: datetime) -> None:
        key = (channel.id, kind)
        zone, now = self.weekly.zone_of(channel), self.weekly.now()
        real = self.weekly.real_now()
        if real < self._resting.get(key, real) <= real + REST:
            return
        if now < self._refused.get(key, now) <= now + LONGEST_REST:
            return
        period = period_of(due, zone)
        judged = verdict(due, now, zone, kind)
        if isinstance(judged, Wait):
            return
        # The store may be an older copy, put in place before this start: what was posted since
        # stands in the channel alone.
        late = isinstance(judged, Go) and (judged.late or self._began[0] >= period.start)
        skipped = await self._skipped(channel, kind, period.key)
        if isinstance(judged, TooLate) or self._quiet(channel, due) or skipped:
            came = await self._overdue(channel, kind, due, period)
        elif kind is DeliveryKind.PROMPT:
            came = await self.weekly.post_prompt(channel, now, period=period, late=late)
        elif self._waits(channel, key):
            return
        else:
            came = await self.weekly.post_digest(channel, now, period=period, late=late)
        self.on_result(kind, RESULTS[type(came)])
        if self._rests(key, channel, period.key, came):
            return
        for noted in (self._resting, self._refused, self._times, self._waiting):
            noted.pop(key, None)
        await self._move_on(channel, kind, due)

    async def _skipped(self, channel: Channel, kind: DeliveryKind, period: str) -> bool:
        """Whether somebody who coordinates the channel skipped it."""
        if kind is not DeliveryKind.DIGEST:
            return False
        who = await self.weekly.store.skipped_by(channel.workspace, channel.id, period)
        if who:
            log.info("The digest of %s in %s was skipped by %s", period, channel, who)
        return bool(who)

    def _quiet(self, channel: Channel, due: datetime) -> bool:
        """Whether a break or a pause keeps it away: one that began before it, or since."""
        return self.weekly.quiet(channel, due) or self.weekly.quiet(channel, self.weekly.now())

    def _waits(self, channel: Channel, key: _Key) -> bool:
        """Whether the digest waits for what was posted while we were away."""
        if self.caught_up(channel):
            return False
        now = self.weekly.real_now()
        return now - self._waiting.setdefault(key, now) < CATCH_UP

    async def _overdue(
        self, channel: Channel, kind: DeliveryKind, due: datetime, period: Period
    ) -> Posting:
        """It is too late for it: find out whether it went out, and say so when it did not."""
        zone, now = self.weekly.zone_of(channel), self.weekly.now()
        came = await self.weekly.settle(channel, kind, now, period)
        weekly = self.weekly.time_of(channel, kind)
        if isinstance(came, InDoubt) and (weekly is None or next_due(due, zone, weekly) > now):
            return came
        if not isinstance(came, SentBefore):
            ideas = await self.weekly.store.fresh(
                channel.workspace, channel.id, at=now, oldest=OLDEST
            )
            log.warning(
                "The %s of %s in %s is left out: it was due at %s. Carried over: %d",
                kind,
                period.key,
                channel,
                f"{due.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})",
                len(ideas) if kind is DeliveryKind.DIGEST else 0,
            )
        return NothingToPost()

    def _rests(self, key: _Key, channel: Channel, period: str, came: Posting) -> bool:
        """Whether it stays due, to be tried again after a rest."""
        kind = key[1]
        match came:
            case InDoubt(until=until, why=why):
                log.info("The %s of %s in %s is not settled: %s", kind, period, channel, why)
                again = PAUSE * (2 ** self._once_more(key) - 1)
                self._resting[key] = max(until, self.weekly.real_now() + min(again, LONGEST_PAUSE))
                return True
            case NotPossible(why=why):
                log.warning("The %s of %s in %s is refused: %s", kind, period, channel, why)
                rest = min(REST * 2 ** self._once_more(key), LONGEST_REST)
                self._refused[key] = self.weekly.now() + rest
                return True
            case _:
                return False

    def _once_more(self, key: _Key) -> int:
        """How often it did not come about before, in a row; no more than can be reckoned with."""
        self._times[key] += 1
        return min(self._times[key] - 1, 20)

    async def _move_on(self, channel: Channel, kind: DeliveryKind, due: datetime) -> None:
        """Set the next due time; after a long absence, the first that is not too late."""
        after = max(due, self.weekly.now() - LATEST[kind])
        following = self.weekly.next_time(channel, kind, after)
        await self.weekly.store.set_due(channel.workspace, channel.id, kind, following)


@contextmanager
def _logged(what: str, channel: str) -> Iterator[None]:
    """What fails in one channel costs no other its turn."""
    try:
        yield
    except Exception:
        reference = new_reference()
        log.exception("%s in %s failed and is tried again. Reference %s", what, channel, reference)
