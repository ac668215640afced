"""What members write to the bot alone, over both transports of Slack."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from bot.core.model.actions import Act
from bot.sandbox.model import Channel, Member
from tests.conftest import Bot, eventually
from tests.faults.waiting import so
from tests.people import keep
from tests.seeing import buttons, words
from tests.slack import Slack

IDEA = "A book tasting at lunch doubled our checkouts #reading"


async def answers(slack: Slack, who: Member, count: int) -> list[str]:
    """What the bot has said to somebody in direct messages, once it has said so much."""
    direct = slack.open_im(who)
    await slack.until(lambda: len(slack.said_by_bot(direct)) >= count, saying="an answer")
    return [one.text for one in slack.said_by_bot(direct)]


async def test_a_command_is_answered_where_it_was_written(
    bot: Bot, slack: Slack, rosa: Member, ben: Member, room: Channel
) -> None:
    """It finds what the writer may see; nothing of what they wrote is stored."""
    await keep(bot, slack, rosa, room, IDEA)
    for times, (line, found) in enumerate((("list #a xylophone", False), ("list #reading", True))):
        slack.post(ben, slack.open_im(ben), line)
        assert found is ("Rosa Alvarez" in (await answers(slack, ben, times + 1))[-1])
    await bot.quiet()
    file = bot.parts.settings.database_url.removeprefix("sqlite:///")
    with open(file, "rb") as raw:  # noqa: ASYNC230, PTH123
        assert b"xylophone" not in raw.read()


async def test_an_idea_is_shared_from_there(
    bot: Bot, slack: Slack, rosa: Member, room: Channel
) -> None:
    """Words that are no command are offered to be shared; the channel is asked for next."""
    direct = slack.open_im(rosa)
    slack.post(rosa, direct, IDEA)
    (first,) = await answers(slack, rosa, 1)
    assert "Hello, I am Commonplace." in first
    shown = slack.said_by_bot(direct)[0]
    await slack.click(rosa, shown, buttons(shown)["Share it as an idea"])
    asked = slack.said_by_bot(direct)[0]
    assert "Which channel" in words(asked)
    await slack.click(rosa, asked, buttons(asked)[f"#{room.name}"])
    assert [1] == [row["number"] for row in await bot.rows()]
    assert IDEA in slack.said_by_bot(room)[-1].text


async def test_a_form_is_behind_a_button(bot: Bot, slack: Slack, rosa: Member) -> None:
    """No form opens by itself after a message; one press opens it."""
    direct = slack.open_im(rosa)
    slack.post(rosa, direct, "me")
    assert ["There is a form for that: About me."] == await answers(slack, rosa, 1)
    shown = slack.said_by_bot(direct)[0]
    await slack.click(rosa, shown, buttons(shown)["Open the form"])
    view = slack.view(rosa)
    assert view is not None
    assert Act.PROFILE == view.callback_id
    await slack.submit(rosa, {"school": "Prairie Elementary"})
    member = await bot.parts.store.member(slack.workspace.team_id, rosa.id)
    assert member is not None
    assert "Prairie Elementary" == member.profile.school


async def test_an_answer_comes_once(bot: Bot, slack: Slack, rosa: Member) -> None:
    """Slack sends a message twice, then is busy: there is one answer to each message."""
    direct = slack.open_im(rosa)
    slack.faults.repeat_events()
    slack.post(rosa, direct, "hello")
    await answers(slack, rosa, 1)
    slack.timing = replace(slack.timing, retries=(1.5, 1.5, 1.5))
    slack.faults.rate_limit("chat.postMessage")
    slack.post(rosa, direct, "hello")
    said = await answers(slack, rosa, 2)
    await slack.settled()
    assert 2 == len(slack.said_by_bot(direct))
    assert [True, False] == ["Hello, I am Commonplace." in one for one in said]
    del bot


@pytest.mark.parametrize(("copies", "retries"), [(1, (0.1,)), (2, ())])
async def test_an_answer_comes_although_the_database_was_busy(
    bot: Bot,
    slack: Slack,
    rosa: Member,
    caplog: pytest.LogCaptureFixture,
    copies: int,
    retries: tuple[float, ...],
) -> None:
    """Whether Slack sends the message again or twice at once, the writer hears, and once."""
    await bot.quiet()
    slack.timing = replace(slack.timing, ack=10, retries=retries)
    slack.faults.repeat_events(copies)
    direct = slack.open_im(rosa)
    with closing(sqlite3.connect(bot.parts.store.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        slack.post(rosa, direct, "help")
        await eventually(so(lambda: "not acknowledged" in caplog.text), "the first try fails")
        other.execute("rollback")
    await answers(slack, rosa, 1)
    await slack.settled()
    assert 1 == len(slack.said_by_bot(direct))


async def test_what_cannot_be_told_is_let_be(bot: Bot, slack: Slack, rosa: Member) -> None:
    """An answer that Slack refuses for good is not tried for ever, and the next one comes."""
    direct = slack.open_im(rosa)
    slack.faults.refuse("chat.postMessage", "restricted_action", times=1)
    slack.post(rosa, direct, "list")
    await slack.settled()
    slack.post(rosa, direct, "list")
    assert 1 == len(await answers(slack, rosa, 1))
    del bot


async def test_strangers_hear_that_it_is_not_for_them(
    bot: Bot, slack: Slack, room: Channel
) -> None:
    """Somebody of another organization learns nothing of what is kept."""
    guest = slack.add_user("stranger", team_id="T0ELSE", is_stranger=True)
    slack.post(guest, slack.open_im(guest), "list")
    assert "members of the workspace" in (await answers(slack, guest, 1))[0]
    del bot, room
