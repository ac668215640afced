"""Ideas that the bot posts for members: posted once, put right, deleted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.core.delivery.composer import Announcement
from bot.core.delivery.poster import DeliveryPoster
from bot.core.delivery.result import NothingToPost, NotPossible, Sent, SentBefore, settled
from bot.core.errors import ChatError, MessageRefusedError
from bot.core.finding.permissions import Permissions
from bot.core.intake.people import meet
from bot.core.messages import notices
from bot.core.model.deliveries import Delivery, DeliveryKind
from bot.core.model.ideas import Idea
from bot.core.model.parts import Message
from bot.core.model.work import Effect, Job, NewJob
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chats

AT_ONCE: Final = timedelta(minutes=1)
"""How long after it was typed an idea is posted without asking for its author again."""

LEFT: Final = "left"
"""Why an idea is not posted whose author is no longer in its channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaPoster:
    """Posts what members shared by a command or a form, in their name.

    Each method raises a `ChatError` as `Effects.run` says.
    """

    store: IdeaStore
    chats: Chats
    permissions: Permissions
    poster: DeliveryPoster
    now: Callable[[], datetime]

    async def unpublish(self, idea: Idea) -> None:
        """Delete what the bot posted for a member."""
        if idea.place is not None:
            await self.chats.of(idea.workspace).delete(idea.place)

    async def redraw(self, job: Job, idea: Idea) -> None:
        """Put right what the bot posted for a member, by a name that came since."""
        if idea.place is not None and idea.withdrawn is None:
            chat, message = self.chats.of(idea.workspace), notices.shared(idea)
            key = self._once(job, idea).key(0)
            try:
                await chat.update(idea.place, message, key=key)
            except MessageRefusedError:
                await chat.update(idea.place, Message(message.fallback), key=key)

    async def ask_to_redraw(self, job: Job) -> None:
        """Have an idea's post put right, later."""
        redraw = NewJob(effect=Effect.REDRAW, key=job.key)
        await self.store.enqueue(job.workspace, redraw, now=self.now())

    async def publish(self, job: Job, idea: Idea) -> None:
        """Post an idea for a member, once; what cannot be posted is told its author."""
        if idea.ts is not None or idea.withdrawn is not None:
            return
        words = Announcement(notices.shared(await self._with_name(job, idea)))
        about = self._once(job, idea)
        left = await self._has_left(job, idea)
        # Whoever has left since does not speak there; but it may stand there already.
        act = self.poster.settle if left else self.poster.post
        came = await act(about, words)
        match came:
            case Sent(ts) | SentBefore(ts):
                await self.store.posted(idea.id, ts, self.chats.of(idea.workspace).instant_of(ts))
                now = await self.store.idea_by_id(idea.id)
                if job.attempts or (now is not None and notices.shared(now) != words.message):
                    await self.ask_to_redraw(job)  # a name came since it was first drawn
            case NotPossible(why):
                await self.store.set_post(idea.id, refused=True)
                await self._say_unposted(job, why)
                settled(came)
            case NothingToPost() if left:
                why = "you are not in that channel any more."
                await self._say_unposted(job, why)
                raise ChatError(why, code=LEFT)
            case _:
                settled(came)

    async def _say_unposted(self, job: Job, why: str) -> None:
        unposted = NewJob(effect=Effect.UNPOSTED, key=job.key, payload={"why": why}, after=3.0)
        await self.store.enqueue(job.workspace, unposted, now=self.now())

    async def _with_name(self, job: Job, idea: Idea) -> Idea:
        """The idea with its author's name, if that can be had now."""
        if idea.author.name:
            return idea
        try:
            await meet(self.store, self.chats, job.workspace, idea.author.id, now=self.now())
        except ChatError:
            return idea
        return await self.store.idea_by_id(idea.id) or idea

    async def _has_left(self, job: Job, idea: Idea) -> bool:
        """Whether the author of a post that was put off is no longer in the channel."""
        at_once = idea.kept_at is not None and self.now() - idea.kept_at < AT_ONCE
        if at_once and not job.attempts:
            return False
        channel = await self.store.channel(idea.workspace, idea.channel)
        return channel is not None and not await self.permissions.may_hear(idea.author.id, channel)

    def _once(self, job: Job, idea: Idea) -> Delivery:
        return Delivery(
            workspace=job.workspace,
            channel=idea.channel,
            kind=DeliveryKind.IDEA,
            subject=job.key,
            at=self.now(),
        )
