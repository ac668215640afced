"""Graph is asked at its own pace, and only Graph gets the token."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.core.errors import ChatError, ChatUnavailableError
from handlers.shapes import Payload
from handlers.teams.graph import PER_MINUTE, Graph
from handlers.teams.refusals import NoConsentError
from tests.teams import Channel, Person, Teams
from tests.teams.fixtures import graph_of
from tests.teams.graph import MESSAGES


@dataclass(slots=True)
class Watch:
    """A watch that goes on while somebody waits, and else only when it is set."""

    at: float = 1_000.0
    waits: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.at

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at += seconds


@pytest.fixture
def watch() -> Watch:
    """The watch that the minute goes by."""
    return Watch()


@asynccontextmanager
async def paced(teams: Teams, watch: Watch, per_minute: int = PER_MINUTE) -> AsyncIterator[Graph]:
    """A Graph that goes by the watch."""
    async with graph_of(
        teams, monotonic=watch.now, sleep=watch.wait, per_minute=per_minute
    ) as graph:
        yield graph


@pytest.fixture
async def graph(teams: Teams, watch: Watch) -> AsyncIterator[Graph]:
    """A Graph as in earnest."""
    async with paced(teams, watch) as made:
        yield made


async def messages(graph: Graph, room: Channel, *, patient: bool = False) -> list[Payload]:
    """All messages of a channel."""
    pages = graph.messages(room.team.aad, room.id, patient=patient)
    return [one async for page in pages for one in page]


async def test_more_than_a_minute_has_room_for_waits(
    teams: Teams, watch: Watch, room: Channel
) -> None:
    """Nothing is refused, and no minute has more requests than Graph allows."""
    async with paced(teams, watch, per_minute=3) as graph:
        for _ in range(3):
            await messages(graph, room)
            watch.at += 10
        for _ in range(4):
            await messages(graph, room)
    assert [30, 10, 10, 40] == watch.waits
    assert [200] * 7 == [one.status for one in teams.called("graph.messages")]


async def test_a_reading_leaves_room_for_whoever_waits_for_an_answer(
    teams: Teams, watch: Watch, room: Channel
) -> None:
    """It takes three quarters of a minute's requests."""
    async with paced(teams, watch, per_minute=4) as graph:
        for _ in range(3):
            await messages(graph, room, patient=True)
        await messages(graph, room)
        assert [] == watch.waits
        await messages(graph, room, patient=True)
    assert [60] == watch.waits


async def test_whoever_is_asked_to_wait_asks_nothing_meanwhile(
    teams: Teams, graph: Graph, watch: Watch, room: Channel
) -> None:
    """All calls are refused, with the time that is left, and none is sent; then it goes on."""
    teams.faults.rate_limit("graph.*", retry_after=20)
    for seconds in (20, 15):
        with pytest.raises(ChatUnavailableError) as caught:
            await messages(graph, room)
        assert seconds == caught.value.retry_after
        watch.at += 5
    with pytest.raises(ChatUnavailableError):
        await graph.channels(room.team.aad)
    assert [429] == [one.status for one in teams.calls if one.method.startswith("graph.")]
    watch.at += 10
    assert [] == await messages(graph, room)
    assert [] == watch.waits


@pytest.mark.parametrize("told", [None, "soon", "-1"])
async def test_a_wait_without_a_time_is_half_a_minute(
    teams: Teams, graph: Graph, room: Channel, told: str | None
) -> None:
    """What is no time counts as none."""
    teams.faults.rate_limit("graph.*", retry_after=told)
    with pytest.raises(ChatUnavailableError) as caught:
        await messages(graph, room)
    assert 30 == caught.value.retry_after


@pytest.mark.parametrize(
    "link",
    ["https://graph.example.org/v1.0/teams", "{url}.example.org/v1.0/x", "{url}/v1.0x/", "x", "//"],
)
async def test_a_link_that_leads_elsewhere_is_not_followed(
    teams: Teams, graph: Graph, room: Channel, link: str
) -> None:
    """The token goes to Graph alone, whatever an answer says."""
    page = {"value": [], "@odata.nextLink": link.format(url=teams.url)}
    teams.faults.odd("graph.messages", json.dumps(page))
    with pytest.raises(ChatUnavailableError):
        await messages(graph, room)
    assert 1 == len(teams.called("graph.messages"))


