"""A coordinator's round of the week: what is in doubt, a line, a pick, the questions to come."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.core.errors import FormError, NotAllowedError
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.permissions import Permissions
from bot.core.model.care import Cared, CareNote
from bot.core.model.channel_week import WeeklyDelivery
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.ideas import Idea, Kind
from bot.core.model.people import Asker, Channel
from bot.core.model.rounds import AskedThen, ChannelRound, Round
from bot.core.model.vocabulary import COORDINATORS
from bot.core.model.weeks import OLDEST
from bot.core.ports import IdeaStore
from bot.core.week.picker import PromptPicker
from bot.core.week.settings import ChannelSettings

MOST_CHANNELS: Final = 8
"""Channels that one round shows."""
COMING: Final = 4
"""Questions that are foreseen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """Shows coordinators what waits for them, and does what they choose. Checks rights.

    Nothing waits for good: what nobody decides stays as it is.
    """

    store: IdeaStore
    finder: IdeaFinder
    permissions: Permissions
    settings: ChannelSettings
    picker: PromptPicker
    now: Callable[[], datetime]

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which days are told of what is in no channel's own."""
        return self.finder.zone

    async def waits(self, channel: Channel) -> bool:
        """Whether a post of a channel is in doubt that nobody has judged yet."""
        return bool(await self._doubtful(channel))

    async def look(self, asker: Asker) -> Round:
        """The round of the channels that the asker coordinates now, the latest doubts first.

        Raises:
            NotAllowedError: they coordinate none.
        """
        channels = await self._coordinated(asker)
        if not channels:
            raise NotAllowedError(
                f"You coordinate no channel that I am in. Coordinators are: {COORDINATORS}."
            )
        doubtful = [idea for one in channels for idea in await self._doubtful(one)]
        shown = [await self._of(one) for one in channels[:MOST_CHANNELS]]
        return Round(tuple(doubtful), tuple(shown))

    async def judge(self, asker: Asker, number: int, *, is_idea: bool) -> Round:
        """Say whether a post in doubt is an idea; the round as it goes on from there.

        Raises:
            NoSuchIdeaError: as `IdeaFinder.show`.
            NotAllowedError: the asker does not coordinate its channel.
        """
        idea = await self.finder.show(asker, number)
        if not await self.permissions.is_coordinator(asker, idea.channel):
            raise NotAllowedError(
                f"Only coordinators of its channel say whether #{number} is an idea."
            )
        what = Cared.IDEA if is_idea else Cared.NO_IDEA
        note = CareNote(idea_id=idea.id, who=asker.member_id, at=self.now(), what=what)
        await self.store.care_for(note)  # decided by somebody else meanwhile: that stands
        return await self.look(asker)

    async def week(self, asker: Asker, channel: str) -> ChannelRound:
        """What the next digest of a channel opens with; raises as `ChannelSettings.coordinated`."""
        return await self._of(await self.settings.coordinated(asker, channel))

    async def save(self, asker: Asker, channel: str, given: Mapping[str, str]) -> ChannelRound:
        """Keep a line and a pick for the next digest; what is missing stays. Raises as `week`.

        Raises:
            FormError: the line is too long, or that idea is not new any more; nothing was kept.
        """
        before = await self.week(asker, channel)
        pick = given.get("pick", str(before.pick.number) if before.pick else "-")
        picked = next((one for one in before.fresh if str(one.number) == pick), None)
        if pick not in {"", "-"} and picked is None:
            raise FormError({"pick": "That idea is not in the next digest any more."})
        line = {name: words for name, words in given.items() if name == "line"}
        await self.settings.save(asker, channel, line)
        if picked != before.pick:
            await self.store.set_pick(
                asker.workspace,
                channel,
                picked.id if picked else None,
                asker.member_id,
                now=self.now(),
            )
        return await self.week(asker, channel)

    # -- shared steps --

    async def _coordinated(self, asker: Asker) -> Sequence[Channel]:
        found = await self.permissions.coordinated(asker)
        return sorted(found, key=lambda one: (one.id != asker.channel, one.name))

    async def _doubtful(self, channel: Channel) -> Sequence[Idea]:
        since = self.now() - OLDEST
        return await self.store.doubtful(channel.workspace, channel.id, since=since)

    async def _of(self, channel: Channel) -> ChannelRound:
        now, place = self.now(), (channel.workspace, channel.id)
        fresh = [
            one
            for one in await self.store.fresh(*place, at=now, oldest=OLDEST)
            if one.kind is Kind.IDEA
        ]
        pick = await self.store.pick(*place)
        digests = await self.settings.coming(channel, DeliveryKind.DIGEST, count=1)
        prompts = await self.settings.coming(channel, DeliveryKind.PROMPT, count=COMING)
        return ChannelRound(
            channel=channel,
            digest=digests[0] if digests else None,
            fresh=tuple(fresh),
            pick=next((one for one in fresh if pick and one.id == pick.idea_id), None),
            questions=await self._questions(prompts),
        )

    async def _questions(self, prompts: Sequence[WeeklyDelivery]) -> tuple[AskedThen, ...]:
        if not prompts:
            return ()
        chosen = await self.picker.coming(prompts[0].week, [one.at for one in prompts])
        return tuple(AskedThen(one, then.prompt) for one, then in zip(prompts, chosen, strict=True))
