"""A small chat in memory: it keeps what is posted, and fails on demand as a real one does.

It has all of the port `Chat`, and keeps what that promises: see `tests/contracts`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path

from bot.core.errors import (
    ChatError,
    ChatInDoubtError,
    ChatUnavailableError,
    ChatUnsupportedError,
    MessageRefusedError,
)
from bot.core.model.parts import Message
from bot.core.model.people import ChannelInfo, Person
from bot.core.model.posts import Entry, Place, Post, Text

BOT = "UBOT"


class Crash(BaseException):
    """The process dies here: nothing of ours gets to handle it."""


class Fault(Enum):
    """What may go wrong with a call."""

    NONE = "it works"
    LOST = "it is done, but the answer is lost"
    DROPPED = "it is not done, and nobody can tell"
    AWAY = "it is certainly not done, try later"
    REFUSED = "it will never be done"
    UNDRAWN = "the parts are refused, plain text is not"
    DIES_BEFORE = "our process dies before it is done"
    DIES_AFTER = "our process dies after it is done"


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the bot."""

    ts: str
    at: datetime
    channel: str
    message: Message
    key: str
    thread: str = ""
    by: str = BOT
    reactions: frozenset[tuple[str, str]] = frozenset()
    """(emoji, member)"""


@dataclass(slots=True)
class MemoryChat:
    """All channels of one workspace. *posting* and *finding* say how the next calls end."""

    now: Callable[[], datetime]
    posting: deque[Fault] = field(default_factory=deque)
    finding: deque[Fault] = field(default_factory=deque)
    keeps_keys: bool = True
    takes_marks: bool = True
    shows_history: bool = True
    away: bool = False
    """Whether it cannot be asked who is who and who is where."""
    lost: bool = False
    """Whether it cannot be asked who is where."""
    linkless: bool = False
    """Whether it tells no address of a message."""
    searches: int = 0
    tries: int = 0
    slow: timedelta = timedelta()
    """How long a search takes, told to *wait*."""
    wait: Callable[[timedelta], object] = lambda _pause: None
    after_post: Callable[[], object] = lambda: None
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, ChannelInfo] = field(default_factory=dict)
    inside: dict[str, set[str]] = field(default_factory=dict)
    """Who is in a channel, by its id."""
    files: list[tuple[str, str, bytes]] = field(default_factory=list)
    """(member, name, contents)"""
    whispers: list[tuple[str, str, Message]] = field(default_factory=list)
    """(channel, member, message)"""
    _said: list[Said] = field(default_factory=list)

    def says(self, member: str, channel: str, text: str, *, thread: str = "") -> str:
        """Let a member post; returns the stamp."""
        return self._add(channel, Message(text), "", thread, by=member)

    def reacts(self, member: str, channel: str, ts: str, name: str) -> None:
        """Let a member react."""
        self._change(channel, ts, lambda said: said.reactions | {(name, member)})

    def said(self, channel: str = "", kind: str = "") -> list[Said]:
        """What stands in a channel, of one kind, oldest first."""
        return [
            said
            for said in self._said
            if channel in {"", said.channel} and said.key.startswith(kind)
        ]

    def of(self, _workspace: str) -> MemoryChat:
        """It is the chat of every workspace."""
        return self

    async def post(self, channel: str, message: Message, *, thread: str = "", key: str = "") -> str:
        self.tries += 1
        fault = self.posting.popleft() if self.posting else Fault.NONE
        match fault:
            case Fault.DROPPED:
                raise ChatInDoubtError("The answer was lost.")
            case Fault.AWAY:
                raise ChatUnavailableError("Too fast.", code="ratelimited", retry_after=20)
            case Fault.REFUSED:
                raise ChatError("The channel is archived.", code="is_archived")
            case Fault.UNDRAWN if message.parts:
                raise MessageRefusedError("Not like that.", code="invalid_blocks")
            case Fault.DIES_BEFORE:
                raise Crash
        if self.channels and self.channels.get(channel, _NOWHERE).archived:
            raise ChatError("The channel is archived.", code="is_archived")
        ts = self._add(channel, message, key, thread)
        self.after_post()
        if fault is Fault.LOST:
            raise ChatInDoubtError("The answer was lost.")
        if fault is Fault.DIES_AFTER:
            raise Crash
        return ts

    async def find_own(
        self, channel: str, key: str, *, since: datetime, fallback: str = "", thread: str = ""
    ) -> str | None:
        self.searches += 1
        self.wait(self.slow)
        if not self.shows_history:
            raise ChatUnsupportedError("I may not look there.")
        match self.finding.popleft() if self.finding else Fault.NONE:
            case Fault.AWAY:
                raise ChatUnavailableError("Too fast.", code="ratelimited", retry_after=20)
            case Fault.REFUSED:
                raise ChatError("Not allowed to read that.", code="missing_scope")
            case Fault.DIES_BEFORE:
                raise Crash
        for said in reversed(self._said):
            if said.channel != channel or said.at < since or said.thread != thread:
                continue
            keyed = self.keeps_keys and said.key
            if said.key == key if keyed else fallback and said.message.fallback == fallback:
                return said.ts
        return None

    def instant_of(self, ts: str) -> datetime:
        return datetime.fromtimestamp(float(ts), UTC)

    async def update(self, place: Place, message: Message, *, key: str = "") -> None:
        at = self._own(place)
        self._said[at] = replace(self._said[at], message=message, key=key)

    async def delete(self, place: Place) -> None:
        self._said = [one for one in self._said if (one.channel, one.ts) != _at(place)]

    async def tell(self, member_id: str, message: Message, *, key: str = "") -> str:
        return await self.post(f"D{member_id}", message, key=key)

    async def find_told(
        self, member_id: str, key: str, *, since: datetime, fallback: str = ""
    ) -> str | None:
        return await self.find_own(f"D{member_id}", key, since=since, fallback=fallback)

    async def whisper(self, channel: str, member_id: str, message: Message) -> None:
        self.whispers.append((channel, member_id, message))

    async def upload(self, member_id: str, file: Path, *, name: str, words: str) -> None:
        await self.tell(member_id, Message(words))
        self.files.append((member_id, name, file.read_bytes()))  # noqa: ASYNC240

    async def react(self, place: Place, name: str) -> None:
        if not self.takes_marks:
            raise ChatUnsupportedError("Bots do not react here.")
        self._change(place.channel, place.ts, lambda said: said.reactions | {(name, BOT)})

    async def unreact(self, place: Place, name: str) -> None:
        self._change(place.channel, place.ts, lambda said: said.reactions - {(name, BOT)})

    async def person(self, member_id: str) -> Person:
        if self.away:
            raise ChatUnavailableError("It does not answer.")
        if member_id not in self.people:
            raise ChatError("There is no such member.", code="user_not_found")
        return self.people[member_id]

    async def channel(self, channel: str) -> ChannelInfo:
        if channel not in self.channels:
            raise ChatError("There is no such channel.", code="channel_not_found")
        return self.channels[channel]

    async def my_channels(self) -> Sequence[ChannelInfo]:
        return [one for one in self.channels.values() if one.member and not one.archived]

    async def channels_of(
        self, member_id: str, *, public: bool = False, only: str = ""
    ) -> frozenset[str]:
        if self.away or self.lost:
            raise ChatUnavailableError("It does not answer.")
        return frozenset(
            one.id
            for one in self.channels.values()
            if member_id in self.inside.get(one.id, ())
            and only in {"", one.id}
            and ((one.private and one.member) or (public and not one.private))
        )

    async def link_to(self, place: Place, *, thread: str = "") -> str:  # noqa: ARG002  (not shown)
        if self.linkless:
            raise ChatError("It tells no address.")
        return f"https://chat.example.org/{place.channel}/{place.ts}"

    async def fetch(self, place: Place, *, thread: str = "") -> Post | None:  # noqa: ARG002
        found = [one for one in self._said if (one.channel, one.ts) == _at(place)]
        return self._entry(found[0], place.workspace).post if found else None

    async def history(
        self,
        channel: str,
        *,
        oldest: datetime,
        latest: datetime,
        hidden: Callable[[], None] = lambda: None,  # noqa: ARG002  (nothing is hidden here)
    ) -> AsyncIterator[Sequence[Entry]]:
        found = [
            one
            for one in self._said
            if one.channel == channel and not one.thread and oldest <= one.at <= latest
        ]
        for one in reversed(found):
            yield [self._entry(one)]

    async def thread(self, place: Place) -> Sequence[Entry]:
        at = place.channel, place.ts
        return [self._entry(one) for one in self._said if (one.channel, one.thread) == at]

    async def reactions(self, place: Place) -> Sequence[tuple[str, str]]:
        found = [one for one in self._said if (one.channel, one.ts) == _at(place)]
        return self._entry(found[0]).reactions if found else ()

    def _add(self, channel: str, message: Message, key: str, thread: str, by: str = BOT) -> str:
        ts = f"{self.now().timestamp():.0f}.{len(self._said):06}"
        self._said.append(Said(ts, self.now(), channel, message, key, thread, by))
        return ts

    def _own(self, place: Place) -> int:
        for at, one in enumerate(self._said):
            if (one.channel, one.ts, one.by) == (*_at(place), BOT):
                return at
        raise ChatError("That message is gone.", code="message_not_found")

    def _change(
        self, channel: str, ts: str, change: Callable[[Said], frozenset[tuple[str, str]]]
    ) -> None:
        self._said = [
            replace(one, reactions=change(one)) if (one.channel, one.ts) == (channel, ts) else one
            for one in self._said
        ]

    def _entry(self, said: Said, workspace: str = "T1") -> Entry:
        replies = [
            one for one in self._said if (one.channel, one.thread) == (said.channel, said.ts)
        ]
        place = Place(workspace, said.channel, said.ts)
        post = Post(
            place=place,
            posted_at=said.at,
            author_id=said.by,
            body=(Text(said.message.fallback),),
            thread=said.thread or None,
        )
        return Entry(
            place=place,
            posted_at=said.at,
            post=None if said.by == BOT else post,
            gone=False,
            replies=len(replies),
            latest_reply=replies[-1].ts if replies else "",
            reactions=tuple(sorted(one for one in said.reactions if one[1] != BOT)),
            reactions_whole=True,
        )


_NOWHERE = ChannelInfo(id="", name="", private=True, member=False, archived=False)


def _at(place: Place) -> tuple[str, str]:
    return place.channel, place.ts
