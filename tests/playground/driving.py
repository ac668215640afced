"""Acts in the Agents Playground: on its page, and through what its page asks of its server."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import aiohttp
from playwright.async_api import Locator, Page, async_playwright, expect

from tests.playground.starting import SAMPLES, Playground

CHANNEL: str = SAMPLES["team"]["channels"][0]["id"]
PATIENCE = 20
"""Seconds to wait for whatever has to come."""
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


class Driver:
    """A browser on the page, and what the bot says, as the playground tells every page."""

    def __init__(self, page: Page, session: aiohttp.ClientSession, address: str) -> None:
        self.page = page
        self._session = session
        self._address = address
        self._said: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._last = 0

    async def listen(self, stream: aiohttp.ClientWebSocketResponse) -> None:
        """Note what the bot says, until the stream ends."""
        async for frame in stream:
            message = json.loads(frame.data).get("message", {})
            if message.get("from", {}).get("id") == SAMPLES["bot"]["id"]:
                self._said.append(message)
                self._news.set()

    async def heard(self, words: str) -> dict[str, Any]:
        """Wait for a message of the bot's with these words; return it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not (found := [one for one in self._said if words in _all_of(one)]):
                    self._news.clear()
                    await self._news.wait()
                return found[0]
        raise AssertionError(
            "\n".join([f"{words!r} was not said, but:", *map(_all_of, self._said)])
        )

    # -- on the page --

    async def choose(self, place: str) -> None:
        """Show a channel or a chat; the first time, the bot is added there."""
        await self.page.get_by_role("treeitem", name=place).click()

    async def post(self, words: str) -> None:
        """Type words at the top of the channel and post them; no bot hears them."""
        box = self.page.get_by_role("textbox").first
        await box.press_sequentially(words)
        await self.page.get_by_role("button", name="Post").click()
        await expect(box).not_to_contain_text(words.strip())
        await expect(self.page.get_by_text(words.strip()).first).to_be_visible()

    async def ask(self, words: str) -> None:
        """Post words for the bot."""
        await self.page.get_by_role("textbox").first.press_sequentially("@")
        await self.page.get_by_role("menuitem", name="Commonplace").click()
        await self.post(f" {words}")

    async def tell(self, words: str) -> None:
        """Type words in the chat with the bot and send them."""
        box = self.page.get_by_role("textbox").last
        await box.press_sequentially(words)
        await box.press("Enter")

    async def act_on_the_latest(self, command: str) -> None:
        """Choose a message action of the bot's for the message that stands first."""
        await self.page.get_by_role("button", name="Show more information").first.click()
        await self.page.get_by_role("menuitem", name="Action Command").click()
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_role("textbox", name="Command ID").fill(command)
        await dialog.get_by_role("button", name="Create").click()

    async def close_the_dialog(self) -> None:
        await self.page.get_by_role("dialog").get_by_role("button", name="Close").click()

    def card(self, words: str) -> Locator:
        """The latest card with these words."""
        return self.page.locator(".ac-adaptiveCard").filter(has_text=words).first

    # -- what the page has no button for --

    async def writes(self, name: str, words: str, *, thread: str = "") -> None:
        """Let a member write in the channel, as Teams tells it, perhaps in a thread."""
        (member,) = [one for one in SAMPLES["users"] if one["name"] == name]
        self._last = max(self._last + 1, time.time_ns() // 1_000_000)
        activity = {
            "type": "message",
            "id": str(self._last),
            "text": words,
            "textFormat": "plain",
            "channelId": "msteams",
            "timestamp": datetime.now(UTC).isoformat(),
            "serviceUrl": f"{self._address}/_connector",
            "from": {key: member[key] for key in ("id", "name", "aadObjectId")},
            "recipient": SAMPLES["bot"],
            "conversation": {
                "isGroup": True,
                "conversationType": "channel",
                "tenantId": SAMPLES["tenantId"],
                "id": f"{CHANNEL};messageid={thread or self._last}",
            },
            "channelData": {
                "tenant": {"id": SAMPLES["tenantId"]},
                "team": {"id": SAMPLES["team"]["id"]},
                "channel": {"id": CHANNEL},
            },
        }
        async with self._session.post("/_internal/v1/customActivities", json=activity) as answer:
            assert 200 == answer.status, await answer.text()


def _all_of(message: dict[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False)


@asynccontextmanager
async def driving(playground: Playground, chromium: str) -> AsyncIterator[Driver]:
    """A browser on the page of a playground."""
    async with (
        aiohttp.ClientSession(playground.page) as session,
        session.ws_connect("/_ws_conversation/v1/conversations/stream") as stream,
        async_playwright() as player,
    ):
        browser = await player.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = await browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(PATIENCE * 1_000)
        driver = Driver(page, session, playground.page)
        listening = asyncio.create_task(driver.listen(stream))
        await page.goto(playground.page)
        yield driver
        await browser.close()
        listening.cancel()
