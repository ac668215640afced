"""What a digest says beside its new ideas, and how it is chosen."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.delivery.result import InDoubt, NothingToPost, Sent, SentBefore
from bot.core.model.ideas import Kind, Trial, TrialOutcome, Withdrawal
from bot.core.model.posts import Place
from tests.core.chat import Fault
from tests.core.stage import DIGEST, FRAMEWORK, Stage, stage

WEEK = timedelta(weeks=1)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path) as set_:
        yield set_


async def digest(here: Stage) -> str:
    """Post this week's digest; returns its plain text."""
    came = await here.weekly.post(DIGEST, await here.channel(), here.clock())
    assert isinstance(came, Sent)
    return here.room.said()[-1].message.fallback


async def week_later(here: Stage) -> str:
    """A week later somebody posts an idea; the digest then."""
    here.clock.move(WEEK)
    await here.says("UANYONE")
    return await digest(here)


def waiting(text: str) -> str:
    """The line beneath `Still waiting for an answer`."""
    _, found, rest = text.partition("Still waiting for an answer\n")
    return rest.split("\n")[0] if found else ""


async def tried(here: Stage, number: int, who: str, **more: str) -> Trial:
    idea = await here.store.idea_by_id(number)
    assert idea is not None
    kept = await here.store.add_trial(
        Trial(
            workspace="T1",
            idea_id=idea.id,
            member_id=who,
            came=TrialOutcome.WORKED,
            tried_at=here.clock(),
            words=more.get("words", ""),
        )
    )
    assert kept is not None
    return kept


# -- a line of the coordinator's own ----------------------------------------------------------


async def say_to_all(here: Stage, line: str) -> None:
    wanted = replace(await here.channel(), line=line)
    await here.store.set_settings(wanted, who="UJOAN", now=here.clock())


async def test_a_coordinators_line_stands_in_one_digest(here: Stage) -> None:
    """Whoever looks before sees it; once the digest stands in the channel, the line is used up."""
    await here.says("UA")
    await say_to_all(here, "The book swap is on Thursday.")
    (seen,) = await here.weekly.preview(DIGEST, await here.channel(), here.clock())
    told = "\nFrom your coordinator: The book swap is on Thursday.\n"
    assert told in seen.fallback
    assert told in await digest(here)
    assert "" == (await here.channel()).line
    assert "From your coordinator" not in await week_later(here)


async def test_a_line_that_was_changed_meanwhile_waits_for_the_next(here: Stage) -> None:
    """A digest in doubt keeps the line it began with; the other one stands in the next."""
    await here.says("UA")
    await say_to_all(here, "The old line.")
    here.room.posting.append(Fault.LOST)
    came = await here.weekly.post(DIGEST, await here.channel(), here.clock())
    assert isinstance(came, InDoubt)
    await say_to_all(here, "The new line.")
    here.clock.move(timedelta(minutes=30))
    assert isinstance(
        await here.weekly.post(DIGEST, await here.channel(), here.clock()), Sent | SentBefore
    )
    (first,) = here.room.said(kind="digest")
    assert "The old line." in first.message.fallback
    assert "From your coordinator: The new line." in await week_later(here)


# -- a question that waits --------------------------------------------------------------------


async def test_questions_without_an_answer_come_back_in_turn(here: Stage) -> None:
    """The oldest first; then the next, until each has had its turn; then the oldest again."""
    first = await here.says("UA", "Who has run a mock Newbery?", kind=Kind.QUESTION)
    here.clock.move(timedelta(minutes=1))
    second = await here.says("UB", "Who has a maker budget?", kind=Kind.QUESTION)
    await here.says("UC")
    assert "" == waiting(await digest(here))
    turns = [waiting(await week_later(here)).split(",")[0] for _ in range(4)]
    assert [f"#{first}", f"#{second}", f"#{first}", f"#{second}"] == turns


async def test_a_question_with_a_reply_does_not_wait(here: Stage) -> None:
    """Somebody answered: it is not brought back."""
    number = await here.says("UA", "Who has run a mock Newbery?", kind=Kind.QUESTION)
    await here.says("UC")
    await digest(here)
    question = await here.store.idea_by_id(number)
    assert question is not None
    assert question.place is not None
    await here.store.add_reply(question.place, Place("T1", "C1", "1.5"), "UB")
    assert "" == waiting(await week_later(here))


