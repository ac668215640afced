"""The small Slack as a whole: its parts put together, started and stopped."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import aiohttp
from aiohttp import web

from bot.sandbox.acts import Acts
from bot.sandbox.api import Api, Called
from bot.sandbox.callbacks import Callbacks
from bot.sandbox.changes import Changes
from bot.sandbox.delivery import Delivery, Timing
from bot.sandbox.doors import Doors
from bot.sandbox.faults import Faults
from bot.sandbox.gate import own_address_only
from bot.sandbox.hands import Hands
from bot.sandbox.installation import Installation
from bot.sandbox.interactions import Interactions
from bot.sandbox.model import Happening, Payload, SlackError
from bot.sandbox.page import Page
from bot.sandbox.samples import NAME, populate
from bot.sandbox.sights import Sights
from bot.sandbox.sockets import Sockets
from bot.sandbox.triggers import Triggers
from bot.sandbox.workspace import Workspace

_TEAM: Final = "T0SANDBOX1"
Found = TypeVar("Found")


class Sandbox(Hands):
    """A small Slack with one app installed. Its people's verbs are those of ``Hands``.

    Nothing is delivered before ``start``: until then the stage is being set.

    Attributes:
        faults: What goes wrong, armed by tests.
        sockets: The Socket Mode connections.
        calls: Every Web API call that came in.
    """

    def __init__(
        self,
        manifest: Mapping[str, Any],
        clock: Callable[[], datetime],
        *,
        advance: Callable[[datetime], Awaitable[None]] | None = None,
        on_reset: Callable[[], Awaitable[None]] | None = None,
        samples: bool = False,
    ) -> None:
        self.changes = Changes()
        self.faults = Faults()
        installation = Installation.of(manifest)
        name = NAME if samples else "Test workspace"
        workspace = Workspace(name, _TEAM, happened=self._happened, changed=self.changes.note)
        self.delivery = Delivery(installation, self.faults, self.changes, _TEAM)
        triggers = Triggers()
        interactions = Interactions(workspace, installation, self.delivery, triggers, clock)
        super().__init__(workspace, installation, interactions, clock)
        self.sockets = Sockets(installation, self.changes)
        self.calls: list[Called] = []
        self._api = Api(
            workspace,
            installation,
            self.sockets,
            triggers,
            self.faults,
            self.changes,
            clock,
            self.calls,
        )
        self._closing = asyncio.Event()
        self._acts = Acts(workspace, interactions, clock, self._jump, self.afresh)
        sights = Sights(workspace, installation, clock)
        self._page = Page(workspace, sights, self._acts, self.changes, clock, self._closing)
        self._advance = advance
        self._on_reset = on_reset
        self._with_samples = samples
        self._history: list[Happening] = []
        self._told_history = False
        self._session: aiohttp.ClientSession | None = None
        self._events_url: str | None = None
        self._populate()

    # What the app is configured with

    @property
    def bot_token(self) -> str:
        """The bot's token, ``xoxb-…``."""
        return self.installation.bot_token

    @property
    def app_token(self) -> str:
        """The app-level token for Socket Mode, ``xapp-…``."""
        return self.installation.app_token

    @property
    def signing_secret(self) -> str:
        """What requests to the app are signed with."""
        return self.installation.signing_secret

    @property
    def api_url(self) -> str:
        """The base address of the Web API."""
        return f"{self.workspace.base_url}/api/"

    @property
    def events_url(self) -> str | None:
        """Where events, commands and clicks are sent over HTTP; None: Socket Mode."""
        return self._events_url

    @events_url.setter
    def events_url(self, url: str | None) -> None:
        self._events_url = url
        self._choose_carrier()

    @property
    def timing(self) -> Timing:
        """How patient this Slack is."""
        return self.delivery.timing

    @timing.setter
    def timing(self, timing: Timing) -> None:
        self.delivery.timing = timing

    # Running

    def add_routes(self, app: web.Application) -> None:
        """Puts the page, the Web API, the socket and the smaller addresses on an application.

        From then on the application answers nobody who means another address than its own.
        """
        app.middlewares.append(own_address_only)
        app.router.add_route("*", "/api/{method}", self._api.handle)
        app.router.add_get("/link", self.sockets.handle)
        self._page.add_routes(app)
        Doors(self.workspace, self.installation, self.interactions).add_routes(app)

    async def start(self, base_url: str) -> None:
        """Installs the app: from now on it hears of what happens.

        Args:
            base_url: Where this Slack is reached, such as ``http://127.0.0.1:3000``.
        """
        self.workspace.base_url = base_url.rstrip("/")
        self._session = aiohttp.ClientSession()
        self._closing.clear()
        self.delivery.start()
        self._choose_carrier()

    async def stop(self) -> None:
        """Lets go of everything that is under way; call it before the server's cleanup."""
        self._closing.set()
        self.delivery.carrier = None
        self.faults.lift()
        await self.delivery.stop()
        await self.sockets.close()
        if self._session is not None:
            await self._session.close()
        self._session = None

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[str]:
        """Serves on loopback, for as long as the block runs, and yields the base address."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        self.add_routes(app)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        await self.start(address)
        try:
            yield address
        finally:
            await self.stop()
            await runner.cleanup()

    async def deliver_history(self) -> None:
        """Delivers what the samples did as ordinary events, in order, and waits for the acks.

        From then on *Start afresh* does so too.
        """
        self._told_history = True
        for happening in self._history:
            self.delivery.submit(replace(happening, entity="history"))
        waiting = self.delivery.pending
        while waiting:
            await self.changes.after(self.changes.version)

    async def afresh(self) -> None:
        """Puts the workspace back to its beginning."""
        if self._on_reset is not None:
            await self._on_reset()
        await self.delivery.stop()
        self.workspace.clear()
        self._populate()
        if self._told_history:
            await self.deliver_history()

    # Waiting and asking

    async def until(
        self, predicate: Callable[[], Found], *, within: float = 30.0, saying: str = ""
    ) -> Found:
        """Waits until ``predicate`` holds, looking again whenever anything changes here.

        Raises:
            TimeoutError: It does not hold within so many seconds; says what was called last.
        """

        def words() -> str:
            last = ", ".join(
                f"{each.method}{'!' + each.error if each.error else ''}" for each in self.calls[-8:]
            )
            wish = saying or "what was waited for"
            pending, lost = len(self.delivery.pending), len(self.delivery.lost)
            return (
                f"{wish} did not come true in {within} s; last calls: {last or 'none'}; "
                f"{pending} events pending, {lost} lost, {len(self.sockets.connections)} sockets"
            )

        return await self.changes.until(predicate, within=within, saying=words)

    async def settled(self, *, within: float = 30.0) -> None:
        """Waits until every event is acknowledged or given up."""
        await self.until(lambda: not self.delivery.pending, within=within, saying="quiet")

    async def connected(self, sockets: int = 1, *, within: float = 30.0) -> None:
        """Waits until the app has so many sockets open."""
        await self.until(
            lambda: len(self.sockets.usable) >= sockets, within=within, saying="a socket"
        )

    def called(self, method: str) -> list[Payload]:
        """The arguments of every call of a method so far."""
        return [each.args for each in self.calls if each.method == method]

    async def verify_url(self) -> bool:
        """Whether the app's address answers Slack's challenge."""
        carrier = self.delivery.carrier
        return isinstance(carrier, Callbacks) and await carrier.verify(self.timing)

    def limit_events(self) -> None:
        """Tells the app that its events are rate limited (``app_rate_limited``)."""
        payload = {
            "token": self.installation.verification,
            "type": "app_rate_limited",
            "team_id": self.workspace.team_id,
            "minute_rate_limited": int(self.clock().timestamp()),
            "api_app_id": self.installation.app_id,
        }
        self.delivery.send(payload, "app_rate_limited")

    def revoke(self, why: str = "token_revoked") -> None:
        """Lets the tokens count no more: every call is refused with ``why``; empty: they do."""
        self.installation.revoked = why

    def uninstall(self) -> None:
        """Takes the app away: its tokens are void, and it hears of both, in the order of Slack."""
        self.raise_event({"type": "app_uninstalled"})
        tokens = {"bot": [self.installation.bot_user], "oauth": []}
        self.raise_event({"type": "tokens_revoked", "tokens": tokens})
        self.revoke("account_inactive")

    # Inside

    def _happened(self, happening: Happening) -> None:
        if self.delivery.carrier is not None:
            self.delivery.submit(happening)
        elif self._with_samples:
            self._history.append(happening)

    def _choose_carrier(self) -> None:
        if self._session is None:
            return
        if self._events_url is None:
            self.delivery.carrier = self.sockets
        else:
            self.delivery.carrier = Callbacks(self.installation, self._session, self._events_url)

    def _populate(self) -> None:
        now = self.clock()
        self.workspace.began = now.isoformat()
        # A ts never falls: the bot must be there before the oldest sample.
        installed = now - timedelta(days=31) if self._with_samples else now
        running, self.delivery.carrier = self.delivery.carrier, None
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
        self.delivery.carrier = running

    async def _jump(self, target: datetime) -> None:
        if self._advance is None:
            raise SlackError("cannot_jump")
        await self._advance(target)
