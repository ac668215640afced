"""Socket Mode: keep two sockets to Slack open, and say whether one is."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from slack_bolt.async_app import AsyncApp
    from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest
    from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0
"""Seconds between tries to connect: doubled each time, up to a minute."""

SECOND_AFTER = 600.0
"""Seconds after which the second socket opens: Slack renews each after some hours, and while one
is being renewed the other listens. Opened together they would be renewed together."""


class PatientClient(SocketModeClient):
    """Slack's client, which asks for a new address at growing intervals when it gets none."""

    problem: str = "not connected yet"
    pause: float = 1.0
    on_address: Callable[[], Awaitable[None]] | None = None
    """Told each time Slack gave an address: a socket is about to be opened."""

    async def issue_new_wss_url(self) -> str:
        """Ask Slack where to connect to; after a failure, wait before anybody asks again."""
        try:
            url = await super().issue_new_wss_url()
        except Exception as error:
            code = error.response.get("error") if isinstance(error, SlackApiError) else None
            self.problem = f"Slack gives no socket: {code or type(error).__name__}"
            await asyncio.sleep(self.pause)
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
            raise
        self.pause = 1.0
        self.problem = "the socket is closed"
        if self.on_address is not None:
            await self.on_address()
        return url


@dataclass(slots=True)
class Sockets:
    """Two sockets to Slack. Each payload comes over any one of them.

    Args:
        on_gap: told when one is opened while no other is open: something may have been missed.
    """

    app: AsyncApp
    client: AsyncWebClient
    app_token: str
    on_gap: Callable[[], None] = lambda: None
    second_after: float = SECOND_AFTER
    _clients: list[PatientClient] = field(default_factory=list)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self) -> None:
        """Begin to connect, and keep trying."""
        for after in (0.0, self.second_after):
            self._tasks.append(asyncio.create_task(self._connect(after), name="socket mode"))

    async def stop(self) -> None:
        """Take no more events."""
        while self._tasks:
            task = self._tasks.pop()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        while self._clients:
            await self._clients.pop().close()  # type: ignore[no-untyped-call]

    async def live(self) -> bool:
        """Whether a socket is open and answers its pings."""
        for client in self._clients:
            if await client.is_connected():
                return True
        return False

    @property
    def problem(self) -> str:
        """Why no socket is open."""
        return self._clients[0].problem if self._clients else "not connected yet"

    async def _connect(self, after: float) -> None:
        await asyncio.sleep(after)
        client = PatientClient(self.app_token, logger=log, web_client=self.client)
        client.socket_mode_request_listeners.append(self._dispatch)
        client.on_address = self._note_gap
        self._clients.append(client)
        await client.connect()  # type: ignore[no-untyped-call]
        log.info("connected to Slack over a socket")

    async def _note_gap(self) -> None:
        if not await self.live():
            self.on_gap()

    async def _dispatch(
        self, client: AsyncBaseSocketModeClient, request: SocketModeRequest
    ) -> None:
        """Hand a payload to Bolt; it is acknowledged only when Bolt says that it is done."""
        answer = await run_async_bolt_app(self.app, request)
        await send_async_response(client, request, answer, 0.0)
