"""Who is told what happened: authors, coordinators, and whoever marked a message. Each once."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.core.delivery.poster import DeliveryPoster
from bot.core.finding.permissions import Permissions
from bot.core.intake.people import meet
from bot.core.messages import notices, trials
from bot.core.model.deliveries import notice
from bot.core.model.ideas import Idea
from bot.core.model.parts import Message
from bot.core.model.people import Channel
from bot.core.model.posts import Place
from bot.core.model.work import Job
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chats

log = logging.getLogger(__name__)

RECENT: Final = timedelta(hours=1)
"""An author is told about a first idea only when it is this fresh: history read later is quiet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Does the jobs of the outbox that tell somebody something. Errors as `Effects.run`."""

    store: IdeaStore
    chats: Chats
    permissions: Permissions
    poster: DeliveryPoster
    now: Callable[[], datetime]

    async def paused(self, job: Job) -> None:
        """Tell who coordinates a channel that the bot is out of it, or that it is archived."""
        channel = await self.store.channel(job.workspace, job.channel)
        if channel is None or (channel.member and not channel.archived):
            return
        log.warning("channel %s is archived or left: digest and question pause there", channel)
        await self._tell_coordinators(
            channel, notices.paused(channel), f"paused {job.payload['since']}"
        )

    async def refused(self, job: Job) -> None:
        """Tell, once for as long as it lasts, that a channel takes nothing that we post."""
        channel = await self.store.channel(job.workspace, job.channel)
        if channel is None or not channel.member or channel.archived:
            return  # that is told as a pause
        since = await self.store.channel_refuses(job.workspace, channel.id, now=self.now())
        words = notices.refused(channel, job.payload["why"])
        await self._tell_coordinators(channel, words, f"refused {since}")

    async def _tell_coordinators(self, channel: Channel, words: Message, subject: str) -> None:
        """Tell whoever invited the bot, else the admins."""
        hearers = [channel.invited_by]
        if not channel.invited_by or not await self._may_hear(channel):
            admins = sorted(self.permissions.admins - {channel.invited_by})
            hearers = [one for one in admins if await self.permissions.may_hear(one, channel)]
        for one in hearers:
            await self._tell(channel.workspace, channel.id, one, words, subject)

    async def _may_hear(self, channel: Channel) -> bool:
        """Whether who invited the bot may hear of a channel.

        Of a private one that the bot is out of, the platform does not say who is in it: then it
        counts whether they were seen to leave.
        """
        if channel.member or not channel.private:
            return await self.permissions.may_hear(channel.invited_by, channel)
        chat = self.chats.of(channel.workspace)
        return not (channel.inviter_left or (await chat.person(channel.invited_by)).deleted)

    async def unposted(self, job: Job) -> None:
        """Tell an author that their idea is kept and not posted."""
        idea = await self.store.idea_by_id(int(job.key))
        if idea is not None and idea.withdrawn is None:
            chat = self.chats.of(idea.workspace)
            await chat.tell(idea.author.id, notices.unposted(idea, job.payload["why"]))

    async def tried(self, job: Job) -> None:
        """Tell an author that somebody tried their idea."""
        trial = await self.store.trial_by_id(int(job.key))
        idea = None if trial is None else await self.store.idea_by_id(trial.idea_id)
        if trial is None or idea is None or idea.withdrawn is not None:
            return
        channel = await self.store.channel(idea.workspace, idea.channel)
        if channel is None or not await self.permissions.may_hear(idea.author.id, channel):
            return
        # Told anew with other words, it is news again.
        subject = f"tried {trial.id} {trial.tried_at.isoformat()}"
        news = trials.news(trial, idea)
        await self._tell(job.workspace, idea.channel, idea.author.id, news, subject)

    async def crossed(self, job: Job) -> None:
        """Say to who crossed our post of their idea how it comes back."""
        number, who = job.payload["number"], job.payload["member"]
        news, subject = notices.crossed(number), f"{job.effect} {number}"
        await self._tell(job.workspace, job.channel, who, news, subject, whisper=True)

    async def not_theirs(self, job: Job) -> None:
        """Say to whoever crossed another's idea that only its author can."""
        ident, who = job.payload["idea"], job.payload["member"]
        idea = await self.store.idea_by_id(ident)
        if idea is None or idea.withdrawn is not None:
            return
        if (await meet(self.store, self.chats, job.workspace, who, now=self.now())).is_bot:
            return
        news, subject = notices.not_theirs(idea), f"{job.effect} {ident}"
        await self._tell(job.workspace, idea.channel, who, news, subject, whisper=True)

    async def tell_marker(self, place: Place, words: Message, by: str) -> None:
        """Say to whoever marked a message what happened, where its mark does not say it."""
        subject = f"marked {place.ts}"
        await self._tell(place.workspace, place.channel, by, words, subject, whisper=True)

    async def first(self, job: Job) -> None:
        """Tell an author that their first idea is kept, while that is fresh."""
        idea = await self.store.idea_by_id(int(job.key))
        kept_at = None if idea is None else idea.kept_at
        if idea is not None and kept_at is not None and kept_at - idea.posted_at <= RECENT:
            await self._whisper(idea, notices.first_kept)

    async def marked(self, job: Job) -> None:
        """Tell an author that somebody has just marked their post, however old it is."""
        idea = await self.store.idea_by_id(int(job.key))
        if idea is not None:
            await self._whisper(idea, notices.marked)

    async def _whisper(self, idea: Idea, words: Callable[[Idea], Message]) -> None:
        if idea.withdrawn is None:
            await self.chats.of(idea.workspace).whisper(idea.channel, idea.author.id, words(idea))

    async def _tell(
        self,
        workspace: str,
        channel: str,
        member: str,
        words: Message,
        subject: str,
        *,
        whisper: bool = False,
    ) -> None:
        about = notice(workspace, channel, f"{subject} {member}", now=self.now())
        await self.poster.tell(member, [about], lambda _: words, whisper=whisper)
