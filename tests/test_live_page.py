"""Live boards and the slideshow in a browser: nothing moves under a reader, and keys are enough."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Page, expect

from bot.core.model.ideas import Withdrawal
from tests.browsing import axe, barriers
from tests.conftest import eventually
from tests.storage.making import T0
from tests.test_board_page import TEXTS, Board, board
from tests.test_live import watchers

CHESS = "Chess club at lunch fills the reading corner"
OFFER = "New ideas: show them"
SHOWN = "article:not([hidden])"
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


async def place(page: Page, says: str) -> None:
    """Wait until a slideshow says where it is; then one idea is shown."""
    await expect(page.locator("#place")).to_have_text(says, timeout=20_000)
    await expect(page.locator(SHOWN)).to_have_count(1)


# -- boards ---------------------------------------------------------------------------------------


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
        pages = [await hearing(shown, path) for path in ("", "slides")]
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


# -- slides ---------------------------------------------------------------------------------------


async def test_slides_by_links_alone(tmp_path: Path) -> None:
    """Without scripts, from the board and back; after the last one comes the first."""
    async with live(tmp_path, 26) as shown:
        page, _ = await shown.look("?tag=reading", java_script_enabled=False)
        await page.get_by_role("link", name="Slideshow").click()
        await place(page, "1 of 26")
        assert 0 == await page.get_by_role("button").count()
        for link, says in (("Previous", "26 of 26"), ("Next", "1 of 26"), ("Next", "2 of 26")):
            await page.get_by_role("link", name=link).click()
            await place(page, says)
        assert TEXTS[1] == await page.locator(f"{SHOWN} .words").inner_text()
        await page.get_by_role("link", name="Back to the board").click()
        assert page.url.endswith("/?tag=reading")
        await page.goto(f"{shown.url}slides?start=9999")
        await place(page, "1 of 26")


async def test_slides_by_keys_alone(tmp_path: Path) -> None:
    """Each key that presenters use, beyond what is loaded too; the address keeps up."""
    steps = (
        ("ArrowRight", 2),
        ("PageDown", 3),
        ("Space", 4),
        ("Shift+Space", 3),
        ("PageUp", 2),
        ("ArrowLeft", 1),
        ("ArrowLeft", 30),
        ("Home", 1),
        ("End", 30),
        ("ArrowRight", 1),
    )
    async with live(tmp_path, 30) as shown:
        page, complaints = await shown.look("slides?q=&part=")
        for key, at in steps:
            await page.keyboard.press(key)
            await place(page, f"{at} of 30")
            assert f"start={at - 1}" in page.url
        await page.get_by_role("link", name="Next").focus()
        await page.keyboard.press("Enter")
        await place(page, "2 of 30")
        full = page.get_by_role("button", name="Full screen")
        await full.focus()
        await page.keyboard.press("Space")
        await page.get_by_role("button", name="Leave full screen").wait_for()
        await place(page, "2 of 30")
        assert [] == complaints


async def test_slides_go_on_by_themselves_only_when_asked(tmp_path: Path) -> None:
    """Until somebody says pause, or turns by hand; nothing ever moves but by a whole slide."""
    script = await axe()
    async with live(tmp_path, 3) as shown:
        page, _ = await shown.look("slides")
        await page.clock.install()
        await page.reload()
        await page.clock.fast_forward(120_000)
        await place(page, "1 of 3")
        await page.get_by_role("button", name="Play").press("Enter")
        assert [] == await barriers(page, script)
        assert "off" == await page.get_attribute("#slides", "aria-live")
        await page.clock.fast_forward(60_000)
        await place(page, "2 of 3")
        await page.keyboard.press("ArrowRight")
        await place(page, "3 of 3")
        await page.get_by_role("button", name="Play").wait_for()
        assert "polite" == await page.get_attribute("#slides", "aria-live")
        await page.clock.fast_forward(120_000)
        await place(page, "3 of 3")
        await page.get_by_role("button", name="Play").press("Enter")
        await page.get_by_role("button", name="Pause").press("Enter")
        await page.clock.fast_forward(120_000)
        await place(page, "3 of 3")
        assert 0 == await page.evaluate("document.getAnimations().length")


async def test_slides_take_in_what_is_new(tmp_path: Path) -> None:
    """The slide that is read stays as it is, with its focus; one taken back gives way."""
    async with live(tmp_path, 24) as shown:
        page = await hearing(shown, "slides?start=23")
        link = page.locator(SHOWN).get_by_role("link", name="Idea 24")
        await link.focus()
        await shown.add(-1, CHESS)
        await place(page, "25 of 25")
        await expect(page.locator(f"{SHOWN}[data-number='24']")).to_have_count(1)
        await page.keyboard.press("Home")
        await place(page, "1 of 25")
        await expect(page.locator(f"{SHOWN} .words")).to_have_text(CHESS)
        await page.keyboard.press("ArrowRight")
        link = page.locator(SHOWN).get_by_role("link", name="Idea 1")
        await link.focus()
        await shown.add(-2, CHESS)
        await place(page, "3 of 26")
        await expect(link).to_be_focused()
        await withdraw(shown, 1)
        await place(page, "3 of 25")
        assert TEXTS[1] == await page.locator(f"{SHOWN} .words").inner_text()


async def test_the_first_idea_begins_the_slideshow(tmp_path: Path) -> None:
    """Where there was none."""
    async with live(tmp_path, 0) as shown:
        page = await hearing(shown, "slides")
        assert not await page.get_by_role("link", name="Next").count()
        await shown.add(0, CHESS)
        await place(page, "1 of 1")


async def test_a_long_idea_is_cut(tmp_path: Path) -> None:
    """With a link to the whole."""
    async with live(tmp_path, 0) as shown:
        await shown.add(0, "A long idea. " * 100)
        page, _ = await shown.look("slides")
        assert (await page.locator(".words").inner_text()).endswith("…")
        await page.get_by_role("link", name="Read all of idea 1").click()
        assert (await page.locator(".words").inner_text()).count("long") == 100


async def test_slides_are_printed_one_a_page(tmp_path: Path) -> None:
    """Those around the one that is shown."""
    async with live(tmp_path, 5) as shown:
        page, _ = await shown.look("slides?start=2")
        await page.emulate_media(media="print")
        assert 5 == await page.locator("article:visible").count()
        pdf = await page.pdf(format="Letter", landscape=True)
        assert 5 == pdf.count(b"/Type /Page\n")
