"""Calls of the connector: done once each, within a time, and refused in the core's words."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web

from bot.core.errors import (
    ChatError,
    ChatInDoubtError,
    ChatNotThereError,
    ChatUnavailableError,
    MessageRefusedError,
)
from bot.serve import listen
from handlers.teams.connector import Connector, Conversation
from tests.teams import Channel, Fault, Person, Teams
from tests.teams.fixtures import connector_of
from tests.teams.model import Payload

CARD = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "Hello"}]}
HELLO: Payload = {"type": "message", "text": "Good morning"}
SHOWN: Payload = {
    "type": "message",
    "summary": "Five ideas from this week",
    "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}],
}


@pytest.fixture
async def connector(teams: Teams) -> AsyncIterator[Connector]:
    """The bot's connector."""
    async with connector_of(teams) as made:
        yield made


@pytest.fixture
def here(teams: Teams, room: Channel) -> Conversation:
    """The channel as the connector knows it."""
    return Conversation(teams.service_url, room.id)


async def test_a_card_stands_in_the_channel(
    connector: Connector, here: Conversation, room: Channel
) -> None:
    """It is there once, whole, with the line that notifications show."""
    ident = await connector.post(here, SHOWN)
    (item,) = room.items.values()
    assert (ident, None, CARD) == (item.id, item.author, item.card)
    assert "Five ideas from this week" == item.summary


async def test_a_reply_stands_in_the_thread(
    connector: Connector, here: Conversation, room: Channel
) -> None:
    """What is posted to a thread stands below its root, also when the thread is named twice."""
    root = await connector.post(here, HELLO)
    below = here.thread(root)
    replies = [await connector.post(below, HELLO), await connector.post(below.thread(root), HELLO)]
    assert replies == [one.id for one in room.thread(root)]


async def test_it_changes_and_deletes_what_is_its_own(
    connector: Connector, here: Conversation, room: Channel
) -> None:
    """An update replaces what the message says; a deletion leaves nothing to read."""
    ident = await connector.post(here, HELLO)
    await connector.update(here, ident, SHOWN)
    item = room.items[ident]
    assert (CARD, True) == (item.card, item.edited is not None)
    await connector.delete(here, ident)
    assert ({}, True) == (item.card, item.deleted is not None)
    with pytest.raises(ChatError):
        await connector.delete(here, ident)


async def test_a_whisper_is_seen_by_one(
    connector: Connector, here: Conversation, teams: Teams, rosa: Person, ben: Person, room: Channel
) -> None:
    """It stands in nobody else's channel, and warns of no preview."""
    await connector.post(here, HELLO, to=rosa.id)
    assert ["Good morning"] == [one.activity["text"] for one in teams.whispers(rosa)]
    assert ([], {}) == (teams.whispers(ben), room.items)


async def test_in_a_chat_there_are_no_whispers(
    connector: Connector, teams: Teams, rosa: Person
) -> None:
    """Teams refuses them there: for good, and not in doubt."""
    chat = await connector.open_chat(teams.service_url, rosa.id, teams.tenant.id)
    with pytest.raises(ChatError) as raised:
        await connector.post(chat, HELLO, to=rosa.id)
    assert not isinstance(raised.value, ChatInDoubtError)


async def test_a_chat_is_the_same_each_time(
    connector: Connector, teams: Teams, rosa: Person
) -> None:
    """Opened twice, by either id, it is one chat, and a message stands in it."""
    chats = [
        await connector.open_chat(teams.service_url, ident, teams.tenant.id)
        for ident in (rosa.id, rosa.aad)
    ]
    assert chats[0] == chats[1]
    ident = await connector.post(chats[0], HELLO)
    assert [ident] == list(teams.chat(rosa).items)


async def test_it_reacts(
    connector: Connector, here: Conversation, teams: Teams, rosa: Person, room: Channel
) -> None:
    """The bot's reaction comes and goes; twice is once."""
    item = await teams.act.post(rosa, room, "<p>An idea</p>")
    for _ in range(2):
        await connector.react(here, item.id, "1f4a1_lightbulb")
    assert ["1f4a1_lightbulb"] == [one.kind for one in item.reactions]
    await connector.unreact(here, item.id, "1f4a1_lightbulb")
    assert [] == item.reactions


