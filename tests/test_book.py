"""A channel's book on its canvas: written after each digest, among what people write."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.core.model.books import Book
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.ideas import Withdrawal
from bot.sandbox.canvases import write
from bot.sandbox.model import Canvas, Channel, Member
from tests.conftest import Bot, bot_at
from tests.people import calm, keep
from tests.seeing import buttons, words
from tests.slack import Slack

GARDEN = "We built a reading garden with the science club #outdoors"
TASTING = "A book tasting at lunch doubled our checkouts #reading"
HOSTILE = (
    "Book tasting ![](@U0SB0000001) <@U0SB0000002> [here](https://a.example) with *all* classes"
)
SOON = timedelta(minutes=11)


@pytest.fixture
async def bot(slack: Slack, database: Path, clock: Clock) -> AsyncIterator[Bot]:
    """A running bot over one transport: what is tested here is the same over the other."""
    async with bot_at(slack, database, clock, transport="http") as running:
        yield running


@pytest.fixture
async def here(bot: Bot, slack: Slack, rosa: Member, ben: Member) -> Channel:
    """A channel that Rosa invited the bot to, with an idea of hers and one of Ben's."""
    room = slack.add_channel("leadership", [rosa, ben])
    slack.invite_bot(room, rosa)
    await calm(bot, slack)
    await keep(bot, slack, rosa, room, GARDEN)
    await keep(bot, slack, ben, room, HOSTILE)
    return room


async def choose(slack: Slack, rosa: Member, room: Channel, *, on: bool) -> None:
    """Rosa switches the book on or off, under More settings."""
    await slack.command(rosa, room, "/ideas settings")
    view = slack.view(rosa)
    assert view is not None
    more = next(one for one in view.definition["blocks"] if one["type"] == "actions")
    await slack.click(rosa, view, more["elements"][0]["action_id"])
    assert (await slack.submit(rosa, {"book": "yes" if on else "no"})).ok


async def switch(bot: Bot, slack: Slack, rosa: Member, room: Channel, *, on: bool) -> None:
    """Likewise, and what follows is done."""
    await choose(slack, rosa, room, on=on)
    await bot.quiet()


async def off_and_on_at_once(bot: Bot, slack: Slack, rosa: Member, room: Channel) -> None:
    """Likewise off and on again, before the bot gets to it."""
    slack.faults.refuse("canvases.sections.lookup", "internal_error", times=None)
    await choose(slack, rosa, room, on=False)
    await choose(slack, rosa, room, on=True)
    slack.faults.clear()
    await bot.quiet()


def canvas_of(slack: Slack, room: Channel) -> Canvas:
    found = slack.workspace.canvas_of(room.id)
    assert found is not None
    return found


def text_of(slack: Slack, room: Channel) -> str:
    return "\n\n".join(canvas_of(slack, room).sections.values())


async def digest(bot: Bot, slack: Slack, clock: Clock, room: Channel) -> None:
    """The digest is posted, and what follows is done."""
    channel = await bot.parts.store.channel(slack.workspace.team_id, room.id)
    assert channel is not None
    await bot.parts.weekly.post(DeliveryKind.DIGEST, channel, clock())
    await bot.quiet()


def told(slack: Slack, who: Member) -> list[str]:
    """What the bot said to somebody in direct messages."""
    return [words(one) for one in slack.said_by_bot(slack.open_im(who))]


async def test_nothing_is_written_until_a_coordinator_wants_it(
    bot: Bot, slack: Slack, clock: Clock, rosa: Member, here: Channel
) -> None:
    """It is off at first, also through a digest; switched off, what stands there goes."""
    await digest(bot, slack, clock, here)
    assert slack.workspace.canvas_of(here.id) is None
    await switch(bot, slack, rosa, here, on=True)
    assert text_of(slack, here).startswith("## Ideas of #leadership ❧1❧")
    await switch(bot, slack, rosa, here, on=False)
    assert {} == canvas_of(slack, here).sections
    await switch(bot, slack, rosa, here, on=True)
    assert 1 == text_of(slack, here).count("## Ideas of")


