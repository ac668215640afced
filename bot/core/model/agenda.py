"""What is due in which channels, and which of them are to be planned."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.model.deliveries import DeliveryKind
from bot.core.model.people import Channel


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
    """A channel whose due times are to be reckoned anew.

    Attributes:
        changes: a count that differs as soon as its settings change again.
        dues: the due times that were reckoned before.
    """

    channel: Channel
    changes: int
    dues: Mapping[DeliveryKind, datetime]
