"""The listening socket of the web side."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, cast

from aiohttp import web

from bot.core.errors import SettingsError
from handlers.web import ServerLog

GRACE: Final = 20.0
"""Seconds that requests in hand may take when we are told to stop; hosts kill after 30."""
BACKLOG: Final = 1024
"""Connections that may wait to be accepted."""
TURNS: Final = 10
"""Turns of the event loop until a connection that was just accepted is read; it takes four.

Closed sooner, asyncio forgets such a connection and aiohttp leaves it unread, both without closing
it: whoever asked would wait.
"""


def bind(host: str, port: int) -> socket.socket:
    """Open a socket that listens at *host* and *port*; nobody answers on it yet.

    Raises:
        SettingsError: the address is taken or not ours.
    """
    try:
        return socket.create_server((host, port), backlog=BACKLOG)
    except OSError as error:
        raise _taken(host, port, error) from None


@asynccontextmanager
async def listen(
    app: web.Application, host: str, port: int, *, bound: socket.socket | None = None
) -> AsyncIterator[str]:
    """Serve *app*; yields its address. Requests in hand may end before it closes.

    Args:
        bound: serve on this socket, which is bound to *host* and *port* already.

    Raises:
        SettingsError: the address is taken or not ours.
    """
    # What is compressed stays so: nobody signs what it would be, and it may be enormous.
    runner = web.AppRunner(
        app, shutdown_timeout=GRACE, access_log=None, logger=ServerLog(), auto_decompress=False
    )
    await runner.setup()
    speak = cast("web.Server", runner.server)  # there is one after `setup`
    loop = asyncio.get_running_loop()
    where: dict[str, Any] = {"sock": bound} if bound is not None else {"host": host, "port": port}
    try:
        try:
            server = await loop.create_server(speak, backlog=BACKLOG, **where)
        except OSError as error:
            raise _taken(host, port, error) from None
        shown = f"[{host}]" if ":" in host else host
        try:
            yield f"http://{shown}:{server.sockets[0].getsockname()[1]}"
        finally:
            for listener in server.sockets:
                loop.remove_reader(listener)
            for _ in range(TURNS):
                await asyncio.sleep(0)
            server.close()
    finally:
        await runner.cleanup()


def _taken(host: str, port: int, error: OSError) -> SettingsError:
    why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
    return SettingsError(
        f"HOST, PORT: the bot cannot listen on {host}:{port} ({why}). Stop the program that uses "
        "that port, or choose another PORT; HOST must be an address of this machine, such as "
        "127.0.0.1"
    )
