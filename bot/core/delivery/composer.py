"""What a delivery says: decided once, and put into words as often as it takes."""

from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.core.model.deliveries import Delivery, Plan
from bot.core.model.parts import Message

D_contra = TypeVar("D_contra", bound=Delivery, contravariant=True)


class Composer(Protocol[D_contra]):
    """Decides once what a delivery says, and puts it into words as often as it takes."""

    async def plan(self, delivery: D_contra) -> Plan:
        """Decide what it says. The plan of its first attempt is the one that counts."""

    async def render(self, delivery: D_contra, plan: Plan, part: int) -> Message | None:
        """Put a message of *plan*, counted from 0, into words; None: nothing is left to say.

        Write nothing: this is done anew at each attempt.
        """


@dataclass(frozen=True, slots=True)
class Announcement:
    """One message, in which nothing is left to decide."""

    message: Message

    async def plan(self, _delivery: Delivery) -> Plan:
        """Plan nothing."""
        return Plan()

    async def render(self, _delivery: Delivery, _plan: Plan, _part: int) -> Message:
        """Return the message."""
        return self.message
