"""Start and stop what was composed, in order, until a signal says so; the web server."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Final, cast

from aiohttp import web

from bot.compose import Components, build
from bot.config import Settings
from bot.core.errors import SettingsError, StoreBusyError, StoreFullError, StorePlaceError
from bot.core.intake.people import noted
from bot.identity import identify
from bot.readiness import answers, put_off
from handlers.web import ServerLog, make_app
from storage import migrate

log = logging.getLogger(__name__)

LONGEST_PAUSE: Final = 10.0
"""The most seconds between two tries to open the database. The pause doubles each time."""

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
async def running(components: Components) -> AsyncIterator[asyncio.Task[None]]:
    """Start the bot and speak with its chats; stop in reverse order at the end.

    Yields:
        The task that learns who we are. It fails when token and database do not belong together.

    Raises:
        SettingsError: the database is another tenant's. Nothing was done.
    """
    if components.teams is not None:
        await noted(components.teams.ensure_ours(components.store))
    names = components.keeper.reader.framework.titles
    await noted(components.store.name_components(names))
    await components.outbox.start()
    try:
        async with components.schedule.ticking():
            if components.sockets is not None:
                components.sockets.start()
            identifying = asyncio.create_task(identify(components), name="identify")
            try:
                yield identifying
            finally:
                identifying.cancel()
                await asyncio.wait([identifying])
                if components.sockets is not None:
                    await components.sockets.stop()
                await components.history.stop()
    finally:
        await components.outbox.stop()


async def run(settings: Settings) -> None:
    """Connect to the chats and serve the web side until SIGTERM or SIGINT."""
    stop = stopped_by_signal()
    if settings.commonplace_clock is not None:
        log.warning("the clock was set to %s: this is a rehearsal", settings.commonplace_clock)
    why = "The database is not open yet."
    served = put_off(lambda: why)
    # One server from the start to the end: only what it answers with changes.
    app = make_app(lambda: served)
    async with AsyncExitStack() as work, listen(app, settings.host, settings.port) as address:
        async for problem in _unusable(settings, stop):
            why = problem
            log.info("listening on %s, and waiting", address)
        if stop.is_set():
            return
        components = await work.enter_async_context(build(settings))
        identifying = await work.enter_async_context(running(components))
        identifying.add_done_callback(partial(_end_on_failure, stop))
        served = answers(components)
        log.info("listening on %s", address)
        # What is here to stay is passed over, the rest looked at less often: by its defaults the
        # garbage collector takes a tenth of the time that an event costs.
        gc.freeze()
        gc.set_threshold(10_000, 10, 10)
        gc.enable()
        await stop.wait()
        log.info("stopping")
        if identifying.done():
            identifying.result()


def _end_on_failure(stop: asyncio.Event, task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        stop.set()


def stopped_by_signal() -> asyncio.Event:
    """Return an event that SIGTERM or SIGINT sets."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    return stop


async def _unusable(settings: Settings, stop: asyncio.Event) -> AsyncIterator[str]:
    """Bring the database to this version's schema; before each new try, yield why one failed.

    The generator ends when the schema is there, or when *stop* is set.
    """
    pause = 1.0
    while not stop.is_set():
        try:
            await asyncio.to_thread(migrate, settings.database_url, patience=2.5)
        except StorePlaceError:
            raise
        except (StoreFullError, StoreBusyError) as error:
            log.warning("%s Trying again in %.0f s.", error, pause)
            yield str(error)
        else:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await stop.wait()
        pause = min(pause * 2, LONGEST_PAUSE)


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
    protocols = cast("web.Server", runner.server)  # there is one after `setup`
    loop = asyncio.get_running_loop()
    try:
        server = await loop.create_server(protocols, host, port, backlog=BACKLOG)
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
