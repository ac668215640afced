"""Looking after an idea at the desk: what is offered, and what is refused and why."""

import time
from dataclasses import replace
from typing import Any

import pytest

from bot.core.desk.replies import Answer, OpenForm, Problems, Reply
from bot.core.errors import NoSuchIdeaError, NotAllowedError
from bot.core.model.actions import Act, Action
from bot.core.model.care import CareNote
from bot.core.model.ideas import Filters, Visibility
from bot.core.model.parts import ChoiceField, Submission
from bot.core.model.people import Asker, ChannelInfo, Keep, Person, Profile
from tests.core.desk.counter import BEN, IDEA, ROSA, Counter, buttons, said

BOSS = ROSA
_ALL, _NONE = Visibility(everything=True), Filters()


async def send(counter: Counter, number: int, asker: Asker = BOSS, **given: str) -> Reply:
    """Send the form about an idea."""
    values = {"reason": "it fits better so"} | given
    return await counter.desk.submit(asker, Submission(Action(Act.CARE, number=number), values))


def problem(reply: Reply) -> tuple[str, str]:
    """The field that is wrong, and why."""
    assert isinstance(reply, Problems)
    ((field, words),) = reply.by_field.items()
    return field, words


async def offered(counter: Counter, number: int) -> list[str]:
    opened = await counter.desk.press(BOSS, Action(Act.CARE, number=number))
    assert isinstance(opened, OpenForm)
    (field,) = (
        one for one in opened.form.fields if isinstance(one, ChoiceField) and one.id == "what"
    )
    return [choice.value for choice in field.choices]


async def test_what_is_offered_is_what_can_be_done(counter: Counter) -> None:
    """Of an idea in sight, of a hidden one, and of one that was merged."""
    for who in ("UROSA", "UBEN"):
        await counter.here.says(who, IDEA)
    one, two = (await counter.here.store.find("T1", _NONE, _ALL)).ideas[::-1]
    assert ["hidden", "sorted", "merged", "moved"] == await offered(counter, one.number)
    await send(counter, one.number, what="hidden")
    assert ["shown"] == await offered(counter, one.number)
    await send(counter, one.number, what="shown")
    done = await send(counter, one.number, what="merged", other=f"idea #{two.number}")
    assert f"#{two.number} is part of #{one.number} now" in said(done)
    assert ["parted"] == await offered(counter, two.number)
    assert "an idea of its own again" in said(await send(counter, two.number, what="parted"))


async def test_what_is_wrong_is_said_at_its_field(counter: Counter) -> None:
    """Nothing is changed then."""
    store = counter.here.store
    await counter.here.open_channel("C2")
    counter.here.room.inside["C2"] = {"UROSA"}
    number = await counter.here.says("UBEN", IDEA)
    far = await counter.here.says("UROSA", "Elsewhere we do it so", channel="C2")
    await store.remember_member(
        "T1", Person(id="UBOTTY", name="Botty", is_bot=True), now=counter.here.clock()
    )
    await store.remember_member(
        "T1", Person(id="UMEI", name="Mei Tanaka"), now=counter.here.clock()
    )
    await store.set_profile("T1", "UMEI", Profile(keep=Keep.NOTHING))
    wrong = {
        "what": [{"what": ""}, {"what": "shown"}, {"what": "stolen"}],
        "reason": [{"what": "hidden", "reason": "  "}],
        "other": [
            {"what": "merged"},
            {"what": "merged", "other": "the other"},
            {"what": "merged", "other": str(number)},
            {"what": "merged", "other": "999999"},
            {"what": "merged", "other": str(far)},
        ],
        "component": [{"what": "sorted", "component": one} for one in ("PART", "NONE")],
        "whose": [
            {"what": "moved"} | ({"whose": one} if one else {})
            for one in ("", "Nobody Known", "UBEN", "Botty", "UMEI")
        ],
    }
    for field, every in wrong.items():
        for given in every:
            assert field == problem(await send(counter, number, BOSS, **given))[0], given
    assert [] == await store.changes("T1", "C1", 9)


async def test_blanks_before_a_number_take_no_long_time(counter: Counter) -> None:
    """Forty thousand of them are read as quickly as other text."""
    number = await counter.here.says("UBEN", IDEA)
    began = time.process_time()
    blanks = await send(counter, number, what="merged", other=" " * 40_000 + "x")
    assert "other" == problem(blanks)[0]
    assert time.process_time() - began < 3


