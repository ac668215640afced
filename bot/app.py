"""The composition root: settings become a store, a chat, use cases, a schedule and a web side.

Everything is started and stopped here, in order, and nowhere else.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import aiohttp
from aiohttp import web

from bot.config import Settings
from bot.core.errors import (
    ChatError,
    CommonplaceError,
    SettingsError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StorePlaceError,
)
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.permissions import Permissions
from bot.core.finding.posting import PostingPermissions
from bot.core.finding.trials import Trials
from bot.core.intake.catch_up import CatchUp
from bot.core.intake.keep import Keeper, Watch
from bot.core.intake.people import noted
from bot.core.intake.reader import Reader, load_rules
from bot.core.model.framework import Framework, load_framework
from bot.core.model.people import Channel
from bot.core.model.settings import Habits
from bot.core.model.weeks import parse_weekly
from bot.core.model.work import Effect, NewJob
from bot.core.outbox.effects import Effects
from bot.core.prompts.bank import load_bank
from bot.core.prompts.calendar import load_calendar
from bot.core.week.ahead import Ahead
from bot.core.week.questions import PromptService
from bot.core.week.settings import ChannelSettings
from bot.core.week.timetable import Timetable
from bot.core.week.weekly import Weekly
from bot.history import History
from bot.outbox import Outbox
from bot.schedule import Schedule
from bot.tasks import Tasks
from bot.telemetry import Metrics, make_metrics
from handlers.slack import make_bolt, make_client
from handlers.slack.ahead import SlackAhead
from handlers.slack.calls import Calls
from handlers.slack.chat import SlackChat
from handlers.slack.commands import SlackCommands
from handlers.slack.http import events_handler
from handlers.slack.ideas import SlackIdeas
from handlers.slack.installation import Installation, app_of, of_two_apps
from handlers.slack.listeners import SlackListeners
from handlers.slack.prompts import SlackPrompts
from handlers.slack.settings import SlackSettings
from handlers.slack.sockets import Pace, Sockets
from handlers.slack.web import Proxies, Web
from handlers.web import ServerLog, make_app
from storage import Store, migrate, open_store

log = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0
"""Seconds between tries to reach Slack: doubled each time, up to a minute."""

PATIENCE = 10.0
"""Seconds that the database may take to answer when it is asked whether it is there."""

GRACE = 20.0
"""Seconds that requests in hand may take when we are told to stop; hosts kill after 30."""


@dataclass(slots=True)
class Clock:
    """The program's clock: the real one, or one set to another instant and running on."""

    ahead: timedelta = timedelta()

    @classmethod
    def starting(cls, at: datetime | None) -> Clock:
        """A clock that shows *at* now; None: the real time."""
        return cls() if at is None else cls(at - datetime.now(UTC))

    def __call__(self) -> datetime:
        """What it shows now, in UTC."""
        return datetime.now(UTC) + self.ahead

    def jump(self, to: datetime) -> None:
        """Show *to* now."""
        self.ahead = to - datetime.now(UTC)


def real_now() -> datetime:
    """The real time, in UTC: for leases, whatever the program's clock shows."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything, put together and not yet started."""

    settings: Settings
    clock: Clock
    store: Store
    installation: Installation
    calls: Calls
    chat: SlackChat
    keeper: Keeper
    finder: IdeaFinder
    weekly: Weekly
    timetable: Timetable
    history: History
    outbox: Outbox
    metrics: Metrics
    commands: SlackCommands
    listeners: SlackListeners
    tasks: Tasks


