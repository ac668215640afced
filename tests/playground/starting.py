"""Microsoft's Agents Playground, a small Teams on a page, and the bot: started and ended together.

Both listen on this machine alone. `playground.json` says who and what is there, all made up: the
playground wants five members beside the one who types, and one team with at most one channel beside
General. A member's ids in Teams and in Entra are the same, for it finds nobody by the latter.
"""

import asyncio
import json
import os
import re
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from aiohttp import web

from tests.npm import node_for

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]
SAMPLES: Final[Mapping[str, Any]] = json.loads((HERE / "playground.json").read_text("utf-8"))
OLDEST_NODE: Final = (20, 0)
LOCALHOST: Final = "127.0.0.1"
_CLI: Final = HERE / "node_modules/@microsoft/m365agentsplayground/cli.js"
_PATIENCE: Final = 60
"""Seconds that either may take until it listens."""
_NOT_OURS: Final = re.compile(
    r"^(SLACK_|TEAMS_|COMMONPLACE_|DATABASE_URL$|HOST$|PORT$)|_proxy$", re.IGNORECASE
)
"""Settings of another bot, and the way to a network that nothing here needs."""


class EndedError(Exception):
    """One of the two ended unasked; the text says which, and what it said last."""


@dataclass(slots=True)
class _Child:
    """A process of ours, and what it says, which goes to a log."""

    name: str
    process: asyncio.subprocess.Process
    log: IO[bytes]
    last: bytes = b""

    async def until_it_says(self, pattern: bytes) -> bytes:
        """Return the first group of the pattern in what it says; raise `EndedError` at its end."""
        async with asyncio.timeout(_PATIENCE):
            async for found in self._lines(re.compile(pattern)):
                return found
        raise EndedError(self._ended())

    async def until_it_ends(self) -> str:
        """Return which it was, and what it said last."""
        async for _ in self._lines(None):
            pass
        return self._ended()

    async def _lines(self, pattern: re.Pattern[bytes] | None) -> AsyncIterator[bytes]:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            self.log.write(line)
            self.last = line
            if pattern and (found := pattern.search(line)):
                yield found[1]

    def _ended(self) -> str:
        return f"{self.name} has ended: {self.last.decode(errors='replace').strip()}"


@dataclass(frozen=True, slots=True)
class Playground:
    """What runs.

    Args:
        page: the address of the page.
        bot: that of the bot's web side.
        folder: holds the bot's file, and an `.env` by which `commonplace` finds it there.
        ended: done as soon as either has ended unasked; says which.
    """

    page: str
    bot: str
    folder: Path
    ended: asyncio.Task[str]


@asynccontextmanager
async def playground(
    folder: Path, *, page_port: int = 0, bot_port: int = 0
) -> AsyncIterator[Playground]:
    """Start both in a folder, of which nothing is kept from before; end both after the block.

    Args:
        page_port: of the page, 0 for any that is free; of the bot likewise.

    Raises:
        NoNpmError: Node, or the playground, is missing.
        OSError: a port is taken; nothing was touched.
        EndedError: one of the two does not start.
    """
    node = await asyncio.to_thread(node_for, HERE, "Agents Playground", OLDEST_NODE)
    page_port, bot_port = free_port(page_port), free_port(bot_port)
    bot = f"http://{LOCALHOST}:{bot_port}"
    async with _graph_that_allows_nothing() as graph:
        _make(folder, graph, bot_port)
        environment = {
            name: value for name, value in os.environ.items() if not _NOT_OURS.search(name)
        }
        environment |= {"PYTHONPATH": str(ROOT)}
        async with _child(
            "Commonplace", folder, sys.executable, "-m", "bot", "run", environment=environment
        ) as program:
            await program.until_it_says(rb"(listening on)")
            async with _child(
                "The Agents Playground",
                folder,
                *(str(node), "--require", str(HERE / "loopback.cjs"), str(_CLI), "start"),
                *("-e", f"{bot}/teams/messages", "-c", "msteams", "-p", str(page_port), "--dt"),
                environment={
                    **environment,
                    "TEAMSAPPTESTER_BROWSER": "none",
                    "M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(HERE / "playground.json"),
                    "M365_AGENTS_PLAYGROUND_LOGFILE": str(folder / "playground.log"),
                },
            ) as page:
                at = await page.until_it_says(rb"Listening on (\d+)")
                ended = asyncio.create_task(_first_end(program, page))
                try:
                    yield Playground(f"http://localhost:{int(at)}", bot, folder, ended)
                finally:
                    ended.cancel()
                    await asyncio.wait([ended])


def free_port(wanted: int) -> int:
    """Return a port that nobody listens on at this moment, the one that is wanted if any is.

    Raises:
        OSError: that one is taken.
    """
    with socket.create_server((LOCALHOST, wanted)) as server:
        port: int = server.getsockname()[1]
        return port


async def _first_end(*children: _Child) -> str:
    ends = [asyncio.ensure_future(child.until_it_ends()) for child in children]
    try:
        done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        return done.pop().result()
    finally:
        for one in ends:
            one.cancel()
        await asyncio.wait(ends)


@asynccontextmanager
async def _child(
    name: str, folder: Path, *command: str, environment: Mapping[str, str]
) -> AsyncIterator[_Child]:
    """A process in a folder; asked to end, and waited for, after the block."""
    with (folder / f"{name.rpartition(' ')[2].lower()}.out").open("wb", buffering=0) as log:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=folder,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            yield _Child(name, process, log)
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            out, _ = await process.communicate()
            log.write(out)


@asynccontextmanager
async def _graph_that_allows_nothing() -> AsyncIterator[str]:
    """The address of a Microsoft Graph without a consent; the playground has none at all."""

    async def refuse(_request: web.Request) -> web.Response:
        return web.json_response({"error": {"code": "Forbidden"}}, status=403)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", refuse)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, LOCALHOST, 0).start()
        yield "http://{}:{}/v1.0/".format(*runner.addresses[0])
    finally:
        await runner.cleanup()


def _make(folder: Path, graph: str, port: int) -> None:
    """A folder with the bot's settings alone. It starts there, so that no other `.env` counts."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.iterdir():
        left.unlink()
    settings = {
        "TEAMS_CLIENT_ID": SAMPLES["bot"]["id"].removeprefix("28:"),
        "TEAMS_CLIENT_SECRET": "the-playground-asks-for-none",
        "TEAMS_TENANT_ID": SAMPLES["tenantId"],
        "TEAMS_GRAPH_URL": graph,
        "TEAMS_REHEARSAL": "allow",
        "DATABASE_URL": "sqlite:///playground.db",
        "HOST": LOCALHOST,
        "PORT": str(port),
    }
    lines = [f"{name}={value}\n" for name, value in settings.items()]
    (folder / ".env").write_text("".join(lines), "utf-8")
