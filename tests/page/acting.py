"""What a newcomer does in the practice room, in a browser."""

import re

from playwright.async_api import Locator, Page, expect


async def say(page: Page, words: str) -> None:
    box = page.locator("#composer").get_by_role("textbox")
    await box.fill(words)
    await box.press("Escape")
    await box.press("Enter")


async def start(page: Page, step: str) -> None:
    """Press the button of the tour's next step; on a phone its card is opened first."""
    card = page.get_by_role("region", name="Try it")
    button = card.get_by_role("button", name=step, include_hidden=True)
    await expect(button).to_have_count(1)
    if not await button.is_visible():
        await page.locator(".guide-card summary").click()
    await button.click()


async def places(page: Page) -> Locator:
    """The people and channels; on a phone they are opened first."""
    menu = page.get_by_role("button", name=re.compile("People and channels"))
    if await menu.is_visible():
        await menu.click()
    return page.get_by_role("navigation")
