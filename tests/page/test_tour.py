"""The two-minute tour in a real browser, against what `make sandbox` starts."""

from __future__ import annotations

import asyncio
import csv
import io
import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from playwright.async_api import Page, async_playwright, expect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: set CHROMIUM to a browser"),
]


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """The page of a sandbox of its own, started as `make sandbox` starts it."""
    here = str(Path.cwd())
    env = {**os.environ, "PORT": "0", "SLACK_BOT_TOKEN": "xoxb-unused", "PYTHONPATH": here}
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "sandbox",
        cwd=tmp_path,
        env=env,
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdout is not None
    try:
        async with asyncio.timeout(30):
            while not (found := re.search(rb"http://\S+", await program.stdout.readline())):
                pass
        yield found.group().decode()
    finally:
        program.terminate()
        assert 0 == await program.wait()


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["desktop", "phone"])
async def page(address: str, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """The page in a window of a desktop and of a phone; no error may be logged on it."""
    width, height = request.param
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = await browser.new_page(viewport={"width": width, "height": height})
        errors: list[str] = []
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(address)
        yield page
        await browser.close()
    assert [] == errors


async def say(page: Page, words: str) -> None:
    box = page.locator("#composer").get_by_role("textbox")
    await box.fill(words)
    await box.press("Escape")
    await box.press("Enter")


async def test_the_tour_in_two_minutes(page: Page) -> None:
    """A newcomer posts, finds, opens the form, sees the digest, answers, and takes the CSV."""
    await expect(page.get_by_text("This is not Slack")).to_be_visible()
    await say(page, "The science teacher and I co-plan each research unit #coplanning")
    log = page.get_by_role("log").first
    mine = log.get_by_role("article").filter(has_text="co-plan each research unit").first
    await expect(mine.get_by_role("button", name=re.compile("bulb"))).to_be_visible()

    await say(page, "/ideas search coplanning")
    await expect(log.get_by_text("Only visible to you").last).to_be_visible()
    await expect(log.get_by_text("#coplanning").last).to_be_visible()

    await say(page, "/idea")
    form = page.get_by_role("dialog", name="Share an idea")
    await form.get_by_role("textbox", name="Your idea").fill("Book tasting with the math teachers")
    await form.get_by_role("button", name="Share").click()
    await expect(form).to_be_hidden()
    await expect(log.get_by_text(re.compile("Rosa Alvarez.* shared an idea"))).to_be_visible()

    await page.locator("#jump-friday").click()
    await expect(log.get_by_text(re.compile("Ideas from "))).to_be_visible()
    # The other channels have their digests too: until then a second jump is not taken.
    await expect(page.locator("#jump-monday")).not_to_have_attribute("aria-busy", "true")
    await page.locator("#jump-monday").click()
    await expect(log.get_by_text("This week’s question").first).to_be_visible()

    question = log.get_by_role("article").filter(has_text="This week’s question").last
    await question.hover()
    await question.get_by_role("button", name=re.compile("thread", re.IGNORECASE)).first.click()
    reply = page.locator("#thread").get_by_role("textbox")
    await reply.fill("We read it aloud in chemistry and drew what we heard")
    await reply.press("Enter")
    thread = page.get_by_role("log").last
    answer = thread.get_by_role("article").filter(has_text="We read it aloud").last
    await expect(answer.get_by_role("button", name=re.compile("bulb"))).to_be_visible()


async def test_the_csv_is_downloaded(page: Page) -> None:
    """`/ideas export` puts a CSV file into the direct message, and it opens as one."""
    await say(page, "/ideas export")
    await expect(page.get_by_text("I am making a CSV file")).to_be_visible()
    menu = page.get_by_role("button", name=re.compile("menu|channels", re.IGNORECASE)).first
    if await menu.is_visible():
        await menu.click()
    await page.get_by_role("button", name=re.compile("^Commonplace")).first.click()
    async with page.expect_download() as coming:
        await page.get_by_role("link", name=re.compile("Download", re.IGNORECASE)).first.click()
    path = await (await coming.value).path()
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert 14 <= len(rows)
    assert "number" in rows[0]
    assert all(row["author"].endswith("(sample)") for row in rows)


async def test_starting_afresh_forgets_what_was_posted(page: Page) -> None:
    """*Start afresh* brings the samples back and nothing else."""
    await say(page, "Something that is only for this afternoon and not for longer")
    log = page.get_by_role("log").first
    await expect(log.get_by_text("only for this afternoon")).to_be_visible()
    await page.get_by_role("button", name=re.compile("Start afresh")).click()
    await page.get_by_role("dialog").get_by_role("button", name=re.compile("afresh")).click()
    await expect(log.get_by_text("only for this afternoon")).to_be_hidden()
    # The samples come back one by one: what is typed before the last of them is forgotten as well.
    await expect(page.locator("#afresh")).not_to_have_attribute("aria-busy", "true")
    await say(page, "/ideas search afternoon")
    await expect(page.get_by_text("nothing yet that you can see").last).to_be_visible()


async def test_on_the_way_to_friday_the_coordinator_is_shown_the_digest(address: str) -> None:
    """The jump stops an hour before: in her direct messages stands what is about to be posted."""
    async with aiohttp.ClientSession(address) as session:

        async def state() -> dict[str, Any]:
            async with session.get("/sandbox/state", params={"as": joan}) as answer:
                return dict(await answer.json())

        joan = ""
        joan = next(one["id"] for one in (await state())["members"] if "Joan" in one["name"])
        wanted = {"as": joan, "do": "jump", "to": "friday"}
        async with session.post("/sandbox/act", json=wanted) as answer:
            assert (await answer.json())["ok"]
        seen = await state()
        (desk,) = (one["id"] for one in seen["channels"] if one["is_im"])
        told = [one["text"] for one in seen["messages"][desk]]
        assert any("#library-leadership at 3:00 PM, Chicago time" in one for one in told)
