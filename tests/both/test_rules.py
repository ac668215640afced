"""Rules that are the same on Slack and Teams: what is kept, what follows it, who sees it.

Each runs on one of them while the program is on both, and nothing of it reaches the other.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from tests.both.sides import Both, Side
from tests.conftest import Bot
from tests.people import GARDEN

SECRET = "We will cut the hardcover budget to pay for a second librarian"
TASTING = "Book tasting at lunch doubled our checkouts"


@pytest.fixture(autouse=True)
def other(both: Both, side: Side) -> Iterator[Side]:
    """The other platform, on which the bot says nothing and keeps nothing meanwhile."""
    beside = both.sides.beside(side)
    before = [*beside.said(), *beside.below()]
    yield beside
    assert before == [*beside.said(), *beside.below()]


async def numbered(side: Side, bot: Bot) -> list[tuple[int, str]]:
    """Numbers and texts of what is kept."""
    await side.calm(bot)
    return [(row["number"], row["text"]) for row in await side.rows(bot)]


# -- what is kept ---------------------------------------------------------------------------------


async def test_a_post_is_kept_under_its_authors_name_and_marked(side: Side, bot: Bot) -> None:
    """Small talk is not; the bot's own words are not; the other platform has none of it."""
    await side.post(side.ben, "Good morning!")
    post = await side.post(side.rosa, GARDEN)
    await side.calm(bot)
    assert [(1, "Rosa Alvarez", GARDEN, "outdoors")] == [
        (row["number"], row["author"], row["text"], row["tags"]) for row in await side.rows(bot)
    ]
    assert side.is_marked(post)


async def test_an_edit_changes_it_and_a_deletion_takes_it_back(side: Side, bot: Bot) -> None:
    """What an edit makes long enough is kept then; a number is not given twice."""
    short = await side.post(side.rosa, "Book carts!")
    assert [] == await numbered(side, bot)
    await side.edit(short, "Book carts in the cafeteria doubled our lunch checkouts")
    assert [(1, "Book carts in the cafeteria doubled our lunch checkouts")] == await numbered(
        side, bot
    )
    assert side.is_marked(short)
    await side.delete(short)
    assert [] == await numbered(side, bot)
    await side.post(side.ben, TASTING)
    assert [(2, TASTING)] == await numbered(side, bot)


async def test_what_comes_in_the_wrong_order_ends_right(side: Side, bot: Bot) -> None:
    """An edit before its post, and a deletion before its post."""
    async with side.swapped():
        post = await side.post(side.rosa, TASTING)
        await side.edit(post, f"{TASTING} again")
    assert [(1, f"{TASTING} again")] == await numbered(side, bot)
    async with side.swapped():
        gone = await side.post(side.rosa, SECRET)
        await side.delete(gone)
    assert [(1, f"{TASTING} again")] == await numbered(side, bot)


async def test_copies_change_nothing(side: Side, bot: Bot, clock: Clock) -> None:
    """Not at once, not a day later, and not after the post was deleted."""
    post = await side.post(side.rosa, TASTING)
    await side.again()
    await side.calm(bot)
    clock.jump(clock() + timedelta(days=1))
    await side.again()
    assert [(1, TASTING)] == await numbered(side, bot)
    await side.delete(post)
    await side.calm(bot)
    await side.again()
    assert [] == await numbered(side, bot)


async def test_replies_are_counted_and_not_read(side: Side, bot: Bot, database: Path) -> None:
    """Of their words nothing is stored."""
    post = await side.post(side.rosa, TASTING)
    reply = await side.reply(side.ben, post, "Ours was the zebrawood hall, with forty teachers")
    await side.calm(bot)
    assert [1] == [row["replies"] for row in await side.rows(bot)]
    assert "zebrawood" not in written_in(database)
    await side.delete(reply)
    await side.calm(bot)
    assert [0] == [row["replies"] for row in await side.rows(bot)]


async def test_what_is_withdrawn_is_gone(side: Side, bot: Bot, database: Path) -> None:
    """An edit's old words, and all words of a deleted post."""
    post = await side.post(side.rosa, f"{TASTING} in the zebrawood hall")
    await side.calm(bot)
    assert "zebrawood" in written_in(database)
    await side.edit(post, f"{TASTING} in the quokkahouse")
    await side.calm(bot)
    assert "zebrawood" not in written_in(database)
    assert "#1" not in await side.ask(side.ben, "search zebrawood")
    await side.delete(post)
    await side.calm(bot)
    assert "quokkahouse" not in written_in(database)
    assert "#1" not in await side.ask(side.ben, "search quokkahouse")


async def test_whoever_wants_nothing_kept_is_left_alone(side: Side, bot: Bot) -> None:
    """*Keep nothing of mine* holds for what they post, and for what they mark themselves."""
    await side.fill(side.rosa, "me", keep="nothing", school="Prairie")
    await side.post(side.rosa, GARDEN)
    await side.post(side.rosa, f"idea: {TASTING}")
    assert [] == await numbered(side, bot)
    await side.post(side.ben, SECRET)
    assert [(1, SECRET)] == await numbered(side, bot)


async def test_what_one_tells_stands_beside_the_next_idea(side: Side, bot: Bot) -> None:
    """School and district, from then on."""
    await side.post(side.rosa, GARDEN)
    await side.calm(bot)
    await side.fill(side.rosa, "me", school=" Prairie ", district="D47", ideas="new")
    await side.post(side.rosa, TASTING)
    await side.calm(bot)
    assert [("", ""), ("Prairie", "D47")] == [
        (row["school"], row["district"]) for row in await side.rows(bot)
    ]
    assert "Prairie" in await side.ask(side.ben, "show 2")


