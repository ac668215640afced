"""The desk behind the small Teams: a real store, the bot's chat, and its door for what is asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp

from bot.clock import Clock
from bot.core.desk.desk import make_desk
from bot.core.errors import ChatError
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.permissions import Permissions
from bot.core.intake.keep import Keeper
from bot.core.intake.reader import Reader
from bot.core.model.ideas import Captured, Source
from bot.core.model.parts import Actions, Button, Message
from bot.core.model.people import ChannelInfo, Workspace
from bot.core.model.posts import Place, Post, Text
from bot.core.model.work import Effect
from bot.core.week.ahead import DigestPreviews
from bot.core.week.settings import ChannelSettings
from bot.data.capture import load_rules
from bot.serve import listen
from handlers.teams.activities import Asked, to_incoming
from handlers.teams.chat import TeamsChat
from handlers.teams.connector import Connector
from handlers.teams.desk import PATIENCE, TeamsDesk
from handlers.teams.door import Door
from handlers.teams.graph import Graph
from handlers.teams.http import activities_handler
from handlers.teams.known import Known, Team
from handlers.teams.people import channel_name
from handlers.teams.signatures import make_gate
from handlers.teams.tokens import CONNECTOR, GRAPH, Tokens
from handlers.teams.typed import typed_spans
from handlers.teams.web import Web
from handlers.web import Answers, make_app
from storage import Store, open_store
from tests.core.stage import CHICAGO, FRAMEWORK, HABITS, timetable_of, weekly_of
from tests.teams.drawing import elements
from tests.teams.fixtures import account_of, addresses_of, make_chat
from tests.teams.model import Channel, Item, Payload, Person, Whisper
from tests.teams.teams import Teams

IDEA = "We paired 5th graders with kindergartners for a weekly reading buddy hour."
BUTTONS = ("Action.Execute", "Action.Submit")


@dataclass(slots=True)
class Office:
    """What a test touches. *words*: what came of each question."""

    teams: Teams
    store: Store
    chat: TeamsChat
    desk: TeamsDesk
    clock: Clock
    words: list[str]

    async def idea(self, author: Person, room: Channel, text: str = IDEA) -> int:
        """A member's idea is kept; return its number."""
        item = self.teams.tenant.put(room, author, f"<p>{text}</p>", now=self.clock())
        post = Post(
            place=Place(self.chat.bot.id, room.id, item.id),
            posted_at=item.created,
            author_id=author.aad,
            body=(Text(text),),
            private=True,
        )
        draft = Reader(FRAMEWORK, load_rules()).draft(post, marked=False)
        kept = await self.store.add(post, draft, source=Source.POST, now=self.clock())
        assert isinstance(kept, Captured)
        return kept.number

    async def posted(self, room: Channel, *buttons: Button) -> Item:
        """Return a message that everybody sees, such as a digest, with these buttons."""
        message = Message("For all.", (Actions(buttons),))
        return room.items[await self.chat.post(room.id, message, key="k")]


