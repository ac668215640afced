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
    assert [{"member": "UROSA", "channel": "C1", "filters": "since:2026-08-15"}] == (
        await orders(counter)
    )


async def test_nobody_else_gets_it(counter: Counter) -> None:
    """A member who does not coordinate the channel is told who may; no job waits."""
    with pytest.raises(NotAllowedError, match="Only those who coordinate"):
        await counter.desk.command(BEN, "report")
    with pytest.raises(NotAllowedError):
        await counter.desk.command(BEN, "report channel:ideas-c1")
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
    """Whoever asks there hears that it is left out, and what to write."""
    info = ChannelInfo(id="C1", name="ideas-c1", private=True)
    counter.here.room.channels["C1"] = info
    await counter.here.store.remember_channel("T1", info, now=counter.here.clock())
    told = said(await counter.desk.command(ROSA, "report"))
    assert "leaves it out" in told
    assert "report channel:ideas-c1" in told
    named = said(await counter.desk.command(ROSA, "report channel:ideas-c1"))
    assert "private" not in named
