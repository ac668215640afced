"""Both platforms, and one program that is on both."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import Clock
from tests.both.sides import NAMES, Both, Side, Sides, SlackSide, TeamsSide, on_both
from tests.conftest import Bot
from tests.slack import Slack
from tests.teams.fixtures import teams
from tests.teams.teams import Teams

__all__ = ["teams"]


@pytest.fixture
def sides(slack: Slack, teams: Teams) -> Sides:
    """Slack and Teams, with Rosa and Ben in a channel of each."""
    return Sides(SlackSide(slack), TeamsSide(teams))


@pytest.fixture
async def both(sides: Sides, database: Path, clock: Clock) -> AsyncIterator[Both]:
    """One program, on both platforms."""
    async with on_both(sides, database, clock) as made:
        yield made


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """Which platform a test is about."""
    return str(request.param)


@pytest.fixture
def side(name: str, sides: Sides) -> Side:
    """Each of the platforms; a program that a test asks for is on both."""
    return sides.of(name)


@pytest.fixture
def bot(both: Both) -> Bot:
    """The program."""
    return both.bot