async def test_ideas_stand_by_their_part_and_nothing_acts(
    bot: Bot, slack: Slack, rosa: Member, here: Channel
) -> None:
    """Each has its number as a link, its author and its words; people's signs are only signs."""
    await switch(bot, slack, rosa, here, on=True)
    book = text_of(slack, here)
    assert r"[\#1](<http://" in book
    assert "Rosa Alvarez, Teacher librarian: We built a reading garden" in book
    assert r"!\[\](@U0SB0000001)" in book
    assert "![]" not in book
    assert "](https://a.example)" not in book
    assert r"\*all\* classes" in book


async def test_what_people_write_stays_where_it_is(
    bot: Bot, slack: Slack, clock: Clock, rosa: Member, here: Channel
) -> None:
    """After a digest the book is written anew in its place, once."""
    await switch(bot, slack, rosa, here, on=True)
    canvas = canvas_of(slack, here)
    write(slack.workspace, canvas, ["Our own page", *canvas.sections.values(), "Its end"])
    await keep(bot, slack, rosa, here, TASTING)
    await digest(bot, slack, clock, here)
    sections = list(canvas.sections.values())
    assert ["Our own page", "Its end"] == [sections[0], sections[-1]]
    assert "doubled our checkouts" in "".join(sections)
    assert all("❧2❧" in one for one in sections[1:-1])


async def test_a_canvas_that_is_there_is_written_on(
    bot: Bot, slack: Slack, rosa: Member, here: Channel
) -> None:
    """The book comes behind what people had written."""
    canvas = Canvas("F0THEIRS", here.id)
    slack.workspace.canvases[canvas.id] = canvas
    write(slack.workspace, canvas, ["Theirs"])
    await switch(bot, slack, rosa, here, on=True)
    first, second, *_ = canvas.sections.values()
    assert ("Theirs", "## Ideas") == (first, second[:8])


async def test_what_is_withdrawn_goes_within_the_hour(
    bot: Bot, slack: Slack, clock: Clock, ben: Member, rosa: Member, here: Channel
) -> None:
    """Nobody has to wait for the next digest."""
    await switch(bot, slack, rosa, here, on=True)
    assert "Book tasting" in text_of(slack, here)
    slack.react(ben, slack.messages(here)[-1], "x")
    await slack.settled()
    clock.jump(clock() + SOON)
    await bot.quiet()
    assert "Book tasting" not in text_of(slack, here)
    assert "reading garden" in text_of(slack, here)


async def test_whoever_is_erased_or_hidden_is_gone_from_it_as_well(
    bot: Bot, slack: Slack, clock: Clock, ben: Member, rosa: Member, here: Channel
) -> None:
    """An erased member's ideas, and their name in those of others."""
    await keep(bot, slack, rosa, here, f"A reading hour with <@{ben.id}> brought 40 families")
    await switch(bot, slack, rosa, here, on=True)
    assert "Ben" in text_of(slack, here)
    await slack.command(ben, here, "/ideas forget-me")
    for press in ("Erase everything…", "Erase everything"):
        note = slack.notes(ben)[-1]
        await slack.click(ben, note, buttons(note)[press])
    clock.jump(clock() + SOON)
    await bot.quiet()
    assert "40 families" in text_of(slack, here)
    assert "Ben" not in text_of(slack, here)


async def test_what_is_edited_away_is_gone_from_it_as_well(
    bot: Bot, slack: Slack, clock: Clock, rosa: Member, here: Channel
) -> None:
    """In the channel, in the form, and the name of whom an idea was not by: nobody waits a week."""
    await slack.command(rosa, here, "/idea Pupils such as Tim Sample ran the desk at lunch")
    await calm(bot, slack)
    await switch(bot, slack, rosa, here, on=True)
    assert "Tim Sample" in text_of(slack, here)
    (garden,) = [one for one in slack.messages(here) if one.text == GARDEN]
    slack.edit(garden, "We built a reading garden with the maths club")
    await slack.settled()
    clock.jump(clock() + SOON)
    await bot.quiet()
    assert "maths club" in text_of(slack, here)
    assert "science club" not in text_of(slack, here)
    await slack.command(rosa, here, "/ideas edit 3")
    assert (
        await slack.submit(rosa, {"text": "Pupils ran the desk at lunch, all by themselves"})
    ).ok
    clock.jump(clock() + SOON)
    await bot.quiet()
    assert "by themselves" in text_of(slack, here)
    assert "Tim Sample" not in text_of(slack, here)
    await slack.command(rosa, here, "/ideas care 3")
    given = {"what": "moved", "whose": "Ben Okafor", "reason": "He did it"}
    assert (await slack.submit(rosa, given)).ok
    clock.jump(clock() + SOON)
    await bot.quiet()
    assert "#3" in text_of(slack, here)
    assert re.search(r"Ben Okafor[^#]*: Pupils", text_of(slack, here))


