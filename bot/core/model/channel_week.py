"""A channel's week: its zone, when in it something is due, and what is due next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from typing import Final
from zoneinfo import ZoneInfo

from bot.core.model.deliveries import Delivery, DeliveryKind, Period
from bot.core.model.people import Channel
from bot.core.model.weeks import WeekTime, instant_of, next_due, parse_weekly, period_of

PUNCTUAL: Final = timedelta(minutes=5)
"""So long after its due time a post still counts as punctual, whatever the hour."""
LATEST: Final = {
    DeliveryKind.DIGEST: timedelta(hours=72),
    DeliveryKind.PERSONAL: timedelta(hours=72),
    DeliveryKind.PROMPT: timedelta(hours=12),
}
"""How long after its due time each may still be posted."""
OPENING: Final = time(8)
CLOSING: Final = time(20)


def opening_of(
    due: datetime, now: datetime, zone: ZoneInfo, *, punctual: timedelta = PUNCTUAL
) -> datetime:
    """Return from when on what was due at *due* may be posted: *now*, or when the day begins.

    On time it may at any hour, since somebody chose that hour. Late it may only by day, so that a
    host that wakes at three in the morning wakes nobody else.
    """
    local = now.astimezone(zone)
    if now - due <= punctual or OPENING <= local.time() < CLOSING:
        return now
    days = timedelta(days=local.time() >= CLOSING)
    return instant_of(local.date() + days, OPENING, zone)


class Verdict(Enum):
    """Whether something that has a due time may be posted now."""

    WAIT = auto()
    PUNCTUAL = auto()
    LATE = auto()  # it may, though its due time is more than a few minutes past
    TOO_LATE = auto()  # it is left out, and what it would have carried waits for the next


@dataclass(frozen=True, slots=True)
class ScheduleDefaults:
    """What holds in channels that have not chosen otherwise."""

    zone: ZoneInfo
    digest: WeekTime | None
    prompt: WeekTime | None


@dataclass(frozen=True, slots=True)
class ChannelWeek:
    """When things are due in a channel, by its own settings, else by *defaults*."""

    channel: Channel
    defaults: ScheduleDefaults

    @property
    def zone(self) -> ZoneInfo:
        """The zone of its weeks and hours."""
        return self.channel.zone_or(self.defaults.zone)

    def day_of(self, instant: datetime) -> date:
        """The day that its clocks show."""
        return instant.astimezone(self.zone).date()

    def period_of(self, instant: datetime) -> Period:
        """The week that *instant* falls in."""
        return period_of(instant, self.zone)

    def time_of(self, kind: DeliveryKind) -> WeekTime | None:
        """When in the week the channel wants this; None: never."""
        if kind is DeliveryKind.DIGEST:
            own, usual = self.channel.digest, self.defaults.digest
        else:
            own, usual = self.channel.prompt, self.defaults.prompt
        return usual if own is None else parse_weekly(own)

    def quiet(self, instant: datetime) -> bool:
        """Whether the schedule posts nothing then: a break or a pause."""
        day = self.day_of(instant)
        paused = self.channel.paused_until is not None and day < self.channel.paused_until
        return paused or any(day in span for span in self.channel.breaks)

    def verdict(self, kind: DeliveryKind, due: datetime, now: datetime) -> Verdict:
        """Whether what was due at *due* may be posted at *now*.

        Late it may only by day (see `opening_of`), and only up to a limit. It is left out where a
        break or pause began before it was due, or since.
        """
        if now < due:
            return Verdict.WAIT
        opening = opening_of(due, now, self.zone)
        if opening - due > LATEST[kind]:
            return Verdict.TOO_LATE
        if opening > now:
            return Verdict.WAIT
        if self.quiet(due) or self.quiet(now):
            return Verdict.TOO_LATE
        return Verdict.LATE if now - due > PUNCTUAL else Verdict.PUNCTUAL

    def times(self, kind: DeliveryKind, after: datetime) -> Iterator[datetime]:
        """Yield the due times after *after* outside breaks and pauses, the first one first."""
        weekly, due = self.time_of(kind), after
        while weekly is not None:
            due = next_due(due, self.zone, weekly)
            if not self.quiet(due):
                yield due

    def coming(self, kind: DeliveryKind, after: datetime, sent: str) -> Iterator[datetime]:
        """Yield the due times as `times` does, but of no week up to the one of the key *sent*.

        A week that had its post has no second one, whatever day was chosen since.
        """
        return (due for due in self.times(kind, after) if self.period_of(due).key > sent)

    def next_time(self, kind: DeliveryKind, after: datetime) -> datetime | None:
        """Return the first due time after *after* outside breaks and pauses; None: never."""
        return next(self.times(kind, after), None)

    def delivery(
        self, kind: DeliveryKind, at: datetime, *, due: datetime | None = None
    ) -> WeeklyDelivery:
        """Return the delivery posted at *at* for the week of *due*; None: of *at*."""
        period = self.period_of(due or at)
        return WeeklyDelivery(
            workspace=self.channel.workspace,
            channel=self.channel.id,
            kind=kind,
            subject=period.key,
            at=at,
            since=period.start,
            former=self.channel.former,
            week=self,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyDelivery(Delivery):
    """The digest or the prompt of one channel and week; *subject* is the week's key.

    *skipped*: a coordinator wants none that week.
    """

    week: ChannelWeek
    since: datetime
    skipped: bool = False

    @property
    def monday(self) -> date:
        """The Monday of its week."""
        return date.fromisoformat(f"{self.subject}-1")


@dataclass(frozen=True, slots=True)
class Due:
    """A channel's next digest or prompt, and when it is due.

    Attributes:
        shown: whether nothing more is to be done before it is due.
    """

    channel: Channel
    kind: DeliveryKind
    at: datetime
    shown: bool


@dataclass(frozen=True, slots=True)
class Unplanned:
    """A channel whose due times must be computed anew.

    Attributes:
        changes: a count that differs as soon as its settings change again.
        dues: the due times that were reckoned before.
        new: whether none were ever reckoned.
    """

    channel: Channel
    changes: int
    dues: Mapping[DeliveryKind, datetime]
    new: bool
