"""Who hears of a proposed question, and who hears what became of it: by direct message, once."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003  (dataclass fields are introspected)
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003
from typing import TYPE_CHECKING, Final

from bot.core.errors import ChatUnavailableError
from bot.core.messages import questions
from bot.core.model import NewJob
from bot.core.own_prompts import State
from bot.core.ports import Chat, IdeaStore  # noqa: TC001

if TYPE_CHECKING:
    from bot.core.model import Channel, Job
    from bot.core.own_prompts import OwnPrompt
    from bot.core.parts import Message

TELL_AGAIN: Final = 60.0
"""Seconds until somebody is told again whom the platform did not let us tell."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """Two effects of the outbox.

    Args:
        admins: ids of members who administer beside the workspace's own.
    """

    store: IdeaStore
    chat: Chat
    admins: frozenset[str]
    now: Callable[[], datetime]

    async def propose(self, job: Job) -> None:
        """Tell those who decide. The job for all of them becomes one for each."""
        channel, prompt, who = await self._about(job)
        if channel is None or prompt is None or prompt.state is not State.PROPOSED:
            return
        if not who:
            for member in await self._coordinators(channel, prompt.by):
                one = NewJob(effect=job.effect, key=f"{job.key} {member}")
                await self.store.enqueue(job.workspace, one, now=self.now())
            return
        if channel.private and channel.id not in await self.chat.private_channels_of(who):
            return
        await self._tell(job, who, questions.proposal(prompt, channel))

    async def decide(self, job: Job) -> None:
        """Tell whoever proposed a question what became of it."""
        channel, prompt, _ = await self._about(job)
        if channel is None or prompt is None or prompt.state is State.PROPOSED:
            return
        await self._tell(job, prompt.by, questions.outcome(prompt, channel))

    async def _about(self, job: Job) -> tuple[Channel | None, OwnPrompt | None, str]:
        ident, number, who = (*job.key.split(" "), "")[:3]
        own = await self.store.own_prompts(job.workspace, ident)
        prompt = next((one for one in own if one.number == int(number)), None)
        return await self.store.channel(job.workspace, ident), prompt, who

    async def _coordinators(self, channel: Channel, author: str) -> list[str]:
        """Who invited the bot and whom the operator named; without them, the known admins."""
        named = {*self.admins, channel.invited_by} - {"", author}
        return sorted(named or {*await self.store.admins(channel.workspace)} - {author})

    async def _tell(self, job: Job, member: str, message: Message) -> None:
        # A direct message cannot be looked for, so from here on a lost answer must not repeat it.
        await self.store.done(job)
        try:
            await self.chat.tell(member, message)
        except ChatUnavailableError as error:
            again = NewJob(effect=job.effect, key=job.key, after=error.retry_after or TELL_AGAIN)
            await self.store.enqueue(job.workspace, again, now=self.now())
