"""A table of what people look for: what is found, what is not, and which words were meant."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.core.model.ideas import Filters, Visibility
from bot.core.model.people import ChannelInfo, Profile
from storage import Store
from tests.storage.making import ALL, T0, keep, person

TABLE: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parents[1] / "data" / "queries.toml").read_text("utf-8")
)
MEMBER = Visibility()
"""Somebody who sees the public channel alone."""


@pytest.fixture
async def book(store: Store) -> Store:
    """The ideas of the table."""
    for channel, private in (("C1", False), ("C2", True)):
        info = ChannelInfo(id=channel, name=channel.lower(), private=private)
        await store.remember_channel("T1", info, now=T0)
    for number, idea in enumerate(TABLE["idea"]):
        known = {name: tuple(idea[name]) for name in ("tags", "components") if name in idea}
        await store.set_profile("T1", "U1", Profile(school=idea.get("school", "")))
        channel = "C2" if idea.get("private") else "C1"
        await keep(store, number, idea["text"], channel=channel, **known)
    return store


def filters_of(query: dict[str, Any]) -> Filters:
    tags, components = (tuple(query.get(name, ())) for name in ("tags", "components"))
    return Filters(words=query["words"], tags=tags, components=components)


async def test_what_is_found(book: Store) -> None:
    """Exactly the ideas of the table, counted rightly; else the words that were meant, if any."""
    assert 60 < len(TABLE["query"])
    for query in TABLE["query"]:
        filters = filters_of(query)
        page = await book.find("T1", filters, MEMBER, limit=20)
        assert sorted(query["finds"]) == sorted(one.number for one in page.ideas), query
        assert len(page.ideas) == page.total == await book.count("T1", filters, MEMBER), query
        meant = await book.mended("T1", filters, MEMBER)
        assert (query.get("meant", "") == meant) or query["finds"], query


async def test_who_sees_a_word_is_offered_it(book: Store) -> None:
    """A member of the private channel, and whoever runs the bot."""
    inside = Visibility(channels=frozenset({"C2"}))
    for seen in (inside, ALL):
        assert "zebrafish" == await book.mended("T1", Filters(words="zebrafsh"), seen)
    assert "" == await book.mended("T1", Filters(words="zebrafsh"), Visibility(only="C1"))
    assert "" == await book.mended("T1", Filters(words="libary", channel="C9"), MEMBER)


async def test_a_word_that_others_mistyped(store: Store) -> None:
    """Where one idea has it and many more have another, that one is offered; not where as few."""
    await keep(store, text="Open the libary at lunch")
    await keep(store, 1, text="A tidy library")
    assert "" == await store.mended("T1", Filters(words="libary"), ALL)
    for n in range(2, 6):
        await keep(store, n, text=f"Library number {n}")
    assert "library" == await store.mended("T1", Filters(words="libary"), ALL)
    assert "" == await store.mended("T1", Filters(words="library"), ALL)


MARKED: tuple[tuple[str, int, list[str]], ...] = (
    ("gardens read", 1, ["reading", "garden"]),
    ("mentors", 2, ["Mentoring"]),
    ("cafe resume", 3, ["café", "résumés"]),
    ("閱讀 花園", 5, ["閱讀", "花園"]),
    ("ห้องสมุด", 7, ["ห้องสมุด"]),
    ("reading 📚", 8, ["reading", "📚"]),
    ("📚", 9, [":books:"]),
    ('"book tasting" lunch', 9, ["Book tasting", "lunch"]),
    ("teach*", 12, ["teachers"]),
    ("prairie", 14, []),
    ("???", 14, []),
)


async def test_where_words_stand(book: Store) -> None:
    """In any form and script; where they stand beside the text, in it is nothing."""
    for words, number, marked in MARKED:
        idea = await book.idea("T1", number, ALL)
        assert idea is not None
        found = (await book.marks(words, [idea])).get(idea.id, ())
        assert marked == [idea.text[start:end] for start, end in found], words


async def test_signs_that_mark_stand_in_the_text(store: Store) -> None:
    """Then nothing is marked: nobody can tell whose they are."""
    await keep(store, text="A \ue000reading\ue001 garden")
    idea = await store.idea("T1", 1, ALL)
    assert idea is not None
    assert {} == await store.marks("garden", [idea])


async def test_on_a_board_nobody_is_found_who_is_only_mentioned(book: Store) -> None:
    """Words without blanks are found there too, but none that a mention alone has."""
    await keep(book, 90, "花園 with @王小明 and @Ben")
    for name in ("王小明", "Ben"):
        await book.remember_member("T1", person(f"U{name}", name), now=T0)
    for words, numbers in {"閱讀": [5], "花園": [5, 17], "王小明": [], "花園 ben": []}.items():
        page = await book.find("T1", Filters(words=words, nameless=True), MEMBER)
        assert numbers == sorted(one.number for one in page.ideas), words
    assert 17 in [one.number for one in (await book.find("T1", Filters(words="王小明"), ALL)).ideas]
