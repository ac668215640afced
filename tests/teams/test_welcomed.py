"""Whoever becomes a member of a team is welcomed, once, in their chat with the bot."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from tests.conftest import Bot
from tests.teams.desks import words
from tests.teams.model import Channel, Person
from tests.teams.running import bot_in
from tests.teams.teams import Teams

MOMENT = timedelta(minutes=2, seconds=1)


@pytest.fixture
async def bot(teams: Teams, tmp_path: Path, clock: Clock) -> AsyncIterator[Bot]:
    """A bot that is in the team."""
    async with bot_in(teams, tmp_path / "ideas.db", clock) as started:
        yield started


async def told(bot: Bot, clock: Clock, teams: Teams, who: Person) -> list[str]:
    """What somebody has in their chat with the bot a moment later."""
    clock.jump(clock() + MOMENT)
    await bot.quiet()
    return [words(one) for one in teams.chat(who).items.values()]


async def test_who_joins_a_team_is_welcomed_once(
    teams: Teams, bot: Bot, clock: Clock, room: Channel
) -> None:
    """The note names the channel in which the bot speaks; coming back brings no other."""
    await bot.quiet()
    dana = teams.add_person("Dana Cruz")
    await teams.act.join(dana, room.team)
    (note,) = await told(bot, clock, teams, dana)
    assert "Welcome to" in note
    await teams.act.leave(dana, room.team)
    await teams.act.join(dana, room.team)
    assert 1 == len(await told(bot, clock, teams, dana))


async def test_who_is_not_told_apart_is_asked_for(
    teams: Teams, bot: Bot, clock: Clock, room: Channel
) -> None:
    """Teams may tell its own id alone; a crowd in one activity is a crowd."""
    await bot.quiet()
    dana = teams.add_person("Dana Cruz")
    room.team.members.append(dana)
    crowd = [teams.add_person(f"Member {n}") for n in range(6)]
    room.team.members.extend(crowd)
    update = teams.act.activities.update
    for who, added in ((dana, [dana]), (crowd[0], crowd)):
        accounts = [{"id": one.id, "name": one.name} for one in added]
        await teams.courier.send(update(who, room.team, "teamMemberAdded", membersAdded=accounts))
        clock.jump(clock() + MOMENT)
        await bot.quiet()
    assert 1 == len(await told(bot, clock, teams, dana))
    for one in (crowd[0], crowd[-1]):
        assert [] == await told(bot, clock, teams, one)
