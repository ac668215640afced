"""The administrator's page at the desk: who may have it made, and of what."""

from dataclasses import replace

import pytest

from bot.core.errors import CommandError, NotAllowedError
from bot.core.model.people import ChannelInfo
from bot.core.model.work import Effect
from tests.core.desk.counter import BEN, IDEA, ROSA, Counter, said


async def orders(counter: Counter) -> list[dict[str, str]]:
    """What the waiting jobs ask for."""
    jobs = await counter.here.store.jobs(counter.here.clock(), limit=50)
    return [dict(job.payload) for job in jobs if job.effect is Effect.REPORT]


async def test_a_coordinator_gets_the_page(counter: Counter) -> None:
    """The answer says that it comes; the job holds who asked, where, and the filters."""
    await counter.here.says("UROSA", IDEA)
    told = said(await counter.desk.command(ROSA, "report since:2026-08-15"))
    assert "You will get it in a moment" in told
    assert "private" not in told
    asked = {"member": "UROSA", "channel": "C1", "filters": "since:2026-08-15"}
    assert [asked | {"format": "html", "plan": ""}] == await orders(counter)


async def test_a_coordinator_gets_the_plan(counter: Counter) -> None:
    """In the format that was asked for; both stand in the answer and in the job."""
    told = said(await counter.desk.command(ROSA, "report plan csv"))
    assert "I am making the library plan as a CSV file." in told
    asked = {"member": "UROSA", "channel": "C1", "filters": ""}
    assert [asked | {"format": "csv", "plan": "yes"}] == await orders(counter)


async def test_nobody_else_gets_it(counter: Counter) -> None:
    """A member who does not coordinate the channel is told who may; no job waits."""
    with pytest.raises(NotAllowedError, match="Only those who coordinate"):
        await counter.desk.command(BEN, "report")
    for typed in ("report channel:ideas-c1", "report plan"):
        with pytest.raises(NotAllowedError):
            await counter.desk.command(BEN, typed)
    assert [] == await orders(counter)


async def test_without_a_channel_it_must_be_said_which(counter: Counter) -> None:
    """In a direct message nobody knows what the asker coordinates."""
    apart = replace(ROSA, channel="")
    with pytest.raises(CommandError, match="Which channel do you coordinate"):
        await counter.desk.command(apart, "report")
    await counter.desk.command(apart, "report channel:ideas-c1")
    (order,) = await orders(counter)
    assert "C1" == order["channel"]
    assert "channel:" in order["filters"]


async def test_a_private_channel_must_be_named(counter: Counter) -> None:
    """Whoever asks there without naming it hears what to write; nothing is made."""
    info = ChannelInfo(id="C1", name="ideas-c1", private=True)
    counter.here.room.channels["C1"] = info
    await counter.here.store.remember_channel("T1", info, now=counter.here.clock())
    with pytest.raises(CommandError, match='report plan md channel:"ideas-c1"'):
        await counter.desk.command(ROSA, "report plan md")
    assert [] == await orders(counter)
    named = said(await counter.desk.command(ROSA, 'report channel:"ideas-c1"'))
    assert "I am making" in named


async def test_words_that_no_idea_has_make_no_page(counter: Counter) -> None:
    """Most often a format is meant that there is none of; those that there are stand beside it."""
    await counter.here.says("UROSA", IDEA)
    with pytest.raises(CommandError, match=r"No idea has docx in it.* html, md or pdf"):
        await counter.desk.command(ROSA, "report docx")
    with pytest.raises(CommandError, match="html, md or csv"):
        await counter.desk.command(ROSA, "report plan docx")
    assert [] == await orders(counter)
