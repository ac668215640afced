"""`Directory`: teams, channels and members, as Teams describes them now."""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bot.core.errors import ChatError, ChatInDoubtError, ChatNotThereError, ChatUnavailableError
from bot.core.model.people import ChannelInfo, Person, Workspace
from handlers.shapes import Payload, string
from handlers.teams import people
from handlers.teams.connector import Connector, Conversation
from handlers.teams.graph import Graph
from handlers.teams.known import Known, Team
from handlers.teams.refusals import FINAL

PASSING: Final = (ChatInDoubtError, ChatUnavailableError)
"""What trying again may change; whatever else a chat refuses, it refuses for good."""

FRESH: Final = 3_600.0
"""Seconds for which a team's channels are not asked for again, where old ones do no harm: of new
ones the bot hears, and asks."""
AGAIN: Final = 60.0
"""The same, of a team that says nothing to the bot, and where a channel is looked for of which
nothing was ever told: most of those are in teams that the bot is not in."""
NOW: Final = 0.0
ALLOWED: Final = 3_600.0
"""Seconds for which it holds whether the bot was added to a private or shared channel."""

AT_ONCE: Final = 8
"""Teams that are asked at the same time whether somebody is in them."""

_STRANGER: Final = "MemberNotFoundInConversation"


@dataclass(frozen=True, slots=True)
class Room:
    """A channel that the bot is in. *kind*: see `people.kind_of`; it never changes."""

    info: ChannelInfo
    team: Team
    kind: str


