"""One program, two platforms, one Friday: a digest in each, once, whatever befalls either."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from tests.both.sides import Both, Side, Sides, on_both
from tests.conftest import eventually
from tests.faults.waiting import let_leases_end

FRIDAY = datetime(2026, 11, 27, 21, 0, 1, tzinfo=UTC)
"""Friday at 15:00 in Chicago."""
MONDAY = datetime(2026, 11, 30, 15, 0, 1, tzinfo=UTC)
"""Monday at 9:00 there."""

MINE = {
    "slack": "We lend seeds with a growing guide beside every packet",
    "teams": "We paired every new teacher with a librarian for the first unit",
}

TROUBLES: dict[str, Callable[[Side], Any]] = {
    "answer lost": lambda side: side.faults.lose_answer(side.posting),
    "failed": lambda side: side.faults.crash(side.posting, status=500),
    "bad gateway": lambda side: side.faults.crash(side.posting, status=502),
    "asked to wait": lambda side: side.faults.rate_limit(side.posting, retry_after=1),
}
DUE = {"digest": FRIDAY, "prompt": MONDAY}


async def share(both: Both) -> None:
    """An idea of Rosa's on each platform; the weeks are planned."""
    for side in both.sides:
        await side.post(side.rosa, MINE[side.name])
    await both.calm()
    await both.caught_up()
    await both.tick()


def stand(side: Side, kind: str) -> list[str]:
    """The weekly messages of a kind."""
    return side.digests() if kind == "digest" else side.prompts()


async def stands(both: Both, side: Side, kind: str, *, doubted: Path | None = None) -> None:
    """Wait until one stands there; the schedule looks often, and goes on to look.

    Args:
        doubted: the database, if somebody was in doubt: between two looks a while passes.
    """

    async def there() -> bool:
        if doubted:
            let_leases_end(doubted)
        await both.tick()
        return bool(stand(side, kind))

    await eventually(there, "it stands there")
    await both.tick(2)


async def test_each_gets_its_own_digest_once(both: Both, clock: Clock) -> None:
    """At the same hour, and it holds what was posted there alone."""
    await share(both)
    clock.jump(FRIDAY)
    for side in both.sides:
        await stands(both, side, "digest")
    for side in both.sides:
        (digest,) = side.digests()
        assert MINE[side.name] in digest
        assert MINE[both.sides.beside(side).name] not in digest


@pytest.mark.parametrize(
    ("trouble", "kind"), [*((one, "digest") for one in TROUBLES), ("answer lost", "prompt")]
)
async def test_trouble_on_one_leaves_one_message_on_each(
    sides: Sides, side: Side, database: Path, clock: Clock, trouble: str, kind: str
) -> None:
    """The other is on time; where it was in doubt one stands in the end, after a restart too.

    Then Graph takes its time until it shows what stands there.
    """
    async with on_both(sides, database, clock) as both:
        await share(both)
        clock.jump(DUE[kind])
        fault = TROUBLES[trouble](side)

        async def struck() -> bool:
            await both.tick()
            return bool(fault.struck)

        await eventually(struck, "it is posted")
        await stands(both, sides.beside(side), kind)
        assert len(stand(side, kind)) <= 1
    sides.teams.faults.slow("graph.*", 0.3, times=4)
    async with on_both(sides, database, clock) as both:
        await stands(both, side, kind, doubted=database)
    assert [1, 1] == [len(stand(one, kind)) for one in sides]
