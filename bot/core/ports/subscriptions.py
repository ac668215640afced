"""Members' own digests: who wants one, when it is due, and what it may hold."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.core.model.digest import Asked
from bot.core.model.ideas import Idea
from bot.core.model.subscriptions import Subscription
from bot.core.model.work import NewJob


class Subscriptions(Protocol):
    """What members chose, and what came in since their last digest.

    A subscription is reckoned anew (its *due* is None) after its member came to another time zone,
    and after `Weekly.unplan`.
    """

    async def subscription(self, workspace: str, member_id: str) -> Subscription | None:
        """Return what a member chose; None: they want no digest of their own."""

    async def subscribe(self, wanted: Subscription) -> None:
        """Keep what a member chose, in place of what they chose before."""

    async def unsubscribe(self, workspace: str, member_id: str) -> bool:
        """Forget what a member chose; False: they had no subscription."""

    async def coming(
        self, workspace: str, *, until: datetime, limit: int
    ) -> Sequence[Subscription]:
        """Return those that are to be reckoned anew, then those due by *until*, the first first.

        Those that a job has in hand are not among them.
        """

    async def note_shown(self, workspace: str, *, at: datetime) -> None:
        """Note of ideas that came to be shown since this was called last: since *at* they are.

        An idea that comes from a post is shown at once; later are those that a coordinator
        restores or puts back into digests, that are in doubt no more, or are posted by the bot.
        """

    async def reckon(
        self,
        reckoned: Sequence[tuple[Subscription, datetime, NewJob | None]],
        *,
        now: datetime,
    ) -> None:
        """Store when each is due, and queue the job that has it in hand from now on, if any.

        What changed meanwhile stays as it is.
        """

    async def pass_week(self, wanted: Subscription, week: str, *, due: datetime) -> None:
        """Store that a week is over and done with, and when the next digest is due."""

    async def news(
        self,
        wanted: Subscription,
        channels: Sequence[str],
        *,
        at: datetime,
        oldest: datetime,
    ) -> Sequence[Idea]:
        """Return what is shown in these channels since after `wanted.since`, by *at*, oldest first.

        It is about one of the components that were chosen, was posted since *oldest*, and is not
        the member's own. What a coordinator left out of digests is not among it, nor what came in
        a digest of theirs before a coordinator put it aside.
        """

    async def unanswered(
        self,
        wanted: Subscription,
        channels: Sequence[str],
        *,
        oldest: datetime,
        limit: int,
    ) -> Sequence[Idea]:
        """Return others' questions without a reply that came by `wanted.since`, latest first."""

    async def asked_lately(
        self, workspace: str, channels: Sequence[str], *, since: datetime
    ) -> Sequence[Asked]:
        """Return the prompts that these channels were asked since then, latest first."""
