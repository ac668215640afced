"""Members' own digests: queued when they are due, and each told once, of what may be seen then."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.core.delivery.poster import DeliveryPoster
from bot.core.delivery.result import RESULTS, InDoubt, NothingToPost, Posting, settled
from bot.core.errors import ChatUnavailableError
from bot.core.finding.permissions import NOT_NOW, Permissions
from bot.core.messages import digest as messages
from bot.core.model.channel_week import LATEST, opening_of
from bot.core.model.deliveries import DeliveryKind, Plan
from bot.core.model.digest import DigestExtras, compose
from bot.core.model.ideas import Idea, Kind
from bot.core.model.parts import Message
from bot.core.model.people import Asker
from bot.core.model.subscriptions import PACE, PACED, PersonalDelivery, Subscription
from bot.core.model.weeks import OLDEST, monday_of, period_of
from bot.core.model.work import Effect, Job, NewJob
from bot.core.ports import IdeaStore
from bot.core.week.digest_builder import DigestBuilder

TOGETHER: Final = 200
"""Subscriptions that are read and reckoned in one go."""
SETTLED: Final = timedelta(minutes=1)
"""What came in so lately may not be stored yet: it waits for the next digest."""
WAITING: Final = timedelta(weeks=40)
"""How long a question without an answer is brought back: a school year."""
TURNS: Final = 20
"""Such questions that take turns, a week each."""
LATELY: Final = timedelta(weeks=1)
"""How long ago a prompt that is named was asked."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _News:
    """What a member's digest says; *channels* are those they may see now."""

    store: IdeaStore
    builder: DigestBuilder
    channels: Sequence[str]

    async def plan(self, _delivery: PersonalDelivery) -> Plan:
        """Plan nothing: what came in by an instant is what it holds."""
        return Plan()

    async def render(self, delivery: PersonalDelivery, _plan: Plan, _part: int) -> Message | None:
        """Put what came in into words; None: no idea did, and questions alone wait for one."""
        store, builder, at = self.store, self.builder, delivery.at
        wanted = delivery.subscription
        ideas = await store.news(wanted, self.channels, at=at, oldest=at - OLDEST)
        if not any(idea.kind is Kind.IDEA for idea in ideas):
            return None
        asked = await store.asked_lately(wanted.workspace, self.channels, since=at - LATELY)
        contents = compose(
            ideas,
            builder.framework,
            week=monday_of(delivery.at.astimezone(delivery.zone).date()),
            zone=builder.zone,
            local=delivery.zone,
            beside=DigestExtras(question=await self._question(delivery), asked=tuple(asked)),
            personal=True,
        )
        return messages.digest(contents)

    async def _question(self, delivery: PersonalDelivery) -> Idea | None:
        """One that nobody has answered yet; of several, each week another one."""
        found = await self.store.unanswered(
            delivery.subscription, self.channels, oldest=delivery.at - WAITING, limit=TURNS
        )
        week = delivery.at.astimezone(delivery.zone).toordinal() // 7
        return found[week % len(found)] if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDigests:
    """Queues what is due, and sends it; the outbox does that one by one.

    Args:
        usual: the zone of those whose own is not known.
        on_result: told of each that was due, and what came of it, as in `RESULTS`.
    """

    store: IdeaStore
    permissions: Permissions
    builder: DigestBuilder
    poster: DeliveryPoster
    usual: ZoneInfo
    now: Callable[[], datetime]
    on_result: Callable[[str, str], None]

    # -- when it is due --

    async def schedule(self, home: str) -> None:
        """Reckon when those of a workspace are due, and queue what is, at the platform's pace."""
        store, now, queued = self.store, self.now(), 0
        await store.note_shown(home, at=now - SETTLED)  # before a job goes by that instant
        while some := await store.coming(home, until=now, limit=TOGETHER):
            reckoned: list[tuple[Subscription, datetime, NewJob | None]] = []
            for wanted in some:
                due, job = wanted.due or wanted.next_due(now, self.usual), None
                if due <= now:
                    job = self._job(wanted, due, now, after=queued * PACE)
                    queued += 1
                reckoned.append((wanted, due, job))
            await store.reckon(reckoned, now=now)

    def _job(
        self, wanted: Subscription, due: datetime, now: datetime, *, after: timedelta
    ) -> NewJob:
        zone = wanted.zone_or(self.usual)
        opening = opening_of(due, now, zone, punctual=PACED)
        return NewJob(
            effect=Effect.PERSONAL,
            key=wanted.member_id,
            payload={
                "week": period_of(due, zone).key,
                "due": due.isoformat(),
                "at": (now - SETTLED).isoformat(),
                "zone": zone.key,
            },
            after=(opening - now + after).total_seconds(),
        )

    # -- what is due --

    async def send(self, job: Job) -> None:
        """Send a member's digest, once, unless it is too late or they want none any more.

        Raises:
            ChatUnavailableError, ChatInDoubtError: try again.
            ChatError: this week's never will be.
        """
        store = self.store
        wanted = await store.subscription(job.workspace, job.key)
        if wanted is None:
            return
        due, at = (datetime.fromisoformat(job.payload[name]) for name in ("due", "at"))
        zone, now, week = ZoneInfo(job.payload["zone"]), self.now(), job.payload["week"]
        opening = opening_of(due, now, zone, punctual=PACED)
        if opening - due > LATEST[DeliveryKind.PERSONAL]:
            log.info("A personal digest of %s is left out: it was due at %s", week, due)
            came: Posting = NothingToPost()
        elif opening > now:
            wait = (opening - now).total_seconds()
            raise ChatUnavailableError(
                "It is night where they are.", code="night", retry_after=wait
            )
        else:
            delivery = PersonalDelivery.of(wanted, period_of(due, zone), at=at, zone=zone)
            news = _News(store, self.builder, await self._channels(wanted))
            # Where nobody may look, what may have been told counts as told.
            came = await self.poster.post(delivery, news, late=now - due > PACED, stands=True)
        self.on_result(DeliveryKind.PERSONAL, RESULTS[type(came)])
        if not isinstance(came, InDoubt):
            again = await store.subscription(job.workspace, job.key) or wanted
            passed = replace(again, last=max(again.last, week))
            await store.pass_week(wanted, week, due=passed.next_due(now, self.usual))
        settled(came)

    async def _channels(self, wanted: Subscription) -> Sequence[str]:
        """The channels that a digest may be of: what its member chose, and may see now.

        Raises:
            ChatUnavailableError: the chat does not say now what they may see.
        """
        # A guest's is of the one channel that they chose it in.
        (only, *_) = wanted.channels or ("",)
        asker = Asker(
            workspace=wanted.workspace, member_id=wanted.member_id, channel=only, pressed=True
        )
        seen = await self.permissions.visible_to(asker)
        if not seen.complete:
            raise ChatUnavailableError(NOT_NOW)
        return [
            one.id
            for one in await self.store.channels(wanted.workspace)
            if seen.visibility.shows(one.id, private=one.private)
            and (not wanted.channels or not {one.id, *one.former}.isdisjoint(wanted.channels))
        ]
