"""The small Teams itself: what people do comes to the bot, and what it posts is in Graph."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

import handlers.teams.sdk  # noqa: F401  (first: it keeps the library's habits away)
from handlers.teams.connector import Connector, Conversation
from handlers.teams.door import Answer
from handlers.teams.tokens import GRAPH, Tokens
from tests.teams import Channel, Person, Teams
from tests.teams.fixtures import Listener, connector_of, listening, tokens_of
from tests.teams.graph import MESSAGES
from tests.teams.model import Payload

MARKED: Payload = {
    "type": "message",
    "summary": "This week",
    "attachments": [
        {
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {
                "type": "AdaptiveCard",
                "version": "1.5",
                "body": [{"type": "TextBlock", "id": "commonplace-7f3a", "text": "Hello"}],
            },
        }
    ],
}
CONSENT = "application/vnd.microsoft.teams.card.file.consent"


@pytest.fixture
async def bot(teams: Teams) -> AsyncIterator[Listener]:
    """A bot that listens."""
    async with listening(teams) as listener:
        yield listener


@pytest.fixture
async def connector(teams: Teams) -> AsyncIterator[Connector]:
    """The bot's connector."""
    async with connector_of(teams) as made:
        yield made


@pytest.fixture
async def tokens(teams: Teams) -> AsyncIterator[Tokens]:
    """The bot's tokens."""
    async with tokens_of(teams) as made:
        yield made


async def read(tokens: Tokens, url: str, status: int = 200) -> Any:
    """What Graph says at an address."""
    headers = {"Authorization": f"Bearer {await tokens.of(GRAPH)}"}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        assert status == answer.status
        return await answer.json()


def at(teams: Teams, room: Channel, rest: str = "") -> str:
    """An address of a channel's messages in Graph."""
    return f"{teams.graph_url}teams/{room.team.aad}/channels/{room.id}/messages{rest}"


def sent(teams: Teams) -> list[tuple[str, str]]:
    """What came to the bot: kind of activity, and name, event or action."""
    told = []
    for one in teams.courier.sent:
        about = one.activity
        event = about["channelData"].get("eventType") or about.get("action")
        told.append((about["type"], about.get("name") or event or ""))
    return told


# -- what the bot hears ---------------------------------------------------------------------------


@pytest.mark.usefixtures("bot")
async def test_the_bot_hears_what_members_do(
    teams: Teams, rosa: Person, ben: Person, room: Channel
) -> None:
    """Each deed comes as the activity that Teams sends for it."""
    item = await teams.act.post(rosa, room, "<p>An idea</p>")
    await teams.act.edit(item, "<p>A better idea</p>")
    await teams.act.post(ben, room, "<p>Yes!</p>", root=item)
    await teams.act.delete(item)
    await teams.act.restore(item)
    await teams.act.react(ben, item)
    await teams.act.rename_channel(rosa, room, "Leading")
    carla = teams.add_person("Carla Ruiz")
    await teams.act.join(carla, room.team)
    await teams.act.leave(carla, room.team)
    other = await teams.act.create_channel(rosa, room.team, "Reading")
    await teams.act.delete_channel(rosa, other)
    await teams.act.rename_team(rosa, room.team, "All librarians")
    await teams.act.uninstall(rosa, room.team)
    await teams.act.post(rosa, room, "<p>Nobody hears that</p>")
    assert [
        ("message", ""),
        ("messageUpdate", "editMessage"),
        ("message", ""),
        ("messageDelete", "softDeleteMessage"),
        ("messageUpdate", "undeleteMessage"),
        ("conversationUpdate", "channelRenamed"),
        ("conversationUpdate", "teamMemberAdded"),
        ("conversationUpdate", "teamMemberRemoved"),
        ("conversationUpdate", "channelCreated"),
        ("conversationUpdate", "channelDeleted"),
        ("conversationUpdate", "teamRenamed"),
        ("conversationUpdate", "teamMemberRemoved"),
        ("installationUpdate", "remove"),
    ] == sent(teams)
    assert all(one.answered.status == 200 for one in teams.courier.sent)


async def test_without_consent_the_bot_hears_only_its_name(
    bot: Listener, teams: Teams, rosa: Person, room: Channel
) -> None:
    """The same in a shared channel, where there is no such consent."""
    shared = teams.add_channel(room.team, "Across districts", kind="shared", only=[rosa])
    await teams.act.post(rosa, shared, "<p>Not heard</p>")
    teams.hears = False
    await teams.act.post(rosa, room, "<p>Not heard either</p>")
    await teams.act.mention(rosa, room, "list")
    (activity,) = bot.took
    assert "<at>Commonplace</at>\xa0list" == activity["text"]
    assert [teams.bot.id] == [
        one["mentioned"]["id"] for one in activity["entities"] if one["type"] == "mention"
    ]


