"""What members save for later, and what stands on an idea's card."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.core.model.ideas import Resource


class Saved(Protocol):
    """Lists that members alone see; `Filters.saved_by` finds what is on one."""

    async def save_idea(
        self, workspace: str, member_id: str, idea_id: int, *, now: datetime
    ) -> bool | None:
        """Put an idea on a member's list; False: it was there; None: it is withdrawn."""
        ...

    async def unsave_idea(self, workspace: str, member_id: str, idea_id: int) -> bool:
        """Take an idea off a member's list; False: it was not there."""
        ...

    async def saved_among(
        self, workspace: str, member_id: str, ideas: Sequence[int]
    ) -> frozenset[int]:
        """Return which of these ideas, by row id, are on a member's list."""
        ...

    async def resources_of(self, ideas: Sequence[int]) -> Mapping[int, Sequence[Resource]]:
        """Return the links and files of ideas, by row id, in the order of their posts."""
        ...
