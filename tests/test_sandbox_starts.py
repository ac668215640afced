"""`commonplace sandbox` beside another one: neither touches what the other keeps."""

import asyncio
import re
from pathlib import Path
from typing import Any

import aiohttp

from tests.processes import ROOT, commonplace, names_in, sandbox


async def test_a_second_sandbox_harms_none_that_runs(tmp_path: Path) -> None:
    """Each port has a file of its own, and a port that is taken is said before any is touched."""
    async with sandbox(tmp_path) as first, sandbox(tmp_path) as second:
        ports = [address.rpartition(":")[2] for address in (first, second)]
        before = names_in(tmp_path / "data")
        assert sorted(f"sandbox-{port}.db" for port in ports) == [
            name for name in before if name.endswith(".db")
        ]
        done = await commonplace("sandbox", settings={"PORT": ports[0]}, folder=tmp_path)
        assert (2, "") == (done.status, done.out)
        assert f"127.0.0.1:{ports[0]} " in done.err
        assert before == names_in(tmp_path / "data")
        async with aiohttp.ClientSession() as session:
            for address in (first, second):
                async with session.get(f"{address}/readyz") as answer:
                    assert 200 == answer.status, await answer.text()


_EXAMPLE = re.compile(r"`(/ideas (?:list|search|random) [^`\[]+)`")
_FILTER = re.compile(r"^\| `(?:[@#]|[a-z]+[:`])[^|]*\|[^|]*\| `([^`]+)` \|$", re.MULTILINE)


async def test_what_the_pages_say_to_search_for_is_found_there(tmp_path: Path) -> None:
    """Each example of finding, on the pages that newcomers read, finds something among the samples.

    One with a last day need not: the samples are always of the last four weeks. One with a school
    neither: nobody has told theirs yet.
    """
    commands = (ROOT / "docs" / "commands.md").read_text("utf-8")
    others = ("docs/for-coordinators.md", "docs/privacy.md")
    pages = "".join((commands, *((ROOT / name).read_text("utf-8") for name in others)))
    filters = _FILTER.findall(commands.partition("| Filter |")[2].partition("\n\n")[0])
    examples = {*_EXAMPLE.findall(pages), *(f"/ideas list {one}" for one in filters)}
    assert '/ideas list @"Rosa Alvarez"' in examples
    async with sandbox(tmp_path) as address, aiohttp.ClientSession(address) as session:
        for line in sorted(one for one in examples if not re.search("until:|school:", one)):
            said = await _answer(session, line)
            assert re.search(r"#\d", said), f"{line}: {said}"


async def _answer(session: aiohttp.ClientSession, line: str) -> str:
    """What a command typed in the first channel is answered."""

    async def state() -> dict[str, Any]:
        async with session.get("/sandbox/state") as answer:
            return dict(await answer.json())

    async with session.get("/sandbox/live") as news, asyncio.timeout(30):
        before = await state()
        room = before["channels"][0]["id"]
        known = {one["id"] for one in before["ephemerals"].get(room, ())}
        wanted = {"as": before["me"], "do": "command", "channel": room, "text": line}
        async with session.post("/sandbox/act", json=wanted) as answer:
            assert (await answer.json())["ok"]
        while True:
            for note in (await state())["ephemerals"].get(room, ()):
                if note["id"] not in known:
                    return str(note["text"])
            await news.content.readline()
