"""Buttons stand in channels for years: whatever became of what they are about, they explain it."""

from collections.abc import Callable

import pytest

from bot.core.desk.replies import NoReply, OpenForm, apology
from bot.core.errors import CommonplaceError
from bot.core.model.actions import FORMS, Act, Action
from bot.core.model.ideas import Withdrawal
from bot.core.model.people import Asker
from tests.core.desk.counter import BEN, IDEA, ROSA, Counter, said

STRANGER = Asker(workspace="T9", member_id="UBEN", channel="C1")
"""Somebody of another workspace, in which nothing is kept."""

BECAME: dict[str, Callable[[Act], Action]] = {
    "nothing is written in it": Action,
    "its idea was withdrawn": lambda act: Action(act, number=1, channel="C1", period="2026-W48"),
    "its idea is not there": lambda act: Action(act, number=99, channel="C1", text="x"),
    "its channel is lost": lambda act: Action(act, number=1, channel="C9", period="2026-W48"),
    "its words mean nothing any more": lambda act: Action(
        act, number=1, channel="C1", period="2026-W48", text="component:GONE @nobody", start=90
    ),
    "its week is long past": lambda act: Action(act, channel="C1", period="2020-W01", start=0),
    "it is undone": lambda act: Action(act, number=1, channel="C1", period="2026-W48", back=True),
}


@pytest.mark.parametrize("who", [BEN, ROSA, STRANGER], ids=["member", "coordinator", "stranger"])
@pytest.mark.parametrize("became", BECAME)
async def test_an_old_button_explains_itself(counter: Counter, became: str, who: Asker) -> None:
    """Each act, in words or with the form that it opens; nothing of it fails unforeseen."""
    await counter.here.says("UROSA", IDEA)
    await counter.here.store.withdraw_number("T1", 1, Withdrawal.REMOVED, now=counter.here.clock())
    for act in Act:
        try:
            reply = await counter.desk.press(who, BECAME[became](act))
        except CommonplaceError as error:
            told = apology(error).fallback
        else:
            if isinstance(reply, OpenForm):
                assert act in {*FORMS, Act.SETTINGS_MORE}
                continue
            if act is Act.LINK:
                assert NoReply() == reply
                continue
            told = said(reply)
        assert len(told.split()) > 3, act
        assert "Something went wrong" not in told, act


async def test_help_on_what_is_no_more_is_the_help(counter: Counter) -> None:
    """A topic that was called otherwise when the button was made is no dead end."""
    asked = await counter.desk.press(BEN, Action(Act.HELP, text="a command of once"))
    assert said(asked) == said(await counter.desk.command(BEN, "help"))