@dataclass(frozen=True, slots=True)
class _Kept:
    rooms: Sequence[Room]
    at: float
    lasting: float = FRESH


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Who and where. Standard channels are those of whoever is in their team.

    To private and shared channels a bot is added one by one, and only there Graph tells it who is
    in them: by that it is known which of them the bot is in.

    Args:
        bot: its `id` is the tenant's.
    """

    bot: Workspace
    connector: Connector
    graph: Graph
    known: Known
    monotonic: Callable[[], float] = time.monotonic
    _kept: dict[str, _Kept] = field(default_factory=dict)
    _met: dict[str, Conversation] = field(default_factory=dict)
    """Where members were found the last time."""
    _allowed: dict[str, tuple[bool, float]] = field(default_factory=dict)
    """Whether the bot is in a channel that is not standard, and until when that holds."""

    # -- channels --

    async def channel(self, channel: str) -> ChannelInfo:
        """See `Chat.channel`."""
        if not self._allowed.get(channel, (True, 0.0))[0]:
            del self._allowed[channel]  # it may have been added since
        try:
            rooms = await self._rooms([await self.home(channel)], within=NOW)
        except ChatNotThereError:
            rooms = []
        for room in rooms:
            if room.info.id == channel:
                return room.info
        raise _nowhere()

    async def my_channels(self) -> Sequence[ChannelInfo]:
        """See `Chat.my_channels`."""
        found: list[ChannelInfo] = []
        trouble: ChatError | None = None
        for team in await self.known.teams():
            try:
                found += [room.info for room in await self._rooms_of(team, within=NOW)]
            except PASSING as error:  # those of the other teams are known all the same
                trouble = error
        if trouble is not None and not found:
            raise trouble
        return found

    async def channels_of(self, member_id: str, *, only: str = "") -> frozenset[str]:
        """Return the channels that a member and the bot are in now: all of them are private.

        *only*: see `Chat.channels_of`; it spares a request for each other team.
        """
        try:
            teams = [await self.home(only)] if only else await self.known.teams()
        except ChatNotThereError:
            teams = []
        found = await asyncio.gather(*(self._shared_with(member_id, one, only) for one in teams))
        return frozenset[str]().union(*found)

    async def unheard(self) -> Sequence[str]:
        """See `TeamsChat.unheard`."""
        rooms = await self._rooms(await self.known.teams())
        return [room.info.id for room in rooms if room.kind in {"private", "shared"}]

    async def home(self, channel: str) -> Team:
        """Return the team of a channel.

        Raises:
            ChatNotThereError: the bot is in no such channel.
        """
        teams = {team.id: team for team in await self.known.teams()}
        trouble: ChatError = _nowhere()
        for within in (FRESH, AGAIN):
            for team in (None, *teams.values()):
                if team is not None:
                    try:
                        await self._rooms_of(team, within=within)
                    except PASSING as error:  # it may be in another one
                        trouble = error
                ident = await self.known.home_of(channel)
                home = teams.get(ident or channel)  # General has its team's id
                if home is not None:
                    return await self._whole(home)
                if ident:  # the bot has left that team
                    raise _nowhere()
        raise trouble

    async def where(self, channel: str) -> Conversation:
        """Return where Teams answers for a channel."""
        return Conversation((await self.home(channel)).service_url, channel)

    # -- members --

    async def person(self, member_id: str) -> Person:
        """See `Chat.person`: whoever is in a team with the bot, or has written to it."""
        _, told = await self._found(member_id)
        return people.to_person(told, self.bot.id)

    async def chat_with(self, member_id: str) -> Conversation:
        """Return a member's chat with the bot; it is opened where there is none yet."""
        if chat := await self.known.chat_with(member_id):
            return chat
        place, told = await self._found(member_id)
        ident = string(told.get("id"))
        chat = await self.connector.open_chat(place.service_url, ident, self.bot.id)
        await self.known.chat_is(member_id, chat)
        return chat

    async def _found(self, member_id: str) -> tuple[Conversation, Payload]:
        """Where somebody is whom the bot may meet, and what Teams says of them."""
        chat = await self.known.chat_with(member_id)
        every = [*map(_of, await self.known.teams()), *([chat] if chat else [])]
        last = [place for place in every if place == self._met.get(member_id)]
        places = [place for place in every if place not in last]
        groups = [places[at : at + AT_ONCE] for at in range(0, len(places), AT_ONCE)]
        trouble = ChatError(FINAL[_STRANGER], code=_STRANGER)
        for some in (last, *groups):
            asked = (self._member(place, member_id) for place in some)
            found = await asyncio.gather(*asked, return_exceptions=True)
            for place, told in zip(some, found, strict=True):
                if isinstance(told, dict):
                    self._met[member_id] = place
                    return place, told
                if isinstance(told, BaseException):
                    if not isinstance(told, PASSING):
                        raise told
                    trouble = told
        raise trouble

    async def _member(self, where: Conversation, member_id: str) -> Payload | None:
        """What Teams says of a member; None: they are not there, or the bot is not."""
        try:
            return await self.connector.member(where, member_id)
        except PASSING:
            raise
        except ChatError:
            return None

    async def _shared_with(self, member_id: str, team: Team, only: str) -> set[str]:
        """The channels of a team that a member is in; *only* that one, if it is named."""
        rooms, told = await asyncio.gather(self._rooms([team]), self._member(_of(team), member_id))
        found = set[str]()
        for room in rooms:
            if only not in {"", room.info.id}:
                continue
            if room.kind == "standard":
                inside = told is not None
            elif room.kind == "shared" or told is not None:  # in a private one are only its team's
                inside = await self._is_in(member_id, room)
            else:
                inside = False
            if inside:
                found.add(room.info.id)
        return found

    async def _is_in(self, member_id: str, room: Room) -> bool:
        try:
            async for page in self.graph.channel_members(room.team.group, room.info.id):
                if any(string(one.get("userId")) == member_id for one in page):
                    return True
        except PASSING:
            raise
        except ChatError:  # without Graph's consent nobody is shown what stands there
            pass
        return False

    # -- what is told of teams --

    async def _rooms(self, teams: Iterable[Team], *, within: float = FRESH) -> list[Room]:
        """The channels of teams, as Teams told them within so many seconds."""
        return [room for team in teams for room in await self._rooms_of(team, within=within)]

    async def _rooms_of(self, team: Team, *, within: float) -> Sequence[Room]:
        """The channels of a team; none where the bot is not in it any more, whatever is known."""
        kept, now = self._kept.get(team.id), self.monotonic()
        if kept is not None and now < kept.at + min(within, kept.lasting):
            return kept.rooms
        try:
            rooms, lasting = await self._told_rooms(team), FRESH
        except PASSING:
            if within < FRESH:
                raise
            # Graph is away: what was told before holds, else what the connector tells.
            return kept.rooms if kept is not None else await self._told_standard(team)
        except ChatError:
            rooms, lasting = (), AGAIN
        self._kept[team.id] = _Kept(rooms, now, lasting)
        return rooms

    async def _told_rooms(self, team: Team) -> Sequence[Room]:
        team = await self._whole(team)
        try:
            told = await self.graph.channels(team.group)
        except PASSING:
            raise
        except ChatError:  # no consent
            return await self._told_standard(team)
        return await self._noted(team, [one for one in told if await self._is_mine(team, one)])

    async def _told_standard(self, team: Team) -> Sequence[Room]:
        team = await self._whole(team)
        return await self._noted(team, await self.connector.channels(team.service_url, team.id))

    async def _noted(self, team: Team, told: Iterable[Payload]) -> Sequence[Room]:
        rooms = []
        for one in told:
            ident = string(one.get("id"))
            apart = await self.known.added_to(ident)
            info = people.to_channel(
                one,
                team.name,
                quiet=not apart and ident != team.chosen,
                added_by=apart or team.added_by,
            )
            kind = people.kind_of(one) or ("standard" if info.id == team.id else "")
            await self.known.home_is(info.id, team.id)
            rooms.append(Room(info, team, kind))
        return rooms

    async def _is_mine(self, team: Team, told: Payload) -> bool:
        """Whether the bot is in a channel of a team of its own."""
        if people.kind_of(told) not in {"private", "shared"}:
            return True
        ident = string(told.get("id"))
        mine, until = self._allowed.get(ident, (False, 0.0))
        if self.monotonic() >= until:
            try:
                async for _ in self.graph.channel_members(team.group, ident):
                    break
                mine = True
            except PASSING:
                raise
            except ChatError:
                mine = False
            self._allowed[ident] = (mine, self.monotonic() + ALLOWED)
        return mine

    async def _whole(self, team: Team) -> Team:
        """A team with its name and its id in Entra, which no activity may have told yet."""
        if team.group and team.name:
            return team
        told = await self.connector.team(team.service_url, team.id)
        group, name = string(told.get("aadGroupId")), string(told.get("name"))
        await self.known.described(team.id, group=group, name=name)
        return replace(team, group=group or team.group, name=name or team.name)


def _of(team: Team) -> Conversation:
    return Conversation(team.service_url, team.id)


def _nowhere() -> ChatNotThereError:
    return ChatNotThereError(FINAL["ConversationNotFound"], code="ConversationNotFound")
