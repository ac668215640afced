"""Sockets that are renewed, fall silent, are switched off, or cannot be opened."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.sandbox.model import Channel, Member
from handlers.slack.sockets import Pace, Sockets
from tests.conftest import bot_at, eventually
from tests.faults.waiting import caught_up, kept, so
from tests.faults.wire import IDEA, given_up, ready
from tests.slack import Slack

HASTY = Pace(apart=0.0, ping=0.1, pause=0.02)


async def both_open(slack: Slack, sockets: Sockets | None) -> None:
    """Wait until two sockets are open, and the bot knows of both.

    It knows a moment later than Slack does: a renewal in that moment would leave it with none.
    """
    assert sockets is not None

    async def known() -> bool:
        return 2 == sockets.live

    await slack.connected(2)
    await eventually(known, "the bot knows that both are open")


async def test_no_event_is_missing_while_sockets_are_renewed(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """Each of two sockets is renewed several times under load, and no history need be read."""
    # However busy this machine is, no socket is to be taken for silent.
    pace = Pace(apart=0.0, ping=60.0)
    async with bot_at(slack, database, clock, pace=pace) as bot:
        await both_open(slack, bot.parts.sockets)
        await caught_up(bot)
        read = len(slack.called("conversations.history"))
        opened = slack.sockets.opened
        slack.timing = type(slack.timing)(ack=2.0, retries=(), hold=5.0)
        for number in range(200):
            slack.post(rosa, room, f"{IDEA} number {number}")
            if number % 40 == 20:
                await both_open(slack, bot.parts.sockets)
                await slack.sockets.refresh()
            await asyncio.sleep(0)
        await slack.settled()
        await eventually(kept(bot, 200), "every post is kept")
        await slack.until(lambda: slack.sockets.opened == opened + 5, saying="five new sockets")
        await both_open(slack, bot.parts.sockets)
        await caught_up(bot)
        assert read == len(slack.called("conversations.history"))


async def test_the_second_socket_opens_apart_from_the_first(
    slack: Slack, database: Path, clock: Clock
) -> None:
    """Slack renews a socket some hours after it opened: the two never at the same time."""
    pace = Pace(apart=0.3, ping=5.0)
    async with bot_at(slack, database, clock, pace=pace) as bot:
        began = asyncio.get_running_loop().time()
        assert 1 == slack.sockets.opened
        await slack.connected(2)
        assert asyncio.get_running_loop().time() - began > 0.2
        # A network that fails takes both away. One comes back at once, the other apart from it.
        await slack.sockets.close()
        await slack.until(lambda: not slack.sockets.connections, saying="both are closed")
        await slack.connected(1)
        again = asyncio.get_running_loop().time()
        await slack.connected(2)
        assert asyncio.get_running_loop().time() - again > 0.2
        assert {} == (await ready(bot))[1]


async def test_a_socket_that_falls_silent_is_noticed(
    slack: Slack, database: Path, clock: Clock
) -> None:
    """When nothing comes through and no other socket can be had, the bot is not ready."""
    async with bot_at(slack, database, clock, pace=HASTY) as bot:
        assert (200, {}) == await ready(bot)
        fault = slack.faults.refuse("apps.connections.open", "internal_error", times=None)
        slack.sockets.mute()

        words = {"socket": "Slack gives no socket: internal_error"}

        async def red() -> bool:
            return (503, words) == await ready(bot)

        # Within some pings: 0.1 s here, so within a minute at the 5 s of everyday.
        await eventually(red, "the bot is not ready", within=1.2)
        fault.clear()
        await slack.connected()

        async def green() -> bool:
            return (await ready(bot))[0] == 200

        await eventually(green, "the bot is ready again")


def test_everyday_pings_find_a_silent_socket_within_a_minute() -> None:
    """A silent socket is given up when half a ping's time passed without an answer."""
    assert Pace().ping * 1.5 < 60
    assert Pace().apart == 600


