"""How often an address may ask: a burst, then a steady pace, in bounded memory."""

import asyncio
import socket
from contextlib import ExitStack, closing

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from handlers.web.visitors import BURST, MOST, PER_SECOND, UNREAD, Visitors, address_of

SIZE = 10_000_000


class Seconds:
    """A clock that moves by hand."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


def test_pace() -> None:
    """A burst, then so many each second; one address costs another nothing."""
    clock = Seconds()
    visitors = Visitors(clock)
    asked = [visitors.may_ask("a") for _ in range(int(BURST) + 1)]
    assert [True] * int(BURST) + [False] == asked
    assert visitors.may_ask("b")
    clock.at += 1.0
    assert int(PER_SECOND) == sum(visitors.may_ask("a") for _ in range(20))


def test_memory_is_bounded() -> None:
    """Whoever was silent longest is forgotten first."""
    visitors = Visitors(Seconds())
    for _ in range(int(BURST) + 1):
        visitors.may_ask("a")
    for one in range(MOST - 1):
        visitors.may_ask(f"n{one}")
    assert not visitors.may_ask("a")
    for one in range(MOST):
        visitors.may_ask(f"m{one}")
    assert visitors.may_ask("a")


async def test_who_does_not_read_is_dropped() -> None:
    """An answer waits only so long, and only so many wait for one address."""
    visitors = Visitors(Seconds(), patience=3.0)
    may: list[bool] = []
    sending: list[asyncio.Task[None]] = []

    async def much(request: web.Request) -> web.Response:
        may.append(visitors.may_ask(address_of(request)))
        answer = web.Response(body=b"x" * SIZE)
        sending.append(asyncio.create_task(visitors.send(answer, request)))
        await sending[-1]
        return answer

    app = web.Application()
    app.router.add_get("/", much)
    async with TestServer(app) as server:
        with ExitStack() as stack:
            idle = [stack.enter_context(closing(socket.socket())) for _ in range(UNREAD + 1)]
            for one in idle:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                await asyncio.to_thread(one.connect, (server.host, server.port))
                one.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert b"HTTP" == await asyncio.to_thread(one.recv, 4)
            assert [True] * UNREAD + [False] == may
            await asyncio.gather(*sending)
            assert visitors.may_ask("127.0.0.1")
            assert SIZE > len(await asyncio.to_thread(idle[0].makefile("rb").read))


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        ([], "127.0.0.1"),
        (["192.0.2.1, 192.0.2.2"], "192.0.2.2"),
        (["192.0.2.1", "192.0.2.2"], "192.0.2.2"),
        (["192.0.2.2:4711"], "192.0.2.2"),
        (["::ffff:192.0.2.2"], "192.0.2.2"),
        (["2001:db8:1:2:3:4:5:6"], "2001:0db8:0001:0002"),
        (["[2001:db8:1:2::1]:4711"], "2001:0db8:0001:0002"),
        (["unknown"], "?"),
        ([""], "127.0.0.1"),
    ],
)
async def test_address(lines: list[str], address: str) -> None:
    """The nearest proxy's word counts, however it is written, also in a line of its own."""

    async def told(request: web.Request) -> web.Response:
        return web.Response(text=address_of(request))

    app = web.Application()
    app.router.add_get("/", told)
    async with TestServer(app) as server, ClientSession() as http:
        headers = [("X-Forwarded-For", line) for line in lines]
        async with http.get(server.make_url("/"), headers=headers) as answer:
            assert address == await answer.text()
