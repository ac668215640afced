"""What Teams tells once: the teams that the bot is in, members' two ids, their chats with it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final, Protocol

from handlers.teams.connector import Conversation

_TEAM: Final = "team"
_MEMBER: Final = "member"
_CHAT: Final = "chat"


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
    """

    id: str
    group: str
    name: str
    service_url: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a tenant, kept in the store."""

    store: Notes
    tenant: str
    _members: dict[str, str] = field(default_factory=dict)
    """Ids in Entra by ids in Teams, as far as read."""

    async def teams(self) -> Sequence[Team]:
        """Return the teams that the bot is in now."""
        kept = await self.store.notes(self.tenant, _TEAM)
        return [Team(**json.loads(one)) for one in kept.values()]

    async def joined(self, team: Team) -> None:
        """The bot is in a team, which has this name now."""
        known = {one.id: one for one in await self.teams()}
        if known.get(team.id) != team:
            text = json.dumps(asdict(team), ensure_ascii=False)
            await self.store.note(self.tenant, _TEAM, team.id, text)

    async def left(self, team: str) -> None:
        """The bot is in a team no more."""
        await self.store.note(self.tenant, _TEAM, team, "")

    async def members(self) -> Mapping[str, str]:
        """Return members' ids in Entra by their ids in Teams."""
        if not self._members:
            self._members.update(await self.store.notes(self.tenant, _MEMBER))
        return self._members

    async def member_is(self, teams_id: str, entra_id: str) -> None:
        """A member has these two ids."""
        if (await self.members()).get(teams_id) != entra_id:
            await self.store.note(self.tenant, _MEMBER, teams_id, entra_id)
            self._members[teams_id] = entra_id

    async def chat_with(self, member_id: str) -> Conversation | None:
        """Return the chat that a member, by their id in Entra, has with the bot; None: none yet."""
        kept = (await self.store.notes(self.tenant, _CHAT)).get(member_id)
        return None if kept is None else Conversation(*json.loads(kept))

    async def chat_is(self, member_id: str, chat: Conversation) -> None:
        """A member's chat with the bot is this one."""
        if await self.chat_with(member_id) != chat:
            text = json.dumps([chat.service_url, chat.id])
            await self.store.note(self.tenant, _CHAT, member_id, text)
