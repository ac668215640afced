"""How often each address may ask for pages that anybody can open, in bounded memory."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

from aiohttp import web

BURST: Final = 60.0
"""Requests that an address may make at once."""
PER_SECOND: Final = 5.0
"""Requests that it may make each second from then on."""
MOST: Final = 10_000
"""Addresses that are remembered; the one that was silent longest is forgotten first."""


@dataclass(slots=True)
class Visitors:
    """Counts requests by address. *now*: seconds on a clock that never goes back."""

    now: Callable[[], float]
    _seen: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def may_ask(self, address: str) -> bool:
        """Whether one more request from an address is to be answered."""
        now = self.now()
        left, at = self._seen.pop(address, (BURST, now))
        left = min(BURST, left + (now - at) * PER_SECOND)
        allowed = left >= 1.0
        self._seen[address] = (left - allowed, now)
        if len(self._seen) > MOST:
            self._seen.popitem(last=False)
        return allowed


def address_of(request: web.Request) -> str:
    """Whoever asks; behind a proxy on a private network, whom that proxy names.

    Of an IPv6 address the first 64 bits count: whoever has one has all of these.
    """
    remote = request.remote or ""
    if _is_near(remote):
        remote = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or remote
    try:
        ip = ip_address(remote)
    except ValueError:
        return "?"
    return str(ip) if ip.version == 4 else ip.exploded[:19]


def _is_near(remote: str) -> bool:
    try:
        ip = ip_address(remote)
    except ValueError:
        return True  # a socket of this machine
    return ip.is_loopback or ip.is_private
