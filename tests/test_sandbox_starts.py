"""`commonplace sandbox` beside another one: neither touches what the other keeps."""

from __future__ import annotations

import asyncio
import re
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp

from tests.processes import commonplace, environment, names_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@asynccontextmanager
async def sandbox(folder: Path) -> AsyncIterator[str]:
    """A sandbox that runs in *folder* on a free port; gives its address."""
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "sandbox"),
        cwd=folder,
        env=environment({"PORT": "0"}),
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
        await program.wait()


async def test_a_second_sandbox_harms_none_that_runs(tmp_path: Path) -> None:
    """Each port has a file of its own, and a port that is taken is said before any is touched."""
    async with sandbox(tmp_path) as first, sandbox(tmp_path) as second:
        ports = [address.rpartition(":")[2] for address in (first, second)]
        before = names_in(tmp_path / "data")
        assert sorted(f"sandbox-{port}.db" for port in ports) == [
            name for name in before if name.endswith(".db")
        ]
        done = await commonplace("sandbox", settings={"PORT": ports[0]}, folder=tmp_path)
        assert (2, "") == (done.status, done.out)
        assert f"127.0.0.1:{ports[0]} " in done.err
        assert before == names_in(tmp_path / "data")
        async with aiohttp.ClientSession() as session:
            for address in (first, second):
                async with session.get(f"{address}/readyz") as answer:
                    assert 200 == answer.status, await answer.text()
