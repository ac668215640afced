"""Members as the platform describes them: asked about, and remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.model import Person
    from bot.core.ports import Chat, IdeaStore


NOT_THERE = frozenset({"channel_not_found"})
"""What the platform says of a channel that is gone, or private and left."""


async def meet(
    store: IdeaStore, chat: Chat, workspace: str, member_id: str, *, now: datetime
) -> Person:
    """Ask the platform about a member, and keep what it says.

    Raises:
        ChatError: it does not tell.
    """
    person = await chat.person(member_id)
    await store.remember_member(workspace, person, now=now)
    return person
