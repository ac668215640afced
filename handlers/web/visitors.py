"""How often each address may ask for pages that anybody can open, in bounded memory."""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from aiohttp import web

BURST: Final = 240.0
"""Requests that an address may make at once: a whole meeting may sit behind one."""
PER_SECOND: Final = 10.0
"""Requests that it may make each second from then on."""
UNREAD: Final = 24
"""Answers to it that may wait to be read; then it asks in vain."""
PATIENCE: Final = 60.0
"""Seconds that an answer waits to be read."""
MOST: Final = 10_000
"""Addresses that are remembered; the one that was silent longest is forgotten first."""


@dataclass(slots=True)
class Visitors:
    """Counts requests by address. *now*: seconds on a clock that never goes back."""

    now: Callable[[], float]
    patience: float = PATIENCE
    _seen: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _unread: Counter[str] = field(default_factory=Counter)

    def may_ask(self, address: str) -> bool:
        """Whether one more request from an address is to be answered."""
        now = self.now()
        left, at = self._seen.pop(address, (BURST, now))
        left = min(BURST, left + (now - at) * PER_SECOND)
        allowed = left >= 1.0 and self._unread[address] < UNREAD
        self._seen[address] = (left - allowed, now)
        if len(self._seen) > MOST:
            self._seen.popitem(last=False)
        return allowed

    async def send(self, answer: web.StreamResponse, request: web.Request) -> None:
        """Send an answer whole; whoever does not take it is dropped, and holds no memory."""
        address = address_of(request)
        self._unread[address] += 1
        try:
            async with asyncio.timeout(self.patience):
                await answer.prepare(request)
                await answer.write_eof()
        except TimeoutError:
            if request.transport is not None:
                request.transport.abort()
        except ConnectionError:
            pass  # it has gone
        finally:
            self._unread -= Counter([address])


def address_of(request: web.Request) -> str:
    """Whoever asks; behind a proxy on a private network, whom that proxy names.

    Of an IPv6 address the first 64 bits count: whoever has one has all of these.
    """
    remote = request.remote or ""
    ip = _ip_of(remote)
    if ip is None or ip.is_loopback or ip.is_private:  # None: a socket of this machine
        # Some proxies add a line of their own: what stands in those before it is the reader's word.
        every = ",".join(request.headers.getall("X-Forwarded-For", ()))
        ip = _ip_of(every.rpartition(",")[2].strip() or remote)
    if ip is None:
        return "?"
    return str(ip) if ip.version == 4 else ip.exploded[:19]


def _ip_of(text: str) -> IPv4Address | IPv6Address | None:
    """An address, perhaps with a port; one of IPv4 that is written as IPv6 is one of IPv4."""
    host = text.removeprefix("[").partition("]")[0]
    try:
        ip = ip_address(host.partition(":")[0] if host.count(":") == 1 else host)
    except ValueError:
        return None
    return ip if ip.version == 4 else ip.ipv4_mapped or ip
