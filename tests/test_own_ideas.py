"""What members do with what is theirs: withdraw it, and say who they are."""

from pathlib import Path

import pytest

from bot.clock import Clock
from bot.sandbox.model import Channel, Member
from tests.conftest import Bot, bot_at
from tests.people import calm, keep
from tests.seeing import buttons, words
from tests.slack import Slack

GARDEN = "We built a reading garden with the science club #outdoors"
TASTING = "A book tasting at lunch doubled our checkouts #reading"


async def test_an_author_withdraws_with_one_press(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """`remove` asks once; after the press the idea and its mark are gone, whatever is crossed."""
    post = slack.post(rosa, room, GARDEN)
    await calm(bot, slack)
    answer = await slack.command(rosa, room, "/ideas remove 1")
    assert 1 == len(await bot.rows())
    done = await slack.click(rosa, answer.notes[-1], buttons(answer)["Withdraw #1"])
    assert "Withdrawn" in words(done)
    assert ["Put it back"] == list(buttons(done))
    await calm(bot, slack)
    assert [] == await bot.rows()
    assert {} == post.reactions
    slack.react(rosa, post, "x")
    slack.unreact(rosa, post, "x")
    await calm(bot, slack)
    assert [] == await bot.rows()


async def test_nobody_withdraws_what_is_not_theirs(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Another member is refused, by command and by a button they should not have."""
    await keep(bot, slack, rosa, room, GARDEN)
    refused = await slack.command(ben, room, "/ideas remove 1")
    assert "somebody else's" in words(refused)
    hers = await slack.command(rosa, room, "/ideas remove 1")
    pressed = await slack.click(ben, hers.notes[-1], buttons(hers)["Withdraw #1"])
    assert "somebody else's" in words(pressed)
    assert 1 == len(await bot.rows())


@pytest.mark.parametrize("who", ["admin", "inviter", "named"])
async def test_a_coordinator_withdraws_any(
    slack: Slack, rosa: Member, database: Path, clock: Clock, who: str
) -> None:
    """Workspace admins, whoever invited the bot, and those named in the settings may."""
    joan = slack.add_user("joan", is_admin=who == "admin")
    room = slack.add_channel("reading", [rosa, joan])
    admins = joan.id if who == "named" else ""
    async with bot_at(slack, database, clock, commonplace_admins=admins) as bot:
        slack.invite_bot(room, by=joan if who == "inviter" else rosa)
        await calm(bot, slack)
        await keep(bot, slack, rosa, room, GARDEN)
        answer = await slack.command(joan, room, "/ideas remove 1")
        await slack.click(joan, answer.notes[-1], buttons(answer)["Withdraw #1"])
        assert [] == await bot.rows()


# -- about oneself --------------------------------------------------------------------------------


async def test_what_one_tells_stands_beside_the_next_idea(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """School, district and role are kept, shown again, and stand on ideas from then on."""
    await keep(bot, slack, rosa, room, GARDEN)
    await slack.command(rosa, room, "/ideas me")
    told = {"school": " Prairie ", "district": "D47", "role": "K-5", "ideas": "new"}
    answer = await slack.submit(rosa, told)
    assert (True, None) == (answer.ok, slack.view(rosa))
    await keep(bot, slack, rosa, room, TASTING)
    assert [("", ""), ("Prairie", "D47")] == [
        (row["school"], row["district"]) for row in await bot.rows()
    ]
    assert "Rosa Alvarez, Prairie" in words(await slack.command(rosa, room, "/ideas show 2"))
    await slack.command(rosa, room, "/ideas me")
    view = slack.view(rosa)
    assert view is not None
    assert "Prairie" in str(view.definition)
