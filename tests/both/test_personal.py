"""A digest of one's own, on each platform: asked for, told once, stopped with one press."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from tests.both.sides import Both, Side, Sides, on_both
from tests.both.test_friday import FRIDAY, MINE
from tests.both.test_killed import MOMENTS, victim
from tests.conftest import eventually
from tests.faults.waiting import let_leases_end, so

LATER = FRIDAY + timedelta(minutes=2)


def digests(side: Side) -> list[str]:
    """Those that Ben was told."""
    return [one for one in side.told(side.ben) if "Only you see this" in one]


async def subscribe(both: Both) -> None:
    """Ben wants one on each platform, and Rosa shares an idea there."""
    for side in both.sides:
        assert "Your own weekly digest comes" in await side.ask(side.ben, "subscribe weekly")
        await side.post(side.rosa, MINE[side.name])
    await both.calm()


async def tells(both: Both, side: Side, number: int = 1) -> None:
    """Wait until Ben has so many; the schedule looks often."""

    async def there() -> bool:
        await both.tick()
        return len(digests(side)) >= number

    await eventually(there, "it is told")
    await both.tick(2)
    await both.bot.quiet()


async def test_each_tells_its_own_once(both: Both, clock: Clock) -> None:
    """It holds what was shared there alone; one press stops it, and it stops."""
    await subscribe(both)
    clock.jump(LATER)
    for side in both.sides:
        await tells(both, side)
        (digest,) = digests(side)
        assert MINE[side.name] in digest
        assert MINE[both.sides.beside(side).name] not in digest
    for side in both.sides:
        assert "Stopped" in await side.press_told(side.ben, "Stop these")
        await side.post(side.rosa, "We film book talks at lunch with the student helpers")
    await both.calm()
    clock.jump(LATER + timedelta(weeks=1))
    for side in both.sides:
        await both.tick(2)
        await both.bot.quiet()
        assert 1 == len(digests(side))


async def test_who_left_by_then_reads_nothing_of_it(both: Both, side: Side, clock: Clock) -> None:
    """Rights are asked when it is sent: nobody reads of a private channel that they have left."""
    inner = side.closed("inner-circle", side.rosa, side.ben)
    await subscribe(both)
    await side.post(side.rosa, "We speak of a hard case among ourselves alone", room=inner)
    await both.calm()
    await side.leave(side.ben, inner)
    clock.jump(LATER)
    await tells(both, side)
    (digest,) = digests(side)
    assert "hard case" not in digest


@pytest.mark.parametrize(
    ("name", "moment", "stands"),
    [
        ("slack", "posted", 1),
        ("slack", "claimed", 1),
        ("teams", "posted", 1),
        ("teams", "claimed", 0),
    ],
)
async def test_one_that_it_died_over_stands_once(
    sides: Sides, side: Side, database: Path, clock: Clock, moment: str, stands: int
) -> None:
    """Killed between claim, post and record: one in Slack, where it may look; in Teams at most one.

    There, what was not told is told a week later: no idea is lost.
    """
    async with on_both(sides, database, clock) as both:
        await subscribe(both)
    clock.jump(LATER)
    async with victim(sides, database, clock()):
        fault = MOMENTS[moment](side)
        fault.where = lambda given: "Only you see this" in str(given)
        await eventually(so(lambda: fault.struck == 1), "it is told")
    side.faults.clear()
    let_leases_end(database)
    clock.jump(LATER + timedelta(minutes=10))
    async with on_both(sides, database, clock) as both:
        await tells(both, side, stands)
        assert stands == len(digests(side))
        await side.post(side.rosa, "We film book talks at lunch with the student helpers")
        await both.calm()
        clock.jump(LATER + timedelta(weeks=1))
        await tells(both, side, stands + 1)
        assert MINE[side.name] in " ".join(digests(side))
