"""Lists, search, rights and the export."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.model.boards import Order
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.ideas import (
    Credit,
    Filters,
    Kind,
    Page,
    Resource,
    ResourceKind,
    Source,
    Visibility,
    Withdrawal,
)
from bot.core.model.people import ChannelInfo, Licence, Profile, Workspace
from storage import Store, open_store, read_store
from storage import search as searching
from storage.search_plan import Thresholds
from storage.terms import phrases_of, signs_of, stretches_of
from tests.exported import exported
from tests.storage.making import (
    ALL,
    NONE,
    T0,
    alter,
    arrival,
    at,
    draft,
    found,
    keep,
    person,
    place,
    post,
    query,
    reaction,
    stamp_of,
    take,
)

# -- words ------------------------------------------------------------------------------------


HOSTILE = [
    '"',
    '""',
    "*",
    "a*",
    "AND",
    "a AND",
    "NEAR(a b)",
    "NOT x",
    "c++",
    "text:x",
    "-x",
    "^a",
    "{a b}: c",
    "(((",
    "'; drop table idea; --",
    "\0",
    "\ud83d",
    "_ _",
    "x" * 10_000,
    "word " * 2_000,
    "a" + "-a" * 3_000,
    "½ ² Ⅷ ٣",
    "\u0301 e\u0301",
    "😀 :bulb: 日本語",
    " ".join(f"w{n}" for n in range(500)),
]


def search(store: Store, filters: Filters, **more: Any) -> Page:
    """A page found under other thresholds."""
    return store._readers.here(lambda con: searching.find(con, "T1", filters, ALL, **more))


def numbers_of(page: Page) -> list[int]:
    return [idea.number for idea in page.ideas]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.text(max_size=60))
async def test_no_query_is_an_error(folder: Path, words: str) -> None:
    """Whatever somebody types is answered, in lists, counts, draws and exports alike."""
    store = open_store(f"sqlite:///{folder / 'h.db'}")
    try:
        await store.add(post(0), draft(), source=Source.POST, now=T0)
        every = Filters(words=words, tags=(words,), people=(words,), channel=words)
        await store.find("T1", every, ALL)
        filters = Filters(words=words)
        page = await store.find("T1", filters, ALL)
        rows = list(exported(store, "T1", filters, ALL))
        assert page.total == len(rows) == await store.count("T1", filters, ALL)
    finally:
        await store.close()


@pytest.mark.parametrize("words", HOSTILE, ids=[repr(words)[:12] for words in HOSTILE])
async def test_hostile_queries(store: Store, words: str) -> None:
    """The worst queries known find what their words say, and never fail."""
    await keep(store, text="zebra")
    page = await store.find("T1", Filters(words=words), ALL)
    nothing = phrases_of(words) or signs_of(words) or stretches_of(words)
    assert (0 if nothing else 1) == page.total
    await store.find("T1", Filters(words=words, tags=(words,), components=(words,)), ALL)
    await store.random_idea("T1", Filters(words=words), ALL)


async def test_all_words(store: Store) -> None:
    """Every word must be there, in any form, case and accent; a star stands for endings."""
    await keep(store, text="Mentoring new teachers: a café for résumés, e-mail C++")
    await keep(store, 1, text="Mentors and teachers")
    for words, numbers in {
        "mentors": {1, 2},
        "MENTOR teacher": {1, 2},
        "cafe resume": {1},
        "CAFÉ": {1},
        "mentor cafe zebra": set(),
        "teac": set(),
        "teac*": {1, 2},
        "teachi* menti*": set(),
        "mentori* teacher*": {1, 2},
        "mentorx*": set(),
        "e-mail": {1},
        "mail-e": set(),
        "c++": {1},
        "mentor mentor": {1, 2},
        "*": set(),
        "++": {1},
        ": +": {1},
        "   ": {1, 2},
    }.items():
        assert numbers == set(await found(store, words)), words


async def test_where_words_are_sought(store: Store) -> None:
    """Words are sought in text, author, tags, credits and school."""
    await store.remember_member("T1", person(), now=T0)
    await store.set_profile("T1", "U1", Profile(school="Hill Top", district="North"))
    await keep(store, tags=("makerspace",), credits=(Credit("Kim Lee"),))
    for words in ("ruiz", "hill", "north", "makerspace", "kim", "ruiz lunch"):
        assert [1] == await found(store, words), words


async def test_relevance(store: Store) -> None:
    """With few hits the idea that speaks more of the word comes first, not the newer one."""
    await keep(store, text="robots robots robots")
    await keep(store, 1, text="one robot among many other words in a long and winding text " * 3)
    assert [1, 2] == await found(store, "robots")
    assert [2, 1] == await found(store)


async def test_common_words(store: Store) -> None:
    """With many hits the newest come first, and totals stop at the cap; pages do not overlap."""
    for n in range(30):
        await keep(store, -n, text=f"robots number{n} {'rare' if n % 10 == 0 else ''}")
    await keep(store, 100, text="rare birds")
    thresholds = Thresholds(few=20, common=5)
    page = search(store, Filters(words="robots"), thresholds=thresholds)
    assert (list(range(1, 11)), 20) == (numbers_of(page), page.total)
    second = search(store, Filters(words="robots"), thresholds=thresholds, start=10, limit=15)
    assert (list(range(11, 26)), 25) == (numbers_of(second), second.total)
    rare = Filters(words="robots rare")
    assert [1, 11, 21] == sorted(numbers_of(search(store, rare, thresholds=thresholds)))
    alike = Thresholds(few=20, common=0)
    assert [1, 11, 21] == numbers_of(search(store, rare, thresholds=alike))


async def test_orders(store: Store) -> None:
    """With words and without: the newest, the oldest, and what most tried, of as many as fit."""
    for n in range(3):
        await keep(store, n, author=f"U{n}")
    await store.react(reaction(1, "U9", "1", name="heart"), present=True, now=T0)
    orders = {Order.NEWEST: [3, 2, 1], Order.OLDEST: [1, 2, 3], Order.TRIED: [2, 3, 1]}
    orders[Order.LATEST] = orders[Order.NEWEST]
    for filters in (NONE, Filters(words="make*")):
        for order, numbers in orders.items():
            page = search(store, filters, order=order, limit=2)
            assert (numbers[:2], 3) == (numbers_of(page), page.total), order
            page = search(store, filters, order=order, start=2)
            assert (numbers[2:], 3) == (numbers_of(page), page.total), order
    few = Thresholds(few=2)
    for exact, total in ((True, 3), (False, 2)):
        page = search(store, NONE, limit=1, exact=exact, thresholds=few)
        assert total == page.total


# -- filters ----------------------------------------------------------------------------------


async def shelf(store: Store) -> None:
    """Six ideas that differ in everything a filter asks for."""
    for id_, name, private in (("C1", "ideas", False), ("C2", "staff", True), ("C3", "all", False)):
        await store.remember_channel("T1", ChannelInfo(id=id_, name=name, private=private), now=T0)
    await store.remember_member("T1", person("U1", "Ana"), now=T0)
    await store.remember_member("T1", person("U2", "Bo"), now=T0)
    await store.set_profile("T1", "U1", Profile(school="Prairie Élementary"))
    day = 86_400.0
    await keep(store, 0, "robots one", tags=("a", "b"), components=("X",))
    await keep(store, day, "robots two", tags=("a",), components=("X", "Y"), author="U2")
    await keep(store, 2 * day, "robots three", tags=("b",), channel="C2", private=True)
    await keep(store, 3 * day, "lunch four", channel="C3", author="U2")
    await keep(store, 4 * day, "robots five?", kind=Kind.QUESTION, channel="C3", tags=("a",))
    await store.set_profile("T1", "U1", Profile(school="Lakeview"))
    await keep(store, 5 * day, "lunch six", components=("Y",))


FILTERS: list[tuple[Filters, list[int]]] = [
    (NONE, [6, 5, 4, 3, 2, 1]),
    (Filters(tags=("a",)), [5, 2, 1]),
    (Filters(tags=("#A", "a")), [5, 2, 1]),
    (Filters(tags=("a", "b")), [1]),
    (Filters(tags=("a",), components=("Y",)), [2]),
    (Filters(components=("X",)), [2, 1]),
    (Filters(components=("X", "Y")), [2]),
    (Filters(components=("Z",)), []),
    (Filters(people=("U2",)), [4, 2]),
    (Filters(people=("bo", "ana")), [6, 5, 4, 3, 2, 1]),
    (Filters(people=("nobody",)), []),
    (Filters(people=("nobody",), words="图书馆"), []),
    (Filters(people=("bo", "ana"), words="图书馆"), []),
    (Filters(school="prairie  ÉLEMENTARY"), [5, 3, 1]),
    (Filters(school="Lakeview", people=("ana",)), [6]),
    (Filters(school="Northside"), []),
    (Filters(school="Northside", words="图书馆"), []),
    (Filters(school="prairie élementary", words="robots", components=("X",)), [1]),
    (Filters(channel="C3"), [5, 4]),
    (Filters(channel="#ALL"), [5, 4]),
    (Filters(channel="nowhere"), []),
    (Filters(words="robots"), [5, 3, 2, 1]),
    (Filters(words="robots", tags=("a",)), [5, 2, 1]),
    (Filters(words="robots", tags=("a",), people=("bo",)), [2]),
    (Filters(words="robots", people=("bo",)), [2]),
    (Filters(words="robots", people=("U2",)), [2]),
    (Filters(words="robots", people=("bo", "ana")), [5, 3, 2, 1]),
    (Filters(words="rob*", people=("bo",)), [2]),
    (Filters(words="robots", components=("X",)), [2, 1]),
    (Filters(words="robots", channel="ideas"), [2, 1]),
    (Filters(tags=("?",), words="robots"), []),
]


@pytest.mark.parametrize(
    "thresholds", [Thresholds(), Thresholds(few=0), Thresholds(few=0, narrow=0)]
)
async def test_filters(store: Store, thresholds: Thresholds) -> None:
    """Every filter gives the same ideas in a list, a count, an export and a draw, by any plan."""
    await shelf(store)
    here = store._readers.here
    for filters, numbers in FILTERS:
        page = search(store, filters, thresholds=thresholds)
        assert numbers == sorted(numbers_of(page), reverse=True), filters
        assert len(numbers) == page.total, filters
        asked: Any = {"filters": filters, "visibility": ALL, "thresholds": thresholds}
        counted = here(partial(searching.count, workspace="T1", **asked))
        assert len(numbers) == counted, filters
        assert numbers[::-1] == [row[0] for row in exported(store, "T1", filters, ALL)], filters
        drawn = here(partial(searching.random_idea, workspace="T1", **asked))
        assert (drawn.number in numbers) if drawn else not numbers, filters


async def test_dates(store: Store) -> None:
    """The first instant is included, the last is not; with and without words."""
    await shelf(store)
    first, last = date(2026, 11, 27), date(2026, 11, 28)  # from a day after the first post
    days = Filters(since=first, until=last, zone=timezone(timedelta(hours=9)))
    for filters, numbers in ((days, [3, 2]), (replace(days, words="robots"), [3, 2])):
        page = await store.find("T1", filters, ALL)
        assert numbers == sorted((one.number for one in page.ideas), reverse=True)
        assert 2 == await store.count("T1", filters, ALL)
        assert [2, 3] == [row[0] for row in exported(store, "T1", filters, ALL)]
        drawn = await store.random_idea("T1", filters, ALL)
        assert drawn is not None
        assert drawn.number in numbers


async def test_kinds(store: Store) -> None:
    """Questions are found like ideas, or apart from them; only ideas count for a component."""
    await shelf(store)
    page = await store.find("T1", Filters(kinds=(Kind.QUESTION,)), ALL)
    assert [5] == [one.number for one in page.ideas]
    page = await store.find("T1", Filters(kinds=(Kind.IDEA, Kind.QUESTION)), ALL, limit=1)
    assert (6, 6) == (page.ideas[0].number, page.total)
    await keep(store, 9, kind=Kind.QUESTION, components=("X",))
    assert {"X": 2, "Y": 2} == await store.by_component("T1", Filters(channel="C1"))


async def test_pages(store: Store) -> None:
    """Pages follow each other; beyond the end there is nothing, but the total is known."""
    for n in range(7):
        await keep(store, n)
    seen = []
    for start in (0, 3, 6, 9):
        page = await store.find("T1", NONE, ALL, start=start, limit=3)
        assert (start, 7) == (page.start, page.total)
        seen += [one.number for one in page.ideas]
    assert [7, 6, 5, 4, 3, 2, 1] == seen
    odd = await store.find("T1", NONE, ALL, start=-5, limit=-1)
    assert (0, 0, 7) == (odd.start, len(odd.ideas), odd.total)


# -- rights -----------------------------------------------------------------------------------

SIGHTS = [
    (Visibility(), [6, 5, 4, 2, 1]),
    (Visibility(channels=frozenset({"C2"})), [6, 5, 4, 3, 2, 1]),
    (Visibility(channels=frozenset({"C1"})), [6, 5, 4, 2, 1]),
    (Visibility(only="C2"), [3]),
    (Visibility(only="C3"), [5, 4]),
    (Visibility(only="C9"), []),
    (Visibility(only=""), []),
    (ALL, [6, 5, 4, 3, 2, 1]),
]


@pytest.mark.parametrize(("visibility", "numbers"), SIGHTS)
async def test_sight(store: Store, visibility: Visibility, numbers: list[int]) -> None:
    """Nobody gets a private channel's idea who may not see it: by no door."""
    await shelf(store)
    assert numbers == await found(store, visibility=visibility)
    robots = [number for number in numbers if number in {5, 3, 2, 1}]
    assert robots == sorted(await found(store, "robots", visibility), reverse=True)
    assert len(numbers) == await store.count("T1", NONE, visibility)
    assert numbers[::-1] == [row[0] for row in exported(store, "T1", NONE, visibility)]
    for number in range(1, 7):
        idea = await store.idea("T1", number, visibility)
        assert (number in numbers) == (idea is not None)
    hidden = Filters(channel="staff", words="robots")
    assert ([3] if 3 in numbers else []) == [
        row[0] for row in exported(store, "T1", hidden, visibility)
    ]
    drawn = await store.random_idea("T1", Filters(words="three"), visibility)
    assert (3 in numbers) == (drawn is not None)
    ideas = (await store.find("T1", NONE, visibility)).ideas
    assert sorted({tag for one in ideas for tag in one.tags}) == list(
        await store.tags("T1", visibility)
    )


