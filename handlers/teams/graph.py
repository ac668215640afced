"""Graph: what stands in channels and who is in them, at the pace that Graph allows."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

import aiohttp

from bot.core.errors import ChatUnavailableError
from handlers.shapes import Payload, dicts, string
from handlers.teams.refusals import asked_to_wait, code_of, lost, refusal_of, wait_of

PER_MINUTE: Final = 60
"""Requests of one app in one tenant, for everything together."""
PATIENCE: Final = 30.0
PAGE: Final = 50
"""Messages that a page has at most: as many as Graph gives."""


def _ignore(_method: str, _result: str) -> None:
    pass


def _direct(_url: str) -> Mapping[str, Any]:
    return {}


@dataclass(slots=True, kw_only=True)
class Graph:
    """Graph's calls, each once, errors in the core's words.

    A call waits for its turn in the minute. After a 429 all calls are refused, without a request,
    for as long as Graph asked.

    Args:
        base: Graph's address, with a slash at the end; the token goes nowhere else.
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
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _silent_until: float = 0.0

    async def message(self, group: str, channel: str, ts: str, root: str = "") -> Payload:
        """Return a message; *root*: whose thread it stands in, empty at top level."""
        at = f"{_at(group, channel)}/messages/"
        path = f"{_part(root)}/replies/{_part(ts)}" if root else _part(ts)
        return await self._get("message", f"{self.base}{at}{path}")

    def messages(
        self, group: str, channel: str, *, replies: bool = False
    ) -> AsyncIterator[list[Payload]]:
        """Pages of the messages at top level, the thread that changed last first."""
        asked = {"$top": str(PAGE), **({"$expand": "replies"} if replies else {})}
        return self._pages("messages", f"{_at(group, channel)}/messages", asked)

    def replies(self, group: str, channel: str, root: str) -> AsyncIterator[list[Payload]]:
        """Pages of the replies below a message, the newest first."""
        path = f"{_at(group, channel)}/messages/{_part(root)}/replies"
        return self._pages("replies", path, {"$top": str(PAGE)})

    async def delta(
        self, group: str, channel: str, link: str = ""
    ) -> tuple[list[Payload], str, bool]:
        """Return a page of what changed, the link to go on with, and whether that was all.

        Args:
            link: where an earlier page ended; empty: from the beginning, eight months back.
        """
        first = f"{self.base}{_at(group, channel)}/messages/delta"
        asked = None if link else {"$top": str(PAGE), "$expand": "replies"}
        page = await self._get("delta", link or first, asked)
        further, end = string(page.get("@odata.nextLink")), string(page.get("@odata.deltaLink"))
        if not (further or end):
            raise lost(once=False)
        return dicts(page.get("value")), further or end, not further

    def channel_members(self, group: str, channel: str) -> AsyncIterator[list[Payload]]:
        """Pages of a channel's members."""
        return self._pages("channel_members", f"{_at(group, channel)}/members", {})

    def team_members(self, group: str) -> AsyncIterator[list[Payload]]:
        """Pages of a team's members."""
        return self._pages("team_members", f"teams/{_part(group)}/members", {})

    async def channels(self, group: str) -> list[Payload]:
        """What Graph says of a team's channels: whether they are private, too."""
        pages = self._pages("channels", f"teams/{_part(group)}/channels", {})
        return [one async for page in pages for one in page]

    async def channel(self, group: str, channel: str) -> Payload:
        """What Graph says of a channel."""
        return await self._get("channel", f"{self.base}{_at(group, channel)}")

    async def user(self, member: str) -> Payload:
        """What Graph says of a person, to those who have an administrator's consent."""
        return await self._get("user", f"{self.base}users/{_part(member)}")

    async def replies_of(self, message: Payload) -> list[Payload]:
        """All replies of a message that came with some: Graph tells a thousand along with it."""
        found, link = dicts(message.get("replies")), string(message.get("replies@odata.nextLink"))
        if link:
            async for page in self._further("replies", link):
                found += page
        return found

    async def _pages(
        self, method: str, path: str, asked: Mapping[str, str]
    ) -> AsyncIterator[list[Payload]]:
        page = await self._get(method, f"{self.base}{path}", asked)
        yield dicts(page.get("value"))
        if link := string(page.get("@odata.nextLink")):
            async for more in self._further(method, link):
                yield more

    async def _further(self, method: str, link: str) -> AsyncIterator[list[Payload]]:
        seen = set[str]()
        while link and link not in seen:
            seen.add(link)
            page = await self._get(method, link)
            yield dicts(page.get("value"))
            link = string(page.get("@odata.nextLink"))

    async def _get(self, method: str, url: str, asked: Mapping[str, str] | None = None) -> Payload:
        if not url.startswith(self.base):  # a link in an answer: our token goes to Graph alone
            raise lost(once=False)
        await self._wait()
        token = await self.token()
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        options: dict[str, Any] = {"allow_redirects": False, **self.route(url)}
        timeout = aiohttp.ClientTimeout(total=self.patience)
        status, told, body = 0, dict[str, str](), None
        try:
            async with self.session.get(
                url, params=asked, headers=headers, timeout=timeout, **options
            ) as answer:
                status, told = answer.status, dict(answer.headers)
                body = await answer.json(content_type=None)
        except aiohttp.ClientConnectorError as error:
            self.on_call(method, "unreachable")
            raise ChatUnavailableError("Graph cannot be reached.", code="unreachable") from error
        except (ValueError, RecursionError) as error:
            if status == 200:
                self.on_call(method, "lost")
                raise lost(once=False) from error
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            self.on_call(method, "lost")
            raise lost(once=False) from error
        if status == 200 and isinstance(body, dict):
            self.on_call(method, "ok")
            return body
        wait = wait_of(told)
        refusal = refusal_of(status, code_of(body), wait, once=False)
        if status == 429 and isinstance(refusal, ChatUnavailableError):
            self._silent_until = self.monotonic() + (refusal.retry_after or 0.0)
        if status == 401:
            self.on_unauthorized()
        self.on_call(method, code_of(body) or f"http_{status}")
        raise refusal

    async def _wait(self) -> None:
        """Wait for a turn in the minute."""
        async with self._turn:
            left = self._silent_until - self.monotonic()
            if left > 0:
                raise asked_to_wait(left)
            while len(self._begun) >= self.per_minute:
                pause = self._begun[0] + 60.0 - self.monotonic()
                if pause > 0:
                    await self.sleep(pause)
                else:
                    self._begun.popleft()
            self._begun.append(self.monotonic())


def _at(group: str, channel: str) -> str:
    return f"teams/{_part(group)}/channels/{_part(channel)}"


def _part(ident: str) -> str:
    """An id as a part of an address: none leads elsewhere."""
    return quote(ident, safe=":@")
