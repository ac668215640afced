"""A coordinator's round: doubts are settled in one pass."""

from tests.both.sides import Side
from tests.conftest import Bot
from tests.people import GARDEN

VACANCY = "The book fair delivery has moved from Tuesday to Thursday"
MOVED = "The visit on Thursday has moved to room 204"


async def texts(side: Side, bot: Bot, kind: str) -> list[str]:
    await side.calm(bot)
    return [row["text"] for row in await side.rows(bot) if row["kind"] == kind]


async def test_doubts_are_settled_in_one_pass(side: Side, bot: Bot) -> None:
    """The next one comes in the place of the one that was judged; nobody is asked twice."""
    for text in (VACANCY, MOVED, GARDEN):
        await side.post(side.ben, text)
    assert [VACANCY, MOVED] == await texts(side, bot, "post")
    shown = await side.ask(side.rosa, "care")
    assert "(2 in doubt)" in shown
    assert VACANCY in shown
    then = await side.press(side.rosa, "Yes, an idea")
    assert "(1 in doubt)" in then
    assert MOVED in then
    await side.ask(side.rosa, "care")
    assert "Nothing is in doubt" in await side.press(side.rosa, "No, leave it")
    assert "Nothing is in doubt" in await side.ask(side.rosa, "care")
    assert [MOVED] == await texts(side, bot, "post")
    log = await side.ask(side.rosa, "settings log")
    assert "#1 is an idea" in log
    assert "#2 is no idea" in log


async def test_only_coordinators_go_round(side: Side, bot: Bot) -> None:
    """Whoever coordinates no channel is told who does."""
    await side.post(side.ben, VACANCY)
    await side.calm(bot)
    assert "You coordinate no channel" in await side.ask(side.ben, "care")
