"""Imported ideas without an author: who says that one is theirs, and who decides about that."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Final

from bot.core.errors import CommandError, NotAllowedError
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.permissions import Permissions
from bot.core.messages.common import author_name
from bot.core.model.ideas import Idea
from bot.core.model.people import Asker, Keep
from bot.core.model.vocabulary import command
from bot.core.ports import IdeaStore

MOST_WAITING: Final = 20
"""Claims of one member that may wait for a decision at once."""


class Claimed(Enum):
    """What came of a claim."""

    ASKED = auto()  # a coordinator is asked
    WAITING = auto()  # a coordinator was asked before
    DONE = auto()  # whoever claims coordinates the channel: their name stands there now


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Takes in claims, and decides them with a coordinator's yes or no. Checks rights."""

    store: IdeaStore
    finder: IdeaFinder
    permissions: Permissions
    now: Callable[[], datetime]

    async def claim(self, asker: Asker, number: int) -> tuple[Idea, Claimed]:
        """Say that an idea is the asker's own.

        Raises:
            NoSuchIdeaError: as `IdeaFinder.show`.
            CommandError: it has an author, the asker wants nothing kept, or too many wait.
        """
        idea = await self.finder.show(asker, number)
        if idea.author.id:
            whose = (
                "yours" if idea.author.id == asker.member_id else author_name(idea.author) + "’s"
            )
            raise CommandError(f"#{number} is {whose} already, so nothing was changed.")
        member = await self.store.member(asker.workspace, asker.member_id)
        if member is not None and member.profile.keep is Keep.NOTHING:
            raise CommandError(
                f"In `{command('me')}` you chose that I keep nothing of yours, so I do not put "
                f"your name to #{number}."
            )
        if await self.permissions.is_coordinator(asker, idea.channel):
            await self.store.set_author(idea.id, asker.member_id)
            return await self.finder.show(asker, number), Claimed.DONE
        if await self.store.claims_of(asker.workspace, asker.member_id) >= MOST_WAITING:
            raise CommandError(
                f"{MOST_WAITING} of your claims are waiting for a coordinator, so this one was "
                "not passed on. Please ask again when those are decided."
            )
        new = await self.store.add_claim(idea.id, asker.member_id, now=self.now())
        return idea, Claimed.ASKED if new else Claimed.WAITING

    async def decide(
        self, asker: Asker, number: int, member_id: str, *, accept: bool
    ) -> tuple[Idea, bool]:
        """Put a member's name to an idea, or do not; the idea, and False if that was decided.

        Raises:
            NoSuchIdeaError: as `IdeaFinder.show`.
            NotAllowedError: the asker does not coordinate the idea's channel.
        """
        idea = await self.finder.show(asker, number)
        if not await self.permissions.is_coordinator(asker, idea.channel):
            raise NotAllowedError(
                f"Only whoever coordinates the channel decides whose #{number} is. Nothing was "
                "changed."
            )
        now = await self.store.decide_claim(idea.id, member_id, accept=accept, now=self.now())
        return await self.finder.show(asker, number), now
