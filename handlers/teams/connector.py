"""Calls of the Bot Framework's connector: each once, within a time, errors in the core's words."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import ValidationError

from bot.core.errors import ChatError, ChatUnavailableError
from handlers.shapes import OddShapeError, Payload, dicts, string
from handlers.teams.refusals import code_of, lost, refusal_of, wait_of
from handlers.teams.sdk import (
    Account,
    Client,
    ClientOptions,
    ConversationClient,
    CreateConversationParams,
    MessageActivityInput,
    TeamClient,
)

PATIENCE = 30.0
"""Seconds that one call may take; the lease of a delivery is longer."""

PAGE = 500
"""Members that a page has at most: as many as Teams gives."""

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Conversation:
    """A channel, a thread of it, or a chat.

    Args:
        service_url: where Teams answers for it.
        id: as Teams writes it; of a thread `CHANNEL;messageid=ROOT`.
    """

    service_url: str
    id: str

    def thread(self, root: str) -> "Conversation":
        """The thread below a message of a channel."""
        return Conversation(self.service_url, f"{self.id.partition(';')[0]};messageid={root}")


def _ignore(_method: str, _result: str) -> None:
    pass


class Connector:
    """The connector, with one client for all service addresses.

    Args:
        token: gives the token that a call carries; an empty one: none.
        on_call: told of each call: method and what came of it.
        on_unauthorized: told that the token was refused.
        patience: seconds that one call may take; the library itself would wait for ever.
        proxy: `http://user:password@host:port`; empty: as the environment says.
    """

    def __init__(
        self,
        token: Callable[[], Awaitable[str]],
        *,
        on_call: Callable[[str, str], None] = _ignore,
        on_unauthorized: Callable[[], None] = lambda: None,
        patience: float = PATIENCE,
        proxy: str = "",
    ) -> None:
        async def bearer() -> str | None:
            return await token() or None

        self.patience = patience
        self.on_call = on_call
        self.on_unauthorized = on_unauthorized
        self._client = Client(ClientOptions(timeout=patience, token=bearer))
        if proxy:
            self._client.http = httpx.AsyncClient(timeout=patience, proxy=proxy)

    async def post(self, where: Conversation, activity: Payload, *, to: str = "") -> str:
        """Post an activity, in the Bot Framework's own words; return its id.

        Args:
            to: the member, by their id in Teams, who alone sees it; empty: everybody.
        """
        whole = {**activity, "recipient": {"id": to}} if to else activity
        given = MessageActivityInput.model_validate(whole)
        at = self._conversations(where)
        call = at.create_targeted_activity if to else at.create_activity
        return await self._ask("post", call(_quoted(where.id), given), _id, once=True)

    async def update(self, where: Conversation, ident: str, activity: Payload) -> None:
        """Replace an activity of the bot's own."""
        given = MessageActivityInput.model_validate(activity)
        at = self._conversations(where)
        call = at.update_activity(_quoted(where.id), _quoted(ident), given)
        await self._ask("edit", call, _nothing)

    async def delete(self, where: Conversation, ident: str) -> None:
        """Delete an activity of the bot's own."""
        at = self._conversations(where)
        call = at.delete_activity(_quoted(where.id), _quoted(ident))
        await self._ask("delete", call, _nothing)

    async def react(self, where: Conversation, ident: str, kind: str) -> None:
        """Add the bot's reaction, such as `1f4a1_lightbulb`, to an activity."""
        at = self._conversations(where)
        call = at.add_reaction(_quoted(where.id), _quoted(ident), _quoted(kind))
        await self._ask("react", call, _nothing)

    async def unreact(self, where: Conversation, ident: str, kind: str) -> None:
        """Remove the bot's reaction from an activity."""
        at = self._conversations(where)
        call = at.delete_reaction(_quoted(where.id), _quoted(ident), _quoted(kind))
        await self._ask("unreact", call, _nothing)

    async def open_chat(self, service_url: str, member: str, tenant: str) -> Conversation:
        """Return the chat between the bot and a member: the same each time."""
        at = self._conversations(Conversation(service_url, ""))
        wanted = CreateConversationParams(members=[Account(id=member)], tenant_id=tenant)
        return Conversation(service_url, await self._ask("open_chat", at.create(wanted), _id))

    async def member(self, where: Conversation, member: str) -> Payload:
        """What Teams says of a member, by their id in Teams or in Entra: camel case."""
        at = self._conversations(where)
        call = at.get_member_by_id(_quoted(where.id), _quoted(member))
        return await self._ask("member", call, _plain)

    async def members(self, where: Conversation) -> AsyncIterator[list[Payload]]:
        """What Teams says of all members, a page at a time."""
        at, further, seen = self._conversations(where), None, set[str | None]()
        while further not in seen:
            seen.add(further)
            call = at.get_paged_members(_quoted(where.id), PAGE, further)
            page = await self._ask("members", call, _plain)
            yield dicts(page.get("members"))
            further = string(page.get("continuationToken")) or None
            if further is None:
                return

    async def team(self, service_url: str, team: str) -> Payload:
        """What Teams says of a team, by its id in Teams: with its `aadGroupId`."""
        at = TeamClient(service_url, self._client)
        return await self._ask("team", at.get_by_id(_quoted(team)), _plain)

    async def channels(self, service_url: str, team: str) -> list[Payload]:
        """What Teams says of a team's channels; its first one, General, has no name."""
        at = TeamClient(service_url, self._client)
        call = at.get_conversations(_quoted(team))
        return await self._ask("channels", call, lambda found: [_plain(one) for one in found])

    async def close(self) -> None:
        """Close the connections."""
        await self._client.http.aclose()

    def _conversations(self, where: Conversation) -> ConversationClient:
        return ConversationClient(where.service_url, self._client)

    async def _ask(
        self, method: str, call: Awaitable[S], read: Callable[[S], T], *, once: bool = False
    ) -> T:
        """Await a call of the library's.

        Args:
            read: makes of a good answer what is asked for; what cannot be read is a lost answer.
            once: doing it twice shows, so a lost answer is told apart from a refusal.

        Raises:
            ChatError: as `refusal_of` translates it.
        """
        try:
            async with asyncio.timeout(self.patience):  # httpx measures each step by itself
                found = read(await call)
        except httpx.HTTPStatusError as error:
            raise self._refused(method, error.response, once=once) from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            self.on_call(method, "unreachable")
            raise ChatUnavailableError("Teams cannot be reached.", code="unreachable") from error
        except ChatError:  # no token
            self.on_call(method, "no_token")
            raise
        except (
            httpx.HTTPError,
            httpx.InvalidURL,
            AttributeError,
            LookupError,
            OddShapeError,
            TimeoutError,
            TypeError,
            ValidationError,
            ValueError,
        ) as error:
            self.on_call(method, "lost")
            raise lost(once=once) from error
        self.on_call(method, "ok")
        return found

    def _refused(self, method: str, answer: httpx.Response, *, once: bool) -> ChatError:
        try:
            code = code_of(answer.json())
        except ValueError:
            code = ""
        if answer.status_code == 401:
            self.on_unauthorized()
        self.on_call(method, code or f"http_{answer.status_code}")
        return refusal_of(answer.status_code, code, wait_of(answer.headers), once=once)


def _quoted(ident: str) -> str:
    """An id as a part of an address: none leads elsewhere."""
    return quote(ident, safe=":@;=")


def _nothing(_answer: object) -> None:
    pass


def _id(made: Any) -> str:
    """The id of what was made; the library puts a word of its own where none came.

    Raises:
        OddShapeError: none came.
    """
    found = string(made.id)
    if not found or found.startswith("DO_NOT_USE"):
        raise OddShapeError("id")
    return found


def _plain(model: Any) -> Payload:
    found = model.model_dump(by_alias=True, exclude_none=True)
    return found if isinstance(found, dict) else {}
