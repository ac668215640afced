"""Sample people and a channel for tests of the running bot, and waiting until all is calm."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.model import Channel, Member
from tests.slack import Slack

if TYPE_CHECKING:  # which takes the fixtures of this file
    from tests.conftest import Bot

GARDEN = "We built a reading garden with the science club #outdoors"
FORMULA = "=SUM(A1) is how I count the book carts we have"
"""A text that a spreadsheet would take for a formula."""


@pytest.fixture
def rosa(slack: Slack) -> Member:
    """A member."""
    return slack.add_user("rosa", display_name="Rosa Alvarez", title="Teacher librarian")


@pytest.fixture
def ben(slack: Slack) -> Member:
    """Another member."""
    return slack.add_user("ben", display_name="Ben Okafor")


@pytest.fixture
def room(slack: Slack, rosa: Member, ben: Member) -> Channel:
    """A public channel that both and the bot are in."""
    return slack.add_channel("leadership", [rosa, ben], bot=True)


async def calm(bot: Bot, slack: Slack) -> None:
    """Wait until everything that was said is taken in and everything that follows is done."""
    for _ in range(2):  # what the bot does is told to it as events again
        await slack.settled()
        await bot.quiet()


async def keep(bot: Bot, slack: Slack, who: Member, room: Channel, *texts: str) -> None:
    """Somebody posts ideas, in this order."""
    for text in texts:
        slack.post(who, room, text)
        await slack.settled()
    await calm(bot, slack)


async def tried(bot: Bot) -> None:
    """Wait until everything that is due was tried; what failed waits for its next time."""

    async def nothing_due_now() -> bool:
        due = await bot.parts.store.next_due()
        return due is None or due > bot.parts.clock()

    async with asyncio.timeout(10):
        while not await nothing_due_now():  # noqa: ASYNC110  (the outbox is woken by commits)
            await asyncio.sleep(0.01)
