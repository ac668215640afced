"""Whose wish counts: what members keep to themselves, which channels are watched."""

from pathlib import Path

import pytest

from bot.clock import Clock
from bot.sandbox.model import Channel, Member, Message
from tests.conftest import Bot, bot_at
from tests.people import calm
from tests.slack import Slack

IDEA = "We paired every new teacher with a librarian for their first unit"


async def texts(bot: Bot) -> list[str]:
    """The texts of all rows."""
    return [row["text"] for row in await bot.rows()]


def said(slack: Slack, room: Channel) -> list[Message]:
    """What the bot wrote in a channel; that it joined is Slack's own word."""
    return [each for each in slack.said_by_bot(room) if each.subtype is None]


async def wish(slack: Slack, who: Member, room: Channel, keep: str) -> None:
    """A member says in `/ideas me` what may be kept."""
    await slack.command(who, room, "/ideas me")
    answer = await slack.submit(who, {"keep": keep})
    assert answer.ok


# -- whose wish counts ----------------------------------------------------------------------------


async def test_whoever_wants_nothing_kept_is_left_alone(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """With *keep nothing of mine* neither an idea, a marked one nor a colleague's mark counts."""
    await wish(slack, rosa, room, "nothing")
    slack.post(rosa, room, IDEA)
    post = slack.post(rosa, room, f"idea: {IDEA}")
    slack.react(ben, post, "bulb")
    await calm(bot, slack)
    assert [] == await bot.rows()
    assert {"bulb": [ben.id]} == post.reactions
    assert [] == slack.notes(rosa)[1:]


async def test_whoever_wants_nothing_kept_may_mark_a_colleagues_post(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Their mark works, and its removal undoes it; that it was theirs is not remembered."""
    await wish(slack, ben, room, "nothing")
    post = slack.post(rosa, room, "Trolleys!")
    slack.react(ben, post, "bulb")
    await calm(bot, slack)
    assert [("Trolleys!", 0)] == [(row["text"], row["reactions"]) for row in await bot.rows()]
    slack.unreact(ben, post, "bulb")
    await calm(bot, slack)
    assert [] == await bot.rows()


async def test_whoever_keeps_only_marked_posts_marks_them_alone(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """With *keep only what I mark* an own mark counts, in the text or on it, and no one else's."""
    await wish(slack, rosa, room, "marked")
    plain = slack.post(rosa, room, IDEA)
    slack.post(rosa, room, "idea: carts!")
    own = slack.post(rosa, room, "Trolleys!")
    slack.react(ben, plain, "bulb")
    slack.react(rosa, own, "bulb")
    await calm(bot, slack)
    assert ["idea: carts!", "Trolleys!"] == await texts(bot)


async def test_opting_in_again_works_from_then_on(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """The form shows what was chosen, and *keep what reads like an idea* undoes it."""
    await wish(slack, rosa, room, "nothing")
    await wish(slack, rosa, room, "all")
    slack.post(rosa, room, IDEA)
    await calm(bot, slack)
    assert [IDEA] == await texts(bot)


# -- which channels are watched -------------------------------------------------------------------


@pytest.mark.parametrize("by_name", [True, False], ids=["by name", "by id"])
async def test_only_named_channels_are_watched(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock, *, by_name: bool
) -> None:
    """With channels named in the settings, posts and welcomes stay out of all others."""
    chosen = "#Leadership" if by_name else room.id
    async with bot_at(slack, database, clock, commonplace_channels=chosen) as bot:
        other = slack.add_channel("reading", [rosa])
        slack.invite_bot(other, by=rosa)
        await calm(bot, slack)
        slack.post(rosa, other, f"{IDEA} elsewhere")
        slack.post(rosa, room, IDEA)
        await calm(bot, slack)
        assert [IDEA] == await texts(bot)
        assert [] == said(slack, other)


async def test_a_name_that_cannot_be_resolved_drops_nothing(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """While Slack tells no channel's name, a post in any may be in a wanted one, and is kept."""
    slack.faults.refuse("users.conversations", "internal_error", times=None)
    slack.faults.refuse("conversations.info", "internal_error", times=None)
    async with bot_at(slack, database, clock, commonplace_channels="leadership") as bot:
        slack.post(rosa, room, IDEA)
        await slack.settled()
        assert [IDEA] == await texts(bot)
