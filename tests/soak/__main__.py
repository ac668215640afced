"""A soak: five minutes of everything at once, then what Slack holds against what the store holds.

`make soak`, or `SECONDS=120 python -m tests.soak`. Members act at 50 events a second while faults
strike, and the program is killed every 20 seconds. Loopback only; ends with exit status 1 when
anything differs.
"""

import asyncio
import json
import os
import random
import signal
import sqlite3
import sys
import time
from asyncio.subprocess import PIPE, Process
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

ROOT = Path(__file__).parents[2]
SECONDS = float(os.environ.get("SECONDS", "300"))
PER_SECOND = float(os.environ.get("PER_SECOND", "50"))
KILL_EVERY = float(os.environ.get("KILL_EVERY", "20"))
SEED = int(os.environ.get("SEED", str(random.SystemRandom().randrange(10_000))))
CALM = 240.0
"""Seconds that what was put off may take at the end: pauses between tries grow."""


@dataclass(slots=True)
class Bot:
    """The program, started again as often as it is killed."""

    folder: Path
    slack: dict[str, str]
    kills: int = 0
    process: Process | None = None
    output: Path = field(init=False)

    def __post_init__(self) -> None:
        self.output = self.folder / "output.txt"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "SLACK_BOT_TOKEN": self.slack["bot_token"],
            "SLACK_APP_TOKEN": self.slack["app_token"],
            "SLACK_API_URL": self.slack["api_url"],
            "DATABASE_URL": f"sqlite:///{self.folder / 'ideas.db'}",
            "PORT": "0",
            "COMMONPLACE_LOG_FORMAT": "json",
        }

    async def start(self) -> None:
        with self.output.open("ab") as out:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env=self.environment, stdout=out, stderr=out
            )

    async def stop(self, sign: signal.Signals) -> int:
        assert self.process is not None
        assert self.process.returncode is None, "the program ended by itself"
        self.process.send_signal(sign)
        return await self.process.wait()

    async def run(self, *args: str, **more: str) -> str:
        """Run a command of the program; its output."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", *args),
            env=self.environment | more,
            stdout=PIPE,
            stderr=PIPE,
        )
        out, err = await process.communicate()
        if process.returncode:
            raise SystemExit(f"commonplace {' '.join(args)} failed: {out.decode()}{err.decode()}")
        return out.decode()

    async def calm(self) -> float:
        """Wait until it is ready, has read every history, and has nothing left to do."""
        began = time.monotonic()
        while time.monotonic() - began < CALM:
            await asyncio.sleep(0.5)
            if await self._reading() is False and self.waiting() == 0:
                return time.monotonic() - began
        raise SystemExit(f"{self.waiting()} jobs still wait after {CALM:.0f} s")

    def waiting(self) -> int:
        with closing(sqlite3.connect(self.folder / "ideas.db", timeout=10)) as con:
            return int(con.execute("select count(*) from outbox").fetchone()[0])

    async def _reading(self) -> bool | None:
        """Whether histories are being read; None: it is not ready."""
        lines = self.output.read_text().splitlines()
        heard = [line for line in lines if "listening on" in line]
        url = json.loads(heard[-1])["event"].removeprefix("listening on ")
        try:
            async with aiohttp.ClientSession() as session, session.get(f"{url}/readyz") as answer:
                told = json.loads(await answer.text())
        except aiohttp.ClientError:
            return None
        return bool(told["catching_up"]) if told["ready"] else None


def kept(database: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """What the store holds, by channel and ts."""
    with closing(sqlite3.connect(database)) as con:
        con.row_factory = sqlite3.Row
        rows = con.execute("select * from idea").fetchall()
    return {(row["channel"], row["ts"]): dict(row) for row in rows}


def differences(held: dict[str, Any], rows: dict[tuple[str, str], dict[str, Any]]) -> list[str]:
    """Field by field, what the channels and the store do not agree on."""
    found: list[str] = []
    expected: dict[tuple[str, str], dict[str, Any]] = {}
    for post in held["posts"]:
        key = (post["channel"], post["ts"])
        talk = post["reply"] or post["text"].startswith("Good morning")
        wanted = not post["crossed"] and (post["marked"] if talk else True)
        if post["mark"] != wanted:
            found.append(f"{key}: mark is {post['mark']}, should be {wanted}: {post}")
        if wanted:
            expected[key] = post
    alive = {key: row for key, row in rows.items() if row["withdrawn"] is None}
    found += [f"{key}: missing: {expected[key]}" for key in expected.keys() - alive.keys()]
    found += [f"{key}: should be withdrawn" for key in alive.keys() - expected.keys()]
    for key in expected.keys() & alive.keys():
        post, row = expected[key], alive[key]
        pairs = {
            "text": (post["text"], row["text"]),
            "tags": (post["text"].partition("#")[2], row["tags"]),
            "author": (post["author"], row["author_name"]),
            "edited": (post["edited"], row["edited_at"] is not None),
            "replies": (post["replies"], row["replies"]),
            "reactions": (post["reactions"], row["reactions"]),
        }
        found += [
            f"{key}: {name} is {ours!r}, should be {theirs!r}"
            for name, (theirs, ours) in pairs.items()
            if theirs != ours
        ]
    for channel, ts in held["gone"]:
        left = rows.get((channel, ts))
        if left is not None and (left["withdrawn"] is None or left["text"]):
            found.append(f"{channel} {ts}: deleted, but there is {left['text']!r}")
    numbers = sorted(row["number"] for row in rows.values())
    if numbers != list(range(1, len(numbers) + 1)):
        found.append("the numbers have gaps or doubles")
    return found


async def soak(folder: Path) -> int:
    """Run it; returns how many differences there are."""
    target = folder / "held.json"
    slack = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.soak.slack", str(target), str(PER_SECOND), str(SEED),
        cwd=ROOT, stdin=PIPE, stdout=PIPE,
    )  # fmt: skip
    assert slack.stdin is not None
    assert slack.stdout is not None

    async def tell(word: str) -> None:
        assert slack.stdin is not None
        assert slack.stdout is not None
        slack.stdin.write(f"{word}\n".encode())
        await slack.stdin.drain()
        if not (await slack.stdout.readline()).strip():
            raise SystemExit("the small Slack ended")

    bot = Bot(folder, json.loads(await slack.stdout.readline()))
    began = time.monotonic()
    await bot.start()
    while time.monotonic() - began < SECONDS:
        await asyncio.sleep(min(KILL_EVERY, max(0.0, began + SECONDS - time.monotonic())))
        if time.monotonic() - began < SECONDS:
            await bot.stop(signal.SIGKILL)
            bot.kills += 1
            await bot.start()
    say(f"{time.monotonic() - began:.0f} s of it; now all rest")
    await tell("rest")
    await bot.calm()
    # What a reading says of a reaction counts when no event told of it within the last minute.
    # A deletion that was never told is believed when two readings, some time apart, lack the post.
    for ahead in (timedelta(minutes=2), timedelta(minutes=22)):
        clock = (datetime.now(UTC) + ahead).isoformat()
        read = await bot.run("catch-up", COMMONPLACE_CLOCK=clock)
        say(f"caught up: {'; '.join(read.splitlines())}")
    waited = await bot.calm()
    status = await bot.stop(signal.SIGTERM)
    await tell("hold")
    slack.stdin.close()
    await slack.wait()
    say(await bot.run("check"))
    held = json.loads(target.read_text())
    rows = kept(folder / "ideas.db")
    found = differences(held, rows)
    written = bot.output.read_text()
    say(f"seed {SEED}; what members did: {held['done']}")
    say(f"faults: {held['struck']}; events that Slack gave up: {held['lost']}")
    say(f"calls of Slack: {sum(held['calls'].values())}; kills: {bot.kills}; last exit: {status}")
    say(f"tracebacks in the log: {written.count('Traceback')}; calm after {waited:.0f} s")
    withdrawn = sum(row["withdrawn"] is not None for row in rows.values())
    say(f"posts in the channels: {len(held['posts'])}; kept: {len(rows)}, withdrawn: {withdrawn}")
    for one in found[:20]:
        say(one)
    say(f"{len(found)} differences")
    return len(found)


def say(words: str) -> None:
    """A line for whoever watches."""
    print(words, flush=True)  # noqa: T201


if __name__ == "__main__":
    with TemporaryDirectory(prefix="commonplace-soak-") as name:
        sys.exit(1 if asyncio.run(soak(Path(name))) else 0)
