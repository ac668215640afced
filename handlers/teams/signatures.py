"""Whether Teams has sent a request: its token is looked at before its body is."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import jwt
from aiohttp.web import Request

from bot.core.model.links import is_loopback
from handlers.shapes import Payload, string
from handlers.teams.account import Account
from handlers.teams.keys import KeyRing
from handlers.teams.sdk import TokenValidator
from handlers.teams.web import Web

LONGEST = 16_384
"""Letters that a token has at most; Microsoft's have 2,000."""


class UnsignedError(Exception):
    """A request is not from Teams; the text says why, in words of ours."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What a token vouches for.

    Args:
        service_url: where to answer; empty in a rehearsal: anywhere on this machine.
        channels: the platforms it may come from; empty: all.
    """

    service_url: str
    channels: frozenset[str] = frozenset()

    def check(self, activity: Payload) -> None:
        """See whether an activity is one that the token vouches for.

        Raises:
            UnsignedError: it is not.
        """
        url = string(activity.get("serviceUrl"))
        if not self.service_url:
            if not is_loopback(_host(url)):
                raise UnsignedError("a rehearsal answers on this machine alone")
        elif url.rstrip("/") != self.service_url.rstrip("/"):
            raise UnsignedError("its service address is not that of its token")
        if self.channels and string(activity.get("channelId")) not in self.channels:
            raise UnsignedError("its key does not sign for that platform")


class Gate(Protocol):
    """Lets in what Teams has sent."""

    async def admit(self, request: Request) -> Signed:
        """Return what a request's token vouches for.

        Raises:
            UnsignedError: it is not from Teams.
            KeysAwayError: that cannot be known now.
        """


class Signatures:
    """The gate before the door: a token of the Bot Framework, by the rules of the library.

    Only that kind: the tokens of agents, which the library takes too, name no service address.
    """

    def __init__(self, account: Account, keys: KeyRing) -> None:
        self._keys = keys
        self._validator = TokenValidator.for_service(account.client_id)
        # Its own would stop the loop for as long as Microsoft takes to show the keys.
        self._validator._jwks_client = keys  # noqa: SLF001

    async def admit(self, request: Request) -> Signed:
        """Return what a request's token vouches for; raises as `Gate` says."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer" or not token or len(token) > LONGEST:
            raise UnsignedError("it has no token")
        try:
            head = jwt.get_unverified_header(token)
            kid = string(head.get("kid"))
            if head.get("alg") != "RS256" or not kid:
                raise UnsignedError("its token is not signed as Microsoft signs")
            await self._keys.fetch(kid)
            claims = await self._validator.validate_token(token)
        except (jwt.PyJWTError, TypeError, ValueError) as error:
            raise UnsignedError(f"its token is not right ({type(error).__name__})") from None
        service_url = string(claims.get("serviceurl"))
        if not service_url or "exp" not in claims:  # the library takes both
            raise UnsignedError("its token names no service address, or no end")
        return Signed(service_url, self._keys.endorsed(kid))


class Rehearsal:
    """The gate of a rehearsal: whoever is on this machine, and came by no proxy, comes in."""

    async def admit(self, request: Request) -> Signed:
        """Return that anything on this machine may be answered; raises as `Gate` says."""
        forwarded = {"Forwarded", "X-Forwarded-For"} & {name.title() for name in request.headers}
        if forwarded or not is_loopback(request.remote or ""):
            raise UnsignedError("a rehearsal takes what comes from this machine alone")
        return Signed("")


def make_gate(account: Account, web: Web, keys_url: str) -> Gate:
    """Put up the gate that an account needs; *keys_url* is where Microsoft shows its keys."""
    return Rehearsal() if account.rehearsal else Signatures(account, KeyRing(web, keys_url))


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
