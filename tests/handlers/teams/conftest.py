"""The small Teams and its people, in the place of Slack's."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import Clock
from tests.teams.desks import Office, open_office
from tests.teams.fixtures import ben, room, rosa, teams
from tests.teams.model import Channel, Person
from tests.teams.teams import Teams

__all__ = ["ben", "room", "rosa", "teams"]


@pytest.fixture
async def office(
    teams: Teams,
    rosa: Person,
    room: Channel,
    clock: Clock,
    tmp_path: Path,
) -> AsyncIterator[Office]:
    """A desk that answers; Rosa added the bot to the team."""
    async with open_office(teams, clock, room, tmp_path, coordinator=rosa) as made:
        yield made
