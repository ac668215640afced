"""An author alone is told when their words seem to tell who a student is; nothing is blocked."""

import logging
from typing import Any

import pytest

from tests.both.sides import Side
from tests.conftest import Bot
from tests.people import GARDEN

MIA = "My student Mia K. read her first chapter book in our reading nook"
NUMBER = "student ID 48213377 still has four books out, can someone check?"
PLAIN = "A fourth grader read her first chapter book in our reading nook"


def warned(side: Side, who: Any) -> list[str]:
    """The warnings that the bot wrote to somebody alone."""
    return [one for one in side.told(who) if "I think I see" in one]


async def test_an_author_alone_is_told_once(
    side: Side, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    """The post is kept all the same; an edit that says more of it brings no second warning."""
    caplog.set_level(logging.DEBUG)
    post = await side.post(side.rosa, MIA)
    await side.calm(bot)
    (told,) = warned(side, side.rosa)
    assert "#1 I think I see a student’s name, “student Mia K.”." in told
    assert "Edit your post" in told
    assert [MIA] == await side.kept(bot)
    await side.edit(post, f"{MIA}; {NUMBER}")
    await side.calm(bot)
    assert (1, []) == (len(warned(side, side.rosa)), warned(side, side.ben))
    assert "Mia" not in caplog.text


async def test_an_edit_is_looked_through(side: Side, bot: Bot) -> None:
    """What an edit brings in is told; a harmless post is not."""
    post = await side.post(side.rosa, GARDEN)
    await side.calm(bot)
    assert [] == warned(side, side.rosa)
    await side.edit(post, f"{GARDEN}: {MIA}")
    await side.calm(bot)
    assert 1 == len(warned(side, side.rosa))


async def test_an_idea_by_command_is_looked_through(side: Side, bot: Bot) -> None:
    """It is posted by the bot: its author changes it in the form, and the post follows."""
    await side.share(side.rosa, NUMBER)
    await side.calm(bot)
    (told,) = warned(side, side.rosa)
    assert "an id number, “student ID 48213377”" in told
    assert "the post in the channel follows" in told
    assert "Edit your post" not in told


async def test_what_was_taken_out_meanwhile_is_not_told(side: Side, bot: Bot) -> None:
    """The words are looked through when the author is told, not when they came in."""
    async with side.swapped():
        post = await side.post(side.rosa, MIA)
        await side.edit(post, PLAIN)
    await side.calm(bot)
    assert [] == warned(side, side.rosa)
