"""The keys that sign what Teams sends: fetched on the loop, kept, and asked for at a pace."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator

import jwt

from handlers.shapes import Payload, dicts, items, string
from handlers.teams.web import AwayError, Web

log = logging.getLogger(__name__)

LASTING = 24 * 3_600.0
"""Seconds after which the keys are read again: Microsoft changes them, and says so nowhere else."""

PACE = 60.0
"""Seconds between two readings, however many tokens name a key that nobody knows."""

BREATH = 2.0
"""Seconds between two readings, as long as none has succeeded."""

MOST = 1_000
"""Keys that are looked at."""


class KeysAwayError(Exception):
    """The keys cannot be had now: whether a token is right is not known."""


class KeyRing(jwt.PyJWKClient):
    """The keys at an address, in the place of PyJWT's own, which stops the loop while it reads.

    One reading serves all who wait for it. While a new one is under way, the old keys count.
    """

    def __init__(
        self, web: Web, url: str, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(url)
        self._web = web
        self._monotonic = monotonic
        self._keys: dict[str, jwt.PyJWK] = {}
        self._endorsed: dict[str, frozenset[str]] = {}
        self._read: float | None = None
        self._tried: float | None = None
        self._reading: asyncio.Task[None] | None = None

    async def fetch(self, kid: str) -> None:
        """See to it that the key *kid* is here, if there is such a key.

        Raises:
            KeysAwayError: the keys have never been read, and cannot be read now.
        """
        now = self._monotonic()
        old = self._read is None or now - self._read > LASTING
        if not old and kid in self._keys:
            return
        pace = PACE if self._keys else BREATH
        if self._reading is None and (self._tried is None or now - self._tried >= pace):
            self._tried = now
            self._reading = asyncio.create_task(self._fetch(), name="keys of Teams")
            self._reading.add_done_callback(self._done)
        if self._reading is not None and kid not in self._keys:
            await asyncio.shield(self._reading)
        if not self._keys:
            raise KeysAwayError

    def endorsed(self, kid: str) -> frozenset[str]:
        """The channels that a key may sign for; empty: it names none, and signs for all."""
        return self._endorsed.get(kid, frozenset())

    def get_signing_key_from_jwt(self, token: str | bytes) -> jwt.PyJWK:
        """Return the key that a token names, if it is here.

        Raises:
            PyJWKClientError: it is not.
        """
        kid = jwt.get_unverified_header(token).get("kid")
        try:
            return self._keys[str(kid)]
        except KeyError:
            raise jwt.PyJWKClientError("no such key") from None

    async def _fetch(self) -> None:
        try:
            status, body = await self._web.ask(self.uri)
        except AwayError as error:
            log.warning("the keys of Teams could not be read: %s", error)
            return
        found = dict(_keys(body))
        if status != 200 or not found:
            log.warning("the keys of Teams could not be read: status %d", status)
            return
        self._keys = {kid: key for kid, (key, _) in found.items()}
        self._endorsed = {kid: channels for kid, (_, channels) in found.items()}
        self._read = self._monotonic()

    def _done(self, _reading: asyncio.Task[None]) -> None:
        self._reading = None


def _keys(body: Payload) -> Iterator[tuple[str, tuple[jwt.PyJWK, frozenset[str]]]]:
    """Yield each key that can sign, by its id, with the channels that it is endorsed for."""
    for one in dicts(body.get("keys"))[:MOST]:
        kid = string(one.get("kid"))
        if kid and one.get("kty") == "RSA":
            try:
                key = jwt.PyJWK(one, algorithm="RS256")
            except jwt.PyJWTError:
                continue
            yield kid, (key, frozenset(map(string, items(one.get("endorsements")))))