@asynccontextmanager
async def put_together(settings: Settings, clock: Clock) -> AsyncIterator[Parts]:
    """Build everything from settings; close what was opened at the end.

    Raises:
        CommonplaceError: the database cannot be opened, or a data file is wrong.
    """
    async with AsyncExitStack() as stack:
        store = open_store(settings.database_url)
        stack.push_async_callback(store.close)
        session = await stack.enter_async_context(
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        )
        token = settings.slack_bot_token.reveal() if settings.slack_bot_token else ""
        metrics = make_metrics()
        framework = _framework(settings.commonplace_framework)
        calendar = load_calendar()
        installation = Installation(token)
        await installation.load(store)
        client = make_client(token, settings.slack_api_url, Web(session, _proxies(settings)))
        tasks = Tasks()

        def home() -> str:
            return installation.workspace.id if installation.workspace else ""

        async def on_pause(method: str, seconds: float) -> None:
            now = real_now()
            with contextlib.suppress(StoreError):  # then this run alone remembers it
                await store.pause(home(), method, now=now, until=now + timedelta(seconds=seconds))

        calls = Calls(client, metrics.on_call, on_pause)
        chat = SlackChat(calls, installation)
        for method, until in (await store.pauses(home(), real_now())).items():
            calls.leave_alone(method, (until - real_now()).total_seconds())
        keeper = Keeper(
            store,
            Reader(framework, load_rules()),
            clock,
            Watch(frozenset(settings.commonplace_channels)),
        )
        permissions = Permissions(
            store=store, chat=chat, now=clock, admins=frozenset(settings.commonplace_admins)
        )
        finder = IdeaFinder(
            store=store,
            chat=chat,
            permissions=permissions,
            framework=framework,
            now=clock,
            zone=settings.zone,
        )
        weekly = Weekly(
            store=store,
            chat=chat,
            now=clock,
            real_now=real_now,
            framework=framework,
            bank=load_bank(calendar),
            calendar=calendar,
            habits=Habits(
                zone=settings.zone,
                digest=parse_weekly(settings.commonplace_digest),
                prompt=parse_weekly(settings.commonplace_prompt),
            ),
        )
        ahead = Ahead(permissions, weekly, clock)
        effects = Effects(store, chat, keeper, permissions, finder, clock, real_now, ahead)
        outbox = Outbox(store, effects.run, clock, metrics.on_job, tasks)

        async def watched(channel: Channel) -> bool:
            return keeper.watch.includes(channel)

        async def channels() -> list[Channel]:
            known = await store.channels(home())
            return [c for c in known if c.member and not c.archived and keeper.watch.includes(c)]

        history = History(
            CatchUp(store, chat, keeper, clock), channels, real_now, metrics.on_read, watched=tasks
        )
        timetable = Timetable(
            weekly=weekly,
            home=home,
            watched=watched,
            caught_up=history.caught_up,
            before=ahead.before,
            on_result=metrics.on_delivery,
        )
        channel_settings = ChannelSettings(
            store=store,
            chat=chat,
            permissions=permissions,
            weekly=weekly,
            speaks=watched,
            plan=timetable.plan,
            now=clock,
        )
        yield Parts(
            settings=settings,
            clock=clock,
            store=store,
            installation=installation,
            calls=calls,
            chat=chat,
            keeper=keeper,
            finder=finder,
            weekly=weekly,
            timetable=timetable,
            history=history,
            outbox=outbox,
            metrics=metrics,
            commands=SlackCommands(
                finder,
                keeper,
                weekly,
                chat,
                framework,
                outbox.settle,
                clock,
                SlackSettings(channel_settings, chat),
                SlackPrompts(
                    PromptService(
                        store=store,
                        permissions=permissions,
                        settings=channel_settings,
                        weekly=weekly,
                        framework=framework,
                        now=clock,
                    )
                ),
                SlackIdeas(
                    store,
                    finder,
                    Trials(
                        store=store,
                        permissions=permissions,
                        ideas=finder,
                        now=clock,
                        zone=settings.zone,
                    ),
                    chat,
                ),
                SlackAhead(ahead),
                PostingPermissions(
                    store=store,
                    chat=chat,
                    permissions=permissions,
                    watch=keeper.watch,
                    now=clock,
                ),
            ),
            listeners=SlackListeners(
                keeper, installation, clock, timetable.plan, metrics.on_event, history.gap
            ),
            tasks=tasks,
        )


def _proxies(settings: Settings) -> Proxies:
    safe, plain = (
        one.reveal() if one else "" for one in (settings.https_proxy, settings.http_proxy)
    )
    return Proxies(safe, plain, settings.no_proxy)


