"""Socket Mode: up to ten sockets, of which each payload takes one."""

import asyncio
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from bot.sandbox.changes import Changes
from bot.sandbox.delivery import Envelope, Outcome, Timing
from bot.sandbox.installation import Installation
from bot.sandbox.model import Payload

_LIMIT = 10
_PING_EVERY = 10.0
NO_ACK = "timeout"
"""The reason a retry gives when no acknowledgement came in time."""


@dataclass(slots=True, eq=False)
class Connection:
    """One open socket.

    Attributes:
        hear: Is told each text the app sends.
        leaving: Nothing more is sent there: it is closing, or about to be replaced.
    """

    socket: web.WebSocketResponse
    hear: Callable[[str], None]
    leaving: bool = False

    async def send(self, payload: Payload) -> None:
        """Send a frame, unless the socket is just closing."""
        if not self.socket.closed:
            try:
                await self.socket.send_str(json.dumps(payload))
            except ConnectionError:
                self.leaving = True

    async def read(self) -> None:
        """Take frames until the app closes the socket."""
        closing = {WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR}
        while (frame := await self.socket.receive()).type not in closing:
            if frame.type is WSMsgType.PING:
                await self.socket.pong(frame.data)
            elif frame.type is WSMsgType.TEXT:
                self.hear(frame.data)


@dataclass(slots=True)
class Sockets:
    """The sockets that the app has open.

    Attributes:
        connections: Those that are open, oldest first.
    """

    installation: Installation
    changes: Changes
    connections: list[Connection] = field(default_factory=list)
    _tickets: set[str] = field(default_factory=set)
    _waiting: dict[str, asyncio.Future[Payload]] = field(default_factory=dict)
    _turn: int = 0

    def ticket(self) -> str:
        """Return a ticket that opens one socket, once."""
        word = secrets.token_urlsafe(24)
        self._tickets.add(word)
        return word

    @property
    def usable(self) -> list[Connection]:
        """Those that payloads may go to."""
        return [each for each in self.connections if not each.leaving]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Open a socket for a request with a ticket, and read it to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=401)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(timeout=1.0, autoping=False, max_msg_size=16 * 1024 * 1024)
        await socket.prepare(request)
        connection = Connection(socket, self._acknowledge)
        if len(self.connections) >= _LIMIT:
            await connection.send(disconnect("too_many_websockets"))
            await socket.close()
            return socket
        self.connections.append(connection)
        await connection.send(self._hello())
        pinging = asyncio.create_task(_ping(connection))
        self.changes.note()
        try:
            await connection.read()
        finally:
            pinging.cancel()
            self.connections.remove(connection)
            self.changes.note()
        return socket

    async def send(self, envelope: Envelope, timing: Timing) -> Outcome:
        """Send an envelope to one socket and wait for its acknowledgement.

        An event waits for a socket when none is open, and then comes as a retry.
        """
        if not self.usable:
            if envelope.kind != "events_api":
                return Outcome(ok=False, reason="dispatch_failed")
            try:
                async with asyncio.timeout(timing.hold):
                    while not self.usable:
                        await self.changes.after(self.changes.version)
            except TimeoutError:
                return Outcome(ok=False, reason=NO_ACK, final=True)
            envelope.attempt = max(1, envelope.attempt)
            envelope.reason = NO_ACK
        self._turn += 1
        connection = self.usable[self._turn % len(self.usable)]
        frame: Payload = {
            "envelope_id": secrets.token_hex(16),
            "type": envelope.kind,
            "accepts_response_payload": envelope.kind != "events_api",
            "payload": envelope.payload,
        }
        if envelope.kind == "events_api":
            frame |= {"retry_attempt": envelope.attempt, "retry_reason": envelope.reason}
        answer: asyncio.Future[Payload] = asyncio.get_running_loop().create_future()
        self._waiting[frame["envelope_id"]] = answer
        await connection.send(frame)
        try:
            async with asyncio.timeout(timing.ack):
                body = await answer
        except TimeoutError:
            return Outcome(ok=False, reason=NO_ACK)
        finally:
            del self._waiting[frame["envelope_id"]]
        return Outcome(ok=True, body=body.get("payload"))

    async def close(self) -> None:
        """Close every socket."""
        for each in list(self.connections):
            await each.socket.close()

    def _acknowledge(self, text: str) -> None:
        try:
            frame = json.loads(text)
        except ValueError:
            return
        waiting = (
            self._waiting.get(frame.get("envelope_id", "")) if isinstance(frame, dict) else None
        )
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)

    def _hello(self) -> Payload:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self.installation.app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": 18060},
        }


def disconnect(reason: str) -> Payload:
    """The frame that tells the app to leave a socket, and why."""
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}


async def _ping(connection: Connection) -> None:
    while not connection.socket.closed:
        await connection.socket.ping(b"Ping from the sandbox")
        await asyncio.sleep(_PING_EVERY)
