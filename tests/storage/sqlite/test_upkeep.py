"""Copies, wiping, and how erased words leave the file."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from bot.core.errors import StoreError, StoreFullError
from bot.core.model.ideas import Captured, Withdrawal
from storage import Store, open_store
from storage.sqlite import upkeep
from storage.sqlite.upkeep import IndexVacuum
from tests.conftest import eventually
from tests.storage.making import ALL, NONE, T0, found, keep, place


async def test_backup_while_others_write(store: Store, tmp_path: Path) -> None:
    """A copy made while others write is whole, and opens like any other database."""
    await asyncio.gather(*[keep(store, n) for n in range(300)])
    copy = tmp_path / "safe" / "copy.db"
    backup = asyncio.ensure_future(store.backup(copy))
    written = 300
    while not backup.done():
        await keep(store, written)
        written += 1
    await backup
    assert ["copy.db"] == [file.name for file in copy.parent.iterdir()]
    restored = open_store(f"sqlite:///{copy}")
    try:
        assert 300 <= await restored.count("T1", NONE, ALL) <= written
        assert () == await restored.check()
        await keep(restored, 99_999)
    finally:
        await restored.close()


async def test_backup_that_exists(store: Store, tmp_path: Path) -> None:
    """A backup never overwrites a file, not even one that appears meanwhile."""
    await keep(store)
    copy = tmp_path / "copy.db"
    copy.write_text("mine")
    with pytest.raises(StoreError, match="exists already"):
        await store.backup(copy)
    assert "mine" == copy.read_text()
    dangling = tmp_path / "dangling.db"
    dangling.symlink_to(tmp_path / "nowhere")
    with pytest.raises(StoreError, match="exists already"):
        await store.backup(dangling)
    assert not (tmp_path / "nowhere").exists()


async def test_backup_to_nowhere(store: Store, tmp_path: Path) -> None:
    """A place that cannot be written is said, and nothing is left of the attempt."""
    (tmp_path / "file").write_text("here")
    with pytest.raises(StoreFullError, match="cannot be written"):
        await store.backup(tmp_path / "file" / "copy.db")


async def test_wiped(store: Store) -> None:
    """A wiped store is as new: numbers begin at 1 and nothing is found."""
    await keep(store, tags=("a",))
    await store.wipe()
    assert [] == await found(store)
    assert [] == await store.workspaces()
    assert None is await store.next_due()
    assert Captured(1, 1) == await keep(store)
    assert () == await store.check()


async def test_scrubbed_rarely(store: Store) -> None:
    """Between two scrubs of a large index there is rest, except when the store closes."""
    for n in range(50):
        await keep(store, n, text=" ".join(f"w{n}x{k}" for k in range(200)))
    scrub = IndexVacuum(pages=1, few=0)

    def until_clean(*, hurry: bool = False) -> float | None:
        con = sqlite3.connect(store.path, isolation_level=None)
        try:
            again: float | None = 0.0
            while again == 0.0:
                again = scrub(con, hurry)
            return again
        finally:
            con.close()

    assert None is until_clean()
    con = sqlite3.connect(store.path, isolation_level=None)
    con.execute("update upkeep set scrub = scrub + 1")
    assert None is until_clean()
    con.execute("update upkeep set scrub = scrub + 1")
    scrub._not_before = time.monotonic() + 50
    assert 40 < (until_clean() or 0)
    assert None is until_clean(hurry=True)
    assert [(0,)] == con.execute("select scrub - scrubbed from upkeep").fetchall()
    con.close()
    await store.withdraw(place(0), Withdrawal.DELETED, now=T0)


async def test_a_log_that_is_read_is_tried_more_and_more_rarely(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said once, tried again after two seconds, then four; the wait earns no rest later."""
    await keep(store)
    await store.close()
    scrub = IndexVacuum()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as con:
        con.execute("update upkeep set scrub = scrub + 1, stale = 0")

        def until_it_rests() -> float | None:
            while (again := scrub(con, hurry=False)) == 0.0:
                pass
            return again

        with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
            other.execute("begin")
            other.execute("select * from upkeep").fetchall()
            con.execute("update upkeep set write_probe = write_probe + 1")
            assert (2.0, 4.0) == (until_it_rests(), until_it_rests())
            time.sleep(1)  # noqa: ASYNC251  (nothing else runs here)
        assert None is until_it_rests()
        assert [(0,)] == con.execute("select scrub - scrubbed from upkeep").fetchall()
        con.execute("update upkeep set scrub = scrub + 1")
        assert (until_it_rests() or 0) < 15
    assert 1 == caplog.text.count("another program is reading it")


async def test_words_that_went_between_two_rewritings_leave_the_file_without_another_erasure(
    store: Store,
) -> None:
    """The whole file is not written anew each time, but soon, and then nothing is left to do."""
    await keep(store)
    await store.close()
    scrub = IndexVacuum()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as con:

        def until_it_rests() -> float | None:
            while (again := scrub(con, hurry=False)) == 0.0:
                pass
            return again

        def stale() -> list[tuple[int]]:
            return con.execute("select stale from upkeep").fetchall()

        con.execute("update upkeep set scrub = scrub + 1, stale = 1")
        assert (None, [(0,)]) == (until_it_rests(), stale())
        con.execute("update upkeep set stale = 1")
        rest = until_it_rests()
        assert rest is not None
        assert 0 < rest < 60
        assert [(1,)] == stale()
        scrub._rewrite_from = 0.0
        assert (None, [(0,)]) == (until_it_rests(), stale())


async def test_somebody_erased_leaves_the_file_at_once_however_long_the_last_scrub_took(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer looks at each erasure again, also while it rests between two scrubs."""
    monkeypatch.setattr(upkeep, "_REST", 1e9)
    for n in range(3):
        await keep(store, n)
    await store.withdraw(place(0), Withdrawal.DELETED, now=T0)
    await eventually(store.is_scrubbed, "it is scrubbed")
    await store.withdraw(place(1), Withdrawal.DELETED, now=T0)
    assert not await store.is_scrubbed()
    await store.erase("T1", "U1", keeps_nothing=False, now=T0)
    await eventually(store.is_scrubbed, "it is scrubbed")


async def test_two_programs_that_scrub_at_once_take_nothing_for_done_that_came_in_meanwhile(
    store: Store,
) -> None:
    """What is withdrawn after one of them has begun is scrubbed by the next, whoever ends last."""
    await keep(store)
    await store.close()
    first, second = IndexVacuum(), IndexVacuum()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as con:
        con.execute("update upkeep set scrub = scrub + 1")
        assert (0.0, 0.0) == (first(con, hurry=False), second(con, hurry=False))
        while first(con, hurry=False) == 0.0:
            pass
        con.execute("update upkeep set scrub = scrub + 1")
        assert 0.0 == second(con, hurry=False)
        assert [(1,)] == con.execute("select scrub - scrubbed from upkeep").fetchall()


async def test_somebody_erased_during_a_scrub_is_scrubbed_next_and_at_once(store: Store) -> None:
    """The scrub at work has begun without them: the file is not clean when it ends."""
    await keep(store)
    await store.close()
    scrub = IndexVacuum()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as con:
        con.execute("update upkeep set scrub = scrub + 1, stale = 1")
        assert 0.0 == scrub(con, hurry=False)
        con.execute("update upkeep set scrub = scrub + 1, stale = 2")
        left = []
        while scrub(con, hurry=False) is not None:
            left += con.execute("select scrub - scrubbed, stale from upkeep").fetchall()
        assert (1, 2) in left
        assert [(0, 0)] == con.execute("select scrub - scrubbed, stale from upkeep").fetchall()
