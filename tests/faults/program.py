"""The program as an operator starts it: a process of its own, with settings in its environment."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import eventually
from tests.slack import Slack

ROOT = Path(__file__).parents[2]
_LISTENING = re.compile(r"listening on (http://[0-9.:]+)")


@dataclass(frozen=True, slots=True)
class Program:
    """A running `commonplace run`."""

    process: Process
    output: Path
    url: str

    def written(self) -> str:
        """Everything it wrote, to either stream."""
        return self.output.read_text()

    async def end(self, sign: signal.Signals) -> int:
        """Send a signal and wait for the end; returns the exit status."""
        self.process.send_signal(sign)
        return await self.process.wait()


@asynccontextmanager
async def program(
    slack: Slack, database: Path, *, transport: str = "socket", **environment: str
) -> AsyncIterator[Program]:
    """Run the program against *slack* until it listens and, over sockets, is connected."""
    output = database.with_name(f"output-{os.urandom(4).hex()}.txt")
    token = {"SLACK_APP_TOKEN": slack.app_token}
    if transport == "http":
        token = {"SLACK_SIGNING_SECRET": slack.signing_secret}
    with output.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            cwd=database.parent,
            stdout=out,
            stderr=out,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_API_URL": slack.api_url,
                "DATABASE_URL": f"sqlite:///{database}",
                "PORT": "0",
                "COMMONPLACE_LOG_FORMAT": "json",
                **token,
                **environment,
            },
        )
    try:

        async def listening() -> bool:
            assert process.returncode is None, output.read_text()
            return _LISTENING.search(output.read_text()) is not None

        await eventually(listening, "the program listens")
        found = _LISTENING.search(output.read_text())
        assert found is not None
        if transport == "http":
            slack.events_url = f"{found[1]}/slack/events"
        else:
            await slack.connected()
        yield Program(process, output, found[1])
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