async def test_what_came_while_all_was_silent_is_read(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """An event that went into a dead socket and was given up by Slack is found in the history."""
    async with bot_at(slack, database, clock, pace=HASTY) as bot:
        await caught_up(bot)
        slack.timing = type(slack.timing)(ack=0.05, retries=(), hold=0.0)
        slack.sockets.mute()
        slack.post(rosa, room, IDEA)
        await slack.settled()
        assert "message" in {body["event"]["type"] for body in slack.delivery.lost}
        await eventually(kept(bot, 1), "it is kept")


async def test_what_went_into_one_dead_socket_is_read(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """Of two sockets one falls silent: what Slack sent there and gave up is read."""
    async with bot_at(slack, database, clock, pace=HASTY) as bot:
        await both_open(slack, bot.parts.sockets)
        await caught_up(bot)
        slack.timing = type(slack.timing)(ack=5.0, retries=(), hold=0.0)
        slack.sockets.mute(slack.sockets.connections[0])
        slack.post(rosa, room, f"{IDEA} in spring")
        slack.post(rosa, room, f"{IDEA} in autumn")
        await slack.settled()
        assert 1 == len(given_up(slack))
        await eventually(kept(bot, 2), "both are kept")


async def test_two_sockets_that_open_at_once_are_one_gap(
    slack: Slack, database: Path, clock: Clock
) -> None:
    """The first to open ends the gap: the other opens beside it, and is later renewed beside it."""
    gaps: list[int] = []
    async with bot_at(slack, database, clock, transport="http") as bot:
        assert bot.parts.door is not None
        sockets = Sockets(
            bot.parts.door,
            bot.home.calls.client,
            slack.app_token,
            lambda: gaps.append(slack.sockets.opened),
            Pace(apart=0.0, ping=60.0),
        )
        sockets.start()
        try:
            await both_open(slack, sockets)
            assert 1 == len(gaps)
            await slack.sockets.refresh()
            await slack.until(lambda: slack.sockets.opened == 3, saying="one is renewed")
            await both_open(slack, sockets)
            assert 1 == len(gaps)
        finally:
            await sockets.stop()


async def test_a_quiet_day_is_a_good_day(slack: Slack, database: Path, clock: Clock) -> None:
    """When nobody says anything for days the bot stays ready, and no socket is opened anew."""
    async with bot_at(slack, database, clock, pace=HASTY) as bot:
        await slack.connected(2)
        opened = slack.sockets.opened
        for _ in range(4):
            clock.jump(clock() + timedelta(days=1))
            await asyncio.sleep(HASTY.ping * 2)
            assert (200, {}) == await ready(bot)
        assert opened == slack.sockets.opened


@pytest.mark.parametrize("code", ["invalid_auth", "account_inactive"])
async def test_a_token_that_is_refused_is_tried_ever_more_rarely(
    slack: Slack, database: Path, clock: Clock, code: str
) -> None:
    """The pauses grow, the page says which setting is wrong, and later all is well by itself."""
    async with bot_at(slack, database, clock, pace=Pace(apart=99, ping=0.1, pause=0.02)) as bot:
        asked = len(slack.called("apps.connections.open"))
        fault = slack.faults.refuse("apps.connections.open", code, times=None)
        await slack.sockets.close()
        loop = asyncio.get_running_loop()
        began = loop.time()
        await slack.until(lambda: fault.struck >= 6, saying="it was tried six times")
        # 0.02 + 0.04 + 0.08 + 0.16 + 0.32 between six tries
        assert loop.time() - began > 0.6
        assert asked + 6 == len(slack.called("apps.connections.open"))
        status, problems = await ready(bot)
        assert 503 == status
        assert "SLACK_APP_TOKEN" in problems["socket"]
        fault.clear()
        await slack.connected()
        await eventually(so(lambda: len(slack.sockets.connections) == 1), "a socket is open")


async def test_slack_may_ask_to_wait_before_a_socket_is_opened(
    slack: Slack, database: Path, clock: Clock
) -> None:
    """`Retry-After` is obeyed for `apps.connections.open` too."""
    async with bot_at(slack, database, clock, pace=Pace(apart=99, ping=0.1, pause=0.02)):
        fault = slack.faults.rate_limit("apps.connections.open", retry_after=1)
        began = asyncio.get_running_loop().time()
        await slack.sockets.close()
        await slack.until(lambda: fault.struck == 1, saying="it was refused")
        await slack.connected()
        assert asyncio.get_running_loop().time() - began > 0.95


async def test_when_socket_mode_is_switched_off_nobody_storms_slack(
    slack: Slack, database: Path, clock: Clock
) -> None:
    """Each `link_disabled` doubles the pause before the next try, also when sockets still open."""
    async with bot_at(slack, database, clock, pace=Pace(apart=99, ping=0.1, pause=0.1)) as bot:
        loop = asyncio.get_running_loop()

        async def told() -> bool:
            status, problems = await ready(bot)
            return status == 503 and "switched off" in problems["socket"]

        pauses = []
        for number in range(5):
            await slack.sockets.disable()
            began = loop.time()
            await slack.until(lambda: not slack.sockets.connections, saying="it is closed")
            if number == 4:  # long enough to be seen on a busy machine too
                await eventually(told, "the bot says why it is not ready", within=5)
            await slack.connected()
            pauses.append(loop.time() - began)
        # 0.1, doubled four times, and the time it takes to open a socket
        assert pauses[4] > max(1.6, pauses[0])


async def test_payloads_in_hand_are_acknowledged_before_the_sockets_close(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """When the bot is told to stop, what it has in hand is stored and acknowledged first."""
    slack.timing = type(slack.timing)(ack=30.0, retries=(), hold=0.0)
    async with bot_at(slack, database, clock) as bot:
        await caught_up(bot)
        sockets = bot.parts.sockets
        assert sockets is not None
        with closing(sqlite3.connect(database, isolation_level=None)) as other:
            other.execute("begin immediate")
            for number in range(20):
                slack.post(rosa, room, f"{IDEA} number {number}")
            await eventually(so(lambda: len(sockets.in_hand) == 20), "twenty are in hand")
            stopping = asyncio.create_task(sockets.stop())
            await eventually(so(lambda: sockets.stopping), "it stops")
            other.execute("rollback")
        await stopping
        await slack.settled()
        assert [] == [one for one in slack.delivery.lost if one["event"]["type"] == "message"]
        assert 20 == len(await bot.rows())
