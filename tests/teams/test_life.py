"""What befalls teams: the app comes and goes, in any order, while the bot is down or not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.core.model.people import Channel as Kept
from tests.conftest import Bot, eventually
from tests.people import GARDEN
from tests.teams.desks import words
from tests.teams.model import Channel, Payload, Person, Team
from tests.teams.running import bot_in
from tests.teams.teams import Teams
from tests.teams.test_readings import caught_up

IDEA = f"<p>{GARDEN}</p>"


@pytest.fixture
async def bot(teams: Teams, tmp_path: Path, clock: Clock) -> AsyncIterator[Bot]:
    """The bot, running in Teams alone."""
    async with bot_in(teams, tmp_path / "ideas.db", clock) as started:
        yield started


@pytest.fixture
def readers(teams: Teams, rosa: Person, ben: Person) -> Team:
    """A team of two channels that the bot is not in."""
    team = teams.add_team("Readers", [rosa, ben], bot=False)
    teams.add_channel(team, "Book clubs")
    return team


async def kept(bot: Bot, room: Channel) -> Kept:
    """What the bot knows of a channel."""
    (home,) = bot.parts.platforms.workspaces()
    found = await bot.parts.store.channel(home, room.id)
    assert found is not None
    return found


async def installed(teams: Teams, who: Person, team: Team, *, chosen: str = "") -> list[Payload]:
    """The app is put into a team; the activities that tell of it, of which none was sent yet."""
    team.installed = True
    told = teams.act.activities
    bot = {"id": teams.bot.id, "name": teams.bot.name}
    update = told.update(who, team, "teamMemberAdded", membersAdded=[bot])
    added = told.installation(who, team.channels[0], "add")
    if chosen:
        added["channelData"]["settings"] = {"selectedChannel": {"id": chosen}}
    return [update, added]


async def test_whoever_adds_the_app_coordinates_every_channel_of_the_team(
    teams: Teams, bot: Bot, rosa: Person, ben: Person, readers: Team
) -> None:
    """Also where the bot did not say hello; nobody else does."""
    other = readers.channels[1]
    await teams.act.install(rosa, readers)
    await bot.quiet()
    await caught_up(bot)
    for who in (rosa, ben):
        await teams.act.mention(who, other, "settings")
    await bot.quiet()
    (shown,), (refused,) = teams.whispers(rosa), teams.whispers(ben)
    assert "Only coordinators" not in words(shown)
    assert "Only coordinators" in words(refused)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_the_bot_speaks_in_the_channel_that_was_chosen(
    teams: Teams, bot: Bot, rosa: Person, readers: Team, order: tuple[int, int]
) -> None:
    """In no other one, in whichever order it hears of it, and whoever wrote there before."""
    general, other = readers.channels
    told = await installed(teams, rosa, readers, chosen=other.id)
    await teams.act.post(rosa, other, IDEA)
    await caught_up(bot)
    for one in order:
        await teams.courier.send(told[one])
    await bot.quiet()
    await caught_up(bot)
    await bot.quiet()
    assert (None, "off") == ((await kept(bot, other)).prompt, (await kept(bot, general)).prompt)
    assert [] == list(general.items.values())
    assert 2 == len(other.items)


async def test_the_app_may_come_again_for_another_channel(
    teams: Teams, bot: Bot, rosa: Person, ben: Person, readers: Team
) -> None:
    """Then the bot asks its questions there, and whoever added it now coordinates."""
    general, other = readers.channels
    await teams.act.install(rosa, readers)
    await bot.quiet()
    await caught_up(bot)
    await teams.act.uninstall(rosa, readers)
    await bot.quiet()
    assert not (await kept(bot, general)).member
    await teams.act.install(ben, readers, other)
    await bot.quiet()
    await caught_up(bot)
    await bot.quiet()
    now = await kept(bot, other)
    assert (True, ben.aad, None) == (now.member, now.invited_by, now.prompt)
    assert other.items


async def test_who_added_the_app_is_asked_where_teams_does_not_tell(
    teams: Teams, bot: Bot, rosa: Person, readers: Team
) -> None:
    """By their id in Entra they coordinate."""
    for one in await installed(teams, rosa, readers):
        del one["from"]["aadObjectId"]
        await teams.courier.send(one)
    await bot.quiet()
    general = await kept(bot, readers.channels[0])
    assert (rosa.aad, None) == (general.invited_by, general.prompt)


async def test_a_new_version_of_the_app_changes_nothing(
    teams: Teams, bot: Bot, rosa: Person, ben: Person, readers: Team
) -> None:
    """Neither who coordinates, nor is hello said again."""
    general = readers.channels[0]
    await teams.act.install(rosa, readers)
    await bot.quiet()
    told = teams.act.activities.installation(ben, general, "add-upgrade")
    for who in (ben.account, {"id": "28:another-app"}):
        await teams.courier.send({**told, "from": who})
    await bot.quiet()
    assert rosa.aad == (await kept(bot, general)).invited_by
    assert 1 == len(general.items)


async def test_a_private_channel_that_the_bot_is_added_to_is_that_channels_affair(
    teams: Teams, bot: Bot, rosa: Person, ben: Person, readers: Team
) -> None:
    """Whoever added it there coordinates that channel alone, and takes it out of that one alone."""
    general, other = readers.channels
    await teams.act.install(rosa, readers, other)
    await bot.quiet()
    secret = teams.add_channel(readers, "Budget", kind="private", only=[rosa, ben])
    told = teams.act.activities
    await teams.courier.send(told.installation(ben, secret, "add"))
    await bot.quiet()
    await caught_up(bot)
    await bot.quiet()
    there = await kept(bot, secret)
    assert (ben.aad, None, True) == (there.invited_by, there.prompt, there.member)
    assert 1 == len(secret.items)
    assert {} == general.items
    assert rosa.aad == (await kept(bot, other)).invited_by
    assert None is (await kept(bot, other)).prompt
    await teams.courier.send(told.installation(ben, secret, "remove"))
    await bot.quiet()
    assert [False, True] == [(await kept(bot, one)).member for one in (secret, other)]


async def test_one_team_that_is_lost_takes_none_of_the_others_along(
    teams: Teams, tmp_path: Path, clock: Clock, rosa: Person, ben: Person, room: Channel
) -> None:
    """The app was taken out of it while the bot was down; what is new elsewhere is found."""
    database = tmp_path / "ideas.db"
    lost = teams.add_team("A team", [rosa, ben])
    async with bot_in(teams, database, clock) as bot:
        for one in (lost.channels[0], room):
            await teams.act.post(rosa, one, IDEA)
        await bot.quiet()
    lost.installed = False
    new = teams.add_channel(room.team, "Later")
    async with bot_in(teams, database, clock) as bot:

        async def in_step() -> bool:
            known = await bot.parts.store.channel(teams.tenant.id, new.id)
            return known is not None and not (await kept(bot, lost.channels[0])).member

        await eventually(in_step, "the channels are known")
        await bot.quiet()
        teams.tenant.whispers.clear()
        await teams.act.mention(ben, room, "list")
        assert GARDEN.partition(" #")[0] in words(teams.whispers(ben)[-1])


async def test_what_comes_late_from_a_team_that_the_bot_has_left_brings_it_back_nowhere(
    teams: Teams, bot: Bot, rosa: Person, room: Channel
) -> None:
    """The team is asked, and says that the bot is not there."""
    await teams.act.post(rosa, room, IDEA)
    (late,) = teams.courier.sent
    await bot.quiet()
    await teams.act.uninstall(rosa, room.team)
    await bot.quiet()
    await teams.courier.again(late)
    assert bot.parts.teams is not None
    known = bot.parts.teams.known

    async def gone() -> bool:
        return [] == await known.teams()

    await eventually(gone, "the team is forgotten")
    await bot.quiet()
    assert not (await kept(bot, room)).member


async def test_that_the_bot_is_out_of_a_team_is_said_once(
    teams: Teams, bot: Bot, rosa: Person, readers: Team
) -> None:
    """Not for each of its channels: of the one that it spoke in."""
    await teams.act.begin_chat(rosa)
    await teams.act.install(rosa, readers)
    await bot.quiet()
    await caught_up(bot)
    await teams.act.uninstall(rosa, readers)
    await bot.quiet()
    (told,) = teams.chat(rosa).items.values()
    assert "Readers \u203a General" in words(told)
