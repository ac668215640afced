"""How the tour ends: a board is shared and stands on a sample blog, and a report is read."""

import json
import re

import pytest
from playwright.async_api import Page, expect

from tests.browsing import axe, barriers
from tests.page.acting import say, start
from tests.sandbox.plain import Clock, make_manifest
from tests.slack import Slack

pytestmark = pytest.mark.browser

BEGINNING = "post search form home ahead friday answer csv"
ONE_WINDOW = pytest.mark.parametrize("page", [(1280, 900)], ids=["desktop"], indirect=True)
HEADING = "Ideas from library-leadership"


async def written(page: Page, step: str, words: str) -> None:
    """Let the tour write *words*, and send them."""
    await start(page, step)
    box = page.locator("#composer").get_by_role("textbox")
    await expect(box).to_have_value(words)
    await box.press("Enter")


async def share(page: Page, *, listed: bool = True) -> str:
    """Share a board as the tour does once its beginning is done; give the sample blog's address."""
    saved = json.dumps(json.dumps({"done": dict.fromkeys(BEGINNING.split(), True)}))
    await page.add_init_script(f"sessionStorage.setItem('commonplace-guide', {saved})")
    await page.reload()
    await expect(page.locator(".guide-count")).to_have_text("8 of 11")
    await written(page, "Act as Joan, and type it", "/ideas board")
    await page.get_by_role("button", name=re.compile("^Share a page")).last.click()
    form = page.get_by_role("dialog")
    sites = form.locator("textarea[data-block=sites]")
    await expect(sites).to_have_value(re.compile(r"^http://127\.0\.0\.1:\d+$"))
    blog = await sites.input_value()
    if not listed:
        await sites.fill("")
    await form.get_by_role("button", name="Share", exact=True).click()
    await expect(form).to_be_hidden()
    return blog


async def tab_of(page: Page, step: str = "Open the sample blog") -> Page:
    """Press a button of the tour that opens a tab; give what stands there."""
    async with page.expect_popup() as opened:
        await start(page, step)
    shown = await opened.value
    await shown.wait_for_load_state("networkidle")
    return shown


async def headings(blog: Page) -> int:
    """How many boards the blog shows."""
    return await blog.frame_locator("iframe").get_by_role("heading", name=HEADING).count()


async def test_the_tour_ends_on_the_board_and_the_report(page: Page) -> None:
    """Joan shares the board and sees it alone and on a blog; her report opens in a tab."""
    await share(page)
    board = await tab_of(page, "Open the board")
    await expect(board.get_by_role("heading", name=HEADING)).to_be_visible()
    blog = await tab_of(page)
    assert 1 == await headings(blog)

    await written(page, "Type it for me", "/ideas report")
    await start(page, "Open the messages")
    async with page.expect_popup() as opened:
        await page.get_by_role("link", name=re.compile(r"^Open .*\.html$")).click()
    report = await opened.value
    await expect(report.get_by_role("heading", name="Leadership")).to_be_visible()
    await expect(page.locator(".guide-count")).to_have_text("11 of 11")


@ONE_WINDOW
async def test_without_a_blog_the_tour_is_a_step_shorter(page: Page) -> None:
    """Where no port was free for the blog, nothing leads to it."""
    slack = Slack(make_manifest(), Clock(), samples=True)
    async with slack.serving() as address:
        await page.goto(address)
        await expect(page.locator(".guide-count")).to_have_text("0 of 10")
        await page.goto("about:blank")  # it listens for news until then


@ONE_WINDOW
async def test_a_revoked_board_is_gone_from_the_blog(page: Page) -> None:
    """A reload of the page that framed it shows nothing of it."""
    await share(page)
    await tab_of(page, "Open the board")
    blog = await tab_of(page)
    assert 1 == await headings(blog)
    await say(page, "/ideas board")
    await page.get_by_role("button", name="Revoke share 1").click()
    await page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    await expect(page.get_by_text("is revoked").last).to_be_visible()
    await blog.reload(wait_until="networkidle")
    assert 0 == await headings(blog)


@ONE_WINDOW
async def test_a_blog_that_is_not_listed_shows_no_board(page: Page) -> None:
    """The browser keeps it out, and the blog says why; by itself the board opens."""
    await share(page, listed=False)
    await tab_of(page, "Open the board")
    blog = await tab_of(page)
    assert 0 == await headings(blog)
    await blog.get_by_role("link", name="Is the frame empty?").click()
    await expect(blog.get_by_text("Its share does not list this blog")).to_be_in_viewport()
    await blog.get_by_role("link", name="Open the board by itself").click()
    await expect(blog.get_by_role("heading", name=HEADING)).to_be_visible()


@ONE_WINDOW
async def test_the_blog_keeps_nobody_out(page: Page) -> None:
    """By axe, with a board, without one, and with an address that is none."""
    site = await share(page)
    board = await tab_of(page, "Open the board")
    browser = page.context.browser
    assert browser is not None
    script, found = await axe(), {}
    for query in ("", f"?board={board.url}", "?board=nonsense"):
        for width in (320, 1280):
            blog = await browser.new_page(viewport={"width": width, "height": 900})
            await blog.goto(f"{site}/{query}", wait_until="networkidle")
            found[query, width] = await barriers(blog, script)
    assert {} == {name: wrong for name, wrong in found.items() if wrong}
