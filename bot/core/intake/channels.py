"""What befalls channels and members: they come, leave, and are called or seen otherwise."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.core.intake.keep import ChannelFilter
from bot.core.model.people import ChannelInfo, Person, Workspace
from bot.core.model.work import Effect, NewJob
from bot.core.ports import IdeaStore

log = logging.getLogger(__name__)

MOMENT: Final = timedelta(minutes=2)
"""How long after they joined a channel a member is welcomed, unless a crowd came with them."""
CROWD: Final = 5
"""So many who join a channel within a moment were brought there together: none is welcomed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelLife:
    """Brings what is known of channels and members into step with what happens to them.

    Events come in any order and more than once; so the platform is asked how things are now.

    Args:
        joined: told that the bot is in a channel in which it was not before.
    """

    store: IdeaStore
    watch: ChannelFilter
    now: Callable[[], datetime]
    joined: Callable[[], Awaitable[None]]

    async def member_joined(
        self,
        bot: Workspace,
        channel: str,
        member_id: str,
        *,
        inviter: str | None = "",
        private: bool | None = None,
    ) -> None:
        """Somebody joined a channel: the bot, whoever invited it, or anybody else.

        Args:
            bot: the workspace, and who the bot is there.
            inviter: who invited them; empty: nobody; None: it is not told.
            private: whether the channel is private; None: it is not told.
        """
        if member_id != bot.bot_user_id:
            await self.member_left(bot.id, channel, member_id, left=False)
            if await self.watch.allows(self.store, bot.id, channel):
                after = MOMENT.total_seconds()
                job = NewJob(effect=Effect.JOINED, channel=channel, key=member_id, after=after)
                await self.store.enqueue_unless_crowd(bot.id, job, crowd=CROWD, now=self.now())
            return
        await self.store.saw_channel(
            bot.id, channel, now=self.now(), private=private, invited_by=inviter
        )
        if not await self.watch.allows(self.store, bot.id, channel):
            return
        await self._look_up(bot.id, channel)
        await self._queue(bot.id, NewJob(effect=Effect.WELCOME, channel=channel))
        await self.joined()

    async def heard(self, workspace: str, channel: str) -> None:
        """Something came from a channel that the bot hears without being asked into it by name."""
        if await self.store.channel(workspace, channel) is None:
            info = ChannelInfo(id=channel, name="", private=True, quiet=True)
            await self.store.remember_channel(workspace, info, now=self.now())
            await self._look_up(workspace, channel)

    async def member_left(
        self, workspace: str, channel: str, member_id: str, *, left: bool = True
    ) -> None:
        """Somebody but the bot left a channel, or came back: perhaps whoever invited it."""
        known = await self.store.channel(workspace, channel)
        if known is None or known.invited_by != member_id or known.inviter_left == left:
            return
        await self.store.saw_channel(
            workspace, channel, now=self.now(), inviter_left=left, member=known.member
        )

    async def bot_left(self, workspace: str, channel: str, *, deleted: bool = False) -> None:
        """The bot is no longer in a channel. *deleted*: the channel is gone for good."""
        await self.store.saw_channel(
            workspace, channel, now=self.now(), member=False, deleted=deleted
        )

    async def changed(self, workspace: str, channel: str, *, private: bool = False) -> None:
        """A channel was renamed, archived, brought back or made private: look it up again.

        That a channel is public only the platform's own description may say; with *private* only
        its members see from now on what was kept there.
        """
        if await self.store.channel(workspace, channel) is not None:
            if private:
                await self.store.saw_channel(workspace, channel, now=self.now(), private=True)
            await self._look_up(workspace, channel)

    async def id_changed(self, workspace: str, old: str, new: str) -> None:
        """A channel has another id now, as sharing it with another workspace may bring."""
        if not await self.store.move_channel(workspace, old, new, now=self.now()):
            return
        log.info("channel %s has the id %s now; all that was kept of it follows", old, new)
        await self._look_up(workspace, new)
        await self.joined()

    async def member_changed(self, workspace: str, person: Person) -> None:
        """A member has another name or role. Events may overtake each other: so it is asked too."""
        known = await self.store.member(workspace, person.id)
        if known is None or known.is_still(person):
            return  # nobody we know, or a new status
        await self.store.remember_member(workspace, person, now=self.now())
        await self._queue(workspace, NewJob(effect=Effect.MEMBER, key=person.id))

    async def _look_up(self, workspace: str, channel: str) -> None:
        """Have the platform asked how a channel is now."""
        await self._queue(workspace, NewJob(effect=Effect.CHANNEL, key=channel))

    async def _queue(self, workspace: str, job: NewJob) -> None:
        await self.store.enqueue(workspace, job, now=self.now())
