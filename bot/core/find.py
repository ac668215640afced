"""Use cases that answer: who may see what, list, search, show, remove, export, profile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.core.errors import ChatError, NoSuchIdeaError, NotAllowedError
from bot.core.model import Kind, Profile, Sight, Withdrawal
from bot.core.people import meet, settled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from zoneinfo import ZoneInfo

    from bot.core.model import Asker, Filters, Idea, Member, Outcome, Page
    from bot.core.ports import Chat, IdeaStore

PAGE = 5
"""Ideas shown at once: what a phone shows without much scrolling."""

NOT_ALL = "I could not ask the chat about private channels just now, so there may be more."

STALE = timedelta(days=1)
"""How long a look-up of a member is trusted."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What an asker may see. *complete* is False when the chat could not tell all of it now."""

    sight: Sight
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Finder:
    """Answers questions about what is kept. Rights are checked here, and nowhere else.

    Args:
        zone: days in filters are days in this zone.
        admins: ids of members who may administer beside the workspace's own.
    """

    store: IdeaStore
    chat: Chat
    now: Callable[[], datetime]
    zone: ZoneInfo
    admins: frozenset[str] = frozenset()

    async def seen_by(self, asker: Asker) -> Seen:
        """Public channels and the private ones the asker is in; guests: the one they ask from.

        Whoever types a command is in the channel; whoever presses a button may have left it.
        """
        member = await self._member(asker)
        known = member is not None
        narrow = member is None or member.person.is_guest
        certain = not asker.pressed or (narrow and await self._is_public(asker))
        if narrow and certain:
            return Seen(Sight(only=asker.channel), complete=known)
        here = frozenset({asker.channel} if asker.channel and certain else ())
        try:
            private = await self.chat.private_channels_of(asker.member_id)
        except ChatError:
            sight = Sight(only="") if narrow else Sight(channels=here)
            return Seen(sight, complete=False)
        if narrow:
            return Seen(Sight(only=asker.channel if asker.channel in private else ""), known)
        return Seen(Sight(channels=private | here))

    async def coordinates(self, asker: Asker, channel: str) -> bool:
        """Whether the asker may administer: admins, owners, and who invited the bot there."""
        if asker.member_id in self.admins:
            return True
        member = await self._member(asker)
        if member is not None and member.person.is_admin and not member.person.is_guest:
            return True
        known = await self.store.channel(asker.workspace, channel) if channel else None
        return known is not None and bool(known.invited_by) and known.invited_by == asker.member_id

    async def find(
        self, asker: Asker, filters: Filters, *, start: int = 0, limit: int = PAGE
    ) -> tuple[Page, Seen]:
        """One page of the ideas that fit, and whether all that the asker may see was searched.

        Raises:
            CommandError: as `people.settled`.
        """
        seen = await self.seen_by(asker)
        filters = await settled(self.store, asker.workspace, filters, seen.sight)
        since, until = self.days(filters)
        page = await self.store.find(
            asker.workspace,
            filters,
            seen.sight,
            since=since,
            until=until,
            start=max(start, 0),
            limit=limit,
        )
        return page, seen

    async def show(self, asker: Asker, number: int) -> Idea:
        """One idea.

        Raises:
            NoSuchIdeaError: there is none, it was withdrawn, or the asker may not see it.
        """
        seen = await self.seen_by(asker)
        idea = await self.store.idea(asker.workspace, number, seen.sight)
        if idea is None:
            more = "" if seen.complete else f" {NOT_ALL}"
            raise NoSuchIdeaError(
                f"I have no idea #{number} that you can see. It may have been withdrawn, or it "
                f"stands in a private channel that you are not in. `/ideas list` shows the rest."
                f"{more}"
            )
        return idea

    async def random(self, asker: Asker, filters: Filters) -> tuple[Idea | None, Seen]:
        """Any one of the ideas that fit, and whether all that the asker may see was looked at.

        Raises:
            CommandError: as `people.settled`.
        """
        seen = await self.seen_by(asker)
        filters = await settled(self.store, asker.workspace, filters, seen.sight)
        since, until = self.days(filters)
        found = await self.store.random_idea(
            asker.workspace, filters, seen.sight, since=since, until=until
        )
        return found, seen

    async def removable(self, asker: Asker, number: int) -> Idea:
        """An idea that the asker may withdraw.

        Raises:
            NoSuchIdeaError: as `show`.
            NotAllowedError: it is somebody else's.
        """
        idea = await self.show(asker, number)
        if idea.author.id != asker.member_id and not await self.coordinates(asker, idea.channel):
            raise NotAllowedError(
                f"#{number} is somebody else's idea, so it stays. Only its author or a coordinator "
                "can withdraw it."
            )
        return idea

    async def remove(self, asker: Asker, number: int) -> Outcome:
        """Withdraw an idea for good; raises as `removable`."""
        await self.removable(asker, number)
        return await self.store.withdraw_number(
            asker.workspace, number, Withdrawal.REMOVED, now=self.now()
        )

    async def tally(
        self, asker: Asker, filters: Filters
    ) -> tuple[Filters, Mapping[Kind, int], Seen]:
        """How many ideas, questions and so on fit, with an id for each person in the filters.

        Raises:
            CommandError: as `people.settled`.
        """
        seen = await self.seen_by(asker)
        filters = await settled(self.store, asker.workspace, filters, seen.sight)
        since, until = self.days(filters)
        counts = {
            kind: await self.store.count(
                asker.workspace, filters, seen.sight, since=since, until=until, kinds=(kind,)
            )
            for kind in Kind
        }
        return filters, counts, seen

    def export(
        self, workspace: str, filters: Filters, sight: Sight
    ) -> Iterator[tuple[object, ...]]:
        """The rows of the CSV, oldest first; runs in the caller's thread."""
        since, until = self.days(filters)
        return self.store.export_rows(workspace, filters, sight, since=since, until=until)

    async def profile(self, asker: Asker) -> Profile:
        """What the asker told about themselves."""
        member = await self.store.member(asker.workspace, asker.member_id)
        return Profile() if member is None else member.profile

    async def set_profile(self, asker: Asker, profile: Profile) -> None:
        """Keep what the asker tells about themselves, for their ideas from now on."""
        await self.store.set_profile(asker.workspace, asker.member_id, profile, now=self.now())

    def days(self, filters: Filters) -> tuple[datetime | None, datetime | None]:
        """The instants of `filters.since` (included) and of the day after `filters.until`."""
        return day_span(filters, self.zone)

    async def _is_public(self, asker: Asker) -> bool:
        known = await self.store.channel(asker.workspace, asker.channel) if asker.channel else None
        return known is not None and not known.private

    async def _member(self, asker: Asker) -> Member | None:
        known = await self.store.member(asker.workspace, asker.member_id)
        looked_up = known.looked_up_at if known else None
        if looked_up is not None and self.now() - looked_up < STALE:
            return known
        try:
            await meet(self.store, self.chat, asker.workspace, asker.member_id, now=self.now())
        except ChatError:
            return known if looked_up is not None else None
        return await self.store.member(asker.workspace, asker.member_id)


def day_span(filters: Filters, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """The instants that *filters*' days stand for in a zone; the end is not included."""
    since = until = None
    if filters.since is not None:
        since = datetime.combine(filters.since, time(), zone).astimezone(UTC)
    if filters.until is not None:
        until = datetime.combine(filters.until + timedelta(days=1), time(), zone).astimezone(UTC)
    return since, until
