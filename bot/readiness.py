"""Whether the bot is ready, and what keeps it from being so."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.core.errors import CommonplaceError
from bot.schedule import Schedule
from bot.tasks import Tasks
from bot.telemetry import Metrics
from handlers.slack.calls import Calls
from handlers.slack.chat import SlackChat
from handlers.slack.installation import Installation, app_of, of_two_apps
from handlers.slack.sockets import Sockets
from storage import Store

PATIENCE: Final = 10.0
"""Seconds that the database may take to answer when it is asked whether it is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Asks everything that a ready bot needs. *sockets* is None in HTTP mode."""

    store: Store
    chat: SlackChat
    calls: Calls
    installation: Installation
    sockets: Sockets | None
    schedule: Schedule
    tasks: Tasks
    metrics: Metrics

    async def problems(self) -> Mapping[str, str]:
        """Return what keeps the bot from being ready, in words by name; empty: it is ready."""
        found: dict[str, str] = {}
        try:
            async with asyncio.timeout(PATIENCE):
                await self.store.ping()
        except CommonplaceError as error:
            found["database"] = str(error)
        except TimeoutError:
            found["database"] = f"The database has not answered for {PATIENCE:.0f} s."
        if not self.installation.learnt.is_set():
            found["slack"] = self.installation.problem or "Slack has not told yet who this bot is."
        elif refusal := await self._refusal():
            found["slack"] = f"Slack refuses SLACK_BOT_TOKEN ({refusal})."
        if self.sockets is not None and (why := self._deaf(self.sockets)):
            found["socket"] = why
        if self.schedule.problem:
            found["schedule"] = self.schedule.problem
        return found | self.tasks.dead

    def _deaf(self, sockets: Sockets) -> str:
        """Why no event comes over the sockets; empty: events come."""
        if not sockets.live:
            return sockets.problem
        return of_two_apps(sockets.app_id or app_of(sockets.app_token), self.installation.app_id)

    async def _refusal(self) -> str:
        """Why Slack does not take our token any more; where it did not, it is asked once more."""
        if self.calls.locked_out:
            with contextlib.suppress(CommonplaceError):
                await self.chat.whoami()
        self.metrics.connected.set(0 if self.calls.locked_out else 1)
        return self.calls.locked_out
