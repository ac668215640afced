"""A small chat in memory: it keeps what is posted, and fails on demand as a real one does.

It has what posting exactly once needs of the port `Chat`: `post`, `find_own`, `instant_of`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum

from bot.core.errors import ChatError, ChatInDoubtError, ChatUnavailableError, MessageRefusedError
from bot.core.model.parts import Message


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
        self, channel: str, key: str, *, since: datetime, fallback: str = "", thread: str = ""
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
            if said.channel != channel or said.at < since or said.thread != thread:
                continue
            if said.key == key if self.keeps_keys else said.message.fallback == fallback:
                return said.ts
        return None

    def instant_of(self, ts: str) -> datetime:
        return datetime.fromtimestamp(float(ts), UTC)