async def test_unknown_privacy_is_hidden(store: Store) -> None:
    """A channel of unknown privacy is hidden like a private one, and hides at once."""
    await keep(store, private=None)
    assert [] == await found(store, visibility=Visibility())
    await store.saw_channel("T1", "C1", now=T0, private=False)
    assert [1] == await found(store, visibility=Visibility())
    await store.saw_channel("T1", "C1", now=T0, private=True)
    assert [] == await found(store, visibility=Visibility())
    assert None is await store.idea("T1", 1, Visibility())


@pytest.mark.parametrize("number", [0, -1, 2, 2**63, 10**30])
async def test_numbers_that_are_none(store: Store, number: int) -> None:
    """A number that no idea has is no error, however large."""
    await keep(store)
    assert None is await store.idea("T1", number, ALL)


async def test_random_is_fair(store: Store) -> None:
    """A draw comes to every idea, and to no post in doubt; of none it is none."""
    assert None is await store.random_idea("T1", NONE, ALL)
    for n in range(4):
        await keep(store, n)
    await keep(store, 600, kind=Kind.POST, channel="C8")
    assert None is await store.random_idea("T1", Filters(channel="C8"), ALL)
    await store.withdraw(place(2), Withdrawal.CROSSED, now=T0)
    drawn = [await store.random_idea("T1", NONE, ALL) for _ in range(200)]
    assert {1, 2, 4} == {idea.number for idea in drawn if idea}
    for n in range(4, 120):
        await keep(store, n)
    rare = [await store.random_idea("T1", Filters(channel="C1"), ALL) for _ in range(3)]
    assert all(rare)
    await keep(store, 500, channel="C7")
    for _ in range(5):
        one = await store.random_idea("T1", Filters(channel="C7"), ALL)
        assert one is not None
        assert "C7" == one.channel


