"""The web server: it listens, and leaves nobody who asks without an answer."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, cast

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


@asynccontextmanager
async def listen(app: web.Application, host: str, port: int) -> AsyncIterator[str]:
    """Serve *app*; yields its address. Requests in hand may end before it closes.

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
    try:
        server = await loop.create_server(speak, host, port, backlog=BACKLOG)
    except OSError as error:
        await runner.cleanup()
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise SettingsError(
            f"HOST, PORT: the bot cannot listen on {host}:{port} ({why}). Stop the program that "
            "uses that port, or choose another PORT; HOST must be an address of this machine, such "
            "as 127.0.0.1"
        ) from None
    shown = f"[{host}]" if ":" in host else host
    try:
        yield f"http://{shown}:{server.sockets[0].getsockname()[1]}"
    finally:
        for listener in server.sockets:
            loop.remove_reader(listener)
        for _ in range(TURNS):
            await asyncio.sleep(0)
        server.close()
        await runner.cleanup()
