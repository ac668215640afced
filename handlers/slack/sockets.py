"""Socket Mode: keep two sockets to Slack open, and say whether one is."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.tasks import Tasks
from handlers.slack.refusals import code_of, wait_of
from handlers.slack.web import Client, ElsewhereError, is_of, refusing_redirects

log = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0
"""Seconds between tries to connect: doubled each time, up to a minute."""

SETTLED = 60.0
"""Seconds a socket must have lived for the pauses to begin small again."""

ACKNOWLEDGE = 3.0
"""Seconds after which Slack takes a payload for not acknowledged."""

GRACE = 8.0
"""Seconds that payloads in hand may take when we are told to stop."""

_WORDS = {
    "link_disabled": "Socket Mode is switched off in the app's settings at Slack",
    "invalid_auth": "Slack does not know SLACK_APP_TOKEN",
    "not_authed": "Slack does not know SLACK_APP_TOKEN",
    "account_inactive": "SLACK_APP_TOKEN was revoked",
    "token_revoked": "SLACK_APP_TOKEN was revoked",
    "missing_scope": "SLACK_APP_TOKEN lacks the scope connections:write",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How patient the sockets are, in seconds.

    Slack renews each socket after some hours, and while one is being renewed the other listens.
    Opened together they would be renewed together, so one opens *apart* after the other.
    """

    apart: float = 600.0
    ping: float = 5.0
    """Between pings; a socket that leaves them unanswered is dead after two of them."""
    pause: float = 1.0
    """Before the second try to connect; doubled each time."""


PACE = Pace()


class PatientClient(SocketModeClient):
    """Slack's client, but it asks for a new address at growing intervals and uses each once.

    The original tries an address again that has run out, renews a socket twice when Slack warns
    first, and reconnects at once when Socket Mode was switched off.
    """

    web_client: Client
    problem: str = "not connected yet"
    app_id: str = ""
    """The app whose events come over the socket, as Slack says when it opens."""
    opened_at: float = 0.0
    """When the socket was opened, by the monotonic clock."""
    turn: Callable[[PatientClient], Awaitable[None]]
    """Awaited before a socket is opened."""
    on_lost: Callable[[PatientClient], Awaitable[None]]
    """Awaited when one is found closed or silent: what came into it since may be lost."""
    on_leave: Callable[[PatientClient], Awaitable[None]]
    """Awaited when one is about to be left for another."""
    on_open: Callable[[], None]
    """Told when one was opened."""
    first_pause: float = 1.0
    _pause: float = 0.0
    _not_before: float = 0.0
    _young: bool = False

    async def issue_new_wss_url(self) -> str:
        """Ask Slack where to connect to."""
        try:
            answer = await self.web_client.apps_connections_open(app_token=self.app_token)
        except Exception as error:
            code = code_of(error) if isinstance(error, SlackApiError) else ""
            reason = code or type(error).__name__
            self.problem = f"Slack gives no socket: {_WORDS.get(reason, reason)}"
            raise
        url = str(answer["url"])
        if not is_of(url, self.web_client.base_url, any_port=True):
            self.problem = "Slack gives no socket: the address that came is not Slack's"
            raise ElsewhereError(self.problem)
        return url

    async def is_connected(self) -> bool:
        """Whether the socket is open, answers, and is read to its end by living tasks."""
        tasks = (self.current_session_monitor, self.message_receiver, self.message_processor)
        dead = any(task is None or task.done() for task in tasks)
        return not dead and await super().is_connected()

    async def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: FBT001, FBT002
        """Open another socket in place of this one; whoever comes while that goes on waits."""
        wanted_at = time.monotonic()
        async with self.connect_operation_lock:
            replaced = self.opened_at > wanted_at
            if not self.closed and not replaced and (force or not await self.is_connected()):
                if not force:
                    await self.on_lost(self)
                await self.connect()

    async def connect(self) -> None:
        """Open a socket, and keep trying."""
        while not self.closed:
            await asyncio.sleep(self._not_before - time.monotonic())
            await self.turn(self)
            try:
                await self._open(await self.issue_new_wss_url())
            except Exception as error:  # noqa: BLE001  (whatever it is, we try again)
                # An error may hold the address, and the address a secret: only its kind is told.
                log.warning("no socket to Slack (%s): %s", type(error).__name__, self.problem)
                self._put_off((isinstance(error, SlackApiError) and wait_of(error)) or 0.0)
            else:
                log.info("connected to Slack over a socket")
                self.on_open()
                return

    async def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        """Take a frame. A warning needs nothing: the request to renew follows in ten seconds."""
        if message.get("type") == "hello":
            self.app_id = str((message.get("connection_info") or {}).get("app_id") or "")
        if message.get("type") != "disconnect":
            await super().run_message_listeners(message, raw_message)
            return
        reason = message.get("reason")
        if reason != "warning":
            await self.connect_to_new_endpoint(force=True)

    async def enqueue_message(self, message: str) -> None:
        """Put a frame into the queue. Behind this one the end of the socket may be waiting."""
        if "link_disabled" in message and json.loads(message).get("type") == "disconnect":
            self.problem = _WORDS["link_disabled"]
            log.error("%s: no events come until it is switched on", self.problem)
            self._put_off()
        await super().enqueue_message(message)

    async def send_message(self, message: str) -> None:
        """Send an acknowledgement; later than that it would be of no use."""
        async with asyncio.timeout(ACKNOWLEDGE):
            await super().send_message(message)

    async def _open(self, url: str) -> None:
        self.problem = "the socket is closed"
        await self.on_leave(self)
        old = self.current_session
        if old is not None and not old.closed:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(old.close(), timeout=self.ping_interval)
        self.current_session = await self.aiohttp_client_session.ws_connect(
            url,
            autoping=False,
            heartbeat=self.ping_interval,
            **self.web_client.web.proxies.options(url),
        )
        self.stale = False
        self.last_ping_pong_time = None
        self.auto_reconnect_enabled = True
        self.opened_at, self._young = time.monotonic(), True
        for task in (self.current_session_monitor, self.message_receiver):
            if task is not None and task is not asyncio.current_task():
                task.cancel()
        self.current_session_monitor = asyncio.ensure_future(self.monitor_current_session())
        self.message_receiver = asyncio.ensure_future(self.receive_messages())
        if self.message_processor.done():
            work = self.process_messages()  # type: ignore[no-untyped-call]
            self.message_processor = asyncio.ensure_future(work)

    def _put_off(self, at_least: float = 0.0) -> None:
        """Wait before the next try: each time longer, unless the last socket lived for a while."""
        now = time.monotonic()
        if self._young and now - self.opened_at > SETTLED:
            self._pause = 0.0
        self._young = False
        self._pause = min(self._pause * 2 or self.first_pause, LONGEST_PAUSE)
        self._not_before = now + max(self._pause, at_least)


