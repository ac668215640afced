"""Telling of proposals that are gone, decided or not yet decided: nobody is written to."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.finding.permissions import Permissions
from bot.core.intake.guard import NO_GUARD, Guard
from bot.core.model.ideas import Withdrawal
from bot.core.model.prompts import OwnPrompt, State
from bot.core.model.work import Effect, Job
from bot.core.outbox.telling import Teller
from bot.data.guard import load_guard
from tests.core.chat import Fault
from tests.core.stage import Stage, stage
from tests.storage.making import jobs_of


def teller_on(here: Stage, guard: Guard = NO_GUARD) -> Teller:
    """What tells people on this stage; Joan is an admin."""
    poster = here.weekly.poster
    permissions = Permissions(
        store=here.store, chats=poster.chats, now=here.clock, admins=frozenset({"UJOAN"})
    )
    return Teller(
        store=here.store,
        chats=poster.chats,
        permissions=permissions,
        poster=poster,
        guard=guard,
        now=here.clock,
    )


@pytest.mark.parametrize(
    ("state", "key", "effect"),
    [
        (State.PROPOSED, "C1 9", Effect.PROPOSED),
        (State.PROPOSED, "CNONE 1", Effect.PROPOSED),
        (State.ACCEPTED, "C1 1", Effect.PROPOSED),
        (State.PROPOSED, "C1 1", Effect.DECIDED),
        (State.PROPOSED, "C1 9", Effect.DECIDED),
        (State.PROPOSED, "CNONE 1", Effect.DECIDED),
    ],
)
async def test_nobody_is_told_of_what_is_not_there(
    tmp_path: Path, state: State, key: str, effect: Effect
) -> None:
    """A question that is gone, or of which this is not the news, is passed over quietly."""
    async with stage(tmp_path) as here:
        prompt = OwnPrompt(
            channel="C1",
            number=0,
            text="What else?",
            state=state,
            proposed=True,
            by="UROSA",
            at=here.clock(),
        )
        await here.store.add_prompt("T1", prompt)
        # This chat has no direct messages: a try to write one would fail here.
        teller = teller_on(here)
        channel, number = key.split(" ")
        job = Job(
            id=1,
            workspace="T1",
            effect=effect,
            channel=channel,
            key=number,
            payload={"number": int(number)},
        )
        await (teller.proposed if effect is Effect.PROPOSED else teller.decided)(job)
        waiting = await jobs_of(here.store, here.clock(), Effect.PROPOSED, 9)
        assert {("C1", "1")} >= {(one.channel, one.key) for one in waiting}


@pytest.mark.parametrize("why", ["old", "withdrawn", "harmless"])
async def test_nobody_is_told_of_students_in_vain(tmp_path: Path, why: str) -> None:
    """Not of history that was read later, of what is withdrawn, of what says nothing of them."""
    async with stage(tmp_path) as here:
        text = (
            "A fourth grader reads to the fish" if why == "harmless" else "My student Mia K. reads"
        )
        number = await here.says("UROSA", text)
        if why == "withdrawn":
            await here.store.withdraw_number("T1", number, Withdrawal.REMOVED, now=here.clock())
        if why == "old":
            here.clock.move(timedelta(days=2))
        (idea,) = [await here.store.idea_by_id(1)]
        assert idea is not None
        job = Job(id=1, workspace="T1", effect=Effect.STUDENT, key="1")
        # This chat has no direct messages: a try to write one would fail here.
        await teller_on(here, load_guard()).student(job, idea)


async def test_that_an_idea_is_not_posted_is_told_once(tmp_path: Path) -> None:
    """Though the answer is lost."""
    async with stage(tmp_path) as here:
        await here.says("UROSA", "We read aloud in the garden")
        idea = await here.store.idea_by_id(1)
        assert idea is not None
        job = Job(id=1, workspace="T1", effect=Effect.UNPOSTED, key="1", payload={"why": "No."})
        here.room.posting += [Fault.LOST]
        for _ in range(2):
            await teller_on(here).unposted(job, idea)
        assert 1 == len(here.room.said("DUROSA"))
