"""The keys that sign what Teams sends: how long they count, and when they are read again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import jwt
import pytest

from handlers.teams.keys import BREATH, LASTING, PACE, KeyRing, KeysAwayError
from handlers.teams.web import Web
from tests.teams import Teams


@dataclass(slots=True)
class Watch:
    """A clock that a test sets."""

    seconds: float = 0.0

    def __call__(self) -> float:
        """What it shows."""
        return self.seconds


@asynccontextmanager
async def ring(teams: Teams, watch: Watch) -> AsyncIterator[KeyRing]:
    """The keys of this Teams."""
    async with aiohttp.ClientSession() as session:
        yield KeyRing(Web(session, patience=0.3), teams.keys_url, monotonic=watch)


async def knows(keys: KeyRing, teams: Teams, kid: str) -> bool:
    """Whether a token of that key could be looked at."""
    await keys.fetch(kid)
    try:
        keys.get_signing_key_from_jwt(teams.signer.token("", kid=kid, key="key-1"))
    except jwt.PyJWKClientError:
        return False
    return True


async def test_a_new_key_counts_after_a_minute_at_most(teams: Teams) -> None:
    """An unknown key is looked for, but not more often than the pace."""
    watch = Watch()
    async with ring(teams, watch) as keys:
        assert await knows(keys, teams, "key-1")
        teams.signer.kids["key-2"] = ["msteams"]
        assert not await knows(keys, teams, "key-2")
        watch.seconds += PACE
        assert await knows(keys, teams, "key-2")
        assert frozenset({"msteams"}) == keys.endorsed("key-2")
    assert 2 == len(teams.called("keys"))


async def test_a_key_that_is_withdrawn_counts_a_day_at_most(teams: Teams) -> None:
    """After a day the keys are read again, and one that is not shown any more is gone."""
    watch = Watch()
    async with ring(teams, watch) as keys:
        assert await knows(keys, teams, "key-1")
        teams.signer.kids = {"key-2": ["msteams"]}
        watch.seconds += LASTING
        assert await knows(keys, teams, "key-1")
        assert 1 == len(teams.called("keys"))
        watch.seconds += 1.0
        assert await knows(keys, teams, "key-2")
        assert not await knows(keys, teams, "key-1")


async def test_old_keys_count_while_new_ones_cannot_be_read(teams: Teams) -> None:
    """A key server that is silent or gone, a day later, keeps nobody out and nobody waiting."""
    watch = Watch()
    async with ring(teams, watch) as keys:
        assert await knows(keys, teams, "key-1")
        teams.faults.hang("keys", times=None)
        for _ in range(3):
            watch.seconds += LASTING + 1.0
            async with asyncio.timeout(0.2):
                assert await knows(keys, teams, "key-1")
        assert not await knows(keys, teams, "key-9")  # for this one it waits, and gives up


async def test_without_any_key_it_tries_at_a_pace(teams: Teams) -> None:
    """As long as none could be read, each asker is told so; the next try comes soon."""
    watch = Watch()
    fault = teams.faults.crash("keys", times=None)
    async with ring(teams, watch) as keys:
        for _ in range(5):
            with pytest.raises(KeysAwayError):
                await keys.fetch("key-1")
        assert 1 == fault.struck
        fault.clear()
        watch.seconds += BREATH
        assert await knows(keys, teams, "key-1")
