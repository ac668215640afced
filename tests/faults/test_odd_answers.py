"""Answers that are no answer of Slack's: pages, bare sentences, half an object."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.core.errors import ChatInDoubtError, ChatUnavailableError
from bot.core.model.parts import Message
from bot.core.model.posts import Place
from bot.sandbox.model import Channel, Member
from handlers.slack.chat import SlackChat
from handlers.slack.sockets import Pace
from tests.conftest import Bot, bot_at, eventually
from tests.faults.waiting import in_doubt, let_leases_end
from tests.people import FORMULA, calm
from tests.slack import Slack

ODD = [
    pytest.param("text/html", "<html>Bad gateway</html>", id="a page"),
    pytest.param("text/plain", "upstream connect error", id="a sentence"),
    pytest.param("application/json", '{"ok": fal', id="half an object"),
    pytest.param("application/json", "null", id="nothing"),
]


@pytest.mark.parametrize("status", [500, 502, 503])
@pytest.mark.parametrize(("content", "body"), ODD)
async def test_an_odd_answer_is_a_slack_that_is_away(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, content: str, body: str, status: int
) -> None:
    """What only reads is tried again later; what may have been done is looked for first."""
    chat = bot.home
    slack.faults.crash("users.info", status=status, content=content, body=body)
    with pytest.raises(ChatUnavailableError):
        await chat.person(rosa.id)
    slack.faults.crash("chat.postMessage", status=status, content=content, body=body)
    with pytest.raises(ChatInDoubtError):
        await chat.post(room.id, Message("Good morning", ()), key="greeting")


@pytest.mark.parametrize(("content", "body"), ODD[1:3])
async def test_an_odd_answer_costs_no_idea_and_doubles_none(
    bot: Bot, slack: Slack, rosa: Member, room: Channel, content: str, body: str
) -> None:
    """An idea that is to be posted is posted once, later, and nothing is logged as unexpected."""
    results: list[str] = []
    bot.parts.outbox.on_result = lambda effect, result: results.append(f"{effect} {result}")
    slack.faults.crash("chat.postMessage", status=502, content=content, body=body)
    await slack.command(rosa, room, f"/idea {FORMULA}")
    await slack.until(lambda: in_doubt(bot.parts.store.path), saying="it may have been posted")
    let_leases_end(bot.parts.store.path)
    await calm(bot, slack)
    assert 1 == len(slack.said_by_bot(room))
    assert {"publish postponed", "publish done"} <= set(results)
    assert [] == [result for result in results if "failed" in result]


@pytest.mark.parametrize(("content", "body"), ODD)
async def test_an_odd_answer_to_the_wish_for_a_socket_is_told(
    slack: Slack, database: Path, clock: Clock, content: str, body: str
) -> None:
    """The bot says that Slack gives no socket, and goes on asking."""
    async with bot_at(slack, database, clock, pace=Pace(apart=99, ping=0.1, pause=0.02)) as bot:
        sockets = bot.parts.sockets
        assert sockets is not None
        slack.faults.crash("apps.connections.open", status=503, content=content, body=body)
        slack.faults.crash("apps.connections.open", status=503, content=content, body=body)
        await slack.sockets.close()

        async def told() -> bool:
            return sockets.problem == "Slack gives no socket: SlackApiError"

        await eventually(told, "it says so")
        await slack.connected()


HALF = [
    pytest.param('{"ok": true}', id="a bare yes"),
    pytest.param(
        '{"ok": true, "user": null, "channel": "x", "channels": {}, "messages": 5, "ts": []}',
        id="other things",
    ),
    pytest.param("5", id="a number"),
    pytest.param('"x"', id="a word"),
    pytest.param("[1]", id="a list"),
]
ASKING: list[tuple[str, Callable[[SlackChat, Place], Awaitable[object]]]] = [
    ("auth.test", lambda chat, _: chat.whoami()),
    ("users.info", lambda chat, _: chat.person("U1")),
    ("conversations.info", lambda chat, at: chat.channel(at.channel)),
    ("users.conversations", lambda chat, _: chat.channels_of("U1")),
    ("conversations.replies", lambda chat, at: chat.fetch(at)),
    ("conversations.replies", lambda chat, at: chat.thread(at)),
    ("reactions.get", lambda chat, at: chat.reactions(at)),
    ("chat.getPermalink", lambda chat, at: chat.link_to(at)),
    ("conversations.open", lambda chat, _: chat.tell("U1", Message("Good morning", ()))),
]


@pytest.mark.parametrize("body", HALF)
@pytest.mark.parametrize(("method", "ask"), ASKING)
async def test_half_an_answer_is_none(
    bot: Bot,
    slack: Slack,
    room: Channel,
    method: str,
    ask: Callable[[SlackChat, Place], Awaitable[object]],
    body: str,
) -> None:
    """A yes without what was asked for says nothing: it is asked again later."""
    slack.faults.crash(method, status=200, times=None, content="application/json", body=body)
    with pytest.raises(ChatUnavailableError):
        await ask(bot.home, Place(slack.workspace.team_id, room.id, "1.000100"))


@pytest.mark.parametrize("body", HALF)
async def test_half_an_answer_to_a_post_leaves_it_in_doubt(
    bot: Bot, slack: Slack, room: Channel, body: str
) -> None:
    """A yes that does not say where the message stands: it is looked for."""
    slack.faults.crash("chat.postMessage", status=200, content="application/json", body=body)
    with pytest.raises(ChatInDoubtError):
        await bot.home.post(room.id, Message("Good morning", ()), key="greeting")


@pytest.mark.parametrize("body", HALF)
async def test_half_an_answer_keeps_no_bot_from_its_work(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock, body: str
) -> None:
    """Neither the start nor what is kept suffers: who we are, and what was said, is asked again."""
    greeted = slack.faults.crash("auth.test", status=200, content="application/json", body=body)
    async with bot_at(slack, database, clock) as bot:
        assert greeted.struck
        slack.post(rosa, room, FORMULA)
        await calm(bot, slack)
        read = slack.faults.crash(
            "conversations.history", status=200, content="application/json", body=body
        )
        bot.parts.history.gap()
        await slack.until(lambda: bool(read.struck), saying="the history was asked for")
        await calm(bot, slack)
        assert 1 == len(await bot.rows())
