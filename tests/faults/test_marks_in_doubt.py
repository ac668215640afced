"""Marks whose answer was lost: in the end the bot's emoji says what is kept."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot.clock import Clock
from bot.core.model.posts import Place, Reaction
from bot.core.ports import IdeaStore
from bot.sandbox.model import Channel, Member
from tests.conftest import Bot, bot_at
from tests.faults.waiting import caught_up, deaf
from tests.faults.wire import IDEA
from tests.people import calm
from tests.slack import Slack


async def test_a_mark_that_was_taken_away_unnoticed_comes_back(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """The mark went, the answer was lost, and the idea is kept again: so the mark is there."""
    post = slack.post(rosa, room, IDEA)
    await calm(bot, slack)
    fault = slack.faults.lose_answer("reactions.remove")
    slack.react(rosa, post, "x")
    await slack.until(lambda: fault.struck == 1, saying="the mark is taken away")
    slack.unreact(rosa, post, "x")
    await slack.until(lambda: slack.bot.id in post.reactions.get("bulb", ()), saying="the mark")
    await calm(bot, slack)
    assert [IDEA] == [row["text"] for row in await bot.rows()]
    assert [slack.bot.id] == post.reactions["bulb"]


async def test_a_mark_that_was_set_unnoticed_goes(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """The mark was set, the answer was lost, and the idea is taken back: so no mark is there."""
    fault = slack.faults.lose_answer("reactions.add")
    post = slack.post(rosa, room, IDEA)
    await slack.until(lambda: fault.struck == 1, saying="the mark is set")
    slack.react(rosa, post, "x")
    await slack.until(lambda: "bulb" not in post.reactions, saying="no mark")
    await calm(bot, slack)
    assert [] == await bot.rows()
    assert "bulb" not in post.reactions


TALK = "Lunch bunch"
"""Too short to be kept unless somebody marks it."""


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A store before whose `add` something else happens, as it may at any time."""

    store: IdeaStore
    meanwhile: Callable[[], Awaitable[object]]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    async def add(self, *args: Any, **named: Any) -> object:
        await self.meanwhile()
        return await self.store.add(*args, **named)


async def test_a_mark_that_goes_while_the_post_is_read_keeps_nothing(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Ben takes his mark back at the very moment at which the post is kept for it."""
    post = slack.post(rosa, room, TALK)
    await calm(bot, slack)
    keeper, place = bot.parts.keeper, Place(slack.workspace.team_id, room.id, post.ts)
    fetched = await bot.home.fetch(place)
    assert fetched is not None
    await keeper.store.react(Reaction(place, ben.id, "bulb", "1"), present=True, now=keeper.now())

    async def taken_back() -> None:
        await keeper.react(Reaction(place, ben.id, "bulb", "2"), added=False)

    store = cast("IdeaStore", Interrupted(keeper.store, taken_back))
    await replace(keeper, store=store).reread(fetched, by=ben.id, crossed=False)
    assert [] == await bot.rows()


@pytest.mark.parametrize(("later", "kept"), [(5, []), (15, [TALK])])
async def test_a_mark_taken_back_unheard_is_seen_in_the_history(
    slack: Slack,
    rosa: Member,
    ben: Member,
    room: Channel,
    database: Path,
    clock: Clock,
    later: int,
    kept: list[str],
) -> None:
    """Within ten minutes of the keeping it is undone; later nobody can say when the mark went."""
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        post = slack.post(rosa, room, TALK)
        slack.react(ben, post, "bulb")
        await calm(bot, slack)
        assert [TALK] == [row["text"] for row in await bot.rows()]
    deaf(slack)
    slack.unreact(ben, post, "bulb")
    await slack.settled()
    clock.jump(clock() + timedelta(minutes=later))
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        assert kept == [row["text"] for row in await bot.rows()]
        assert bool(kept) == ("bulb" in post.reactions)


async def test_a_mark_given_again_unheard_is_seen_in_the_history(
    slack: Slack, rosa: Member, ben: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """Undone while the bot listened, marked again while it did not: it is kept, as number 1."""
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        post = slack.post(rosa, room, TALK)
        slack.react(ben, post, "bulb")
        await calm(bot, slack)
        slack.unreact(ben, post, "bulb")
        await calm(bot, slack)
        assert [] == await bot.rows()
    deaf(slack)
    slack.react(ben, post, "bulb")
    await slack.settled()
    clock.jump(clock() + timedelta(minutes=5))
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        assert [(1, TALK)] == [(row["number"], row["text"]) for row in await bot.rows()]
        assert slack.bot.id in post.reactions["bulb"]
