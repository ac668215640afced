"""Use cases that answer: who may see what, list, search, show, remove, export, profile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.errors import ChatError, ChatUnavailableError, NoSuchIdeaError, NotAllowedError
from bot.core.finding.names import settled
from bot.core.intake.people import NOT_THERE, noted, with_author
from bot.core.messages.common import NOT_ALL
from bot.core.model.ideas import Filters, Idea, Kind, Outcome, Page, Sight, Withdrawal
from bot.core.model.people import Asker, Channel, Person, Profile
from bot.core.model.posts import Post
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chat

PAGE = 5
"""Ideas shown at once: what a phone shows without much scrolling."""


NOT_NOW = (
    "I could not ask the chat just now whether you may do that. Nothing was changed; please try "
    "again in a minute."
)

STALE = timedelta(days=1)
"""How long a look-up of a member counts as fresh where nothing in it has changed."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What an asker may see. *complete* is False when the chat could not tell all of it now."""

    sight: Sight
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Finder:
    """Answers questions about what is kept. Rights are checked here, and nowhere else.

    Who somebody is and where they are is asked of the platform each time, at the moment when
    something is handed over or done: what was true when it was asked for may be so no more.

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

        One's own ideas are seen from anywhere; who is deactivated sees nothing. Whoever types a
        command is in the channel; whoever presses a button may have left it.
        """
        return await self._seen(asker, await self._person(asker))

    async def channel_names(self, asker: Asker) -> Mapping[str, str]:
        """By id, what the channels are called that the asker may see."""
        sight = (await self.seen_by(asker)).sight
        return {
            one.id: one.name
            for one in await self.store.channels(asker.workspace)
            if one.name and sight.shows(one.id, private=one.private)
        }

    async def may_see(self, asker: Asker, channel: Channel) -> bool:
        """Whether the asker may see now what stands in a channel.

        Raises:
            ChatUnavailableError: the chat does not say.
        """
        return await self._reads(asker, await self._person(asker), channel)

    async def reads(self, member_id: str, channel: Channel) -> bool:
        """Whether a member may be told now what stands in a channel; raises as `may_see`."""
        return await self.may_see(asked_by(channel, member_id), channel)

    async def coordinates(self, asker: Asker, channel: str) -> bool:
        """Whether the asker may administer a channel now.

        These are whoever invited the bot, the workspace's admins and owners, and those named in the
        settings. A guest or stranger is none of the first three, and nobody administers a channel
        that they may not look into.

        Raises:
            ChatUnavailableError: the chat does not say.
        """
        person = await self._person(asker)
        if person is None:
            raise ChatUnavailableError(NOT_NOW)
        known = await self.store.channel(asker.workspace, channel)
        if known is None or not (
            asker.member_id in self.admins
            or (not person.is_guest and (person.is_admin or known.invited_by == person.id))
        ):
            return False
        return await self._reads(asker, person, known)

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
                f"#{number} is not an idea that you can see. It may have been withdrawn, or it "
                f"is in a private channel that you are not in. `/ideas list` shows the others."
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

    async def remove(self, asker: Asker, number: int) -> tuple[Idea, Outcome]:
        """Withdraw an idea; gives it as it was. Raises as `removable`."""
        idea = await self.removable(asker, number)
        return idea, await self.store.withdraw_number(
            asker.workspace, number, Withdrawal.REMOVED, now=self.now()
        )

    async def withdrawn_post(self, asker: Asker, idea_id: int) -> tuple[Idea, Post | None]:
        """A withdrawn idea that the asker may put back, and its post as it stands in the chat.

        Raises:
            NotAllowedError: it is somebody else's, and the asker does not coordinate its channel.
            ChatError: the chat does not show the post.
        """
        idea = await self.store.idea_by_id(idea_id)
        place = idea and idea.workspace == asker.workspace and idea.place
        if not idea or not place:
            raise NotAllowedError("That idea cannot be put back.")
        post = await self.chat.fetch(place)
        if post is not None:
            found = await with_author(self.store, self.chat, post, now=self.now())
            post = found if found.author_id else None
        theirs = post is not None and post.author_id == asker.member_id
        if not theirs and not await self.coordinates(asker, idea.channel):
            raise NotAllowedError(
                f"Only its author or a coordinator can put #{idea.number} back. It stays withdrawn."
            )
        if post is not None:
            post = replace(post, reactions=tuple(await self.chat.reactions(place)))
        return idea, post

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
        return self.store.export_rows(
            workspace, filters, sight, since=since, until=until, zone=self.zone
        )

    async def profile(self, asker: Asker) -> Profile:
        """What the asker told about themselves."""
        member = await self.store.member(asker.workspace, asker.member_id)
        return Profile() if member is None else member.profile

    async def set_profile(self, asker: Asker, profile: Profile) -> None:
        """Keep what the asker tells about themselves, for their ideas from now on."""
        await self.store.set_profile(asker.workspace, asker.member_id, profile)

    def days(self, filters: Filters) -> tuple[datetime | None, datetime | None]:
        """The instants of `filters.since` (included) and of the day after `filters.until`."""
        return day_span(filters, self.zone)

    async def _person(self, asker: Asker) -> Person | None:
        """The asker as the platform describes them now; None: it cannot be asked."""
        try:
            person = await self.chat.person(asker.member_id)
        except ChatUnavailableError:
            return None
        except ChatError:  # somebody whom the platform does not show us is none of ours
            return Person(id=asker.member_id, name="", is_guest=True)
        known = await self.store.member(asker.workspace, asker.member_id)
        at = known.looked_up_at if known is not None and known.is_still(person) else None
        if at is None or self.now() - at >= STALE:
            await noted(self.store.remember_member(asker.workspace, person, now=self.now()))
        return person

    async def _seen(self, asker: Asker, person: Person | None) -> Seen:
        if person is not None and person.deleted:
            return Seen(Sight(only=""))
        narrow, complete = person is None or person.is_guest, person is not None
        inside = frozenset(() if asker.pressed else {asker.channel})
        if not (narrow and inside):
            try:
                inside |= await self.chat.channels_of(asker.member_id, public=narrow)
            except ChatUnavailableError:
                complete = False
            except ChatError:
                pass  # they are in none that the platform shows us
        if narrow:
            only = asker.channel if asker.channel in inside else ""
            return Seen(Sight(only=only, own=asker.member_id), complete)
        hidden, certain = await self._hidden(asker.workspace)
        return Seen(Sight(channels=inside, hidden=hidden, own=asker.member_id), complete & certain)

    async def _reads(self, asker: Asker, person: Person | None, channel: Channel) -> bool:
        if asker.channel != channel.id:
            asker = asked_by(channel, asker.member_id)
        seen = await self._seen(asker, person)
        if seen.sight.shows(channel.id, private=channel.private):
            return True
        if not seen.complete:
            raise ChatUnavailableError(NOT_NOW)
        return False

    async def _hidden(self, workspace: str) -> tuple[frozenset[str], bool]:
        """Channels kept as public that are so no more, and whether that could be asked of all.

        Where the bot is, it hears of it; where it is not, only the platform knows. A public channel
        is shown to everybody, so one that is not shown any more is private.
        """
        left = [
            channel.id
            for channel in await self.store.channels(workspace)
            if not (channel.private or channel.member or channel.deleted)
        ]
        public = await asyncio.gather(*(self._is_public(workspace, ident) for ident in left))
        hidden = (ident for ident, shown in zip(left, public, strict=True) if not shown)
        return frozenset(hidden), None not in public

    async def _is_public(self, workspace: str, channel: str) -> bool | None:
        """Whether a channel is public now; None: it cannot be asked."""
        try:
            if not (await self.chat.channel(channel)).private:
                return True
        except ChatError as error:
            if error.code not in NOT_THERE:
                return None
        now = self.now()
        await noted(self.store.saw_channel(workspace, channel, now=now, private=True, member=False))
        return False


def asked_by(channel: Channel, member_id: str) -> Asker:
    """A member who is to be told something of a channel, and may have left it."""
    return Asker(workspace=channel.workspace, member_id=member_id, channel=channel.id, pressed=True)


def day_span(filters: Filters, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """The instants that *filters*' days stand for in a zone; the end is not included."""
    since = until = None
    if filters.since is not None:
        since = datetime.combine(filters.since, time(), zone).astimezone(UTC)
    if filters.until is not None:
        until = datetime.combine(filters.until + timedelta(days=1), time(), zone).astimezone(UTC)
    return since, until