# -- the export -------------------------------------------------------------------------------


async def test_export_row(store: Store) -> None:
    """A row has the contract's columns in its order; what is not known is empty."""
    await take(
        store,
        "T1",
        "C1",
        DeliveryKind.PROMPT,
        "2026-W48",
        at=T0,
        now=T0,
        lease=timedelta(minutes=5),
        prompt_id="p",
        prompt_text="What helped?",
    )
    await store.remember_member("T1", person(title="Librarian"), now=T0)
    await store.set_profile("T1", "U1", Profile(school="Hill", district="D4", licence=Licence.BY))
    await store.remember_channel("T1", ChannelInfo(id="C1", name="ideas", private=False), now=T0)
    await store.add(
        post(0.25, edited=stamp_of(at(60.5))),
        draft(
            "Text\nof it",
            tags=("a", "b"),
            components=("X",),
            resources=(Resource("https://x.org", ResourceKind.LINK),),
            credits=(Credit("Kim"),),
        ),
        source=Source.ANSWER,
        prompt_id="p",
        now=T0,
    )
    await store.react(reaction(0.25, "U5", "1"), present=True, now=T0)
    await store.add_reply(place(0.25), place(9), "U6")
    await store.set_post(1, permalink="https://chat.example/p1")
    await store.add(post(1, author="U9", channel="C9"), draft("Bare"), source=Source.POST, now=T0)
    assert [
        (
            *(1, "2026-11-25T15:00:00Z", "Ana Ruiz", "U1", "Librarian", "Hill", "D4", "ideas"),
            *("C1", "Text\nof it", "a; b", "X", "https://x.org", "Kim", "What helped?", 1, 1, 0),
            *("https://chat.example/p1", "2026-11-25T15:01:00Z", "answer", "idea"),
            *("2026-11-25", "", "CC BY 4.0"),
        ),
        (
            *(2, "2026-11-25T15:00:01Z", "", "U9", "", "", "", "", "C9", "Bare", "", "", ""),
            *("", "", 0, 0, 0, "", "", "post", "idea", "2026-11-25", "", ""),
        ),
    ] == list(exported(store, "T1", NONE, ALL))


