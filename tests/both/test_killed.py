"""The program is killed while it posts on both platforms: what it was at stands once on each."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from tests.both.sides import Side, Sides, on_both
from tests.both.test_friday import FRIDAY, MINE, MONDAY, share, stand, stands
from tests.both.test_tenants import settings_of as rehearsed
from tests.conftest import eventually
from tests.faults.waiting import let_leases_end, so
from tests.faults.wire import given_up, texts
from tests.processes import ROOT, environment, running
from tests.signing import get
from tests.teams.fixtures import addresses_of
from tests.teams.running import settings_of

Moment = Callable[[Side], Any]
MOMENTS: dict[str, Moment] = {
    "claimed": lambda side: side.faults.hang(side.posting, times=None),
    "posted": lambda side: side.faults.hold_answer(side.posting, times=None),
}
"""When the program dies: it has asked for the post, which does not stand; or which stands."""


@asynccontextmanager
async def victim(sides: Sides, database: Path, now: datetime) -> AsyncIterator[None]:
    """The program on both platforms in a process of its own, which ends by SIGKILL."""
    teams, slack = sides.teams.teams, sides.slack.slack
    told = {
        "settings": settings_of(teams, database, slack=slack),
        "microsoft": asdict(addresses_of(teams)),
        "now": now.isoformat(),
    }
    written = database.with_name("victim.txt")
    with written.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.both.victim"),
            cwd=ROOT,
            env=environment({}),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(told).encode() + b"\n")
        async with asyncio.timeout(30):
            url = (await process.stdout.readline()).decode().strip()
        assert url, written.read_text()
        teams.courier.url, slack.events_url = f"{url}/teams/messages", f"{url}/slack/events"
        yield
    finally:
        process.kill()
        await process.communicate()


async def test_what_was_acknowledged_survives_a_kill(sides: Sides, database: Path) -> None:
    """Killed under load, `commonplace run` has each post that it acknowledged, once."""
    slack, teams = sides.slack.slack, sides.teams.teams
    teams.rehearse()
    for side in sides:
        side.give_up()
    settings = rehearsed(sides, database, sides.teams.home, both=True)
    async with running(settings) as program:
        teams.courier.url = f"{program.address}/teams/messages"
        slack.events_url = f"{program.address}/slack/events"

        async def is_ready() -> bool:
            return (await get(f"{program.address}/readyz"))[0] == 200

        await eventually(is_ready, "it is ready")
        for side in sides:
            await side.begin()
        text = "We planned a unit and taught it together, number {} in {}"
        posting = [
            asyncio.create_task(side.post(side.rosa, text.format(n, side.name)))
            for n in range(100)
            for side in sides
        ]
        await eventually(so(lambda: len(sides.teams.taken()) >= 30), "some are taken")
        await program.end(signal.SIGKILL)
    posts = await asyncio.gather(*posting)
    await sides.slack.settled()
    lost = given_up(slack)
    acknowledged = [one.text for one in posts[::2] if one.ts not in lost] + [
        one.html.removeprefix("<p>").removesuffix("</p>")
        for one in posts[1::2]
        if one.id in sides.teams.taken()
    ]
    kept = texts(database)
    assert len(acknowledged) >= 30
    assert [] == sorted(set(acknowledged) - set(kept))
    assert len(set(kept)) == len(kept)


async def found_again(sides: Sides, database: Path, clock: Clock, kind: str) -> None:
    """The program runs again, a while later: one stands on each platform."""
    for side in sides:
        side.faults.clear()
    let_leases_end(database)
    async with on_both(sides, database, clock) as both:
        for side in sides:
            await stands(both, side, kind)
    assert [1, 1] == [len(stand(side, kind)) for side in sides]


@pytest.mark.parametrize(
    ("name", "moment"),
    [("slack", "posted"), ("teams", "posted"), ("teams", "claimed")],
)
async def test_a_digest_that_it_died_over_stands_once(
    sides: Sides, side: Side, database: Path, clock: Clock, moment: str
) -> None:
    """Killed between claim, post and record in one, there is one in each when it runs again."""
    async with on_both(sides, database, clock) as both:
        await share(both)
    clock.jump(FRIDAY)
    async with victim(sides, database, clock()):
        fault = MOMENTS[moment](side)
        await eventually(so(lambda: fault.struck == 1), "it posts")
    assert (moment == "posted") == bool(side.digests())
    await found_again(sides, database, clock, "digest")


@pytest.mark.parametrize(("in_slack", "in_teams"), [("claimed", "posted"), ("posted", "claimed")])
async def test_prompts_that_it_died_over_stand_once(
    sides: Sides, database: Path, clock: Clock, in_slack: str, in_teams: str
) -> None:
    """Killed while it posts in both at the same time, there is one in each when it runs again."""
    moments = {"slack": in_slack, "teams": in_teams}
    async with on_both(sides, database, clock) as both:
        await share(both)
    clock.jump(MONDAY)
    async with victim(sides, database, clock()):
        faults = [MOMENTS[moments[side.name]](side) for side in sides]
        await eventually(so(lambda: all(one.struck for one in faults)), "it posts in both")
    for side in sides:
        assert (moments[side.name] == "posted") == bool(side.prompts())
    await found_again(sides, database, clock, "prompt")


async def test_of_a_long_digest_each_part_stands_once(
    sides: Sides, database: Path, clock: Clock
) -> None:
    """Killed while it posts the second part, it goes on in the thread of the first."""
    many, text = 48, "Idea {}: we planned a unit & taught it together"
    async with on_both(sides, database, clock) as both:
        teams = sides.teams
        await asyncio.gather(*(teams.post(teams.rosa, text.format(n)) for n in range(many)))
        await share(both)
    clock.jump(FRIDAY)
    async with victim(sides, database, clock()):
        fault = teams.faults.hold_answer(teams.posting, times=None)
        fault.where = second()
        await eventually(so(lambda: fault.struck == 1), "it goes on")
    assert [1, 1] == [len(teams.digests()), len(teams.below())]
    await found_again(sides, database, clock, "digest")
    whole = " ".join([*teams.digests(), *teams.below()])
    assert len(teams.below()) == len(set(teams.below()))
    assert [1] * many == [whole.count(text.format(n)) for n in range(many)]


def second() -> Callable[[Any], bool]:
    """Holds from the second call on."""
    calls = count(1)
    return lambda _: next(calls) >= 2


@pytest.mark.parametrize("moment", MOMENTS)
async def test_ideas_that_it_posts_for_members_stand_once(
    sides: Sides, database: Path, clock: Clock, moment: str
) -> None:
    """Killed while it posts one on both platforms at the same time."""
    async with on_both(sides, database, clock):
        pass
    async with victim(sides, database, clock()):
        faults = [MOMENTS[moment](side) for side in sides]
        asked = [asyncio.create_task(side.share(side.ben, MINE[side.name])) for side in sides]
        await eventually(so(lambda: all(one.struck for one in faults)), "it posts both")
    for side in sides:
        side.faults.clear()
    await asyncio.gather(*asked)
    let_leases_end(database)
    clock.jump(clock() + timedelta(minutes=5))
    async with on_both(sides, database, clock) as both:
        await both.calm()
        for side in sides:
            assert 1 == sum(MINE[side.name] in one for one in side.said())
            assert [MINE[side.name]] == await side.kept(both.bot)
