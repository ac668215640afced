"""Posting a thing exactly once, whatever crashes, doubles, restarts or loses an answer.

A platform has no way to say "post this only once". So a row in the store is claimed first, with a
lease that outlasts the request; whoever comes second looks for the message by its key before it
posts; and where the answer of a request was lost, nobody posts for a minute, but anyone may look.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.core.errors import (
    ChatError,
    ChatInDoubtError,
    ChatUnavailableError,
    MessageRefusedError,
    StoreError,
)
from bot.core.model.parts import Message
from bot.core.model.people import Channel
from bot.core.model.work import Claim, DeliveryKind, Effect, Extra, NewJob, Period, Taken
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chat

LEASE: Final = timedelta(seconds=120)
"""How long a claim holds: longer than a request may take."""
REQUEST: Final = timedelta(seconds=30)
"""How long a request may take. None is begun unless the lease outlasts it and a plain one."""
LOOK_AGAIN: Final = timedelta(seconds=60)
"""How long a message whose answer was lost may take to show up in the channel's history."""
SKEW: Final = timedelta(hours=1)
"""How far the platform's clock may be behind ours when we look for a message."""

log = logging.getLogger(__name__)


async def say(chat: Chat, channel: str, message: Message, *, key: str, thread: str = "") -> str:
    """Post a message that carries *key*, as plain text where the platform will not draw it."""
    try:
        return await chat.post(channel, message, thread=thread, key=key)
    except MessageRefusedError as error:
        log.warning("%s was refused (%s), posting it plain", key, error.code)
        return await chat.post(channel, Message(message.fallback), thread=thread, key=key)


def refusal_key(channel: str) -> str:
    """What it is noted under, since when a channel takes nothing that we post."""
    return f"refused:{channel}"


async def say_there(
    store: IdeaStore,
    chat: Chat,
    workspace: str,
    channel: str,
    message: Message,
    *,
    key: str,
    now: datetime,
) -> str:
    """Post as `say`. Where the chat refuses it for good, those who coordinate are to hear of it."""
    try:
        ts = await say(chat, channel, message, key=key)
    except (ChatInDoubtError, ChatUnavailableError):
        raise
    except ChatError as error:
        told = NewJob(effect=Effect.REFUSED, key=channel, payload=str(error))
        await store.enqueue(workspace, told, now=now)
        raise
    if await store.told_at(workspace, refusal_key(channel)) is not None:
        await store.not_told(workspace, refusal_key(channel))
    return ts


# -- what came of it --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sent:
    """It was posted now."""

    ts: str


@dataclass(frozen=True, slots=True)
class SentBefore:
    """It stands in the channel already."""

    ts: str


@dataclass(frozen=True, slots=True)
class NothingToPost:
    """There is nothing to say this week; what came is carried over."""


@dataclass(frozen=True, slots=True)
class InDoubt:
    """Not settled: it may be posted or not, or somebody is at it. Try again from *until* on.

    Where it *waits*, this attempt certainly posted nothing: the chat asked to be left alone.
    """

    until: datetime
    why: str
    waits: bool = False


def not_now(error: ChatUnavailableError, now: datetime) -> InDoubt:
    """What an attempt comes to that the chat turned away, and when to make the next."""
    until = now + timedelta(seconds=error.retry_after or 0)
    return InDoubt(until, str(error), waits=error.retry_after is not None)


@dataclass(frozen=True, slots=True)
class NotPossible:
    """The chat refuses it for good, and why. Nothing was posted."""

    why: str


Posting = Sent | SentBefore | NothingToPost | InDoubt | NotPossible

RESULTS: Final[Mapping[type[Posting], str]] = {
    Sent: "sent",
    SentBefore: "sent before",
    NothingToPost: "nothing to post",
    InDoubt: "in doubt",
    NotPossible: "not possible",
}
"""What each is called where deliveries are counted."""