@pytest.mark.usefixtures("bot")
async def test_every_activity_is_one_that_the_library_knows(
    teams: Teams, connector: Connector, rosa: Person, room: Channel
) -> None:
    """Microsoft's own models take whatever this Teams sends."""
    from microsoft_teams.api.activities import ActivityTypeAdapter  # noqa: PLC0415

    ben = teams.add_person("Ben Okafor", guest=True)
    here = Conversation(teams.service_url, room.id)
    item = await teams.act.post(
        rosa, room, '<p>With <at id="0">Ben Okafor</at>: &lt;b&gt; <b>tea</b></p>', mentions=[ben]
    )
    card = room.items[await connector.post(here, MARKED)]
    await teams.act.edit(item, "<p>Better</p>")
    await teams.act.delete(item)
    await teams.act.react(rosa, card)
    await teams.act.unreact(rosa, card)
    await teams.act.ask(rosa, "list #mentoring")
    await teams.act.whisper(rosa, room, "list")
    await teams.act.press(rosa, card, {"type": "Action.Execute", "verb": "tried", "data": {"n": 1}})
    await teams.act.press(rosa, card, {"type": "Action.Submit", "data": {"n": 1}}, words="Hello")
    opening = {"type": "Action.Submit", "data": {"msteams": {"type": "task/fetch"}}}
    await teams.act.press(rosa, card, opening)
    await teams.act.submit(rosa, room, {"n": 1})
    await teams.act.message_action(rosa, item, "save")
    await teams.act.message_action(rosa, item, "save", data={"n": 1})
    await teams.act.install(rosa, teams.add_team("Others", [rosa], bot=False))
    await teams.act.begin_chat(rosa)
    await teams.act.rename_channel(rosa, room, "Leading")
    await teams.act.join(ben, room.team)
    assert 18 == len(teams.courier.sent)
    for one in teams.courier.sent:
        ActivityTypeAdapter.validate_python(one.activity)


async def test_what_is_not_taken_is_sent_again(
    bot: Listener, teams: Teams, rosa: Person, room: Channel
) -> None:
    """After a 500 the same activity comes once more, until it is taken or Teams gives up."""
    bot.error = RuntimeError("oops")
    teams.courier.retries = 2
    await teams.act.post(rosa, room, "<p>An idea</p>")
    assert [500, 500, 500] == [each.status for each in teams.courier.sent[0].answers]
    assert [] == bot.took


