"""The door for Teams: whose requests come in, what is acknowledged, and when."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.core.errors import StoreBusyError
from bot.serve import listen
from handlers.teams.door import Answer
from handlers.teams.keys import BREATH
from handlers.web import LARGEST_BODY, Answers, make_app
from tests.signing import get
from tests.teams import Channel, Person, Teams
from tests.teams.fixtures import Listener, listening
from tests.teams.model import Payload
from tests.teams.signing import BAD

PAYLOADS = Path(__file__).parents[2] / "payloads" / "teams"
PLAYGROUND = {file.stem: file.read_bytes() for file in sorted(PAYLOADS.glob("playground_*.json"))}
IDEA = "<p>We paired every new teacher with a librarian for their first unit</p>"


@pytest.fixture
async def bot(teams: Teams) -> AsyncIterator[Listener]:
    """A bot that listens."""
    async with listening(teams) as listener:
        yield listener


def said(teams: Teams, who: Person, room: Channel, **more: object) -> Payload:
    """A message as Teams sends it."""
    envelope = teams.act.activities.envelope("message", who, room, ident="1795618800000")
    return {**envelope, "text": "We paired every new teacher with a librarian", **more}


async def test_what_teams_sends_comes_in(
    bot: Listener,
    teams: Teams,
    rosa: Person,
    room: Channel,
) -> None:
    """A message with a right token is handed on, and acknowledged."""
    item = await teams.act.post(rosa, room, IDEA)
    assert [200] == [one.answered.status for one in teams.courier.sent]
    assert [item.id] == [activity["id"] for activity in bot.took]
    assert [("message", "captured")] == bot.outcomes


@pytest.mark.parametrize("wrong", BAD)
async def test_a_bad_token_is_refused(
    bot: Listener,
    teams: Teams,
    rosa: Person,
    room: Channel,
    caplog: pytest.LogCaptureFixture,
    wrong: str,
) -> None:
    """It gets 401; of the token and of the body nothing is kept or logged."""
    caplog.set_level(logging.DEBUG)
    token = BAD[wrong](teams.signer, teams.service_url)
    answer = await teams.courier.send(said(teams, rosa, room), authorization=token)
    assert 401 == answer.status
    assert ([], 1) == (bot.took, bot.refused)
    assert "librarian" not in caplog.text
    assert not any(len(part) > 20 and part in caplog.text for part in token.split("."))
    assert "evil" not in caplog.text


async def test_a_key_signs_only_for_the_platforms_it_is_endorsed_for(
    bot: Listener,
    teams: Teams,
    rosa: Person,
    room: Channel,
) -> None:
    """A key for another platform, used for Teams, gets 401; one that names none is taken."""
    teams.signer.kids = {"key-2": ["webchat"], "key-3": []}
    activity = said(teams, rosa, room)
    for kid, status in (("key-2", 401), ("key-3", 200)):
        token = teams.signer.token(teams.service_url, kid=kid)
        answer = await teams.courier.send(activity, authorization=f"Bearer {token}")
        assert status == answer.status
    assert 1 == len(bot.took)


async def test_a_slash_more_or_less_is_the_same_address(
    bot: Listener,
    teams: Teams,
    rosa: Person,
    room: Channel,
) -> None:
    """The service address may end in a slash in the token, in the activity, in both."""
    token = teams.signer.token(teams.service_url.rstrip("/"))
    answer = await teams.courier.send(said(teams, rosa, room), authorization=f"Bearer {token}")
    assert (200, 1) == (answer.status, len(bot.took))


# -- the keys -------------------------------------------------------------------------------------


async def test_a_key_server_that_is_silent_holds_up_nobody_else(
    bot: Listener,
    teams: Teams,
    rosa: Person,
    room: Channel,
) -> None:
    """While it takes 2 s, other pages answer at once, and the loop never stops; then all come in.

    The library's own way would stop everything for those 2 seconds.
    """
    teams.faults.slow("keys", 2.0)
    posts = [asyncio.create_task(teams.act.post(rosa, room, IDEA)) for _ in range(12)]
    began, longest = time.monotonic(), 0.0
    while not all(post.done() for post in posts):
        before = time.monotonic()
        assert 200 == (await get(f"{bot.url}/healthz"))[0]
        longest = max(longest, time.monotonic() - before)
        await asyncio.sleep(0.01)
    assert 1.9 < time.monotonic() - began < 10
    assert longest < 1.0
    assert ([200] * 12, 12) == ([s.answered.status for s in teams.courier.sent], len(bot.took))
    assert 1 == len(teams.called("keys"))


async def test_a_new_key_is_fetched_and_no_more_than_once_a_minute(
    bot: Listener,
    teams: Teams,
    rosa: Person,
    room: Channel,
) -> None:
    """Keys are read for the first token; for tokens with unknown keys not again and again."""
    await teams.act.post(rosa, room, IDEA)
    for number in range(20):
        token = teams.signer.token(teams.service_url, kid=f"key-{number + 50}", key="key-1")
        answer = await teams.courier.send(said(teams, rosa, room), authorization=f"Bearer {token}")
        assert 401 == answer.status
    assert 1 == len(teams.called("keys"))
    assert (1, 20) == (len(bot.took), bot.refused)


async def test_while_the_keys_cannot_be_read_nothing_is_refused_for_good(
    bot: Listener,
    teams: Teams,
    rosa: Person,
    room: Channel,
) -> None:
    """The answer is 503, so that Teams sends again; when they can be read, it comes in."""
    fault = teams.faults.crash("keys", times=None)
    await teams.act.post(rosa, room, IDEA)
    await teams.act.post(rosa, room, IDEA)
    assert [503, 503] == [one.answered.status for one in teams.courier.sent]
    assert (1, 0) == (fault.struck, bot.refused)
    fault.clear()
    await asyncio.sleep(BREATH)
    assert 200 == (await teams.courier.again(teams.courier.sent[0])).status
    assert 1 == len(bot.took)


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"keys": 7}', '{"keys": [{"kid": "key-1", "kty": "RSA", "n": 7}, 5, null]}'],
)
async def test_keys_that_are_none_are_as_good_as_none(
    bot: Listener,
    teams: Teams,
    rosa: Person,
    room: Channel,
    body: str,
) -> None:
    """Whatever the key server answers, it is not known whether the token is right: 503."""
    teams.faults.odd("keys", body, times=None)
    await teams.act.post(rosa, room, IDEA)
    assert ([503], []) == ([one.answered.status for one in teams.courier.sent], bot.took)


# -- what is acknowledged -------------------------------------------------------------------------


async def test_it_is_acknowledged_when_it_is_done(
    bot: Listener,
    teams: Teams,
    rosa: Person,
    room: Channel,
) -> None:
    """As long as the handler is at it, there is no answer."""
    bot.free.clear()
    post = asyncio.create_task(teams.act.post(rosa, room, IDEA))
    done, _ = await asyncio.wait({post}, timeout=0.3)
    assert set() == done
    bot.free.set()
    await post
    assert 200 == teams.courier.sent[0].answered.status


@pytest.mark.parametrize("error", [StoreBusyError("The database is busy."), RuntimeError("oops")])
async def test_what_is_not_stored_is_sent_again(
    bot: Listener,
    teams: Teams,
    rosa: Person,
    room: Channel,
    error: Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A handler that fails gives 500, with nothing of the body in the log; then it comes again."""
    bot.error = error
    await teams.act.post(rosa, room, IDEA)
    assert 500 == teams.courier.sent[0].answered.status
    assert "librarian" not in caplog.text
    bot.error = None
    assert 200 == (await teams.courier.again(teams.courier.sent[0])).status
    assert 1 == len(bot.took)