@dataclass(slots=True)
class Sockets:
    """Two sockets to Slack. Each payload comes over any one of them.

    Args:
        on_gap: told when something may have been missed: a socket was lost, or there was none.
    """

    app: AsyncApp
    client: Client
    app_token: str
    on_gap: Callable[[], None] = lambda: None
    pace: Pace = PACE
    watched: Tasks = field(default_factory=Tasks)
    _clients: list[PatientClient] = field(default_factory=list)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _in_hand: set[asyncio.Task[Any]] = field(default_factory=set)
    _deaf: bool = True
    """Whether there was no socket at some time since one was opened last."""
    _stopping: bool = False

    def start(self) -> None:
        """Begin to connect, and keep trying."""
        for after in (0.0, self.pace.apart):
            task = asyncio.create_task(self._connect(after), name="socket mode")
            self._tasks.append(self.watched.watch(task, ends=True))

    async def stop(self) -> None:
        """Take no more payloads, let those in hand be acknowledged, and close the sockets."""
        self.watched.ending = True
        self._stopping = True
        while self._tasks:
            task = self._tasks.pop()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=GRACE)
        while self._clients:
            await self._clients.pop().close()  # type: ignore[no-untyped-call]

    async def live(self) -> bool:
        """Whether a socket is open and answers its pings."""
        for client in self._clients:
            if await client.is_connected():
                return True
        return False

    @property
    def app_id(self) -> str:
        """The app whose events come, as Slack said last; empty: it has not."""
        return next((client.app_id for client in self._clients if client.app_id), "")

    @property
    def problem(self) -> str:
        """Why no socket is open."""
        return self._clients[0].problem if self._clients else "not connected yet"

    async def _connect(self, after: float) -> None:
        await asyncio.sleep(after)
        client = PatientClient(
            self.app_token, logger=log, web_client=self.client, ping_interval=self.pace.ping
        )
        client.aiohttp_client_session.trace_configs.append(refusing_redirects())
        client.first_pause = self.pace.pause
        client.socket_mode_request_listeners.append(self._dispatch)
        client.turn, client.on_open = self._turn, self._opened
        client.on_lost, client.on_leave = self._lost, self._leave
        self._clients.append(client)
        await client.connect()

    async def _turn(self, client: PatientClient) -> None:
        """Wait to keep apart from the other socket while that one lives."""
        for other in self._clients:
            while other is not client and await other.is_connected():
                early = other.opened_at + self.pace.apart - time.monotonic()
                if early <= 0:
                    return
                await asyncio.sleep(min(early, 1.0))

    async def _leave(self, client: PatientClient) -> None:
        """If no other socket is open, nobody listens until one opens."""
        self._deaf = self._deaf or not await self._another(client)

    async def _lost(self, client: PatientClient) -> None:
        """What a network does to one socket it does to all: the other may be silent already."""
        if await self._another(client):
            self.on_gap()
        else:
            self._deaf = True

    async def _another(self, client: PatientClient) -> bool:
        for other in self._clients:
            if other is not client and await other.is_connected():
                return True
        return False

    def _opened(self) -> None:
        """Whichever opens first says that something may have been missed: once is enough."""
        if self._deaf:
            self._deaf = False
            self.on_gap()

    async def _dispatch(
        self, client: AsyncBaseSocketModeClient, request: SocketModeRequest
    ) -> None:
        """Hand a payload to Bolt; it is acknowledged only when Bolt says that it is done."""
        if self._stopping:
            return  # it comes again, to whoever listens then
        task = asyncio.current_task()
        if task is not None:
            self._in_hand.add(task)
            task.add_done_callback(self._in_hand.discard)
        answer = await run_async_bolt_app(self.app, request)
        with contextlib.suppress(ConnectionError, TimeoutError):  # then it comes again
            await send_async_response(client, request, answer, 0.0)
