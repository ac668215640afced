"""Citing one idea at the desk: as text, and as a file."""

import pytest

from bot.core.desk.replies import Answer
from bot.core.errors import NoSuchIdeaError
from bot.core.model.actions import Act, Action
from bot.core.model.ideas import Withdrawal
from bot.core.model.work import Effect
from tests.core.desk.counter import BEN, IDEA, Counter, buttons, said


async def test_an_idea_is_cited(counter: Counter) -> None:
    """In three styles, beside what it was asked from; with what to check, and for whom."""
    await counter.here.says("UROSA", IDEA)
    reply = await counter.desk.press(BEN, Action(Act.CITE, number=1))
    assert isinstance(reply, Answer)
    assert reply.beside
    for words in ("APA", "MLA", "Chicago", "“We paired 5th graders with kindergartners", "UROSA"):
        assert words in said(reply)
    typed = await counter.desk.command(BEN, "cite #1")
    assert said(typed) == said(reply)
    assert ["RIS file", "BibTeX file"] == list(buttons(reply))


async def test_one_idea_is_sent_as_a_file(counter: Counter) -> None:
    """A job is queued that holds its number; a button of an unknown format cites it as text."""
    await counter.here.says("UROSA", IDEA)
    await counter.here.says("UROSA", f"{IDEA} Again.")
    assert "(RIS) of 1 idea" in said(await counter.desk.command(BEN, "cite ris 2"))
    shown = await counter.desk.command(BEN, "cite 2")
    assert "(BibTeX) of 1 idea" in said(
        await counter.desk.press(BEN, buttons(shown)["BibTeX file"])
    )
    jobs = [
        job
        for job in await counter.here.store.jobs(counter.here.clock(), limit=50)
        if job.effect is Effect.EXPORT
    ]
    assert [("2", "ris"), ("2", "bib")] == [
        (job.payload["number"], job.payload["format"]) for job in jobs
    ]
    odd = await counter.desk.press(BEN, Action(Act.CITE, number=2, text="docx"))
    assert "Cite #2" in said(odd)


async def test_a_withdrawn_idea_is_not_cited(counter: Counter) -> None:
    """Nor one that was never there."""
    await counter.here.says("UROSA", IDEA)
    await counter.here.store.withdraw_number("T1", 1, Withdrawal.REMOVED, now=counter.here.clock())
    for asked in ("cite 1", "cite bib 1", "cite 7"):
        with pytest.raises(NoSuchIdeaError):
            await counter.desk.command(BEN, asked)
