"""Datasette, the real program, beside a store that is written: as its page says."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.core.model.ideas import Kind, Trial, TrialOutcome, Withdrawal
from bot.core.model.people import Profile
from storage import Store, open_store
from tests.conftest import eventually
from tests.processes import ROOT, Alive, environment
from tests.storage.making import T0, keep, person, place, query
from tests.test_readme import DATASETTE, calls_of

PROGRAM = Path(sys.executable).with_name("datasette")


@dataclass(frozen=True, slots=True)
class Datasette:
    """A Datasette that runs, and a browser in which its address was opened."""

    address: str
    browser: aiohttp.ClientSession

    async def page(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        async with self.browser.get(self.address + path) as answer:
            return answer.status, await answer.text()

    async def data(self, path: str, **asked: str) -> Any:
        """What a page holds, for programs."""
        async with self.browser.get(f"{self.address}{path}.json", params=asked) as answer:
            return await answer.json()

    async def rows(self, path: str, **asked: str) -> list[dict[str, Any]]:
        """The rows of a table, a view or a query."""
        rows: list[dict[str, Any]] = await self.data(path, _shape="array", **asked)
        return rows


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An open store with three ideas, of which one was tried, and a question."""
    opened = open_store(f"sqlite:///{tmp_path}/data/commonplace.db")
    await opened.name_components({"LIT": "Reading", "ADV": "Advocacy", "DATA": "Privacy"})
    await opened.remember_member("T1", person(), now=T0)
    await opened.remember_member("T1", person("U2", "Bo Lind"), now=T0)
    await opened.set_profile("T1", "U2", Profile(school="Zeppelin High"))
    both = {"components": ("LIT", "ADV"), "tags": ("lunch", "reading")}
    first = await keep(opened, 0, "A poetry slam in the library at lunch", **both)
    await keep(opened, 1, "Parents read aloud on Fridays", author="U2", components=("LIT",))
    await keep(opened, 8 * 86_400, "Der Schulgarten wächst: Bücher über Bäume", channel="C2")
    await keep(opened, 2, "Who has a plan for book fairs?", kind=Kind.QUESTION)
    trial = Trial(
        workspace="T1", idea_id=first.id, member_id="U2", came=TrialOutcome.WORKED, tried_at=T0
    )
    await opened.add_trial(trial)
    yield opened
    await opened.close()


