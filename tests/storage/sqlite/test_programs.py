"""Several programs on one file, and programs that are killed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage import migrate, migrations, open_store
from tests.storage.making import ALL, NONE

ROOT = Path(__file__).parents[3]


def run(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a Python program beside this one."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


MIGRATE = """
import sys
from storage import migrate
print("ready", flush=True)
sys.stdin.readline()
print(len(migrate(sys.argv[1])), flush=True)
"""


@pytest.mark.parametrize("existing", [False, True])
def test_four_programs_migrate_at_once(url: str, *, existing: bool) -> None:
    """Four programs that start at once on one file all succeed, and one of them migrates."""
    if existing:
        migrate(url)
    programs = [run(MIGRATE, url) for _ in range(4)]
    for program in programs:
        assert program.stdout is not None
        assert "ready\n" == program.stdout.readline()
    results = []
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    for program in programs:
        out, err = program.communicate(timeout=60)
        assert "" == err
        results.append(int(out))
    assert [0, 0, 0, 0 if existing else len(migrations.MIGRATIONS)] == sorted(results)


WRITE = """
import asyncio, sys
from storage import open_store
from tests.storage.making import keep
async def main():
    store = open_store(sys.argv[1])
    n = int(sys.argv[2])
    for k in range(int(sys.argv[3])):
        got = await keep(store, 1000 * n + k, text=f"word{n} number{k}")
        print(got.number, flush=True)
    await store.close()
asyncio.run(main())
"""


def test_four_programs_write_at_once(url: str) -> None:
    """Four programs that write at once see no lock, and share one row of numbers."""
    migrate(url)
    programs = [run(WRITE, url, n, 40) for n in range(4)]
    numbers: list[int] = []
    for program in programs:
        out, err = program.communicate(timeout=60)
        assert "" == err
        numbers += map(int, out.split())
    assert list(range(1, 161)) == sorted(numbers)


CLAIM = """
import asyncio, sys
from datetime import timedelta
from bot.core.model.deliveries import Claim, DeliveryKind
from storage import open_store
from tests.storage.making import T0, take
async def main():
    store = open_store(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    won = 0
    for week in range(30):
        got = await take(store, "T1", "C1", DeliveryKind.DIGEST, f"2026-W{week}", at=T0, now=T0,
                         lease=timedelta(minutes=5))
        won += isinstance(got, Claim)
    print(won, flush=True)
    await store.close()
asyncio.run(main())
"""


def test_programs_claim_at_once(url: str) -> None:
    """Three programs that claim the same weeks at once get each week once."""
    migrate(url)
    programs = [run(CLAIM, url) for _ in range(3)]
    for program in programs:
        assert program.stdout is not None
        assert "ready\n" == program.stdout.readline()
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    won = []
    for program in programs:
        out, err = program.communicate(timeout=60)
        assert "" == err
        won.append(int(out))
    assert 30 == sum(won)


async def test_killed(url: str) -> None:
    """A program killed without warning has lost nothing that it acknowledged."""
    for round_ in range(3):
        program = run(WRITE, url, round_, 100_000)
        assert program.stdout is not None
        last = 0
        for _ in range(60):
            last = int(program.stdout.readline())
        program.kill()
        rest = program.stdout.read()
        program.communicate(timeout=30)
        told = [last, *map(int, rest.split("\n")[:-1])][-1]
        store = open_store(url)
        try:
            assert told <= await store.count("T1", NONE, ALL) <= told + 1
            assert () == await store.check()
        finally:
            await store.close()