# -- what is shared -------------------------------------------------------------------------------


async def test_an_idea_that_is_typed_is_posted_and_kept_once(side: Side, bot: Bot) -> None:
    """Under its author's name; the same text again is the same idea."""
    before = len(side.said())
    await side.share(side.ben, TASTING)
    await side.calm(bot)
    await side.share(side.ben, TASTING)
    await side.calm(bot)
    (posted,) = side.said()[before:]
    assert TASTING in posted
    assert "Ben Okafor" in posted
    assert [("Ben Okafor", "command")] == [
        (row["author"], row["source"]) for row in await side.rows(bot)
    ]


async def test_a_command_that_is_typed_as_an_idea_is_asked_about(side: Side, bot: Bot) -> None:
    """It is posted nowhere."""
    before = side.said()
    assert "list" in await side.share(side.ben, "list")
    await side.calm(bot)
    assert (before, []) == (side.said(), await side.rows(bot))


async def test_the_bot_welcomes_once(side: Side, bot: Bot) -> None:
    """Where Rosa brought it in."""
    await side.calm(bot)
    assert 1 == len(side.said())


# -- who sees what --------------------------------------------------------------------------------

WAYS = ("list", "list #budget", "search hardcover", "show 1", "random #budget", "digest", "export")


async def test_who_is_not_in_a_channel_sees_nothing_of_it(side: Side, bot: Bot) -> None:
    """By no command, from nowhere; who is in it sees it from everywhere."""
    await side.post(side.rosa, f"{SECRET} #budget", room=side.closed("den", side.rosa))
    await side.calm(bot)
    for way in WAYS:
        for shown in (await side.ask(side.ben, way), await side.ask_alone(side.ben, way)):
            assert shown, way
            assert not [word for word in ("second", "will cut") if word in shown], way
    for way in WAYS[:4]:
        for shown in (await side.ask(side.rosa, way), await side.ask_alone(side.rosa, way)):
            assert "second" in shown, way
    assert [] == [one for one in side.said() if "second" in one]


async def test_who_left_a_channel_sees_nothing_of_it_any_more(side: Side, bot: Bot) -> None:
    """At once; and who came in sees what was said before."""
    den = side.closed("den", side.rosa, side.ben)
    await side.post(side.rosa, SECRET, room=den)
    await side.calm(bot)
    assert "second" in await side.ask(side.ben, "show 1")
    await side.leave(side.ben, den)
    await side.calm(bot)
    assert "second" not in await side.ask(side.ben, "show 1")
    await side.enter(side.ben, den)
    await side.calm(bot)
    assert "second" in await side.ask(side.ben, "show 1")


async def test_while_it_cannot_be_asked_who_is_inside_less_is_shown(side: Side, bot: Bot) -> None:
    """And that is said; afterwards all is shown again."""
    await side.post(side.rosa, SECRET, room=side.closed("den", side.rosa, side.ben))
    await side.calm(bot)
    fault = side.faults.crash(side.inside, times=None)
    shown = await side.ask(side.ben, "list")
    assert fault.struck
    assert "second" not in shown
    assert "there may be more" in shown
    fault.clear()
    assert "second" in await side.ask(side.ben, "list")


async def test_a_guest_sees_the_channel_they_ask_from(side: Side, bot: Bot) -> None:
    """And in their chat with the bot nothing."""
    gil = side.person("Gil", guest=True)
    den = side.closed("den", side.rosa, gil)
    await side.enter(gil, side.room)
    await side.post(side.rosa, SECRET, room=den)
    await side.post(side.rosa, TASTING)
    await side.calm(bot)
    here, inside = await side.ask(gil, "list"), await side.ask(gil, "list", room=den)
    assert (True, False) == ("tasting" in here, "second" in here)
    assert (False, True) == ("tasting" in inside, "second" in inside)
    alone = await side.ask_alone(gil, "list")
    assert alone
    assert not [word for word in ("tasting", "second") if word in alone]


async def test_nobody_withdraws_what_is_not_theirs(side: Side, bot: Bot) -> None:
    """Its author does, with one press."""
    post = await side.post(side.ben, TASTING)
    amy = side.person("Amy")
    await side.enter(amy, side.room)
    await side.calm(bot)
    await side.ask(amy, "remove 1")
    assert [(1, TASTING)] == await numbered(side, bot)
    await side.ask(side.ben, "remove 1")
    await side.press(side.ben, "Withdraw #1")
    assert [] == await numbered(side, bot)
    assert not side.is_marked(post)


async def test_who_brought_the_bot_in_coordinates(side: Side) -> None:
    """And others do not."""
    assert "Only coordinators" in await side.ask(side.ben, "settings")
    assert "Only coordinators" not in await side.ask(side.rosa, "settings")


async def test_previews_are_seen_by_the_asker_alone(side: Side, bot: Bot) -> None:
    """Nothing is posted, and nothing is used up."""
    await side.post(side.rosa, TASTING)
    await side.calm(bot)
    before = side.said()
    for _ in range(2):
        assert TASTING in await side.ask(side.rosa, "digest")
    assert "question" in await side.ask(side.rosa, "prompt")
    assert before == side.said()


def written_in(database: Path) -> str:
    """All that stands in the tables of a database."""
    with closing(sqlite3.connect(database)) as con:
        return "\n".join(con.iterdump())
