"""The program as its users run it: a process with nothing but its settings."""

import asyncio
import contextlib
import csv
import io
import signal
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp

COMMONPLACE = Path(sys.executable).with_name("commonplace")


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended, and what it said."""

    code: int
    output: bytes
    complaints: str


@dataclass(frozen=True, slots=True)
class Program:
    """One installation: its settings, and a directory in which no `.env` lies.

    The log of `run` is added to `program.log` in that directory.
    """

    settings: dict[str, str]
    directory: Path

    @property
    def url(self) -> str:
        """Where its web side listens."""
        return f"http://{self.settings['HOST']}:{self.settings['PORT']}"

    @property
    def log(self) -> str:
        path = self.directory / "program.log"
        return path.read_text() if path.exists() else ""

    async def command(self, *arguments: str, within: float = 60) -> Finished:
        """Run `commonplace ARGUMENTS` to its end, WITHIN so many seconds."""
        process = await asyncio.create_subprocess_exec(
            COMMONPLACE,
            *arguments,
            cwd=self.directory,
            env=self.settings,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(within):
                output, complaints = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()
        return Finished(process.returncode or 0, output, complaints.decode())

    async def export(self, *arguments: str) -> list[dict[str, str]]:
        """The rows of `commonplace export`."""
        done = await self.command("export", *arguments)
        assert done.code == 0, done.complaints
        return list(csv.DictReader(io.StringIO(done.output.decode("utf-8-sig"), newline="")))

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """`commonplace run`, ready; ended by SIGTERM, in peace and in time, after the block."""
        with (self.directory / "program.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                COMMONPLACE,
                "run",
                cwd=self.directory,
                env=self.settings,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            await self._until_ready(process)
            yield
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(25):
                code = await process.wait()
            assert code == 0, self.log
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def _until_ready(self, process: asyncio.subprocess.Process) -> None:
        async with asyncio.timeout(60), aiohttp.ClientSession() as session:
            while True:
                assert process.returncode is None, self.log
                with contextlib.suppress(aiohttp.ClientConnectionError):
                    async with session.get(f"{self.url}/readyz") as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.02)


def unused_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
