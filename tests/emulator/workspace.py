"""The emulated workspace as a test sees it: who acts in it, and what it holds afterwards."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the workspace, acting with a token of their own."""

    id: str
    name: str
    title: str
    client: AsyncWebClient

    async def post(self, channel: str, text: str, *, thread: str | None = None) -> str:
        """Post TEXT, in THREAD when it is given, and return its timestamp."""
        posted = await self.client.chat_postMessage(channel=channel, text=text, thread_ts=thread)
        return str(posted["ts"])

    async def edit(self, channel: str, ts: str, text: str) -> None:
        await self.client.chat_update(channel=channel, ts=ts, text=text)

    async def delete(self, channel: str, ts: str) -> None:
        await self.client.chat_delete(channel=channel, ts=ts)

    async def react(self, channel: str, ts: str, name: str) -> None:
        await self.client.reactions_add(channel=channel, timestamp=ts, name=name)

    async def unreact(self, channel: str, ts: str, name: str) -> None:
        await self.client.reactions_remove(channel=channel, timestamp=ts, name=name)

    async def reply(self, channel: str, ts: str, text: str) -> str:
        return await self.post(channel, text, thread=ts)

    async def share_file(self, channel: str, name: str, content: str, comment: str) -> None:
        await self.client.files_upload_v2(
            channel=channel, filename=name, content=content, initial_comment=comment
        )

    async def invite_bot(self, channel: str, bot_user: str) -> None:
        await self.client.conversations_invite(channel=channel, users=bot_user)


@dataclass(frozen=True, slots=True)
class Workspace:
    """A running emulator: its addresses, its people and channels, and what it holds."""

    url: str
    signing_secret: str
    bot_token: str
    bot_user: str
    people: tuple[Person, ...]
    channels: Mapping[str, str]

    @property
    def reader(self) -> AsyncWebClient:
        """A client that sees what a member sees, the closed channel included."""
        return self.people[0].client

    @property
    def bot(self) -> AsyncWebClient:
        """A client that acts as the bot."""
        return AsyncWebClient(self.bot_token, base_url=self.api_url)

    @property
    def api_url(self) -> str:
        """What `SLACK_API_URL` is set to."""
        return f"{self.url}/api/"

    async def send_events_to(self, url: str) -> None:
        """Send every event from now on to URL alone; nowhere when URL is empty."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.url}/launcher/events", data={"url": url}) as answer,
        ):
            answer.raise_for_status()

    async def deliveries(self) -> list[dict[str, Any]]:
        """Every event that was sent so far, oldest first, with the status it was answered with."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self.url}/launcher/deliveries") as answer,
        ):
            sent: list[dict[str, Any]] = await answer.json()
            return sent

    async def history(self, channel: str) -> list[dict[str, Any]]:
        """The channel's top-level messages, oldest first."""
        answer = await self.reader.conversations_history(channel=channel, limit=1000)
        messages: list[dict[str, Any]] = answer["messages"]
        return messages[::-1]

    async def message(self, channel: str, ts: str) -> dict[str, Any] | None:
        """One message, in a thread or not; None when it is not there (any more)."""
        answer = await self.reader.conversations_replies(channel=channel, ts=ts)
        found: list[dict[str, Any]] = [each for each in answer["messages"] if each["ts"] == ts]
        return found[0] if found else None

    async def reactions(self, channel: str, ts: str) -> set[tuple[str, str]]:
        """Who reacted to a message, as (name of the emoji, user id)."""
        message = await self.message(channel, ts) or {}
        return {
            (reaction["name"], user)
            for reaction in message.get("reactions", [])
            for user in reaction["users"]
        }


async def eventually(
    look: Callable[[], Awaitable[T]], wanted: Callable[[T], bool], *, within: float = 20.0
) -> T:
    """Look again and again until what is seen is WANTED, and return it.

    Args:
        look: Reads what is there now.
        wanted: Whether that is what the test waits for.
        within: Seconds after which the last thing seen is returned as it is, for the test to fail
            on it with both values in sight.
    """
    end = time.monotonic() + within
    seen = await look()
    while not wanted(seen) and time.monotonic() < end:
        await asyncio.sleep(0.02)
        seen = await look()
    return seen
