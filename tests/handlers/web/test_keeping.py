"""What is kept of the database's pages, and how openings are written down."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.model.shares import Share
from handlers.web.keeping import MOST, Kept, Openings
from storage import Store, open_store
from tests.storage.making import T0, keep


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'ideas.db'}")
    await keep(opened)
    yield opened
    await opened.close()


class Maker:
    """Makes 1, then 2, and so on."""

    def __init__(self) -> None:
        self.made = 0

    async def __call__(self) -> int:
        self.made += 1
        return self.made


async def test_what_nothing_has_changed_is_made_once(store: Store) -> None:
    """Under its key; whoever writes, this process or another, it is made anew."""
    kept, make = Kept(store), Maker()
    assert [1, 1, 2] == [await kept.get(key, make) for key in ("a", "a", "b")]
    await keep(store, 1)
    assert [3, 3] == [await kept.get("a", make) for _ in range(2)]
    other = open_store(f"sqlite:///{store.path}")
    await keep(other, 2)
    assert 4 == await kept.get("a", make)
    await other.close()
    assert 4 == await kept.get("a", make)


async def test_what_changed_while_it_was_made_is_made_anew(store: Store) -> None:
    """Nothing that is older than a change is kept after it, whoever asked first."""
    kept, make = Kept(store), Maker()

    async def slow() -> int:
        await keep(store, 1)
        await kept.get("b", make)
        return 0

    assert 0 == await kept.get("a", slow)
    assert 2 == await kept.get("a", make)


async def test_what_was_asked_for_longest_ago_goes_first(store: Store) -> None:
    """However many addresses somebody thinks up, only so many pages are kept."""
    kept, make = Kept(store), Maker()
    for key in range(MOST):
        await kept.get(key, make)
    assert 1 == await kept.get(0, make)
    await kept.get("more", make)
    assert [1, MOST + 2] == [await kept.get(key, make) for key in (0, 1)]


async def test_openings_are_written_down(store: Store) -> None:
    """The first at once, the others together, and the rest when all ends."""
    share = Share(workspace="T1", channel="C1", starts_at=T0, ends_at=T0, made_at=T0)
    await store.add_share(share, token="t", now=T0)
    openings = Openings(store)
    openings.count(1)
    while (kept := await store.share_of_number(1)) is None or not kept.opened:
        await store.ping()
    openings.count(1)
    openings.count(1)
    await openings.aclose()
    kept = await store.share_of_number(1)
    assert kept is not None
    assert 3 == kept.opened
    await store.close()
    await Openings(store).aclose()
