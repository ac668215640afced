"""Use case: in which channels somebody may have an idea posted. The rights are checked here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.errors import ChatError, ChatNotThereError, NotAllowedError
from bot.core.finding.permissions import Permissions
from bot.core.intake.keep import Watch
from bot.core.intake.people import noted
from bot.core.model.ideas import Sight
from bot.core.model.people import Asker, Channel
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chats


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingPermissions:
    """The watched channels that both the bot and the asker are in."""

    store: IdeaStore
    chats: Chats
    permissions: Permissions
    watch: Watch
    now: Callable[[], datetime]

    async def open_here(self, asker: Asker) -> bool:
        """Whether the channel the asker is in can take an idea."""
        if not asker.channel:
            return False
        if not await self.watch.allows(self.store, asker.workspace, asker.channel):
            return False
        known = await self.store.channel(asker.workspace, asker.channel)
        if known is None:
            try:
                info = await self.chats.of(asker.workspace).channel(asker.channel)
            except ChatError as error:
                # A platform hides channels from those outside; any other failure proves nothing.
                return not isinstance(error, ChatNotThereError)
            await noted(self.store.remember_channel(asker.workspace, info, now=self.now()))
            return info.member and not info.archived
        return known.member and not known.archived

    async def open_to(self, asker: Asker) -> Sequence[tuple[str, str]]:
        """(id, name) of the channels the asker may post an idea in, this one first."""
        seen = await self.permissions.visible_to(asker)
        found = [
            (channel.id, channel.name)
            for channel in await self.store.channels(asker.workspace)
            if self._may_post(channel, seen.sight)
        ]
        found.sort(key=lambda place: (place[0] != asker.channel, place[1]))
        if not found and await self.open_here(asker):
            found.append((asker.channel, ""))
        return found

    def _may_post(self, channel: Channel, sight: Sight) -> bool:
        return (
            channel.member
            and not channel.archived
            and sight.shows(channel.id, private=channel.private)
            and self.watch.includes(channel)
        )

    async def check(self, asker: Asker, channel: str) -> None:
        """Make sure that the asker may post an idea in a channel.

        Raises:
            NotAllowedError: the bot or the asker is not in it, or it is not watched.
        """
        known = await self.store.channel(asker.workspace, channel) if channel else None
        seen = await self.permissions.visible_to(asker)
        allowed = (
            self._may_post(known, seen.sight)
            if known is not None
            else channel == asker.channel and await self.open_here(asker)
        )
        if not allowed:
            raise NotAllowedError(
                "I cannot post there for you: I am not in that channel, or you are not. "
                "Nothing was kept; please choose another one."
            )