@pytest.mark.parametrize("method", ["canvases.edit", "canvases.sections.lookup"])
@pytest.mark.parametrize("nth", [1, 2, 4])
async def test_an_attempt_that_broke_off_is_made_again(
    bot: Bot, slack: Slack, clock: Clock, rosa: Member, here: Channel, method: str, nth: int
) -> None:
    """Wherever an answer is lost, the book stands there once and whole."""
    await switch(bot, slack, rosa, here, on=True)
    await keep(bot, slack, rosa, here, TASTING)
    seen: list[object] = []

    def strikes(args: object) -> bool:
        seen.append(args)
        return len(seen) == nth

    slack.faults.lose_answer(method).where = strikes
    await digest(bot, slack, clock, here)
    clock.jump(clock() + SOON)
    await bot.quiet()
    book = text_of(slack, here)
    assert 1 == book.count("## Ideas of")
    marks = set(re.findall("❧[0-9]+❧", book))
    assert 1 == len(marks)
    assert "doubled our checkouts" in book


@pytest.mark.parametrize("copied", ["", "copied"])
async def test_a_book_that_is_not_found_is_asked_about_once(
    bot: Bot, slack: Slack, clock: Clock, rosa: Member, here: Channel, copied: str
) -> None:
    """Taken out or copied: nothing is written twice, and the coordinator is asked, once."""
    await switch(bot, slack, rosa, here, on=True)
    canvas = canvas_of(slack, here)
    left = [*canvas.sections.values()] * 2 if copied else ["Nothing of it"]
    write(slack.workspace, canvas, left)
    for text in (TASTING, "We lend out cake pans to every family that asks"):
        await keep(bot, slack, rosa, here, text)
        await digest(bot, slack, clock, here)
        clock.jump(clock() + timedelta(days=7))
    assert left == list(canvas.sections.values())
    assert 1 == len([one for one in told(slack, rosa) if "do not find my part" in one])


async def lose(slack: Slack, room: Channel, theirs: str) -> None:
    """Somebody deletes the canvas, and perhaps makes another."""
    del slack.workspace.canvases[canvas_of(slack, room).id]
    if theirs:
        canvas = Canvas("F0THEIRS", room.id)
        slack.workspace.canvases[canvas.id] = canvas
        write(slack.workspace, canvas, [theirs])


@pytest.mark.parametrize("theirs", ["", "Theirs"])
@pytest.mark.parametrize("at_once", [False, True])
async def test_a_canvas_that_was_deleted_is_made_again_after_off_and_on(
    bot: Bot, slack: Slack, clock: Clock, rosa: Member, here: Channel, theirs: str, *, at_once: bool
) -> None:
    """Or another that is there by then is written on; the coordinator is asked once before."""
    await switch(bot, slack, rosa, here, on=True)
    await lose(slack, here, theirs)
    await digest(bot, slack, clock, here)
    if at_once:
        await off_and_on_at_once(bot, slack, rosa, here)
    else:
        await switch(bot, slack, rosa, here, on=False)
        await switch(bot, slack, rosa, here, on=True)
    assert 1 == text_of(slack, here).count("## Ideas of")
    assert text_of(slack, here).startswith(theirs)
    await keep(bot, slack, rosa, here, TASTING)
    clock.jump(clock() + timedelta(days=7))
    await digest(bot, slack, clock, here)
    assert "doubled our checkouts" in text_of(slack, here)
    assert 1 == len([one for one in told(slack, rosa) if "do not find my part" in one])


