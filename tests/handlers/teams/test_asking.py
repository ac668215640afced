"""Who asks in Teams, and how they are told where Teams is slow or refuses."""

import logging
import sqlite3
from contextlib import closing

import pytest

from bot.core.model.actions import Act, Action
from handlers.teams import cards, presses
from handlers.teams.activities import Asked
from handlers.teams.desk import TeamsDesk
from tests.conftest import eventually
from tests.teams.desks import Office, words
from tests.teams.drawing import shown
from tests.teams.model import Channel, Payload, Person, Room

HELP = cards.acting(Act.HELP, "Help", presses.of_button(Action(Act.HELP)))
"""A button of a message that everybody sees."""


def helped(office: Office, who: Person, room: Room) -> Payload:
    """A press of such a button."""
    value = {"action": {"type": "Action.Execute", "data": HELP["data"]}}
    return office.teams.act.activities.invoke(who, room, "adaptiveCard/action", value)


async def told(office: Office, who: Person, how_many: int = 1) -> list[str]:
    """Wait until somebody was told so much; return it."""

    async def enough() -> bool:
        return len(office.teams.whispers(who)) >= how_many

    await eventually(enough, "they are told")
    return [words(one) for one in office.teams.whispers(who)]


async def test_who_asks_is_looked_up_where_teams_does_not_tell(
    office: Office, rosa: Person, room: Channel
) -> None:
    """Once; after that it is known."""
    await office.idea(rosa, room)
    asked = {**presses.of_button(Action(Act.REMOVE, number=1)), "here": room.id}
    value = {"action": {"type": "Action.Execute", "data": asked}}
    invoke = office.teams.act.activities.invoke(rosa, room, "adaptiveCard/action", value)
    del invoke["from"]["aadObjectId"]
    answered = await office.teams.courier.send(invoke)
    assert "#1 is gone" in answered.body["value"]["fallbackText"]
    assert rosa.aad == (await office.ours.known.members())[rosa.id]


async def test_who_is_not_known_changes_nothing(
    office: Office, rosa: Person, room: Channel
) -> None:
    """Teams does not say who they are: they are none of ours."""
    await office.idea(rosa, room)
    stranger = Person("Nobody", "", "29:nobody", "")
    told = (await office.teams.courier.send(helped(office, stranger, room))).body
    assert "for members of the organization" in told["value"]


async def test_words_of_somebody_who_is_not_known_are_answered_too(
    office: Office, rosa: Person, room: Channel
) -> None:
    """Nobody asks in vain: they are told that they are none of ours."""
    item = office.teams.tenant.put(room, rosa, "list", now=office.teams.now())
    activity = office.teams.act.activities.message(item, room)
    activity["from"] = {"id": "29:nobody", "name": "Nobody"}
    activity["recipient"]["isTargeted"] = True
    nobody = Person("Nobody", "", "29:nobody", "")
    office.teams.tenant.people.append(nobody)
    await office.teams.courier.send(activity)
    (told,) = office.teams.chat(nobody).items.values()
    assert "for members of the organization" in words(told)


async def test_people_of_other_organizations_are_refused(
    office: Office, ben: Person, room: Channel
) -> None:
    """In a channel that is shared with them, or a chat of many, they can do nothing."""
    ben.tenant, room.kind, room.only = "elsewhere", "shared", [ben]
    answered = await office.teams.courier.send(helped(office, ben, room))
    assert "for members of the organization" in answered.body["value"]
    await office.teams.act.mention(ben, room, "list")
    assert ["for members of the organization" in one for one in await told(office, ben)] == [True]
    many = helped(office, ben, office.teams.chat(ben))
    many["conversation"]["conversationType"] = "groupChat"
    answered = await office.teams.courier.send(many)
    assert "for members of the organization" in answered.body["value"]


# -- how they are told ----------------------------------------------------------------------------


async def test_what_takes_long_goes_on(
    office: Office, rosa: Person, ben: Person, room: Channel
) -> None:
    """A press is answered in time, and told beside when it is done; a question is taken in time."""
    await office.idea(rosa, room)
    office.teams.faults.slow("connector.member", 0.3, times=None)
    ours, parts = office.ours, office.bot.parts
    desk = TeamsDesk(
        desk=parts.desk,
        chat=ours.chat,
        connector=ours.connector,
        bot=ours.bot,
        known=ours.known,
        patience=0.05,
    )
    for name in ("adaptiveCard/action", "task/fetch"):
        data = {**presses.of_button(Action(Act.TRIED, number=1)), "here": room.id}
        value = {"action": {"type": "Action.Execute", "data": data}, "data": data}
        answer = await desk.answer(office.teams.act.activities.invoke(ben, room, name, value))
        assert "That takes longer than usual" in str(answer)
    assert ["I tried this"] * 2 == await told(office, ben, 2)
    item = office.teams.tenant.put(room, rosa, "list", now=office.teams.now())
    asked = office.teams.act.activities.message(item, room)
    assert "slow" == await desk.ask(Asked(rosa.aad, "list", room.id), asked)
    assert ["Ideas"] == [one[:5] for one in await told(office, rosa)]
    await desk.close()


@pytest.mark.parametrize("times", [1, 2])
async def test_teams_is_given_time(office: Office, rosa: Person, room: Channel, times: int) -> None:
    """An answer that it does not take now is shown a moment later."""
    office.teams.faults.rate_limit("connector.post", retry_after=1, times=times)
    await office.teams.act.mention(rosa, room, "list")
    assert 1 == len(await told(office, rosa))


async def test_a_lost_answer_is_not_shown_twice(
    office: Office, rosa: Person, room: Channel
) -> None:
    """It may stand already."""
    office.teams.faults.lose_answer("connector.post")
    await office.teams.act.mention(rosa, room, "list")
    assert (1, 1) == (len(office.teams.whispers(rosa)), office.count("answered"))


async def test_a_card_that_is_refused_is_told_in_plain_words(office: Office, rosa: Person) -> None:
    """Whole, as for clients that draw no cards."""
    office.teams.faults.refuse("connector.post", 413, "MessageSizeTooBig", times=2)
    await office.teams.act.ask(rosa, "help")
    answer = list(office.teams.chat(rosa).items.values())[-1]
    assert ([], "What you can do") == (answer.attachments, answer.html[:15])


async def test_who_cannot_be_told_is_noted(
    office: Office, rosa: Person, room: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    """In the log, and below the button that was pressed."""
    office.teams.faults.refuse("connector.post", 403, "Forbidden", times=None)
    with caplog.at_level(logging.WARNING):
        await office.teams.act.mention(rosa, room, "list")
        body = (await office.teams.courier.send(helped(office, rosa, room))).body
    assert (1, True) == (office.count("untold"), "could not show you" in body["value"])
    assert "an answer could not be shown" in caplog.text


async def test_an_error_that_nobody_expects_has_a_reference(
    office: Office, rosa: Person, room: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    """The words name it, and the log has it."""
    with closing(sqlite3.connect(office.database)) as con:
        con.execute("alter table member rename to elsewhere")
    fetched = await office.teams.act.fetch_form(rosa, room, presses.of_button(Action(Act.PROFILE)))
    said = " ".join(shown(fetched.body["task"]["value"]["card"]["content"]))
    assert "reference" in said.lower()
    assert "a request failed" in caplog.text
