"""Graph: what stands in channels and who is in them, at the pace that Graph allows."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode

import aiohttp
from yarl import URL

from bot.core.errors import ChatError, ChatUnavailableError
from handlers.shapes import Payload, dicts, string
from handlers.teams.refusals import (
    NO_CONSENT,
    NoConsentError,
    asked_to_wait,
    code_of,
    lost,
    refusal_of,
    wait_of,
)

PER_MINUTE: Final = 60
"""Requests of one app in one tenant, for everything together."""
PATIENCE: Final = 30.0
PAGE: Final = 50
"""Messages that a page has at most: as many as Graph gives."""
MEMBERS: Final = 999
"""Members that a page has at most."""
MOST_PAGES: Final = 400
"""Pages of one reading; an answer that leads on and on is none."""


def _ignore(_method: str, _result: str) -> None:
    pass


def _direct(_url: str) -> Mapping[str, Any]:
    return {}


@dataclass(slots=True, kw_only=True)
class Graph:
    """Graph's calls, each once, errors in the core's words.

    A call waits for its turn in the minute; those of a *patient* reading leave a quarter of it to
    others. After a 429 all calls are refused, without a request, for as long as Graph asked.
    Without consent a call raises `NoConsentError`.

    Args:
        base: Graph's address, with a slash at the end; the token goes nowhere else. Empty: there is
            no Graph, and nobody consents.
        token: gives the token that a call carries; an empty one: none.
        route: what `aiohttp` is to be told beside an address, such as the proxy.
    """

    session: aiohttp.ClientSession
    base: str
    token: Callable[[], Awaitable[str]]
    on_unauthorized: Callable[[], None] = lambda: None
    on_call: Callable[[str, str], None] = _ignore
    route: Callable[[str], Mapping[str, Any]] = _direct
    patience: float = PATIENCE
    per_minute: int = PER_MINUTE
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _begun: deque[float] = field(default_factory=deque)
    _silent_until: float = 0.0

    async def message(self, group: str, channel: str, ts: str) -> Payload:
        """Return a message at top level."""
        at = f"{_at(group, channel)}/messages/{_part(ts)}"
        return await self._get("message", f"{self.base}{at}")

    def messages(
        self, group: str, channel: str, *, patient: bool = False
    ) -> AsyncIterator[list[Payload]]:
        """Pages of the messages at top level with their replies, the last changed thread first."""
        asked = {"$top": str(PAGE), "$expand": "replies"}
        path = f"{_at(group, channel)}/messages"
        return self._pages("messages", path, asked, patient=patient)

    def replies(
        self, group: str, channel: str, root: str, *, patient: bool = False
    ) -> AsyncIterator[list[Payload]]:
        """Pages of the replies below a message, the newest first."""
        path = f"{_at(group, channel)}/messages/{_part(root)}/replies"
        return self._pages("replies", path, {"$top": str(PAGE)}, patient=patient)

    def channel_members(self, group: str, channel: str) -> AsyncIterator[list[Payload]]:
        """Pages of a channel's members: of a shared one those who were added to it themselves."""
        path = f"{_at(group, channel)}/members"
        return self._pages("channel_members", path, {"$top": str(MEMBERS)})

    async def channels(self, group: str) -> list[Payload]:
        """What Graph says of a team's channels: whether they are private, too."""
        pages = self._pages("channels", f"teams/{_part(group)}/channels", {})
        return [one async for page in pages for one in page]

    async def replies_of(self, message: Payload) -> list[Payload]:
        """All replies of a message that came with some: Graph tells a thousand along with it."""
        found, link = dicts(message.get("replies")), string(message.get("replies@odata.nextLink"))
        if link:
            async for page in self._further("replies", link):
                found += page
        return found

    async def _pages(
        self, method: str, path: str, asked: Mapping[str, str], *, patient: bool = False
    ) -> AsyncIterator[list[Payload]]:
        query = f"?{urlencode(asked)}" if asked else ""
        async for page in self._further(method, f"{self.base}{path}{query}", patient=patient):
            yield page

    async def _further(
        self, method: str, link: str, *, patient: bool = False
    ) -> AsyncIterator[list[Payload]]:
        seen = set[str]()
        while link:
            if link in seen or len(seen) == MOST_PAGES:
                raise lost(once=False)
            seen.add(link)
            page = await self._get(method, link, patient=patient)
            if not isinstance(page.get("value"), list):
                raise lost(once=False)
            yield dicts(page["value"])
            link = string(page.get("@odata.nextLink"))

    async def _get(self, method: str, url: str, *, patient: bool = False) -> Payload:
        if not self.base:
            raise NoConsentError(NO_CONSENT, code="no_graph")
        if not url.startswith(self.base):  # a link in an answer: our token goes to Graph alone
            raise lost(once=False)
        await self._wait(patient=patient)
        token = await self.token()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        options: dict[str, Any] = {"allow_redirects": False, **self.route(url)}
        timeout = aiohttp.ClientTimeout(total=self.patience)
        status, told, body = 0, dict[str, str](), None
        try:
            async with self.session.get(
                URL(url, encoded=True), headers=headers, timeout=timeout, **options
            ) as answer:
                status, told = answer.status, dict(answer.headers)
                body = await answer.json(content_type=None)
        except aiohttp.ClientConnectorError as error:
            self.on_call(method, "unreachable")
            raise ChatUnavailableError("Graph cannot be reached.", code="unreachable") from error
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError, RecursionError) as error:
            if status in {0, 200}:
                self.on_call(method, "lost")
                raise lost(once=False) from error
        if status == 200:
            self.on_call(method, "ok" if isinstance(body, dict) else "lost")
            if isinstance(body, dict):
                return body
            raise lost(once=False)
        raise self._refused(method, status, code_of(body), wait_of(told))

    def _refused(self, method: str, status: int, code: str, wait: float | None) -> ChatError:
        self.on_call(method, code or f"http_{status}")
        if status == 401:
            self.on_unauthorized()
        if status == 403:
            return NoConsentError(NO_CONSENT, code=code or "http_403")
        refusal = refusal_of(status, code, wait, once=False)
        if status == 429 and isinstance(refusal, ChatUnavailableError):
            self._silent_until = self.monotonic() + (refusal.retry_after or 0.0)
        return refusal

    async def _wait(self, *, patient: bool) -> None:
        """Wait for a turn in the minute."""
        most = self.per_minute - (self.per_minute // 4 if patient else 0)
        while True:
            now = self.monotonic()
            if self._silent_until > now:
                raise asked_to_wait(self._silent_until - now)
            while self._begun and self._begun[0] <= now - 60.0:
                self._begun.popleft()
            if len(self._begun) < most:
                self._begun.append(now)
                return
            await self.sleep(self._begun[len(self._begun) - most] + 60.0 - now)


def _at(group: str, channel: str) -> str:
    return f"teams/{_part(group)}/channels/{_part(channel)}"


def _part(ident: str) -> str:
    """An id as a part of an address: none leads elsewhere."""
    return quote(ident, safe=":@")
