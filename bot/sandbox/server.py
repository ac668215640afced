"""The small Slack as a whole: its parts put together, started and stopped."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import web

from bot.sandbox.api import Api
from bot.sandbox.changes import Changes
from bot.sandbox.delivery import Delivery
from bot.sandbox.gate import own_address_only
from bot.sandbox.installation import Installation
from bot.sandbox.interactions import Interactions
from bot.sandbox.links import Links
from bot.sandbox.messages import Messages
from bot.sandbox.model import Event, SlackError
from bot.sandbox.page import Page
from bot.sandbox.page_actions import PageActions
from bot.sandbox.page_state import PageState
from bot.sandbox.samples import NAME, populate
from bot.sandbox.sockets import Sockets
from bot.sandbox.triggers import Triggers
from bot.sandbox.workspace import Workspace

TEAM: Final = "T0SANDBOX1"
_PATIENCE: Final = 30.0


class Sandbox:
    """A small Slack with one app installed, which reaches it over Socket Mode.

    The app hears of nothing that happens before ``start``.

    Attributes:
        changes: Counts every change, of the workspace and of what is under way to the app.
        workspace: The people and channels, and what stands there.
        installation: The app, as its manifest describes it.
        delivery: What is under way to the app.
        messages: What members and apps do with messages.
        interactions: What members do with the app.
        sockets: The Socket Mode connections.
        api: The Web API.
    """

    def __init__(
        self,
        manifest: Mapping[str, Any],
        clock: Callable[[], datetime],
        *,
        advance: Callable[[datetime], Awaitable[None]] | None = None,
        on_reset: Callable[[], Awaitable[None]] | None = None,
        samples: bool = False,
        team: str = TEAM,
    ) -> None:
        """Put the parts together.

        Args:
            manifest: The app's, as Slack takes it.
            clock: Returns the time, for the page and for all stamps.
            advance: Moves the clock and waits until the bot has acted; None: it cannot be moved.
            on_reset: Is awaited before the workspace starts afresh.
            samples: Whether sample members and four weeks of their ideas are there.
            team: The id of the workspace.
        """
        self._clock = clock
        self._advance = advance
        self._on_reset = on_reset
        self._with_samples = samples
        self._history: list[Event] = []
        self._history_delivered = False
        self._closing = asyncio.Event()
        self.changes = Changes()
        self.installation = Installation.of(manifest)
        name = NAME if samples else "Test workspace"
        self.workspace = Workspace(name, team, self._happened, self.changes.note)
        self.delivery = Delivery(self.installation, self.changes, team)
        self.messages = Messages(self.workspace, clock)
        triggers = Triggers()
        self.interactions = Interactions(self.messages, self.installation, self.delivery, triggers)
        self.sockets = Sockets(self.installation, self.changes)
        self.api = Api(self.messages, self.installation, self.sockets, triggers)
        state = PageState(self.workspace, self.installation, clock)
        actions = PageActions(self.messages, self.interactions, self._jump, self._start_afresh)
        self._page = Page(state, actions, self.changes, self._closing)
        self._populate()

    @property
    def bot_token(self) -> str:
        """The bot's token, ``xoxb-…``."""
        return self.installation.bot_token

    @property
    def app_token(self) -> str:
        """The app-level token for Socket Mode, ``xapp-…``."""
        return self.installation.app_token

    @property
    def api_url(self) -> str:
        """The base address of the Web API."""
        return f"{self.workspace.base_url}/api/"

    def add_routes(self, app: web.Application) -> None:
        """Add the page, the Web API, the socket and the smaller addresses to an application.

        From then on the application answers nobody who means another address than its own.
        """
        app.middlewares.append(own_address_only)
        app.router.add_route("*", "/api/{method}", self.api.handle)
        app.router.add_get("/link", self.sockets.handle)
        self._page.add_routes(app)
        Links(self.workspace, self.installation, self.interactions).add_routes(app)

    async def start(self, base_url: str, blog_url: str = "") -> None:
        """Install the app: from now on it hears of what happens.

        Args:
            base_url: Where this Slack is reached, such as ``http://127.0.0.1:3000``.
            blog_url: Where the sample blog is; empty: nowhere.
        """
        self.workspace.base_url = base_url.rstrip("/")
        self.workspace.blog_url = blog_url
        self._closing.clear()
        self.delivery.start()
        self.delivery.transport = self.sockets

    async def stop(self) -> None:
        """End everything that is under way; call it before the server's cleanup."""
        self._closing.set()
        self.delivery.transport = None
        await self.delivery.stop()
        await self.sockets.close()

    async def connected(self) -> None:
        """Wait until the app has a socket open.

        Raises:
            TimeoutError: It has none after 30 seconds.
        """
        async with asyncio.timeout(_PATIENCE):
            while not self.sockets.usable:
                await self.changes.after(self.changes.version)

    async def deliver_history(self) -> None:
        """Send what the samples did as ordinary events, in order, and wait for the acks.

        From then on *Start afresh* does so too.
        """
        self._history_delivered = True
        for event in self._history:
            self.delivery.submit(replace(event, entity="history"))
        while self.delivery.pending:
            await self.changes.after(self.changes.version)

    def _happened(self, event: Event) -> None:
        if self.delivery.transport is not None:
            self.delivery.submit(event)
        elif self._with_samples:
            self._history.append(event)

    def _populate(self) -> None:
        now = self._clock()
        self.workspace.began = now.isoformat()
        # A ts never falls: the bot must be there before the oldest sample.
        installed = now - timedelta(days=31) if self._with_samples else now
        running, self.delivery.transport = self.delivery.transport, None
        self._history.clear()
        installation = self.installation
        self.workspace.add_member(
            installation.display_name.lower().replace(" ", ""),
            now=installed,
            id_=installation.bot_user,
            display_name=installation.display_name,
            real_name=installation.name,
            is_bot=True,
            bot_id=installation.bot_id,
            app_id=installation.app_id,
            color="8a6d1f",
        )
        if self._with_samples:
            populate(self.workspace, installation.bot_user, now)
        self.delivery.transport = running

    async def _jump(self, target: datetime) -> None:
        if self._advance is None:
            raise SlackError("cannot_jump")
        await self._advance(target)

    async def _start_afresh(self) -> None:
        if self._on_reset is not None:
            await self._on_reset()
        await self.delivery.stop()
        self.workspace.clear()
        self._populate()
        if self._history_delivered:
            await self.deliver_history()
