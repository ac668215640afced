"""Live boards in a browser: nothing moves under a reader."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Page, expect

from bot.core.model.ideas import Withdrawal
from tests.browsing import axe, barriers
from tests.conftest import eventually
from tests.storage.making import T0
from tests.test_board_page import Board, board
from tests.test_live import watchers

CHESS = "Chess club at lunch fills the reading corner"
OFFER = "New ideas: show them"
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@asynccontextmanager
async def live(folder: Path, ideas: int) -> AsyncIterator[Board]:
    """A board that is looked at often."""
    async with board(folder, ideas) as shown:
        readers = shown.parts.shared.readers
        readers.every, readers.beat = 0.05, 0.05
        yield shown


async def hearing(shown: Board, path: str = "") -> Page:
    """Open a page, and wait until it has heard what the board shows now."""
    page = await (await shown.browser.new_context()).new_page()
    heard = asyncio.Event()
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    session.on("Network.eventSourceMessageReceived", lambda _: heard.set())
    await page.goto(shown.url + path)
    async with asyncio.timeout(20):
        await heard.wait()
    return page


async def withdraw(shown: Board, number: int) -> None:
    """An author takes their idea back."""
    await shown.parts.store.withdraw_number("T1", number, Withdrawal.REMOVED, now=T0)


async def test_new_ideas_are_offered_and_nothing_moves(tmp_path: Path) -> None:
    """Pressed, the button shows them and takes the reader there; a search has no such button."""
    script = await axe()
    async with live(tmp_path, 3) as shown:
        page, found = await hearing(shown), await hearing(shown, "?q=makerspace")
        await shown.add(-1, CHESS)
        button = page.get_by_role("status").get_by_role("button", name=OFFER)
        await button.wait_for()
        assert (0, []) == (await page.get_by_text(CHESS).count(), await barriers(page, script))
        await button.focus()
        await page.keyboard.press("Enter")
        await page.get_by_text(CHESS).wait_for()
        await expect(button).to_have_count(0)
        await expect(page.locator("#results")).to_be_focused()
        assert 0 == await found.get_by_role("button", name=OFFER).count()


async def test_what_is_taken_back_is_gone_at_once(tmp_path: Path) -> None:
    """From every view; its place stays, so that nothing moves."""
    script = await axe()
    async with live(tmp_path, 40) as shown:
        pages = [await hearing(shown, path) for path in ("", "?by=part", "?q=makerspace")]
        before = await pages[0].locator("article").count()
        await withdraw(shown, 3)
        for page in pages:
            card = page.locator("[data-number='3']").first
            await expect(card).to_have_text("This idea was taken back.", timeout=20_000)
            assert 0 == await page.get_by_role("button", name=OFFER).count()
        assert before == await pages[0].locator("article").count()
        assert [] == await barriers(pages[0], script)


async def test_what_is_shared_no_more_leaves_open_pages(tmp_path: Path) -> None:
    """They become what everybody gets who opens them then."""
    async with live(tmp_path, 3) as shown:
        pages = [await hearing(shown, path) for path in ("", "?by=part")]
        await shown.parts.store.revoke_share(1, who="", now=shown.parts.clock())
        for page in pages:
            await expect(page.locator("article")).to_have_count(0, timeout=30_000)


async def test_nothing_is_heard_while_nobody_looks(tmp_path: Path) -> None:
    """In the background a page asks nothing of the server; looked at again, it catches up."""

    async def nobody_watches() -> bool:
        return not watchers()

    async with live(tmp_path, 3) as shown:
        page = await hearing(shown)
        await page.evaluate(HIDE, True)  # noqa: FBT003  (what the page's function takes)
        await eventually(nobody_watches, "the stream has ended")
        await withdraw(shown, 3)
        await page.evaluate(HIDE, False)  # noqa: FBT003
        await expect(page.locator("[data-number='3']")).to_have_text(
            "This idea was taken back.", timeout=20_000
        )
