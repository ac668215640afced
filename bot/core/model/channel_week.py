"""A channel's week: its zone, when in it something is due, and what is due next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.core.model.deliveries import Delivery, DeliveryKind, Period
from bot.core.model.people import Channel
from bot.core.model.weeks import (
    Go,
    TooLate,
    Wait,
    WeekTime,
    next_due,
    parse_weekly,
    period_of,
    verdict,
)


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
        return self.defaults.zone if self.channel.zone is None else ZoneInfo(self.channel.zone)

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

    def verdict(self, kind: DeliveryKind, due: datetime, now: datetime) -> Go | Wait | TooLate:
        """Whether what was due at *due* may be posted at *now*.

        It is left out where a break or pause began before it was due, or since.
        """
        judged = verdict(due, now, self.zone, kind)
        quiet = self.quiet(due) or self.quiet(now)
        return TooLate() if quiet and isinstance(judged, Go) else judged

    def times(self, kind: DeliveryKind, after: datetime) -> Iterator[datetime]:
        """Yield the due times after *after* outside breaks and pauses, the first one first."""
        weekly, due = self.time_of(kind), after
        while weekly is not None:
            due = next_due(due, self.zone, weekly)
            if not self.quiet(due):
                yield due

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
    """The digest or the prompt of one channel and week; *subject* is the week's key."""

    week: ChannelWeek
    since: datetime

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
    """

    channel: Channel
    changes: int
    dues: Mapping[DeliveryKind, datetime]
