"""The bot as it runs, against the small Slack: real servers on free ports, nothing replaced."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.compose import Components, build
from bot.config import load_settings
from bot.core.model.work import Effect
from bot.readiness import answers
from bot.sandbox.delivery import Timing
from bot.sandbox.model import Channel, Member
from bot.serve import listen, running
from bot.slack import Account
from handlers.slack.chat import SlackChat
from handlers.slack.manifest import manifest
from handlers.slack.sockets import PACE, Pace
from handlers.web import make_app
from tests.fresh import fresh
from tests.people import FORMULA, GARDEN, ben, calm, room, rosa  # noqa: F401  (fixtures)
from tests.slack import Slack

for name in list(os.environ):
    ours = name.startswith(("SLACK_", "TEAMS_", "COMMONPLACE_")) or name in {
        "DATABASE_URL",
        "HOST",
        "PORT",
    }
    if ours or name.lower().endswith("_proxy"):
        del os.environ[name]


async def eventually(
    condition: Callable[[], Awaitable[bool]], saying: str, within: float = 60.0
) -> None:
    """Wait until *condition* holds; fails after *within* seconds with what was awaited."""
    async with asyncio.timeout(within) as limit:
        while not await condition():  # noqa: ASYNC110  (it may hold in another process)
            await asyncio.sleep(0.01)
    assert not limit.expired(), saying


@dataclass(frozen=True, slots=True, repr=False)  # asyncio writes out what a fixture returns
class Bot:
    """A running bot: its parts, where its web side is, and how to read what it keeps."""

    parts: Components
    url: str

    @property
    def home(self) -> SlackChat:
        """The chat of its only workspace, or of its first."""
        return self.parts.connections.every[0]

    async def quiet(self) -> None:
        """Wait until every effect is done; a member who has just joined is welcomed later."""
        self.parts.outbox.wake()  # a clock that was jumped wakes nobody
        await eventually(self._nothing_due, "the outbox is empty")

    async def _nothing_due(self) -> bool:
        jobs = await self.parts.store.jobs(datetime.max.replace(tzinfo=UTC), limit=50)
        due = await self.parts.store.next_due()
        later = due is None or due > self.parts.clock()
        return later and all(one.effect is Effect.JOINED for one in jobs)

    async def rows(self) -> list[dict[str, Any]]:
        """The export's rows, by column."""
        from bot.core.finding.export import COLUMNS  # noqa: PLC0415
        from bot.core.model.ideas import Filters, Visibility  # noqa: PLC0415
        from tests.exported import exported  # noqa: PLC0415

        rows = exported(self.parts.store, "", Filters(), Visibility(everything=True))
        return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


@pytest.fixture
def clock() -> Clock:
    """A clock that shows a Wednesday morning in November and runs on."""
    return Clock.starting(datetime(2026, 11, 25, 15, 0, tzinfo=UTC))


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[Slack]:
    """A small Slack in which the bot is installed; impatient, so that retries come soon."""
    sandbox = Slack(manifest(), clock)
    sandbox.timing = Timing(ack=15.0, retries=(0.0, 0.05, 0.05), hold=30.0)
    async with sandbox.serving():
        yield sandbox


@asynccontextmanager
async def bot_at(
    slack: Slack,
    database: Path,
    clock: Clock,
    *,
    transport: str = "socket",
    pace: Pace = PACE,
    beside: Sequence[Slack] = (),
    **given: Any,
) -> AsyncIterator[Bot]:
    """Run the bot against *slack*, over `socket` or `http`; over `http` also *beside* others."""
    tokens = (
        {"slack_app_token": slack.app_token}
        if transport == "socket"
        else {"slack_signing_secret": slack.signing_secret}
    )
    settings = load_settings(
        env_file=None,
        slack_bot_token=slack.bot_token,
        slack_api_url=slack.api_url,
        database_url=fresh(database),
        port=0,
        **tokens,
        **given,
    )
    async with AsyncExitStack() as stack:
        accounts = [Account(one.bot_token, one.api_url) for one in (slack, *beside)]
        parts = await stack.enter_async_context(
            build(settings, clock, pace=pace, accounts=accounts)
        )
        await stack.enter_async_context(running(parts))
        url = await stack.enter_async_context(
            listen(make_app(partial(answers, parts)), "127.0.0.1", 0)
        )
        if transport == "http":
            for one in (slack, *beside):
                one.events_url = f"{url}/slack/events"
        else:
            await slack.connected()
        await parts.connections.every[0].installation.learnt.wait()
        yield Bot(parts, url)


@pytest.fixture(params=["socket", "http"])
async def bot(
    request: pytest.FixtureRequest, slack: Slack, tmp_path: Path, clock: Clock
) -> AsyncIterator[Bot]:
    """A running bot, once over each transport."""
    async with bot_at(slack, tmp_path / "ideas.db", clock, transport=request.param) as started:
        yield started


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where a bot that a test starts itself keeps its ideas."""
    return tmp_path / "ideas.db"


@pytest.fixture
async def kept(
    slack: Slack,
    rosa: Member,  # noqa: F811  (the fixture of that name)
    ben: Member,  # noqa: F811
    room: Channel,  # noqa: F811
    database: Path,
    clock: Clock,
) -> dict[str, str]:
    """The settings of a database with two ideas of Rosa's and one of Ben's in another channel."""
    other = slack.add_channel("reading", [ben], bot=True)
    async with bot_at(slack, database, clock) as bot:
        for who, where, text in (
            (rosa, room, GARDEN),
            (rosa, room, FORMULA),
            (ben, other, "Book tasting at lunch doubled our checkouts"),
        ):
            slack.post(who, where, text)
            await slack.settled()
        await calm(bot, slack)
    return {"DATABASE_URL": f"sqlite:///{database}"}