@pytest.fixture
async def datasette(store: Store, tmp_path: Path) -> AsyncIterator[Datasette]:
    """Datasette, started as the page says, but on a free port."""
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    words = (*next(calls_of("datasette", DATASETTE)), "--port", "0")
    process = await asyncio.create_subprocess_exec(
        str(PROGRAM),
        *words,
        cwd=store.path.parents[1],
        env=environment({}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    alive = Alive(process, [])
    try:
        address = (await alive.says("running on")).split()[4]
        assert process.stdout is not None
        link = "/" + (await process.stdout.readline()).decode().strip().split("/", 3)[3]
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            opened = Datasette(address, browser)
            assert 403 == (await opened.page("/commonplace/idea_list"))[0]
            assert 200 == (await opened.page(link))[0]
            yield opened
    finally:
        await alive.end()


async def test_every_page_opens_and_the_bots_own_tables_are_hidden(
    datasette: Datasette, store: Store
) -> None:
    """Tables for people are described and open; each other one is hidden, by its name."""
    described = (await datasette.data("/-/metadata"))["databases"]["commonplace"]["tables"]
    shown = await datasette.data("/commonplace")
    listed = {table["name"] for table in shown["tables"] if not table["hidden"]}
    listed |= {view["name"] for view in shown["views"]}
    assert listed == {name for name, said in described.items() if "description" in said}
    assert set() == listed & {"outbox", "note", "share", "idea", "upkeep", "_sqlite_migrations"}
    queries = [each["name"] for each in shown["queries"]]
    assert queries
    for path in ("/", "/commonplace", *(f"/commonplace/{name}" for name in (*listed, *queries))):
        assert (path, 200) == (path, (await datasette.page(path))[0])
    tables = query(
        store,
        """select name from pragma_table_list
        where type in ('table', 'view') and name not like 'sqlite%'""",
    )
    assert described.keys() == {name for (name,) in tables}


async def test_whatever_the_metadata_names_is_in_the_file(
    datasette: Datasette, store: Store
) -> None:
    """Each column that is described, counted, sorted by or a label is one of its table."""
    described = (await datasette.data("/-/metadata"))["databases"]["commonplace"]["tables"]
    for table, said in described.items():
        named = set(said.get("columns", ()))
        named |= {said[key] for key in ("sort_desc", "label_column", "fts_pk") if key in said}
        for facet in said.get("facets", ()):
            named |= set(facet.values()) if isinstance(facet, dict) else {facet}
        columns = query(store, "select name from pragma_table_info(?)", table)
        assert (table, set()) == (table, named - {name for (name,) in columns})


async def test_ideas_are_searched_and_counted(datasette: Datasette) -> None:
    """The search knows word stems and accents; each part and each tag of an idea counts."""
    searches = {"libraries": [1], "parent reading": [2], "baume": [3], '"* or (': []}
    for words, numbers in searches.items():
        rows = await datasette.rows("/commonplace/idea_list", _search=words)
        assert (words, numbers) == (words, [row["number"] for row in rows])
    facets = (await datasette.data("/commonplace/idea_list"))["facet_results"]
    counts = {
        name: {each["value"]: each["count"] for each in facet["results"]}
        for name, facet in facets.items()
    }
    assert {"Reading": 2, "Advocacy": 1} == counts["parts"]
    assert {"lunch": 1, "reading": 1} == counts["tags"]
    assert {"2026-11-23": 3, "2026-11-30": 1} == counts["week"]
    assert {"C1": 3, "C2": 1} == counts["channel"]
    assert {"idea": 3, "question": 1} == counts["kind"]
    rows = await datasette.rows("/commonplace/idea_list", parts__arraycontains="Reading")
    assert [2, 1] == [row["number"] for row in rows]


async def test_queries_answer(datasette: Datasette) -> None:
    """The queries that come with it say what there is, and what there is too little of."""
    (tried,) = await datasette.rows("/commonplace/most_tried")
    assert (1, 1, 0) == (tried["number"], tried["worked"], tried["did_not"])
    weeks = await datasette.rows("/commonplace/by_week")
    assert [("2026-11-30", 1, 0), ("2026-11-23", 2, 1)] == [
        (week["week"], week["ideas"], week["questions"]) for week in weeks
    ]
    parts = await datasette.rows("/commonplace/by_component")
    assert [("DATA", 0), ("ADV", 1), ("LIT", 2)] == [
        (part["code"], part["ideas"]) for part in parts
    ]
    schools = await datasette.rows("/commonplace/by_school")
    assert [("Zeppelin High", 1), ("not told", 2)] == [
        (school["school"], school["ideas"]) for school in schools
    ]
    (question,) = await datasette.rows("/commonplace/unanswered")
    assert 4 == question["number"]


async def test_the_bot_goes_on_while_datasette_reads(datasette: Datasette, store: Store) -> None:
    """New ideas are there at once, withdrawn ones leave pages and file, and nothing is written."""
    await keep(store, 100, "A zine about owls")
    assert 1 == len(await datasette.rows("/commonplace/idea_list", _search="zine"))
    reading = [datasette.rows("/commonplace/idea_list") for _ in range(20)]
    writing = [keep(store, 200 + n) for n in range(200)]
    await asyncio.gather(*reading, *writing)
    await store.withdraw(place(100), Withdrawal.REMOVED, now=T0)
    assert [] == await datasette.rows("/commonplace/idea_list", _search="zine")

    async def gone() -> bool:
        beside = store.path.with_name(store.path.name + "-wal")
        return b"owls" not in store.path.read_bytes() + beside.read_bytes()

    await eventually(gone, "the words have left the file and its log")
    refused = await datasette.data("/commonplace", sql="with one as (select 1) delete from idea")
    assert "attempt to write a readonly database" == refused["error"]
    assert () == await store.check()
