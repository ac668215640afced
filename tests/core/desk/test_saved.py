"""A member's own list at the desk, and the card of an idea that shows what others made of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.desk.replies import Answer, Reply
from bot.core.errors import NoSuchIdeaError
from bot.core.model.actions import Act, Action
from bot.core.model.ideas import Withdrawal
from bot.core.model.parts import Submission
from bot.core.model.people import ChannelInfo
from tests.core.desk.counter import BEN, IDEA, ROSA, Counter, buttons, said

LATER = timedelta(minutes=1)


def is_beside(reply: Reply) -> bool:
    return isinstance(reply, Answer) and reply.beside


async def test_an_idea_is_saved_and_taken_off(counter: Counter) -> None:
    """By command and by button, which stays where it stands; twice is harmless."""
    await counter.here.says("UROSA", IDEA)
    saved = await counter.desk.command(BEN, "save 1")
    assert "Saved: #1 by UROSA Name. Only you see your list" in said(saved)
    again = await counter.desk.press(BEN, Action(Act.SAVE, number=1))
    assert ("on your list already" in said(again), is_beside(again)) == (True, True)
    shown = await counter.desk.press(BEN, buttons(saved)["See my list"])
    assert ("Ideas you saved\n#1" in said(shown), is_beside(shown)) == (True, True)
    off = await counter.desk.press(BEN, buttons(shown)["Take off my list"])
    assert "#1 is off your list." == said(off)
    assert "#1 is not on your list." == said(await counter.desk.command(BEN, "unsave 1"))
    assert "You have saved no idea yet" in said(await counter.desk.command(BEN, "saved"))


async def test_the_latest_saved_comes_first(counter: Counter) -> None:
    """On pages of five, that filters hold on; nobody else sees it."""
    for number in range(1, 8):
        await counter.here.says("UROSA", f"{IDEA} {number}")
    for number in (2, 1, *range(3, 8)):
        counter.here.clock.move(LATER)
        await counter.desk.command(BEN, f"save {number}")
    first = await counter.desk.command(BEN, "saved")
    assert said(first).index("#7") < said(first).index("#3")
    assert ("Ideas you saved (1-5 of 7)" in said(first), is_beside(first)) == (True, False)
    second = await counter.desk.press(BEN, buttons(first)["Next"])
    assert said(second).index("#1") < said(second).index("#2")
    assert not is_beside(second)
    assert "Ideas you saved with the words nothing-like-it: nothing" in said(
        await counter.desk.command(BEN, "saved nothing-like-it")
    )
    assert "You have saved no idea yet" in said(await counter.desk.command(ROSA, "saved"))


async def test_a_page_that_is_no_more_is_the_first(counter: Counter) -> None:
    """An old *Older* of a list that has become shorter shows what is left of it."""
    await counter.here.says("UROSA", IDEA)
    assert "#1" in said(await counter.desk.press(BEN, Action(Act.PAGE, start=5)))


async def test_what_is_withdrawn_or_out_of_sight_leaves_the_list(counter: Counter) -> None:
    """The list shows what the asker may see now, and cannot be added to unseen."""
    here = counter.here
    await here.open_channel("C2")
    here.room.channels["C2"] = ChannelInfo(id="C2", name="den", private=True)
    here.room.inside["C2"] = {"UBEN"}
    await here.store.remember_channel("T1", here.room.channels["C2"], now=here.clock())
    await here.says("UROSA", IDEA)
    await here.says("UROSA", f"{IDEA} in secret", channel="C2")
    for number in (1, 2):
        await counter.desk.command(BEN, f"save {number}")
    assert "in secret" in said(await counter.desk.command(BEN, "saved"))
    here.room.inside["C2"] = set()
    asked = said(await counter.desk.command(replace(BEN, pressed=True), "saved"))
    assert ("#1" in asked, "in secret" in asked) == (True, False)
    await here.store.withdraw_number("T1", 1, Withdrawal.REMOVED, now=here.clock())
    assert "were taken back" in said(await counter.desk.command(BEN, "saved"))
    with pytest.raises(NoSuchIdeaError):
        await counter.desk.press(BEN, Action(Act.SAVE, number=1))


async def test_what_is_withdrawn_at_that_moment_is_not_saved(counter: Counter) -> None:
    """Between looking and saving it may go."""
    await counter.here.says("UROSA", IDEA)
    saved = counter.desk.saved.saved
    idea = await counter.idea()
    assert idea is not None

    class Seen:
        async def show(self, *_: object) -> object:
            return idea

    await counter.here.store.withdraw_number("T1", 1, Withdrawal.REMOVED, now=counter.here.clock())
    with pytest.raises(NoSuchIdeaError, match="withdrawn meanwhile, so I did not save it"):
        await replace(saved, finder=Seen()).save(BEN, 1)  # type: ignore[arg-type]


async def test_a_list_says_in_short_what_others_made_of_an_idea(counter: Counter) -> None:
    """The latest trial is told, and how many more; in full, each with its sentence."""
    await counter.here.says("UROSA", IDEA)
    for who in ("UBEN", "UMAY"):
        counter.here.room.inside["C1"].add(who)
        counter.here.clock.move(LATER)
        told = Submission(
            Action(Act.TRIED, number=1, channel="C1"), {"came": "worked", "words": f"By {who}."}
        )
        await counter.desk.submit(replace(BEN, member_id=who), told)
    listed = said(await counter.desk.command(ROSA, "list"))
    assert "Somebody has tried it: it worked. 1 other tried it, too." in listed
    assert "By UMAY" not in listed
    whole = said(await counter.desk.press(ROSA, Action(Act.SHOW, number=1)))
    assert "“By UMAY.”" in whole
    assert "“By UBEN.”" in whole
