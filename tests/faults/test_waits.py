"""However long Slack asks to wait, and in whatever words: every wait ends, and nothing dies."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.sandbox.model import Channel, Member
from tests.conftest import Bot, bot_at, eventually
from tests.faults.wire import IDEA, ready
from tests.processes import Done, commonplace
from tests.slack import Slack
from tests.test_run import settings_of

HOUR = timedelta(hours=1)
STRANGE = ["1e14", "inf", "-inf", "nan", "86400000", "-5", "soon", "", "Fri, 27 Nov 2026 15:00 GMT"]


def named(name: str) -> asyncio.Task[None]:
    """A task of the bot."""
    (found,) = [task for task in asyncio.all_tasks() if task.get_name() == name]
    return found


@pytest.mark.parametrize("said", STRANGE)
async def test_a_strange_retry_after_puts_a_job_off_by_an_hour_at_most(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock, said: str
) -> None:
    """The outbox lives, the job is tried again within the hour, and the bot stays ready."""
    async with bot_at(slack, database, clock) as bot:
        fault = slack.faults.rate_limit("reactions.add", retry_after=said, times=None)
        slack.post(rosa, room, IDEA)
        await slack.until(lambda: fault.struck == 1, saying="the mark was refused")

        async def put_off() -> bool:
            due = await bot.parts.store.next_due()
            return due is not None and timedelta() < due - clock() <= HOUR

        await eventually(put_off, "it waits, within the hour")
        assert not named("outbox").done()
        assert (200, {}) == await ready(bot)


async def test_a_strange_retry_after_does_not_keep_sockets_away(
    slack: Slack, database: Path, clock: Clock
) -> None:
    """What is no number of seconds is passed over, and a socket is opened all the same."""
    async with bot_at(slack, database, clock):
        for said in ("inf", "nan"):
            slack.faults.rate_limit("apps.connections.open", retry_after=said)
        await slack.sockets.close()
        await slack.until(lambda: not slack.sockets.connections, saying="it is closed")
        await slack.connected()


@pytest.mark.parametrize("name", ["outbox", "read histories", "socket mode 1"])
async def test_a_task_that_died_is_red_and_logged(
    slack: Slack, database: Path, clock: Clock, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever ended it, the readiness page and the log name it."""
    async with bot_at(slack, database, clock) as bot:
        await bot.quiet()
        task = named(name)
        task.cancel()
        await asyncio.wait([task])
        status, problems = await ready(bot)
        assert (503, True) == (status, name in problems)
    assert f"{name} has died" in caplog.text


async def test_a_schedule_that_does_not_tick_is_red(bot: Bot) -> None:
    """While its ticks fail the bot is not ready, and it is again after the next good one."""
    timetable = bot.parts.timetable

    def nowhere() -> frozenset[str]:
        raise RuntimeError("no home")

    homes = timetable.homes
    object.__setattr__(timetable, "homes", nowhere)
    await bot.parts.schedule.wake()
    assert (503, ["schedule"]) == ((answer := await ready(bot))[0], list(answer[1]))
    object.__setattr__(timetable, "homes", homes)
    await bot.parts.schedule.wake()
    assert (200, {}) == await ready(bot)


async def posts(slack: Slack, database: Path) -> Done:
    """What `digest --post` comes to."""
    settings = settings_of(slack, database) | {"COMMONPLACE_CLOCK": slack.clock().isoformat()}
    return await commonplace("digest", "--channel", "leadership", "--post", settings=settings)


@pytest.mark.parametrize("method", ["chat.postMessage", "auth.test", "conversations.history"])
async def test_posting_by_hand_waits_out_a_short_pause(
    slack: Slack, kept: dict[str, str], room: Channel, database: Path, method: str
) -> None:
    """A command waits the seconds that Slack asks for, and posts once."""
    assert kept
    fault = slack.faults.rate_limit(method, retry_after=1)
    before = len(slack.said_by_bot(room))
    done = await posts(slack, database)
    assert (0, "Posted") == (done.status, done.out[:6]), done.err
    assert 1 == fault.struck
    assert before + 1 == len(slack.said_by_bot(room))


async def test_a_long_pause_is_said_and_the_next_run_keeps_it(
    slack: Slack, kept: dict[str, str], database: Path
) -> None:
    """Nobody waits for minutes, and Slack is not asked again before its time, by any run."""
    assert kept
    fault = slack.faults.rate_limit("chat.postMessage", retry_after=900, times=None)
    for _ in range(2):
        done = await posts(slack, database)
        assert 3 == done.status, done.err
        assert "the chat asks to wait" in done.out
    assert 1 == fault.struck


async def test_pages_that_lead_in_a_circle_come_to_an_end(bot: Bot, slack: Slack) -> None:
    """A list whose pages name each other is read once around."""
    await slack.until(lambda: bool(slack.called("users.conversations")), saying="it has started")
    await bot.quiet()
    before = len(slack.called("users.conversations"))
    for number in range(10):
        page = {"ok": True, "channels": [], "response_metadata": {"next_cursor": "ab"[number % 2]}}
        slack.faults.crash(
            "users.conversations", status=200, content="application/json", body=json.dumps(page)
        )
    assert [] == await bot.home.my_channels()
    assert before + 3 == len(slack.called("users.conversations"))
