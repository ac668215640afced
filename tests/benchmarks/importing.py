"""The import of a Slack export, by the command itself: its pace, and the memory that it takes."""

import json
import random
import sys
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.benchmarks import texts
from tests.benchmarks.exporting import peak
from tests.benchmarks.programs import MIB
from tests.benchmarks.table import Row

TEAM, CHANNEL = "T0IMPORT00", "C0IMPORT00"
MEMBERS = 200
FIRST = datetime(2023, 8, 14, 13, tzinfo=UTC)
DAYS = 500


def export(target: Path, count: int) -> None:
    """Pack an export of one channel with *count* messages, replies and reactions among them."""
    chance = random.Random(11)  # noqa: S311  (the same file each time)
    users = [
        {
            "id": f"U0IMPORT{number:03d}",
            "team_id": TEAM,
            "name": f"m{number}",
            "profile": {"real_name": f"{texts.rare_word(number)} Reed", "title": "Librarian"},
        }
        for number in range(MEMBERS)
    ]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.json", json.dumps(users))
        archive.writestr("channels.json", json.dumps([{"id": CHANNEL, "name": "reading"}]))
        for day in range(DAYS):
            first = FIRST + timedelta(days=day)
            numbers = range(day * count // DAYS, (day + 1) * count // DAYS)
            said = list(_day(chance, first, numbers))
            archive.writestr(f"reading/{first:%Y-%m-%d}.json", json.dumps(said))


def _day(chance: random.Random, first: datetime, numbers: range) -> Iterator[dict[str, Any]]:
    parent = ""
    for number in numbers:
        ts = f"{int(first.timestamp()) + 60 * (number - numbers.start)}.{number % 1_000_000:06d}"
        who = f"U0IMPORT{chance.randrange(MEMBERS):03d}"
        one: dict[str, Any] = {
            "type": "message",
            "ts": ts,
            "user": who,
            "text": texts.post(number),
            "team": TEAM,
        }
        if parent and number % 3 == 0:
            yield one | {"thread_ts": parent, "text": "Thank you, we shall try that"}
            continue
        parent = ts
        if number % 2:
            names = [f"U0IMPORT{chance.randrange(MEMBERS):03d}" for _ in range(3)]
            one["reactions"] = [{"name": "heart", "users": names, "count": 3}]
        yield one


def rows(folder: Path, count: int) -> Iterator[Row]:
    """Messages a second and peak memory, of the whole process from start to end."""
    file = folder / "export.zip"
    export(file, count)
    words = ("import", str(file), "--channel", CHANNEL, "--workspace", TEAM, "--from", "reading")
    args, url = (sys.executable, "-m", "bot", *words), f"sqlite:///{folder / 'imported.db'}"
    began = time.perf_counter()
    most = peak(args, url)
    seconds = time.perf_counter() - began
    yield Row(
        what=f"Slack export of {count:,} messages, messages per second",
        value=count / seconds,
        goal=3000,
        stretch=6000,
        note=f"{seconds:.1f} s with the start; a file of {file.stat().st_size / MIB:.0f} MiB",
    )
    yield Row(
        what=f"Slack export of {count:,} messages, peak memory",
        value=most,
        goal=150,
        stretch=100,
        at_most=True,
        unit=" MiB",
        note="a day at a time",
    )
    began = time.perf_counter()
    peak(args, url)
    yield Row(
        what="the same export once more, messages per second",
        value=count / (time.perf_counter() - began),
        note="all is known",
    )
