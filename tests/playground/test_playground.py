"""The program in Microsoft's Agents Playground, a Teams that nobody here wrote."""

import asyncio
import csv
import io
import json
import os
import re
import shutil
import signal
import sys
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import expect

from tests.npm import NoNpmError, node_for
from tests.playground.driving import CHANNEL, driving
from tests.playground.starting import HERE, OLDEST_NODE, ROOT, playground

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")

pytestmark = pytest.mark.playground

BEN, MEI = "Ben Whitaker (sample)", "Mei Tanaka (sample)"


@pytest.fixture(scope="session")
def node() -> Path:
    """A Node that runs the playground, which is installed beside it."""
    try:
        return node_for(HERE, "Agents Playground", OLDEST_NODE)
    except NoNpmError as why:
        pytest.skip(str(why))


async def commonplace(*words: str, folder: Path) -> str:
    """Run a command in another process, on the playground's settings."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    assert 0 == process.returncode, err.decode()
    return out.decode()


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: set CHROMIUM to a browser")
@pytest.mark.usefixtures("node")
async def test_the_main_job(tmp_path: Path) -> None:
    """Ideas typed, shared and saved are kept, found, brought back by the week, and exported."""
    async with playground(tmp_path / "data") as running, driving(running, str(CHROMIUM)) as teams:
        page = teams.page
        await teams.choose("Ideas")
        await teams.heard("Hello, I am Commonplace.")

        await teams.writes(BEN, "We planned a research unit with the math teachers #coteaching")
        await teams.heard("I have kept your post as idea #1")
        for words in ("list #coteaching", "search research", "show 1"):
            await teams.ask(words)
            thread = page.get_by_role("group").filter(has_text=f"Commonplace {words}")
            await expect(thread.locator(".ac-adaptiveCard")).to_contain_text(
                "We planned a research"
            )

        await teams.ask("idea")
        form = teams.card("Share an idea")
        await form.get_by_label("Your idea").fill("Book tasting with the science teachers")
        await form.get_by_role("button", name="Share").click()
        await teams.heard("Rosa Alvarez (sample) shared an idea")

        await teams.post("We swapped book talks with the art class")
        await teams.act_on_the_latest("save_idea")
        await teams.heard("#3")
        await teams.close_the_dialog()

        assert "Posted" in await commonplace(
            "digest", "--post", "--channel", CHANNEL, folder=running.folder
        )
        await teams.heard("Ideas from")
        await expect(teams.card("Ideas from")).to_contain_text("Book tasting with the science")
        await commonplace("prompt", "--post", "--channel", CHANNEL, folder=running.folder)
        prompt = await teams.heard("This week’s question")
        await teams.writes(MEI, "A mentoring circle for new teachers", thread=prompt["messageId"])
        await teams.heard("idea #4")

        await teams.choose("Personal Chat")
        await teams.tell("export")
        offered = await teams.heard("This link works once")
        (link,) = set(re.findall(r"http://[^\"\\ ]+/teams/files/[\w-]+", json.dumps(offered)))
        async with aiohttp.ClientSession() as session, session.get(link) as answer:
            rows = list(csv.DictReader(io.StringIO((await answer.read()).decode("utf-8-sig"))))
    rosa = "Rosa Alvarez (sample)"
    assert [BEN, rosa, rosa, MEI] == [row["author"] for row in rows]
    assert [False, False, False, True] == [bool(row["prompt"]) for row in rows]
    assert {"Prairie Lakes (sample) \u203a Ideas"} == {row["channel"] for row in rows}


async def start(folder: Path, **environment: str) -> asyncio.subprocess.Process:
    """`make playground` in a folder, once everything is installed."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.playground"),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.mark.usefixtures("node")
async def test_ctrl_c_ends_both(tmp_path: Path) -> None:
    """It says where the page is and where the data lie, minds no `.env`, and ends in peace."""
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-not-for-the-playground\n")
    program = await start(tmp_path, PORT="0", COMMONPLACE_NOTHING="x")
    assert program.stdout is not None
    async with asyncio.timeout(60), aiohttp.ClientSession() as session:
        while not (found := re.search(rb"http://\S+", await program.stdout.readline())):
            assert program.returncode is None
        async with session.get(f"{found.group().decode()}/_debug/ping") as answer:
            assert 200 == answer.status
        program.send_signal(signal.SIGINT)
        out, err = await program.communicate()
        assert (0, b"") == (program.returncode, err)
        assert b"data/playground" in out
        assert (tmp_path / "data" / "playground" / "playground.db").exists()
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.get(found.group().decode())


async def test_a_missing_node_is_said(tmp_path: Path) -> None:
    """Without Node nothing is started, and one line says what to do."""
    program = await start(tmp_path, PATH="", NODE="")
    async with asyncio.timeout(60):
        out, err = await program.communicate()
    assert (2, b"") == (program.returncode, out)
    assert b"Node 20 or newer. Install it" in err
    assert not (tmp_path / "data").exists()
