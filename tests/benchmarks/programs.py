"""Programs as a benchmark starts them: in processes of their own, on free ports, on loopback."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from tests.benchmarks.slack import SECRET, TOKEN

ROOT = Path(__file__).parents[2]
MIB = 1024 * 1024


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@dataclass(slots=True)
class Program:
    """A server in a process of its own.

    Attributes:
        ready_after: seconds from its start until it answered that it is ready.
    """

    args: Sequence[str]
    port: int
    env: Mapping[str, str] = field(default_factory=dict)
    ready_after: float = 0.0
    _process: subprocess.Popen[bytes] | None = None

    @contextmanager
    def running(self, path: str = "/readyz") -> Iterator[Program]:
        """Start it, wait until *path* answers 200, and stop it at the end."""
        began = time.perf_counter()
        self._process = subprocess.Popen(
            self.args, cwd=ROOT, env=clean_env() | dict(self.env), stderr=subprocess.PIPE
        )
        try:
            self._wait(f"http://127.0.0.1:{self.port}{path}", began)
            yield self
        finally:
            self.go_on()
            self._process.terminate()
            _, said = self._process.communicate(timeout=60)
            if self._process.returncode not in {0, -signal.SIGTERM}:
                sys.stderr.write(said.decode())

    def _wait(self, url: str, began: float) -> None:
        assert self._process is not None
        while True:
            try:
                with urlopen(url) as answer:  # noqa: S310  (our own address)
                    if answer.status == 200:
                        break
            except URLError:
                pass
            if self._process.poll() is not None or time.perf_counter() - began > 30:
                raise RuntimeError(f"{' '.join(self.args)} did not become ready")
            time.sleep(0.005)
        self.ready_after = time.perf_counter() - began

    def pause(self) -> None:
        """Take it off the processor, so that it cannot disturb what is measured beside it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it run again."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def memory(self) -> float:
        """What it holds in memory, in MiB: private pages, as far as the system tells."""
        assert self._process is not None
        return float(psutil.Process(self._process.pid).memory_full_info().uss) / MIB


def clean_env() -> dict[str, str]:
    """The environment without any setting of ours, and without what only development brings."""
    ours = ("SLACK_", "COMMONPLACE_", "DATABASE_URL", "PORT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"PYTHONPATH": str(Path(__file__).parent / "as_installed")}


def slack() -> Program:
    """The Slack that says yes."""
    port = free_port()
    args = (sys.executable, "-m", "tests.benchmarks.slack", str(port))
    return Program(args, port)


def plain_bolt(slack_port: int) -> Program:
    """The yardstick."""
    port = free_port()
    api_url = f"http://127.0.0.1:{slack_port}/api/"
    args = (sys.executable, "-m", "tests.benchmarks.plain_bolt", str(port), api_url)
    return Program(args, port)


def plain_page(size: int) -> Program:
    """A page of so many bytes."""
    port = free_port()
    return Program(
        (sys.executable, "-m", "tests.benchmarks.plain_page", str(port), str(size)), port
    )


def commonplace(
    slack_port: int, database: Path, *, program: Sequence[str] = ("-m", "bot", "run")
) -> Program:
    """The bot itself, in HTTP mode, keeping its ideas in *database*."""
    port = free_port()
    env = {
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"http://127.0.0.1:{slack_port}/api/",
        "DATABASE_URL": f"sqlite:///{database}",
        "PORT": str(port),
    }
    return Program((sys.executable, *program), port, env)


def fire(port: int, concurrency: int, first: int, count: int) -> float:
    """Send signed events; returns how many were acknowledged in a second."""
    args = (sys.executable, "-m", "tests.benchmarks.load")
    numbers = map(str, (port, concurrency, first, count))
    result = subprocess.run((*args, *numbers), cwd=ROOT, check=True, capture_output=True)
    said = json.loads(result.stdout)
    if said["acknowledged"] != count:
        raise RuntimeError(f"only {said['acknowledged']} of {count} events were acknowledged")
    return count / float(said["seconds"])
