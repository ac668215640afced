"""Boards as people outside open them: the program on a real socket, beside a bare page.

The program cannot reach its Slack, and has nothing to do for it: the web side alone is at work.
"""

import asyncio
import http.client
import random
import re
import sqlite3
import statistics
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from itertools import count as counted
from pathlib import Path

from bot.core.model.people import Profile, Shown
from bot.core.model.shares import Share, hashed
from storage import Store
from tests.benchmarks import books, load, programs, texts
from tests.benchmarks.finding import p99
from tests.benchmarks.table import Row

TOKEN = "a-board-for-benchmarks"
BOARD = f"/b/{TOKEN}/"
AT_ONCE = 8
VIEWS = 1500
"""Views in one turn."""
TURNS = 5
SEARCHES = 60
"""Words, or two of them, that are typed letter by letter."""
BROWSER = "Accept: text/html\r\nAccept-Encoding: gzip, deflate, br\r\n"
_VISITORS = counted(1)


async def share(store: Store) -> None:
    """Share the first channel; every member has said what may be shown of them."""
    chosen = (Shown.NAME, Shown.SCHOOL, Shown.NOBODY)
    for number in range(books.MEMBERS):
        profile = Profile(school="Prairie Elementary", shown=chosen[number % 3])
        await store.set_profile(books.TEAM, f"U0MEMBER{number:03d}", profile)
    made = Share(
        workspace=books.TEAM,
        channel=books.channel(0),
        starts_at=books.LAST - timedelta(days=366),
        ends_at=books.LAST + timedelta(days=36_600),
        made_at=books.LAST,
    )
    await store.add_share(made, token=hashed(TOKEN), now=books.LAST)
    with closing(sqlite3.connect(store.path)) as con, con:
        con.execute("delete from outbox")


def view_rows(database: Path, count: int) -> Iterator[Row]:
    """How many views a second, beside the bare page; how long one takes; how many bytes it is."""
    board = programs.commonplace(9, database)
    with board.running(BOARD):
        page = ask(board.port, BOARD, accept="identity")
        needs = [found.decode() for found in re.findall(rb'"\.\./\.\.(/board/[^"]+)"', page)]
        sizes = [len(ask(board.port, path)) for path in (BOARD, *needs)]
        plain = programs.plain_page(len(page))
        with plain.running():
            rates, floors = [], []
            for turn in range(TURNS + 1):
                plain.go_on()
                board.pause()
                floor = views(plain.port)
                plain.pause()
                board.go_on()
                rate = views(board.port)
                if turn:  # the first one warms up
                    rates.append(rate)
                    floors.append(floor)
        took = times(board.port, [BOARD] * 500)
    yield Row(
        what=f"board of {count:,} ideas, views per second ÷ bare page",
        value=statistics.median(a / b for a, b in zip(rates, floors, strict=True)),
        goal=0.5,
        stretch=0.8,
        note=f"{statistics.median(rates):,.0f}/s ÷ {statistics.median(floors):,.0f}/s; one takes "
        f"p50 {statistics.median(took):.1f}, p99 {p99(took):.1f} ms",
    )
    yield Row(
        what="its first view, kB on the wire",
        value=sum(sizes) / 1000,
        goal=60,
        stretch=20,
        at_most=True,
        unit=" kB",
        note="HTML, CSS and scripts: " + ", ".join(f"{one / 1000:.1f}" for one in sizes),
    )


def search_row(database: Path, count: int) -> Row:
    """Words typed letter by letter, each letter a search."""
    dice = random.Random(7)  # noqa: S311  (the same in every run)
    paths = []
    for number in range(SEARCHES):
        words = [one for one in texts.post(dice.randrange(10_000)).split() if one.isalpha()]
        typed = "+".join(dice.sample(words, k=1 + number % 2))
        paths += [f"{BOARD}?q={typed[: end + 1]}" for end in range(len(typed))]
    board = programs.commonplace(9, database)
    with board.running(BOARD):
        times(board.port, paths[: len(paths) // 10])
        took = times(board.port, paths)
    return Row(
        what=f"search as you type on a board, {count:,} ideas, p99",
        value=p99(took),
        goal=30,
        stretch=15,
        at_most=True,
        unit=" ms",
        note=f"p50 {statistics.median(took):.1f} ms, {len(took)} searches over HTTP",
    )


def request(port: int, path: str) -> bytes:
    """A request as it goes over the wire, of a visitor of its own."""
    number = next(_VISITORS)
    address = f"198.{18 + (number >> 16) % 2}.{number >> 8 & 255}.{number & 255}"
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{BROWSER}"
        f"X-Forwarded-For: {address}\r\n\r\n"
    ).encode()


def views(port: int) -> float:
    """How many views of a board are answered in a second."""
    requests = [request(port, BOARD) for _ in range(VIEWS)]
    seconds, answered = asyncio.run(load.fire(port, AT_ONCE, requests))
    if answered != VIEWS:
        raise RuntimeError(f"only {answered} of {VIEWS} views were answered")
    return VIEWS / seconds


def times(port: int, paths: Sequence[str]) -> list[float]:
    """Milliseconds that each of many views takes, one after the other."""
    took = []
    for path in paths:
        seconds, answered = asyncio.run(load.fire(port, 1, [request(port, path)]))
        took.append(seconds * 1000)
        if not answered:
            raise RuntimeError(f"{path} was not answered")
    return took


def ask(port: int, path: str, accept: str = "gzip, deflate, br") -> bytes:
    """The body of an answer, as it comes over the wire."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Accept-Encoding": accept})
    body = connection.getresponse().read()
    connection.close()
    return body
