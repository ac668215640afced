"""`make sandbox`: the unchanged bot and a small Slack of its own, in one process, on one port."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from bot.app import Clock, Parts, at_work, learn_channels, listen, put_together, taken
from bot.config import Need, Settings, load_settings
from bot.core.week.ahead import BEFORE
from bot.sandbox import Sandbox
from bot.telemetry import set_up_logging
from handlers.slack.manifest import manifest

HOST = "127.0.0.1"
DATA = Path("data")
_PATIENCE = 3.0
"""Seconds to wait for what is due at an hour that is jumped over."""


async def serve_sandbox(port: int, *, listening: Callable[[str], None] | None = None) -> None:
    """Serve the page, its Web API and the bot's web side until SIGTERM or SIGINT.

    Args:
        listening: told the page's address once everything works; None: it is printed.

    Raises:
        SettingsError: the port is taken. Nothing was touched.
    """
    try:
        bound = socket.create_server((HOST, port))
    except OSError as error:
        raise taken(HOST, port, error) from None
    with bound:
        await _serve(bound, listening)


async def _serve(bound: socket.socket, listening: Callable[[str], None] | None) -> None:
    port = bound.getsockname()[1]
    database = DATA / f"sandbox-{port}.db"
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    set_up_logging("console", level="WARNING")
    _forget(database)
    clock = Clock()
    parts: Parts

    async def advance(to: datetime) -> None:
        # Who coordinates is shown a digest an hour before: that hour is not jumped over.
        if clock() < to - BEFORE:
            clock.jump(to - BEFORE)
            await parts.timetable.tick()
            await _at_rest(parts)
        clock.jump(to)
        await parts.timetable.tick()

    async def afresh() -> None:
        clock.ahead = timedelta()
        await parts.store.wipe()
        workspace = await parts.chat.whoami()
        await parts.installation.learn(workspace, parts.store)
        await learn_channels(parts, workspace.id)

    sandbox = Sandbox(manifest(), clock, advance=advance, on_reset=afresh, samples=True)
    settings = sandbox_settings(sandbox, port, database)
    async with put_together(settings, clock) as parts, at_work(parts, connect=False) as running:
        sandbox.add_routes(running.web)
        async with listen(running.web, HOST, port, bound=bound) as address:
            await sandbox.start(address)
            parts.calls.client.base_url = sandbox.api_url
            running.connect()
            await sandbox.connected()
            await sandbox.deliver_history()
            if listening is not None:
                listening(address)
            else:
                print(  # noqa: T201  (what the command is for)
                    f"\n  Commonplace is ready to try: {address}\n"
                    "  It is not Slack: its people are samples, and nothing leaves this computer.\n"
                    "  Ctrl-C ends it.\n",
                    flush=True,
                )
            await stop.wait()
            await running.disconnect()
            await sandbox.stop()


async def _at_rest(parts: Parts) -> None:
    """Wait a moment until what was due is done."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            while (  # noqa: ASYNC110  (what is done in the outbox sets no event of ours)
                due := await parts.store.next_due()
            ) is not None and due <= parts.clock():
                await asyncio.sleep(0.02)


def sandbox_settings(sandbox: Sandbox, port: int, database: Path) -> Settings:
    """Settings for the sandbox alone: nothing of the environment or of `.env` counts."""
    return load_settings(
        Need.NOTHING,
        {},
        env_file=None,
        slack_bot_token=sandbox.bot_token,
        slack_app_token=sandbox.app_token,
        slack_api_url=f"http://{HOST}:{port}/api/",
        database_url=f"sqlite:///{database}",
        port=port,
    )


def _forget(database: Path) -> None:
    """The sandbox's Slack begins anew each time, so what was kept of the last one fits no more."""
    for ending in ("", "-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