# -- once -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """What a first attempt would post."""

    ideas: tuple[int, ...] = ()
    extras: tuple[tuple[Extra, str], ...] = ()
    prompt_id: str = ""
    prompt_text: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to be posted: what is chosen for it, and how a claim is put into words."""

    channel: Channel
    kind: DeliveryKind
    period: Period
    at: datetime
    choose: Callable[[], Awaitable[Choice]]
    draw: Callable[[Claim], Awaitable[Message | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """Posts a matter once. Safe to call at any time, from anywhere.

    Args:
        now: the clock that weeks go by; in a rehearsal it may run ahead or behind.
        real_now: the clock that leases and waiting go by.
    """

    store: IdeaStore
    chat: Chat
    now: Callable[[], datetime]
    real_now: Callable[[], datetime]

    async def post(self, matter: Matter, *, late: bool = False) -> Posting:
        """Post it, unless it stands there already or somebody is at it.

        Args:
            late: whether it was due a while ago; then the channel is looked through even at the
                first attempt, since the store may be an older copy that forgot the post.
        """
        return await self._once(matter, late=late)

    async def settle(self, matter: Matter) -> Posting:
        """Post nothing, and find out whether an attempt already did.

        What an attempt had planned and is not in the channel is free again afterwards.
        """
        return await self._once(matter, post=False)

    async def _once(self, matter: Matter, *, late: bool = False, post: bool = True) -> Posting:
        while True:
            choice = await matter.choose() if post else Choice()
            begun = self.real_now()
            claim = await self._claim(matter, choice, begun)
            if isinstance(claim, Taken):
                return await self._taken(matter, claim)
            message = await matter.draw(claim)
            if claim.attempt > 1 or (late and message is not None):
                found = await self._look(matter, claim, message)
                if found is not None:
                    return found
            if post and message is not None:
                return await self._post(matter.channel, claim, message, begun=begun)
            # Nothing to say, or what an attempt before this one had planned is withdrawn by now.
            await self.store.release(claim)
            if claim.attempt == 1 or not post:
                return NothingToPost()

    async def _claim(self, matter: Matter, choice: Choice, now: datetime) -> Claim | Taken:
        return await self.store.claim(
            matter.channel.workspace,
            matter.channel.id,
            matter.kind,
            matter.period.key,
            at=matter.at,
            now=now,
            lease=LEASE,
            ideas=choice.ideas,
            extras=choice.extras,
            prompt_id=choice.prompt_id,
            prompt_text=choice.prompt_text,
            begun=min(self.now(), now),
        )

    async def _taken(self, matter: Matter, taken: Taken) -> Posting:
        """It was posted, or somebody is at it, or an answer was lost: then we may look already."""
        if taken.sent:
            return SentBefore(taken.ts)
        until = taken.until or self.real_now() + LOOK_AGAIN
        if not taken.doubtful:
            return InDoubt(until, "It is being posted at this moment.")
        claim = Claim(
            workspace=matter.channel.workspace,
            channel=matter.channel.id,
            kind=matter.kind,
            period=matter.period.key,
            attempt=1,
            claimed_at=self.real_now(),
            at=matter.at,
        )
        with contextlib.suppress(ChatError):
            if (found := await self._find(matter, claim, "")) is not None:
                return found
        return InDoubt(until, "The chat did not say whether it was posted.")

    async def _find(self, matter: Matter, claim: Claim, fallback: str) -> SentBefore | None:
        """Look for our message and, when it is there, record it."""
        # In a rehearsal the program's clock may be ahead of the chat's.
        ahead = max(self.now() - self.real_now(), timedelta())
        first = matter.period.start - ahead
        if claim.attempt > 1:  # by a clock that may have gone back since
            first = min(claim.claimed_at, self.real_now())
        since = first - SKEW
        for ident in (claim.channel, *matter.channel.former):  # it carries the id of its day
            key = replace(claim, channel=ident).key
            ts = await self.chat.find_own(claim.channel, key, since=since, fallback=fallback)
            if ts is not None:
                break
        else:
            return None
        # A claim made anew over an older copy of the store may hold ideas that came after the post.
        until = self.chat.instant_of(ts) if claim.attempt == 1 else None
        await self.store.sent(claim, ts, now=self.now(), until=until)
        return SentBefore(ts)

    async def _look(
        self, matter: Matter, claim: Claim, message: Message | None
    ) -> SentBefore | InDoubt | None:
        """Look for what an attempt before may have posted; None: it is not there.

        When the look-up fails after an attempt, nobody may post. Before the first one there is no
        sign that anything was posted, so a chat that cannot be searched does not silence us.
        """
        try:
            return await self._find(matter, claim, "" if message is None else message.fallback)
        except ChatError as error:
            if claim.attempt > 1:
                return await self._doubt(claim, error)
            if isinstance(error, ChatUnavailableError):
                return await self._not_now(claim, error)
            return None

    async def _post(
        self, channel: Channel, claim: Claim, message: Message, *, begun: datetime
    ) -> Posting:
        if self.real_now() - begun > LEASE - 2 * REQUEST:
            # Looking took so long that somebody else could post while we do.
            return InDoubt(begun + LEASE, "The chat is slow to answer.")
        try:
            ts = await say_there(
                self.store,
                self.chat,
                channel.workspace,
                claim.channel,
                message,
                key=claim.key,
                now=self.now(),
            )
        except ChatInDoubtError as error:
            return await self._doubt(claim, error)
        except ChatUnavailableError as error:
            return await self._not_now(claim, error)
        except ChatError as error:
            await self._give_back(claim)
            return NotPossible(str(error))
        try:
            await self.store.sent(claim, ts, now=self.now())
        except StoreError as error:
            return InDoubt(begun + LEASE, f"It is posted, but could not be noted. {error}")
        log.info("Posted the %s of %s in %s", claim.kind, claim.period, channel)
        return Sent(ts)

    async def _doubt(self, claim: Claim, error: ChatError) -> InDoubt:
        until = self.real_now() + LOOK_AGAIN
        await self.store.doubt(claim, until=until)
        return InDoubt(until, str(error))

    async def _not_now(self, claim: Claim, error: ChatUnavailableError) -> InDoubt:
        await self._give_back(claim)
        return not_now(error, self.real_now())

    async def _give_back(self, claim: Claim) -> None:
        """This attempt did nothing. Where one came before it, the next one must look again."""
        if claim.attempt == 1:
            await self.store.release(claim)
        else:
            await self.store.doubt(claim, until=self.real_now())
