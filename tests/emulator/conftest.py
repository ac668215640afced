"""Starts the emulator for the tests in this folder, and installs it where it is missing.

It comes from npm and needs Node 22.15 or newer. `npm install` brings both into
`tests/emulator/node_modules` once; where that cannot be, each test is skipped and says why.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulator.program import Program, unused_port
from tests.emulator.workspace import Person, Workspace
from tests.npm import NoNpmError, node_for

HERE = Path(__file__).parent
OLDEST_NODE = (22, 15)
SIGNING_SECRET = "emulator-signing-secret"


@pytest.fixture(scope="session")
def node() -> Path:
    """A Node that runs the emulator, which is installed beside it."""
    try:
        return node_for(HERE, "emulator", OLDEST_NODE)
    except NoNpmError as why:
        pytest.skip(str(why))


@contextlib.asynccontextmanager
async def launched(node: Path, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The launcher as a process; ended, and waited for, when the block ends."""
    process = await asyncio.create_subprocess_exec(
        node,
        HERE / "launch.mjs",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


class StartWorkspace(Protocol):
    """Starts an emulator whose bot may do what SCOPES cover; anything when there are none."""

    async def __call__(self, scopes: Sequence[str] = ()) -> Workspace: ...


@pytest.fixture
async def start_workspace(node: Path) -> AsyncIterator[StartWorkspace]:
    """Starts emulators for one test and ends them after it."""
    async with contextlib.AsyncExitStack() as running:

        async def start(scopes: Sequence[str] = ()) -> Workspace:
            arguments = ["--signing-secret", SIGNING_SECRET, "--scopes", ",".join(scopes)]
            process = await running.enter_async_context(launched(node, *arguments))
            assert process.stdout
            assert process.stderr
            async with asyncio.timeout(30):
                line = await process.stdout.readline()
                assert line, (await process.stderr.read()).decode()
            return _read(json.loads(line))

        yield start


@pytest.fixture
async def workspace(start_workspace: StartWorkspace) -> Workspace:
    """A fresh emulated workspace whose bot may do anything."""
    return await start_workspace()


def _read(ready: dict[str, Any]) -> Workspace:
    api_url = f"{ready['url']}/api/"
    people = tuple(
        Person(
            id=person["id"],
            name=person["name"],
            title=person["title"],
            client=AsyncWebClient(person["token"], base_url=api_url),
        )
        for person in ready["people"]
    )
    return Workspace(
        url=ready["url"],
        signing_secret=SIGNING_SECRET,
        bot_token=ready["bot"]["token"],
        bot_user=ready["bot"]["user"],
        people=people,
        channels=ready["channels"],
    )


@dataclass(frozen=True, slots=True)
class Installed:
    """The program, set up for a workspace whose bot may do what its manifest asks for."""

    program: Program
    workspace: Workspace

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The program, ready and hearing the workspace's events."""
        async with self.program.running():
            await self.workspace.send_events_to(f"{self.program.url}/slack/events")
            yield
            await self.workspace.send_events_to("")


@pytest.fixture
async def installed(start_workspace: StartWorkspace, tmp_path: Path) -> Installed:
    """The program and its workspace, neither of them knowing more than an operator would say."""
    manifest = await Program({}, tmp_path).command("manifest")
    assert manifest.code == 0, manifest.complaints
    workspace = await start_workspace(json.loads(manifest.output)["oauth_config"]["scopes"]["bot"])
    settings = {
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_SIGNING_SECRET": workspace.signing_secret,
        "SLACK_API_URL": workspace.api_url,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'commonplace.db'}",
        "HOST": "127.0.0.1",
        "PORT": str(unused_port()),
    }
    return Installed(Program(settings, tmp_path), workspace)
