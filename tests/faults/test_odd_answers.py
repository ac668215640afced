"""Answers that are no answer of Slack's: pages, bare sentences, half an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.core.errors import ChatInDoubtError, ChatUnavailableError
from bot.core.parts import Message
from handlers.slack.sockets import Pace
from tests.conftest import bot_at, eventually
from tests.people import FORMULA, calm

if TYPE_CHECKING:
    from pathlib import Path

    from bot.app import Clock
    from bot.sandbox import Sandbox
    from bot.sandbox.model import Channel, Member
    from tests.conftest import Bot

ODD = [
    pytest.param("text/html", "<html>Bad gateway</html>", id="a page"),
    pytest.param("text/plain", "upstream connect error", id="a sentence"),
    pytest.param("application/json", '{"ok": fal', id="half an object"),
    pytest.param("application/json", "null", id="nothing"),
]


@pytest.mark.parametrize("status", [500, 502, 503])
@pytest.mark.parametrize(("content", "body"), ODD)
async def test_an_odd_answer_is_a_slack_that_is_away(
    bot: Bot, slack: Sandbox, rosa: Member, room: Channel, content: str, body: str, status: int
) -> None:
    """What only reads is tried again later; what may have been done is looked for first."""
    chat = bot.parts.chat
    slack.faults.crash("users.info", status=status, content=content, body=body)
    with pytest.raises(ChatUnavailableError):
        await chat.person(rosa.id)
    slack.faults.crash("chat.postMessage", status=status, content=content, body=body)
    with pytest.raises(ChatInDoubtError):
        await chat.post(room.id, Message("Good morning", ()), key="greeting")


@pytest.mark.parametrize(("content", "body"), ODD[1:3])
async def test_an_odd_answer_costs_no_idea_and_doubles_none(
    bot: Bot, slack: Sandbox, rosa: Member, room: Channel, content: str, body: str
) -> None:
    """An idea that is to be posted is posted once, later, and nothing is logged as unexpected."""
    results: list[str] = []
    bot.parts.outbox.on_result = lambda effect, result: results.append(f"{effect} {result}")
    slack.faults.crash("chat.postMessage", status=502, content=content, body=body)
    await slack.command(rosa, room, f"/idea {FORMULA}")
    await calm(bot, slack)
    assert 1 == len(slack.said_by_bot(room))
    assert {"publish postponed", "publish done"} <= set(results)
    assert [] == [result for result in results if "failed" in result]


@pytest.mark.parametrize(("content", "body"), ODD)
async def test_an_odd_answer_to_the_wish_for_a_socket_is_told(
    slack: Sandbox, database: Path, clock: Clock, content: str, body: str
) -> None:
    """The bot says that Slack gives no socket, and goes on asking."""
    async with bot_at(slack, database, clock, pace=Pace(apart=99, ping=0.1, pause=0.02)) as bot:
        sockets = bot.running.sockets
        assert sockets is not None
        slack.faults.crash("apps.connections.open", status=503, content=content, body=body)
        slack.faults.crash("apps.connections.open", status=503, content=content, body=body)
        await slack.sockets.close()

        async def told() -> bool:
            return sockets.problem == "Slack gives no socket: SlackApiError"

        await eventually(told, "it says so")
        await slack.connected()
