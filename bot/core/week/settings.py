"""A channel's settings: who may look at them and change them, what comes next, who changed what."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Final

from bot.core.errors import ChatError, CommandError, NotAllowedError
from bot.core.finding.permissions import Permissions
from bot.core.model.channel_week import ChannelWeek, ScheduleDefaults, WeeklyDelivery
from bot.core.model.deliveries import WEEKLY, DeliveryKind
from bot.core.model.people import Asker, Channel
from bot.core.model.settings import Change, SettingsView
from bot.core.model.vocabulary import COORDINATORS, command
from bot.core.model.work import Effect, NewJob
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chats, pages_of
from bot.core.week.settings_form import read_form

COMING: Final = 4
"""How many coming posts the settings show."""
LOG: Final = 20
"""How many changes the log shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """Lets coordinators, and nobody else, look at a channel's settings and change them.

    Args:
        speaks: whether the bot speaks in a channel of its own accord.
        defaults: what holds in channels that have not chosen otherwise.
        plan: puts due times in step with settings that have changed.
    """

    store: IdeaStore
    chats: Chats
    permissions: Permissions
    defaults: ScheduleDefaults
    speaks: Callable[[Channel], bool]
    plan: Callable[[], Awaitable[None]]
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
                f"Only coordinators can change that: {COORDINATORS}. I changed nothing. "
                f"`{command('help')}` shows what you can do."
            )
        return known

    async def chosen(self, asker: Asker, channel: str) -> SettingsView:
        """A channel's settings; raises as `coordinated`."""
        return await self._chosen(await self.coordinated(asker, channel))

    async def save(
        self, asker: Asker, channel: str, given: Mapping[str, str]
    ) -> tuple[SettingsView, Sequence[Change]]:
        """Keep what a form says; it holds at once. Returns the settings, and what that changed.

        Raises:
            FormError: something in it cannot be read; nothing was kept.
            CommandError, NotAllowedError: as `coordinated`.
        """
        known = await self.coordinated(asker, channel)
        today = ChannelWeek(known, self.defaults).day_of(self.now())
        wanted = read_form(given, known, self.defaults, today)
        changes = await self.store.set_settings(
            wanted, was=known, who=asker.member_id, now=self.now()
        )
        if any(one.what == "book" for one in changes):
            book = await self.store.book(known.workspace, known.id)
            page = "" if wanted.book else book.page  # switched on, it is looked for anew
            book = replace(book, told="", page=page)
            await self.store.set_book(known.workspace, known.id, book)
            job = NewJob(effect=Effect.BOOK, channel=known.id)
            await self.store.enqueue(known.workspace, job, now=self.now())
        await self.plan()
        return await self._chosen(wanted), changes

    async def coming(
        self, channel: Channel, *kinds: DeliveryKind, count: int = COMING
    ) -> tuple[WeeklyDelivery, ...]:
        """Return the next posts, of these kinds or of all, by the settings that hold now."""
        if not self.speaks(channel):
            return ()
        week = ChannelWeek(channel, self.defaults)
        sent = await self.store.last_sent(channel.workspace, channel.id)
        found: list[WeeklyDelivery] = []
        for kind in kinds or WEEKLY:
            dues = week.coming(kind, self.now(), sent.get(kind, ""))
            found += [await self._skipped(week.delivery(kind, due)) for due in islice(dues, count)]
        return tuple(sorted(found, key=lambda one: one.at)[:count])

    async def _skipped(self, one: WeeklyDelivery) -> WeeklyDelivery:
        if one.kind is not DeliveryKind.DIGEST:
            return one
        who = await self.store.skipped_by(one.workspace, one.channel, one.subject)
        return replace(one, skipped=bool(who))

    async def _looked_up(self, asker: Asker, channel: str) -> Channel | None:
        """Return a channel; ask the chat for one in which nobody wrote since the bot joined."""
        known = await self.store.channel(asker.workspace, channel)
        if known is not None or asker.pressed or channel != asker.channel:
            return known
        try:
            info = await self.chats.of(asker.workspace).channel(channel)
        except ChatError:
            return None
        return await self.store.remember_channel(asker.workspace, info, now=self.now())

    def _has_page(self, workspace: str) -> bool:
        try:
            return pages_of(self.chats.of(workspace)) is not None
        except ChatError:
            return False

    async def _chosen(self, channel: Channel) -> SettingsView:
        changes = await self.store.changes(channel.workspace, channel.id, LOG)
        week = ChannelWeek(channel, self.defaults)
        return SettingsView(
            week=week,
            today=week.day_of(self.now()),
            coming=await self.coming(channel),
            changes=tuple(changes),
            has_page=self._has_page(channel.workspace),
            names=await self.store.names(channel.workspace, [one.who for one in changes]),
        )
