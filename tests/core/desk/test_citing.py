"""Citing one idea at the desk: as text, and as a file."""

import pytest

from bot.core.desk.replies import Answer, OpenForm
from bot.core.errors import CommandError, NoSuchIdeaError
from bot.core.model.actions import Act, Action
from bot.core.model.ideas import Withdrawal
from bot.core.model.parts import ChoiceField, Submission
from bot.core.model.people import Licence, Profile
from bot.core.model.work import Effect
from tests.core.desk.counter import BEN, IDEA, ROSA, Counter, buttons, said


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


# -- what others may do with it ---------------------------------------------------------------


async def profile(counter: Counter, who: str) -> Profile:
    member = await counter.here.store.member("T1", who)
    assert member is not None
    return member.profile


async def test_a_licence_is_chosen_by_a_button(counter: Counter) -> None:
    """It stands beside what comes next, in full and cited; for earlier ideas a button asks."""
    await counter.here.says("UROSA", IDEA)
    await counter.desk.press(ROSA, Action(Act.SHOWN, text="name"))
    told = await counter.desk.press(ROSA, Action(Act.LICENCE, text="CC BY-NC 4.0"))
    assert "From now on your ideas are under “CC BY-NC 4.0”." in said(told)
    assert "1 earlier idea of yours" in said(told)
    assert ["Use it for my earlier ideas"] == list(buttons(told))
    assert "CC BY" not in said(await counter.desk.command(BEN, "show 1"))
    done = await counter.desk.press(ROSA, buttons(told)["Use it for my earlier ideas"])
    assert "1 earlier idea of yours changed to “CC BY-NC 4.0”" in said(done)
    assert "licence: CC BY-NC 4.0" in said(await counter.desk.command(BEN, "show 1"))
    cited = said(await counter.desk.command(BEN, "cite 1"))
    assert 2 == cited.count(". CC BY-NC 4.0.")
    assert 1 == cited.count(" (CC BY-NC 4.0)")


async def test_what_is_still_open_is_asked_below_the_first_answer(counter: Counter) -> None:
    """The licence after the name, and the name after the licence; nothing that was answered."""
    named = await counter.desk.press(BEN, Action(Act.SHOWN, text="nobody"))
    assert ["CC BY 4.0", "CC BY-NC 4.0", "All rights reserved"] == list(buttons(named))
    licensed = await counter.desk.press(BEN, buttons(named)["All rights reserved"])
    assert {} == buttons(licensed)
    assert Licence.RESERVED is (await profile(counter, "UBEN")).licence
    first = await counter.desk.press(ROSA, Action(Act.LICENCE, text="CC BY 4.0"))
    assert ["My name and school", "My school", "Neither"] == list(buttons(first))
    assert {} == buttons(await counter.desk.press(ROSA, buttons(first)["Neither"]))


async def test_a_licence_is_chosen_in_the_form(counter: Counter) -> None:
    """The form has what was chosen before; whoever leaves it open has none."""
    about = Action(Act.PROFILE, channel="C1")
    told = await counter.desk.submit(BEN, Submission(about, {"licence": "CC BY 4.0"}))
    assert "under “CC BY 4.0”" in said(told)
    opened = await counter.desk.command(BEN, "me")
    assert isinstance(opened, OpenForm)
    (field,) = [one for one in opened.form.fields if getattr(one, "id", "") == "licence"]
    assert isinstance(field, ChoiceField)
    assert "CC BY 4.0" == field.value
    await counter.desk.submit(BEN, Submission(about, {"licence": "none"}))
    assert (await profile(counter, "UBEN")).licence is None


async def test_a_button_of_no_known_licence(counter: Counter) -> None:
    """It changes nothing, and neither does the one for earlier ideas of who chose none."""
    with pytest.raises(CommandError):
        await counter.desk.press(BEN, Action(Act.LICENCE, text="GPL"))
    told = await counter.desk.press(BEN, Action(Act.LICENCE_EARLIER))
    assert "You have not said yet what others may do" in said(told)
