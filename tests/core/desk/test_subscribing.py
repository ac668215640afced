"""A digest of one's own at the desk: begun with a word, chosen in a form, stopped at once."""

from dataclasses import replace

import pytest

from bot.core.desk.replies import OpenForm, Problems, Reply
from bot.core.errors import ChatUnavailableError, CommandError
from bot.core.model.actions import Act, Action
from bot.core.model.parts import ChoicesField, Form, Submission
from bot.core.model.people import ChannelInfo, Keep, Person, Profile
from bot.core.model.subscriptions import Subscription
from tests.core.chat import MemoryChat
from tests.core.desk.counter import BEN, ELSEWHERE, Counter, buttons, said
from tests.core.stage import chicago

OPEN = Action(Act.SUBSCRIBE)


async def kept(counter: Counter) -> Subscription:
    """What Ben chose."""
    found = await counter.here.store.subscription("T1", "UBEN")
    assert found is not None
    return found


async def send(counter: Counter, **given: str) -> Reply:
    """Send Ben's form with what is usual, and what differs."""
    values = {"day": "fri", "time": "15:00", "channels": "", "parts": ""} | given
    return await counter.desk.submit(BEN, Submission(OPEN, values))


def form_of(reply: Reply) -> Form:
    assert isinstance(reply, OpenForm)
    return reply.form


def choices(form: Form) -> dict[str, list[str]]:
    """What may be chosen in the lists of a form, by field."""
    several = [one for one in form.fields if isinstance(one, ChoicesField)]
    return {one.id: [choice.value for choice in one.choices] for one in several}


async def test_a_word_begins_it_and_says_what_comes_when(counter: Counter) -> None:
    """From Friday on, at three, by the asker's own clocks; a second time changes nothing."""
    ben = replace(BEN, zone="Asia/Tokyo")
    reply = await counter.desk.command(ben, "subscribe weekly")
    assert "every Friday, 3:00 PM, in your time zone: Tokyo" in said(reply)
    assert "The next one: Fri Nov 27, 3:00 PM" in said(reply)
    assert {"Change": OPEN, "Stop these": Action(Act.UNSUBSCRIBE)} == buttons(reply)
    first = await kept(counter)
    assert chicago("2026-11-27T00:00") == first.due
    await counter.desk.command(BEN, "subscribe weekly")
    assert first == await kept(counter)


async def test_a_zone_that_nobody_knows_is_the_usual_one(counter: Counter) -> None:
    """Also where the platform names one that is none, or a folder of them."""
    for zone in ("", "Europe/Atlantis", "America", "../etc"):
        await counter.desk.command(replace(BEN, zone=zone), "subscribe off")
        reply = await counter.desk.command(replace(BEN, zone=zone), "subscribe weekly")
        assert "in your time zone: Central (Chicago)" in said(reply)


async def test_the_form_offers_the_channels_that_one_may_see(counter: Counter) -> None:
    """And all parts of the framework; what was chosen stands first, and is chosen."""
    for ident, inside in (("C8", {"UBEN"}), ("C9", {"UROSA"})):
        info = ChannelInfo(id=ident, name=ident.lower(), private=True)
        counter.here.room.channels[ident], counter.here.room.inside[ident] = info, inside
        await counter.here.store.remember_channel("T1", info, now=counter.here.clock())
    form = form_of(await counter.desk.command(BEN, "subscribe"))
    assert {"C1", "C8"} == set(choices(form)["channels"])
    assert 11 == len(choices(form)["parts"])
    reply = await send(counter, channels="C1,C9", parts="SPACE,NONE,LIT", day="mon", time="08:30")
    assert "Saved." in said(reply)
    assert "every Monday, 8:30 AM" in said(reply)
    assert "ideas-c1, about Reading and Space and time" in said(reply)
    assert (("C1",), ("LIT", "SPACE"), "mon 08:30") == (
        (await kept(counter)).channels,
        (await kept(counter)).components,
        (await kept(counter)).hour,
    )
    again = form_of(await counter.desk.press(BEN, OPEN))
    assert "C1" == choices(again)["channels"][0]
    chosen = {one.id: one.value for one in again.fields if isinstance(one, ChoicesField)}
    assert {"channels": "C1", "parts": "LIT,SPACE"} == chosen