async def test_the_day_is_that_of_the_channel(store: Store) -> None:
    """An evening in Chicago is its own day, not London's next; where no zone was chosen, ours."""
    await store.remember_workspace(Workspace(id="T1", name="Prairie Lakes"))
    late = 12 * 3600  # three at night in UTC
    for channel in ("C1", "C2"):
        await keep(store, late, channel=channel)
    (first, _) = await store.channels("T1")
    await store.set_settings(replace(first, zone="Europe/Berlin"), who="U1", now=T0)
    rows = exported(store, "T1", Filters(zone=ZoneInfo("America/Chicago")), ALL)
    assert [
        ("C1", "2026-11-26", "Prairie Lakes"),
        ("C2", "2026-11-25", "Prairie Lakes"),
    ] == [(row[8], *row[-3:-1]) for row in rows]


async def test_export_order(store: Store) -> None:
    """Oldest first by the time of the post, whatever came in when; then by number."""
    for n in (5, 1, 3):
        await keep(store, n)
    await keep(store, 3, channel="C2")
    assert [2, 3, 4, 1] == [row[0] for row in exported(store, "T1", NONE, ALL)]
    words = exported(store, "T1", Filters(words="makerspace"), ALL)
    assert [2, 3, 4, 1] == [row[0] for row in words]


