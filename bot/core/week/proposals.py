"""Who hears of a proposed question, and who hears what became of it: by direct message, once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.errors import ChatError, ChatUnavailableError
from bot.core.finding.permissions import Permissions, asked_by
from bot.core.messages import questions
from bot.core.model.people import Channel
from bot.core.model.prompts import OwnPrompt, State
from bot.core.model.work import Job, NewJob
from bot.core.week.ahead import tell_once
from bot.core.week.weekly import Weekly


@dataclass(frozen=True, slots=True)
class Proposals:
    """Two effects of the outbox.

    Args:
        weekly: whose store, chat and clock are used.
        permissions: who may be told what.
    """

    weekly: Weekly
    permissions: Permissions

    async def propose(self, job: Job) -> None:
        """Tell those who decide. The job for all of them becomes one for each."""
        channel, prompt, who = await self._about(job)
        if channel is None or prompt is None or prompt.state is not State.PROPOSED:
            return
        if not who:
            for member in await self._coordinators(channel, prompt.by):
                one = NewJob(effect=job.effect, key=f"{job.key} {member}")
                await self.weekly.store.enqueue(job.workspace, one, now=self.weekly.now())
            return
        if not await self._decides(channel, who):
            return
        news = questions.proposal(prompt, channel)
        await tell_once(self.weekly, job.workspace, who, news, f"{job.effect}:{job.key}")

    async def decide(self, job: Job) -> None:
        """Tell whoever proposed a question what became of it; then forget one that was declined."""
        channel, prompt, _ = await self._about(job)
        if channel is None or prompt is None or prompt.state is State.PROPOSED or not prompt.by:
            return
        key, news = f"{job.effect}:{job.key}", questions.outcome(prompt, channel)
        try:
            if await self.permissions.may_hear(prompt.by, channel):
                await tell_once(self.weekly, job.workspace, prompt.by, news, key)
        except ChatUnavailableError:
            raise  # it is told later
        except ChatError:
            await self._forget(job, prompt)
            raise
        await self._forget(job, prompt)

    async def _forget(self, job: Job, prompt: OwnPrompt) -> None:
        if prompt.state is State.DECLINED:
            await self.weekly.store.forget_prompt(job.workspace, prompt.channel, prompt.number)

    async def _about(self, job: Job) -> tuple[Channel | None, OwnPrompt | None, str]:
        ident, number, who = (*job.key.split(" "), "")[:3]
        own = await self.weekly.store.own_prompts(job.workspace, ident)
        prompt = next((one for one in own if one.number == int(number)), None)
        return await self.weekly.store.channel(job.workspace, ident), prompt, who

    async def _coordinators(self, channel: Channel, author: str) -> list[str]:
        """Who invited the bot and whom the operator named; without them, the known admins.

        Who of them does not coordinate any more counts as not there.
        """
        named = {*self.permissions.admins, channel.invited_by}
        for some in (named, {*await self.weekly.store.admins(channel.workspace)} - named):
            found = [
                one for one in sorted(some - {"", author}) if await self._decides(channel, one)
            ]
            if found:
                return found
        return []

    async def _decides(self, channel: Channel, member_id: str) -> bool:
        return await self.permissions.is_coordinator(asked_by(channel, member_id), channel.id)
