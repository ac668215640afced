"""App Home through the running bot, over both transports: opened, pressed, drawn anew."""

from typing import Any

import pytest

from bot.sandbox.answers import Answer
from bot.sandbox.model import Channel, Member, View
from tests.conftest import Bot
from tests.people import GARDEN, keep
from tests.seeing import texts
from tests.slack import Slack

TASTING = "A book tasting at lunch doubled our checkouts #reading"


def words(home: View) -> str:
    """Everything that is written in a Home."""
    return " ".join(texts(home.definition["blocks"]))


def elements(home: View) -> list[tuple[str, dict[str, Any]]]:
    """What can be pressed, chosen or filled in, with the id of its block."""
    return [
        (block["block_id"], one)
        for block in home.definition["blocks"]
        for one in (*block.get("elements", ()), block.get("accessory"), block.get("element"))
        if isinstance(one, dict) and "action_id" in one
    ]


def field(home: View, name: str) -> str:
    """The block that a field of the search stands in."""
    return next(block for block, one in elements(home) if one["action_id"] == f"home_open.{name}")


async def press(slack: Slack, who: Member, said: str, **entered: str) -> Answer:
    """Press the first button of somebody's Home that says this, or choose it from a menu."""
    home = slack.home(who)
    assert home is not None
    block, button, chosen = next(
        (block, one, some.get("value") if one["type"] == "overflow" else None)
        for block, one in elements(home)
        for some in ([one] if one["type"] == "button" else one.get("options", ()))
        if one["type"] in {"button", "overflow"} and some["text"]["text"] == said
    )
    given = {field(home, name): words for name, words in entered.items()}
    name = button["action_id"]
    return await slack.click(who, home, name, chosen, block_id=block, entered=given)


