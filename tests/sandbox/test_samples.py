"""The samples: marked, plausible, and in step with the clock."""

import asyncio
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from tests.sandbox.plain import Client, Clock, Ear, make_manifest
from tests.slack import Slack


@pytest.fixture(params=["2026-11-25T21:00:00", "2026-11-29T04:00:00", "2027-01-04T14:00:00"])
def clock(request: pytest.FixtureRequest) -> Clock:
    return Clock(datetime.fromisoformat(request.param).replace(tzinfo=UTC))


def test_everybody_is_marked_as_a_sample(clock: Clock) -> None:
    """Every person and the workspace say that they are samples; one coordinates."""
    sandbox = Slack(make_manifest(), clock, samples=True)
    people = [each for each in sandbox.workspace.members.values() if not each.is_bot]
    assert 4 == len(people)
    assert all(each.display_name.endswith("(sample)") for each in people)
    assert "(sample)" in sandbox.workspace.name
    assert ["joan"] == [each.name for each in people if each.is_admin]


def test_ideas_lie_in_the_four_weeks_before_now(clock: Clock) -> None:
    """No sample is older than thirty days or in the future, and some are of the last week."""
    sandbox = Slack(make_manifest(), clock, samples=True)
    moments = [
        float(message.ts)
        for room in sandbox.workspace.messages.values()
        for message in room.values()
    ]
    now = clock().timestamp()
    assert now - timedelta(days=31).total_seconds() < min(moments)
    assert max(moments) <= now
    assert len([each for each in moments if each > now - 7 * 86_400]) >= 5
    for room in sandbox.workspace.messages.values():
        assert sorted(room) == list(room)


def test_the_private_channel_is_for_some(clock: Clock) -> None:
    """Two public channels are for all, the private one for two; the bot is in each."""
    sandbox = Slack(make_manifest(), clock, samples=True)
    rooms = [each for each in sandbox.workspace.channels.values() if not each.is_im]
    assert [(5, False), (5, False), (3, True)] == [
        (len(each.members), each.is_private) for each in rooms
    ]
    assert all(sandbox.bot.id in each.members for each in rooms)


async def test_history_comes_as_events_in_order(
    clock: Clock, session: aiohttp.ClientSession
) -> None:
    """deliver_history sends every post, reply and reaction in the order of time, once."""
    sandbox = Slack(make_manifest(), clock, samples=True)
    async with sandbox.serving():
        url = await Client(session, sandbox)("apps.connections.open", sandbox.app_token)
        ear = Ear(await session.ws_connect(url["url"]))
        await ear.socket.receive_json()
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(ear.listen())
            await sandbox.sandbox.deliver_history()
            listening.cancel()
        events = [ear.heard.get_nowait()["payload"]["event"] for _ in range(ear.heard.qsize())]
        moments = [each["event_ts"] for each in events]
        assert sorted(moments) == moments
        posts = {each["ts"] for each in events if each["type"] == "message"}
        assert posts == {ts for room in sandbox.workspace.messages.values() for ts in room}
        assert len(events) == len({each["event_ts"] for each in events})
        await ear.socket.close()
