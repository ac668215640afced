"""Boards read live over HTTP: what a stream says, to whom, how long, and what it costs others."""

import asyncio
import itertools
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from bot.clock import Clock
from bot.core.model.people import Shown
from bot.sandbox.model import Channel, Member
from tests.conftest import Bot, bot_at, eventually
from tests.people import GARDEN, calm, keep
from tests.processes import commonplace, running
from tests.sharing import opened, shared, shows
from tests.slack import Slack
from tests.test_run import ready, settings_of

TASTING = "Book tasting at lunch doubled our checkouts"


@pytest.fixture
async def bot(slack: Slack, database: Path, clock: Clock) -> AsyncIterator[Bot]:
    """A running bot that looks at shares often."""
    async with bot_at(slack, database, clock) as running:
        running.parts.shared.readers.every = 0.02
        yield running


class Stream:
    """What somebody reads live."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.answer = answer
        self.text = ""

    async def version(self) -> tuple[str, str]:
        """The next version, in its two parts; empty: the stream has ended."""
        async with asyncio.timeout(20):
            while line := (await self.answer.content.readline()).decode():
                self.text += line
                if line.startswith("data: "):
                    count, _, altered = line.removeprefix("data: ").strip().partition(".")
                    return count, altered
        return "", ""


@asynccontextmanager
async def reading(url: str, **headers: str) -> AsyncIterator[Stream]:
    """Read a board live."""
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{url}live", headers=headers) as answer,
    ):
        yield Stream(answer)


def watchers() -> int:
    """How many shares are looked at now."""
    return sum(one.get_name() == "watch a share" for one in asyncio.all_tasks())


async def test_it_tells_that_something_changed_and_not_what(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """What comes in is counted; an edit, a name and a withdrawal alter what stood there."""
    await keep(bot, slack, rosa, room, GARDEN)
    _, url = await shared(bot, slack, rosa, room)
    async with reading(url) as stream:
        seen = [await stream.version()]
        post = slack.post(rosa, room, TASTING)
        seen.append(await stream.version())
        slack.edit(post, f"{TASTING} again")
        seen.append(await stream.version())
        await shows(bot, slack, rosa, Shown.NAME)
        seen.append(await stream.version())
        slack.delete(post)
        while seen[-1][0] != "1":  # a post may be gone before its count is
            seen.append(await stream.version())
        assert ["1", "2", "2", "2", "1"] == [count for count, _ in seen[:4] + seen[-1:]]
        assert seen[0][1] == seen[1][1]
        assert len({altered for _, altered in seen}) >= 4
        assert not {"tasting", "Rosa", "garden"} & {*stream.text.replace(":", " ").split()}


async def test_no_proxy_holds_it_back(bot: Bot, slack: Slack, rosa: Member, room: Channel) -> None:
    """Its headers say so; an old proxy, and one that asks for a head alone, get theirs."""
    await keep(bot, slack, rosa, room, GARDEN)
    _, url = await shared(bot, slack, rosa, room)
    async with reading(url, **{"Accept-Encoding": "gzip"}) as stream:
        await stream.version()
        said = stream.answer.headers
        assert stream.text.startswith("retry: ")
    wanted = ("text/event-stream; charset=utf-8", "no-store, no-transform", "no", "no-referrer")
    names = ("Content-Type", "Cache-Control", "X-Accel-Buffering", "Referrer-Policy")
    assert wanted == tuple(said[name] for name in names)
    assert "Content-Encoding" not in said
    async with aiohttp.ClientSession() as http, http.head(f"{url}live") as head:
        assert (200, wanted[0]) == (head.status, head.headers["Content-Type"])
    old = aiohttp.ClientSession(version=aiohttp.HttpVersion10)
    async with old as http, http.get(f"{url}live") as answer:
        assert "1" == (await Stream(answer).version())[0]


async def test_it_says_that_it_is_alive_and_ends_by_itself(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Comments keep it open; after its time it ends, and the last reader ends the watch."""
    bot.parts.shared.readers.beat = 0.05
    bot.parts.shared.readers.lasts = 0.5
    await keep(bot, slack, rosa, room, GARDEN)
    _, url = await shared(bot, slack, rosa, room)
    async with reading(url) as stream:
        await stream.version()
        assert 1 == watchers()
        assert ("", "") == await stream.version()
        assert stream.text.count("\n: \n") > 2

    async def nobody_watches() -> bool:
        return not watchers()

    await eventually(nobody_watches, "the watch has ended")