@pytest.mark.parametrize(
    "more",
    [
        {"type": "installationUpdate", "action": "add-upgrade"},
        {"type": "conversationUpdate"},
        {"type": "fromTheFuture", "x": [1, {"y": None}]},
        {"type": "event", "name": "application/vnd.microsoft.meetingStart"},
        {"type": "typing"},
    ],
)
async def test_what_nobody_listens_to_is_acknowledged(
    bot: Listener,
    teams: Teams,
    rosa: Person,
    room: Channel,
    more: Payload,
) -> None:
    """An activity of another kind gets 200, so that Teams does not send it again."""
    assert 200 == (await teams.courier.send(said(teams, rosa, room, **more))).status
    assert ([], [("unhandled", "ignored")]) == (bot.took, bot.outcomes)


async def test_an_odd_message_is_handed_on(
    bot: Listener,
    teams: Teams,
    rosa: Person,
    room: Channel,
) -> None:
    """What the library's models would refuse costs no idea: no text, a new format, no event."""
    for more in (
        {"text": None},
        {"textFormat": "from the future"},
        {"timestamp": "yesterday"},
        {"entities": [{"type": "clientInfo", "locale": 5}]},
        {"type": "messageUpdate"},
    ):
        assert 200 == (await teams.courier.send(said(teams, rosa, room, **more))).status
    assert 5 == len(bot.took)


async def test_an_invoke_is_answered_or_not_known(
    bot: Listener,
    teams: Teams,
    rosa: Person,
    room: Channel,
) -> None:
    """A known invoke gets what the handler says; an unknown one 501; one that fails 500."""
    bot.answers["task/fetch"] = Answer(200, {"task": {"type": "message", "value": "Hello"}})
    answer = await teams.act.fetch_form(rosa, room, {})
    assert (200, "Hello") == (answer.status, answer.body["task"]["value"])
    assert 501 == (await teams.act.submit(rosa, room, {})).status
    bot.error = RuntimeError("oops")
    assert 500 == (await teams.act.fetch_form(rosa, room, {})).status


