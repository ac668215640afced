"""The small Teams as a fixture, and a bot that only listens."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.clock import Clock
from bot.core.model.people import Workspace
from bot.serve import listen
from handlers.teams.account import Account, Addresses
from handlers.teams.chat import TeamsChat
from handlers.teams.connector import Connector
from handlers.teams.directory import Directory
from handlers.teams.door import Answer, Door
from handlers.teams.files import Files
from handlers.teams.graph import Graph
from handlers.teams.http import activities_handler
from handlers.teams.known import Known, Team
from handlers.teams.offers import Offers
from handlers.teams.signatures import make_gate
from handlers.teams.tokens import CONNECTOR, GRAPH, Tokens
from handlers.teams.web import Web
from handlers.web import Answers, make_app
from tests.teams.model import Channel, Payload, Person
from tests.teams.teams import Teams


@pytest.fixture
async def teams(clock: Clock) -> AsyncIterator[Teams]:
    """A small Teams; whoever asks it for what Teams does not know fails."""
    made = Teams(clock)
    async with made.serving():
        yield made
    assert [] == made.complaints


@pytest.fixture
def rosa(teams: Teams) -> Person:
    """A member."""
    return teams.add_person("Rosa Alvarez", title="Teacher librarian")


@pytest.fixture
def ben(teams: Teams) -> Person:
    """Another member."""
    return teams.add_person("Ben Okafor")


@pytest.fixture
def room(teams: Teams, rosa: Person, ben: Person) -> Channel:
    """A channel of a team that both and the bot are in."""
    return teams.add_channel(teams.add_team("Librarians", [rosa, ben]), "Leadership")


def account_of(teams: Teams, *, secret: str = "") -> Account:
    """The bot's account in this Teams."""
    return Account(
        client_id=teams.app_id,
        client_secret=secret or teams.secret,
        tenant_id=teams.tenant.id,
        rehearsal=teams.rehearsal,
    )


def addresses_of(teams: Teams) -> Addresses:
    """Where this Teams answers."""
    return Addresses(login=teams.url, keys=teams.keys_url, graph=teams.graph_url)


@dataclass(slots=True)
class Listener:
    """A bot that notes what comes through its door.

    Attributes:
        took: The activities that came in.
        refused: How many requests were refused.
        error: What happens when one comes.
        free: While it is not set, nothing is done.
        answers: What invokes are answered with, by name.
    """

    url: str = ""
    took: list[Payload] = field(default_factory=list)
    outcomes: list[tuple[str, str]] = field(default_factory=list)
    refused: int = 0
    error: Exception | None = None
    free: asyncio.Event = field(default_factory=asyncio.Event)
    answers: dict[str, Answer] = field(default_factory=dict)

    async def take(self, activity: Payload) -> str:
        """Take an event of a known kind."""
        await self.free.wait()
        if self.error is not None:
            raise self.error
        if activity["type"] not in {"message", "messageUpdate", "messageDelete"}:
            return ""
        self.took.append(activity)
        return "captured"

    async def answer(self, invoke: Payload) -> Answer | None:
        """Answer an invoke."""
        if self.error is not None:
            raise self.error
        return self.answers.get(invoke["name"])

    def refuse(self) -> None:
        """Count a request that was refused."""
        self.refused += 1


@asynccontextmanager
async def listening(
    teams: Teams, *, web: Web | None = None, slowest_body: float = 10.0
) -> AsyncIterator[Listener]:
    """Let a bot listen, whose address Teams knows."""
    listener = Listener()
    listener.free.set()
    async with aiohttp.ClientSession() as session:
        ways = web or Web(session)
        account = account_of(teams)
        gate = make_gate(account, ways, addresses_of(teams).keys)
        door = Door(
            tenant_id=account.tenant_id,
            takes=listener.take,
            answers=listener.answer,
            on_outcome=lambda kind, word: listener.outcomes.append((kind, word)),
        )

        async def ready() -> dict[str, str]:
            return {}

        answers = Answers(
            ready=ready,
            metrics=lambda: (b"", "text/plain"),
            activities=activities_handler(door, gate, listener.refuse),
        )
        app = make_app(lambda: answers, slowest_body=slowest_body)
        async with listen(app, "127.0.0.1", 0) as url:
            listener.url = url
            teams.courier.url = f"{url}/teams/messages"
            yield listener


@asynccontextmanager
async def tokens_of(
    teams: Teams, *, secret: str = "", patience: float = 5.0
) -> AsyncIterator[Tokens]:
    """The bot's tokens in this Teams."""
    async with aiohttp.ClientSession() as session:
        web = Web(session, patience=patience)
        yield Tokens(account_of(teams, secret=secret), web, addresses_of(teams).login)


@asynccontextmanager
async def connector_of(teams: Teams, *, patience: float = 5.0) -> AsyncIterator[Connector]:
    """The bot's connector to this Teams."""
    async with tokens_of(teams) as tokens:
        connector = Connector(
            lambda: tokens.of(CONNECTOR),
            on_unauthorized=lambda: tokens.forget(CONNECTOR),
            patience=patience,
        )
        try:
            yield connector
        finally:
            await connector.close()


class MemoryNotes:
    """Notes of one workspace that last as long as this does."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], str] = {}

    async def note(self, _workspace: str, kind: str, key: str, value: str) -> None:
        """See `Notes.note`."""
        self._kept[kind, key] = value

    async def notes(self, _workspace: str, kind: str) -> Mapping[str, str]:
        """See `Notes.notes`."""
        return {key: value for (one, key), value in self._kept.items() if one == kind and value}


@asynccontextmanager
async def graph_of(teams: Teams, **given: Any) -> AsyncIterator[Graph]:
    """The bot's Graph in this Teams."""
    async with aiohttp.ClientSession() as session, tokens_of(teams) as tokens:
        yield Graph(
            session=session,
            base=teams.graph_url,
            token=lambda: tokens.of(GRAPH),
            on_unauthorized=lambda: tokens.forget(GRAPH),
            **given,
        )


@asynccontextmanager
async def chat_of(teams: Teams, folder: Path, **given: Any) -> AsyncIterator[TeamsChat]:
    """The bot's chat in this Teams; *given*: for Graph. It knows the teams that it is in now."""
    bot = Workspace(
        id=teams.tenant.id,
        name="Microsoft Teams",
        bot_user_id=teams.bot.id,
        bot_id=teams.app_id,
    )
    known = Known(MemoryNotes(), teams.tenant.id)
    for one in teams.tenant.teams:
        if one.installed:
            about = {"name": one.name, "service_url": teams.service_url}
            await known.joined(Team(id=one.id, group=one.aad, **about))
    async with (
        connector_of(teams) as connector,
        graph_of(teams, **given) as graph,
        aiohttp.ClientSession() as session,
    ):
        yield make_chat(bot, connector, graph, known, Web(session), folder)


def make_chat(
    bot: Workspace, connector: Connector, graph: Graph, known: Known, web: Web, folder: Path
) -> TeamsChat:
    """Put a chat together, with files that wait in a folder."""
    waiting = folder / "waiting"
    waiting.mkdir()
    return TeamsChat(
        bot=bot,
        connector=connector,
        graph=graph,
        directory=Directory(bot=bot, connector=connector, graph=graph, known=known),
        offers=Offers(
            connector=connector,
            files=Files(waiting),
            web=web,
            base_url="https://bot.example.org",
            rehearsal=True,
        ),
    )
