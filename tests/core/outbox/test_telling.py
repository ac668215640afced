"""Telling of proposals that are gone, decided or not yet decided: nobody is written to."""

from pathlib import Path

import pytest

from bot.core.finding.permissions import Permissions
from bot.core.model.prompts import OwnPrompt, State
from bot.core.model.work import Effect, Job
from bot.core.outbox.telling import Teller
from tests.core.stage import stage
from tests.storage.making import jobs_of


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
        permissions = Permissions(
            store=here.store,
            chats=here.weekly.poster.chats,
            now=here.clock,
            admins=frozenset({"UJOAN"}),
        )
        poster = here.weekly.poster
        teller = Teller(
            store=here.store,
            chats=poster.chats,
            permissions=permissions,
            poster=poster,
            now=here.clock,
        )
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
