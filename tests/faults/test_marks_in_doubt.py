"""Marks whose answer was lost: in the end the bot's emoji says what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.wire import IDEA
from tests.people import calm

if TYPE_CHECKING:
    from bot.sandbox import Sandbox
    from bot.sandbox.model import Channel, Member
    from tests.conftest import Bot


async def test_a_mark_that_was_taken_away_unnoticed_comes_back(
    bot: Bot, slack: Sandbox, rosa: Member, room: Channel
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
    bot: Bot, slack: Sandbox, rosa: Member, room: Channel
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
