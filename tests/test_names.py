"""Names that come later: in ideas, in credits, and in what the bot has posted itself."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.sandbox.model import Channel, Member, Message
from tests.conftest import Bot, bot_at
from tests.people import calm, keep, tried
from tests.slack import Slack

TEXT = "Book tasting at lunch doubled our checkouts"


@pytest.fixture
async def bot(slack: Slack, database: Path, clock: Clock) -> AsyncIterator[Bot]:
    """A running bot over one transport: what is tested here is the same over the other."""
    async with bot_at(slack, database, clock) as running:
        yield running


def post_of(slack: Slack, room: Channel) -> Message:
    """The idea that the bot posted for somebody."""
    (found,) = [one for one in slack.said_by_bot(room) if "shared an idea" in one.text]
    return found


async def later(bot: Bot, clock: Clock) -> None:
    """Hours later everything that was put off is due."""
    clock.jump(clock() + timedelta(hours=2))
    bot.parts.outbox.wake()
    await bot.quiet()


async def text_of(bot: Bot) -> tuple[str, str]:
    """The text and the credits of the one idea there is."""
    (row,) = await bot.rows()
    return row["text"], row["credits"]


@pytest.mark.parametrize("refused", ["invalid_blocks", ""])
async def test_a_post_of_ours_says_the_name_as_soon_as_it_is_known(
    bot: Bot, slack: Slack, clock: Clock, rosa: Member, room: Channel, refused: str
) -> None:
    """Posted while Slack told no names, it is put right, by its author's name and those thanked."""
    slack.add_user("tnguyen", display_name="Tran Nguyen")
    away = slack.faults.refuse("users.info", "internal_error", times=None)
    await slack.command(rosa, room, f"/idea {TEXT}, with @tnguyen.")
    await slack.until(lambda: bool(slack.said_by_bot(room)), saying="it is posted")
    await tried(bot)
    (post,) = slack.said_by_bot(room)
    assert (True, True) == (post.text.startswith(rosa.id), "with @tnguyen." in post.text)
    assert (f"{TEXT}, with @tnguyen.", "tnguyen") == await text_of(bot)
    if refused:
        slack.faults.refuse(
            "chat.update", refused, times=None, where=lambda args: "section" in str(args)
        )
    away.clear()
    await later(bot, clock)
    await slack.until(
        lambda: post.text.startswith("Rosa Alvarez shared") and "with @Tran Nguyen." in post.text,
        saying="the post says the names",
    )
    assert (refused == "") == ("Tran Nguyen" in str(post.blocks))
    assert (f"{TEXT}, with @Tran Nguyen.", "Tran Nguyen") == await text_of(bot)
    await calm(bot, slack)
    assert 1 == len(await bot.rows())


async def test_a_post_whose_answer_was_lost_says_the_name_too(
    bot: Bot, slack: Slack, clock: Clock, rosa: Member, room: Channel
) -> None:
    """The name came before the post was found again: it is put right all the same."""
    away = slack.faults.refuse("users.info", "internal_error", times=None)
    slack.faults.lose_answer("chat.postMessage")
    await slack.command(rosa, room, f"/idea {TEXT}")
    await tried(bot)
    away.clear()
    slack.change_user(rosa, title="Librarian")
    await slack.settled()
    await later(bot, clock)
    (post,) = slack.said_by_bot(room)
    await slack.until(lambda: post.text.startswith("Rosa Alvarez shared"), saying="the name")


async def test_a_handle_becomes_the_name_as_shown(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """The form in which Slack sends mentions in commands carries a handle; the name is asked."""
    await calm(bot, slack)
    slack.add_user("tnguyen", display_name="Tran Nguyen")
    slack.add_user("tnguyen.lee", display_name="Lee")
    line = f"/idea {TEXT} with @tnguyen and @tnguyen.lee, @tnguyen!"
    await slack.command(rosa, room, line)
    await calm(bot, slack)
    text = f"{TEXT} with @Tran Nguyen and @Lee, @Tran Nguyen!"
    assert (text, "Tran Nguyen; Lee") == await text_of(bot)
    assert text in post_of(slack, room).text


async def test_a_handle_in_a_post_is_looked_up_too(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Wherever a mention carries a handle, the name as shown takes its place."""
    tran = slack.add_user("tnguyen", display_name="Tran Nguyen")
    await keep(bot, slack, rosa, room, f"{TEXT}, with <@{tran.id}|tnguyen>")
    assert (f"{TEXT}, with @Tran Nguyen", "Tran Nguyen") == await text_of(bot)


async def test_the_name_of_a_private_channel_is_not_told(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A post that mentions a private channel says so much and no more, as Slack does."""
    board = slack.add_channel("board-and-budget", [rosa], private=True, bot=True)
    await keep(bot, slack, rosa, board, "We moved the budget meeting to the library itself")
    await keep(bot, slack, rosa, room, f"{TEXT}, as we said in <#{board.id}> and <#{room.id}>")
    text = (await bot.rows())[-1]["text"]
    assert f"{TEXT}, as we said in #private-channel and #leadership" == text
