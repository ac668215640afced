"""A long digest in the chat itself: its parts in their thread, once, whatever Slack does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.app import real_now
from bot.core.weekly import InDoubt, Sent, SentBefore
from bot.sandbox.blocks import check_message
from tests.people import calm

if TYPE_CHECKING:
    from bot.core.model import Channel as Known
    from bot.core.weekly import Weekly
    from bot.sandbox import Channel, Member, Message, Sandbox
    from tests.conftest import Bot

MANY = 60


@pytest.fixture
async def known(bot: Bot, slack: Sandbox, rosa: Member, ben: Member, room: Channel) -> Known:
    """A channel with sixty ideas in it."""
    for n in range(MANY):
        slack.post((rosa, ben)[n % 2], room, f"Idea {n}: we planned a unit & taught it <together>")
    await slack.settled()
    await calm(bot, slack)
    found = await bot.parts.store.channel(slack.workspace.team_id, room.id)
    assert found is not None
    return found


def parts(slack: Sandbox, room: Channel) -> list[Message]:
    """The messages of the digest, the first one first."""
    return [m for m in slack.said_by_bot(room) if "deas from the week" in m.text]


def later(bot: Bot, minutes: float) -> Weekly:
    """What posts, so many minutes later by the real clock."""
    ahead = timedelta(minutes=minutes)
    return replace(bot.parts.weekly, real_now=lambda: real_now() + ahead)


async def test_a_long_digest_goes_on_in_its_thread(
    bot: Bot, slack: Sandbox, room: Channel, known: Known
) -> None:
    """Each part replies to the first, with blocks that Slack takes, and carries other ideas."""
    assert isinstance(await bot.parts.weekly.post_digest(known, bot.parts.clock()), Sent)
    first, *replies = parts(slack, room)
    assert len(replies) >= 2
    assert {first.ts} == {reply.thread_ts for reply in replies}
    seen: list[str] = []
    for message in (first, *replies):
        check_message(message.blocks)
        seen += [
            block["text"]["text"].partition("\nIdea ")[2].partition(":")[0]
            for block in message.blocks
            if "\nIdea " in str(block.get("text", {}).get("text"))
        ]
    assert sorted(map(str, range(MANY))) == sorted(seen)
    await calm(bot, slack)
    assert MANY == len(await bot.rows())


async def test_a_part_whose_answer_is_lost_is_found_in_its_thread(
    bot: Bot, slack: Sandbox, room: Channel, known: Known
) -> None:
    """A minute later its key is looked for among the replies; nothing is posted twice."""
    assert isinstance(await bot.parts.weekly.preview_digest(known, bot.parts.clock()), object)
    posted = len(slack.called("chat.postMessage"))
    slack.faults.lose_answer("chat.postMessage", times=1)
    at = bot.parts.clock()
    assert isinstance(await bot.parts.weekly.post_digest(known, at), InDoubt)
    assert isinstance(await later(bot, 2).post_digest(known, at), SentBefore)
    whole = parts(slack, room)
    assert len(whole) == len({m.text for m in whole}) >= 3
    assert len(whole) == len(slack.called("chat.postMessage")) - posted


async def test_when_slack_will_not_draw_a_part_its_words_are_posted(
    bot: Bot, slack: Sandbox, room: Channel, known: Known
) -> None:
    """The plain text of each part takes the place of its blocks."""
    slack.faults.refuse(
        "chat.postMessage", "invalid_blocks", times=None, where=lambda args: "blocks" in args
    )
    at = bot.parts.clock()
    came = await bot.parts.weekly.post_digest(known, at)
    assert isinstance(came, Sent)
    whole = parts(slack, room)
    assert len(whole) >= 3
    assert all("Idea " in message.text for message in whole)
