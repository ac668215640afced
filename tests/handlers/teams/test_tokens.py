"""Tokens of the bot's own: asked for once, kept while they last, and never holding up the loop."""

import asyncio
import time

import pytest

from bot.core.errors import ChatError, ChatUnavailableError
from handlers.teams.tokens import CONNECTOR, GRAPH
from tests.teams import Fault, Teams
from tests.teams.fixtures import tokens_of


async def test_a_token_is_asked_for_once(teams: Teams) -> None:
    """Twenty who want it at once make one request; each scope has its own."""
    async with tokens_of(teams) as tokens:
        given = await asyncio.gather(*(tokens.of(CONNECTOR) for _ in range(20)))
        other = await tokens.of(GRAPH)
        assert {given[0]} == set(given)
        assert other not in given
    assert [CONNECTOR, GRAPH] == [one.body["scope"] for one in teams.called("login")]


async def test_the_first_token_does_not_hold_up_the_loop(teams: Teams) -> None:
    """While Microsoft takes a second, everything else goes on."""
    teams.faults.slow("login", 1.0)
    async with tokens_of(teams) as tokens:
        asked = asyncio.create_task(tokens.of(CONNECTOR))
        longest, before = 0.0, time.monotonic()
        while not asked.done():
            await asyncio.sleep(0.01)
            now = time.monotonic()
            longest, before = max(longest, now - before), now
        assert longest < 0.5
        assert await asked


async def test_a_token_is_renewed_before_it_ends(teams: Teams) -> None:
    """One that lasts no longer than it takes to use it is not used again."""
    teams.lasting = 0.0
    async with tokens_of(teams) as tokens:
        assert await tokens.of(CONNECTOR) != await tokens.of(CONNECTOR)


async def test_a_token_that_was_refused_is_asked_for_anew(teams: Teams) -> None:
    """After that the next one comes from Microsoft."""
    async with tokens_of(teams) as tokens:
        first = await tokens.of(CONNECTOR)
        tokens.forget(CONNECTOR)
        assert first != await tokens.of(CONNECTOR)


async def test_a_wrong_secret_is_said(teams: Teams) -> None:
    """It is an error for good, which names the settings and not the secret."""
    async with tokens_of(teams, secret="wrong-secret") as tokens:
        with pytest.raises(ChatError, match="TEAMS_CLIENT_SECRET") as raised:
            await tokens.of(CONNECTOR)
    assert not isinstance(raised.value, ChatUnavailableError)
    assert "wrong-secret" not in f"{raised.value}{tokens}"


async def test_microsoft_may_be_away(teams: Teams) -> None:
    """No answer, none in time, or none that can be read: try again later."""
    async with tokens_of(teams, patience=0.3) as tokens:
        for fault in (
            Fault("cut", "login"),
            Fault("hang", "login"),
            Fault("crash", "login"),
            Fault("odd", "login", status=200, body='{"access_token": 7, "expires_in": "x"}'),
            Fault("odd", "login", status=200, body="[]"),
            Fault("rate_limit", "login"),
        ):
            teams.faults.arm(fault)
            with pytest.raises(ChatUnavailableError):
                await tokens.of(CONNECTOR)
        assert await tokens.of(CONNECTOR)


async def test_a_rehearsal_needs_no_token(teams: Teams) -> None:
    """Nobody is asked for one."""
    teams.rehearse()
    async with tokens_of(teams) as tokens:
        assert "" == await tokens.of(CONNECTOR)
    assert [] == teams.called("login")
