"""Replies in a prompt's thread: which are answers, and what they are tied to."""

from typing import Any

from bot.core.model.deliveries import DeliveryKind
from bot.identity import learn_everywhere
from bot.sandbox.model import Channel, Member, Message
from tests.conftest import Bot
from tests.people import calm
from tests.slack import Slack


async def only(bot: Bot) -> dict[str, Any]:
    """The one row there is."""
    (row,) = await bot.rows()
    return row


async def asked(bot: Bot, slack: Slack, room: Channel) -> Message:
    """The week's prompt, posted."""
    (workspace,) = await bot.parts.store.workspaces()
    await learn_everywhere(bot.parts)
    channel = await bot.parts.store.channel(workspace.id, room.id)
    assert channel is not None
    await bot.parts.weekly.post(DeliveryKind.PROMPT, channel, bot.parts.clock())
    await calm(bot, slack)
    return slack.said_by_bot(room)[-1]


async def test_an_answer_is_an_idea_tied_to_its_prompt(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """In a prompt's thread five words are an answer; fewer, or only a question, are a reply."""
    prompt = await asked(bot, slack, room)
    answer = slack.reply(rosa, prompt, "We invite the board to our book club")
    slack.reply(ben, prompt, "Nice!")
    slack.reply(ben, prompt, "Who pays for the books in your club?")
    await calm(bot, slack)
    row = await only(bot)
    assert ("answer", "We invite the board to our book club") == (row["source"], row["text"])
    assert row["prompt"]
    assert row["prompt"] in prompt.text
    assert {"bulb": [slack.bot.id]} == answer.reactions


async def test_an_answer_shown_in_the_channel_is_one_answer(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A broadcast answer is kept once, as an answer."""
    prompt = await asked(bot, slack, room)
    slack.reply(rosa, prompt, "We invite the board to our book club", broadcast=True)
    await calm(bot, slack)
    assert ["answer"] == [row["source"] for row in await bot.rows()]


async def test_a_short_answer_that_grows_is_kept(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """An edit that makes a plain reply an answer keeps it, tied to the prompt."""
    prompt = await asked(bot, slack, room)
    reply = slack.reply(rosa, prompt, "Book club!")
    await calm(bot, slack)
    slack.edit(reply, "Our book club meets with the school board")
    await calm(bot, slack)
    row = await only(bot)
    assert ("answer", True) == (row["source"], bool(row["prompt"]))