async def test_posts_in_doubt_are_one_quiet_line(here: Stage) -> None:
    """A digest counts them, and shows an idea that became one of them meanwhile."""
    await here.says("UA", "We open the makerspace at lunch, and teachers come too")
    await here.says("UB", "The copier is down again", kind=Kind.POST)
    number = await here.says("UC", "The heating is out in the annex", kind=Kind.POST)
    text = await digest(here)
    assert "Also posted: 2" in text
    assert "copier" not in text
    taken_up = await here.store.idea_by_id(number)
    assert taken_up is not None
    assert taken_up.place is not None
    await here.store.add_reply(taken_up.place, Place("T1", "C1", "1.5"), "UB")
    text = await week_later(here)
    assert "annex" in text
    assert "Also posted" not in text


async def test_posts_in_doubt_alone_are_no_digest(here: Stage) -> None:
    """They wait for an idea, and whoever posted only them is welcomed with a first idea."""
    await here.says("UA", "The copier is down again", kind=Kind.POST)
    channel = await here.channel()
    assert isinstance(await here.weekly.post(DIGEST, channel, here.clock()), NothingToPost)
    here.clock.move(timedelta(minutes=1))
    await here.says("UB")
    await digest(here)
    here.clock.move(WEEK)
    await here.says("UA")
    await here.says("UB")
    assert "Welcome to UA Name, sharing" in await digest(here)


async def test_a_question_of_last_year_is_left_alone(here: Stage) -> None:
    """After a school year nobody waits any more."""
    await here.says("UA", "Who has run a mock Newbery?", kind=Kind.QUESTION)
    await here.says("UC")
    await digest(here)
    here.clock.move(45 * WEEK)
    assert "" == waiting(await week_later(here))


async def test_a_question_withdrawn_after_a_lost_answer_is_not_asked(here: Stage) -> None:
    """What was chosen first is said again, without what was withdrawn meanwhile."""
    number = await here.says("UA", "Who has run a mock Newbery?", kind=Kind.QUESTION)
    await here.says("UC")
    await digest(here)
    here.clock.move(WEEK)
    await here.says("UANYONE")
    here.room.posting.append(Fault.DROPPED)
    channel = await here.channel()
    assert isinstance(await here.weekly.post(DIGEST, channel, here.clock()), InDoubt)
    await here.store.withdraw_number("T1", number, Withdrawal.REMOVED, now=here.clock())
    here.clock.move(timedelta(minutes=1))
    assert "" == waiting(await digest(here))


# -- the same week of an earlier year ---------------------------------------------------------


async def test_the_same_school_week_comes_back_a_year_later(here: Stage) -> None:
    """Weeks of the school year are compared, not dates; other channels' ideas stay there."""
    await here.open_channel("C2")
    old = await here.says("UA", "We thanked a co-teacher in front of everybody.")
    await here.says("UB", channel="C2")
    await digest(here)
    here.clock.show("2027-11-23T10:00")
    await here.says("UC")
    text = await digest(here)
    assert f"This week of the school year, in 2026\n#{old}, UA Name: We thanked" in text


async def test_a_53rd_week_looks_back_into_a_year_without_one(here: Stage) -> None:
    """2026 ends with a 53rd week and 2025 does not: what was said that week comes back, once."""
    here.clock.show("2025-12-30T10:00")
    old = await here.says("UA", "We thanked a co-teacher in front of everybody.")
    await digest(here)
    here.clock.show("2026-12-30T10:00")
    new = await here.says("UC", "Poems on every door.")
    text = await digest(here)
    assert f"This week of the school year, in 2025\n#{old}, UA Name: We thanked" in text
    here.clock.show("2027-01-08T10:00")
    await here.says("UB")
    text = await digest(here)
    assert f"#{new}, " not in text
    assert "Poems" not in text


async def test_a_week_of_several_ideas_shows_another_each_time(here: Stage) -> None:
    """The least often repeated comes first, as long as no later year has one of its own."""
    first = await here.says("UA", "We thanked a co-teacher in front of everybody.")
    here.clock.move(timedelta(minutes=1))
    second = await here.says("UB", "We wrote cards to the teachers we planned with.")
    await digest(here)
    shown = []
    for day in ("2027-11-23T10:00", "2028-11-21T10:00"):
        here.clock.show(day)
        new = await here.says("UC")
        _, _, rest = (await digest(here)).partition("in 2026\n#")
        shown.append(int(rest.split(",")[0]))
        await here.store.withdraw_number("T1", new, Withdrawal.REMOVED, now=here.clock())
    assert [first, second] == shown


