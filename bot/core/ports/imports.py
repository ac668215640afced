"""Taking in what files hold."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.core.model.ideas import Outcome
from bot.core.model.imports import Arrival
from bot.core.model.posts import Post


class Imports(Protocol):
    """Keeps what was read from files. Nothing follows: no mark, no note, no look-up."""

    async def foresee(self, arrivals: Sequence[Arrival], *, now: datetime) -> Sequence[Outcome]:
        """Return what `bring` would do with each; store nothing. A new one has no number yet."""

    async def bring(
        self, arrivals: Sequence[Arrival], replies: Sequence[Post], *, now: datetime
    ) -> Sequence[Outcome]:
        """Keep arrivals, each with a draft, as `Source.IMPORT`, and count people's replies.

        One transaction. What was brought in before, stands in its channel, or is the idea of that
        number and time is known; what was withdrawn stays so. An author without an id is unclaimed.
        A member never seen gets a row with the names told. What is new counts as digested.

        Returns:
            An outcome for each arrival: `Captured`; `AlreadyKnown`; `Changed` by a newer edit;
            `Nothing("withdrawn" | "outdated")`; `NotAnIdea("opted out" | "marked only")`.
        """

    async def add_claim(self, idea_id: int, member_id: str, *, now: datetime) -> bool:
        """Keep that a member says an idea without an author is theirs; queue CLAIMED.

        False: that waits already, or the idea has an author or is withdrawn.
        """

    async def is_claimed(self, idea_id: int, member_id: str) -> bool:
        """Whether a member's claim waits for a decision."""

    async def claims_of(self, workspace: str, member_id: str) -> int:
        """Return how many claims of a member wait."""

    async def decide_claim(
        self, idea_id: int, member_id: str, *, accept: bool, now: datetime
    ) -> bool:
        """Accept or decline a claim; queue CLAIM_DECIDED. False: no such claim waits.

        An accepted one makes the member the author, as they are known now; other claims of that
        idea are gone then.
        """

    async def set_author(self, idea_id: int, member_id: str) -> bool:
        """Make a member the author of an idea that has none; False: it has one, or is withdrawn."""
