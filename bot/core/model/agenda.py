"""What is due in which channels, and which of them are to be planned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.model.deliveries import DeliveryKind
from bot.core.model.people import Channel


@dataclass(frozen=True, slots=True)
class Due:
    """A channel's next digest or prompt, and when it is due."""

    channel: Channel
    kind: DeliveryKind
    at: datetime


@dataclass(frozen=True, slots=True)
class Unplanned:
    """A channel whose due times are to be reckoned anew.

    Attributes:
        changes: a count that differs as soon as its settings change again.
        dues: the due times that were reckoned before.
    """

    channel: Channel
    changes: int
    dues: Mapping[DeliveryKind, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What a look at the timetable finds.

    Attributes:
        due: what is due, longest overdue first.
        ahead: digests that are due soon and that nobody was shown yet, the first due first.
        unplanned: whether any channel's due times are to be reckoned anew.
    """

    due: Sequence[Due]
    ahead: Sequence[Due]
    unplanned: bool
