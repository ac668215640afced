"""Calls of Slack's Web API: each once, errors translated, waits obeyed, lists read page by page."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.core.errors import ChatUnavailableError
from handlers.shapes import OddShapeError, Payload, T, dicts, text, whole
from handlers.slack import refusals
from handlers.slack.web import Client

PAGE = 200
"""Messages, channels or members that a page has at most."""


@dataclass(slots=True)
class Calls:
    """One workspace, through one client whose retries are off: we know better when to retry.

    Args:
        on_call: told of each call: method and what came of it.
        on_pause: told of each method that Slack wants left alone, and for how many seconds.
    """

    client: Client
    on_call: Callable[[str, str], None]
    on_pause: Callable[[str, float], Awaitable[None]]
    locked_out: str = ""
    """The code with which Slack refused our token in the latest call; empty: it did not."""
    _closed_until: dict[str, float] = field(default_factory=dict)

    def leave_alone(self, method: str, seconds: float) -> None:
        """Do not call a method for so long: an earlier run was asked that."""
        self._closed_until[method] = time.monotonic() + seconds

    async def call(self, method: str, **more: Any) -> AsyncSlackResponse:
        """Call a method whose answer says nothing beyond yes; else as `ask`."""
        return await self.ask(method, lambda answer: answer, **more)

    async def ask(
        self,
        method: str,
        read: Callable[[AsyncSlackResponse], T],
        *,
        once: bool = False,
        fine: Collection[str] = (),
        **arguments: Any,
    ) -> T:
        """Call a method, such as `chat.postMessage`, with Slack's own arguments.

        Args:
            read: makes of a good answer what is asked for; what cannot be read is a lost answer.
            once: doing it twice shows, so a lost answer is told apart from a refusal.
            fine: error codes that mean it was done already.

        Raises:
            ChatError: as `refusal_of` translates it.
        """
        wait = self._closed_until.get(method, 0.0) - time.monotonic()
        if wait > 0:
            raise refusals.asked_to_wait(wait)
        try:
            answer = read(await getattr(self.client, method.replace(".", "_"))(**arguments))
        except SlackApiError as error:
            code = refusals.code_of(error)
            if code:
                self.locked_out = code if code in refusals.LOCKED_OUT else ""
            if code in fine:
                self.on_call(method, "ok")
                return read(error.response)
            self.on_call(method, code or f"http_{refusals.status_of(error)}")
            refusal = refusals.refusal_of(error, once=once)
            if isinstance(refusal, ChatUnavailableError) and refusal.retry_after is not None:
                self.leave_alone(method, refusal.retry_after)
                await self.on_pause(method, refusal.retry_after)
            raise refusal from None
        except aiohttp.ClientConnectorError as error:
            self.on_call(method, "unreachable")
            raise ChatUnavailableError("Slack cannot be reached.", code="unreachable") from error
        except (aiohttp.ClientError, SlackClientError, OSError, OddShapeError) as error:
            self.on_call(method, "lost")
            raise refusals.lost(once=once) from error
        self.locked_out = ""
        self.on_call(method, "ok")
        return answer

    async def pages(
        self,
        method: str,
        items: str,
        *,
        most: int | None = None,
        patient: bool = False,
        hidden: Callable[[], None] = lambda: None,
        **arguments: Any,
    ) -> AsyncIterator[list[Payload]]:
        """Read a list page by page; *items* is where a page holds it.

        Args:
            most: pages that are read at most.
            patient: once begun, wait as long as Slack says. Begun anew it would be stopped at the
                same page again.
            hidden: called at the end when the workspace's plan hides what is older.
        """
        cursor: str | None = None
        seen: set[str | None] = set()
        while most is None or len(seen) < most:
            seen.add(cursor)
            try:
                page, cursor, is_limited = await self.ask(
                    method, partial(_page, items), limit=PAGE, cursor=cursor, **arguments
                )
            except ChatUnavailableError as error:
                if not patient or cursor is None or error.retry_after is None:
                    raise
                await asyncio.sleep(error.retry_after)
                continue
            yield page
            if cursor is None or cursor in seen:
                if is_limited:
                    hidden()
                return

    async def items(self, method: str, items: str, **more: Any) -> AsyncIterator[Payload]:
        """Read a list item by item; arguments as `pages`."""
        async for page in self.pages(method, items, **more):
            for item in page:
                yield item


def _page(items: str, answer: AsyncSlackResponse) -> tuple[list[Payload], str | None, bool]:
    """What a page holds, where the next one begins, and whether what is older is hidden."""
    cursor = text(answer.data, "response_metadata", "next_cursor")
    return dicts(whole(answer.data, items, list)), cursor or None, bool(answer.get("is_limited"))
