"""What Teams tells once: the bot's teams, their channels, members' two ids, their chats with it."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Final, Protocol

from handlers.teams.connector import Conversation

_TEAM: Final = "team"
_MEMBER: Final = "member"
_CHAT: Final = "chat"
_HOME: Final = "home"
_ADDED: Final = "added"


class Notes(Protocol):
    """Texts that outlast a run, by workspace, kind and key; an empty one forgets."""

    async def note(self, workspace: str, kind: str, key: str, value: str) -> None:
        """Keep a text."""

    async def notes(self, workspace: str, kind: str) -> Mapping[str, str]:
        """Return all texts of a kind, by key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team that the bot is in.

    Args:
        id: in Teams, `19:…@thread.tacv2`.
        group: its id in Entra, by which Graph knows it; empty: not told yet.
        service_url: where Teams answers for it.
        added_by: who added the bot, by their id in Entra; empty: not told.
        chosen: the channel in which the bot is to speak; empty: not told.
    """

    id: str
    group: str
    name: str
    service_url: str
    added_by: str = ""
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a tenant, kept in the store."""

    store: Notes
    tenant: str
    _read: dict[str, dict[str, str]] = field(default_factory=dict)
    """What is kept of members, chats and channels, as far as read: by kind and key."""
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while what is known of a team is changed."""

    async def teams(self) -> Sequence[Team]:
        """Return the teams that the bot is in now."""
        kept = await self.store.notes(self.tenant, _TEAM)
        return [Team(**json.loads(one)) for one in kept.values()]

    async def joined(self, team: Team) -> bool:
        """The bot is in a team; what is empty stays as it is known. Return whether it is new."""
        async with self._lock:
            return await self._keep(team, await self._team(team.id))

    async def described(self, team: str, *, group: str, name: str) -> None:
        """A team is called so now; what is empty stays. Of one that the bot has left: nothing."""
        async with self._lock:
            if old := await self._team(team):
                await self._keep(replace(old, group=group, name=name), old)

    async def left(self, team: str) -> None:
        """The bot is in a team no more."""
        async with self._lock:
            await self.store.note(self.tenant, _TEAM, team, "")

    async def _team(self, ident: str) -> Team | None:
        kept = (await self.store.notes(self.tenant, _TEAM)).get(ident)
        return None if kept is None else Team(**json.loads(kept))

    async def _keep(self, team: Team, old: Team | None) -> bool:
        """Keep what is told of a team, and beside it what was; return whether it is new."""
        told = {name: value for name, value in asdict(team).items() if value}
        now = team if old is None else replace(old, **told)
        if now != old:
            text = json.dumps(asdict(now), ensure_ascii=False)
            await self.store.note(self.tenant, _TEAM, team.id, text)
        return old is None

    async def members(self) -> Mapping[str, str]:
        """Return members' ids in Entra by their ids in Teams."""
        return await self._all(_MEMBER)

    async def member_is(self, teams_id: str, entra_id: str) -> None:
        """A member has these two ids."""
        await self._note(_MEMBER, teams_id, entra_id)

    async def chat_with(self, member_id: str) -> Conversation | None:
        """Return the chat that a member, by their id in Entra, has with the bot; None: none yet."""
        kept = (await self._all(_CHAT)).get(member_id)
        return None if kept is None else Conversation(*json.loads(kept))

    async def chat_is(self, member_id: str, chat: Conversation) -> None:
        """A member's chat with the bot is this one."""
        await self._note(_CHAT, member_id, json.dumps([chat.service_url, chat.id]))

    async def home_of(self, channel: str) -> str:
        """Return the team that a channel is or was of; empty: that was never told."""
        return (await self._all(_HOME)).get(channel, "")

    async def home_is(self, channel: str, team: str) -> None:
        """A channel is of that team."""
        await self._note(_HOME, channel, team)

    async def added_to(self, channel: str) -> str:
        """Return who added the bot to a private or shared channel, by their id in Entra."""
        return (await self._all(_ADDED)).get(channel, "")

    async def was_added(self, channel: str, who: str) -> None:
        """Somebody added the bot to a private or shared channel itself."""
        await self._note(_ADDED, channel, who)

    async def _all(self, kind: str) -> dict[str, str]:
        """All that is kept of a kind; nobody else changes it during this run."""
        if kind not in self._read:
            found = dict(await self.store.notes(self.tenant, kind))
            self._read.setdefault(kind, found)
        return self._read[kind]

    async def _note(self, kind: str, key: str, value: str) -> None:
        kept = await self._all(kind)
        if kept.get(key) != value:
            await self.store.note(self.tenant, kind, key, value)
            kept[key] = value