@pytest.mark.parametrize(
    "more",
    [
        {"channelId": "webchat"},
        {"conversation": {"id": "19:x", "tenantId": "another"}},
        {"channelData": {"tenant": {"id": "another"}}},
        {"conversation": {"id": "19:x"}, "channelData": {}},
    ],
)
async def test_what_is_another_tenants_changes_nothing(
    bot: Listener,
    teams: Teams,
    rosa: Person,
    room: Channel,
    more: Payload,
) -> None:
    """An activity of another tenant or platform, or of none, is acknowledged and passed over."""
    teams.signer.kids = {"key-1": []}
    assert 200 == (await teams.courier.send(said(teams, rosa, room, **more))).status
    assert ([], [("activity", "stranger")]) == (bot.took, bot.outcomes)


# -- bodies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[1]", b"null", b"\xff\xfe", b'{"type": 7}', b"[" * 100_000, b"1" * 5_000],
)
async def test_nonsense_with_a_right_token_harms_nobody(
    bot: Listener,
    teams: Teams,
    body: bytes,
) -> None:
    """It gets 400 or 401, and the next request is served."""
    token = f"Bearer {teams.signer.token(teams.service_url)}"
    assert (await teams.courier.raw(body, token)).status in {400, 401}
    assert 200 == (await get(f"{bot.url}/readyz"))[0]
    assert [] == bot.took


@pytest.mark.parametrize(
    "odd", [{"conversation": 7}, {"channelData": [1]}, {"channelId": 7}, {"name": 7}]
)
async def test_an_odd_shape_is_refused(
    bot: Listener,
    teams: Teams,
    rosa: Person,
    room: Channel,
    odd: Payload,
) -> None:
    """What Teams would never send gets 400; sent again it would not change."""
    teams.signer.kids = {"key-1": []}
    told: dict[str, Any] = {**said(teams, rosa, room), "type": "invoke", "name": "x", **odd}
    assert 400 == (await teams.courier.send(told)).status
    assert [] == bot.took


async def test_a_body_that_is_too_large_is_refused(
    bot: Listener,
    teams: Teams,
    rosa: Person,
    room: Channel,
) -> None:
    """More than 4 MiB get 413, whatever the token; just under that is read."""
    whole = said(teams, rosa, room)
    token = f"Bearer {teams.signer.token(teams.service_url)}"
    large = json.dumps({**whole, "text": "x" * LARGEST_BODY}).encode()
    assert (await teams.courier.raw(large, token)).status in {0, 413}
    fits = json.dumps({**whole, "text": "x" * (LARGEST_BODY - 4_000)}).encode()
    assert (200, 1) == ((await teams.courier.raw(fits, token)).status, len(bot.took))


async def test_a_body_that_dribbles_is_cut_off(teams: Teams) -> None:
    """A body that comes byte by byte, for longer than it may, gets 408."""
    async with listening(teams, slowest_body=0.3) as bot:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(bot.url.rpartition(":")[2]))
        writer.write(b"POST /teams/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n")
        answer = asyncio.create_task(reader.readline())
        while not answer.done():
            writer.write(b"x")
            await asyncio.wait({answer}, timeout=0.02)
        assert answer.result().startswith(b"HTTP/1.1 408 ")
        writer.close()


# -- the rehearsal --------------------------------------------------------------------------------


async def test_a_rehearsal_takes_what_comes_from_this_machine(
    teams: Teams,
    rosa: Person,
    room: Channel,
) -> None:
    """No token is needed; what a proxy led here, or what names a foreign address, is refused."""
    teams.rehearse()
    async with listening(teams) as bot:
        await teams.act.post(rosa, room, IDEA)
        assert ([200], 1) == ([s.answered.status for s in teams.courier.sent], len(bot.took))
        body = json.dumps(said(teams, rosa, room)).encode()
        for header in ("X-Forwarded-For", "Forwarded", "x-forwarded-for"):
            assert 401 == (await teams.courier.raw(body, "", **{header: "203.0.113.7"})).status
        for url in ("https://evil.example/", "http://127.0.0.1.evil.example/", "", "http://["):
            whole = said(teams, rosa, room, serviceUrl=url)
            assert 401 == (await teams.courier.send(whole)).status
        assert (1, 7) == (len(bot.took), bot.refused)


@pytest.mark.parametrize("body", PLAYGROUND.values(), ids=PLAYGROUND)
async def test_what_microsofts_playground_sends_comes_in(teams: Teams, body: bytes) -> None:
    """What version 0.2.28 sent for a message in a chat, and for one that names the bot."""
    teams.rehearse()
    async with listening(teams) as bot:
        assert 200 == (await teams.courier.raw(body, "")).status
        assert [json.loads(body)] == bot.took


async def test_without_teams_there_is_no_door() -> None:
    """Where the bot does not serve Teams, the address is not known."""

    async def ready() -> dict[str, str]:
        return {}

    answers = Answers(ready=ready, metrics=lambda: (b"", "text/plain"))
    app = make_app(lambda: answers)
    async with (
        listen(app, "127.0.0.1", 0) as url,
        aiohttp.ClientSession() as session,
        session.post(f"{url}/teams/messages", json={}) as response,
    ):
        assert 404 == response.status
