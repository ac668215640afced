"""A small chat in memory: it keeps what is posted, and fails on demand as a real one does."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from bot.core.errors import (
    ChatError,
    ChatInDoubtError,
    ChatUnavailableError,
    MessageRefusedError,
)
from bot.core.model import ChannelInfo, Person

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from bot.core.model import Place, Post
    from bot.core.parts import Form, Message


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


@dataclass(slots=True)
class Room:
    """All channels of one workspace. *posting* and *finding* say how the next calls end."""

    now: Callable[[], datetime]
    posting: deque[Fault] = field(default_factory=deque)
    finding: deque[Fault] = field(default_factory=deque)
    keeps_keys: bool = True
    searches: int = 0
    tries: int = 0
    slow: timedelta = timedelta()
    """How long a search takes, told to *wait*."""
    wait: Callable[[timedelta], object] = lambda _pause: None
    after_post: Callable[[], object] = lambda: None
    _said: list[Said] = field(default_factory=list)
    _told: defaultdict[str, list[Message]] = field(default_factory=lambda: defaultdict(list))
    _marks: set[tuple[Place, str]] = field(default_factory=set)
    _files: list[tuple[str, str]] = field(default_factory=list)
    _forms: list[Form] = field(default_factory=list)

    def said(self, channel: str = "", kind: str = "") -> list[Said]:
        """What stands in a channel, of one kind, oldest first."""
        return [
            said
            for said in self._said
            if channel in {"", said.channel} and said.key.startswith(kind)
        ]

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
        ts = f"{self.now().timestamp():.0f}.{len(self._said):06}"
        self._said.append(Said(ts, self.now(), channel, message, key, thread))
        self.after_post()
        if fault is Fault.LOST:
            raise ChatInDoubtError("The answer was lost.")
        if fault is Fault.DIES_AFTER:
            raise Crash
        return ts

    async def find_own(
        self, channel: str, key: str, *, since: datetime, fallback: str = ""
    ) -> str | None:
        self.searches += 1
        self.wait(self.slow)
        match self.finding.popleft() if self.finding else Fault.NONE:
            case Fault.AWAY:
                raise ChatUnavailableError("Too fast.", code="ratelimited", retry_after=20)
            case Fault.REFUSED:
                raise ChatError("Not allowed to read that.", code="missing_scope")
            case Fault.DIES_BEFORE:
                raise Crash
        for said in reversed(self._said):
            if said.channel != channel or said.at < since:
                continue
            if said.key == key if self.keeps_keys else said.message.fallback == fallback:
                return said.ts
        return None

    async def tell(self, member_id: str, message: Message) -> str:
        self._told[member_id].append(message)
        return f"{self.now().timestamp():.0f}.{len(self._told[member_id]):06}"

    async def whisper(self, channel: str, member_id: str, message: Message) -> None:
        self._told[f"{channel} {member_id}"].append(message)

    async def react(self, place: Place, name: str) -> None:
        self._marks.add((place, name))

    async def unreact(self, place: Place, name: str) -> None:
        self._marks.discard((place, name))

    async def delete(self, place: Place) -> None:
        self._said = [s for s in self._said if (s.channel, s.ts) != (place.channel, place.ts)]

    async def person(self, member_id: str) -> Person:
        return Person(id=member_id, name=member_id)

    async def channel(self, channel: str) -> ChannelInfo:
        return ChannelInfo(id=channel, name=channel.lower(), private=False)

    async def my_channels(self) -> Sequence[ChannelInfo]:
        return [await self.channel(ident) for ident in sorted({s.channel for s in self._said})]

    async def private_channels_of(self, member_id: str) -> frozenset[str]:  # noqa: ARG002  (all are public)
        return frozenset()

    async def link_to(self, place: Place) -> str:
        return f"https://chat.example/{place.channel}/{place.ts}"

    async def upload(self, member_id: str, file: Path, *, name: str, words: str) -> None:
        self._files.append((name, f"{member_id} {words} {file}"))

    async def fetch(self, place: Place) -> Post | None:  # noqa: ARG002  (people post elsewhere)
        return None

    async def history(
        self, channel: str, *, oldest: datetime, latest: datetime
    ) -> AsyncIterator[Post]:
        people: list[Post] = []
        for post in people:
            if post.place.channel == channel and oldest <= post.posted_at <= latest:
                yield post

    def instant_of(self, ts: str) -> datetime:
        return datetime.fromtimestamp(float(ts), UTC)

    async def open_form(self, trigger: str, form: Form) -> None:  # noqa: ARG002  (nobody looks)
        self._forms.append(form)
