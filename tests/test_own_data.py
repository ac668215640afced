"""What is held about a member: sent to them, shown to whoever runs the bot, and erased."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.core.errors import NotAllowedError
from bot.core.model.actions import Act, Action
from bot.core.model.parts import Submission
from bot.core.model.people import Asker
from bot.sandbox.model import Channel, Member
from tests.conftest import Bot, bot_at, eventually
from tests.people import GARDEN, calm, keep
from tests.processes import commonplace
from tests.seeing import buttons, words
from tests.slack import Slack

TASTING = "A book tasting at lunch doubled our checkouts, with @Rosa Alvarez"


@pytest.fixture
async def bot(slack: Slack, database: Path, clock: Clock) -> AsyncIterator[Bot]:
    """A running bot over one transport: what is tested here is the same over the other."""
    async with bot_at(slack, database, clock) as running:
        yield running


@pytest.fixture
async def book(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel, database: Path
) -> dict[str, str]:
    """The settings of a database with an idea of Rosa's and one of Ben's that names her."""
    await keep(bot, slack, rosa, room, GARDEN)
    await keep(bot, slack, ben, room, TASTING)
    return {"DATABASE_URL": f"sqlite:///{database}"}


async def press(slack: Slack, who: Member, title: str) -> str:
    """Press a button of what the bot showed somebody last."""
    note = slack.notes(who)[-1]
    return words(await slack.click(who, note, buttons(note)[title]))


async def texts(bot: Bot) -> list[str]:
    """What is kept."""
    return [row["text"] for row in await bot.rows()]


async def test_everything_comes_as_a_file(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, book: dict[str, str], tmp_path: Path
) -> None:
    """`/ideas my-data` sends what `commonplace my-data` writes, while the bot runs."""
    assert "direct message" in words(await slack.command(rosa, room, "/ideas my-data"))
    await calm(bot, slack)
    (file,) = slack.files_of(slack.said_by_bot(slack.open_im(rosa))[-1])
    assert "my-data.json" == file.name
    told = json.loads(file.content)
    assert [GARDEN] == [one["text"] for one in told["ideas"]]
    assert ["#leadership (" + room.id + ")"] == [one["channel"] for one in told["ideas"]]
    assert "Rosa Alvarez" == told["profile"][0]["name"]
    assert [2] == [one["number"] for one in told["ideas of others that name you"]]
    output = tmp_path / "rosa.json"
    asked = ("my-data", "--member", "@Rosa Alvarez", "--output", str(output))
    done = await commonplace(*asked, settings=book)
    assert (0, True) == (done.status, "Rosa Alvarez" in done.err)
    del told["what waits to be done"]  # the file itself
    assert told == json.loads(output.read_bytes())
    assert 0o600 == output.stat().st_mode & 0o777


@pytest.mark.usefixtures("book")
async def test_it_is_asked_twice(bot: Bot, slack: Slack, rosa: Member, room: Channel) -> None:
    """Nothing goes before the second yes; either question offers a way out."""
    new = slack.add_user("new", display_name="Nan Ito")
    asked = words(await slack.command(new, slack.open_im(new), "/ideas forget-me"))
    assert "I hold nothing about you" in asked
    first = words(await slack.command(rosa, room, "/ideas forget-me"))
    assert "what I hold about you: 1 idea, the profile, every name and what waits" in first
    assert "direct message" in await press(slack, rosa, "First send me my data")
    await slack.command(rosa, room, "/ideas forget-me")
    assert "Are you sure?" in await press(slack, rosa, "Erase everything…")
    assert "Nothing was erased." in await press(slack, rosa, "Erase nothing")
    assert [GARDEN, TASTING] == await texts(bot)


@pytest.mark.usefixtures("book")
async def test_what_was_posted_before_does_not_come_back(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """Marked by a colleague, edited, read again: it stays out; what comes later is kept."""
    old = slack.messages(room)[0]
    await slack.command(rosa, room, "/ideas forget-me")
    await press(slack, rosa, "Erase everything…")
    assert "a new beginning" in await press(slack, rosa, "Erase everything")
    await calm(bot, slack)
    slack.react(ben, old, "bulb")
    slack.edit(old, f"{GARDEN} again")
    slack.reply(ben, old, "Lovely")
    await calm(bot, slack)
    assert ["A book tasting at lunch doubled our checkouts, with a colleague"] == await texts(bot)
    await keep(bot, slack, rosa, room, "A new idea about reading with dogs")
    assert 2 == len(await texts(bot))
    amy = slack.add_user("amy", display_name="Amy Novak", is_admin=True)
    slack.join(amy, room)
    log = words(await slack.command(amy, room, "/ideas settings log"))
    assert "a colleague: everything held about them was erased" in log


@pytest.mark.usefixtures("book")
async def test_nothing_is_kept_from_then_on(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, database: Path
) -> None:
    """If they choose so; asking the bot something leaves no trace of them either."""
    await slack.command(rosa, room, "/ideas forget-me")
    await press(slack, rosa, "Erase everything…")
    title = "Erase it, and keep nothing of mine from now on"
    assert "I keep nothing of yours" in await press(slack, rosa, title)
    await keep(bot, slack, rosa, room, "A new idea about reading with dogs")
    await slack.command(rosa, room, "/ideas list")
    await slack.at_home(rosa)
    slack.post(rosa, slack.open_im(rosa), "Hello, what can you do?")
    await calm(bot, slack)
    assert "I know no command like that" in slack.said_by_bot(slack.open_im(rosa))[-1].text
    assert 1 == len(await texts(bot))
    assert None is await _row(bot, rosa)
    await eventually(bot.parts.store.is_scrubbed, "it is scrubbed")
    files = b"".join(one.read_bytes() for one in database.parent.glob("ideas.db*"))
    assert rosa.id.encode() not in files


async def _row(bot: Bot, who: Member) -> object:
    known = await bot.parts.store.called(who.team_id, who.id)
    return known[0] if known else None


# -- whoever runs the bot ----------------------------------------------------------------------


async def test_an_operator_erases_while_the_bot_runs(
    bot: Bot,
    slack: Slack,
    clock: Clock,
    rosa: Member,
    room: Channel,
    book: dict[str, str],
    database: Path,
) -> None:
    """No token is needed; the running bot takes its mark off and its posts away."""
    book |= {"COMMONPLACE_CLOCK": clock().isoformat(), "SLACK_API_URL": slack.api_url}
    await slack.command(rosa, room, "/idea We read to therapy dogs on Fridays")
    await calm(bot, slack)
    assert slack.bot.id in slack.messages(room)[0].reactions["bulb"]
    done = await commonplace("erase", "--member", rosa.id, "--yes", settings=book)
    assert (0, True) == (done.status, done.out.startswith("Erased."))
    assert re.search(r"held about Rosa Alvarez \(\w+\): 2 ideas, the profile", done.err)
    await calm(bot, slack)
    assert "bulb" not in slack.messages(room)[0].reactions
    assert not [one for one in slack.said_by_bot(room) if "therapy" in words(one)]
    await eventually(bot.parts.store.is_scrubbed, "it is scrubbed")
    files = b"".join(one.read_bytes() for one in database.parent.glob("ideas.db*"))
    assert not [one for one in (rosa.id, "Alvarez", "therapy") if one.encode() in files]
    again = await commonplace("erase", "--member", rosa.id, "--yes", settings=book)
    assert (2, f"--member: nobody called '{rosa.id}' is known.") == (
        again.status,
        again.err.strip(),
    )


async def test_an_operator_is_asked_and_names_one(
    bot: Bot, slack: Slack, rosa: Member, book: dict[str, str], tmp_path: Path
) -> None:
    """Without an answer nothing is erased; of two of one name neither is meant."""
    done = await commonplace("erase", "--member", "Rosa Alvarez", settings=book)
    assert (1, True) == (done.status, "Erase it? [y/N]" in done.err)
    other = slack.add_user("rosa2", display_name="Rosa Alvarez")
    tools = slack.add_channel("tools", [other], bot=True)
    await keep(bot, slack, other, tools, "We lend tools beside the books we have")
    for command in (("erase", "--yes"), ("my-data", "--output", str(tmp_path / "one.json"))):
        done = await commonplace(*command, "--member", "rosa alvarez", settings=book)
        assert (2, True) == (done.status, f"{rosa.id} in {rosa.team_id}" in done.err)
    assert 3 == len(await texts(bot))


# -- whoever was deactivated -------------------------------------------------------------------


@pytest.mark.usefixtures("book")
async def test_who_was_deactivated_keeps_their_ideas_and_loses_every_right(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Command, press, form and message: nothing is done for them, whatever it is."""
    slack.deactivate(rosa)
    await calm(bot, slack)
    asker, desk = Asker(workspace=rosa.team_id, member_id=rosa.id, channel=room.id), bot.parts.desk
    about = Action(Act.PROFILE)
    for asked in (
        desk.command(asker, "list"),
        desk.command(asker, "me"),
        desk.command(asker, "forget-me"),
        desk.press(asker, Action(Act.REMOVE, number=1)),
        desk.submit(asker, Submission(about, {})),
        desk.save(asker, None),
        desk.home(asker),
    ):
        with pytest.raises(NotAllowedError, match="not a member of this workspace any more"):
            await asked
    told = await desk.command(asker, "an idea of five words or more", sharing=True)
    assert "not a member of this workspace any more" in str(told)
    assert [GARDEN, TASTING] == await texts(bot)


@pytest.mark.usefixtures("book")
async def test_who_is_back_has_their_rights_again(
    bot: Bot, slack: Slack, ben: Member, room: Channel
) -> None:
    """The platform is asked before anybody is turned away; no file goes to who is gone by then."""
    slack.deactivate(ben)
    await calm(bot, slack)
    slack.change_user(ben, deleted=False)
    asker = Asker(workspace=ben.team_id, member_id=ben.id, channel=room.id)
    await bot.parts.desk.command(asker, "my-data")
    slack.deactivate(ben)
    await calm(bot, slack)
    assert [] == [one for one in slack.said_by_bot(slack.open_im(ben)) if slack.files_of(one)]