async def test_export_is_one_snapshot(store: Store) -> None:
    """What comes in while an export runs is not in it; the file is not held either."""
    for n in range(3):
        await keep(store, n)
    rows = exported(store, "T1", NONE, ALL)
    first = next(rows)
    await keep(store, 10)
    await store.withdraw(place(1), Withdrawal.CROSSED, now=T0)
    assert [1, 2, 3] == [first[0], *(row[0] for row in rows)]
    assert [1, 3, 4] == [row[0] for row in exported(store, "T1", NONE, ALL)]


async def test_export_of_everything(store: Store, url: str) -> None:
    """An operator who names no workspace gets all of them, in order."""
    with read_store(url) as reader:
        assert [] == list(exported(reader, "", NONE, ALL))
    for n, workspace in ((3, "T1"), (1, "T2"), (2, "T1")):
        await keep(store, n, workspace=workspace)
    await store.remember_workspace(Workspace(id="T3"))
    with read_store(url) as reader:
        rows = [(row[0], row[1][-3:]) for row in _rows(reader)]
        assert [(1, "01Z"), (2, "02Z"), (1, "03Z")] == rows
        assert 3 == await reader.count("", NONE, ALL)
        assert 2 == await reader.count("T1", Filters(until=date(2026, 11, 25)), ALL)
        assert 0 == await reader.count("T1", Filters(channel="nope"), ALL)


