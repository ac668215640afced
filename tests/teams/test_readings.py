"""What Teams sends no events of: it comes with readings, in time for a digest."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.core.model.people import Channel as Known
from tests.conftest import Bot, eventually
from tests.people import FORMULA, GARDEN
from tests.teams.model import Channel, Person
from tests.teams.running import bot_in
from tests.teams.teams import Teams

FRIDAY = datetime(2026, 11, 27, 21, 0, tzinfo=UTC)
"""Three o'clock in Chicago."""


@pytest.fixture
async def bot(teams: Teams, tmp_path: Path, clock: Clock) -> AsyncIterator[Bot]:
    """The bot, running in Teams alone."""
    async with bot_in(teams, tmp_path / "ideas.db", clock) as started:
        yield started


async def caught_up(bot: Bot) -> None:
    """Wait until the first reading is done."""

    async def done() -> bool:
        home = bot.parts.platforms.workspaces()
        known = [one for id_ in home for one in await bot.parts.store.channels(id_)]
        return bool(known) and all([await _read(bot, one) for one in known])

    await eventually(done, "the channels are read")


async def _read(bot: Bot, channel: Known) -> bool:
    reading = await bot.parts.store.reading(channel.workspace, channel.id)
    return reading is not None and reading.finished


async def test_what_was_posted_while_the_bot_was_away_is_kept(
    teams: Teams, tmp_path: Path, clock: Clock, rosa: Person, ben: Person, room: Channel
) -> None:
    """With the replies to it, and without what was deleted meanwhile."""
    database = tmp_path / "ideas.db"
    async with bot_in(teams, database, clock) as bot:
        await teams.act.post(rosa, room, f"<p>{GARDEN}</p>")
        gone = await teams.act.post(ben, room, f"<p>{FORMULA}</p>")
        await bot.quiet()
    missed = await teams.act.post(ben, room, "<p>We lend museum passes: families love them.</p>")
    await teams.act.post(rosa, room, "<p>Where do you buy them?</p>", root=missed)
    await teams.act.delete(gone)
    async with bot_in(teams, database, clock) as bot:
        wanted = [(GARDEN, 0), ("We lend museum passes: families love them.", 1)]

        async def in_step() -> bool:
            return wanted == [(row["text"], row["replies"]) for row in await bot.rows()]

        await eventually(in_step, "what was missed is read")


async def test_reactions_are_in_the_digest(
    teams: Teams, bot: Bot, clock: Clock, rosa: Person, ben: Person, room: Channel
) -> None:
    """Teams tells a bot of none as it comes: the channel is read again before the digest."""
    item = await teams.act.post(rosa, room, f"<p>{GARDEN}</p>")
    await bot.quiet()
    await caught_up(bot)
    await teams.act.react(ben, item, "heart")
    assert 0 == (await bot.rows())[0]["reactions"]
    clock.jump(FRIDAY + timedelta(minutes=1))

    async def posted() -> bool:
        await bot.parts.timetable.tick()
        return any(one.author is None for one in room.items.values())

    await eventually(posted, "the digest is posted")
    assert 1 == (await bot.rows())[0]["reactions"]


async def test_a_shared_channel_is_read_every_few_minutes(
    teams: Teams, tmp_path: Path, clock: Clock, rosa: Person, ben: Person
) -> None:
    """Of those no event tells."""
    team = teams.add_team("Librarians", [rosa, ben])
    shared = teams.add_channel(team, "Districts", kind="shared", only=[rosa, ben])
    async with bot_in(teams, tmp_path / "ideas.db", clock) as bot:
        bot.parts.history.fresh, bot.parts.history.rest = timedelta(seconds=0.2), 0.05
        await teams.act.install(rosa, team)
        await caught_up(bot)
        await teams.act.post(rosa, shared, f"<p>{GARDEN}</p>")
        assert [] == await bot.rows()

        async def kept() -> bool:
            return 1 == len(await bot.rows())

        await eventually(kept, "the idea is kept")


async def test_a_reply_that_was_deleted_while_the_bot_was_away_counts_no_more(
    teams: Teams, tmp_path: Path, clock: Clock, rosa: Person, ben: Person, room: Channel
) -> None:
    """It is told with what it replied to, so that no thread is asked for by itself."""
    database = tmp_path / "ideas.db"
    async with bot_in(teams, database, clock) as bot:
        item = await teams.act.post(rosa, room, f"<p>{GARDEN}</p>")
        reply = await teams.act.post(ben, room, "<p>Lovely</p>", root=item)
        await bot.quiet()
        assert 1 == (await bot.rows())[0]["replies"]
    await teams.act.delete(reply)
    async with bot_in(teams, database, clock) as bot:

        async def forgotten() -> bool:
            return not (await bot.rows())[0]["replies"]

        await eventually(forgotten, "the reply is not counted any more")
    assert [] == teams.called("graph.replies")
