"""How often an address may ask: a burst, then a steady pace, in bounded memory."""

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from handlers.web.visitors import BURST, MOST, PER_SECOND, Visitors, address_of


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
