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
