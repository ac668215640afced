"""The sample blog: what it frames, and what it is asked to frame and does not."""

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bot.sandbox import Blog

ROOM = "http://127.0.0.1:3000"


async def asked(board: str) -> tuple[str, str]:
    """What the blog answers when it is asked to show a board, and its policy."""
    async with (
        TestServer(Blog(ROOM).app()) as server,
        aiohttp.ClientSession() as session,
        session.get(server.make_url("/"), params={"board": board}) as answer,
    ):
        assert 200 == answer.status
        return await answer.text(), answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "typed", [f"{ROOM}/b/t-0_k/", f" {ROOM}/b/t-0_k", "http://localhost:3000/b/t-0_k/"]
)
async def test_a_board_of_the_room_is_framed(typed: str) -> None:
    """By the name that the room gives itself, for the policy allows no other origin."""
    html, policy = await asked(typed)
    assert f'src="{ROOM}/b/t-0_k/"' in html
    assert f"frame-src {ROOM}" == policy.split("; ")[-1]


@pytest.mark.parametrize(
    "typed",
    [
        "https://example.org/b/token/",
        "http://127.0.0.1:3001/b/token/",
        "http://127.0.0.1:3000@example.org/b/token/",
        f"{ROOM}/sandbox/state",
        f"{ROOM}/b/../sandbox/state",
        f"{ROOM}/b/tökén/",
        "javascript:alert(1)",
        '"><script>alert(1)</script>',
        "$board $room",
    ],
)
async def test_nothing_else_is_framed(typed: str) -> None:
    """Another site, another page of the room, no address at all: it is said, and shown as typed."""
    html, _ = await asked(typed)
    assert "<iframe" not in html
    assert "<script" not in html
    assert "That is no address of a board of this practice room." in html
    assert 'aria-invalid="true"' in html
