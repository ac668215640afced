"""Socket Mode: keep a socket to Slack open, and say whether one is."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0
"""Seconds between tries to connect: doubled each time, up to a minute."""


@dataclass(slots=True)
class Sockets:
    """One socket to Slack; Slack's client reconnects it, we only get it open first."""

    app: AsyncApp
    client: AsyncWebClient
    app_token: str
    _handler: AsyncSocketModeHandler | None = None
    _task: asyncio.Task[None] | None = None
    problem: str = field(default="not connected yet")

    def start(self) -> None:
        """Begin to connect, and keep trying."""
        self._task = asyncio.create_task(self._connect(), name="socket mode")

    async def stop(self) -> None:
        """Take no more events."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._handler is not None:
            await self._handler.client.close()  # type: ignore[no-untyped-call]

    async def live(self) -> bool:
        """Whether a socket is open and answers."""
        return self._handler is not None and await self._handler.client.is_connected()

    async def _connect(self) -> None:
        self._handler = AsyncSocketModeHandler(
            self.app, app_token=self.app_token, web_client=self.client, logger=log
        )
        pause = 1.0
        while True:
            try:
                await self._handler.client.connect()  # type: ignore[no-untyped-call]
            except Exception as error:  # noqa: BLE001  (the client raises whatever the wire did)
                self.problem = f"no socket: {type(error).__name__}"
                log.warning("cannot open a socket to Slack, trying again in %.0f s", pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                log.info("connected to Slack over a socket")
                self.problem = "the socket is closed"
                return
