"""A board's ideas as files: in every format, as the page shows them, where its share says so."""

import asyncio
import csv
import io
import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import aiohttp
import openpyxl

from bot.core.model.exports import Format
from bot.core.model.ideas import Source
from bot.core.model.people import Shown
from bot.sandbox.model import Channel, Member
from handlers.web.files import SENT_AT_ONCE, SENT_TO_EACH
from tests.conftest import Bot
from tests.people import FORMULA, GARDEN, keep
from tests.sharing import opened, shared, shows
from tests.slack import Slack
from tests.storage.making import T0, draft, post


async def fetched(url: str) -> bytes:
    """A file."""
    async with aiohttp.ClientSession() as http, http.get(url) as answer:
        assert 200 == answer.status
        assert "attachment" in answer.headers["Content-Disposition"]
        body = await answer.read()
        assert int(answer.headers["Content-Length"]) == len(body)
        return body


def rows_of(body: bytes) -> Iterator[dict[str, str]]:
    """The rows of a CSV file."""
    return csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""))


async def test_a_file_holds_what_the_page_shows(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """In every format: bylines and words as shown, no id, no title, no way into the chat."""
    await shows(bot, slack, rosa, Shown.NAME, school="Prairie")
    await keep(bot, slack, rosa, room, f"{GARDEN}, with <@{ben.id}> <https://example.org/plan>")
    await keep(bot, slack, ben, room, FORMULA)
    _, url = await shared(bot, slack, rosa, room, downloads=True)
    files = {one: await fetched(f"{url}ideas.{one.ending}") for one in Format}
    garden, formula = rows_of(files[Format.CSV])
    assert ("Rosa Alvarez, Prairie", "a school librarian", "https://example.org/plan") == (
        garden["author"],
        garden["credits"],
        garden["resources"],
    )
    assert ("CC BY 4.0", "") == (garden["licence"], formula["licence"])
    for page, holds in (("1", "CC BY 4.0"), ("feed.atom", "CC BY 4.0"), ("2", "book carts")):
        assert holds in (await opened(url + page)).text
    assert "Licence" not in (await opened(f"{url}2")).text
    assert ("a school librarian", f"'{FORMULA}") == (formula["author"], formula["text"])
    public = bot.parts.settings.base_url + url.removeprefix(bot.url)
    assert (f"{public}1", "leadership", "idea") == (
        garden["permalink"],
        garden["channel"],
        garden["kind"],
    )
    hidden = ("author_id", "title", "school", "district", "channel_id", "source", "workspace")
    assert {""} == {garden[name] for name in hidden}
    assert FORMULA == json.loads(files[Format.JSON])[1]["text"]
    sheet = openpyxl.load_workbook(io.BytesIO(files[Format.XLSX]))["Ideas"]
    assert (3, FORMULA) == (sheet.max_row, sheet.cell(3, 10).value)
    secrets = (ben.id, rosa.id, room.id, slack.workspace.team_id, "Okafor", "Teacher librarian")
    for form, body in files.items():
        texts = body.decode("utf-8", "replace") if form is not Format.XLSX else str([*sheet.values])
        assert "reading garden" in texts
        assert [] == [one for one in secrets if one in texts], form


async def test_a_file_holds_what_is_looked_for(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Words, tag, author: the page's links lead to the files of what it shows."""
    await shows(bot, slack, ben, Shown.NAME)
    await keep(bot, slack, rosa, room, GARDEN)
    await keep(bot, slack, ben, room, "Book tasting at lunch doubled our checkouts #reading")
    _, url = await shared(bot, slack, rosa, room, downloads=True)
    for query, numbers in (
        ("", ["1", "2"]),
        ("?q=tasting", ["2"]),
        ("?tag=outdoors", ["1"]),
        ("?author=2", ["2"]),
        ("?q=okafor", []),
    ):
        shown = (await opened(url + query)).text
        assert f'href="ideas.csv{query}"' in shown
        body = await fetched(f"{url}ideas.csv{query}")
        assert numbers == [one["number"] for one in rows_of(body)]
    assert 404 == (await opened(f"{url}ideas.csv?author=1")).status


async def test_nothing_is_taken_away_that_is_not_offered(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Without the yes of whoever shared it the files are not here, and no link leads to them."""
    await keep(bot, slack, rosa, room, GARDEN)
    _, url = await shared(bot, slack, rosa, room)
    _, offered = await shared(bot, slack, rosa, room, downloads=True)
    found = [(await opened(f"{url}ideas.{one.ending}")).status for one in Format]
    assert [404] * len(Format) == found
    assert "ideas.csv" not in (await opened(url)).text
    assert [404, 404] == [
        (await opened(offered + one)).status for one in ("ideas.csl", "ideas.exe")
    ]
    async with aiohttp.ClientSession() as http, http.head(f"{offered}ideas.xlsx") as answer:
        assert 200 == answer.status


async def test_slow_readers_hold_nobody_up(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Whoever asks for many files and does not read them leaves files and pages to others."""
    await keep(bot, slack, rosa, room, GARDEN)
    home = slack.workspace.team_id
    for n in range(300):
        told = post(n, author=rosa.id, channel=room.id, workspace=home)
        await bot.parts.store.add(told, draft("Long " * 8_000), source=Source.POST, now=T0)
    _, url = await shared(bot, slack, rosa, room, downloads=True)
    with ExitStack() as stack:
        for n in range(SENT_AT_ONCE + 1):
            idle = stack.enter_context(closing(socket.socket()))
            idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            await asyncio.to_thread(begun, idle, url, wait=n < SENT_TO_EACH)
        assert 200 == (await opened(url)).status
        assert 301 == len(json.loads(await fetched(f"{url}ideas.json")))


def begun(idle: socket.socket, url: str, *, wait: bool) -> None:
    """Ask for a file from elsewhere, and at most *wait* until it comes; read no more."""
    parts = urlsplit(url)
    idle.connect((parts.hostname, parts.port))
    head = f"GET {parts.path}ideas.json HTTP/1.1\r\nHost: {parts.netloc}\r\n"
    idle.sendall(f"{head}X-Forwarded-For: 192.0.2.1\r\n\r\n".encode())
    assert not wait or b"HTTP/1.1 200 OK" == idle.recv(15)
