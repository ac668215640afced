"""The two tokens belong to two apps: a socket opens, and no event ever comes over it."""

import json
from pathlib import Path

import pytest

from bot.clock import Clock
from tests.conftest import bot_at, eventually
from tests.faults.wire import ready
from tests.processes import commonplace
from tests.slack import Slack
from tests.test_run import settings_of

OTHER = "A0OTHER0001"


@pytest.fixture
def two_apps(slack: Slack) -> str:
    """Slack knows the app-level token of another app; returns the id of the bot's own."""
    own = slack.installation.app_id
    slack.installation.app_token = f"xapp-1-{OTHER}-123456-abcdef"
    slack.installation.app_id = OTHER
    return own


async def test_doctor_names_both_apps_and_the_remedy(
    slack: Slack, two_apps: str, database: Path, tmp_path: Path
) -> None:
    """One line fails with both ids and says what to do; no token stands in it."""
    done = await commonplace("doctor", settings=settings_of(slack, database), folder=tmp_path)
    assert 1 == done.status, done.out + done.err
    (line,) = [one for one in done.out.splitlines() if one.startswith("FAIL")]
    for word in ("app token", OTHER, two_apps, "both tokens from one app"):
        assert word in line
    assert slack.app_token not in done.out + done.err


@pytest.mark.parametrize("token", [f"xapp-1-{OTHER}-123456-abcdef", "xapp-of-a-server-of-ones-own"])
async def test_a_bot_that_hears_another_app_is_not_ready(
    slack: Slack, two_apps: str, database: Path, clock: Clock, token: str
) -> None:
    """What the socket itself says counts, whatever the token looks like."""
    slack.installation.app_token = token
    async with bot_at(slack, database, clock) as bot:

        async def told() -> bool:
            return "socket" in (await ready(bot))[1]

        await eventually(told, "the readiness page says so")
        status, problems = await ready(bot)
        assert (503, ["socket"]) == (status, list(problems))
        assert OTHER in problems["socket"]
        assert two_apps in problems["socket"]


async def test_it_is_in_the_log_from_the_start(
    slack: Slack,
    two_apps: str,
    database: Path,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Who reads the log alone finds both apps in it."""
    async with bot_at(slack, database, clock) as bot:

        async def told() -> bool:
            return OTHER in caplog.text and two_apps in caplog.text

        await eventually(told, "the log says so")
        await bot.quiet()


async def test_where_slack_does_not_show_the_bot_its_member_tells_the_app(
    slack: Slack, two_apps: str, database: Path, tmp_path: Path
) -> None:
    """`bots.info` may be refused; the bot's own description names its app too."""
    slack.faults.refuse("bots.info", "bot_not_found", times=None)
    done = await commonplace("doctor", settings=settings_of(slack, database), folder=tmp_path)
    assert 1 == done.status
    assert OTHER in done.out
    assert two_apps in done.out


@pytest.mark.parametrize("method", ["bots.info", "users.info"])
async def test_what_cannot_be_known_is_no_fault(
    slack: Slack, database: Path, clock: Clock, method: str
) -> None:
    """A server that tells no app at all, or tells it later, keeps nobody unready."""
    slack.faults.refuse(method, "unknown_method", times=None)
    async with bot_at(slack, database, clock) as bot:
        await bot.quiet()
        assert (200, {}) == await ready(bot)


async def test_a_socket_at_another_host_is_not_opened(
    slack: Slack, database: Path, clock: Clock
) -> None:
    """An address that is not Slack's is said, not followed, and asked for anew."""
    async with bot_at(slack, database, clock) as bot:
        told = json.dumps({"ok": True, "url": "ws://elsewhere.example/link?ticket=1"})
        fault = slack.faults.crash(
            "apps.connections.open",
            status=200,
            content="application/json",
            body=told,
            times=None,
        )
        await slack.sockets.close()

        async def red() -> bool:
            return "not Slack's" in (await ready(bot))[1].get("socket", "")

        await eventually(red, "the readiness page says so")
        fault.clear()
        await slack.connected()
