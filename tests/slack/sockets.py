"""What befalls the sockets that the app has open: renewed, switched off, fallen silent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

from aiohttp import WSMessage, web

from bot.sandbox.sockets import Connection, Sockets, disconnect


@dataclass(frozen=True, slots=True)
class SilentSocket:
    """An open socket that sends nothing more, and takes what the app sends without a pong."""

    socket: web.WebSocketResponse
    swallow: Callable[[], None]

    @property
    def closed(self) -> bool:
        return self.socket.closed

    async def receive(self) -> WSMessage:
        return await self.socket.receive()

    async def send_str(self, _: str) -> None:
        """Send nothing."""

    async def ping(self, _: bytes) -> None:
        """Send nothing."""

    async def pong(self, _: bytes) -> None:
        self.swallow()

    async def close(self) -> None:
        await self.socket.close()


@dataclass(slots=True)
class SocketFaults:
    """The sandbox's sockets.

    Attributes:
        opened: How many the app has asked for with a ticket.
        swallowed: How many frames of the app's silent sockets took.
    """

    sockets: Sockets
    opened: int = 0
    swallowed: int = 0

    @property
    def connections(self) -> list[Connection]:
        """Those that are open, oldest first."""
        return self.sockets.connections

    @property
    def usable(self) -> list[Connection]:
        """Those that events may go to."""
        return self.sockets.usable

    async def refresh(self, connection: Connection | None = None) -> None:
        """Ask the app to open a new socket in place of one (the oldest), after a warning."""
        chosen = connection or self.usable[0]
        await chosen.send(disconnect("warning"))
        chosen.leaving = True
        await chosen.send(disconnect("refresh_requested"))
        self.sockets.changes.note()

    async def disable(self) -> None:
        """Switch Socket Mode off: every socket is told so and closed."""
        for each in list(self.connections):
            await each.send(disconnect("link_disabled"))
            await each.socket.close()

    def mute(self, connection: Connection | None = None) -> None:
        """Let one socket, or every open one, fall silent: it stays open, without even pongs."""
        for each in [connection] if connection else self.connections:
            silent = SilentSocket(each.socket, self._swallow)
            each.socket = cast("web.WebSocketResponse", silent)
            each.hear = lambda _: self._swallow()

    async def close(self) -> None:
        """Close every socket."""
        await self.sockets.close()

    @web.middleware
    async def middleware(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Count the sockets that are opened."""
        self.opened += request.path == "/link"
        return await handler(request)

    def _swallow(self) -> None:
        self.swallowed += 1
        self.sockets.changes.note()
