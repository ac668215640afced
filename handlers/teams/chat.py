"""`TeamsChat`: the core's `Chat`, for one tenant."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.core.errors import ChatError, ChatNotThereError, ChatUnsupportedError
from bot.core.model.parts import Message
from bot.core.model.people import ChannelInfo, Person, Workspace
from bot.core.model.posts import Entry, Place, Post
from handlers.shapes import Payload, dicts, inside, string
from handlers.teams import cards, history, people, presses, stamps
from handlers.teams.attachments import CARD, content_of
from handlers.teams.connector import Connector
from handlers.teams.directory import PASSING, Directory
from handlers.teams.emoji import reaction_of
from handlers.teams.graph import PAGE, Graph
from handlers.teams.offers import Offers

LOOKED_AT: Final = 20
"""Pages of threads among which a reply is looked for: a thousand threads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsChat:
    """Teams, for one tenant.

    What stands in channels Graph tells, and without its consent nobody does: all of reading, and
    of posting `find_own`, raise `NoConsentError` then.

    Args:
        bot: its `id` is the tenant's.
        dialogs: whether buttons may open dialogs, as everywhere but in the Agents Playground.
    """

    bot: Workspace
    connector: Connector
    graph: Graph
    directory: Directory
    offers: Offers
    dialogs: bool = True

    # -- what the bot says --

    async def post(self, channel: str, message: Message, *, thread: str = "", key: str = "") -> str:
        """See `Chat.post`."""
        where = await self.directory.where(channel)
        where = where.thread(thread) if thread else where
        return await self.connector.post(
            where, cards.to_activity(message, key=key, dialogs=self.dialogs)
        )

    async def find_own(
        self, channel: str, key: str, *, since: datetime, fallback: str = "", thread: str = ""
    ) -> str | None:
        """See `Chat.find_own`."""
        group = (await self.directory.home(channel)).group
        words = cards.fallback_text(fallback) if fallback else ""
        pages = (
            self.graph.replies(group, channel, thread)
            if thread
            else self._changed(group, channel, since)
        )
        async for page in pages:
            for message in page:
                ts = string(message.get("id"))
                if not history.is_own(message, self.bot) or message.get("deletedDateTime"):
                    continue
                if self.instant_of(ts) < since:
                    continue
                known = cards.key_of(message)
                if known == key or (words and not known and _said(message) == words):
                    return ts
        return None

    async def update(self, place: Place, message: Message, *, key: str = "") -> None:
        """See `Chat.update`."""
        where = await self.directory.where(place.channel)
        await self.connector.update(
            where, place.ts, cards.to_activity(message, key=key, dialogs=self.dialogs)
        )

    async def delete(self, place: Place) -> None:
        """See `Chat.delete`."""
        where = await self.directory.where(place.channel)
        await _fine(self.connector.delete(where, place.ts), {"NotFound"})

    def instant_of(self, ts: str) -> datetime:
        """See `Chat.instant_of`."""
        return stamps.instant_of(ts)

    # -- for one member alone --

    async def tell(self, member_id: str, message: Message, *, key: str = "") -> str:
        """See `Chat.tell`."""
        chat = await self.directory.chat_with(member_id)
        return await self.connector.post(
            chat, cards.to_activity(message, key=key, dialogs=self.dialogs)
        )

    async def find_told(
        self,
        member_id: str,  # noqa: ARG002 - Graph shows a bot none of its chats
        key: str,  # noqa: ARG002
        *,
        since: datetime,  # noqa: ARG002
        fallback: str = "",  # noqa: ARG002
    ) -> str | None:
        """See `Chat.find_told`."""
        raise ChatUnsupportedError("Teams does not let me read my chats with people.")

    async def whisper(self, channel: str, member_id: str, message: Message) -> None:
        """See `Chat.whisper`. Where nothing may be whispered, it is told in the member's chat."""
        where = await self.directory.where(channel)
        try:
            member = await self.connector.member(where, member_id)
            to = string(member.get("id"))
            shown = presses.alone(cards.to_activity(message, dialogs=self.dialogs), channel)
            await self.connector.post(where, shown, to=to)
        except PASSING:
            raise
        except ChatError:
            await self.tell(member_id, message)

    async def upload(self, member_id: str, file: Path, *, name: str, words: str) -> None:
        """See `Chat.upload`."""
        chat = await self.directory.chat_with(member_id)
        await self.offers.offer(chat, member_id, file, name=name, words=words)

    async def accept_file(self, member_id: str, value: Payload) -> None:
        """Hand over a file that a member accepts. *value*: that of a `fileConsent/invoke`.

        Raises:
            ChatError: they cannot be told what came of it.
        """
        await self.offers.accept(await self.directory.chat_with(member_id), member_id, value)

    async def decline_file(self, member_id: str, value: Payload) -> None:
        """Delete a file that a member does not want; *value* as above."""
        await self.offers.decline(member_id, value)

    # -- marks --

    async def react(self, place: Place, name: str) -> None:
        """See `Chat.react`. What Teams refuses for good, it takes from no bot."""
        where = await self.directory.where(place.channel)
        try:
            await self.connector.react(where, place.ts, reaction_of(name))
        except PASSING:
            raise
        except ChatError as error:
            raise ChatUnsupportedError(str(error), code=error.code) from error

    async def unreact(self, place: Place, name: str) -> None:
        """See `Chat.unreact`."""
        where = await self.directory.where(place.channel)
        await _fine(self.connector.unreact(where, place.ts, reaction_of(name)))

    # -- who and where --

    async def person(self, member_id: str) -> Person:
        """See `Chat.person`."""
        return await self.directory.person(member_id)

    async def channel(self, channel: str) -> ChannelInfo:
        """See `Chat.channel`."""
        return await self.directory.channel(channel)

    async def my_channels(self) -> Sequence[ChannelInfo]:
        """See `Chat.my_channels`."""
        return await self.directory.my_channels()

    async def channels_of(
        self,
        member_id: str,
        *,
        public: bool = False,  # noqa: ARG002 - there are no public ones
        only: str = "",
    ) -> frozenset[str]:
        """See `Chat.channels_of`."""
        return await self.directory.channels_of(member_id, only=only)

    async def link_to(self, place: Place, *, thread: str = "") -> str:
        """See `Chat.link_to`."""
        home = await self.directory.home(place.channel)
        return people.link_to(place, home.group, thread)

    async def unheard(self) -> Sequence[str]:
        """Return the ids of the bot's channels that send it no messages as events.

        Those are the shared ones, and since it is promised of standard ones alone, the private
        ones.
        """
        return await self.directory.unheard()

    # -- what stands in a channel --

    async def fetch(self, place: Place, *, thread: str = "") -> Post | None:
        """See `Chat.fetch`. A reply of which no thread is known is looked for among the latest."""
        if thread and thread != place.ts:
            message = await self._reply(place, thread)
        else:
            message = await self._message(place)
        return history.to_marked(message, place.channel, self.bot) if message else None

    async def history(
        self,
        channel: str,
        *,
        oldest: datetime,
        latest: datetime,
        hidden: Callable[[], None] = lambda: None,  # noqa: ARG002 - Graph hides nothing
    ) -> AsyncIterator[Sequence[Entry]]:
        """See `Chat.history`.

        Graph tells the thread that changed last first: all that changed since *oldest* is read
        before any page is told, so that pages go on in the order of the posts.
        """
        group = (await self.directory.home(channel)).group
        found: list[Entry] = []
        async for page in self._changed(group, channel, oldest, patient=True):
            read = (history.to_entry(message, channel, self.bot) for message in page)
            found += [one for one in read if one and oldest <= one.posted_at <= latest]
        found.sort(key=lambda one: one.posted_at, reverse=True)
        for start in range(0, len(found), PAGE):
            yield found[start : start + PAGE]

    async def thread(self, place: Place) -> Sequence[Entry]:
        """See `Chat.thread`."""
        group = (await self.directory.home(place.channel)).group
        pages = self.graph.replies(group, place.channel, place.ts, patient=True)
        try:
            replies = [one async for page in pages for one in page]
        except ChatError as error:
            if not _is_gone(error):
                raise
            replies = []
        return history.to_thread(replies, place.channel, self.bot)

    async def reactions(self, place: Place) -> Sequence[tuple[str, str]]:
        """See `Chat.reactions`."""
        return history.to_reactions(await self._message(place) or {})

    # -- underneath --

    async def _reply(self, place: Place, thread: str) -> Payload | None:
        """The reply at a place, in a thread that is known."""
        group = (await self.directory.home(place.channel)).group
        try:
            async for page in self.graph.replies(group, place.channel, thread):
                for reply in page:
                    if reply.get("id") == place.ts:
                        return reply
        except ChatError as error:
            if not _is_gone(error):
                raise
        return None

    async def _message(self, place: Place) -> Payload | None:
        """The message at a place; a reply is looked for among threads, the latest first."""
        group = (await self.directory.home(place.channel)).group
        try:
            return await self.graph.message(group, place.channel, place.ts)
        except ChatError as error:
            if not _is_gone(error):
                raise
        posted, looked_at = self.instant_of(place.ts), 0
        if posted == stamps.EPOCH:
            return None
        async for page in self._changed(group, place.channel, posted):
            for root in page:
                for reply in await self.graph.replies_of(root):
                    if reply.get("id") == place.ts:
                        return reply
            looked_at += 1
            if looked_at == LOOKED_AT:
                raise ChatError("That reply is too far back in its channel.", code="far_back")
        return None

    async def _changed(
        self, group: str, channel: str, since: datetime, *, patient: bool = False
    ) -> AsyncIterator[list[Payload]]:
        """Pages of threads in which something changed since then."""
        async for page in self.graph.messages(group, channel, patient=patient):
            yield [message for message in page if _latest(message) >= since]
            if page and _latest(page[-1]) < since:
                return


async def _fine(call: Awaitable[None], codes: set[str] | None = None) -> None:
    """Do it; what is refused for good is fine: all of it, or what is gone and these codes."""
    try:
        await call
    except PASSING:
        raise
    except ChatError as error:
        if codes is not None and not (_is_gone(error) or error.code in codes):
            raise


def _is_gone(error: ChatError) -> bool:
    return isinstance(error, ChatNotThereError) or error.code in {"NotFound", "http_404"}


def _latest(message: Payload) -> datetime:
    """When a message or one of its replies changed last, as far as was told."""
    return max(_instants(message))


def _instants(message: Payload) -> Iterator[datetime]:
    for one in (message, *dicts(message.get("replies"))):
        yield stamps.instant_of(string(one.get("id")))
        yield stamps.told_instant(string(one.get("lastModifiedDateTime")))


def _said(message: Payload) -> str:
    for attachment in dicts(message.get("attachments")):
        if attachment.get("contentType") == CARD:
            return string(inside(content_of(attachment)).get("fallbackText"))
    return ""
