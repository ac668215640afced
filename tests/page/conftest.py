"""The page of a sandbox, in a browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.browsing import browser
from tests.processes import sandbox


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """The page of a sandbox of its own, started as `make sandbox` starts it."""
    async with sandbox(tmp_path) as address:
        yield address


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desktop", "phone"])
async def page(address: str, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """The page in a window of a desktop and of a phone; no error may be logged on it."""
    width, height = request.param
    async with browser() as started:
        page = await started.new_page(viewport={"width": width, "height": height})
        errors: list[str] = []
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(address)
        yield page
    assert [] == errors