async def test_members_come_page_by_page(
    connector: Connector, here: Conversation, teams: Teams, room: Channel
) -> None:
    """However many there are, each comes once."""
    room.team.members += [teams.add_person(f"Person {number}") for number in range(23)]
    teams.page = 10
    pages = [page async for page in connector.members(here)]
    assert [10, 10, 5] == [len(page) for page in pages]
    assert [one.aad for one in room.members] == [m["aadObjectId"] for p in pages for m in p]


async def test_it_looks_up_members_and_channels(
    connector: Connector, here: Conversation, teams: Teams, rosa: Person, room: Channel
) -> None:
    """A member by either id, a team with its id in Graph, its channels with their names."""
    for ident in (rosa.id, rosa.aad):
        found = await connector.member(here, ident)
        assert ("Rosa Alvarez", rosa.email) == (found["name"], found["email"])
    with pytest.raises(ChatError):
        await connector.member(here, teams.add_person("Somebody else").id)
    team = await connector.team(teams.service_url, room.team.id)
    assert (room.team.aad, "Librarians") == (team["aadGroupId"], team["name"])
    channels = await connector.channels(teams.service_url, room.team.id)
    assert [None, "Leadership"] == [one.get("name") for one in channels]


async def test_no_id_leads_elsewhere(connector: Connector, teams: Teams) -> None:
    """An id with slashes, questions and dots is one part of the address."""
    for ident in ("../../v3/teams/x", "x?y=1#z", "a/b", "ü b"):
        with pytest.raises(ChatNotThereError):
            await connector.post(Conversation(teams.service_url, ident), HELLO)
    assert ["connector.post"] * 4 == [one.method for one in teams.calls if "login" != one.method]


# -- what fails -----------------------------------------------------------------------------------

FAULTS: dict[str, tuple[Callable[[Teams], Fault], type[ChatError], int]] = {
    "busy": (
        lambda t: t.faults.rate_limit("connector.post", retry_after=7),
        ChatUnavailableError,
        0,
    ),
    "busy, for no time": (
        lambda t: t.faults.rate_limit("connector.post", retry_after=None),
        ChatUnavailableError,
        0,
    ),
    "busy, with a time": (
        lambda t: t.faults.crash("connector.post", status=503, retry_after=4),
        ChatUnavailableError,
        0,
    ),
    "try again": (lambda t: t.faults.refuse("connector.post", 412), ChatUnavailableError, 0),
    "a gateway": (lambda t: t.faults.crash("connector.post", status=502), ChatInDoubtError, 0),
    "an error": (lambda t: t.faults.refuse("connector.post", 500), ChatInDoubtError, 0),
    "a lost answer": (lambda t: t.faults.lose_answer("connector.post"), ChatInDoubtError, 1),
    "cut before": (lambda t: t.faults.cut("connector.post"), ChatInDoubtError, 0),
    "no id": (lambda t: t.faults.odd("connector.post", "{}"), ChatInDoubtError, 1),
    "an odd id": (lambda t: t.faults.odd("connector.post", '{"id": 7}'), ChatInDoubtError, 1),
    "a list": (lambda t: t.faults.odd("connector.post", "[]"), ChatInDoubtError, 1),
    "no JSON": (lambda t: t.faults.odd("connector.post", '{"id'), ChatInDoubtError, 1),
    "silence": (lambda t: t.faults.hang("connector.post"), ChatInDoubtError, 0),
    "not in there": (
        lambda t: t.faults.refuse("connector.post", 403, "BotNotInConversationRoster"),
        ChatError,
        0,
    ),
    "gone": (
        lambda t: t.faults.refuse("connector.post", 404, "ConversationNotFound"),
        ChatNotThereError,
        0,
    ),
    "too large": (
        lambda t: t.faults.refuse("connector.post", 413, "MessageSizeTooBig"),
        MessageRefusedError,
        0,
    ),
    "not drawn": (
        lambda t: t.faults.refuse("connector.post", 400, "BadSyntax"),
        MessageRefusedError,
        0,
    ),
}