async def test_many_that_were_chosen_are_counted(counter: Counter) -> None:
    """An answer names a few."""
    parts = "LIT,CUR,PART,CREA,PPL,INFRA,BUDG"
    assert "Professional learning and 2 more" in said(await send(counter, parts=parts))


async def test_an_hour_that_was_chosen_again_stays(counter: Counter) -> None:
    """What else changes moves no due time."""
    await counter.desk.command(BEN, "subscribe weekly")
    before = await kept(counter)
    await send(counter, parts="LIT")
    assert replace(before, components=("LIT",)) == await kept(counter)


@pytest.mark.parametrize("wrong", [{"time": ""}, {"time": "noon"}, {"day": ""}, {"day": "off"}])
async def test_what_is_no_hour_is_said_beside_the_field(
    counter: Counter, wrong: dict[str, str]
) -> None:
    """Nothing is kept then."""
    assert isinstance(await send(counter, **wrong), Problems)
    assert await counter.here.store.subscription("T1", "UBEN") is None


async def test_it_is_stopped_with_a_word_or_a_press_at_once(counter: Counter) -> None:
    """However often; whoever had none is told that."""
    await counter.desk.command(BEN, "subscribe weekly")
    assert "Stopped" in said(await counter.desk.command(BEN, "subscribe off"))
    assert await counter.here.store.subscription("T1", "UBEN") is None
    await counter.desk.command(BEN, "subscribe weekly")
    assert "Stopped" in said(await counter.desk.press(ELSEWHERE, Action(Act.UNSUBSCRIBE)))
    assert "You have no weekly digest" in said(
        await counter.desk.press(ELSEWHERE, Action(Act.UNSUBSCRIBE))
    )


async def test_another_word_is_refused_with_the_right_ones(counter: Counter) -> None:
    """Daily it does not come."""
    with pytest.raises(CommandError, match="subscribe weekly"):
        await counter.desk.command(BEN, "subscribe daily")


async def test_a_guest_has_that_of_the_channel_they_ask_in(counter: Counter) -> None:
    """Their form offers no other; where there is none, they are told what to do."""
    people = counter.here.room.people
    people["UBEN"] = replace(people["UBEN"], is_guest=True)
    assert ["parts"] == list(choices(form_of(await counter.desk.command(BEN, "subscribe"))))
    await counter.desk.command(BEN, "subscribe weekly")
    assert ("C1",) == (await kept(counter)).channels
    with pytest.raises(CommandError, match="There is no channel yet"):
        await counter.desk.command(ELSEWHERE, "subscribe")
    await counter.desk.submit(BEN, Submission(OPEN, {"day": "mon", "time": "9:00"}))
    assert ("C1",) == (await kept(counter)).channels


async def test_who_wants_nothing_kept_is_told_why_not(counter: Counter) -> None:
    """A subscription would be something kept."""
    profile = Profile(keep=Keep.NOTHING)
    await counter.here.store.set_profile("T1", "UBEN", profile)
    with pytest.raises(CommandError, match="keep nothing of yours"):
        await counter.desk.command(BEN, "subscribe weekly")


async def test_when_the_chat_does_not_say_who_somebody_is(counter: Counter) -> None:
    """They are asked to try again, and nothing is kept."""
    service = counter.desk.subscribing.subscriptions
    silent = replace(service.permissions, chats=Silent(counter.here.clock))
    with pytest.raises(ChatUnavailableError):
        await replace(service, permissions=silent).begin(BEN)
    assert await counter.here.store.subscription("T1", "UBEN") is None


class Silent(MemoryChat):
    """A chat that tells nothing of anybody now."""

    async def person(self, member_id: str) -> Person:
        raise ChatUnavailableError(f"Nobody says who {member_id} is.")
