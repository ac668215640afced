"""Requests of ours to Microsoft that its library does not make: for keys, tokens and files."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

from handlers.shapes import Payload

LONGEST = 10.0
"""Seconds that such a request may take."""


class AwayError(Exception):
    """What was asked for did not come; the text says what happened, without any address."""


def _direct(_url: str) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Web:
    """How requests of ours reach Microsoft; no answer leads to another address.

    Args:
        route: what `aiohttp` is to be told beside an address, such as the proxy.
        patience: seconds that a request may take.
    """

    session: aiohttp.ClientSession
    route: Callable[[str], Mapping[str, Any]] = _direct
    patience: float = LONGEST

    async def ask(self, url: str, form: Mapping[str, str] | None = None) -> tuple[int, Payload]:
        """Get an address, or post a form to it; return the status and the object that came.

        Raises:
            AwayError: nothing came, or nothing that can be read.
        """
        status, content = await self._request("GET" if form is None else "POST", url, data=form)
        try:
            body = json.loads(content)
        except (ValueError, RecursionError):
            raise AwayError("an answer that is no JSON") from None
        if not isinstance(body, dict):
            raise AwayError("an answer that is no object")
        return status, body

    async def status(self, url: str) -> int:
        """Get an address; return the status.

        Raises:
            AwayError: nothing came.
        """
        return (await self._request("GET", url))[0]

    async def put(self, url: str, content: bytes, headers: Mapping[str, str]) -> int:
        """Put a file to an address, as it is written; return the status.

        Raises:
            AwayError: nothing came.
        """
        return (await self._request("PUT", url, data=content, headers=headers))[0]

    async def _request(self, method: str, url: str, **given: Any) -> tuple[int, bytes]:
        """Ask once. An address that signs itself must not be written anew."""
        given |= {"allow_redirects": False, **self.route(url)}
        timeout = aiohttp.ClientTimeout(total=self.patience)
        try:
            where = URL(url, encoded=method == "PUT")
            async with self.session.request(method, where, timeout=timeout, **given) as answer:
                return answer.status, await answer.read()
        except TimeoutError:
            raise AwayError("no answer in time") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise AwayError(type(error).__name__) from None