@pytest.mark.parametrize("what", FAULTS)
async def test_a_post_that_fails_says_whether_it_may_stand_there(
    teams: Teams, here: Conversation, room: Channel, what: str
) -> None:
    """Each failure has its own error, is tried once, and leaves what the error says."""
    arm, error, standing = FAULTS[what]
    arm(teams)
    async with connector_of(teams, patience=3.0) as connector:
        with pytest.raises(ChatError) as raised:
            await connector.post(here, HELLO)
    assert error is type(raised.value)
    assert (standing, 1) == (len(room.items), len(teams.called("connector.post")))


async def test_an_answer_that_dribbles_is_not_awaited_for_ever(connector: Connector) -> None:
    """A call ends within its time, however often a letter comes: a lease goes by it."""

    async def dribble(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        with contextlib.suppress(ConnectionError):
            while True:
                await answer.write(b" ")
                await asyncio.sleep(0.05)
        return answer

    app = web.Application()
    app.router.add_post("/v3/conversations/{id}/activities", dribble)
    async with listen(app, "127.0.0.1", 0) as url:
        connector.patience = 0.5
        with pytest.raises(ChatInDoubtError):
            await connector.post(Conversation(f"{url}/", "19:x"), HELLO)


async def test_a_wait_is_told(teams: Teams, here: Conversation, connector: Connector) -> None:
    """`Retry-After` comes along; without one, half a minute."""
    for told, wait in ((7, 7.0), (None, 30.0), ("soon", 30.0), (99_999, 3_600.0), (0, 1.0)):
        teams.faults.rate_limit("connector.update", retry_after=told)
        with pytest.raises(ChatUnavailableError) as raised:
            await connector.update(here, "1", HELLO)
        assert wait == raised.value.retry_after


async def test_what_may_be_done_twice_is_never_in_doubt(
    teams: Teams, here: Conversation, connector: Connector
) -> None:
    """A lost answer to an update or a reaction is one to try again."""
    ident = await connector.post(here, HELLO)
    for method, call in (
        ("connector.update", connector.update(here, ident, SHOWN)),
        ("connector.react", connector.react(here, ident, "like")),
        ("connector.delete", connector.delete(here, ident)),
    ):
        teams.faults.lose_answer(method)
        with pytest.raises(ChatUnavailableError):
            await call


async def test_nobody_there(connector: Connector) -> None:
    """Where nobody listens, it was certainly not done."""
    with pytest.raises(ChatUnavailableError):
        await connector.post(Conversation("http://127.0.0.1:9/", "19:x"), HELLO)


async def test_a_token_that_has_ended_is_replaced(
    teams: Teams, here: Conversation, connector: Connector, room: Channel
) -> None:
    """Refused once, the next call carries another."""
    await connector.post(here, HELLO)
    teams.revoke()
    with pytest.raises(ChatUnavailableError):
        await connector.post(here, HELLO)
    await connector.post(here, HELLO)
    assert 2 == len(room.items)


async def test_without_a_token_nothing_is_called(
    teams: Teams, here: Conversation, connector: Connector
) -> None:
    """While Microsoft gives none, the call is one to try again, and was certainly not done."""
    teams.faults.crash("login")
    with pytest.raises(ChatUnavailableError):
        await connector.post(here, HELLO)
    assert [] == teams.called("connector.post")


async def test_in_a_rehearsal_calls_carry_no_token(
    teams: Teams, here: Conversation, room: Channel
) -> None:
    """Nobody asks for one, and the connector takes none."""
    teams.rehearse()
    async with connector_of(teams) as connector:
        await connector.post(here, HELLO)
    assert ([], 1) == (teams.called("login"), len(room.items))


async def test_a_slow_connector_holds_up_nobody_else(
    teams: Teams, here: Conversation, connector: Connector
) -> None:
    """While it takes its time, the loop goes on."""
    teams.faults.slow("connector.post", 1.0)
    asked = asyncio.create_task(connector.post(here, HELLO))
    longest, before = 0.0, time.monotonic()
    while not asked.done():
        await asyncio.sleep(0.01)
        now = time.monotonic()
        longest, before = max(longest, now - before), now
    assert longest < 0.5
    assert await asked
