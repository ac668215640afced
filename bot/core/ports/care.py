"""What coordinators look after."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.core.model.care import CareNote
from bot.core.model.ideas import Idea
from bot.core.model.posts import Post
from bot.core.model.rounds import Pick


class Care(Protocol):
    """Ideas that are hidden, merged, sorted, and given to their authors."""

    async def care_for(self, note: CareNote, *, target: str = "") -> CareNote | None:
        """Do what a note says with its idea, write it down, and queue CARED for whom it concerns.

        A hidden or merged idea is withdrawn, so that nothing shows it, and keeps its words; the
        number of a merged one leads to the other, which has its trials and counts what it gathered.
        Nobody is told of what is decided about a post in doubt.

        Args:
            target: for MOVED the id of the member whose idea it is; for SORTED a component's code
                or nothing, a blank, and the framework's version.

        Returns:
            The note as it is kept; None: the idea is not (any more) such that this can be done.
        """

    async def care_note(self, note_id: int) -> CareNote | None:
        """Return what was done, by its row id; None: that is not known."""

    async def last_care(self, idea_id: int) -> CareNote | None:
        """Return what was done with an idea last."""

    async def owner_of(self, post: Post) -> str:
        """Return the id of the member whose idea stands where a post does, withdrawn or not.

        That is whom a coordinator gave it to, else who wrote the post; empty: they were erased.
        """
        ...

    async def aside(self, workspace: str, number: int) -> Idea | None:
        """Return the idea of this number if it is hidden or merged."""

    async def aside_of(self, workspace: str, member_id: str) -> Sequence[Idea]:
        """Return a member's ideas that are hidden or merged, the newest first."""
        ...

    async def parts_of(self, idea_id: int) -> Sequence[Idea]:
        """Return the ideas that were merged into one, by number."""
        ...

    async def doubtful(self, workspace: str, channel: str, *, since: datetime) -> Sequence[Idea]:
        """Return a channel's posts in doubt that nobody judged yet, the oldest first."""
        ...

    async def pick(self, workspace: str, channel: str) -> Pick | None:
        """Return what a coordinator picked for the next digest of a channel."""

    async def set_pick(
        self, workspace: str, channel: str, idea_id: int | None, member_id: str, *, now: datetime
    ) -> None:
        """Let the next digest of a channel show an idea first, or none. The log says so."""
