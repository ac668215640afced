"""A file of ideas, sent to whoever asked for it."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.errors import ChatUnavailableError
from bot.core.model.people import ChannelInfo, Person
from bot.core.model.work import Effect, Job
from bot.core.outbox.exports import TRIES
from tests.core.outbox.doing import effects_on
from tests.core.stage import Stage, stage

JOB = Job(
    id=1,
    workspace="T1",
    effect=Effect.EXPORT,
    key="k",
    payload={"member": "UROSA", "channel": "C1", "filters": "", "format": "csv"},
)


async def set_up(here: Stage) -> None:
    """Ben shares an idea in a public channel and one in a private one, and Rosa is in both."""
    here.room.people["UROSA"] = Person(id="UROSA", name="Rosa")
    for ident, private in (("C1", False), ("C2", True)):
        info = ChannelInfo(id=ident, name=f"ideas-{ident}", private=private)
        here.room.channels[ident] = info
        here.room.inside[ident] = {"UROSA", "UBEN"}
        await here.store.saw_channel("T1", ident, now=here.clock())
        await here.store.remember_channel("T1", info, now=here.clock())
        await here.says("UBEN", f"We share carts in {ident}", channel=ident)


@pytest.mark.parametrize("away", ["away", "lost"])
async def test_an_export_waits_for_what_its_asker_may_see(tmp_path: Path, away: str) -> None:
    """Who they are, and where; then it is whole."""
    async with stage(tmp_path) as here:
        await set_up(here)
        effects = effects_on(here)
        setattr(here.room, away, True)
        for attempts in range(TRIES):
            with pytest.raises(ChatUnavailableError):
                await effects.run(replace(JOB, attempts=attempts))
        assert [] == here.room.files
        setattr(here.room, away, False)
        await effects.run(replace(JOB, attempts=1))
        ((_, _, content),) = here.room.files
    assert (True, True) == (b"carts in C1" in content, b"carts in C2" in content)
    assert "could not ask" not in here.room.said()[-1].message.fallback


@pytest.mark.parametrize(
    ("away", "held", "words"),
    [("away", False, "only your own ideas"), ("lost", True, "about private channels")],
)
async def test_an_export_that_waited_long_says_what_may_be_missing(
    tmp_path: Path, away: str, words: str, *, held: bool
) -> None:
    """It comes as it is: without what the chat does not let its asker see."""
    async with stage(tmp_path) as here:
        await set_up(here)
        setattr(here.room, away, True)
        await effects_on(here).run(replace(JOB, attempts=TRIES))
        ((_, _, content),) = here.room.files
    assert (held, False) == (b"carts in C1" in content, b"carts in C2" in content)
    assert words in here.room.said()[-1].message.fallback
