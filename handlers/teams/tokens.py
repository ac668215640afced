"""Tokens of ours, for the connector and for Graph: asked for on the loop, and kept while they last.

The library's own way stops the loop at the first token, waits without limit, and speaks to no
address but `https`; what it does beside is one request.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.core.errors import ChatError, ChatUnavailableError
from handlers.shapes import Payload, string
from handlers.teams.account import Account
from handlers.teams.web import AwayError, Web

CONNECTOR = "https://api.botframework.com/.default"
GRAPH = "https://graph.microsoft.com/.default"

EARLY = 300.0
"""Seconds before its end from which a token is not used any more."""

_REFUSED = frozenset({"invalid_client", "unauthorized_client", "invalid_request", "invalid_grant"})
"""Answers of Microsoft's that waiting does not change."""


@dataclass(slots=True)
class _Kept:
    token: str = ""
    until: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Gives the token for a scope; in a rehearsal none, an empty one.

    Args:
        login: Microsoft's address for tokens, as `Addresses` has it.
    """

    account: Account
    web: Web
    login: str
    monotonic: Callable[[], float] = time.monotonic
    _kept: dict[str, _Kept] = field(default_factory=dict)

    async def of(self, scope: str) -> str:
        """Return a token that is good for a while, for `CONNECTOR` or for `GRAPH`.

        Raises:
            ChatError: Microsoft refuses to give one: the account is wrong.
            ChatUnavailableError: Microsoft gives none now.
        """
        if self.account.rehearsal:
            return ""
        kept = self._kept.setdefault(scope, _Kept())
        async with kept.lock:  # one request serves all who wait
            if self.monotonic() >= kept.until:
                kept.token, lasting = await self._new(scope)
                kept.until = self.monotonic() + lasting
        return kept.token

    def forget(self, scope: str) -> None:
        """Ask for another token next time: this one was refused."""
        self._kept.pop(scope, None)

    async def _new(self, scope: str) -> tuple[str, float]:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.account.client_id,
            "client_secret": self.account.client_secret,
            "scope": scope,
        }
        url = f"{self.login.rstrip('/')}/{self.account.tenant_id}/oauth2/v2.0/token"
        try:
            status, body = await self.web.ask(url, form)
        except AwayError as error:
            raise ChatUnavailableError(f"Microsoft gave no token: {error}.", code="token") from None
        token, lasting = string(body.get("access_token")), _seconds(body)
        if status == 200 and token:
            return token, max(lasting - EARLY, lasting / 2)
        code = string(body.get("error"))
        if code in _REFUSED:
            words = "Microsoft gives no token: TEAMS_CLIENT_ID, TEAMS_CLIENT_SECRET or "
            raise ChatError(f"{words}TEAMS_TENANT_ID is wrong, or the secret has ended.", code=code)
        raise ChatUnavailableError("Microsoft gave no token.", code=code or f"http_{status}")


def _seconds(body: Payload) -> float:
    try:
        return max(float(body.get("expires_in") or 0.0), 0.0)
    except (TypeError, ValueError):
        return 0.0
