"""Whether the bot is ready, and what keeps it from being so."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.core.errors import CommonplaceError
from bot.schedule import Schedule
from bot.tasks import Tasks
from bot.telemetry import Metrics
from handlers.slack.chat import SlackChat
from handlers.slack.connections import Connections
from handlers.slack.installation import app_of, of_two_apps
from handlers.slack.sockets import Sockets
from storage import Store

PATIENCE: Final = 10.0
"""Seconds that the database may take to answer when it is asked whether it is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Asks everything that a ready bot needs. *sockets* is None in HTTP mode."""

    store: Store
    connections: Connections
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
        refusals = [await self._refusal(chat) for chat in self.connections]
        self.metrics.connected.set(0 if any(refusals) else 1)
        if any(refusals):
            found["slack"] = " ".join(filter(None, refusals))
        if self.sockets is not None and (why := self._deaf(self.sockets)):
            found["socket"] = why
        if self.schedule.problem:
            found["schedule"] = self.schedule.problem
        return found | self.tasks.dead

    def _deaf(self, sockets: Sockets) -> str:
        """Why no event comes over the sockets; empty: events come."""
        if not sockets.live:
            return sockets.problem
        hears = sockets.app_id or app_of(sockets.app_token)
        two = (of_two_apps(hears, one.installation.app_id) for one in self.connections)
        return next(filter(None, two), "")

    async def _refusal(self, chat: SlackChat) -> str:
        """Why Slack does not take our token; one that it refused last is tried once more."""
        installation, calls = chat.installation, chat.calls
        if not installation.learnt.is_set():
            return installation.problem or "Slack has not told yet who this bot is."
        if calls.locked_out:
            with contextlib.suppress(CommonplaceError):
                await chat.whoami()
        return f"Slack refuses SLACK_BOT_TOKEN ({calls.locked_out})." if calls.locked_out else ""
