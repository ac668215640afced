"""`/ideas export`: the file that a member gets is the one from the command line."""

import csv
import io
import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest

from bot.clock import Clock
from bot.core.model.exports import Format
from bot.sandbox.model import Channel, Member
from tests.conftest import Bot
from tests.people import calm, keep
from tests.seeing import buttons, words
from tests.slack import Slack

GARDEN = "We built a reading garden with the science club #outdoors"
TASTING = "A book tasting at lunch doubled our checkouts #reading"
COACH = "I coach new teachers in co-planning every Thursday #mentoring"


def exported(bot: Bot, *options: str) -> bytes:
    """What the command line writes, run beside the bot."""
    settings = bot.parts.settings
    done = subprocess.run(
        [sys.executable, "-m", "bot", "export", *options],
        env={**os.environ, "DATABASE_URL": settings.database_url},
        capture_output=True,
        check=True,
        timeout=60,
    )
    return done.stdout


@pytest.mark.parametrize(
    ("filters", "options"),
    [
        ("", ()),
        ("since:2026-11-25 until:2026-11-25", ("--since", "2026-11-25", "--until", "2026-11-25")),
        ("@rosa", ("--author", "Rosa Alvarez")),
    ],
)
async def test_the_file_in_the_chat_equals_the_one_from_the_command_line(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel, filters: str, options: str
) -> None:
    """`/ideas export` sends, in a direct message, byte for byte what `commonplace export` does."""
    await keep(bot, slack, rosa, room, GARDEN, "=SUM(1,2) is how we count our book carts;\nsee")
    await keep(bot, slack, ben, room, TASTING)
    answer = await slack.command(ben, room, f"/ideas export {filters}")
    assert "direct message" in words(answer)
    await calm(bot, slack)
    message = slack.said_by_bot(slack.open_im(ben))[-1]
    (file,) = slack.files_of(message)
    assert exported(bot, *options) == file.content
    assert re.fullmatch(r"ideas-2026-\d\d-\d\d\.csv", file.name)
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))
    assert 3 if filters == "@rosa" else 4 == len(rows)
    assert "'=SUM(1,2) is how we count our book carts;\nsee" in [row[9] for row in rows]


@pytest.mark.parametrize("form", list(Format))
async def test_every_format_comes_by_chat(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel, form: Format
) -> None:
    """A format's word first: the file is that of the command line, byte for byte, and so called."""
    await keep(bot, slack, rosa, room, GARDEN, "=SUM(1,2) is how we count our book carts;\nsee")
    await keep(bot, slack, ben, room, TASTING)
    answer = words(await slack.command(ben, room, f"/ideas export {form.upper()} @rosa"))
    assert re.search(r"I am making a .* of 2 ideas\.", answer)
    await calm(bot, slack)
    message = slack.said_by_bot(slack.open_im(ben))[-1]
    (file,) = slack.files_of(message)
    assert exported(bot, "--format", form, "--author", "Rosa Alvarez") == file.content
    assert re.fullmatch(rf"ideas-2026-\d\d-\d\d\.{re.escape(form.ending)}", file.name)


async def test_a_file_whose_answer_was_lost_comes_once(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, clock: Clock
) -> None:
    """It is looked for in the direct messages before it would be sent again."""
    await keep(bot, slack, rosa, room, GARDEN)
    lost = slack.faults.lose_answer("files.completeUploadExternal")
    await slack.command(rosa, room, "/ideas export")
    await slack.until(lambda: lost.spent)
    clock.jump(clock() + timedelta(minutes=2))
    await calm(bot, slack)
    found = [slack.files_of(one) for one in slack.said_by_bot(slack.open_im(rosa))]
    assert 1 == len([file for files in found for file in files])
    assert 1 == len(slack.called("files.completeUploadExternal"))


async def test_the_word_of_a_format_in_quotes_is_looked_for(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """In quotes, or not first, it is a word like any other."""
    await keep(bot, slack, rosa, room, GARDEN, "Our catalog speaks JSON since the summer holidays")
    for asked in ('"json"', "catalog json"):
        assert "a CSV file of 1 idea" in words(
            await slack.command(rosa, room, f"/ideas export {asked}")
        )


async def test_an_export_takes_a_component(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """The file for a component holds the ideas of that component."""
    await keep(bot, slack, rosa, room, COACH)
    code = (await bot.rows())[0]["components"].split("; ")[0]
    await slack.command(rosa, room, f"/ideas export component:{code}")
    await calm(bot, slack)
    (message,) = slack.said_by_bot(slack.open_im(rosa))
    (file,) = slack.files_of(message)
    assert b"co-planning" in file.content


async def test_nothing_to_export_is_said_at_once(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Where nothing fits, no file comes."""
    answer = await slack.command(rosa, room, "/ideas export #nothing")
    assert "nothing to export" in words(answer)
    await calm(bot, slack)
    assert [] == slack.said_by_bot(slack.open_im(rosa))


async def test_an_export_that_fails_comes_later(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, clock: Clock
) -> None:
    """When Slack takes no file now, it comes once Slack does."""
    await keep(bot, slack, rosa, room, GARDEN)
    fault = slack.faults.rate_limit("files.getUploadURLExternal", retry_after=1)
    await slack.command(rosa, room, "/ideas export")
    await slack.until(lambda: fault.struck == 1, saying="a try")
    clock.jump(clock() + timedelta(seconds=5))
    await calm(bot, slack)
    (message,) = slack.said_by_bot(slack.open_im(rosa))
    assert 1 == len(slack.files_of(message))


async def test_page_and_plan_come_by_chat(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """`/ideas report` sends a coordinator a file; anybody else hears who may have it."""
    await keep(bot, slack, rosa, room, GARDEN)
    slack.change_user(rosa, is_admin=True)
    refused = words(await slack.command(ben, room, "/ideas report"))
    assert "Only those who coordinate" in refused
    for asked, name, holds in (
        ("report", "report-DAY.html", b"1 school librarian shared 1 idea."),
        ("report MD", "report-DAY.md", b"**1 school librarian shared 1 idea."),
        ("report plan csv", "library-plan-DAY.csv", b"component,name,standing"),
    ):
        answer = words(await slack.command(rosa, room, f"/ideas {asked}"))
        assert "You will get it in a moment, in a direct message." in answer
        await calm(bot, slack)
        (file,) = slack.files_of(slack.said_by_bot(slack.open_im(rosa))[-1])
        assert name == re.sub(r"2026-\d\d-\d\d", "DAY", file.name)
        assert holds in file.content


@pytest.mark.parametrize(("form", "begins"), [("ris", b"TY  - ELEC"), ("bib", b"@misc{idea2-")])
async def test_one_idea_comes_as_a_file(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel, form: str, begins: bytes
) -> None:
    """The button below its citation sends that idea alone, under its number."""
    await keep(bot, slack, rosa, room, GARDEN, TASTING)
    cited = (await slack.command(ben, room, "/ideas cite 2")).notes[-1]
    assert "Alvarez, R. (2026, November 25). A book tasting at lunch" in words(cited)
    press = {"ris": "RIS file", "bib": "BibTeX file"}[form]
    await slack.click(ben, cited, buttons(cited)[press])
    await calm(bot, slack)
    (file,) = slack.files_of(slack.said_by_bot(slack.open_im(ben))[-1])
    assert f"idea-2.{form}" == file.name
    assert file.content.startswith(begins)
    assert b"reading garden" not in file.content