async def closed(counter: Counter) -> None:
    """A private channel that Rosa invited the bot to; nobody else is in it."""
    here = counter.here
    here.room.channels["C3"] = ChannelInfo(id="C3", name="closed", private=True)
    here.room.inside["C3"] = {"UROSA"}
    await here.store.saw_channel("T1", "C3", now=here.clock(), invited_by="UROSA")
    await here.store.remember_channel("T1", here.room.channels["C3"], now=here.clock())


async def test_an_idea_of_a_private_channel_is_not_given_to_who_is_not_in_it(
    counter: Counter,
) -> None:
    """They would read what was said there."""
    await closed(counter)
    number = await counter.here.says("UROSA", IDEA, channel="C3")
    await counter.here.says("UBEN", "I post elsewhere all the time")
    field, words = problem(await send(counter, number, what="moved", whose="UBEN"))
    assert ("whose", True) == (field, "may not see" in words)


async def test_who_left_reads_nothing_that_was_merged_into_their_idea(counter: Counter) -> None:
    """Their own words they see from anywhere, what others say only where it was said."""
    await closed(counter)
    one = await counter.here.says("UBEN", IDEA, channel="C3")
    two = await counter.here.says("UROSA", "Buddies read on Fridays", channel="C3")
    await send(counter, two, replace(BOSS, channel="C3"), what="merged", other=str(one))
    for number in (one, two):
        there = said(await counter.desk.command(replace(BEN, channel="C3"), f"show {number}"))
        away = said(await counter.desk.command(BEN, f"show {number}"))
        assert ("Buddies" in there, "Buddies" in away, "We paired" in away) == (True, False, True)


async def test_only_coordinators_are_offered_the_form(counter: Counter) -> None:
    """Nobody while the chat does not say who they are; an author not of their own idea."""
    number = await counter.here.says("UBEN", IDEA)
    look = f"Look after #{number}"
    assert look in buttons(await counter.desk.command(ROSA, f"show {number}"))
    assert look not in buttons(await counter.desk.command(BEN, f"show {number}"))
    with pytest.raises(NotAllowedError):
        await counter.desk.command(BEN, f"care {number}")
    with pytest.raises(NotAllowedError):
        await send(counter, number, BEN, what="hidden")
    with pytest.raises(NoSuchIdeaError):
        await counter.desk.command(ROSA, "care 999999")
    del counter.here.room.people["UROSA"]
    assert look not in buttons(await counter.desk.command(ROSA, f"show {number}"))


async def test_what_was_changed_meanwhile_is_said(counter: Counter) -> None:
    """Two coordinators at once: the second is told, and nothing is done twice."""
    number = await counter.here.says("UBEN", IDEA)
    idea = await counter.here.store.idea("T1", number, _ALL)
    assert idea is not None
    came = []

    class Slow:
        """A store in which another coordinator is quicker."""

        def __getattr__(self, name: str) -> object:
            return getattr(counter.here.store, name)

        async def care_for(self, note: CareNote, *, target: str = "") -> CareNote | None:
            came.append(await counter.here.store.care_for(note, target=target))
            return await counter.here.store.care_for(note, target=target)

    caring, slow = counter.desk.caring, Slow()
    store: Any = slow
    care = replace(caring.care, store=store)
    desk = replace(counter.desk, caring=replace(caring, care=care))
    form = Submission(Action(Act.CARE, number=number), {"what": "hidden", "reason": "so"})
    field, words = problem(await desk.submit(BOSS, form))
    assert ("what", True) == (field, "changed meanwhile" in words)
    assert 1 == len(came)


async def test_each_thing_done_is_told_in_words(counter: Counter) -> None:
    """Also that an idea is about no part of the framework any more."""
    number = await counter.here.says("UBEN", IDEA)
    words = {
        "hidden": "is hidden",
        "shown": "is restored",
        "moved": "bears UROSA Name’s name now",
        "sorted": "is about no part of the framework now",
    }
    await counter.here.says("UROSA", "Another idea of another day, with words")
    for what, told in words.items():
        reply = await send(counter, number, what=what, whose="UROSA", component="")
        assert isinstance(reply, Answer), reply
        assert (True, "C1") == (told in said(reply), reply.channel)
    log = said(await counter.desk.command(ROSA, "settings log"))
    assert "was given to its author" in log
    assert "is about no part" in log
