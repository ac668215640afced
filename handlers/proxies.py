"""Through which proxy the bot reaches others."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # not in typeshed

import aiohttp

SAFE: Final = frozenset({"https", "wss"})
PORTS: Final = {"http": 80, "ws": 80, "https": 443, "wss": 443}


@dataclass(frozen=True, slots=True)
class Proxies:
    """The proxies that requests go through.

    Args:
        safe: for `https` and `wss`, `http://user:password@host:port`; empty: none.
        plain: for `http` and `ws`; where only one of the two is given, it serves both.
        without: comma-separated hosts that are reached directly, with all that end like them.
    """

    safe: str = ""
    plain: str = ""
    without: str = ""

    def options(self, url: str) -> dict[str, Any]:
        """What `aiohttp` is to be told beside *url*. The password stands in no address there."""
        to = urlsplit(url)
        first, second = (self.safe, self.plain) if to.scheme in SAFE else (self.plain, self.safe)
        chosen = first or second
        without = {"no": self.without.replace("*.", ".")}
        host = f"{to.hostname}:{to.port or PORTS.get(to.scheme)}"
        if not chosen or proxy_bypass_environment(host, without):
            return {}
        proxy = urlsplit(chosen)
        login, at, netloc = proxy.netloc.rpartition("@")
        options: dict[str, Any] = {"proxy": proxy._replace(netloc=netloc).geturl()}
        if at:
            name, _, password = login.partition(":")
            word = aiohttp.encode_basic_auth(unquote(name), unquote(password), "utf-8")
            options["proxy_headers"] = {"Authorization": word}
        return options
