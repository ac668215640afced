"""The bot as it runs, against the small Teams, and the small Slack where that is given too."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.compose import build
from bot.config import load_settings
from bot.readiness import answers
from bot.serve import listen, running
from bot.slack import Account
from handlers.web import make_app
from tests.conftest import Bot
from tests.slack import Slack
from tests.teams.fixtures import addresses_of
from tests.teams.teams import Teams


@asynccontextmanager
async def bot_in(
    teams: Teams, database: Path, clock: Clock, *, slack: Slack | None = None, **given: Any
) -> AsyncIterator[Bot]:
    """Run the bot in *teams*, and over HTTP in *slack* too."""
    told = settings_of(teams, database, slack=slack)
    settings = load_settings(env_file=None, port=0, **told, **given)
    accounts = [] if slack is None else [Account(slack.bot_token, slack.api_url)]
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(
            build(settings, clock, accounts=accounts, microsoft=addresses_of(teams))
        )
        await stack.enter_async_context(running(parts))
        url = await stack.enter_async_context(
            listen(make_app(partial(answers, parts)), "127.0.0.1", 0)
        )
        teams.courier.url = f"{url}/teams/messages"
        assert parts.teams is not None
        await parts.teams.learnt.wait()
        if slack is not None:
            slack.events_url = f"{url}/slack/events"
            await parts.connections.every[0].installation.learnt.wait()
        yield Bot(parts, url)


def settings_of(teams: Teams, database: Path, *, slack: Slack | None = None) -> dict[str, str]:
    """The settings of the bot in *teams*, and over HTTP in *slack* too."""
    told = {
        "teams_client_id": teams.app_id,
        "teams_client_secret": teams.secret,
        "teams_tenant_id": teams.tenant.id,
        "teams_graph_url": teams.graph_url,
        "database_url": f"sqlite:///{database}",
    }
    if slack is None:
        return told
    return told | {
        "slack_bot_token": slack.bot_token,
        "slack_api_url": slack.api_url,
        "slack_signing_secret": slack.signing_secret,
    }