def _rows(reader: Store) -> Iterator[tuple[object, str]]:
    for row in exported(reader, "", NONE, ALL):
        yield row[0], str(row[1])


async def test_export_while_it_is_written(store: Store, url: str) -> None:
    """A reader in another connection exports while the bot writes."""
    await keep(store)
    with read_store(url) as reader:
        before = len(list(exported(reader, "", NONE, ALL)))
        await keep(store, 1)
        after = len(list(exported(reader, "", NONE, ALL)))
    assert (1, 2) == (before, after)


async def test_list_for_people(store: Store) -> None:
    """The view for people names author and channel, and leaves withdrawn ideas out."""
    await shelf(store)
    await store.withdraw(place(0), Withdrawal.CROSSED, now=T0)
    rows = query(store, "select number, day, author, channel, kind from idea_list order by 1")
    assert (2, "2026-11-26", "Bo", "ideas", "idea") == rows[0]
    assert 5 == len(rows)


async def test_list_for_people_calls_parts_by_their_names(store: Store) -> None:
    """Beside codes stand the names of today; a code without one stands for itself."""
    await keep(store, components=("LIT", "OLD"))
    await keep(store, 1)
    for name in ("Reading", "Literacy"):
        await store.name_components({"LIT": name, "ADV": "Advocacy"})
    rows = query(store, "select components, parts, tried from idea_list order by number")
    assert [("LIT; OLD", '["Literacy","OLD"]', 0), ("", None, 0)] == rows


async def test_index_that_differs(store: Store) -> None:
    """A check finds an index that does not fit the ideas, orphans, and gaps in the numbers."""
    await keep(store, tags=("a",))
    await keep(store, 1)
    assert () == await store.check()
    alter(store, "drop trigger idea_words_change")
    alter(store, "update idea set text = 'other words' where number = 1")
    alter(store, "insert into tag (workspace, tag, idea_id) values ('T1', 'x', 99)")
    alter(store, "update idea set number = 7 where number = 2")
    findings = await store.check()
    assert [
        "A row of tag points at a idea that is not there.",
        "1 rows of tag belong to no idea that is kept.",
        "Workspace T1 has 2 ideas but numbers up to 7.",
    ] == list(findings[:3])
    assert findings[3].startswith("The search index differs from the ideas")
    assert 4 == len(findings)


async def test_a_number_that_our_own_file_lacks_is_no_gap(store: Store) -> None:
    """Ideas of it keep their numbers, and the withdrawn are not in it; any other gap is named."""
    await store.bring([arrival(2, "Zines"), arrival(4, "Buddies")], [], now=T0)
    await keep(store, 9)
    assert () == await store.check()
    alter(store, "update idea set number = 7 where number = 5")
    assert ("Workspace T1 has 3 ideas but numbers up to 7.",) == await store.check()


@pytest.mark.parametrize("piece", ["@", "@-", "@["])
async def test_signs_of_mentions_take_no_long_time(store: Store, piece: str) -> None:
    """A text of forty thousand characters is searched for people outside at once."""
    await keep(store, text=f"garden {piece * (40_000 // len(piece))}")
    began = time.process_time()
    assert [1] == await found(store, "garden", nameless=True)
    assert time.process_time() - began < 3
