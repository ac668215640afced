"""Who may see what, and who coordinates a channel. Asked of the platform anew each time."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core.errors import ChatError, ChatNotThereError, ChatUnavailableError, NotAllowedError
from bot.core.intake.keep import ChannelFilter
from bot.core.intake.people import noted
from bot.core.model.ideas import Visibility
from bot.core.model.people import Asker, Channel, Person
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chats

NOT_NOW = (
    "I could not ask the chat just now whether you may do that. Nothing was changed; please try "
    "again in a minute."
)

STALE = timedelta(days=1)
"""How long a look-up of a member counts as fresh where nothing in it has changed."""


@dataclass(frozen=True, slots=True)
class VisibilityResult:
    """What an asker may see. *complete* is False when the chat could not tell all of it now."""

    visibility: Visibility
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """Answers who may see and do what. Rights are decided here, and nowhere else.

    Who somebody is and where they are is asked of the platform each time, at the moment when
    something is handed over or done: what was true when it was asked for may be so no more.

    Args:
        admins: ids of members who may administer beside the workspace's own.
        watch: the channels in which ideas may be posted.
    """

    store: IdeaStore
    chats: Chats
    now: Callable[[], datetime]
    admins: frozenset[str] = frozenset()
    watch: ChannelFilter = field(default_factory=ChannelFilter)

    async def visible_to(self, asker: Asker) -> VisibilityResult:
        """Public channels and the private ones the asker is in; guests: the one they ask from.

        One's own ideas are seen from anywhere; who is deactivated sees nothing. Whoever types a
        command is in the channel; whoever presses a button may have left it.
        """
        return await self._visible(asker, await self._person(asker))

    async def is_active(self, asker: Asker) -> bool:
        """Whether the platform has not deactivated the asker, as far as it can be asked."""
        person = await self._person(asker)
        return person is None or not person.deleted

    async def check_active(self, asker: Asker) -> None:
        """Make sure that the platform has not deactivated the asker, as far as it has told us.

        Who may see or do what is asked of the platform all the same, at the moment when it is done.

        Raises:
            NotAllowedError: it has, and says so when it is asked again.
        """
        known = await self.store.member(asker.workspace, asker.member_id)
        if known is not None and known.person.deleted and not await self.is_active(asker):
            raise NotAllowedError(
                "You are not a member of this workspace any more, so I can do nothing for you "
                "here. Whoever runs the bot can."
            )

    async def channel_names(self, asker: Asker) -> Mapping[str, str]:
        """By id, what the channels are called that the asker may see."""
        visibility = (await self.visible_to(asker)).visibility
        return {
            one.id: one.name
            for one in await self.store.channels(asker.workspace)
            if one.name and visibility.shows(one.id, private=one.private)
        }

    async def may_read(self, asker: Asker, channel: Channel) -> bool:
        """Whether the asker may see now what stands in a channel.

        Raises:
            ChatUnavailableError: the chat does not say.
        """
        return await self._reads(asker, await self._person(asker), channel)

    async def may_hear(self, member_id: str, channel: Channel) -> bool:
        """Whether a member may be told now what stands in a channel; raises as `may_read`."""
        return await self.may_read(asked_by(channel, member_id), channel)

    async def is_coordinator(self, asker: Asker, channel: str) -> bool:
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
        if known is None or not self._administers(person, known):
            return False
        return await self._reads(asker, person, known)

    async def coordinated(self, asker: Asker) -> Sequence[Channel]:
        """The channels that the bot is in and the asker may administer now, from wherever they ask.

        The chat is asked once, however many channels there are; raises as `is_coordinator`.
        """
        person = await self._person(asker)
        if person is None:
            raise ChatUnavailableError(NOT_NOW)
        led = await self._led(asker, person)
        seen = await self._visible(asker, person)
        found = _shown(led, seen)
        if not seen.complete and len(found) < len(led):
            raise ChatUnavailableError(NOT_NOW)
        return found

    async def at_once(self, asker: Asker) -> tuple[VisibilityResult, Sequence[Channel]]:
        """What an asker may see, and as much of `coordinated` as the chat tells now.

        The chat is asked once, however many channels there are.
        """
        person = await self._person(asker)
        seen = await self._visible(asker, person)
        led = await self._led(asker, person) if person is not None else ()
        return seen, _shown(led, seen)

    async def _led(self, asker: Asker, person: Person) -> Sequence[Channel]:
        """The channels that the bot is in and a person administers, if they may look into them."""
        return [
            one
            for one in await self.store.channels(asker.workspace)
            if one.member and not one.archived and self._administers(person, one)
        ]

    def _administers(self, person: Person, channel: Channel) -> bool:
        invited = channel.invited_by == person.id
        return person.id in self.admins or (not person.is_guest and (person.is_admin or invited))

    async def coordinators(self, channel: Channel, *groups: Collection[str]) -> list[str]:
        """Who administers a channel now, of the first of *groups* in which anybody does, by id.

        Raises:
            ChatUnavailableError: the chat does not say.
        """
        for members in groups:
            askers = [asked_by(channel, member) for member in sorted(members) if member]
            found = [one.member_id for one in askers if await self.is_coordinator(one, channel.id)]
            if found:
                return found
        return []

    async def may_post_here(self, asker: Asker) -> bool:
        """Whether an idea may be posted in the channel that the asker is in."""
        workspace, here = asker.workspace, asker.channel
        if not here or not await self.watch.allows(self.store, workspace, here):
            return False
        known = await self.store.channel(workspace, here)
        if known is not None:
            return known.member and not known.archived
        try:
            info = await self.chats.of(workspace).channel(here)
        except ChatError as error:
            # A platform hides channels from those outside; any other failure proves nothing.
            return not isinstance(error, ChatNotThereError)
        await noted(self.store.remember_channel(workspace, info, now=self.now()))
        return info.member and not info.archived

    async def may_post_in(self, asker: Asker) -> Sequence[tuple[str, str]]:
        """(id, name) of the channels the asker may have an idea posted in, this one first."""
        visibility = (await self.visible_to(asker)).visibility
        found = [
            (channel.id, channel.name)
            for channel in await self.store.channels(asker.workspace)
            if self._takes_ideas(channel, visibility)
        ]
        found.sort(key=lambda place: (place[0] != asker.channel, place[1]))
        if not found and await self.may_post_here(asker):
            found.append((asker.channel, ""))
        return found

    async def check_posting(self, asker: Asker, channel: str) -> None:
        """Make sure that the asker may have an idea posted in a channel.

        Raises:
            NotAllowedError: the bot or the asker is not in it, or it is not watched.
        """
        known = await self.store.channel(asker.workspace, channel) if channel else None
        allowed = False
        if known is None and channel == asker.channel:
            allowed = await self.may_post_here(asker)
            if allowed and asker.pressed:  # what they pressed may say that they are anywhere
                known = await self.store.channel(asker.workspace, channel)
                allowed = False
        if known is not None:
            allowed = self._takes_ideas(known, (await self.visible_to(asker)).visibility)
        if not allowed:
            raise NotAllowedError(
                "I cannot post there for you: I am not in that channel, or you are not. "
                "Nothing was kept; please choose another one."
            )

    def _takes_ideas(self, channel: Channel, visibility: Visibility) -> bool:
        return (
            channel.member
            and not channel.archived
            and visibility.shows(channel.id, private=channel.private)
            and self.watch.includes(channel)
        )

    async def _person(self, asker: Asker) -> Person | None:
        """The asker as the platform describes them now; None: it cannot be asked."""
        try:
            person = await self.chats.of(asker.workspace).person(asker.member_id)
        except ChatUnavailableError:
            return None
        except ChatError:  # somebody whom the platform does not show us is none of ours
            return Person(id=asker.member_id, name="", is_guest=True)
        person = replace(person, zone=asker.zone or person.zone)
        known = await self.store.member(asker.workspace, asker.member_id)
        at = known.looked_up_at if known is not None and known.is_still(person) else None
        if at is None or self.now() - at >= STALE:
            await noted(self.store.remember_member(asker.workspace, person, now=self.now()))
        return person

    async def _visible(
        self, asker: Asker, person: Person | None, *, only: str = ""
    ) -> VisibilityResult:
        """What an asker may see; *only*: that channel alone is asked about."""
        if person is not None and person.deleted:
            return VisibilityResult(Visibility(only=""))
        narrow, complete = person is None or person.is_guest, person is not None
        inside = frozenset(() if asker.pressed else {asker.channel})
        if not (narrow and inside):
            try:
                inside |= await self.chats.of(asker.workspace).channels_of(
                    asker.member_id, public=narrow, only=asker.channel if narrow else only
                )
            except ChatUnavailableError:
                complete = False
            except ChatError:
                pass  # they are in none that the platform shows us
        if narrow:
            only = asker.channel if asker.channel in inside else ""
            return VisibilityResult(Visibility(only=only, own=asker.member_id), complete)
        hidden, certain = await self._hidden(asker.workspace)
        return VisibilityResult(
            Visibility(channels=inside, hidden=hidden, own=asker.member_id), complete & certain
        )

    async def _reads(self, asker: Asker, person: Person | None, channel: Channel) -> bool:
        if asker.channel != channel.id:
            asker = asked_by(channel, asker.member_id)
        seen = await self._visible(asker, person, only=channel.id)
        if seen.visibility.shows(channel.id, private=channel.private):
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
            if not (await self.chats.of(workspace).channel(channel)).private:
                return True
        except ChatError as error:
            if not isinstance(error, ChatNotThereError):
                return None
        now = self.now()
        await noted(self.store.saw_channel(workspace, channel, now=now, private=True, member=False))
        return False


def asked_by(channel: Channel, member_id: str) -> Asker:
    """A member who is to be told something of a channel, and may have left it."""
    return Asker(workspace=channel.workspace, member_id=member_id, channel=channel.id, pressed=True)


def _shown(channels: Sequence[Channel], seen: VisibilityResult) -> Sequence[Channel]:
    return [one for one in channels if seen.visibility.shows(one.id, private=one.private)]