@asynccontextmanager
async def open_office(
    teams: Teams,
    clock: Clock,
    room: Channel,
    path: Path,
    *,
    coordinator: Person,
    patience: float = PATIENCE,
    dialogs: bool = True,
) -> AsyncIterator[Office]:
    """Let a desk listen; the bot is in the room's team, and *coordinator* added it."""
    store = open_store(f"sqlite:///{path}/teams.db")
    account, addresses = account_of(teams), addresses_of(teams)
    bot = Workspace(
        id=teams.tenant.id,
        name="Microsoft Teams",
        bot_user_id=teams.bot.id,
        bot_id=teams.app_id,
    )
    async with aiohttp.ClientSession() as session:
        web = Web(session)
        tokens = Tokens(account, web, addresses.login)
        connector = Connector(lambda: tokens.of(CONNECTOR), patience=30.0)
        graph = Graph(
            session=session, base=teams.graph_url, token=lambda: tokens.of(GRAPH), per_minute=600
        )
        known = Known(store, bot.id)
        chat = replace(make_chat(bot, connector, graph, known, web, path), dialogs=dialogs)
        chats = _One(chat)
        weekly = weekly_of(store, chats, clock, clock)
        timetable = replace(timetable_of(weekly), homes=lambda: frozenset({bot.id}))
        permissions = Permissions(store=store, chats=chats, now=clock)

        async def settle(_effect: Effect, _key: str) -> ChatError | None:
            return None

        desk = make_desk(
            store=store,
            finder=IdeaFinder(
                store=store,
                chats=chats,
                permissions=permissions,
                framework=FRAMEWORK,
                now=clock,
                zone=CHICAGO,
            ),
            keeper=Keeper(store, Reader(FRAMEWORK, load_rules()), clock),
            weekly=weekly,
            ahead=DigestPreviews(
                store=store,
                permissions=permissions,
                builder=weekly.builder,
                poster=weekly.poster,
                defaults=HABITS,
                now=clock,
            ),
            settings=ChannelSettings(
                store=store,
                chats=chats,
                permissions=permissions,
                defaults=HABITS,
                speaks=lambda _channel: True,
                plan=timetable.plan,
                now=clock,
            ),
            spans=lambda _workspace, text: typed_spans(text),
            settle=settle,
        )
        teams_desk = TeamsDesk(desk=desk, chat=chat, bot=bot, known=known, patience=patience)
        words: list[str] = []

        async def take(activity: Payload) -> str:
            incoming = to_incoming(activity, bot, await known.members())
            word = await teams_desk.ask(incoming, activity) if isinstance(incoming, Asked) else "-"
            words.append(word)
            return word

        door = Door(tenant_id=bot.id, takes=take, answers=teams_desk.answer)
        gate = make_gate(account, web, addresses.keys)
        handler = activities_handler(door, gate, lambda: None)
        answers = Answers(ready=_ready, metrics=lambda: (b"", "text/plain"), activities=handler)
        try:
            await store.remember_workspace(bot)
            team = room.team
            await known.joined(
                Team(id=team.id, group=team.aad, name=team.name, service_url=teams.service_url)
            )
            info = ChannelInfo(id=room.id, name=channel_name(team.name, room.name), private=True)
            await store.saw_channel(bot.id, room.id, now=clock(), invited_by=coordinator.aad)
            await store.remember_channel(bot.id, info, now=clock())
            async with listen(make_app(lambda: answers), "127.0.0.1", 0) as url:
                teams.courier.url = f"{url}/teams/messages"
                yield Office(teams, store, chat, teams_desk, clock, words)
        finally:
            await teams_desk.close()
            await connector.close()
            await store.close()


@dataclass(frozen=True, slots=True)
class _One:
    """The only chat."""

    chat: TeamsChat

    def of(self, _workspace: str) -> TeamsChat:
        return self.chat


async def _ready() -> dict[str, str]:
    return {}


# -- what stands in a message of the bot's ---------------------------------------------------------


def card(shown: Item | Whisper) -> Payload:
    """Return the card of a message of the bot's."""
    (one,) = shown.activity["attachments"]
    found: Payload = one["content"]
    return found


def words(shown: Item | Whisper) -> str:
    """Return what a message of the bot's says to those who see no card."""
    return str(card(shown)["fallbackText"])


def of(drawn: Payload, title: str) -> Payload:
    """Return the first button of a title."""
    return next(one for one in elements(drawn, *BUTTONS) if one["title"] == title)


async def press(
    office: Office, who: Person, shown: Item | Whisper, title: str, **inputs: str
) -> Payload:
    """Press a button of a message of the bot's; return what it is answered with."""
    answered = await office.teams.act.press(who, shown, of(card(shown), title), **inputs)
    assert 200 == answered.status
    body: Payload = answered.body
    return body
