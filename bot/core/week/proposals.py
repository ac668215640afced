"""Who hears of a proposed question, and who hears what became of it: by direct message, once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.core.delivery.poster import DeliveryPoster
from bot.core.errors import ChatError, ChatUnavailableError
from bot.core.finding.permissions import Permissions, asked_by
from bot.core.messages import questions
from bot.core.model.deliveries import notice
from bot.core.model.parts import Message
from bot.core.model.people import Channel
from bot.core.model.prompts import OwnPrompt, State
from bot.core.model.work import Job, NewJob
from bot.core.ports import IdeaStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """Two effects of the outbox."""

    store: IdeaStore
    permissions: Permissions
    poster: DeliveryPoster
    now: Callable[[], datetime]

    async def propose(self, job: Job) -> None:
        """Tell those who decide. The job for all of them becomes one for each."""
        channel, prompt, who = await self._about(job)
        if channel is None or prompt is None or prompt.state is not State.PROPOSED:
            return
        if not who:
            for member in await self._coordinators(channel, prompt.by):
                one = NewJob(
                    effect=job.effect,
                    channel=job.channel,
                    key=f"{prompt.number} {member}",
                    payload={"number": prompt.number, "member": member},
                )
                await self.store.enqueue(job.workspace, one, now=self.now())
            return
        if not await self._decides(channel, who):
            return
        await self._tell(job, who, questions.proposal(prompt, channel))

    async def decide(self, job: Job) -> None:
        """Tell whoever proposed a question what became of it; then forget one that was declined."""
        channel, prompt, _ = await self._about(job)
        if channel is None or prompt is None or prompt.state is State.PROPOSED or not prompt.by:
            return
        try:
            if await self.permissions.may_hear(prompt.by, channel):
                await self._tell(job, prompt.by, questions.outcome(prompt, channel))
        except ChatUnavailableError:
            raise  # it is told later
        except ChatError:
            await self._forget(job, prompt)
            raise
        await self._forget(job, prompt)

    async def _tell(self, job: Job, member: str, news: Message) -> None:
        about = notice(job.workspace, job.channel, f"{job.effect} {job.key}", now=self.now())
        await self.poster.tell(member, [about], lambda _: news)

    async def _forget(self, job: Job, prompt: OwnPrompt) -> None:
        if prompt.state is State.DECLINED:
            await self.store.forget_prompt(job.workspace, prompt.channel, prompt.number)

    async def _about(self, job: Job) -> tuple[Channel | None, OwnPrompt | None, str]:
        own = await self.store.own_prompts(job.workspace, job.channel)
        prompt = next((one for one in own if one.number == job.payload["number"]), None)
        channel = await self.store.channel(job.workspace, job.channel)
        return channel, prompt, job.payload.get("member", "")

    async def _coordinators(self, channel: Channel, author: str) -> list[str]:
        """Who invited the bot and whom the operator named; without them, the known admins.

        Who of them does not coordinate any more counts as not there.
        """
        named = {*self.permissions.admins, channel.invited_by}
        for some in (named, {*await self.store.admins(channel.workspace)} - named):
            found = [
                one for one in sorted(some - {"", author}) if await self._decides(channel, one)
            ]
            if found:
                return found
        return []

    async def _decides(self, channel: Channel, member_id: str) -> bool:
        return await self.permissions.is_coordinator(asked_by(channel, member_id), channel.id)
