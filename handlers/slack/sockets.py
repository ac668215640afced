"""Socket Mode: keep two sockets to Slack open, and say whether one is."""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.tasks import Tasks
from handlers.shapes import Payload, text
from handlers.slack.door import Door
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
    """Between pings; a socket that leaves one unanswered for half as long is dead."""
    pause: float = 1.0
    """Before the second try to connect; doubled each time."""


PACE = Pace()


@dataclass(slots=True, eq=False)
class Line:
    """One of the two: a socket that is opened, read to its end, and opened anew."""

    first_pause: float
    problem: str = "not connected yet"
    opened_at: float = 0.0
    """When the socket was opened, by the monotonic clock."""
    socket: aiohttp.ClientWebSocketResponse | None = None
    not_before: float = 0.0
    """When the next try to open one may begin, by the monotonic clock."""
    _pause: float = 0.0

    @property
    def live(self) -> bool:
        """Whether a socket is open and answers its pings."""
        return self.socket is not None and not self.socket.closed

    def put_off(self, at_least: float = 0.0) -> None:
        """Wait before the next try: each time longer, unless the last socket lived for a while."""
        now = time.monotonic()
        if self.opened_at and now - self.opened_at > SETTLED:
            self._pause = 0.0
        self.opened_at = 0.0
        self._pause = min(self._pause * 2 or self.first_pause, LONGEST_PAUSE)
        self.not_before = now + max(self._pause, at_least)


@dataclass(slots=True)
class Sockets:
    """Two sockets to Slack. Each payload comes over any one of them.

    Slack's own client reconnects to addresses that have run out, renews twice where Slack warns
    first, and storms when Socket Mode is switched off; so the sockets are opened here.

    Args:
        on_gap: told when something may have been missed: a socket was lost, or there was none.
    """

    door: Door
    client: Client
    app_token: str
    on_gap: Callable[[], None] = lambda: None
    pace: Pace = PACE
    watched: Tasks = field(default_factory=Tasks)
    stopping: bool = False
    app_id: str = ""
    """The app whose events come, as Slack said last; empty: it has not."""
    in_hand: set[asyncio.Task[None]] = field(default_factory=set)
    """Payloads that came and are not acknowledged yet."""
    _lines: list[Line] = field(default_factory=list)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _deaf: bool = True
    """Whether there was no socket at some time since one was opened last."""

    def start(self) -> None:
        """Begin to connect, and keep trying."""
        for number, after in enumerate((0.0, self.pace.apart), 1):
            line = Line(self.pace.pause, not_before=time.monotonic() + after)
            self._lines.append(line)
            task = asyncio.create_task(self._keep_open(line), name=f"socket mode {number}")
            self._tasks.append(self.watched.watch(task))

    async def stop(self) -> None:
        """Take no more payloads, let those in hand be acknowledged, and close the sockets."""
        self.watched.ending = True
        self.stopping = True
        if self.in_hand:
            await asyncio.wait(self.in_hand, timeout=GRACE)
        while self._tasks:
            task = self._tasks.pop()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    @property
    def live(self) -> int:
        """How many sockets are open and answer their pings."""
        return sum(line.live for line in self._lines)

    @property
    def problem(self) -> str:
        """Why no socket is open."""
        return self._lines[0].problem if self._lines else "not connected yet"

    async def _keep_open(self, line: Line) -> None:
        tracing = [refusing_redirects()]
        async with aiohttp.ClientSession(trace_configs=tracing) as session:
            while not self.stopping:
                await asyncio.sleep(line.not_before - time.monotonic())
                await self._keep_apart(line)
                try:
                    url = await self._address(line)
                    await self._hold(line, session, url)
                except Exception as error:  # noqa: BLE001  (whatever it is, we try again)
                    # An error may hold the address, and that a secret: only its kind is told.
                    log.warning("no socket to Slack (%s): %s", type(error).__name__, line.problem)
                    line.put_off((isinstance(error, SlackApiError) and wait_of(error)) or 0.0)

    async def _address(self, line: Line) -> str:
        """Ask Slack where to connect to; each address is used once."""
        try:
            answer = await self.client.apps_connections_open(app_token=self.app_token)
        except Exception as error:
            code = code_of(error) if isinstance(error, SlackApiError) else ""
            reason = code or type(error).__name__
            line.problem = f"Slack gives no socket: {_WORDS.get(reason, reason)}"
            raise
        url = str(answer["url"])
        if not is_of(url, self.client.base_url, any_port=True):
            line.problem = "Slack gives no socket: the address that came is not Slack's"
            raise ElsewhereError(line.problem)
        return url

    async def _hold(self, line: Line, session: aiohttp.ClientSession, url: str) -> None:
        """Open a socket and take what comes until it ends."""
        line.problem = "the socket is closed"
        ours = self.client.route(url)
        async with session.ws_connect(url, heartbeat=self.pace.ping, **ours) as socket:
            line.socket, line.opened_at = socket, time.monotonic()
            log.info("connected to Slack over a socket")
            if self._deaf:  # whichever opens first says so: once is enough
                self._deaf = False
                self.on_gap()
            renewed = False
            try:
                renewed = await self._listen(line, socket)
                if renewed and self.in_hand:  # an answer goes where its question came from
                    await asyncio.wait(self.in_hand, timeout=ACKNOWLEDGE)
            finally:
                line.socket = None
                if not self.live:
                    self._deaf = True
                elif not renewed:  # what befell this socket may have made the other silent
                    self.on_gap()

    async def _listen(self, line: Line, socket: aiohttp.ClientWebSocketResponse) -> bool:
        """Take what comes; returns whether Slack asks for another socket in its place."""
        async for frame in socket:
            if frame.type is not aiohttp.WSMsgType.TEXT:
                continue
            said = json.loads(frame.data)
            match said.get("type"):
                case "hello":
                    self.app_id = text(said, "connection_info", "app_id") or self.app_id
                case "disconnect" if said.get("reason") == "link_disabled":
                    line.problem = _WORDS["link_disabled"]
                    log.error("%s: no events come until it is switched on", line.problem)
                    line.put_off()
                    return True
                case "disconnect" if said.get("reason") != "warning":
                    return True
                case _ if said.get("envelope_id") and not self.stopping:
                    task = asyncio.create_task(self._dispatch(socket, said))
                    self.in_hand.add(task)
                    task.add_done_callback(self.in_hand.discard)
        return False

    async def _keep_apart(self, line: Line) -> None:
        """Wait to keep apart from the other socket while that one lives."""
        for other in self._lines:
            while other is not line and other.live:
                early = other.opened_at + self.pace.apart - time.monotonic()
                if early <= 0:
                    return
                await asyncio.sleep(min(early, 1.0))

    async def _dispatch(self, socket: aiohttp.ClientWebSocketResponse, said: Payload) -> None:
        """Acknowledge a payload once it is done, into the socket over which it came."""
        answer = await self.door.take(said.get("payload"))
        if answer.status == 500:
            return  # it comes again
        reply = {"envelope_id": said["envelope_id"]}
        if answer.body.startswith("{"):
            reply["payload"] = json.loads(answer.body)
        with contextlib.suppress(ConnectionError, TimeoutError):  # then it comes again
            async with asyncio.timeout(ACKNOWLEDGE):  # later it would be of no use
                await socket.send_str(json.dumps(reply))
