"""What members may send through the API of Teams: a press that says anything about itself."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.core.model.actions import FORMS, Act, Action
from handlers.teams import presses
from handlers.teams.known import Team as Known
from tests.teams.desks import Office, open_office
from tests.teams.model import Channel, Payload, Person, Team
from tests.teams.teams import Teams


@pytest.fixture
async def office(
    teams: Teams, rosa: Person, room: Channel, clock: Clock, tmp_path: Path
) -> AsyncIterator[Office]:
    """A desk that answers; Rosa added the bot to the room's team."""
    async with open_office(teams, clock, room, tmp_path, coordinator=rosa) as made:
        yield made


@pytest.fixture
def closed(office: Office, rosa: Person) -> Team:
    """A team that only Rosa is in, and the bot, which has not heard of it yet."""
    return office.teams.add_team("Closed", [rosa])


async def press(office: Office, who: Person, room: Channel, data: Payload) -> None:
    """Press what no card of the bot's has, in every way that there is."""
    told = office.teams.act.activities
    for name, value in (
        ("adaptiveCard/action", {"action": {"type": "Action.Execute", "data": data}}),
        ("task/fetch", {"data": data}),
        ("task/submit", {"data": data}),
        ("composeExtension/submitAction", {"data": data, "commandId": "save_idea"}),
    ):
        answered = await office.teams.courier.send(told.invoke(who, room, name, value))
        assert 200 == answered.status
    await office.bot.quiet()


async def test_nothing_is_posted_where_whoever_presses_is_not(
    office: Office, ben: Person, room: Channel, closed: Team
) -> None:
    """Neither by a button nor by a form, in a channel of which the bot has not heard yet."""
    (there,) = closed.channels
    about = {"name": closed.name, "service_url": office.teams.service_url}
    await office.ours.known.joined(Known(id=closed.id, group=closed.aad, **about))
    words = "Our readers are lazy, all of them."
    for act in (Act.SHARE_HERE, Act.SHARE_AGAIN):
        button = presses.of_button(Action(act, channel=there.id, text=words))
        await press(office, ben, room, {**button, "here": there.id})
    form = presses.of_form(Action(Act.SHARE, channel=there.id), ["channel", "text"])
    await press(office, ben, room, {**form, "channel": there.id, "text": words, "here": there.id})
    assert {} == there.items
    assert [] == await office.bot.rows()


async def test_nothing_is_told_of_where_whoever_presses_is_not(
    office: Office, rosa: Person, ben: Person, room: Channel, closed: Team
) -> None:
    """Whatever a press says about its channel, and whatever it asks for."""
    (there,) = closed.channels
    secret = "A secret plan for the budget of our library"
    await office.idea(rosa, there, secret)
    office.teams.act.courier.sent.clear()
    for act in Act:
        data = presses.of_button(Action(act, 0, there.id, period="2026-W48", number=1))
        if act in FORMS:
            data |= {"fields": [], "channel": there.id, "text": "x", "digest_day": "off"}
        await press(office, ben, room, {**data, "here": there.id})
    told = str([one.answers for one in office.teams.courier.sent])
    whispered = str([one.activity for one in office.teams.whispers(ben)])
    chat = str([one.activity for one in office.teams.chat(ben).items.values()])
    for shown in (told, whispered, chat):
        assert secret not in shown
        assert "Closed" not in shown
    known = await office.store.channel(office.teams.tenant.id, there.id)
    assert known is not None
    assert (None, "") == (known.digest, known.line)
    assert secret in str(await office.bot.rows())
