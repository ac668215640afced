"""The program as a process of its own: started, listened to, ended, killed."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a process."""

    status: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        """Standard output as text."""
        return self.raw.decode()


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Nothing of ours but *settings*."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **settings}


def names_in(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(each.name for each in folder.iterdir())


async def commonplace(
    *words: str,
    settings: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Done:
    """Run `python -m bot …` to its end, in *folder*, where there is no `.env`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *words,
        env=environment(settings or {}),
        cwd=folder or "/",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    return await _end_of(process)


async def shell(line: str, *, settings: Mapping[str, str]) -> Done:
    """Run a line of shell to its end."""
    process = await asyncio.create_subprocess_shell(
        line,
        env=environment(settings),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    return await _end_of(process)


async def _end_of(process: asyncio.subprocess.Process) -> Done:
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    assert process.returncode is not None
    return Done(process.returncode, out, err.decode())


@dataclass(slots=True)
class Alive:
    """A bot that runs in a process of its own."""

    process: asyncio.subprocess.Process
    log: list[str]
    address: str = ""

    async def says(self, what: str) -> str:
        """Wait until a line of its log holds *what*."""
        assert self.process.stderr is not None
        async with asyncio.timeout(30):
            while not any(what in line for line in self.log):
                line = await self.process.stderr.readline()
                assert line, f"it ended without saying {what!r}:\n" + "".join(self.log)
                self.log.append(line.decode())
        return next(line for line in self.log if what in line)

    async def end(self, sign: int = signal.SIGTERM) -> int:
        """Send a signal and wait; returns the exit status."""
        if self.process.returncode is None:
            self.process.send_signal(sign)
        async with asyncio.timeout(30):
            out, err = await self.process.communicate()
        self.log.append(out.decode() + err.decode())
        assert self.process.returncode is not None
        return self.process.returncode


@asynccontextmanager
async def running(settings: Mapping[str, str]) -> AsyncIterator[Alive]:
    """`commonplace run`, listening at `address`; killed at the end if it is still there."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        env=environment({"PORT": "0", "COMMONPLACE_LOG_FORMAT": "json", **settings}),
        cwd="/",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    alive = Alive(process, [])
    try:
        said = await alive.says("listening on")
        found = re.search(r"http://[\d.]+:\d+", said)
        assert found is not None, said
        alive.address = found[0]
        yield alive
    finally:
        if process.returncode is None:
            await alive.end(signal.SIGKILL)


UNUSED = {"SLACK_BOT_TOKEN": "x", "COMMONPLACE_TIMEZONE": "Mars", "COMMONPLACE_NOTHING": "x"}
"""Settings that a sandbox does not look at: wrong ones, and one that there is not."""


@asynccontextmanager
async def sandbox(folder: Path) -> AsyncIterator[str]:
    """A sandbox that runs in *folder* on a free port; gives its address."""
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "sandbox"),
        cwd=folder,
        env=environment(UNUSED | {"PORT": "0"}),
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdout is not None
    try:
        async with asyncio.timeout(30):
            while not (found := re.search(rb"http://\S+", await program.stdout.readline())):
                pass
        yield found.group().decode()
    finally:
        program.terminate()
        assert 0 == await program.wait()
