"""Messages in odd shapes once they are kept: found, listed, in the digest, in files."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from datetime import timedelta

import pytest

from bot.clock import Clock
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.people import Channel as Known
from bot.sandbox.model import Channel, Member, Message
from tests.conftest import Bot
from tests.faults.waiting import caught_up
from tests.people import calm, tried
from tests.scenes import play
from tests.seeing import words
from tests.slack import Slack

SAID = "We moved our book club to lunch"


def exported(bot: Bot, *options: str) -> str:
    """What the command line writes, run beside the bot."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "export", *options],
        env={**os.environ, "DATABASE_URL": bot.parts.settings.database_url},
        capture_output=True,
        check=True,
        timeout=60,
    )
    return done.stdout.decode("utf-8-sig")


async def known(bot: Bot, slack: Slack, room: Channel) -> Known:
    """The channel, as the bot knows it."""
    found = await bot.parts.store.channel(slack.workspace.team_id, room.id)
    assert found is not None
    return found


async def digest(bot: Bot, slack: Slack, room: Channel) -> Message:
    """The digest of now, posted."""
    await bot.parts.weekly.post(
        DeliveryKind.DIGEST, await known(bot, slack, room), bot.parts.clock()
    )
    await calm(bot, slack)
    return slack.said_by_bot(room)[-1]


async def prompt(bot: Bot, slack: Slack, room: Channel) -> Message:
    """The question of this week, posted."""
    await bot.parts.weekly.post(
        DeliveryKind.PROMPT, await known(bot, slack, room), bot.parts.clock()
    )
    await calm(bot, slack)
    return slack.said_by_bot(room)[-1]