async def test_in_the_summer_there_is_no_school_week(here: Stage) -> None:
    """In July nothing is remembered, and nothing fails."""
    here.clock.show("2027-07-13T10:00")
    await here.says("UA")
    await digest(here)
    here.clock.show("2028-07-11T10:00")
    await here.says("UB")
    assert "This week of the school year" not in await digest(here)


async def test_a_channel_without_an_earlier_year_remembers_nothing(here: Stage) -> None:
    """Ten years back there is nothing: the digest does without."""
    await here.says("UA")
    assert "This week of the school year" not in await digest(here)


# -- the thinnest component -------------------------------------------------------------------


async def test_of_several_thin_components_each_week_names_another(here: Stage) -> None:
    """All ideas are about partnerships: the ten others take turns, and that one never comes."""
    await here.says("UA")
    seen = set()
    text = await digest(here)
    for _ in range(10):
        (line,) = [one for one in text.split("\n") if "heard least about" in one]
        seen.add(line)
        text = await week_later(here)
    assert 10 == len(seen)
    partner = FRAMEWORK.component("PART")
    assert partner is not None
    assert not any(partner.name in line for line in seen)


# -- trials -----------------------------------------------------------------------------------


async def test_a_trial_stands_in_one_digest(here: Stage) -> None:
    """The next digest tells it, with both names; the one after does not."""
    number = await here.says("UROSA")
    await digest(here)
    await here.says("UBEN")
    await tried(here, number, "UBEN", words="It went well in ninth grade.")
    text = await week_later(here)
    assert f"UBEN Name tried #{number} by UROSA Name: “Idea" in text
    assert "For them it worked. “It went well in ninth grade.”" in text
    assert "tried #" not in await week_later(here)


async def test_a_trial_alone_waits_for_an_idea(here: Stage) -> None:
    """A week with only a trial gets no digest; the trial comes with the next one."""
    number = await here.says("UROSA")
    await digest(here)
    await tried(here, number, "UBEN")
    here.clock.move(WEEK)
    came = await here.weekly.post(DIGEST, await here.channel(), here.clock())
    assert NothingToPost() == came
    assert f"tried #{number}" in await week_later(here)


async def withdrawn_before_it_is_told(here: Stage, how: Withdrawal) -> Trial:
    """An idea is withdrawn between choosing its trial for a digest and posting that digest."""
    number = await here.says("UROSA")
    await digest(here)
    trial = await tried(here, number, "UBEN")
    here.clock.move(WEEK)
    await here.says("UANYONE")
    here.room.posting.append(Fault.DROPPED)
    channel = await here.channel()
    assert isinstance(await here.weekly.post(DIGEST, channel, here.clock()), InDoubt)
    await here.store.withdraw_number("T1", number, how, now=here.clock())
    here.clock.move(timedelta(minutes=1))
    return trial


async def test_the_trial_of_a_withdrawn_idea_is_not_told(here: Stage) -> None:
    """Between choosing and posting the idea was withdrawn, and with it what was said of it."""
    await withdrawn_before_it_is_told(here, Withdrawal.REMOVED)
    assert "tried #" not in await digest(here)


async def test_a_crossed_ideas_trial_waits_with_it(here: Stage) -> None:
    """A withdrawal that can be taken back keeps the trial, and does not show it."""
    trial = await withdrawn_before_it_is_told(here, Withdrawal.CROSSED)
    assert "tried #" not in await digest(here)
    assert trial == await here.store.trial_by_id(trial.id)


# -- what was left out ------------------------------------------------------------------------


async def test_an_idea_that_was_left_out_stands_in_no_digest(here: Stage) -> None:
    """Not in this one, not in the next, not as a memory; put back, it comes."""
    out = await here.says("UROSA", "Something that should not stand in a digest, please.")
    await here.says("UBEN")
    await here.store.leave_out(out, "UJOAN", now=here.clock())
    await here.store.leave_out(out, "UJOAN", now=here.clock())
    assert "UROSA" not in await digest(here)
    assert "UROSA" not in await week_later(here)
    assert [out] == [idea.number for idea in await here.store.left_out("T1", "C1")]
    await here.store.leave_out(out, "", now=here.clock())
    assert "UROSA" in await week_later(here)
    assert [] == list(await here.store.left_out("T1", "C1"))
