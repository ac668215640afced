"""What Slack offers beside commands: *Save as idea* on a message, *Share an idea* anywhere."""

from bot.sandbox.model import Channel, Member
from tests.conftest import Bot
from tests.people import calm
from tests.seeing import words
from tests.slack import Slack

GARDEN = "We built a reading garden with the science club"


async def test_any_message_is_saved_under_its_posters_name(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """One in a thread too, however short; whoever saves it alone is told, and its poster once."""
    root = slack.post(rosa, room, GARDEN)
    reply = slack.post(ben, room, "Ours too!", thread_ts=root.ts)
    await calm(bot, slack)
    saved = await slack.shortcut(rosa, "save_idea", reply)
    assert f"Kept as #2, under the name of {ben.shown}." in words(saved)
    await calm(bot, slack)
    by_text = {row["text"]: row["author_id"] for row in await bot.rows()}
    assert {GARDEN: rosa.id, "Ours too!": ben.id} == by_text
    assert {"bulb": [slack.installation.bot_user]} == reply.reactions
    again = await slack.shortcut(ben, "save_idea", reply)
    assert "I have that one already: it is #2" in words(again)


async def test_what_cannot_be_saved_says_why(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """The bot's own post, and a message of a channel that the bot is not in."""
    elsewhere = slack.add_channel("lunch", [rosa])
    await slack.command(rosa, room, f"/idea {GARDEN}")
    await calm(bot, slack)
    own = next(one for one in slack.messages(room) if one.user == slack.installation.bot_user)
    assert "I wrote it" in words(await slack.shortcut(rosa, "save_idea", own))
    other = slack.post(rosa, elsewhere, "Soup and a story on Tuesday")
    refused = await slack.shortcut(rosa, "save_idea", other)
    assert "only from channels that I am in" in words(refused)
    assert 1 == len(await bot.rows())


async def test_an_idea_is_shared_from_anywhere(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """The form asks for the channel, for none is known."""
    opened = await slack.shortcut(rosa, "share_idea")
    assert opened.ok
    sent = await slack.submit(rosa, {"text": GARDEN, "channel": room.id})
    assert (True, None) == (sent.ok, slack.view(rosa))
    await calm(bot, slack)
    assert [(GARDEN, "form")] == [(row["text"], row["source"]) for row in await bot.rows()]


async def test_without_a_channel_the_shortcut_says_so(bot: Bot, slack: Slack, rosa: Member) -> None:
    """By direct message: there is no other place where Slack could show it."""
    slack.add_channel("lunch", [rosa])
    await slack.shortcut(rosa, "share_idea")
    assert slack.view(rosa) is None
    await bot.quiet()
    (told,) = slack.messages(slack.open_im(rosa))
    assert "I am not in a channel yet where I could post an idea" in told.text
