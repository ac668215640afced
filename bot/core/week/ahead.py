"""The look ahead: a coordinator sees a digest an hour before it goes, and may still change it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.core.delivery.once import refusal_key
from bot.core.errors import ChatInDoubtError, ChatUnavailableError, NotAllowedError
from bot.core.finding.permissions import Permissions, asked_by
from bot.core.messages import ahead as messages
from bot.core.model.ideas import Sight
from bot.core.model.parts import Message
from bot.core.model.people import Asker, Channel, Previews
from bot.core.model.weeks import monday_of, period_of
from bot.core.model.work import DeliveryKind, Job, NewJob
from bot.core.week.editor import Edition
from bot.core.week.weekly import Weekly

BEFORE: Final = timedelta(hours=1)
"""How long before a digest its coordinator sees it."""
FIRST: Final = 2
"""How many digests of a channel are shown ahead when nobody chose otherwise."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ahead:
    """Shows digests before they go, and takes in what is changed. Rights are checked here."""

    permissions: Permissions
    weekly: Weekly
    now: Callable[[], datetime]

    # -- showing --

    async def before(self, channel: Channel, due: datetime) -> None:
        """When a digest is due within the hour, let its coordinators be shown it, once."""
        store = self.weekly.store
        if not due - BEFORE <= self.now() < due or not await self._wanted(channel):
            return
        if await store.told_at(channel.workspace, refusal_key(channel.id)) is not None:
            return  # it may not go at all
        period = period_of(due, self.weekly.zone_of(channel)).key
        members = self._members(channel)
        # While nothing is there to be shown, it is not yet done: something may come in.
        if members and await self.weekly.preview_digest(channel, due):
            await store.look_ahead(channel.workspace, channel.id, period, members, now=self.now())

    def _members(self, channel: Channel) -> Sequence[str]:
        return (channel.invited_by,) if channel.invited_by else sorted(self.permissions.admins)

    async def _wanted(self, channel: Channel) -> bool:
        if channel.previews is not Previews.FIRST:
            return channel.previews is Previews.ALWAYS
        sent = await self.weekly.store.digests_sent(channel.workspace, channel.id)
        return sent < FIRST

    async def tell(self, job: Job) -> None:
        """Show a digest to one coordinator, if they still are one; the outbox's job.

        Those of other channels that they are to see within this hour stand in the same message,
        and their own jobs find that they were told.
        """
        ident, period, member = job.key.split(" ")
        channel = await self.weekly.store.channel(job.workspace, ident)
        due = None if channel is None else await self._due(channel, period)
        if channel is None or due is None:
            return
        if not await self.permissions.is_coordinator(asked_by(channel, member), ident):
            if member == channel.invited_by:
                for other in sorted(self.permissions.admins - {member}):
                    job_ = NewJob(effect=job.effect, key=f"{ident} {period} {other}")
                    await self.weekly.store.enqueue(job.workspace, job_, now=self.now())
            return
        message = await self._drawn(channel, period, due)
        mine = await self._look(channel, due)
        others = [] if mine is None else await self._others(channel, member)
        if not await self._begin(job.workspace, key := f"ahead:{job.key}"):
            return
        begun = {
            told: one
            for one in others
            if await self._begin(
                job.workspace, told := f"ahead:{one.channel.id} {one.period} {member}"
            )
        }
        if mine is not None and begun:
            message = messages.several([mine, *begun.values()])
        await _tell(self.weekly, job.workspace, member, message, (key, *begun))

    async def _begin(self, workspace: str, key: str) -> bool:
        return await self.weekly.store.begin_telling(workspace, key, now=self.now())

    async def _others(self, channel: Channel, member: str) -> list[messages.Look]:
        """What the member is to see of other channels now."""
        store, now = self.weekly.store, self.now()
        soon = [
            (await store.channel(channel.workspace, ident), due)
            for (ident, kind), due in (await store.dues(channel.workspace)).items()
            if kind is DeliveryKind.DIGEST and due - BEFORE <= now < due and ident != channel.id
        ]
        looks = [
            await self._look(other, due)
            for other, due in soon
            if other is not None
            and member in self._members(other)
            and await self._wanted(other)
            and await self.permissions.is_coordinator(asked_by(other, member), other.id)
        ]
        return [look for look in looks if look is not None][: messages.MOST_LOOKS - 1]

    async def _look(self, channel: Channel, due: datetime) -> messages.Look | None:
        """A digest in a line; None: there is none to look at."""
        zone = self.weekly.zone_of(channel)
        period = period_of(due, zone).key
        edition = await self._edition(channel, due)
        if edition is None or await self.weekly.store.skipped_by(
            channel.workspace, channel.id, period
        ):
            return None
        return messages.Look(channel, period, due, zone, edition.contents.airtime)

    async def _edition(self, channel: Channel, due: datetime) -> Edition | None:
        editor = self.weekly.editor
        choice = await editor.choose(channel, due)
        found = [await self.weekly.store.idea_by_id(ident) for ident in choice.ideas]
        ideas = [idea for idea in found if idea is not None]
        week = monday_of(due, self.weekly.zone_of(channel))
        return await editor.edition(channel, ideas, choice.extras, week)

    async def _due(self, channel: Channel, period: str) -> datetime | None:
        """When this week's digest goes; None: its time is past, or it does not go at all."""
        dues = await self.weekly.store.dues(channel.workspace)
        due = dues.get((channel.id, DeliveryKind.DIGEST))
        if due is None or due <= self.now():
            return None
        return due if period_of(due, self.weekly.zone_of(channel)).key == period else None

    async def _drawn(self, channel: Channel, period: str, due: datetime) -> Message:
        store, zone = self.weekly.store, self.weekly.zone_of(channel)
        if await store.skipped_by(channel.workspace, channel.id, period):
            return messages.skipped(channel, period)
        edition = await self._edition(channel, due)
        left_out = await store.left_out(channel.workspace, channel.id)
        if edition is None:
            return messages.nothing_left(channel, period, left_out)
        return messages.look_ahead(
            edition.first,
            channel,
            period,
            due=due,
            zone=zone,
            later=[idea for reply in edition.replies for idea in reply],
            left_out=left_out,
        )

    async def look(self, asker: Asker, ident: str, period: str) -> Message:
        """A digest before it goes, for a coordinator who asks for it.

        Raises:
            NotAllowedError: the asker does not coordinate that channel.
        """
        channel = await self._checked(asker, ident)
        due = await self._due(channel, period)
        return messages.too_late() if due is None else await self._drawn(channel, period, due)

    # -- changing --

    async def skip(self, asker: Asker, ident: str, period: str, *, back: bool = False) -> Message:
        """Post no digest this week, or with *back* post it after all; gives what to show now.

        Raises:
            NotAllowedError: the asker does not coordinate that channel.
        """
        channel = await self._checked(asker, ident)
        due = await self._due(channel, period)
        if due is None:
            return messages.too_late()
        who = "" if back else asker.member_id
        await self.weekly.store.skip(asker.workspace, ident, period, who, now=self.now())
        did = "goes after all, says" if back else "is to be skipped, says"
        log.info("The digest of %s in %s %s %s", period, channel, did, asker.member_id)
        return await self._drawn(channel, period, due)

    async def leave_out(
        self, asker: Asker, ident: str, period: str, number: int, *, back: bool = False
    ) -> Message:
        """Keep an idea out of digests, or put it back; gives what to show now.

        Raises:
            NotAllowedError: the asker does not coordinate that channel.
        """
        channel = await self._checked(asker, ident)
        due = await self._due(channel, period)
        if due is None:
            return messages.too_late()
        store = self.weekly.store
        idea = await store.idea(asker.workspace, number, Sight(only=ident))
        if idea is not None:
            who = "" if back else asker.member_id
            await store.leave_out(idea.id, who, now=self.now())
            did = "put back into" if back else "left out of"
            log.info("#%d is %s digests in %s by %s", number, did, channel, asker.member_id)
        return await self._drawn(channel, period, due)

    async def _checked(self, asker: Asker, ident: str) -> Channel:
        channel = await self.weekly.store.channel(asker.workspace, ident)
        if channel is None or not await self.permissions.is_coordinator(asker, ident):
            raise NotAllowedError(
                "Only coordinators of that channel can change its digest. I changed nothing."
            )
        return channel


async def tell_once(
    weekly: Weekly, workspace: str, member: str, message: Message, key: str, channel: str = ""
) -> None:
    """Tell a member something once; in *channel*, for their eyes alone, if one is given.

    The bot may not read direct messages, so it cannot look whether an answer that was lost had
    been a yes. Then it tells nothing more: what is said here is news, not a duty.
    """
    if await weekly.store.begin_telling(workspace, key, now=weekly.now()):
        await _tell(weekly, workspace, member, message, (key,), channel)


async def _tell(
    weekly: Weekly,
    workspace: str,
    member: str,
    message: Message,
    keys: Sequence[str],
    channel: str = "",
) -> None:
    """Tell what telling was begun for."""
    try:
        if channel:
            await weekly.chat.whisper(channel, member, message)
        else:
            await weekly.chat.tell(member, message)
    except ChatInDoubtError:
        log.info("%s: whether it was told is not known", ", ".join(keys))
    except ChatUnavailableError:
        for key in keys:
            await weekly.store.not_told(workspace, key)
        raise