async def test_an_answer_that_leads_to_itself_is_none(
    teams: Teams, graph: Graph, room: Channel
) -> None:
    """It would be read for ever."""
    link = f"{teams.graph_url}teams/{room.team.aad}/channels/{room.id}/messages?$top=50"
    body = json.dumps({"value": [], "@odata.nextLink": link})
    teams.faults.odd("graph.messages", body, times=None)
    with pytest.raises(ChatUnavailableError):
        await messages(graph, room)
    assert 2 == len(teams.called("graph.messages"))


async def test_pages_are_read_to_the_end(
    teams: Teams, graph: Graph, rosa: Person, room: Channel
) -> None:
    """The last changed thread first, each with its replies."""
    teams.page = 2
    items = [await teams.act.post(rosa, room, f"<p>{number}</p>") for number in range(5)]
    reply = await teams.act.post(rosa, room, "<p>reply</p>", root=items[1])
    found = await messages(graph, room)
    order = [items[number].id for number in (1, 4, 3, 2, 0)]
    assert order == [one["id"] for one in found]
    assert [reply.id] == [one["id"] for one in await graph.replies_of(found[0])]
    assert 3 == len(teams.called("graph.messages"))


async def test_without_consent_that_is_told_apart(
    teams: Teams, graph: Graph, room: Channel
) -> None:
    """It is refused for good, in words that say what is missing."""
    teams.consents.discard(MESSAGES)
    with pytest.raises(NoConsentError, match="has not consented"):
        await messages(graph, room)


async def test_where_there_is_no_graph_nobody_consents(
    teams: Teams, graph: Graph, room: Channel
) -> None:
    """As in a rehearsal before the Agents Playground."""
    graph.base = ""
    with pytest.raises(NoConsentError):
        await messages(graph, room)
    assert [] == teams.calls


async def test_what_is_not_there_is_refused_for_good(
    teams: Teams, graph: Graph, room: Channel
) -> None:
    """That is no lack of consent."""
    with pytest.raises(ChatError) as caught:
        await graph.message(room.team.aad, room.id, "1795622400100")
    assert not isinstance(caught.value, ChatUnavailableError | NoConsentError)
    assert teams.called("graph.message")


@pytest.mark.parametrize(
    "body", ["", "x", "[]", "{}", "null", '{"value": {}}', "[" * 100_000], ids=str.__len__
)
async def test_an_odd_answer_is_a_lost_one(
    teams: Teams, graph: Graph, room: Channel, body: str
) -> None:
    """An empty page would mean that nothing stands there."""
    teams.faults.odd("graph.messages", body)
    with pytest.raises(ChatUnavailableError):
        await messages(graph, room)


@pytest.mark.parametrize("kind", ["lose_answer", "cut", "crash"])
async def test_no_answer_changes_nothing(
    teams: Teams, graph: Graph, room: Channel, kind: str
) -> None:
    """It may be asked again."""
    getattr(teams.faults, kind)("graph.messages", times=None)
    with pytest.raises(ChatUnavailableError):
        await messages(graph, room)
    teams.faults.clear()
    assert [] == await messages(graph, room)


async def test_a_redirection_is_not_followed(teams: Teams, graph: Graph, room: Channel) -> None:
    """It would carry the token along."""
    teams.faults.odd("graph.messages", "", status=302)
    with pytest.raises(ChatUnavailableError):
        await messages(graph, room)
    assert 1 == len(teams.calls) - len(teams.called("login"))


async def test_an_answer_must_come_in_time(teams: Teams, room: Channel) -> None:
    """Whoever asks goes on without it."""
    teams.faults.hang("graph.messages")
    async with graph_of(teams, patience=0.1) as graph:
        with pytest.raises(ChatUnavailableError):
            await messages(graph, room)


async def test_a_token_that_is_refused_is_asked_for_anew(
    teams: Teams, graph: Graph, room: Channel
) -> None:
    """The next call has another one."""
    await messages(graph, room)
    teams.revoke()
    with pytest.raises(ChatUnavailableError):
        await messages(graph, room)
    assert [] == await messages(graph, room)
    assert 2 == len(teams.called("login"))
