"""A channel's settings: who may look at them and change them, what comes next, who changed what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.core.errors import ChatError, CommandError, NotAllowedError
from bot.core.finding.permissions import Permissions
from bot.core.model.people import Asker, Channel
from bot.core.model.settings import Change, Chosen, Coming
from bot.core.model.vocabulary import command
from bot.core.model.weeks import period_of
from bot.core.model.work import DeliveryKind
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chat
from bot.core.week.settings_form import read_form
from bot.core.week.weekly import Weekly

COMING: Final = 4
"""How many posts are told ahead."""
LOG: Final = 20
"""How many changes are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """Lets coordinators, and nobody else, look at a channel's settings and change them.

    Args:
        speaks: whether the bot speaks in a channel of its own accord.
        plan: puts a channel's due times in step with its settings.
    """

    store: IdeaStore
    chat: Chat
    permissions: Permissions
    weekly: Weekly
    speaks: Callable[[Channel], Awaitable[bool]]
    plan: Callable[[Channel], Awaitable[None]]
    now: Callable[[], datetime]

    async def known(self, asker: Asker, channel: str) -> Channel:
        """A channel that the bot is in, and that the asker may look into.

        Raises:
            CommandError: there is none.
        """
        known = await self._looked_up(asker, channel) if channel else None
        inside = known is not None and known.id == channel and known.member
        if known is None or not inside or not await self.permissions.may_read(asker, known):
            raise CommandError(
                "Please ask me that in a channel that I am in: each channel has its own digest, "
                "questions and settings."
            )
        return known

    async def coordinated(self, asker: Asker, channel: str) -> Channel:
        """A channel that the asker coordinates.

        Raises:
            CommandError: as `known`.
            NotAllowedError: they do not.
        """
        known = await self.known(asker, channel)
        if not await self.permissions.is_coordinator(asker, known.id):
            raise NotAllowedError(
                "Only coordinators can change that: the person who invited me to this channel, and "
                f"the workspace’s admins. I changed nothing. `{command('help')}` shows what you "
                "can do."
            )
        return known

    async def chosen(self, asker: Asker, channel: str) -> Chosen:
        """A channel's settings; raises as `coordinated`."""
        return await self._chosen(await self.coordinated(asker, channel))

    async def save(
        self, asker: Asker, channel: str, given: Mapping[str, str]
    ) -> tuple[Chosen, Sequence[Change]]:
        """Keep what a form says; it holds at once. Returns the settings, and what that changed.

        Raises:
            FormError: something in it cannot be read; nothing was kept.
            CommandError, NotAllowedError: as `coordinated`.
        """
        known = await self.coordinated(asker, channel)
        today = self.now().astimezone(self.weekly.zone_of(known)).date()
        wanted = read_form(given, known, self.weekly.habits, today)
        changes = await self.store.set_settings(wanted, who=asker.member_id, now=self.now())
        await self.plan(wanted)
        return await self._chosen(wanted), changes

    async def coming(
        self, channel: Channel, *kinds: DeliveryKind, count: int = COMING
    ) -> tuple[Coming, ...]:
        """The next posts, of these kinds or of all, as they are due with what is chosen now."""
        if not await self.speaks(channel):
            return ()
        zone = self.weekly.zone_of(channel)
        sent = await self.store.last_sent(channel.workspace, channel.id)
        found: list[Coming] = []
        for kind in kinds or DeliveryKind:
            due = self.weekly.next_time(channel, kind, self.now())
            for _ in range(count):
                # A week that had its post has no second one, whatever day was chosen since.
                while due is not None and period_of(due, zone).key <= sent.get(kind, ""):
                    due = self.weekly.next_time(channel, kind, due)
                if due is None:
                    break
                found.append(Coming(due, kind))
                due = self.weekly.next_time(channel, kind, due)
        return tuple(sorted(found, key=lambda one: one.at)[:count])

    async def _looked_up(self, asker: Asker, channel: str) -> Channel | None:
        """A channel; one that nobody wrote in since the bot came is asked for."""
        known = await self.store.channel(asker.workspace, channel)
        if known is not None or asker.pressed or channel != asker.channel:
            return known
        try:
            info = await self.chat.channel(channel)
        except ChatError:
            return None
        return await self.store.remember_channel(asker.workspace, info, now=self.now())

    async def _chosen(self, channel: Channel) -> Chosen:
        changes = await self.store.changes(channel.workspace, channel.id, LOG)
        zone = self.weekly.zone_of(channel)
        return Chosen(
            channel=channel,
            zone=zone,
            today=self.now().astimezone(zone).date(),
            digest=self.weekly.time_of(channel, DeliveryKind.DIGEST),
            prompt=self.weekly.time_of(channel, DeliveryKind.PROMPT),
            coming=await self.coming(channel),
            changes=tuple(changes),
            names=await self.store.names(channel.workspace, [one.who for one in changes]),
        )
