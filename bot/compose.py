"""The composition root: settings become a store, a chat, use cases, a schedule and a web side.

Everything is built here, and nothing is started: `serve` does that.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

import aiohttp

from bot.clock import Clock, real_now
from bot.config import Settings
from bot.core.delivery.poster import DeliveryPoster
from bot.core.desk.desk import Desk, make_desk
from bot.core.errors import SettingsError
from bot.core.finding.boards import BoardReader
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.permissions import Permissions
from bot.core.intake.catch_up import CatchUp
from bot.core.intake.channels import ChannelLife
from bot.core.intake.keep import ChannelFilter, Keeper
from bot.core.intake.reader import Reader
from bot.core.model.channel_week import ScheduleDefaults
from bot.core.model.people import Channel
from bot.core.model.weeks import parse_weekly
from bot.core.outbox.effects import make_effects
from bot.core.week.ahead import DigestPreviews
from bot.core.week.digest_builder import DigestBuilder
from bot.core.week.personal import PersonalDigests
from bot.core.week.picker import PromptPicker
from bot.core.week.rounds import Rounds
from bot.core.week.settings import ChannelSettings
from bot.core.week.timetable import Timetable
from bot.core.week.weekly import Weekly
from bot.data.calendar import load_calendar
from bot.data.capture import load_rules
from bot.data.common_words import load_likeness
from bot.data.framework import framework_at
from bot.data.guard import load_guard
from bot.data.prompts import load_bank
from bot.history import History
from bot.outbox import Outbox, file_of
from bot.platforms import Platform, Platforms
from bot.printing import drawn
from bot.schedule import Schedule
from bot.slack import Account, clients_of, connect
from bot.tasks import Tasks
from bot.telemetry import Metrics
from bot.values import is_channel_id
from bot.workbook import WRITERS
from handlers.proxies import Proxies
from handlers.slack.bodies import to_spans
from handlers.slack.connections import Connections
from handlers.slack.direct import DirectMessages
from handlers.slack.door import Door, make_door
from handlers.slack.events import SlackEvents
from handlers.slack.home import HomeTab
from handlers.slack.http import events_handler
from handlers.slack.render import SECTION
from handlers.slack.sockets import PACE, Pace, Sockets
from handlers.slack.vocabulary import SLACK
from handlers.teams.account import Addresses
from handlers.web import Handler
from handlers.web.files import Files
from handlers.web.keeping import Kept, Openings
from handlers.web.visitors import Visitors
from handlers.web.visits import SharedPages
from storage import Store, open_store

if TYPE_CHECKING:
    from bot.teams import Teams


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Components:
    """Everything, composed and not yet started.

    Slack speaks through *sockets* or *over_http*; *connections* has none of Slack where it is not
    set. Teams speaks through *activities*.
    """

    settings: Settings
    clock: Clock
    store: Store
    platforms: Platforms
    connections: Connections
    teams: "Teams | None"
    keeper: Keeper
    finder: IdeaFinder
    weekly: Weekly
    timetable: Timetable
    history: History
    outbox: Outbox
    metrics: Metrics
    door: Door | None
    desk: Desk
    sockets: Sockets | None
    schedule: Schedule
    tasks: Tasks
    over_http: Handler | None
    activities: Handler | None
    shared: SharedPages


@asynccontextmanager
async def build(
    settings: Settings,
    clock: Clock | None = None,
    *,
    pace: Pace = PACE,
    accounts: Sequence[Account] = (),
    microsoft: Addresses | None = None,
) -> AsyncIterator[Components]:
    """Build everything from settings; close what was opened at the end.

    Args:
        clock: None: one that shows what the settings say.
        pace: how patient the sockets are.
        accounts: Slack's workspaces to serve; none: the one that the settings name.
        microsoft: where Microsoft gives tokens and shows keys; None: Microsoft's own addresses.

    Raises:
        CommonplaceError: the database cannot be opened, or a data file is wrong.
    """
    clock = clock or Clock.starting(settings.commonplace_clock)
    async with AsyncExitStack() as stack:
        store = open_store(settings.database_url)
        stack.push_async_callback(store.close)
        session = await stack.enter_async_context(
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        )
        metrics = Metrics()
        framework = framework_at(settings.commonplace_framework)
        calendar = load_calendar()
        tasks = Tasks()
        proxies = Proxies(
            settings.https_proxy.reveal(), settings.http_proxy.reveal(), settings.no_proxy
        )
        clients = clients_of(settings, session, proxies, accounts)
        connections = connect(clients, store, metrics)
        await connections.load(store)
        every = [Platform(chats=connections, vocabulary=SLACK, spans=to_spans)]
        teams = None
        if settings.teams:
            opened = _open_teams()(
                settings,
                store=store,
                session=session,
                proxies=proxies,
                metrics=metrics,
                addresses=microsoft,
            )
            teams = await stack.enter_async_context(opened)
            every = [*(every if clients else ()), teams.platform()]
        platforms = Platforms(tuple(every))

        keeper = Keeper(
            store,
            Reader(framework, load_rules(), load_guard()),
            clock,
            ChannelFilter(
                frozenset(settings.commonplace_channels),
                by_id=all(map(is_channel_id, settings.commonplace_channels)),
            ),
        )
        permissions = Permissions(
            store=store,
            chats=platforms,
            now=clock,
            admins=frozenset(settings.commonplace_admins),
            watch=keeper.watch,
        )
        finder = IdeaFinder(
            store=store,
            chats=platforms,
            permissions=permissions,
            framework=framework,
            now=clock,
            zone=settings.zone,
        )
        defaults = ScheduleDefaults(
            zone=settings.zone,
            digest=parse_weekly(settings.commonplace_digest),
            prompt=parse_weekly(settings.commonplace_prompt),
        )
        poster = DeliveryPoster(store=store, chats=platforms, now=clock, real_now=real_now)
        builder = DigestBuilder(
            store=store, chats=platforms, framework=framework, zone=settings.zone, now=clock
        )
        weekly = Weekly(
            store=store,
            poster=poster,
            builder=builder,
            picker=PromptPicker(
                store=store, framework=framework, bank=load_bank(calendar), calendar=calendar
            ),
            defaults=defaults,
        )
        channel_settings = ChannelSettings(
            store=store,
            chats=platforms,
            permissions=permissions,
            defaults=defaults,
            speaks=keeper.watch.includes,
            plan=lambda: timetable.plan(),  # noqa: PLW0108  (it is made further below)
            now=clock,
        )
        ahead = DigestPreviews(
            store=store,
            permissions=permissions,
            builder=builder,
            rounds=Rounds(
                store=store,
                finder=finder,
                permissions=permissions,
                settings=channel_settings,
                picker=weekly.picker,
                now=clock,
            ),
            poster=poster,
            defaults=defaults,
            now=clock,
        )
        personal = PersonalDigests(
            store=store,
            permissions=permissions,
            builder=builder,
            poster=poster,
            usual=settings.zone,
            now=clock,
            on_result=metrics.on_delivery,
        )
        outbox = Outbox(
            store,
            make_effects(
                finder=finder,
                keeper=keeper,
                poster=poster,
                ahead=ahead,
                personal=personal,
                file_of=file_of,
                draw=drawn,
                writers=WRITERS,
            ).run,
            clock,
            metrics.on_job,
            tasks,
        )

        async def channels() -> list[Channel]:
            known = [one for home in platforms.workspaces() for one in await store.channels(home)]
            return [c for c in known if c.member and not c.archived and keeper.watch.includes(c)]

        history = History(
            CatchUp(store, platforms, keeper, clock),
            channels,
            real_now,
            metrics.on_read,
            partial(_unheard, teams, channels),
            silent=lambda home: teams is not None and home == teams.bot.id,
            watched=tasks,
        )
        timetable = Timetable(
            store=store,
            weekly=weekly,
            homes=platforms.workspaces,
            now=clock,
            real_now=real_now,
            watched=keeper.watch.includes,
            caught_up=history.caught_up,
            before=ahead.before,
            personal=personal.schedule,
            on_result=metrics.on_delivery,
        )
        channel_life = ChannelLife(
            store=store, watch=keeper.watch, now=clock, joined=timetable.plan
        )
        desk = make_desk(
            store=store,
            finder=finder,
            keeper=keeper,
            weekly=weekly,
            ahead=ahead,
            settings=channel_settings,
            spans=platforms.spans,
            settle=outbox.settle,
            base_url=settings.base_url,
            likeness=load_likeness(),
            longest=SECTION,
        )
        door, sockets, over_http, activities = None, None, None, None
        if clients:
            direct = DirectMessages(desk=desk, chats=connections, poster=poster, now=clock)
            events = SlackEvents(
                keeper,
                channel_life,
                connections,
                direct,
                HomeTab(desk, connections),
                metrics.on_event,
                history.gap,
            )
            door = make_door(events, desk, clients[0])
            if app_token := settings.slack_app_token.reveal():
                sockets = Sockets(door, clients[0], app_token, history.gap, pace, watched=tasks)
            elif secret := settings.slack_signing_secret.reveal():
                over_http = events_handler(door, secret, metrics.on_refused)
        if teams is not None:
            activities = await stack.enter_async_context(
                teams.listening(
                    store=store,
                    keeper=keeper,
                    channels=channel_life,
                    desk=desk,
                    metrics=metrics,
                    look_around=history.gap,
                )
            )
        yield Components(
            settings=settings,
            clock=clock,
            store=store,
            platforms=platforms,
            connections=connections,
            teams=teams,
            keeper=keeper,
            finder=finder,
            weekly=weekly,
            timetable=timetable,
            history=history,
            outbox=outbox,
            metrics=metrics,
            door=door,
            desk=desk,
            sockets=sockets,
            schedule=Schedule(timetable.tick),
            tasks=tasks,
            over_http=over_http,
            activities=activities,
            shared=SharedPages(
                reader=BoardReader(store=store, framework=framework, zone=settings.zone, now=clock),
                visitors=Visitors(monotonic),
                base_url=settings.base_url,
                files=Files(writers=WRITERS, file_of=file_of),
                kept=Kept(store),
                openings=await stack.enter_async_context(aclosing(Openings(store))),
            ),
        )


def _open_teams() -> "Callable[..., AbstractAsyncContextManager[Teams]]":
    """Return what builds the part in Teams, where Microsoft's library is installed.

    Raises:
        SettingsError: it is not.
    """
    try:
        from bot.teams import open_teams  # noqa: PLC0415  (only where Teams is set)
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] in {"handlers", "bot"}:
            raise
        raise SettingsError(
            f"TEAMS_CLIENT_ID is set, and the library for Teams is not installed ({error.name}). "
            "Install it with: make install TEAMS=1"
        ) from None
    return open_teams


async def _unheard(
    teams: "Teams | None", channels: Callable[[], Awaitable[list[Channel]]]
) -> list[Channel]:
    """Return the watched channels that send no events."""
    told = frozenset() if teams is None else frozenset(await teams.chat.unheard())
    return [one for one in await channels() if one.id in told] if told else []
