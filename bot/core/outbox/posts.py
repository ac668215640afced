"""What the outbox delivers in a channel: an idea for a member, and the welcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.delivery.result import InDoubt, NotPossible, Posting
from bot.core.errors import ChatError, ChatInDoubtError, ChatUnavailableError
from bot.core.messages import notices
from bot.core.model.deliveries import Claim, Delivery, DeliveryKind, Plan
from bot.core.model.ideas import Idea
from bot.core.model.parts import Message


@dataclass(frozen=True, slots=True)
class IdeaPost:
    """An idea that the bot posts for a member, as it is delivered."""

    idea: Idea

    @property
    def delivery(self) -> Delivery:
        """Which delivery it is."""
        return Delivery(
            workspace=self.idea.workspace,
            channel=self.idea.channel,
            kind=DeliveryKind.IDEA,
            subject=str(self.idea.id),
            at=self.idea.posted_at,
        )

    async def plan(self) -> Plan:
        """Nothing is left to decide."""
        return Plan()

    async def render(self, _claim: Claim) -> Message:
        """The idea in words."""
        return self.words

    @property
    def words(self) -> Message:
        """The idea in words, with the names that were known when it was read."""
        return notices.shared(self.idea)


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the bot says when it joins a channel, as it is delivered."""

    workspace: str
    channel: str
    at: datetime

    @property
    def delivery(self) -> Delivery:
        """Which delivery it is."""
        return Delivery(
            workspace=self.workspace,
            channel=self.channel,
            kind=DeliveryKind.WELCOME,
            at=self.at,
        )

    async def plan(self) -> Plan:
        """Nothing is left to decide."""
        return Plan()

    async def render(self, _claim: Claim) -> Message:
        """The welcome in words."""
        return notices.welcome(self.channel)


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
