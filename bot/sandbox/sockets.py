"""Socket Mode: up to ten sockets, each payload goes to any one of them."""

import asyncio
import json
import secrets
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from bot.sandbox.changes import Changes
from bot.sandbox.delivery import Outcome, Parcel, Timing
from bot.sandbox.installation import Installation
from bot.sandbox.model import Payload

_LIMIT = 10
_PING_EVERY = 10.0


@dataclass(slots=True, eq=False)
class Connection:
    """One open socket.

    Attributes:
        mute: It stays open, but nothing comes through any more.
        swallowed: How many frames of the app's it took while mute.
        leaving: A refresh was asked for: nothing more is sent there.
    """

    socket: web.WebSocketResponse
    mute: bool = False
    swallowed: int = 0
    leaving: bool = False

    async def send(self, payload: Payload) -> None:
        """Sends a frame, unless the socket is mute or just closing."""
        if not self.mute and not self.socket.closed:
            try:
                await self.socket.send_str(json.dumps(payload))
            except ConnectionError:
                self.leaving = True


@dataclass(slots=True)
class Sockets:
    """The sockets that the app has open.

    Attributes:
        connections: Those that are open, oldest first.
        opened: How many were opened so far.
    """

    installation: Installation
    changes: Changes
    connections: list[Connection] = field(default_factory=list)
    opened: int = 0
    impatience: str = "timeout"
    _tickets: set[str] = field(default_factory=set)
    _waiting: dict[str, asyncio.Future[Payload]] = field(default_factory=dict)
    _turn: int = 0

    def ticket(self) -> str:
        """A word that opens one socket, once."""
        word = secrets.token_urlsafe(24)
        self._tickets.add(word)
        return word

    @property
    def usable(self) -> list[Connection]:
        """Those that payloads may go to."""
        return [each for each in self.connections if not each.leaving]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Opens a socket for whoever brings a ticket, and reads it to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=401)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(timeout=1.0, autoping=False, max_msg_size=16 * 1024 * 1024)
        await socket.prepare(request)
        connection = Connection(socket)
        if len(self.connections) >= _LIMIT:
            await connection.send(_disconnect("too_many_websockets"))
            await socket.close()
            return socket
        self.connections.append(connection)
        self.opened += 1
        await connection.send(self._hello())
        pinging = asyncio.create_task(_ping(connection))
        self.changes.note()
        try:
            await self._read(connection)
        finally:
            pinging.cancel()
            self.connections.remove(connection)
            self.changes.note()
        return socket

    async def carry(self, parcel: Parcel, timing: Timing) -> Outcome:
        """Sends an envelope to one socket and waits for its acknowledgement.

        An event waits for a socket when none is open, and then comes as a retry.
        """
        if not self.usable:
            if parcel.kind != "events_api":
                return Outcome(ok=False, reason="dispatch_failed")
            try:
                async with asyncio.timeout(timing.hold):
                    while not self.usable:
                        await self.changes.after(self.changes.version)
            except TimeoutError:
                return Outcome(ok=False, reason=self.impatience, final=True)
            parcel.attempt = max(1, parcel.attempt)
            parcel.reason = self.impatience
        self._turn += 1
        connection = self.usable[self._turn % len(self.usable)]
        envelope: Payload = {
            "envelope_id": secrets.token_hex(16),
            "type": parcel.kind,
            "accepts_response_payload": parcel.kind != "events_api",
            "payload": parcel.payload,
        }
        if parcel.kind == "events_api":
            envelope |= {"retry_attempt": parcel.attempt, "retry_reason": parcel.reason}
        answer: asyncio.Future[Payload] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = answer
        await connection.send(envelope)
        try:
            async with asyncio.timeout(timing.ack):
                body = await answer
        except TimeoutError:
            return Outcome(ok=False, reason=self.impatience)
        finally:
            del self._waiting[envelope["envelope_id"]]
        return Outcome(ok=True, body=body.get("payload"))

    async def refresh(self, connection: Connection | None = None) -> None:
        """Asks the app to open a new socket in place of one (the oldest), after a warning."""
        chosen = connection or self.usable[0]
        await chosen.send(_disconnect("warning"))
        chosen.leaving = True
        await chosen.send(_disconnect("refresh_requested"))
        self.changes.note()

    async def disable(self) -> None:
        """Socket Mode was switched off: every socket is told so and closed."""
        for each in list(self.connections):
            await each.send(_disconnect("link_disabled"))
            await each.socket.close()

    def mute(self) -> None:
        """Lets every open socket fall silent: it stays open, without even pongs."""
        for each in self.connections:
            each.mute = True

    async def close(self) -> None:
        """Closes every socket."""
        for each in list(self.connections):
            await each.socket.close()

    async def _read(self, connection: Connection) -> None:
        while True:
            frame = await connection.socket.receive()
            if frame.type in {
                WSMsgType.CLOSE,
                WSMsgType.CLOSING,
                WSMsgType.CLOSED,
                WSMsgType.ERROR,
            }:
                return
            if connection.mute:
                connection.swallowed += 1
                self.changes.note()
                continue
            if frame.type is WSMsgType.PING:
                await connection.socket.pong(frame.data)
            elif frame.type is WSMsgType.TEXT:
                self._acknowledge(frame.data)

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


def _disconnect(reason: str) -> Payload:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}


async def _ping(connection: Connection) -> None:
    while not connection.socket.closed and not connection.mute:
        await connection.socket.ping(b"Ping from the sandbox")
        await asyncio.sleep(_PING_EVERY)
