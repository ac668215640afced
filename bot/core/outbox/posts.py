"""What the outbox delivers in a channel: an idea for a member, and the welcome."""

from dataclasses import dataclass

from bot.core.delivery.result import InDoubt, NotPossible, Posting
from bot.core.errors import ChatError, ChatInDoubtError, ChatUnavailableError
from bot.core.model.deliveries import Delivery, Plan
from bot.core.model.parts import Message


@dataclass(frozen=True, slots=True)
class Announcement:
    """A delivery of one message, in which nothing is left to decide."""

    delivery: Delivery
    message: Message

    async def plan(self) -> Plan:
        """Plan nothing."""
        return Plan()

    async def render(self, _plan: Plan, _part: int) -> Message:
        """Return the message."""
        return self.message


def settled(came: Posting) -> None:
    """Go on when a delivery is settled.

    Raises:
        ChatUnavailableError: it was certainly not posted now.
        ChatInDoubtError: it is not known whether it was.
        ChatError: it never will be.
    """
    match came:
        case InDoubt(why=why, wait=None):
            raise ChatInDoubtError(why)
        case InDoubt(why=why, wait=wait):
            raise ChatUnavailableError(why, retry_after=wait)
        case NotPossible(why, code):
            raise ChatError(why, code=code)
        case _:
            return
