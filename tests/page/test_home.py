"""The Home of the app in a real browser: by mouse and by keyboard, at a desk and on a phone."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.page.acting import places, say

pytestmark = pytest.mark.browser


async def at_home(page: Page) -> Locator:
    """The Home, opened from the direct messages with the bot."""
    await (await places(page)).get_by_role("button", name=re.compile("^Commonplace")).click()
    await page.get_by_role("tab", name="Home").click()
    home = page.get_by_role("tabpanel", name="Home")
    await expect(home.get_by_text("Your desk")).to_be_visible()
    return home


async def test_a_member_finds_their_way_by_keyboard(page: Page) -> None:
    """Tabs, a search by Enter, its pages; what has the focus keeps it, or the headline gets it."""
    home = await at_home(page)
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("tab", name="Messages")).to_be_focused()
    await page.keyboard.press("ArrowLeft")
    tab = home.get_by_role("button", name="Find")
    await tab.focus()
    await page.keyboard.press("Enter")
    await expect(home.get_by_text("The newest ideas")).to_be_visible()
    await expect(tab).to_be_focused()
    line = home.get_by_role("textbox", name=re.compile("What are you looking for"))
    await line.fill("podcasts")
    await line.press("Enter")
    await expect(home.get_by_text("Ideas with the words podcasts")).to_be_visible()
    await expect(line).to_have_value("podcasts")
    await expect(line).to_be_focused()
    await home.get_by_role("combobox").first.select_option(label="Advocates for Student Privacy")
    await expect(home.get_by_text(re.compile("^Nothing about Advocates"))).to_be_visible()
    await home.get_by_role("button", name="Show everything").click()
    await expect(line).to_have_value("")
    await home.get_by_role("button", name="Older").click()
    await expect(home.get_by_role("heading", name=re.compile("6-10 of"))).to_be_visible()


async def test_a_form_that_is_sent_draws_it_anew(page: Page) -> None:
    """What it did stands above what was open; the messages stay as they were."""
    home = await at_home(page)
    await home.get_by_role("button", name="About me").click()
    await home.get_by_role("button", name="Change it").click()
    form = page.get_by_role("dialog", name="About me")
    await form.get_by_role("textbox", name="School").first.fill("Cedar Grove Middle School")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_be_hidden()
    await expect(home.get_by_text(re.compile("^Saved\\. "))).to_be_visible()
    await expect(home.get_by_text(re.compile("Profile.*Cedar Grove"))).to_be_visible()


async def test_each_member_has_their_own(page: Page) -> None:
    """Who acts as another is shown the other's, also at the same address."""
    home = await at_home(page)
    await (await places(page)).get_by_text("Joan Halvorsen").click()
    await expect(home.get_by_role("button", name="Coordinate")).to_be_visible()
    await home.get_by_role("button", name="Coordinate").click()
    await expect(home.get_by_text(re.compile("budget-talk")).first).to_be_visible()
    await expect(home.get_by_text(re.compile("Next digest: ")).first).to_be_visible()


async def test_its_address_opens_it(page: Page) -> None:
    """A page that is loaded anew shows the Home again; writing elsewhere leaves it."""
    await at_home(page)
    await page.reload()
    await expect(page.get_by_role("tab", name="Home")).to_have_attribute("aria-selected", "true")
    await expect(page.get_by_role("heading", name="Your desk", exact=True)).to_be_visible()
    await (await places(page)).get_by_role("button", name=re.compile("library-leadership")).click()
    await say(page, "We swapped two shelves for a podcast corner, and the students run it")
    await expect(page.get_by_role("tabpanel", name="Home")).to_be_hidden()
