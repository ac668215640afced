"""Use cases about trials: who may tell of one, who may read them, and what is kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.errors import CommandError, NoSuchIdeaError
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.permissions import Permissions
from bot.core.messages.hours import DAY_NAMES
from bot.core.messages.trials import LONGEST
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.ideas import Came, Idea, Trial
from bot.core.model.links import without_passwords
from bot.core.model.people import Asker
from bot.core.ports import IdeaStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """Shows what came of trying an idea, and keeps what a colleague tells of it.

    Args:
        zone: the zone of channels that chose none.
    """

    store: IdeaStore
    permissions: Permissions
    ideas: IdeaFinder
    now: Callable[[], datetime]
    zone: ZoneInfo

    async def of(self, asker: Asker, idea: Idea) -> Sequence[Trial]:
        """What colleagues told of trying an idea that is shown to the asker.

        Its author may see it from anywhere, but what others say of it only where it was said.
        """
        if not idea.tried:
            return ()
        channel = await self.store.channel(idea.workspace, idea.channel)
        sight = (await self.permissions.visible_to(asker)).sight
        if channel is None or not sight.shows(channel.id, private=channel.private):
            return ()
        return await self.store.trials_of(idea.id)

    async def triable(self, asker: Asker, number: int) -> Idea:
        """An idea that the asker may tell a trial of.

        Raises:
            NoSuchIdeaError: as `IdeaFinder.show`.
            CommandError: it is a question, or the asker's own.
        """
        idea = await self.ideas.show(asker, number)
        if idea.asks:
            raise CommandError(f"#{number} is a question. Answer it in its thread.")
        if idea.author.id == asker.member_id:
            raise CommandError(
                f"#{number} is your own idea, and this button is for colleagues. Share in "
                "its thread how it went."
            )
        return idea

    async def told(self, asker: Asker, idea: Idea) -> Trial | None:
        """What the asker told already of trying an idea."""
        told = await self.store.trials_of(idea.id)
        return next((one for one in told if one.member_id == asker.member_id), None)

    async def digest_day(self, idea: Idea) -> str:
        """The weekday of the digest that comes next in an idea's channel; empty: not this week."""
        due = await self.store.due_at(idea.workspace, idea.channel, DeliveryKind.DIGEST)
        known = await self.store.channel(idea.workspace, idea.channel)
        if due is None or due - self.now() > timedelta(weeks=1):
            return ""
        zone = ZoneInfo(known.zone) if known and known.zone else self.zone
        return DAY_NAMES[due.astimezone(zone).weekday()]

    async def tried(
        self, asker: Asker, number: int, given: Mapping[str, str]
    ) -> tuple[Trial, Idea]:
        """Keep a trial as the form gives it; its author hears of it. Raises as `triable`."""
        idea = await self.triable(asker, number)
        came, words = given.get("came", ""), " ".join(given.get("words", "").split())
        if came not in set(Came):
            raise CommandError("Please choose how it went.")
        trial = Trial(
            workspace=asker.workspace,
            idea_id=idea.id,
            member_id=asker.member_id,
            came=Came(came),
            grades=given.get("grades", "")[:LONGEST],
            setting=given.get("setting", "")[:LONGEST],
            words=without_passwords(words)[:LONGEST],
            tried_at=self.now(),
        )
        kept = await self.store.add_trial(trial)
        if kept is None:
            raise NoSuchIdeaError(f"#{number} was withdrawn meanwhile, so nothing was kept.")
        return kept, idea
