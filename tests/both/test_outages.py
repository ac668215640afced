"""What fails beneath the program or at one platform's end, while it is on both."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.readiness import problems
from tests.both.sides import Both, Side, Sides, on_both
from tests.both.test_friday import FRIDAY, MINE, share, stands
from tests.conftest import eventually
from tests.disks import small_disk
from tests.faults.waiting import so
from tests.faults.wire import stumbling

TASTING = "Book tasting at lunch doubled our checkouts"


def at_once(both: Both) -> list[asyncio.Task[object]]:
    """Rosa posts an idea on both platforms at the same time, and neither waits for the other."""
    return [asyncio.create_task(one.post(one.rosa, MINE[one.name])) for one in both.sides]


async def all_kept(both: Both) -> None:
    """Each platform's idea is kept, once."""

    async def kept() -> bool:
        return all([await one.kept(both.bot) for one in both.sides])

    await eventually(kept, "both are kept")
    await both.calm()
    assert [[MINE[one.name]] for one in both.sides] == [
        await one.kept(both.bot) for one in both.sides
    ]


async def test_what_is_not_stored_comes_again_and_holds_up_no_other(
    both: Both, side: Side, database: Path
) -> None:
    """While the database fails on one platform's post, the other's is kept."""
    for one in both.sides:
        one.insist()
    other = both.sides.beside(side)
    with stumbling(database, MINE[side.name].split()[-1]):
        posting = at_once(both)
        await eventually(so(lambda: side.tries() >= 3), "it is told again")

        async def kept() -> bool:
            return [MINE[other.name]] == await other.kept(both.bot)

        await eventually(kept, "the other's is kept")
        assert [] == await side.kept(both.bot)
    await all_kept(both)
    await asyncio.gather(*posting)


async def test_while_another_program_holds_the_file_nothing_is_acknowledged(
    both: Both, database: Path
) -> None:
    """Released, each post is kept once."""
    for one in both.sides:
        one.insist()
    with closing(sqlite3.connect(database, isolation_level=None)) as con:
        con.execute("begin immediate")
        posting = at_once(both)
        await eventually(so(lambda: both.sides.slack.tries() >= 3), "it is told again")
        assert 0 == both.sides.teams.tries()
        con.execute("rollback")
    await all_kept(both)
    await asyncio.gather(*posting)


async def test_on_a_full_disk_nothing_is_acknowledged(
    sides: Sides, tmp_path: Path, clock: Clock
) -> None:
    """With room again, each post is kept once."""
    with small_disk(tmp_path / "disk") as disk:
        async with on_both(sides, disk / "ideas.db", clock) as both:
            for one in both.sides:
                one.insist()
            ballast = disk / "ballast"
            with pytest.raises(OSError, match="No space"):
                ballast.write_bytes(b"x" * 3_000_000)
            posting = at_once(both)
            tries = [one.tries for one in sides]
            await eventually(so(lambda: all(each() >= 2 for each in tries)), "both come again")
            assert [[], []] == [await one.kept(both.bot) for one in sides]
            ballast.unlink()
            await all_kept(both)
            await asyncio.gather(*posting)


async def test_where_the_bot_is_locked_out_the_other_platform_goes_on(
    both: Both, side: Side, clock: Clock
) -> None:
    """It keeps, marks and posts its digest; the readiness page tells of the one alone."""
    await share(both)
    side.lock_out()
    other = both.sides.beside(side)
    await side.post(side.ben, TASTING)  # which asks for a mark: so it is noticed
    post = await other.post(other.ben, TASTING)
    await other.settled()
    clock.jump(FRIDAY)
    await stands(both, other, "digest")
    await eventually(so(lambda: other.is_marked(post)), "the mark")
    assert "tasting" in other.digests()[0]
    assert [] == side.digests()

    async def said() -> bool:
        return [side.name] == list(await problems(both.bot.parts))

    await eventually(said, "it is not ready")


async def test_what_was_missed_is_read(sides: Sides, database: Path, clock: Clock) -> None:
    """Posts, edits, replies, reactions and marks while the program was away, on both platforms."""
    async with on_both(sides, database, clock) as both:
        posts = {one.name: await one.post(one.rosa, MINE[one.name]) for one in sides}
        await both.calm()
    for one in sides:
        one.give_up()
        post = posts[one.name]
        await one.edit(post, f"{MINE[one.name]}, and a counselor")
        await one.reply(one.ben, post, "Same here")
        await one.react(one.ben, post, "heart")
        await one.post(one.ben, TASTING)
        await one.react(one.rosa, await one.post(one.ben, "Lunch bunch"), "bulb")
        await one.settled()
    async with on_both(sides, database, clock) as both:
        await both.caught_up()
        for one in sides:
            assert {
                f"{MINE[one.name]}, and a counselor": (1, 1, "post"),
                TASTING: (0, 0, "post"),
                "Lunch bunch": (0, 1, "reaction"),
            } == {
                row["text"]: (row["replies"], row["reactions"], row["source"])
                for row in await one.rows(both.bot)
            }
