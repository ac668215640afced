"""Requests of ours to Slack: through which proxy, and to which addresses at all.

Slack names addresses in what it sends: where to answer, where to upload, where to open a socket.
They are followed only to Slack itself, and no answer sends a request elsewhere.
"""

import logging
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.file_upload_v2_result import FileUploadV2Result

from handlers.proxies import PORTS, SAFE, Proxies

log = logging.getLogger(__name__)

REQUEST_TIMEOUT = 30
"""Seconds one call of Slack may take; the lease of a delivery is longer."""

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class ElsewhereError(SlackClientError):
    """An address that is not Slack's was to be followed. Nothing was sent there."""


def is_of(url: str, api_url: str, *, any_port: bool = False) -> bool:
    """Whether *url* is on the host of *api_url* or below it, and as safe to speak with."""
    try:
        to, api = urlsplit(url), urlsplit(api_url)
        ports = {to.port or PORTS[to.scheme], api.port or PORTS[api.scheme]}
    except (KeyError, ValueError):
        return False
    host, home = to.hostname or "", api.hostname or ""
    ours = host == home or host.endswith(f".{home}") or {host, home} <= _LOOPBACK
    as_safe = (to.scheme in SAFE) == (api.scheme in SAFE)
    return ours and as_safe and (any_port or len(ports) == 1)


class Client(AsyncWebClient):
    """Slack's client: through our proxies, once each, following nothing."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        proxies: Proxies,
        base_url: str,
        token: str | None = None,
    ) -> None:
        super().__init__(
            token,
            base_url,
            timeout=REQUEST_TIMEOUT,
            session=http,
            retry_handlers=[],  # its own retries would post twice
            logger=quiet("slack_sdk"),
        )
        self.proxy = None  # it looked into the environment by itself, and knows no exceptions
        self.http, self.proxies = http, proxies

    def route(self, url: str) -> dict[str, Any]:
        """What `aiohttp` is to be told beside *url*, where it is no request of this client's."""
        return self.proxies.options(url)

    async def _request(self, *, http_verb: str, api_url: str, req_args: Any) -> dict[str, Any]:
        whole = {**req_args, "allow_redirects": False, **self.proxies.options(api_url)}
        answer = await super()._request(http_verb=http_verb, api_url=api_url, req_args=whole)
        if api_url.startswith(self.base_url) and not isinstance(answer["data"], dict):
            answer["data"] = {}  # no answer of Slack's says neither yes nor no
        return answer

    async def _upload_file(self, *, url: str, data: bytes, **_: Any) -> FileUploadV2Result:
        if not is_of(url, self.base_url):
            raise ElsewhereError("An address to upload to is not Slack's.")
        result = await self._request(http_verb="POST", api_url=url, req_args={"data": data})
        return FileUploadV2Result(status=result["status_code"], body=str(result["data"]))

    async def respond(self, url: str, **message: Any) -> bool:
        """Answer a press where Slack says, if that is at Slack. What cannot be sent is given up.

        Returns:
            False: Slack refused it, so that something simpler may be tried.
        """
        if not is_of(url, self.base_url):
            log.warning("an answer was to go to an address that is not Slack's: it was not sent")
            return True
        try:
            options = {"allow_redirects": False, **self.proxies.options(url)}
            async with self.http.post(url, json=message, **options) as answer:
                # Slack says no with a status, or with 200 and an error beside it.
                return answer.status < 400 and b'"ok":false' not in await answer.read()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            log.info("an answer could not be sent: %s", type(error).__name__)
            return True


def refusing_redirects() -> aiohttp.TraceConfig:
    """For a session whose requests are made by others: none leads to another address."""

    async def refuse(_session: object, _context: object, _params: object) -> None:
        raise ElsewhereError("An answer led to another address. Nothing was sent there.")

    tracing = aiohttp.TraceConfig()
    tracing.on_request_redirect.append(refuse)
    tracing.freeze()
    return tracing


def quiet(name: str) -> logging.Logger:
    """Their loggers put bodies of requests into the log below this level."""
    logger = logging.getLogger(name)
    logger.setLevel(logging.ERROR)
    return logger