async def test_what_can_be_opened_no_more_ends(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, clock: Clock
) -> None:
    """Revoked, over, or of a channel that turned private: the stream ends, and no other begins."""
    other = slack.add_channel("reading", [rosa], bot=True)
    await keep(bot, slack, rosa, room, GARDEN)
    await keep(bot, slack, rosa, other, TASTING)
    revoked, first = await shared(bot, slack, rosa, room)
    _, over = await shared(bot, slack, rosa, room, days=1)
    _, private = await shared(bot, slack, rosa, other, days=100)
    async with reading(first) as one, reading(over) as two, reading(private) as three:
        for stream in (one, two, three):
            await stream.version()
        await bot.parts.store.revoke_share(revoked.number, who=rosa.id, now=bot.parts.clock())
        assert ("", "") == await one.version()
        slack.make_private(rosa, other)
        await calm(bot, slack)
        assert ("", "") == await three.version()
        clock.jump(clock() + timedelta(days=2))
        assert ("", "") == await two.version()
    assert [404, 404, 404] == [(await opened(f"{x}live")).status for x in (first, over, private)]


async def test_too_many_wait(bot: Bot, slack: Slack, rosa: Member, room: Channel) -> None:
    """So many from one address, and so many in all; whoever ends makes room."""
    readers = bot.parts.shared.readers
    readers.most_each, readers.most = 2, 3
    await keep(bot, slack, rosa, room, GARDEN)
    _, url = await shared(bot, slack, rosa, room)
    async with AsyncExitStack() as open_:
        for _ in range(2):
            await open_.enter_async_context(reading(url))
        more = await opened(f"{url}live")
        assert (429, "60") == (more.status, more.headers["Retry-After"])
        there = {"X-Forwarded-For": "192.0.2.1"}
        await open_.enter_async_context(reading(url, **there))
        full = await opened(f"{url}live", **there)
        assert (503, "60") == (full.status, full.headers["Retry-After"])
        assert 200 == (await opened(url)).status
    readers.beat = 0.02

    async def there_is_room() -> bool:
        async with reading(url) as stream:
            return stream.answer.status == 200

    await keep(bot, slack, rosa, room, TASTING)  # who has gone is noticed with the next word
    await eventually(there_is_room, "those who left make room")


@contextmanager
def taking_nothing(url: str) -> Iterator[None]:
    """Read a board live, without ever taking a word of it."""
    where = URL(url)
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        slow.connect((where.host, where.port))
        slow.sendall(f"GET {where.path}live HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        yield


async def test_readers_hold_nobody_up(bot: Bot, slack: Slack, rosa: Member, room: Channel) -> None:
    """Fifty read, and one takes nothing: an idea comes in, and one look serves all."""
    await keep(bot, slack, rosa, room, GARDEN)
    _, url = await shared(bot, slack, rosa, room)
    with taking_nothing(url):
        async with AsyncExitStack() as open_:
            fifty = [await open_.enter_async_context(reading(url)) for _ in range(50)]
            for stream in fifty:
                await stream.version()
            assert 1 == watchers()
            await keep(bot, slack, rosa, room, TASTING)
            for stream in fifty:
                while (await stream.version())[0] != "2":
                    pass


async def test_who_takes_nothing_is_dropped(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """As soon as the little that the system holds for them is full: nothing queues up for them."""
    readers, probes = bot.parts.shared.readers, itertools.count()
    readers.most, readers.beat = 1, 0.001
    await keep(bot, slack, rosa, room, GARDEN)
    _, url = await shared(bot, slack, rosa, room)

    async def status() -> int:
        head = {"X-Forwarded-For": f"192.0.2.{next(probes) % 250}"}
        async with aiohttp.ClientSession() as http, http.head(f"{url}live", headers=head) as answer:
            return answer.status

    async def they_are_there() -> bool:
        return await status() == 503

    async def there_is_room() -> bool:
        return await status() == 200

    with taking_nothing(url):
        await eventually(they_are_there, "they read")
        await eventually(there_is_room, "they are dropped")


async def test_the_program_ends_in_time(slack: Slack, kept: dict[str, str], database: Path) -> None:
    """Also while people read live: their streams end first."""
    told = await commonplace("share", "--channel", "leadership", settings=kept)
    token = told.out.split("/b/")[1].split("/")[0]
    async with running(settings_of(slack, database)) as bot:
        await eventually(lambda: ready(bot.address), "ready")
        async with AsyncExitStack() as open_:
            url = f"{bot.address}/b/{token}/"
            streams = [await open_.enter_async_context(reading(url)) for _ in range(5)]
            for stream in streams:
                await stream.version()
            began = time.monotonic()
            assert 0 == await bot.end()
            assert time.monotonic() - began < 5
            assert {("", "")} == {await stream.version() for stream in streams}
