"""What is due in which channel, and when: looked after twice a minute.

Due times stand in the store. They are reckoned anew for a channel that appears, changes its hour,
is archived or comes back, and for all at the start and when the clock went back: so a look costs by
what is due, not by what is known.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.core.delivery.result import (
    RESULTS,
    InDoubt,
    NothingToPost,
    NotPossible,
    Posting,
    SentBefore,
)
from bot.core.errors import log_failure
from bot.core.model.channel_week import (
    LATEST,
    ChannelWeek,
    Due,
    Unplanned,
    Verdict,
    WeeklyDelivery,
)
from bot.core.model.deliveries import WEEKLY, DeliveryKind
from bot.core.model.people import Channel
from bot.core.model.weeks import OLDEST, next_due
from bot.core.ports import IdeaStore
from bot.core.week.weekly import Weekly

BEFORE: Final = timedelta(hours=1)
"""How long before a digest its coordinator sees it."""
AT_ONCE: Final = 16
"""Channels that are attended to side by side; in each, one thing after the other."""
TOGETHER: Final = 40
"""Channels that are planned in one go, before others have their turn."""
CATCH_UP: Final = timedelta(minutes=30)
"""How long a digest waits at most for what was posted while we were away."""
REST: Final = timedelta(hours=1)
"""How long a channel that refuses a post is left alone at first; each time twice as long."""
LONGEST_REST: Final = timedelta(days=1)
"""But no longer than this."""
PAUSE: Final = timedelta(seconds=30)
"""How long a delivery in doubt is left alone at first; each time twice as long."""
LONGEST_PAUSE: Final = timedelta(minutes=15)
"""But no longer than this."""

log = logging.getLogger(__name__)

_Key = tuple[str, str, DeliveryKind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """Posts what is due, once, and moves on to the next due time.

    Args:
        homes: the workspaces that are looked after, as far as they are known.
        now: the clock that weeks go by; in a rehearsal it may run ahead or behind.
        real_now: the clock that waiting goes by.
        watched: whether the bot is to speak in a channel of its own accord.
        caught_up: whether what was posted in a channel while we were away is read by now.
        before: told at each look of a digest that is due within the hour, until it returns that
            nothing more is to be done before.
        personal: queues what is due of members' own digests in a workspace.
        on_result: told of each digest or prompt that was due, and what came of it, as in `RESULTS`.
    """

    store: IdeaStore
    weekly: Weekly
    homes: Callable[[], frozenset[str]]
    now: Callable[[], datetime]
    real_now: Callable[[], datetime]
    watched: Callable[[Channel], bool]
    caught_up: Callable[[Channel], bool]
    before: Callable[[Channel, datetime], Awaitable[bool]]
    personal: Callable[[str], Awaitable[None]]
    on_result: Callable[[str, str], None]
    _resting: dict[_Key, datetime] = field(default_factory=dict)
    """Not before then, by the real clock. Forgotten at a restart: then it is tried once more."""
    _refused: dict[_Key, datetime] = field(default_factory=dict)
    """A channel that refuses is not tried before then, by the clock that weeks go by."""
    _times: Counter[_Key] = field(default_factory=Counter)
    """How often in a row something was not settled, or refused."""
    _ticks: list[datetime] = field(default_factory=list)
    """When the first tick was, and the latest."""
    _seen: set[str] = field(default_factory=set)
    """Workspaces that were looked after since the start."""
    _waiting: dict[_Key, datetime] = field(default_factory=dict)
    """Since when a digest waits for the catch-up, by the real clock."""

    async def tick(self) -> None:
        """Look after all channels. What fails in one is logged, and the others have their turn."""
        homes, now = self.homes(), self.now()
        if not homes:
            return
        back = not self._ticks or now < self._ticks[-1]
        self._ticks[1:] = [now]
        for home in homes if back else homes - self._seen:
            # The usual hours may be others since, or the clock went back.
            await self.store.unplan(home)
        self._seen.update(homes)
        await self.plan()
        for home in homes:
            with _logged("Members' digests", home):
                await self.personal(home)
        dues = [one for home in homes for one in await self.store.due(home, until=now + BEFORE)]
        # What is to be shown before it is due comes first: what is due may take its time.
        await _side_by_side(sorted(dues, key=lambda one: one.at <= now), self._attend)

    # -- when it is due --

    async def plan(self) -> None:
        """Put the due times of channels that have changed in step with their settings."""
        for home in self.homes():
            last = ""
            while some := await self.store.unplanned(home, after=last, limit=TOGETHER):
                planned = []
                for one in some:
                    with _logged("Planning", one.channel.id):
                        planned.append((one, self._planned(one)))
                await self.store.plan(planned)
                last = some[-1].channel.id

    def _planned(self, one: Unplanned) -> Mapping[DeliveryKind, datetime | None]:
        channel = one.channel
        if not channel.member or channel.archived or not self.watched(channel):
            return dict.fromkeys(WEEKLY)
        week = self.weekly.week_of(channel)
        return {kind: self._due(week, kind, one) for kind in WEEKLY}

    def _due(self, week: ChannelWeek, kind: DeliveryKind, one: Unplanned) -> datetime | None:
        if week.time_of(kind) is None:
            return None
        now, first_seen, planned = self.now(), one.channel.first_seen, one.dues.get(kind)
        if planned is None:
            # A new channel's first hour may have struck while we were restarting. One that is
            # back after a pause, or chose an hour only now, starts with the next.
            new = one.new and now - first_seen < LATEST[kind]
            return week.next_time(kind, first_seen if new else now)
        # What is to come is reckoned anew: the settings may have changed, or the clock gone back.
        return planned if planned <= now else week.next_time(kind, now)

    # -- what is due --

    async def _attend(self, what: Due) -> None:
        kind, due = what.kind, what.at
        key = (what.channel.workspace, what.channel.id, kind)
        now, real = self.now(), self.real_now()
        if due > now:
            to_show = kind is DeliveryKind.DIGEST and not what.shown
            if to_show and (one := await self._still(what)) and await self.before(one.channel, due):
                await self.store.set_shown(*key, due)
            return
        if real < self._resting.get(key, real) <= real + REST:
            return
        if now < self._refused.get(key, now) <= now + LONGEST_REST:
            return
        # Others had their turn first, which takes time: the settings may be others since.
        if (one := await self._still(what)) is None:
            return
        channel = one.channel
        delivery = self.weekly.week_of(channel).delivery(kind, now, due=due)
        came = await self._post(delivery, key, due)
        if came is None:
            return
        self.on_result(kind, RESULTS[type(came)])
        if self._rests(key, f"The {kind} of {delivery.subject} in {channel}", came):
            return
        for noted in (self._resting, self._refused, self._times, self._waiting):
            noted.pop(key, None)
        if (one := await self._still(what)) is None:
            return
        # After a long absence, the first that is not too late.
        week = self.weekly.week_of(one.channel)
        following = week.next_time(kind, max(due, now - LATEST[kind]))
        await self.store.plan([(one, {**self._planned(one), kind: following})])

    async def _still(self, what: Due) -> Unplanned | None:
        """The channel as it is now; None: it was planned anew since, or nothing is due there."""
        one = await self.store.planning(what.channel.workspace, what.channel.id)
        still = one and one.dues.get(what.kind) == what.at and self._planned(one)[what.kind]
        return one if still else None

    async def _post(self, delivery: WeeklyDelivery, key: _Key, due: datetime) -> Posting | None:
        """Post what is due, unless it is too late or skipped; None: not now."""
        week, kind = delivery.week, delivery.kind
        judged = week.verdict(kind, due, delivery.at)
        if judged is Verdict.WAIT:
            return None
        if judged is Verdict.TOO_LATE:
            return await self._overdue(delivery, due)
        if kind is DeliveryKind.DIGEST:
            who = await self.store.skipped_by(
                delivery.workspace, delivery.channel, delivery.subject
            )
            if who:
                log.info(
                    "The digest of %s in %s was skipped by %s", delivery.subject, week.channel, who
                )
                return await self._overdue(delivery, due)
            if not self.caught_up(week.channel):  # it may hold what was posted while we were away
                real = self.real_now()
                if real - self._waiting.setdefault(key, real) < CATCH_UP:
                    return None
        # The store may be an older copy, put in place before this start: what was posted since
        # stands in the channel alone.
        late = judged is Verdict.LATE or self._ticks[0] >= delivery.since
        return await self.weekly.deliver(delivery, late=late)

    async def _overdue(self, delivery: WeeklyDelivery, due: datetime) -> Posting:
        """Post nothing, find out whether the delivery was posted before, and log it if not."""
        week, kind, now = delivery.week, delivery.kind, delivery.at
        came = await self.weekly.settle(delivery)
        weekly = week.time_of(kind)
        if isinstance(came, InDoubt) and (weekly is None or next_due(due, week.zone, weekly) > now):
            return came
        if not isinstance(came, SentBefore):
            place = delivery.workspace, delivery.channel
            ideas = await self.store.fresh(*place, at=now, oldest=OLDEST)
            log.warning(
                "The %s of %s in %s is left out: it was due at %s. Carried over: %d",
                kind,
                delivery.subject,
                week.channel,
                f"{due.astimezone(week.zone):%Y-%m-%d %H:%M} ({week.zone.key})",
                len(ideas) if kind is DeliveryKind.DIGEST else 0,
            )
        return NothingToPost()

    def _rests(self, key: _Key, what: str, came: Posting) -> bool:
        """Whether the delivery stays due, to be tried again after a rest, longer each time."""
        if not isinstance(came, InDoubt | NotPossible):
            return False
        self._times[key] += 1
        before = min(self._times[key] - 1, 20)  # no more than can be reckoned with
        if isinstance(came, InDoubt):
            log.info("%s is not settled: %s", what, came.why)
            again = min(PAUSE * (2**before - 1), LONGEST_PAUSE)
            self._resting[key] = max(came.until, self.real_now() + again)
        else:
            log.warning("%s is refused: %s", what, came.why)
            self._refused[key] = self.now() + min(REST * 2**before, LONGEST_REST)
        return True


async def _side_by_side(dues: Sequence[Due], work: Callable[[Due], Awaitable[None]]) -> None:
    """Do the work of some channels at a time; in each channel, one thing after the other."""
    by_channel: dict[str, list[Due]] = defaultdict(list)
    for due in dues:
        by_channel[due.channel.id].append(due)
    waiting = iter(by_channel.items())

    async def attend() -> None:
        for channel, some in waiting:
            for due in some:
                with _logged("What is due", channel):
                    await work(due)

    async with asyncio.TaskGroup() as workers:
        for _ in range(min(AT_ONCE, len(by_channel))):
            workers.create_task(attend())


@contextmanager
def _logged(what: str, channel: str) -> Iterator[None]:
    """Log a failure in one place, so that the others have their turn."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  (the other channels have their turn)
        log_failure(log, f"{what} in {channel} failed and is tried again", error)
