"""What a running bot takes in: who, where, what; and whose wish keeps something out."""

from datetime import timedelta
from typing import Any

from bot.clock import Clock
from bot.sandbox.model import Channel, Member, Message
from tests.conftest import Bot
from tests.faults.wire import envelope
from tests.people import calm, tried
from tests.seeing import buttons, words
from tests.slack import Slack

IDEA = "We paired every new teacher with a librarian for their first unit"


async def texts(bot: Bot) -> list[str]:
    """The texts of all rows."""
    return [row["text"] for row in await bot.rows()]


async def only(bot: Bot) -> dict[str, Any]:
    """The one row there is."""
    (row,) = await bot.rows()
    return row


def said(slack: Slack, room: Channel) -> list[Message]:
    """What the bot wrote in a channel; that it joined is Slack's own word."""
    return [each for each in slack.said_by_bot(room) if each.subtype is None]


# -- files, links, people -------------------------------------------------------------------------


async def test_a_file_is_an_idea_with_its_address(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A file with two words beside it is kept, with the file as a resource."""
    post = slack.upload(rosa, room, "garden-plan.pdf", b"%PDF-1.7", "Our plan")
    await calm(bot, slack)
    row = await only(bot)
    assert "Our plan" == row["text"]
    assert row["resources"].endswith("/garden-plan.pdf")
    assert {"bulb": [slack.bot.id]} == post.reactions


async def test_a_file_without_words_is_shown_all_the_same(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A file alone is an idea without text; lists show where it is instead."""
    slack.upload(rosa, room, "garden-plan.pdf", b"%PDF-1.7")
    await calm(bot, slack)
    assert "" == (await only(bot))["text"]
    assert "garden-plan.pdf" in words(await slack.command(rosa, room, "/ideas show 1"))


async def test_links_are_written_out_and_listed(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A link with a label stands as `label (address)`, and both links are resources."""
    slack.post(rosa, room, "See <https://example.org/a|our form> &amp; <https://example.org/b>")
    await calm(bot, slack)
    row = await only(bot)
    assert "See our form (https://example.org/a) & https://example.org/b" == row["text"]
    assert "https://example.org/a; https://example.org/b" == row["resources"]


async def test_people_and_channels_stand_by_name(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """A mention is a name in the kept text, and `with @x` is a credit."""
    slack.post(rosa, room, f"Built a reading garden with <@{ben.id}>, see <#{room.id}> for more")
    await calm(bot, slack)
    row = await only(bot)
    assert "Built a reading garden with @Ben Okafor, see #leadership for more" == row["text"]
    assert "Ben Okafor" == row["credits"]


async def test_a_name_that_cannot_be_had_is_filled_in_later(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, clock: Clock
) -> None:
    """While Slack tells no names an idea is kept all the same; its author's name comes later."""
    fault = slack.faults.refuse("users.info", "internal_error", times=None)
    slack.post(rosa, room, IDEA)
    await slack.settled()
    await tried(bot)
    row = await only(bot)
    assert ("", rosa.id, 1) == (row["author"], row["author_id"], min(fault.struck, 1))
    fault.clear()
    clock.jump(clock() + timedelta(minutes=2))
    bot.parts.outbox.wake()
    await calm(bot, slack)
    row = await only(bot)
    assert ("Rosa Alvarez", "Teacher librarian") == (row["author"], row["title"])


async def test_a_mention_that_cannot_be_had_is_filled_in_later(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel, clock: Clock
) -> None:
    """An id stands in the text until the name behind it is known; the credit follows."""
    fault = slack.faults.refuse(
        "users.info", "internal_error", times=None, where=lambda args: args["user"] == ben.id
    )
    slack.post(rosa, room, f"Built a small reading garden with <@{ben.id}>")
    await slack.settled()
    await tried(bot)
    assert f"Built a small reading garden with @{ben.id}" == (await only(bot))["text"]
    fault.clear()
    clock.jump(clock() + timedelta(minutes=2))
    bot.parts.outbox.wake()
    await calm(bot, slack)
    row = await only(bot)
    assert ("Built a small reading garden with @Ben Okafor", "Ben Okafor") == (
        row["text"],
        row["credits"],
    )


async def test_the_name_is_the_one_of_that_day(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, clock: Clock
) -> None:
    """Whoever marries keeps the old name on the old idea and has the new one on the next."""
    slack.post(rosa, room, IDEA)
    await calm(bot, slack)
    slack.rename_user(rosa, "Rosa Weber")
    clock.jump(clock() + timedelta(days=2))
    slack.post(rosa, room, f"{IDEA} again")
    await calm(bot, slack)
    assert ["Rosa Alvarez", "Rosa Weber"] == [row["author"] for row in await bot.rows()]


async def test_a_name_with_markup_stays_a_name(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A display name made of markup pings nobody in an answer, and the CSV has it on one line."""
    slack.rename_user(rosa, "<!channel> *Rosa*\n|x")
    slack.post(rosa, room, IDEA)
    await calm(bot, slack)
    assert "<!channel> *Rosa* |x" == (await only(bot))["author"]
    assert "<!channel>" not in words(await slack.command(rosa, room, "/ideas show 1"))


# -- what is nothing for the bot ------------------------------------------------------------------


async def test_other_bots_are_ignored(bot: Bot, slack: Slack, rosa: Member, room: Channel) -> None:
    """What another app posts is not kept, and its replies and reactions do not count."""
    other = slack.add_bot("weather")
    slack.join(other, room)
    slack.post(other, room, f"{IDEA} idea:")
    post = slack.post(rosa, room, IDEA)
    slack.reply(other, post, "What a splendid idea that is")
    await calm(bot, slack)
    row = await only(bot)
    assert ("Rosa Alvarez", 0) == (row["author"], row["replies"])


async def test_direct_messages_are_not_read(bot: Bot, slack: Slack, rosa: Member) -> None:
    """What somebody writes to the bot alone is not kept."""
    slack.post(rosa, slack.open_im(rosa), IDEA)
    await calm(bot, slack)
    assert [] == await bot.rows()


async def test_what_the_bot_says_is_no_idea(
    bot: Bot, slack: Slack, rosa: Member, ben: Member
) -> None:
    """The bot's welcome is said once, names :bulb: and the way out, and is not kept."""
    room = slack.add_channel("reading", [rosa, ben])
    slack.invite_bot(room, by=rosa)
    await calm(bot, slack)
    (welcome,) = said(slack, room)
    assert ":bulb:" in words(welcome)
    assert "/ideas me" in words(welcome)
    assert {} == welcome.reactions
    slack.reply(ben, welcome, "Welcome, we have waited for something like you")
    await calm(bot, slack)
    assert [] == await bot.rows()


async def test_the_welcome_stands_once_for_each_stay(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, clock: Clock
) -> None:
    """However often Slack says that the bot joined; invited again, it says it again."""
    room = slack.add_channel("reading", [rosa, ben])
    event = {
        "type": "member_joined_channel",
        "user": slack.bot.id,
        "channel": room.id,
        "channel_type": "C",
        "inviter": rosa.id,
    }
    slack.invite_bot(room, by=rosa)
    await calm(bot, slack)
    for number in range(2):
        slack.delivery.send(envelope(slack, event, f"Ev{number}"), f"again {number}")
        clock.jump(clock() + timedelta(hours=3))
        await calm(bot, slack)
    assert 1 == len(said(slack, room))
    slack.remove_bot(room, by=rosa)
    await calm(bot, slack)
    slack.invite_bot(room, by=ben)
    await calm(bot, slack)
    assert 2 == len(said(slack, room))


async def test_a_channel_the_bot_left_is_not_offered(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """After its removal from a channel the bot keeps what it has and offers to post elsewhere."""
    other = slack.add_channel("reading", [rosa], bot=True)
    slack.post(rosa, room, IDEA)
    slack.post(rosa, other, f"{IDEA} there")
    await calm(bot, slack)
    slack.remove_bot(room, by=rosa)
    await calm(bot, slack)
    assert [IDEA, f"{IDEA} there"] == await texts(bot)
    answer = await slack.command(rosa, room, "/idea Book tasting at lunch")
    assert ["#reading"] == list(buttons(answer))