@dataclass(slots=True)
class Running:
    """The bot at work: how to ask whether it is ready, and how to wake its schedule."""

    parts: Parts
    web: web.Application
    sockets: Sockets | None
    schedule: Schedule
    greeting: asyncio.Task[None] | None = field(default=None)
    """Learns who we are; fails when token and database do not belong together."""

    def connect(self) -> None:
        """Begin to speak with Slack, and keep trying."""
        if self.sockets is not None:
            self.sockets.start()
        self.greeting = asyncio.create_task(_greet(self.parts), name="greet Slack")

    async def disconnect(self) -> None:
        """Take no more events."""
        if self.greeting is not None:
            self.greeting.cancel()
            await asyncio.wait([self.greeting])
        if self.sockets is not None:
            await self.sockets.stop()

    async def problems(self) -> Mapping[str, str]:
        """What keeps us from being ready, by name."""
        found: dict[str, str] = {}
        installation = self.parts.installation
        try:
            async with asyncio.timeout(PATIENCE):
                await self.parts.store.ping()
        except CommonplaceError as error:
            found["database"] = str(error)
        except TimeoutError:
            found["database"] = f"The database has not answered for {PATIENCE:.0f} s."
        if not installation.learnt.is_set():
            found["slack"] = installation.problem or "Slack has not told yet who this bot is."
        elif refusal := await self._refusal():
            found["slack"] = f"Slack refuses SLACK_BOT_TOKEN ({refusal})."
        if self.sockets is not None and not self.sockets.live:
            found["socket"] = self.sockets.problem
        elif self.sockets is not None:
            hears = self.sockets.app_id or app_of(self.sockets.app_token)
            if two := of_two_apps(hears, installation.app_id):
                found["socket"] = two
        if self.schedule.problem:
            found["schedule"] = self.schedule.problem
        return found | self.parts.tasks.dead

    async def _refusal(self) -> str:
        """Why Slack does not take our token any more; where it did not, it is asked once more."""
        calls = self.parts.calls
        if calls.locked_out:
            with contextlib.suppress(CommonplaceError):
                await self.parts.chat.whoami()
        self.parts.metrics.connected.set(0 if calls.locked_out else 1)
        return calls.locked_out


@asynccontextmanager
async def at_work(
    parts: Parts, *, connect: bool = True, pace: Pace | None = None
) -> AsyncIterator[Running]:
    """Start the bot; stop it in reverse order at the end.

    The web side is given back, not yet listening: the sandbox shares its port.

    Args:
        connect: begin to speak with Slack at once.
        pace: how patient the sockets are; None: as they should be.
    """
    settings = parts.settings
    bolt = make_bolt(
        parts.installation,
        parts.listeners,
        parts.commands,
        parts.chat,
        parts.calls,
    )
    sockets = None
    events = None
    if settings.slack_app_token is not None:
        from handlers.slack.sockets import PACE, Sockets  # noqa: PLC0415  (HTTP needs none of it)

        app_token = settings.slack_app_token.reveal()
        gap, tasks = parts.history.gap, parts.tasks
        sockets = Sockets(bolt, parts.calls.client, app_token, gap, pace or PACE, watched=tasks)
    elif settings.slack_signing_secret is not None:
        secret = settings.slack_signing_secret.reveal()
        events = events_handler(bolt, parts.listeners, secret, parts.metrics.refused.inc)
    names = {one.code: one.name for one in parts.weekly.framework.components}
    await noted(parts.store.name_components(names))
    running: Running

    async def problems() -> Mapping[str, str]:
        return await running.problems()

    side = make_app(
        ready=problems,
        reading=lambda: parts.history.progress,
        metrics=parts.metrics.render,
        events=events,
    )
    running = Running(parts, side, sockets, Schedule(parts.timetable.tick))
    await parts.outbox.start()
    running.schedule.start()
    if connect:
        running.connect()
    try:
        yield running
    finally:
        await running.disconnect()
        await parts.history.stop()
        await running.schedule.stop()
        await parts.outbox.stop()


def _framework(path: str) -> Framework:
    """The network's own framework, or, without a path, the one that comes with the program."""
    return load_framework(Path(path).read_text("utf-8"), called=path) if path else load_framework()


async def _greet(parts: Parts) -> None:
    """Learn who we are and where; keep trying, for Slack may be out of reach."""
    pause = 1.0
    while True:
        try:
            workspace = await parts.chat.whoami()
            await parts.installation.learn(workspace, parts.store)
            break
        except SettingsError as error:
            log.error("%s", error)  # noqa: TRY400  (it says all)
            raise
        except CommonplaceError as error:
            parts.metrics.connected.set(0)
            wait = getattr(error, "retry_after", None) or pause
            what = "Slack does not answer" if isinstance(error, ChatError) else "not ready yet"
            code = getattr(error, "code", "")
            log.warning("%s, trying again in %.0f s: %s", what, wait, code or error)
            await asyncio.sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE)
    parts.metrics.connected.set(1)
    log.info("connected as %s in %s", workspace.bot_user_id, workspace.name or workspace.id)
    parts.history.start(partial(learn_channels, parts, workspace.id))


