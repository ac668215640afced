"""Teams, composed: its settings become a chat, and what takes activities.

This is imported only where Teams is set, for Microsoft's library is large and an extra.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from bot.config import GRAPH_API, Settings
from bot.core.desk.desk import Desk
from bot.core.errors import ChatError, ChatNotThereError, SettingsError
from bot.core.intake.channels import ChannelLife
from bot.core.intake.keep import Keeper
from bot.core.model.people import Workspace
from bot.core.ports import IdeaStore
from bot.platforms import Platform
from bot.telemetry import Metrics
from handlers.proxies import Proxies
from handlers.shapes import text
from handlers.teams.account import Account, Addresses
from handlers.teams.chat import TeamsChat
from handlers.teams.connector import Connector
from handlers.teams.desk import TeamsDesk
from handlers.teams.directory import Directory
from handlers.teams.door import PLATFORM, Door
from handlers.teams.events import TeamsEvents
from handlers.teams.files import Files, files_handler
from handlers.teams.graph import Graph
from handlers.teams.http import activities_handler
from handlers.teams.known import Known, Team
from handlers.teams.offers import Offers
from handlers.teams.refusals import OUTSIDE
from handlers.teams.signatures import Gate, make_gate
from handlers.teams.tokens import CONNECTOR, GRAPH, Tokens
from handlers.teams.typed import typed_spans
from handlers.teams.vocabulary import TEAMS
from handlers.teams.web import AwayError, Web
from handlers.web import Handler


@dataclass(frozen=True, slots=True, kw_only=True)
class Teams:
    """The bot in its tenant; the `Workspaces` of one platform."""

    bot: Workspace
    chat: TeamsChat
    known: Known
    connector: Connector
    graph: Graph
    tokens: Tokens
    rehearsal: bool
    web: Web
    gate: Gate
    files: Handler
    """What hands over files that wait."""
    learnt: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once Microsoft has given a token to this run."""
    problems: list[str] = field(default_factory=list)
    """Why Teams cannot be spoken with, as last found; empty: it can, as far as known."""

    def of(self, _workspace: str) -> TeamsChat:
        """Return the chat: there is one tenant."""
        return self.chat

    def workspaces(self) -> frozenset[str]:
        """Return the tenant's id."""
        return frozenset({self.bot.id})

    def platform(self) -> Platform:
        """Return what differs from other platforms."""
        return Platform(chats=self, vocabulary=TEAMS, spans=typed_spans)

    async def learn(self, store: IdeaStore) -> Workspace:
        """Ask Microsoft for a token, and keep who the bot is.

        Raises:
            SettingsError: the database is another tenant's. Nothing was changed.
            ChatError: Microsoft gives no token.
        """
        await self.ensure_ours(store)
        await self.check()
        await store.remember_workspace(self.bot)
        self.learnt.set()
        return self.bot

    async def ensure_ours(self, store: IdeaStore) -> None:
        """See whether the bot of this tenant can use that database.

        Raises:
            SettingsError: it is another tenant's.
        """
        if problem := await self.not_of(store):
            self.problems[:] = [problem]
            raise SettingsError(problem)

    async def check(self) -> None:
        """See whether Microsoft gives a token now.

        Raises:
            ChatError: it does not; *problems* says so too.
        """
        try:
            await self.tokens.of(CONNECTOR)
        except ChatError as error:
            self.problems[:] = [str(error)]
            raise
        self.problems.clear()

    async def refresh(self) -> None:
        """Ask what each team is called now; what Teams says that the bot is out of, it has left."""
        for team in await self.known.teams():
            try:
                told = await self.connector.team(team.service_url, team.id)
            except ChatError as error:
                if isinstance(error, ChatNotThereError) or error.code in {OUTSIDE, "NotFound"}:
                    await self.known.left(team.id)
                continue
            group, name = text(told, "aadGroupId"), text(told, "name")
            await self.known.described(team.id, group=group, name=name)

    async def unread(self, team: Team) -> str:
        """Return why a team's history cannot be read; empty: it can."""
        try:
            async for _ in self.graph.messages(team.group, team.id):
                break
        except ChatError as error:
            return (
                f"{error} ({error.code}) What is missed is not read, reactions do not come, and a "
                "digest whose answer was lost is not looked for. docs/teams.md says what to allow"
            )
        return ""

    async def unreached(self, url: str) -> str:
        """Return why Teams, which sends to the bot from outside, cannot reach it; empty: it can."""
        if self.rehearsal:
            return ""
        if not url.startswith("https://"):
            return f"Teams sends to a public https address alone, and COMMONPLACE_BASE_URL is {url}"
        door = f"{url}/teams/messages"
        try:
            status = await self.web.status(door)
        except AwayError as error:
            return f"{door}: {error}. Is the bot running, and does the proxy lead to it?"
        # The bot is there that takes no GET; what stands before it answers otherwise.
        return (
            "" if status == HTTPStatus.METHOD_NOT_ALLOWED else f"{door} answers {status}, not 405"
        )

    async def not_of(self, store: IdeaStore) -> str:
        """Return why the bot of this tenant cannot use that database; empty: it can."""
        held = {one.id for one in await store.workspaces() if one.platform == PLATFORM}
        if not held or self.bot.id in held:
            return ""
        others = ", ".join(sorted(held))
        return (
            f"DATABASE_URL: that database holds the ideas of the tenant {others}, and "
            f"TEAMS_TENANT_ID is {self.bot.id}. Nothing was changed. Set DATABASE_URL to another "
            "file for this tenant, or take the id of the other one"
        )

    @asynccontextmanager
    async def listening(
        self,
        *,
        store: IdeaStore,
        keeper: Keeper,
        channels: ChannelLife,
        desk: Desk,
        metrics: Metrics,
        look_around: Callable[[], None],
    ) -> AsyncIterator[Handler]:
        """Yield what takes `POST /teams/messages`; questions in hand may end afterwards."""
        asked = TeamsDesk(
            desk=desk,
            chat=self.chat,
            connector=self.connector,
            bot=self.bot,
            known=self.known,
        )
        events = TeamsEvents(
            bot=self.bot,
            store=store,
            keeper=keeper,
            channels=channels,
            known=self.known,
            connector=self.connector,
            ask=asked.ask,
            look_around=look_around,
        )
        door = Door(
            tenant_id=self.bot.id,
            takes=events.take,
            answers=asked.answer,
            on_outcome=metrics.on_event,
        )
        try:
            yield activities_handler(door, self.gate, metrics.on_refused)
        finally:
            await asked.close()


