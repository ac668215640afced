"""Pages in a browser: Chromium where this machine has one, and what axe-core says of a page."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.npm import NoNpmError, node_for

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
AXE = Path(__file__).with_name("axe")
RULES = [f"wcag{one}" for one in ("2a", "2aa", "21a", "21aa", "22aa")]


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """A browser; a test that cannot have one is skipped."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    async with async_playwright() as player:
        started = await player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        await started.close()


async def axe() -> str:
    """The script of axe-core; a test that cannot have it is skipped."""
    try:
        await asyncio.to_thread(node_for, AXE, "axe-core")
    except NoNpmError as error:
        pytest.skip(f"needs axe-core: {error}")
    return (AXE / "node_modules/axe-core/axe.min.js").read_text("utf-8")


async def barriers(page: Page, script: str) -> list[str]:
    """What keeps people out of a page, by WCAG 2.2 AA; that it is wider than its window, too."""
    await page.evaluate(script)
    found = await page.evaluate("tags => axe.run({runOnly: tags})", RULES)
    wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [one["id"] for one in found["violations"]] + ["wide"] * wide
