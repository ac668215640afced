"""Send a file to one member once, though the answer to an attempt may be lost.

A file carries no key: before it is sent again, it is looked for by the words beside it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.core.delivery.poster import LEASE
from bot.core.errors import ChatError, ChatInDoubtError, ChatUnavailableError
from bot.core.model.deliveries import Claim, ClaimUnavailable, Plan, notice
from bot.core.model.work import Job
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chat, Chats

MOST_ATTEMPTS: Final = 3
"""At a file whose first attempt is in doubt, where the chat does not let the bot look."""
SKEW: Final = timedelta(minutes=5)
"""How far the platform's clock may be behind ours. A file like it may have come an hour ago."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSender:
    """Sends what was made for somebody; *now* and *real_now* as `DeliveryPoster`."""

    store: IdeaStore
    chats: Chats
    now: Callable[[], datetime]
    real_now: Callable[[], datetime]

    async def send(self, job: Job, member: str, file: Path, words: str) -> None:
        """Send the file of a job, unless it stands in the member's direct messages already.

        Raises:
            ChatUnavailableError: it was not sent, or somebody is at it; try again.
            ChatInDoubtError: it may have been sent; try again, which looks for it.
            ChatError: it cannot be sent, now or later.
        """
        chat = self.chats.of(job.workspace)
        subject, begun = f"{job.effect} {job.key} {member}", self.real_now()
        about = notice(job.workspace, "", subject, now=self.now())
        claim = await self.store.claim(
            about, Plan(), now=begun, lease=LEASE, begun=min(begun, self.now())
        )
        if isinstance(claim, ClaimUnavailable):
            raise ChatUnavailableError("It is being sent at this moment.")
        try:
            if claim.attempt == 1 or not await self._is_sent(chat, claim, member, words):
                await chat.upload(member, file, name=file.name, words=words)
        except (ChatUnavailableError, ChatInDoubtError) as error:
            if claim.attempt > 1 or isinstance(error, ChatInDoubtError):
                await self.store.doubt(claim, until=self.real_now())
            else:
                await self.store.release(claim)
            raise
        except ChatError:
            await self.store.release(claim)
            raise
        await self.store.release(claim)  # asked for again, it is sent again

    async def _is_sent(self, chat: Chat, claim: Claim, member: str, words: str) -> bool:
        """Whether an attempt before counts as the last: it is found, or nobody can look."""
        key, since = claim.delivery.key(0), min(claim.claimed_at, self.real_now()) - SKEW
        try:
            return await chat.find_told(member, key, since=since, fallback=words) is not None
        except (ChatUnavailableError, ChatInDoubtError):
            raise
        except ChatError:
            if claim.attempt > MOST_ATTEMPTS:
                log.warning("Whether the file of %s was sent is not known", claim.delivery.subject)
            return claim.attempt > MOST_ATTEMPTS
