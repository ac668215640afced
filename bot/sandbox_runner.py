"""`make sandbox`: the unchanged bot and a small Slack of its own, in one process, on one port."""

import asyncio
from contextlib import AsyncExitStack, suppress
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import Clock
from bot.compose import Components, build
from bot.config import Need, Settings, load_settings
from bot.core.errors import SettingsError
from bot.core.week.timetable import BEFORE
from bot.identity import learn_everywhere
from bot.readiness import answers, put_off
from bot.sandbox import Blog, Sandbox
from bot.serve import listen, running, stopped_by_signal
from bot.telemetry import set_up_logging
from handlers.slack.manifest import manifest
from handlers.web import make_app

HOST = "127.0.0.1"
DATA = Path("data")
_PATIENCE = 3.0
"""Seconds to wait for the jobs that are due at an hour that is jumped over."""


async def serve_sandbox(port: int) -> None:
    """Serve the page, its Web API and the bot's web side until SIGTERM or SIGINT.

    Raises:
        SettingsError: the port is taken. Nothing was touched.
    """
    stop = stopped_by_signal()
    set_up_logging("console", level="WARNING")
    clock = Clock()
    components: Components

    async def advance(to: datetime) -> None:
        # Coordinators see a digest an hour before it is posted: do not jump over that hour.
        if clock() < to - BEFORE:
            clock.jump(to - BEFORE)
            await components.timetable.tick()
            await _at_rest(components)
        clock.jump(to)
        await components.timetable.tick()

    async def afresh() -> None:
        clock.ahead = timedelta()
        await components.store.wipe()
        for connection in components.connections:
            await components.connections.learn(connection, components.store)
        await learn_everywhere(components)

    sandbox = Sandbox(manifest(), clock, advance=advance, on_reset=afresh, samples=True)
    served = put_off(lambda: "The practice room is being made ready.")
    app = make_app(lambda: served)
    sandbox.add_routes(app)
    async with listen(app, HOST, port) as address, AsyncExitStack() as beside:
        blog = await _blog(beside, address)
        await sandbox.start(address, blog)
        settings = _settings(sandbox, address)
        async with build(settings, clock) as components, running(components):
            served = answers(components)
            await sandbox.connected()
            await sandbox.deliver_history()
            print(  # noqa: T201  (what the command is for)
                f"\n  Commonplace is ready to try: {address}\n"
                f"  A sample blog that can show a board: {blog or 'no port was free for it'}\n"
                "  It is not Slack: its people are samples, and nothing leaves this computer.\n"
                "  Ctrl-C ends it.\n",
                flush=True,
            )
            await stop.wait()
        await sandbox.stop()


async def _blog(beside: AsyncExitStack, room: str) -> str:
    """Serve the sample blog on a free port; return its address, or nothing where that fails.

    No port is preferred: the next one may be meant for a second sandbox.
    """
    try:
        return await beside.enter_async_context(listen(Blog(room).app(), HOST, 0))
    except SettingsError:
        return ""


def _settings(sandbox: Sandbox, address: str) -> Settings:
    """Settings for the sandbox alone, with a new database: no environment and no `.env` counts."""
    port = address.rpartition(":")[2]
    database = DATA / f"sandbox-{port}.db"
    # The sandbox's Slack begins anew each time, so what was kept of the last one fits no more.
    for ending in ("", "-wal", "-shm", ".erased"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    return load_settings(
        Need.NOTHING,
        {},
        env_file=None,
        slack_bot_token=sandbox.bot_token,
        slack_app_token=sandbox.app_token,
        slack_api_url=sandbox.api_url,
        database_url=f"sqlite:///{database}",
        port=port,
    )


async def _at_rest(components: Components) -> None:
    """Wait until the jobs that are due are done, for a moment at most."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            while (  # noqa: ASYNC110  (what is done in the outbox sets no event of ours)
                due := await components.store.next_due()
            ) is not None and due <= components.clock():
                await asyncio.sleep(0.02)
