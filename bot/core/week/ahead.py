"""The look ahead: a coordinator sees a digest an hour before it goes, and may still change it.

Once a week, with the first of these, comes the round of all their channels: what is in doubt, a
line, a pick, the questions to come. A look shows a digest as it will be, so each is shown in its
own last hour, and those of one hour together; a round waits for nobody's hour, so it comes once.
Whoever is shown no digest any more (by default after two of a channel) gets the round by itself,
and only while a post is in doubt: a message in which nothing is to be done would be a chore. Where
somebody chose *never*, it does not come at all; whenever they like, they ask for it.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.core.delivery.poster import DeliveryPoster, tell_each
from bot.core.errors import NoSuchIdeaError, NotAllowedError
from bot.core.finding.permissions import Permissions, asked_by
from bot.core.messages import ahead as messages
from bot.core.messages import rounds
from bot.core.model.actions import Act, Action
from bot.core.model.channel_week import ChannelWeek, ScheduleDefaults, Verdict, WeeklyDelivery
from bot.core.model.deliveries import Delivery, DeliveryKind, notice
from bot.core.model.digest import RenderedDigest
from bot.core.model.ideas import Visibility
from bot.core.model.parts import Message
from bot.core.model.people import Asker, Channel, Previews
from bot.core.model.work import Effect, Job, NewJob
from bot.core.ports import IdeaStore
from bot.core.week.digest_builder import DigestBuilder
from bot.core.week.rounds import Rounds
from bot.core.week.timetable import BEFORE

FIRST: Final = 2
"""How many digests of a channel are shown ahead when nobody chose otherwise."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPreviews:
    """Shows digests before they go, and takes in what is changed. Rights are checked here.

    Args:
        defaults: what holds in channels that have not chosen otherwise.
    """

    store: IdeaStore
    permissions: Permissions
    builder: DigestBuilder
    rounds: Rounds
    poster: DeliveryPoster
    defaults: ScheduleDefaults
    now: Callable[[], datetime]

    # -- showing --

    async def before(self, channel: Channel, due: datetime) -> bool:
        """Queue AHEAD for a digest that is due within the hour.

        Returns whether nothing more is to be done: something may still come in to be shown.
        """
        if not self._first_told(channel):
            return True
        wanted = await self._wanted(channel)
        if not wanted and (
            channel.previews is Previews.NEVER or not await self.rounds.waits(channel)
        ):
            return True
        delivery = await self._next(channel)
        if delivery is None or delivery.at != due:
            return True  # that week had its digest already
        # A channel that takes nothing may not get it at all.
        if wanted and (channel.refused_since is not None or await self._digest(delivery) is None):
            return False
        period = delivery.subject
        job = NewJob(
            effect=Effect.AHEAD, channel=channel.id, key=period, payload={"period": period}
        )
        await self.store.enqueue(channel.workspace, job, now=self.now())
        return True

    async def _next(self, channel: Channel) -> WeeklyDelivery | None:
        """Return the digest that comes next; None: none does, or it is being posted.

        What is late and waits for the morning is still to come.
        """
        kind, now, place = DeliveryKind.DIGEST, self.now(), (channel.workspace, channel.id)
        week = ChannelWeek(channel, self.defaults)
        due = await self.store.due_at(*place, kind)
        if due is None:
            return None
        if due <= now:
            waits = week.verdict(kind, due, now) is Verdict.WAIT
            return week.delivery(kind, due) if waits else None
        last = (await self.store.last_sent(*place)).get(kind, "")
        coming = next(week.coming(kind, now, last), None)
        return None if coming is None else week.delivery(kind, coming)

    def _first_told(self, channel: Channel) -> Collection[str]:
        return (channel.invited_by,) if channel.invited_by else self.permissions.admins

    async def _wanted(self, channel: Channel) -> bool:
        if channel.previews is not Previews.FIRST:
            return channel.previews is Previews.ALWAYS
        return await self.store.digests_sent(channel.workspace, channel.id) < FIRST

    async def tell(self, job: Job) -> None:
        """Show a digest to whoever invited the bot, or to the admins; the outbox's job.

        Those of other channels that they are to see within this hour stand in the same message,
        and the jobs of those channels find that they were told.
        """
        channel = await self.store.channel(job.workspace, job.channel)
        delivery = None if channel is None else await self._due(channel, job.payload["period"])
        if channel is None or delivery is None:
            return
        wanted = await self._wanted(channel)
        message = await self._drawn(delivery) if wanted else None
        mine = await self._look(delivery) if wanted else None

        async def tell(member: str) -> None:
            looks = [mine, *await self._others(channel, member)] if mine else []
            about = [self._notice(one.delivery, member) for one in looks]
            if message is not None and not about:
                about = [self._notice(delivery, member)]
            week = notice(job.workspace, "", f"round {delivery.subject} {member}", now=self.now())
            found = await self.rounds.look(asked_by(channel, member))

            def words(told: Sequence[Delivery]) -> Message:
                if message is None:
                    return rounds.round_(found, self.rounds.zone)
                shown = [look for look, one in zip(looks, about, strict=False) if one in told]
                look = messages.several(shown) if len(shown) > 1 else message
                if week not in told:
                    return look
                more = Message.of(*rounds.opens(len(found.doubtful)))
                fallback = f"{look.fallback}\n{more.fallback}"
                return Message(fallback, (*look.parts, *more.parts))

            await self.poster.tell(member, [*about, week], words)

        groups = self._first_told(channel), self.permissions.admins
        await tell_each(await self.permissions.coordinators(channel, *groups), tell)

    def _notice(self, delivery: WeeklyDelivery, member: str) -> Delivery:
        subject = f"ahead {delivery.subject} {member}"
        return notice(delivery.workspace, delivery.channel, subject, now=self.now())

    async def _others(self, channel: Channel, member: str) -> list[RenderedDigest]:
        """Return the digests of other channels that the member is to see now."""
        now = self.now()
        looks = [
            await self._look(delivery)
            for one in await self.store.due(channel.workspace, until=now + BEFORE)
            if one.at > now
            and one.kind is DeliveryKind.DIGEST
            and one.channel.id != channel.id
            and member in self._first_told(one.channel)
            and (delivery := await self._next(one.channel)) is not None
            and delivery.at == one.at
            and await self._wanted(one.channel)
            and await self.permissions.is_coordinator(asked_by(one.channel, member), one.channel.id)
        ]
        return [look for look in looks if look is not None][: messages.MOST_LOOKS - 1]

    async def _look(self, delivery: WeeklyDelivery) -> RenderedDigest | None:
        """Return a digest to be named in a line; None: nothing would be posted."""
        return None if await self._skipped(delivery) else await self._digest(delivery)

    async def _skipped(self, delivery: WeeklyDelivery) -> bool:
        week = delivery.workspace, delivery.channel, delivery.subject
        return bool(await self.store.skipped_by(*week))

    async def _digest(self, delivery: WeeklyDelivery) -> RenderedDigest | None:
        return await self.builder.rendered(delivery, await self.builder.plan(delivery))

    async def _due(self, channel: Channel, period: str) -> WeeklyDelivery | None:
        """Return the digest of *period*, or whichever comes next; None: it is due, or never."""
        delivery = await self._next(channel)
        return delivery if delivery and period in ("", delivery.subject) else None

    async def _drawn(self, delivery: WeeklyDelivery) -> Message:
        if await self._skipped(delivery):
            return messages.skipped(delivery)
        digest = await self._digest(delivery)
        left_out = await self.store.left_out(delivery.workspace, delivery.channel)
        if digest is None:
            return messages.nothing_left(delivery, left_out)
        return messages.look_ahead(digest, left_out)

    # -- changing --

    async def press(self, asker: Asker, action: Action) -> Message:
        """Show a digest before it goes (LOOK), skip its week (SKIP), leave an idea out (LEAVE_OUT).

        With `action.back` the digest is posted after all, or the idea put back into digests.
        Without a period it is about the digest that comes next. Returns what to show now.

        Raises:
            NotAllowedError: the asker does not coordinate that channel.
            NoSuchIdeaError: the number that was typed is of no idea in that channel.
        """
        channel = await self.store.channel(asker.workspace, action.channel)
        if channel is None or not await self.permissions.is_coordinator(asker, channel.id):
            raise NotAllowedError(
                "Only coordinators of that channel can change its digest. I changed nothing."
            )
        delivery, typed = await self._due(channel, action.period), not action.period
        if delivery is None and not typed:
            return messages.too_late()
        if action.act is Act.LEAVE_OUT:
            await self._leave_out(asker, action, typed=typed)
        elif action.act is Act.SKIP and delivery is not None:
            week = asker.workspace, channel.id, delivery.subject
            await self.store.skip(*week, asker.member_id, back=action.back, now=self.now())
            did = "goes after all, says" if action.back else "is to be skipped, says"
            log.info(
                "The digest of %s in %s %s %s", delivery.subject, channel, did, asker.member_id
            )
        shown = messages.none_to_come() if delivery is None else await self._drawn(delivery)
        if typed and action.act is Act.LEAVE_OUT:
            return messages.left_out(action.number, shown, back=action.back)
        return shown

    async def _leave_out(self, asker: Asker, action: Action, *, typed: bool) -> None:
        visibility = Visibility(only=action.channel)
        idea = await self.store.idea(asker.workspace, action.number, visibility)
        if idea is None:
            if typed:
                raise NoSuchIdeaError(
                    f"#{action.number} is no idea of this channel, so I changed nothing."
                )
            return
        who = "" if action.back else asker.member_id
        await self.store.leave_out(idea.id, who, now=self.now())
        did = "put back into" if action.back else "left out of"
        log.info("#%d is %s digests in %s by %s", idea.number, did, idea.channel, asker.member_id)
