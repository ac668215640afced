"""Post a delivery exactly once, through crashes, restarts, second processes and lost answers.

A platform has no way to say "post this only once". So a row in the store is claimed first, with a
lease that outlasts the request; whoever comes second looks for the message by its key before it
posts; and where the answer of a request was lost, nobody posts for a minute, but anyone may look.

What has several messages has a row for each. The later ones stand in the thread of the first, in
order, and each is claimed, posted and recorded by itself.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from bot.core.delivery.composer import Composer, D_contra
from bot.core.delivery.result import InDoubt, NothingToPost, NotPossible, Posting, Sent, SentBefore
from bot.core.errors import (
    ChatError,
    ChatInDoubtError,
    ChatUnavailableError,
    ChatUnsupportedError,
    MessageRefusedError,
    StoreError,
)
from bot.core.model.deliveries import WEEKLY, Claim, ClaimUnavailable, Delivery, Plan
from bot.core.model.parts import Message
from bot.core.model.work import Effect, NewJob
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chats

LEASE: Final = timedelta(seconds=120)
"""How long a claim holds: longer than a request may take."""
REQUEST: Final = timedelta(seconds=30)
"""How long a request may take. None is begun unless the lease outlasts it and a plain one."""
LOOK_AGAIN: Final = timedelta(seconds=60)
"""How long a message whose answer was lost may take to show up in the channel's history."""
SKEW: Final = timedelta(hours=1)
"""How far the platform's clock may be behind ours when we look for a message."""
BLIND: Final = timedelta(minutes=30)
"""How long a channel into which we may not look is left alone."""
EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""From when a thread is searched: its beginning."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """How a delivery is attempted; see `DeliveryPoster.post`. *post*: or only look for it."""

    late: bool = False
    post: bool = True
    stands: bool | None = None

    def stands_by_word(self, claim: Claim) -> bool | None:
        """Whether a message that nobody can look for counts as posted; None: it is not said."""
        return True if claim.part and not self.post else self.stands


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPoster:
    """Posts each delivery once. Safe to call at any time, from anywhere.

    Args:
        now: the clock that weeks go by; in a rehearsal it may run ahead or behind.
        real_now: the clock that leases and waiting go by.
    """

    store: IdeaStore
    chats: Chats
    now: Callable[[], datetime]
    real_now: Callable[[], datetime]

    async def post(
        self,
        delivery: D_contra,
        composer: Composer[D_contra],
        *,
        late: bool = False,
        stands: bool | None = None,
    ) -> Posting:
        """Post all messages of a delivery, unless they stand there already or somebody is at it.

        Args:
            late: whether it was due a while ago; then the channel is looked through even at the
                first attempt, since the store may be an older copy that forgot the post.
            stands: whether a message in doubt is there, by the word of somebody who looked. It
                counts only where the chat does not let the bot look.
        """
        return await self._deliver(delivery, composer, _Wish(late=late, stands=stands))

    async def settle(self, delivery: D_contra, composer: Composer[D_contra]) -> Posting:
        """Post nothing, and find out whether an attempt already did.

        What an attempt had planned and is not in the chat is free again afterwards. A later message
        that nobody can look for counts as posted.
        """
        return await self._deliver(delivery, composer, _Wish(post=False))

    async def _deliver(
        self, delivery: D_contra, composer: Composer[D_contra], wish: _Wish
    ) -> Posting:
        first: Posting | None = None
        plan = await composer.plan(delivery) if wish.post else Plan()
        while True:
            begun = self.real_now()
            claim = await self._claim(delivery, plan, begun)
            if isinstance(claim, ClaimUnavailable):
                if claim.sent:
                    return first or SentBefore(claim.ts)
                if (doubt := await self._taken(claim, wish)) is not None:
                    return doubt
                continue
            message = await composer.render(delivery, claim.plan, claim.part)
            came: Posting | None
            came = await self._look(claim, message, wish)
            if came is None and wish.post and message is not None:
                came = await self._post(claim, message, begun=begun)
            if claim.part:
                if isinstance(came, InDoubt):
                    return came
                if came is None or isinstance(came, NotPossible):
                    # Nothing of it is left to say, or its thread is gone: what it carries is free.
                    await self.store.drop(claim)
            elif came is None:
                # Nothing to say, or what an attempt before this one had planned is withdrawn.
                await self.store.release(claim)
                if claim.attempt == 1 or not wish.post:
                    return NothingToPost()
                plan = await composer.plan(delivery)
            elif isinstance(came, InDoubt | NotPossible) or len(claim.plan.parts) == 1:
                return came
            else:
                first = came

    async def _claim(
        self, delivery: Delivery, plan: Plan, now: datetime
    ) -> Claim | ClaimUnavailable:
        begun = min(self.now(), now)
        return await self.store.claim(delivery, plan, now=now, lease=LEASE, begun=begun)

    # -- looking --

    async def _taken(self, taken: ClaimUnavailable, wish: _Wish) -> InDoubt | None:
        """Return until when to wait for somebody else's attempt; None: it is known what it did."""
        until = taken.until or self.real_now() + LOOK_AGAIN
        if taken.doubtful is None:
            return InDoubt(until, "It is being posted at this moment.")
        try:
            if await self._find(taken.doubtful) is not None:
                return None
        except ChatUnsupportedError as error:
            stands = wish.stands_by_word(taken.doubtful)
            if stands is None:
                return InDoubt(until, str(error), blind=True)
            if stands:
                await self.store.sent(taken.doubtful, "", now=self.now())
            else:
                await self.store.release(taken.doubtful)
            return None
        except ChatError:
            pass
        return InDoubt(until, "The chat did not say whether it was posted.")

    async def _look(
        self, claim: Claim, message: Message | None, wish: _Wish
    ) -> SentBefore | InDoubt | None:
        """Look for what an attempt before may have posted; None: it is not there.

        When the look-up fails after an attempt, nobody may post. Before the first one there is no
        sign that anything was posted, so a chat that cannot be searched does not silence us.
        """
        again = claim.attempt > 1
        if not again and (claim.part or not wish.late or message is None):
            return None
        try:
            return await self._find(claim, message, forgotten=not again)
        except ChatError as error:
            if again and isinstance(error, ChatUnsupportedError):
                return await self._unseen(claim, error, wish)
            if again:
                return await self._doubt(claim, error)
            if isinstance(error, ChatUnavailableError):
                return await self._not_now(claim, error)
            return None

    async def _unseen(
        self, claim: Claim, error: ChatError, wish: _Wish
    ) -> SentBefore | InDoubt | None:
        """Of what nobody can look for, believe whoever did, or have somebody asked to."""
        stands = wish.stands_by_word(claim)
        if stands is None:
            delivery = claim.delivery
            if delivery.kind in WEEKLY:
                about = {"kind": delivery.kind, "subject": delivery.subject}
                key = f"{delivery.kind} {delivery.subject}"
                job = NewJob(
                    effect=Effect.DOUBTFUL, channel=delivery.channel, key=key, payload=about
                )
                await self.store.enqueue(delivery.workspace, job, now=self.now())
            return await self._doubt(claim, error, rest=BLIND, blind=True)
        if not stands:
            return None
        await self.store.sent(claim, "", now=self.now())
        return SentBefore("")

    async def _find(
        self, claim: Claim, message: Message | None = None, *, forgotten: bool = False
    ) -> SentBefore | None:
        """Look for our message and, when it is there, record it.

        Args:
            forgotten: whether the store, perhaps an older copy, knows of no attempt.
        """
        delivery = claim.delivery
        chat = self.chats.of(delivery.workspace)
        if delivery.member:
            find = partial(chat.find_told, delivery.member)
        else:
            find = partial(chat.find_own, delivery.channel, thread=claim.thread)
        for ident in (delivery.channel, *delivery.former):  # it carries the id of its day
            ts = await find(
                replace(delivery, channel=ident).key(claim.part),
                since=self._since(claim),
                fallback="" if message is None else message.fallback,
            )
            if ts is not None:
                # A claim made anew may hold ideas that came after the post.
                until = chat.instant_of(ts) if forgotten else None
                await self.store.sent(claim, ts, now=self.now(), until=until)
                return SentBefore(ts)
        return None

    def _since(self, claim: Claim) -> datetime:
        if claim.thread:
            return EVER
        if claim.attempt == 1 and claim.delivery.since is not None:
            # In a rehearsal the program's clock may be ahead of the chat's.
            return claim.delivery.since - max(self.now() - self.real_now(), timedelta()) - SKEW
        return min(claim.claimed_at, self.real_now()) - SKEW  # by a clock that may have gone back

    # -- posting --

    async def _post(self, claim: Claim, message: Message, *, begun: datetime) -> Posting:
        if claim.part and not claim.thread:
            return NotPossible("Where its first message stands is known to people alone.")
        if self.real_now() - begun > LEASE - 2 * REQUEST:
            # Looking took so long that somebody else could post while we do.
            return InDoubt(begun + LEASE, "The chat is slow to answer.")
        try:
            ts = await self._say(claim, message)
        except ChatInDoubtError as error:
            return await self._doubt(claim, error)
        except ChatUnavailableError as error:
            return await self._not_now(claim, error)
        except ChatError as error:
            return await self._refused(claim, error)
        try:
            await self.store.sent(claim, ts, now=self.now())
        except StoreError as error:
            return InDoubt(begun + LEASE, f"It is posted, but could not be noted. {error}")
        return Sent(ts)

    async def _say(self, claim: Claim, message: Message) -> str:
        """Post a message that carries its key, in plain text where the chat will not draw it."""
        delivery = claim.delivery
        chat = self.chats.of(delivery.workspace)
        if delivery.member:
            say = partial(chat.tell, delivery.member)
        else:
            say = partial(chat.post, delivery.channel, thread=claim.thread)
        key = delivery.key(claim.part)
        try:
            ts = await say(message, key=key)
        except MessageRefusedError as error:
            log.warning("%s was refused (%s), posting it plain", key, error.code)
            ts = await say(Message(message.fallback), key=key)
        channel = await self.store.channel(delivery.workspace, delivery.channel)
        what = f"{delivery.kind} of {delivery.subject}".removesuffix(" of ")
        log.info("Posted the %s in %s", what, channel or "direct messages")
        if channel is not None and channel.refused_since is not None:
            await self.store.set_refusing(delivery.workspace, delivery.channel, since=None)
        return ts

    async def _refused(self, claim: Claim, error: ChatError) -> NotPossible:
        """Note that the chat refuses it for good; of a first message, queue REFUSED."""
        delivery = claim.delivery
        if claim.part:
            which = f"Message {claim.part + 1} of the {delivery.kind} of {delivery.subject}"
            log.warning("%s is refused and left out: %s", which, error)
        else:
            if not delivery.member:
                about = {"why": str(error)}
                job = NewJob(effect=Effect.REFUSED, channel=delivery.channel, payload=about)
                await self.store.enqueue(delivery.workspace, job, now=self.now())
            await self._give_back(claim)
        return NotPossible(str(error), error.code)

    async def _doubt(
        self, claim: Claim, error: ChatError, *, rest: timedelta = LOOK_AGAIN, blind: bool = False
    ) -> InDoubt:
        until = self.real_now() + rest
        await self.store.doubt(claim, until=until)
        return InDoubt(until, str(error), blind=blind)

    async def _not_now(self, claim: Claim, error: ChatUnavailableError) -> InDoubt:
        await self._give_back(claim)
        until = self.real_now() + timedelta(seconds=error.retry_after or 0)
        return InDoubt(until, str(error), wait=error.retry_after)

    async def _give_back(self, claim: Claim) -> None:
        """Undo a claim that posted nothing; after an earlier attempt, the next one must look."""
        if claim.attempt == 1:
            await self.store.release(claim)
        else:
            await self.store.doubt(claim, until=self.real_now())

    # -- telling one member --

    async def first(self, about: Delivery) -> bool:
        """Return whether a notice is told for the first time; from now on it counts as told."""
        claim = await self._claim(about, Plan(), self.real_now())
        if isinstance(claim, ClaimUnavailable):
            return False
        await self.store.sent(claim, "", now=self.now())
        return claim.attempt == 1

    async def tell(
        self,
        member: str,
        notices: Sequence[Delivery],
        words: Callable[[Sequence[Delivery]], Message],
        *,
        whisper: bool = False,
    ) -> None:
        """Tell a member of the first of *notices*, once, and with it of those not yet told.

        What is told carries no key by which it could be looked for, so an answer that was lost may
        have been a yes. Then it tells nothing more: what is said here is news, not a duty.

        Args:
            words: what is said of those that are told now; the first is among them.
            whisper: whether to say it in the channel of the first, for their eyes alone.

        Raises:
            ChatUnavailableError: it was not told; all of them are as if never begun.
            ChatError: it cannot be told, now or later.
        """
        told: list[Claim] = []
        for notice in notices:
            claim = await self._claim(notice, Plan(), self.real_now())
            if isinstance(claim, Claim) and claim.attempt == 1:
                told.append(claim)
                continue
            if isinstance(claim, Claim):  # an attempt that died may have told it
                await self.store.sent(claim, "", now=self.now())
            if not told:
                return
        first = notices[0]
        trouble: ChatError | None = None
        message = words([claim.delivery for claim in told])
        try:
            chat = self.chats.of(first.workspace)
            if whisper:
                await chat.whisper(first.channel, member, message)
            else:
                await chat.tell(member, message)
        except ChatUnavailableError:
            for claim in told:
                await self.store.release(claim)
            raise
        except ChatInDoubtError:
            log.info("Whether %s was told of %s is not known", member, first.subject)
        except ChatError as error:
            trouble = error
        for claim in told:
            await self.store.sent(claim, "", now=self.now())
        if trouble is not None:
            raise trouble


async def tell_each(members: Iterable[str], tell: Callable[[str], Awaitable[None]]) -> None:
    """Tell each of some members; when one cannot be told, go on with the others.

    Raises:
        ChatUnavailableError: some were not told now.
        ChatError: some cannot be told, now or later.
    """
    trouble: ChatError | None = None
    for member in members:
        try:
            await tell(member)
        except ChatError as error:
            if not isinstance(trouble, ChatUnavailableError):
                trouble = error
    if trouble is not None:
        raise trouble
