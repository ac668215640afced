"""A member's own weekly digest: what they chose, and when it is due by their own clocks."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.core.model.channel_week import LATEST
from bot.core.model.deliveries import Delivery, DeliveryKind, Period
from bot.core.model.weeks import WeekTime, next_due, parse_weekly, period_of, zone_named

USUAL: Final = WeekTime(4, time(15))
"""When it comes to whoever chose nothing else."""
PACE: Final = timedelta(seconds=1.25)
"""From one member's digest to the next: no platform asks for more patience."""
PACED: Final = timedelta(hours=1)
"""So long after its hour, for want of pace, it still counts as punctual."""
_WEEK: Final = timedelta(weeks=1)
_BEFORE: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A member's wish for a digest of their own.

    Attributes:
        hour: such as `fri 15:00`, by their own clocks.
        zone: theirs, as the platform says; empty: it does not.
        channels: ids of those it is about; none: all that they may see.
        components: codes of those it is about; none: all.
        since: what came in until then they have had.
        last: the latest week that is over and done with.
        due: when the next one is due; None: that is to be reckoned anew.
    """

    workspace: str
    member_id: str
    hour: str = str(USUAL)
    zone: str = ""
    channels: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    since: datetime
    last: str = ""
    due: datetime | None = None

    @classmethod
    def begun(
        cls, workspace: str, member_id: str, *, now: datetime, zone: str, usual: ZoneInfo
    ) -> "Subscription":
        """Return the usual one, of which the first digest holds the week before it."""
        made = cls(workspace=workspace, member_id=member_id, zone=zone, since=now).at(
            USUAL, now=now, usual=usual
        )
        return replace(made, since=(made.due or now) - _WEEK)

    @property
    def weekly(self) -> WeekTime:
        """Its hour."""
        return parse_weekly(self.hour) or USUAL

    def zone_or(self, usual: ZoneInfo) -> ZoneInfo:
        """Return the member's zone; else the usual one."""
        return zone_named(self.zone) or usual

    def at(self, hour: WeekTime, *, now: datetime, usual: ZoneInfo) -> "Subscription":
        """Return it with an hour chosen now: the next of those is the first.

        A week that had its digest has no second one, whatever is chosen.
        """
        chosen, zone = replace(self, hour=str(hour)), self.zone_or(usual)
        due = next_due(now, zone, hour)
        while period_of(due, zone).key <= self.last:
            due = next_due(due, zone, hour)
        before = period_of(period_of(due, zone).start - _BEFORE, zone)
        return replace(chosen, due=due, last=max(self.last, before.key))

    def next_due(self, now: datetime, usual: ZoneInfo) -> datetime:
        """Return when the first is due of a week that is not done with, and not too long ago.

        That may be past: in a new zone the hour may have struck before they came there.
        """
        zone = self.zone_or(usual)
        last = min(self.last, period_of(now, zone).key)  # the clock may have gone back
        due = next_due(now - LATEST[DeliveryKind.PERSONAL], zone, self.weekly)
        while period_of(due, zone).key <= last:
            due = next_due(due, zone, self.weekly)
        return due


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDelivery(Delivery):
    """A member's digest of one week; *subject* holds the week's key and the member."""

    subscription: Subscription
    zone: ZoneInfo

    @classmethod
    def of(
        cls, subscription: Subscription, period: Period, *, at: datetime, zone: ZoneInfo
    ) -> "PersonalDelivery":
        """Return the one of that week, which holds what came in by *at*."""
        return cls(
            workspace=subscription.workspace,
            channel="",
            kind=DeliveryKind.PERSONAL,
            subject=f"{period.key} {subscription.member_id}",
            member=subscription.member_id,
            at=at,
            since=period.start,
            subscription=subscription,
            zone=zone,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionView:
    """A subscription as its member looks at it, and what there is to choose from.

    Attributes:
        is_kept: whether they have it; else it is what they would have.
        zone: the one of its hour.
        channels: (id, name) of each that they may see.
        only: id of the one channel that a guest may have it of; empty: they are none.
        parts: (code, name) of each component.
    """

    wanted: Subscription
    is_kept: bool
    zone: ZoneInfo
    channels: tuple[tuple[str, str], ...]
    only: str = ""
    parts: tuple[tuple[str, str], ...]