async def learn_channels(parts: Parts, workspace: str) -> None:
    """Ask which channels the bot is in, and plan each one's week."""
    now = parts.clock()
    await _learn_app(parts)
    try:
        mine = await parts.chat.my_channels()
        for info in mine:
            await parts.store.remember_channel(workspace, info, now=now)
        listed = {info.id for info in mine}
        for known in await parts.store.channels(workspace):
            if known.member and not known.archived and known.id not in listed:
                job = NewJob(effect=Effect.CHANNEL, key=known.id)
                await parts.store.enqueue(workspace, job, now=now)
    except ChatError as error:
        # Not everything that speaks Slack's protocol lists channels; events tell them as well.
        log.info("the channels could not be listed: %s", error.code or error)
    for channel in await parts.store.channels(workspace):
        await parts.timetable.plan(channel)


async def _learn_app(parts: Parts) -> None:
    """Ask which app our token belongs to: the one whose events we hear?"""
    installation, token = parts.installation, parts.settings.slack_app_token
    if installation.workspace is None or installation.app_id:
        return
    with contextlib.suppress(ChatError):
        installation.app_id = await parts.chat.app_id(installation.workspace)
    two = of_two_apps(app_of(token.reveal()) if token else "", installation.app_id)
    if two:
        log.error("%s", two)


async def run(settings: Settings, *, listening: Callable[[str], None] = lambda _: None) -> None:
    """Connect to Slack and serve the web side until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    clock = Clock.starting(settings.commonplace_clock)
    if settings.commonplace_clock is not None:
        log.warning("the clock was set to %s: this is a rehearsal", settings.commonplace_clock)
    bound = await _until_usable(settings, stop)
    if stop.is_set():
        if bound is not None:
            bound.close()
        return
    async with (
        put_together(settings, clock) as parts,
        at_work(parts) as running,
        listen(running.web, settings.host, settings.port, bound=bound) as address,
    ):
        log.info("listening on %s", address)
        listening(address)
        _collect_seldom()
        greeting = running.greeting
        if greeting is not None:
            greeting.add_done_callback(lambda task: stop.set() if _failed(task) else None)
        await stop.wait()
        log.info("stopping")
        if greeting is not None and _failed(greeting):
            greeting.result()


def _failed(task: asyncio.Task[None]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is not None


async def _until_usable(settings: Settings, stop: asyncio.Event) -> socket.socket | None:
    """Wait until the database can be written; meanwhile the web side says why it cannot.

    Returns:
        The socket that it listened on, to go on with; None: there was nothing to wait for.
    """
    bound: socket.socket | None = None
    host, port, why, pause = settings.host, settings.port, "", 1.0

    async def problems() -> Mapping[str, str]:
        return {"database": why}

    async with AsyncExitStack() as stack:
        while not stop.is_set():
            try:
                await asyncio.to_thread(migrate, settings.database_url, patience=2.5)
                break
            except StorePlaceError:
                raise
            except (StoreFullError, StoreBusyError) as error:
                why = str(error)
            if bound is None:
                bound = _bound(host, port)
                side = make_app(ready=problems, metrics=make_metrics().render, events=None)
                at = await stack.enter_async_context(listen(side, host, port, bound=bound.dup()))
                log.info("listening on %s", at)
            log.warning("%s Trying again in %.0f s.", why, pause)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await stop.wait()
            pause = min(pause * 2, LONGEST_PAUSE / 6)
    return bound


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise taken(host, port, error) from None


def _collect_seldom() -> None:
    """Let the garbage collector pass over what is here to stay, and look at the rest less often.

    By its defaults it takes a tenth of the time that an event costs.
    """
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


@asynccontextmanager
async def listen(
    app: web.Application, host: str, port: int, *, bound: socket.socket | None = None
) -> AsyncIterator[str]:
    """Serve *app*; yields its address. Requests in hand may end before it closes.

    Args:
        bound: serve on this socket, which is bound to *host* and *port* already.

    Raises:
        SettingsError: the address is taken or not ours.
    """
    # What is compressed stays so: nobody signs what it would be, and it may be enormous.
    runner = web.AppRunner(
        app, shutdown_timeout=GRACE, access_log=None, logger=ServerLog(), auto_decompress=False
    )
    await runner.setup()
    try:
        site = (
            web.TCPSite(runner, host, port, backlog=1024)
            if bound is None
            else web.SockSite(runner, bound, backlog=1024)
        )
        try:
            await site.start()
        except OSError as error:
            raise taken(host, port, error) from None
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def taken(host: str, port: int, error: OSError) -> SettingsError:
    """The error for an address that cannot be served."""
    why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
    return SettingsError(
        f"HOST, PORT: the bot cannot listen on {host}:{port} ({why}). Stop the program that uses "
        "that port, or choose another PORT; HOST must be an address of this machine, such as "
        "127.0.0.1"
    )