async def test_the_cells_of_a_table_are_found_and_exported(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Words that stand in the cells of a table alone are searched for and exported like any."""
    play(slack, "s01_table", rosa, ben, room)
    slack.post(ben, room, "We built a reading garden with the science club")
    await calm(bot, slack)
    found = words(await slack.command(ben, room, "/ideas search checkouts"))
    assert "Our fall numbers" in found
    assert "reading garden" not in found
    assert "Checkouts" in exported(bot)
    assert "no preview" not in exported(bot, "--format", "json")


@pytest.mark.parametrize("typed", ["#caf\u00e9", "#cafe\u0301", "#CAF\u00c9", "tag:cafe\u0301"])
async def test_a_tag_is_found_in_either_form(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel, typed: str
) -> None:
    """A tag is one tag however its letters are put together, alone and beside words."""
    play(slack, "s10_tags", rosa, ben, room)
    slack.post(ben, room, "We built a reading garden with the science club #cafeteria")
    await calm(bot, slack)
    for command in (f"list {typed}", f"search {typed} grade", "list #\u0d15\u0d35\u0d3f\u0d24"):
        answer = words(await slack.command(ben, room, f"/ideas {command}"))
        assert "with grade six" in answer
        assert "garden" not in answer


async def test_a_name_behind_which_letters_stand_comes_when_it_is_known(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel, clock: Clock
) -> None:
    """No id stands in a text for ever, whatever letters stand right behind the mention."""
    fault = slack.faults.refuse("users.info", "internal_error", times=None)
    play(slack, "s25_letters_behind_a_mention", rosa, ben, room)
    play(slack, "s04_voice_clip_unheard", rosa, ben, room)
    await slack.settled()
    await tried(bot)
    texts = [row["text"] for row in await bot.rows()]
    assert f"@{ben.id}will take" in texts[0]
    assert f"A voice clip by {rosa.id}" == texts[1]
    fault.clear()
    clock.jump(clock() + timedelta(minutes=2))
    bot.parts.outbox.wake()
    await calm(bot, slack)
    texts = [row["text"] for row in await bot.rows()]
    assert "@Ben Okaforwill take the maker cart to grade six, @Ben Okafor\u3055\u3093" == texts[0]
    assert "A voice clip by Rosa Alvarez" == texts[1]


async def test_what_has_no_words_is_shown_by_what_it_is(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """A clip and a file leave no empty line in a list, on a card or in the digest."""
    play(slack, "s04_voice_clip_unheard", rosa, ben, room)
    canvas = play(slack, "s02_canvas_with_a_name", rosa, ben, room)
    slack.react(ben, canvas, "heart")  # or it may be no idea, and has no place in the digest
    await calm(bot, slack)
    listed = await slack.command(ben, room, "/ideas list")
    card = words(await slack.command(ben, room, "/ideas show 1"))
    shown = await digest(bot, slack, room)
    for text in (words(listed), listed.text, card, words(shown), shown.text):
        assert "voice clip by Rosa Alvarez" in text
    for text in (words(listed), listed.text, words(shown), shown.text):
        assert "/docs/T0001/F0CANVAS1" in text


async def test_what_is_said_in_a_clip_may_be_told_later(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Slack writes down what is said in a clip after it is posted: the idea has it then."""
    post = play(slack, "s04_voice_clip_unheard", rosa, ben, room)
    await calm(bot, slack)
    (file,) = slack.told(post)["files"]
    file["transcription"] = {"status": "complete", "preview": {"content": SAID}}
    slack.unfurl(post, "https://example.org/a")
    await calm(bot, slack)
    assert [(1, SAID, None)] == [
        (row["number"], row["text"], row["edited_at"] or None) for row in await bot.rows()
    ]
    bot.parts.history.gap()
    await calm(bot, slack)
    assert [SAID] == [row["text"] for row in await bot.rows()]


async def test_no_password_of_a_meeting_comes_back(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Whoever reads a digest, a list, a card or a file cannot walk into somebody's meeting."""
    play(slack, "s29_meeting", rosa, ben, room)
    post = play(slack, "s29_meetings_of_others", rosa, ben, room)
    address = "https://teams.live.com/meet/93?p=S3cret"
    slack.unfurl(post, address, "Our weekly meeting")
    await slack.command(rosa, room, "/idea Club at https://example.zoom.us/j/7?pwd=S3cret `?pwd=x`")
    await calm(bot, slack)
    seen = [words(await slack.command(ben, room, "/ideas list")), exported(bot)]
    seen += [words(await slack.command(ben, room, f"/ideas show {n}")) for n in (1, 2, 3)]
    seen += [exported(bot, "--format", "json"), words(await digest(bot, slack, room))]
    seen += [words(message) for message in slack.said_by_bot(room)]
    for text in seen:
        assert "S3cret" not in text
        assert "abc.1" not in text
        assert "998877" not in text
    assert "https://example.zoom.us/j/7" in seen[0]
    file = sqlite3.connect(bot.parts.settings.database_url.removeprefix("sqlite:///"))
    with contextlib.closing(file):
        dump = "\n".join(file.iterdump())
    assert "S3cret" not in dump
    assert "Our weekly meeting" in dump


async def test_an_answer_may_come_weeks_later(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel, clock: Clock
) -> None:
    """An answer to a question three weeks old is one to that question, in the next digest."""
    play(slack, "s09_korean", rosa, ben, room)
    await calm(bot, slack)
    first = await prompt(bot, slack, room)
    for _ in range(2):
        clock.jump(clock() + timedelta(weeks=1))
        later = await prompt(bot, slack, room)
        assert later.text != first.text
    await digest(bot, slack, room)
    clock.jump(clock() + timedelta(weeks=1))
    slack.reply(ben, first, "We invite the whole school board to our book club")
    await calm(bot, slack)
    row = (await bot.rows())[-1]
    assert ("answer", "Ben Okafor") == (row["source"], row["author"])
    assert row["prompt"] in first.text
    shown = words(await digest(bot, slack, room))
    assert "We invite the whole school board" in shown
    assert row["prompt"][:60] in shown


async def test_an_export_of_odd_messages_is_whole(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Every row of an export has words or an address, and every resource is an address."""
    for name in ("s01_table", "s03_shared_file", "s04_voice_clip", "s28_labels", "forwarded_alone"):
        play(slack, name, rosa, ben, room)
    await calm(bot, slack)
    for row in json.loads(exported(bot, "--format", "json")):
        assert row["text"] or row["resources"]
        assert all(address.startswith("https://") for address in row["resources"] or ())


async def test_where_a_shared_file_stands_may_be_told_by_the_history(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """An event from a shared channel tells a file's id alone; the history tells its address."""
    known_ = play(slack, "s03_shared_file", rosa, ben, room)
    alone = play(slack, "s03_shared_file_alone", rosa, ben, room)
    await calm(bot, slack)
    assert [""] == [row["resources"] for row in await bot.rows()]
    address = "https://example.slack.com/files/U0ROSA/F0CONNECT/plan.pdf"
    for post in (known_, alone):
        slack.told(post)["files"] = [{"id": "F0CONNECT", "title": "Plan", "permalink": address}]
    bot.parts.history.gap()
    await caught_up(bot)
    await calm(bot, slack)
    rows = await bot.rows()
    assert [(1, address), (2, address)] == [(row["number"], row["resources"]) for row in rows]
