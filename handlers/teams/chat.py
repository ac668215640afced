"""`TeamsChat`: the core's `Chat`, for one tenant."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.core.errors import ChatError, ChatInDoubtError, ChatNotThereError, ChatUnavailableError
from bot.core.model.parts import Message
from bot.core.model.people import ChannelInfo, Person, Workspace
from bot.core.model.posts import Entry, Place, Post
from handlers.shapes import Payload, dicts, inside, string
from handlers.teams import cards, history, people, presses, stamps
from handlers.teams.attachments import CARD, content_of
from handlers.teams.connector import Connector, Conversation
from handlers.teams.emoji import reaction_of
from handlers.teams.graph import PAGE, Graph
from handlers.teams.known import Team

_PASSING: Final = (ChatInDoubtError, ChatUnavailableError)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsChat:
    """Teams, for one tenant.

    Args:
        bot: its `id` is the tenant's.
        teams: gives the teams that the bot is in now.
    """

    bot: Workspace
    connector: Connector
    graph: Graph
    teams: Callable[[], Awaitable[Sequence[Team]]]
    _homes: dict[str, Team] = field(default_factory=dict)

    # -- what the bot says --

    async def post(self, channel: str, message: Message, *, thread: str = "", key: str = "") -> str:
        """See `Chat.post`."""
        where = await self._where(channel)
        where = where.thread(thread) if thread else where
        return await self.connector.post(where, cards.to_activity(message, key=key))

    async def find_own(
        self, channel: str, key: str, *, since: datetime, fallback: str = "", thread: str = ""
    ) -> str | None:
        """See `Chat.find_own`."""
        group = (await self._home(channel)).group
        words = cards.fallback_text(fallback) if fallback else ""
        pages = (
            self.graph.replies(group, channel, thread)
            if thread
            else self.graph.messages(group, channel, replies=True)  # old ones may have new replies
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
            if page and all(_latest(message) < since for message in page):
                return None
        return None

    async def update(self, place: Place, message: Message, *, key: str = "") -> None:
        """See `Chat.update`. The key is in the card."""
        activity = cards.to_activity(message, key=key)
        await self.connector.update(await self._where(place.channel), place.ts, activity)

    async def delete(self, place: Place) -> None:
        """See `Chat.delete`."""
        where = await self._where(place.channel)
        await _fine(self.connector.delete(where, place.ts), {"NotFound"})

    def instant_of(self, ts: str) -> datetime:
        """See `Chat.instant_of`."""
        return stamps.instant_of(ts)

    # -- for one member alone --

    async def tell(self, member_id: str, message: Message) -> str:
        """See `Chat.tell`."""
        chat = await self._chat_with(member_id)
        return await self.connector.post(chat, cards.to_activity(message))

    async def whisper(self, channel: str, member_id: str, message: Message) -> None:
        """See `Chat.whisper`. Where nothing may be whispered, it is told in the member's chat."""
        where = await self._where(channel)
        try:
            member = await self.connector.member(where, member_id)
            to = string(member.get("id"))
            shown = presses.alone(cards.to_activity(message), channel)
            await self.connector.post(where, shown, to=to)
        except _PASSING:
            raise
        except ChatError:
            await self.tell(member_id, message)

    async def upload(self, member_id: str, file: Path, *, name: str, words: str) -> None:
        """See `Chat.upload`."""
        del member_id, file, name, words
        raise ChatError("I cannot send files in Teams yet.", code="files")

    # -- marks --

    async def react(self, place: Place, name: str) -> None:
        """See `Chat.react`. Where Teams takes none from a bot, there is none."""
        call = self.connector.react(await self._where(place.channel), place.ts, reaction_of(name))
        await _fine(call)

    async def unreact(self, place: Place, name: str) -> None:
        """See `Chat.unreact`."""
        where = await self._where(place.channel)
        await _fine(self.connector.unreact(where, place.ts, reaction_of(name)))

    # -- who and where --

    async def person(self, member_id: str) -> Person:
        """See `Chat.person`. Whoever is in no team that the bot is in is not known."""
        for team in await self.teams():
            try:
                told = await self.connector.member(_of(team), member_id)
            except _PASSING:
                raise
            except ChatError:
                continue
            return people.to_person(told, self.bot.id)
        raise ChatError("Teams does not know that member.", code="MemberNotFoundInConversation")

    async def channel(self, channel: str) -> ChannelInfo:
        """See `Chat.channel`."""
        for info, _team in await self._channels():
            if info.id == channel:
                return info
        raise ChatNotThereError("Teams has no such channel, or I am not in it.", code="NotFound")

    async def my_channels(self) -> Sequence[ChannelInfo]:
        """See `Chat.my_channels`: those of the teams that the bot is in."""
        return [info for info, _team in await self._channels()]

    async def channels_of(self, member_id: str, *, public: bool = False) -> frozenset[str]:
        """See `Chat.channels_of`. Who is in a private channel only Graph tells."""
        found = set[str]()
        for info, team in await self._channels():
            if not (info.private or public):
                continue
            members = (
                self.graph.channel_members(team.group, info.id)
                if info.private
                else self.graph.team_members(team.group)
            )
            async for page in members:
                if any(string(one.get("userId")) == member_id for one in page):
                    found.add(info.id)
        return frozenset(found)

    async def link_to(self, place: Place) -> str:
        """See `Chat.link_to`."""
        home = await self._home(place.channel)
        message = await self._message(place) or {}
        return people.link_to(place, home.group, string(message.get("replyToId")))

    # -- what stands in a channel --

    async def fetch(self, place: Place) -> Post | None:
        """See `Chat.fetch`."""
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
        group = (await self._home(channel)).group
        found: list[Entry] = []
        async for page in self.graph.messages(group, channel, replies=True):
            read = (history.to_entry(message, channel, self.bot) for message in page)
            found += [one for one in read if one and oldest <= one.posted_at <= latest]
            if page and all(_latest(message) < oldest for message in page):
                break
        found.sort(key=lambda one: one.posted_at, reverse=True)
        for start in range(0, len(found), PAGE):
            yield found[start : start + PAGE]

    async def thread(self, place: Place) -> Sequence[Entry]:
        """See `Chat.thread`."""
        group = (await self._home(place.channel)).group
        found: list[Entry] = []
        try:
            async for page in self.graph.replies(group, place.channel, place.ts):
                read = (history.to_entry(message, place.channel, self.bot) for message in page)
                found += [one for one in read if one]
        except ChatError as error:
            if not _is_gone(error):
                raise
        return sorted(found, key=lambda one: one.posted_at)

    async def reactions(self, place: Place) -> Sequence[tuple[str, str]]:
        """See `Chat.reactions`."""
        return history.to_reactions(await self._message(place) or {})

    # -- underneath --

    async def _message(self, place: Place) -> Payload | None:
        """The message at a place; a reply is looked for among threads, the latest first."""
        group = (await self._home(place.channel)).group
        try:
            return await self.graph.message(group, place.channel, place.ts)
        except ChatError as error:
            if not _is_gone(error):
                raise
        posted = self.instant_of(place.ts)
        async for page in self.graph.messages(group, place.channel, replies=True):
            for root in page:
                for reply in await self.graph.replies_of(root):
                    if reply.get("id") == place.ts:
                        return reply
            if page and all(_latest(root) < posted for root in page):
                break
        return None

    async def _channels(self) -> list[tuple[ChannelInfo, Team]]:
        found = []
        for team in await self.teams():
            for told in await self._told_channels(team):
                info = people.to_channel(told, team.name)
                self._homes[info.id] = team
                found.append((info, team))
        return found

    async def _told_channels(self, team: Team) -> list[Payload]:
        """What is said of a team's channels; without Graph's consent all count as private."""
        try:
            return await self.graph.channels(team.group)
        except _PASSING:
            raise
        except ChatError:
            return await self.connector.channels(team.service_url, team.id)

    async def _home(self, channel: str) -> Team:
        """The team of a channel."""
        if channel not in self._homes:
            await self.channel(channel)
        return self._homes[channel]

    async def _where(self, channel: str) -> Conversation:
        return Conversation((await self._home(channel)).service_url, channel)

    async def _chat_with(self, member_id: str) -> Conversation:
        for team in await self.teams():
            try:
                told = await self.connector.member(_of(team), member_id)
            except _PASSING:
                raise
            except ChatError:
                continue
            ident = string(told.get("id"))
            return await self.connector.open_chat(team.service_url, ident, self.bot.id)
        raise ChatError("Teams does not know that member.", code="MemberNotFoundInConversation")


def _of(team: Team) -> Conversation:
    return Conversation(team.service_url, team.id)


async def _fine(call: Awaitable[None], codes: set[str] | None = None) -> None:
    """Do it; what is refused for good is fine: all of it, or what is gone and these codes."""
    try:
        await call
    except _PASSING:
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
