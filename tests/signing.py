"""Requests as Slack signs them, sent straight to the bot's door."""

import hashlib
import hmac
import io
import time

import aiohttp

from tests.conftest import Bot


def signed(secret: str, body: bytes, *, at: float | None = None) -> dict[str, str]:
    """The headers that Slack sends with a body of JSON."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
    }


async def send(bot: Bot, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """Status and text of what the door answers."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{bot.url}/slack/events", data=io.BytesIO(body), headers=headers) as response,
    ):
        return response.status, await response.text()


async def get(url: str) -> tuple[int, str]:
    """Status and text of a page."""
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text()