async def test_an_invoke_has_its_answer(
    bot: Listener, teams: Teams, connector: Connector, rosa: Person, room: Channel
) -> None:
    """Whoever presses gets what the bot answers."""
    card = {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Ok"}
    bot.answers["adaptiveCard/action"] = Answer(200, card)
    ident = await connector.post(Conversation(teams.service_url, room.id), MARKED)
    answer = await teams.act.press(rosa, room.items[ident], {"type": "Action.Execute"})
    assert (200, card) == (answer.status, answer.body)


async def test_a_file_is_offered_taken_and_sent(
    bot: Listener, teams: Teams, connector: Connector, rosa: Person
) -> None:
    """A member takes a file; the bot is told where to, and puts it there whole."""
    chat = await connector.open_chat(teams.service_url, rosa.id, teams.tenant.id)
    offer = {"contentType": CONSENT, "name": "ideas.csv", "content": {"acceptContext": {"n": 7}}}
    ident = await connector.post(chat, {"type": "message", "attachments": [offer]})
    bot.answers["fileConsent/invoke"] = Answer(200)
    shown = teams.chat(rosa).items[ident]
    assert 200 == (await teams.act.answer_file(rosa, shown)).status
    value = teams.courier.sent[-1].activity["value"]
    assert ("accept", {"n": 7}) == (value["action"], value["context"])
    url = value["uploadInfo"]["uploadUrl"]
    async with aiohttp.ClientSession() as session:
        half = {"Content-Range": "bytes 0-1/9"}
        async with session.put(url, data=b"a,b\r\n1,2", headers=half) as answer:
            assert 400 == answer.status
        whole = {"Content-Range": "bytes 0-7/8"}
        async with session.put(url, data=b"a,b\r\n1,2", headers=whole) as answer:
            assert 200 == answer.status
    assert [b"a,b\r\n1,2"] == list(teams.files.values())


# -- what Graph tells -----------------------------------------------------------------------------


async def test_what_the_bot_posts_is_in_graph(
    teams: Teams, connector: Connector, tokens: Tokens, rosa: Person, room: Channel
) -> None:
    """Its card comes back as text, with the mark in it, and says that an app is its author."""
    here = Conversation(teams.service_url, room.id)
    ident = await connector.post(here, MARKED)
    await connector.post(here.thread(ident), {"type": "message", "text": "More"})
    item = await teams.act.post(rosa, room, '<p>For <at id="0">x</at></p>', mentions=[None])
    await teams.act.react(rosa, item, "heart")
    page = await read(tokens, at(teams, room, "?$top=50&$expand=replies"))
    found = {one["id"]: one for one in page["value"]}
    assert {item.id, ident} == set(found)
    (attachment,) = found[ident]["attachments"]
    card = json.loads(attachment["content"])
    assert "commonplace-7f3a" == card["body"][0]["id"]
    assert f'<attachment id="{attachment["id"]}"></attachment>' == found[ident]["body"]["content"]
    assert teams.app_id == found[ident]["from"]["application"]["id"]
    assert ["More"] == [one["body"]["content"] for one in found[ident]["replies"]]
    assert rosa.aad == found[item.id]["from"]["user"]["id"]
    assert ["heart"] == [one["reactionType"] for one in found[item.id]["reactions"]]


async def test_pages_lead_on(teams: Teams, tokens: Tokens, rosa: Person, room: Channel) -> None:
    """Twenty a page unless more are asked for, fifty at most; the link leads to the next."""
    for number in range(45):
        await teams.act.post(rosa, room, f"<p>{number}</p>")
    url, sizes, told = at(teams, room), [], []
    while url:
        page = await read(tokens, url)
        sizes.append(len(page["value"]))
        told += [one["body"]["content"] for one in page["value"]]
        url = page.get("@odata.nextLink")
    assert [20, 20, 5] == sizes
    assert [f"<p>{number}</p>" for number in reversed(range(45))] == told
    await read(tokens, at(teams, room, "?$top=51"), 400)
    await read(tokens, at(teams, room, "?$orderby=x"), 400)


@pytest.mark.usefixtures("bot")
async def test_what_bots_do_not_hear_is_in_graph(
    teams: Teams, tokens: Tokens, rosa: Person, room: Channel
) -> None:
    """What Teams itself says in a channel, and what a file is that stands there."""
    file = {"contentType": "reference", "contentUrl": "https://x.example/a.pdf", "name": "a.pdf"}
    item = await teams.act.post(rosa, room, "<p>See</p>", attachments=[file])
    event = teams.add_event(room)
    (sent,) = teams.courier.sent
    assert ["text/html"] == [one["contentType"] for one in sent.activity["attachments"]]
    told = {one["id"]: one for one in (await read(tokens, at(teams, room)))["value"]}
    assert ["a.pdf"] == [one["name"] for one in told[item.id]["attachments"]]
    assert ("systemEventMessage", None) == (told[event.id]["messageType"], told[event.id]["from"])


async def test_without_consent_graph_tells_nothing(
    teams: Teams, tokens: Tokens, room: Channel
) -> None:
    """403, as where the app is not installed."""
    teams.consents.discard(MESSAGES)
    await read(tokens, at(teams, room), 403)
    teams.consents.add(MESSAGES)
    room.team.installed = False
    await read(tokens, at(teams, room), 403)


async def test_graph_has_a_pace(teams: Teams, tokens: Tokens, room: Channel) -> None:
    """Whoever asks more than it has room for in a minute waits."""
    teams.pace = 3
    for status in (200, 200, 200, 429):
        await read(tokens, at(teams, room), status)


async def test_what_teams_does_not_know_is_complained_of(teams: Teams, tokens: Tokens) -> None:
    """A call of an unknown address leaves a complaint, which no test passes with."""
    url = f"{teams.graph_url}me/messages"
    token = await tokens.of(GRAPH)
    async with aiohttp.ClientSession(headers={"Authorization": token}) as session:
        async with session.get(url) as answer:
            assert 404 == answer.status
        async with session.post(f"{teams.url}/v3/conversations/19:x/typing") as answer:
            assert 404 == answer.status
    assert 2 == len(teams.complaints)
    teams.complaints.clear()
