"""Requests of ours to Microsoft that its library does not make: for keys, tokens and files."""

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
        method = "GET" if form is None else "POST"
        options: dict[str, Any] = {"allow_redirects": False, **self.route(url)}
        timeout = aiohttp.ClientTimeout(total=self.patience)
        try:
            async with self.session.request(
                method, url, data=form, timeout=timeout, **options
            ) as answer:
                body = await answer.json(content_type=None)
        except TimeoutError:
            raise AwayError("no answer in time") from None
        except (aiohttp.ClientError, OSError) as error:
            raise AwayError(type(error).__name__) from None
        except (ValueError, RecursionError):
            raise AwayError("an answer that is no JSON") from None
        if not isinstance(body, dict):
            raise AwayError("an answer that is no object")
        return answer.status, body

    async def put(self, url: str, content: bytes, headers: Mapping[str, str]) -> int:
        """Put a file to an address; return the status.

        Raises:
            AwayError: nothing came.
        """
        options: dict[str, Any] = {"allow_redirects": False, **self.route(url)}
        timeout = aiohttp.ClientTimeout(total=self.patience)
        try:
            async with self.session.put(
                URL(url, encoded=True), data=content, headers=headers, timeout=timeout, **options
            ) as answer:
                return answer.status
        except TimeoutError:
            raise AwayError("no answer in time") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise AwayError(type(error).__name__) from None