async def test_who_switches_off_a_book_whose_canvas_is_gone_hears_nothing_of_that(
    bot: Bot, slack: Slack, rosa: Member, here: Channel
) -> None:
    """They asked for it to go, and it is gone."""
    await switch(bot, slack, rosa, here, on=True)
    await lose(slack, here, "")
    before = told(slack, rosa)
    await switch(bot, slack, rosa, here, on=False)
    assert before == told(slack, rosa)
    assert Book() == await bot.parts.store.book(slack.workspace.team_id, here.id)


async def test_what_could_not_be_taken_out_is_tried_again(
    bot: Bot, slack: Slack, clock: Clock, rosa: Member, here: Channel
) -> None:
    """The coordinator hears once that it still stands there; after a digest it is tried anew."""
    await switch(bot, slack, rosa, here, on=True)
    slack.faults.refuse("canvases.edit", "restricted_action", times=None)
    await switch(bot, slack, rosa, here, on=False)
    (note,) = [one for one in told(slack, rosa) if "could not take out" in one]
    assert "is off" in note
    assert not [one for one in told(slack, rosa) if "could not write" in one]
    slack.faults.clear()
    await digest(bot, slack, clock, here)
    assert {} == canvas_of(slack, here).sections


@pytest.mark.parametrize("archived", [False, True])
async def test_what_went_while_the_bot_could_not_write_is_gone_once_it_can(
    bot: Bot, slack: Slack, clock: Clock, rosa: Member, here: Channel, *, archived: bool
) -> None:
    """The channel was archived, or the bot was not in it; no digest has to come first."""
    await switch(bot, slack, rosa, here, on=True)
    if archived:
        slack.archive(rosa, here)
    else:
        slack.remove_bot(here, rosa)
    await slack.settled()
    await bot.quiet()
    await bot.parts.store.withdraw_number(
        slack.workspace.team_id, 1, Withdrawal.REMOVED, now=clock()
    )
    clock.jump(clock() + SOON)
    await bot.quiet()
    assert "reading garden" in text_of(slack, here)
    if archived:
        slack.unarchive(rosa, here)
    else:
        slack.invite_bot(here, rosa)
    await slack.settled()
    await bot.quiet()
    assert "reading garden" not in text_of(slack, here)
    assert "Book tasting" in text_of(slack, here)


async def test_a_book_that_stands_is_written_over_when_it_is_off_and_on_at_once(
    bot: Bot, slack: Slack, rosa: Member, here: Channel
) -> None:
    """Before the bot could take it out it is wanted again: it stands there once, in its place."""
    await switch(bot, slack, rosa, here, on=True)
    canvas = canvas_of(slack, here)
    write(slack.workspace, canvas, ["Our own page", *canvas.sections.values(), "Its end"])
    await off_and_on_at_once(bot, slack, rosa, here)
    assert 1 == text_of(slack, here).count("## Ideas of")
    first, *_, last = canvas.sections.values()
    assert ("Our own page", "Its end") == (first, last)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("canvas_disabled_user_team", "canvases are switched off"),
        ("free_team_canvas_tab_already_exists", "plan has no room"),
        ("restricted_action", "does not let me"),
        ("missing_scope", "I lack its permission"),
    ],
)
async def test_where_no_book_can_be_written_it_is_told_once(
    bot: Bot, slack: Slack, clock: Clock, rosa: Member, here: Channel, code: str, why: str
) -> None:
    """The digest goes out all the same, and the next time is a new try."""
    slack.faults.refuse("conversations.canvases.create", code, times=None)
    await switch(bot, slack, rosa, here, on=True)
    await digest(bot, slack, clock, here)
    (note,) = [one for one in told(slack, rosa) if "could not write the book" in one]
    assert why in note
    slack.faults.clear()
    await keep(bot, slack, rosa, here, TASTING)
    clock.jump(clock() + timedelta(days=7))
    await digest(bot, slack, clock, here)
    assert "doubled our checkouts" in text_of(slack, here)
    book = await bot.parts.store.book(slack.workspace.team_id, here.id)
    assert ("", True) == (book.told, book != Book())