@asynccontextmanager
async def open_teams(
    settings: Settings,
    *,
    store: IdeaStore,
    session: aiohttp.ClientSession,
    proxies: Proxies,
    metrics: Metrics,
    addresses: Addresses | None = None,
) -> AsyncIterator[Teams]:
    """Build the bot's part in Teams; close what was opened at the end.

    Args:
        addresses: where Microsoft gives tokens and shows keys; None: Microsoft's own.
    """
    account = Account(
        client_id=settings.teams_client_id,
        client_secret=settings.teams_client_secret.reveal(),
        tenant_id=settings.teams_tenant_id,
        rehearsal=settings.teams_rehearsal == "allow",
    )
    at = addresses or Addresses()
    web = Web(session, route=proxies.options)
    tokens = Tokens(account, web, at.login)
    connector = Connector(
        lambda: tokens.of(CONNECTOR),
        on_call=metrics.on_teams_call,
        on_unauthorized=lambda: tokens.forget(CONNECTOR),
        proxy=proxies.safe or proxies.plain,
    )
    no_graph = account.rehearsal and settings.teams_graph_url == GRAPH_API  # it wants a token
    graph = Graph(
        session=session,
        base="" if no_graph else settings.teams_graph_url,
        token=lambda: tokens.of(GRAPH),
        on_unauthorized=lambda: tokens.forget(GRAPH),
        on_call=metrics.on_teams_call,
        route=proxies.options,
    )
    bot = Workspace(
        id=account.tenant_id,
        name="Microsoft Teams",
        bot_user_id=f"28:{account.client_id}",
        bot_id=account.client_id,
        platform=PLATFORM,
    )
    known = Known(store, bot.id)
    with TemporaryDirectory(prefix="commonplace-") as folder:
        files = Files(Path(folder))
        chat = TeamsChat(
            bot=bot,
            connector=connector,
            graph=graph,
            directory=Directory(bot=bot, connector=connector, graph=graph, known=known),
            offers=Offers(
                connector=connector,
                files=files,
                web=web,
                base_url=settings.base_url,
                rehearsal=account.rehearsal,
            ),
            dialogs=not account.rehearsal,
        )
        try:
            yield Teams(
                bot=bot,
                chat=chat,
                known=known,
                connector=connector,
                graph=graph,
                tokens=tokens,
                rehearsal=account.rehearsal,
                web=web,
                gate=make_gate(account, web, at.keys),
                files=files_handler(files),
            )
        finally:
            await connector.close()