async def test_it_is_drawn_for_who_opens_it(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """With their own ideas, for them alone; the tab of messages draws nothing."""
    await keep(bot, slack, rosa, room, GARDEN)
    slack.open_home(ben, "messages")
    await slack.settled()
    assert slack.home(ben) is None
    home = await slack.at_home(rosa)
    assert "You have shared 1 idea." in words(home)
    assert GARDEN.split(" #")[0] in words(home)
    assert slack.home(ben) is None


async def test_its_parts_are_turned_in_place(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """A tab, a search by Enter and from a list, an answer, and the way back."""
    await keep(bot, slack, rosa, room, GARDEN, TASTING)
    home = await slack.at_home(ben)
    await press(slack, ben, "Find")
    assert "The newest ideas" in words(home)
    line = field(home, "words")
    await slack.click(
        ben, home, "home_open.words", "tasting", block_id=line, entered={line: "tasting"}
    )
    assert ("doubled our checkouts" in words(home), "science club" in words(home)) == (True, False)
    await press(slack, ben, "Search", words="zebra")
    assert "Nothing with the words zebra that you can see." in words(home)
    await press(slack, ben, "Show everything")
    lists = field(home, "component")
    await slack.click(ben, home, "home_open.component", "LIT", block_id=lists)
    assert "Ideas about Inspires" in words(home)
    await press(slack, ben, "Save")
    assert "Saved: #2 by Rosa Alvarez." in words(home)
    await press(slack, ben, "Back to my desk")
    assert "Ideas about Inspires" in words(home)
    assert [] == slack.notes(ben)


async def test_a_form_that_is_opened_from_it_draws_it_anew(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """What came of it stands above the part that was open; nothing is whispered elsewhere."""
    await keep(bot, slack, rosa, room, GARDEN)
    home = await slack.at_home(ben)
    await press(slack, ben, "About me")
    await press(slack, ben, "Change it")
    answer = await slack.submit(ben, {"school": "Prairie Elementary"})
    assert answer.ok
    assert "Saved. From now on I show this beside your ideas" in words(home)
    assert "beside the ideas that you share: Prairie Elementary." in words(home)
    await press(slack, ben, "Start")
    await press(slack, ben, "I tried this")
    assert (await slack.submit(ben, {"came": "worked"})).ok
    assert "Your desk" in words(home)
    assert "Thanks! I’ll tell Rosa Alvarez" in words(home)
    assert [] == slack.notes(ben)
    assert [] == slack.said_by_bot(slack.open_im(ben))


async def test_what_fails_is_said_in_it(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """A form whose time is over, and a button for an idea that is gone meanwhile."""
    await keep(bot, slack, rosa, room, GARDEN)
    home = await slack.at_home(ben)
    slack.faults.refuse("views.open", "expired_trigger_id")
    await press(slack, ben, "I tried this")
    assert "That took too long; please try again." in words(home)
    assert [] == slack.said_by_bot(slack.open_im(ben))
    await press(slack, ben, "Back to my desk")
    await slack.command(rosa, room, "/ideas remove 1")
    slack.delete(slack.messages(room)[0])
    await slack.settled()
    await press(slack, ben, "I tried this")
    assert "#1 is not an idea that you can see" in words(home)
    await press(slack, ben, "Back to my desk")
    assert "yours can be the first" in words(home)


async def test_an_old_view_gives_way_to_a_newer_one(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """A press in a view that was drawn over meanwhile changes nothing that is shown."""
    await keep(bot, slack, rosa, room, GARDEN)
    home = await slack.at_home(rosa)
    old = View(home.id, home.user, home.definition, home.hash)
    await press(slack, rosa, "About me")
    block, tab = next((b, one) for b, one in elements(old) if one.get("value") == "mine")
    answer = await slack.click(rosa, old, tab["action_id"], block_id=block)
    assert answer.ok
    assert "What people outside see" in words(home)


async def test_it_is_opened_where_it_was_left(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """And drawn with what is new since."""
    home = await slack.at_home(rosa)
    await press(slack, rosa, "My ideas")
    assert "You have shared no idea yet" in words(home)
    await keep(bot, slack, rosa, room, GARDEN)
    assert "You have shared no idea yet" in words(home)
    await slack.at_home(rosa)
    assert "You have shared 1 idea." in words(home)


async def test_a_private_channel_that_was_left_is_gone_from_it(
    bot: Bot, slack: Slack, rosa: Member, ben: Member
) -> None:
    """At the next drawing, whatever button draws it."""
    hidden = slack.add_channel("budget", [rosa, ben], private=True, bot=True)
    await keep(bot, slack, rosa, hidden, TASTING)
    home = await slack.at_home(ben)
    assert "book tasting" in words(home)
    slack.leave(ben, hidden)
    await press(slack, ben, "Start")
    assert "book tasting" not in words(home)
    assert "budget" not in words(home)


async def test_who_coordinates_does_so_in_it(
    bot: Bot, slack: Slack, rosa: Member, ben: Member
) -> None:
    """Settings are changed, a page is shared and revoked; others do not see that part."""
    joan = slack.add_user("joan", is_admin=True)
    room = slack.add_channel("reading", [rosa, ben, joan])
    slack.invite_bot(room, by=joan)
    await keep(bot, slack, rosa, room, GARDEN)
    home = await slack.at_home(joan)
    await press(slack, joan, "Coordinate")
    assert "Next digest:" in words(home)
    await press(slack, joan, "Settings")
    assert (await slack.submit(joan, {"digest_day": "thu"})).ok
    assert "Next digest: Thu Nov 26" in words(home)
    await press(slack, joan, "Share a page")
    assert (await slack.submit(joan, {})).ok
    assert "Share 1 is open" in words(home)
    await press(slack, joan, "Coordinate")
    await press(slack, joan, "Revoke share 1")
    assert "Share 1 is revoked" in words(home)
    await press(slack, joan, "Back to my desk")
    assert "Share 1" not in words(home)
    assert "Coordinate" not in words(await slack.at_home(ben))


@pytest.mark.usefixtures("bot")
async def test_an_app_whose_home_is_switched_off_goes_on(
    slack: Slack, rosa: Member, caplog: pytest.LogCaptureFixture
) -> None:
    """The event is acknowledged, and the log says what Slack said."""
    slack.installation.has_home = False
    slack.open_home(rosa)
    await slack.settled()
    assert [] == slack.delivery.lost
    assert "a Home could not be shown" in caplog.text


@pytest.mark.usefixtures("bot")
async def test_it_is_typed_too(slack: Slack, rosa: Member, room: Channel) -> None:
    """`/ideas home` shows the same where one is, and its buttons turn it there."""
    answer = await slack.command(rosa, room, "/ideas home")
    assert "Your desk" in " ".join(texts(answer.blocks))
    note = answer.notes[-1]
    await slack.click(rosa, note, "home_open.3")
    assert "To look for something else: " in " ".join(texts(note.blocks))
    assert "/ideas search reading garden" in " ".join(texts(note.blocks))


async def test_a_stranger_is_shown_nothing_of_ours(
    slack: Slack, rosa: Member, room: Channel, bot: Bot
) -> None:
    """Of another team, in a channel shared with it: no idea of anybody’s."""
    await keep(bot, slack, rosa, room, GARDEN)
    stranger = slack.add_user("sam", team_id="T0OTHER", is_stranger=True)
    assert "science club" not in words(await slack.at_home(stranger))
