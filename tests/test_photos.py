"""The photo of an idea, wherever the idea is shown; and the message that does not need it."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.model.deliveries import DeliveryKind
from bot.sandbox.model import Channel, Ephemeral, Member, Message
from tests.conftest import Bot
from tests.seeing import words
from tests.slack import Slack

TEXT = "A book tasting at lunch: a tablecloth, five books a table, three minutes each"
PNG = b"\x89PNG\r\n\x1a\n"


def pictures(shown: Message | Ephemeral) -> list[dict[str, Any]]:
    """What of a message is drawn from Slack's files, alone or beside words."""
    every = (part for block in shown.blocks for part in (block, block.get("accessory", {})))
    return [part for part in every if part.get("type") == "image"]


async def shared(bot: Bot, slack: Slack, who: Member, room: Channel, **more: Any) -> Message:
    """An idea with a photo."""
    name, kind = more.get("name", "tables.png"), more.get("kind", "image/png")
    message = slack.upload(who, room, name, PNG, TEXT, kind=kind)
    await slack.until(lambda: bool(message.reactions), saying="it is kept")
    await bot.quiet()
    return message


async def digest(bot: Bot, slack: Slack, room: Channel) -> Message:
    known = await bot.parts.store.channel(slack.workspace.team_id, room.id)
    assert known is not None
    await bot.parts.weekly.post(DeliveryKind.DIGEST, known, bot.parts.clock())
    return slack.said_by_bot(room)[-1]


async def test_a_photo_is_shown_with_its_idea(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Beside it in a list and a digest, large where it is shown alone; always with words."""
    message = await shared(bot, slack, rosa, room)
    (file,) = slack.files_of(message)
    wanted = {
        "type": "image",
        "slack_file": {"id": file.id},
        "alt_text": "Photo in #1 by Rosa Alvarez: tables.png",
    }
    for line in ("list", "search tasting", "show 1", "random"):
        (note,) = (await slack.command(ben, room, f"/ideas {line}")).notes
        assert [wanted] == [{name: one[name] for name in wanted} for one in pictures(note)], line
        assert "tablecloth" in words(note)
    assert [wanted] == pictures(await digest(bot, slack, room))


@pytest.mark.parametrize(
    ("kind", "name"), [("image/heic", "tables.heic"), ("text/plain", "tables.txt")]
)
async def test_what_slack_does_not_draw_is_told(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, kind: str, name: str
) -> None:
    """A telephone's HEIC, or what is no photo, is a link like any other."""
    await shared(bot, slack, rosa, room, kind=kind, name=name)
    (note,) = (await slack.command(rosa, room, "/ideas show 1")).notes
    assert [] == pictures(note)
    assert name in words(note)


async def test_a_photo_that_is_gone_costs_nothing_else(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Whatever Slack refuses for it comes without it: answers, what is pressed, the digest."""
    message = await shared(bot, slack, rosa, room)
    (file,) = slack.files_of(message)
    del slack.workspace.files[file.id]
    message.files.clear()
    (listed,) = (await slack.command(ben, room, "/ideas list")).notes
    assert ([], True) == (pictures(listed), "tablecloth" in words(listed))
    pressed = await slack.click(ben, listed, "more", "idea_show 1")
    assert ([], True) == (pictures(pressed.notes[-1]), "tablecloth" in words(pressed.notes[-1]))
    posted = await digest(bot, slack, room)
    assert ([], True) == (pictures(posted), "tablecloth" in words(posted))
    assert any(block["type"] == "actions" for block in posted.blocks)


async def test_a_photo_of_a_private_channel_is_seen_by_those_who_see_its_idea(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Nobody else is shown either."""
    den = slack.add_channel("den", [rosa], private=True, bot=True)
    await shared(bot, slack, rosa, den)
    (mine,) = (await slack.command(rosa, room, "/ideas list")).notes
    (theirs,) = (await slack.command(ben, room, "/ideas list")).notes
    assert (1, 0) == (len(pictures(mine)), len(pictures(theirs)))


async def test_a_withdrawn_idea_takes_its_photo_along(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Nothing knows the file any more."""
    await shared(bot, slack, rosa, room)
    answer = await slack.command(rosa, room, "/ideas remove 1")
    await slack.click(rosa, answer.notes[-1], "idea_remove")
    await bot.quiet()
    assert {} == await bot.parts.store.resources_of([1])


async def known(bot: Bot) -> list[str]:
    """Titles of all files that are kept."""
    found = await bot.parts.store.resources_of([1])
    return [one.title for every in found.values() for one in every]


async def test_a_deleted_photo_goes_at_once(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Its address, words and picture are nowhere any more; the idea stays, and a copy is none."""
    message = await shared(bot, slack, rosa, room)
    before = (await bot.rows())[0]
    slack.take_files(message)
    await slack.settled()
    await bot.quiet()
    (row,) = await bot.rows()
    assert [] == await known(bot)
    assert (before["text"], "", "") == (row["text"], row["resources"], row["edited_at"])
    (note,) = (await slack.command(ben, room, "/ideas show 1")).notes
    assert ([], False) == (pictures(note), "tables.png" in words(note))


async def test_a_photo_deleted_while_the_bot_was_away_goes_too(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """The next reading of the history finds it."""
    message = await shared(bot, slack, rosa, room)
    slack.told(message)["files"] = [{"id": slack.files_of(message)[0].id, "mode": "tombstone"}]
    (channel,) = await bot.parts.history.channels()
    for changed in (1, 0):
        found = await bot.parts.history.one(channel, since=bot.parts.clock() - timedelta(days=1))
        assert changed == found.changed
        assert [] == await known(bot)


async def test_a_hidden_photo_stays(bot: Bot, slack: Slack, rosa: Member, room: Channel) -> None:
    """Slack's free plan hides what is old: that is no deletion."""
    message = await shared(bot, slack, rosa, room)
    slack.take_files(message, "hidden_by_limit")
    await slack.settled()
    assert ["tables.png"] == await known(bot)


async def test_a_post_that_was_but_a_photo_goes_with_it(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """There is nothing to show, so the mark goes, too."""
    message = slack.upload(rosa, room, "tables.png", PNG, "", kind="image/png")
    await slack.until(lambda: bool(message.reactions), saying="it is kept")
    await bot.quiet()
    slack.take_files(message)
    await slack.until(lambda: not message.reactions, saying="no mark")
    assert [] == await bot.rows()
