"""Activities that Teams would never send, too many of them, and what must stand in no log."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from tests.conftest import Bot
from tests.faults.wire import ready
from tests.people import GARDEN
from tests.signing import get
from tests.teams.courier import PATIENCE
from tests.teams.model import Channel, Payload, Person
from tests.teams.running import bot_in
from tests.teams.teams import Teams

ODD: tuple[Any, ...] = (None, [[7]], {"id": [7]}, "\ud83d\u0000")


@pytest.fixture
async def bot(teams: Teams, tmp_path: Path, clock: Clock) -> AsyncIterator[Bot]:
    """The bot, running in Teams alone."""
    async with bot_in(teams, tmp_path / "ideas.db", clock) as started:
        yield started


def every_kind(teams: Teams, rosa: Person, room: Channel) -> Iterator[Payload]:
    """An activity of each kind, as Teams sends it."""
    act, item = teams.act.activities, next(iter(room.items.values()))
    mention = {"mentioned": {"id": rosa.id, "name": "Rosa"}, "text": "<at>Rosa</at>"}
    named = {"entities": [{"type": "mention", **mention}]}
    yield act.message(item, room) | named
    yield act.message(item, room, kind="messageDelete", event="softDeleteMessage")
    yield act.reaction(rosa, item, room, "like", added=True)
    yield act.update(rosa, room.team, "channelRenamed", channel=room)
    yield act.installation(rosa, room, "add")
    value = {"action": {"type": "Action.Execute", "verb": "idea_tried", "data": {"act": "x"}}}
    yield act.invoke(rosa, room, "adaptiveCard/action", value)
    yield act.invoke(rosa, room, "task/submit", {"data": {"act": "profile_open", "form": ["x"]}})
    payload = {"commandId": "save_idea", "messagePayload": {"id": item.id, "body": {}}}
    yield act.invoke(rosa, room, "composeExtension/fetchTask", payload)
    consent = {"type": "fileUpload", "action": "accept", "context": {"token": "x"}}
    yield act.invoke(rosa, room, "fileConsent/invoke", consent | {"uploadInfo": {"name": "x"}})


def bent(whole: Payload, piece: Any, path: tuple[Any, ...] = ()) -> Iterator[Payload]:
    """The same with each of its values replaced by something odd, one at a time."""
    items = piece.items() if isinstance(piece, dict) else enumerate(piece)
    for name, value in list(items):
        for odd in ODD:
            made = deepcopy(whole)
            at: Any = made
            for step in path:
                at = at[step]
            at[name] = odd
            yield made
        if isinstance(value, dict | list):
            yield from bent(whole, value, (*path, name))


async def test_no_odd_value_makes_it_fail(
    teams: Teams, bot: Bot, rosa: Person, room: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever stands in an activity, it is taken, passed over or refused, and never a failure."""
    await teams.act.post(rosa, room, f"<p>{GARDEN}</p>")
    await bot.quiet()
    teams.signer.kids = {"key-1": []}
    failed, seen = list[str](), set[str]()
    for whole in every_kind(teams, rosa, room):
        new = {name: value for name, value in whole.items() if name not in seen}
        seen |= new.keys() - {"value", "channelData"}  # the envelope is the same in each
        for activity in bent(whole, new):
            answer = await teams.courier.send(activity)
            if answer.status not in {200, 400, 401, 501}:
                failed.append(f"{answer.status} {json.dumps(activity)[:2_000]}")
    assert [] == failed
    assert "Traceback" not in caplog.text
    assert (200, {}) == await ready(bot)


def floods(teams: Teams, rosa: Person, room: Channel) -> Iterator[bytes]:
    """Bodies of nearly 4 MiB, and nested as deep as JSON can be read."""
    act, item = teams.act.activities, next(iter(room.items.values()))
    whole = act.message(item, room)
    pieces = ("word ", "<b>", "<at id=0>x</at>", "<p>&lt;</p>", "<table><td>")
    for number, piece in enumerate(pieces):
        text = piece * (3_900_000 // len(piece))
        html = {"contentType": "text/html", "content": text}
        more = {"id": f"179561890{number}000", "text": text[:100], "attachments": [html]}
        yield json.dumps(whole | more).encode()
    for many in (200, 450):
        deep = ('{"a":[' * many + "7" + "]}" * many).encode()
        for one in (
            whole | {"value": {"act": 7}, "text": ""},
            whole | {"entities": 7},
            whole | {"attachments": [{"contentType": "application/vnd.x", "content": 7}]},
            act.invoke(rosa, room, "task/submit", {"data": 7}),
            act.invoke(rosa, room, "adaptiveCard/action", {"action": {"data": 7}}),
        ):
            yield json.dumps(one).encode().replace(b": 7", b": " + deep)


async def test_a_flood_keeps_nobody_waiting_for_long(
    teams: Teams, bot: Bot, rosa: Person, room: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    """Large and deep bodies, signed and not: meanwhile other requests are answered, none fails."""
    await teams.act.post(rosa, room, f"<p>{GARDEN}</p>")
    await bot.quiet()
    teams.signer.kids = {"key-1": []}
    token = f"Bearer {teams.signer.token(teams.service_url)}"
    bodies = list(floods(teams, rosa, room))
    sending = [teams.courier.raw(one, right) for one in bodies for right in (token, "Bearer x.y.z")]
    flood = asyncio.gather(*sending)
    longest = 0.0
    while not flood.done():
        before = time.monotonic()
        assert 200 == (await get(f"{bot.url}/healthz"))[0]
        longest = max(longest, time.monotonic() - before)
    statuses = [one.status for one in await flood]
    assert {401} == set(statuses[1::2])
    assert set(statuses[::2]) <= {200, 400, 501}
    assert longest < PATIENCE
    assert "Traceback" not in caplog.text
    assert (200, {}) == await ready(bot)
