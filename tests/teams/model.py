"""A tenant: its people, teams, channels, and what stands there."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Payload = dict[str, Any]


class RefusalError(Exception):
    """What Teams answers when it does not do what was asked."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.message = message or code


@dataclass(slots=True, eq=False)
class Person:
    """Somebody in the tenant.

    Attributes:
        aad: Their id in Entra and in Graph.
        id: Their id for bots.
        tenant: Theirs, where they are of another one.
    """

    name: str
    aad: str
    id: str
    email: str
    guest: bool = False
    title: str = ""
    tenant: str = ""

    @property
    def account(self) -> Payload:
        """As an activity names them."""
        return {"id": self.id, "name": self.name, "aadObjectId": self.aad}

    @property
    def member(self) -> Payload:
        """As the connector lists them."""
        first, _, last = self.name.partition(" ")
        return {
            "id": self.id,
            "name": self.name,
            "aadObjectId": self.aad,
            "objectId": self.aad,
            "givenName": first,
            "surname": last,
            "email": self.email,
            "userPrincipalName": self.email,
            "userRole": "guest" if self.guest else "user",
            **({"tenantId": self.tenant} if self.tenant else {}),
        }


@dataclass(slots=True, eq=False)
class Reaction:
    """What somebody put on a message; *person* None: the bot."""

    kind: str
    person: Person | None
    at: datetime


@dataclass(slots=True, eq=False)
class Item:
    """A message.

    Attributes:
        id: Milliseconds since 1970, as text.
        root: The message whose thread it stands in; itself where it is at top level.
        author: None: the bot.
        html: The body as Graph has it.
        mentions: Who stands in `<at id="N">`, by N.
        event: What Teams itself tells with it, such as `membersAddedEventMessageDetail`.
    """

    id: str
    home: str
    root: str
    author: Person | None
    html: str
    created: datetime
    modified: datetime
    mentions: list[Person | None] = field(default_factory=list)
    attachments: list[Payload] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    edited: datetime | None = None
    deleted: datetime | None = None
    summary: str | None = None
    subject: str | None = None
    importance: str = "normal"
    activity: Payload = field(default_factory=dict)
    event: str = ""

    @property
    def is_root(self) -> bool:
        """Whether it stands at top level."""
        return self.root == self.id

    @property
    def card(self) -> Payload:
        """The Adaptive Card in it; empty where there is none."""
        for each in self.attachments:
            if each["contentType"] == "application/vnd.microsoft.card.adaptive":
                found: Payload = each["content"]
                return found
        return {}


@dataclass(slots=True, eq=False)
class Room:
    """A channel or a chat: messages by id, oldest first."""

    id: str
    items: dict[str, Item] = field(default_factory=dict)

    def item(self, ident: str) -> Item:
        """The message of that id.

        Raises:
            RefusalError: there is none.
        """
        try:
            return self.items[ident]
        except KeyError:
            raise RefusalError(404, "NotFound", "no such message") from None

    def thread(self, root: str) -> list[Item]:
        """The replies below a message."""
        return [one for one in self.items.values() if one.root == root and not one.is_root]


@dataclass(slots=True, eq=False)
class Channel(Room):
    """A channel of a team; *kind* is `standard`, `private` or `shared`.

    Attributes:
        only: Who is in it, where it is not a standard one.
        added: Whether the bot was added to it; to a standard one it always is.
    """

    name: str = ""
    kind: str = "standard"
    archived: bool = False
    added: bool = True
    team: "Team" = field(kw_only=True)
    only: list[Person] = field(default_factory=list)

    @property
    def members(self) -> list[Person]:
        """Who is in it."""
        return self.team.members if self.kind == "standard" else self.only


@dataclass(slots=True, eq=False)
class Chat(Room):
    """The bot's chat with one person."""

    person: Person = field(kw_only=True)


@dataclass(slots=True, eq=False)
class Team:
    """A team. *id* is its id for bots and that of its channel General, *aad* its id in Graph."""

    id: str
    aad: str
    name: str
    members: list[Person] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    installed: bool = False


@dataclass(slots=True, eq=False)
class Whisper:
    """A message that one member alone sees."""

    id: str
    room: Room
    person: Person
    activity: Payload
    thread: str = ""
    deleted: bool = False


@dataclass(slots=True)
class Tenant:
    """Everything in it, and the ids that come next."""

    id: str = "6d2f4e88-0b1d-4c55-9a6e-2f0c7f3c9d10"
    people: list[Person] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    chats: list[Chat] = field(default_factory=list)
    whispers: list[Whisper] = field(default_factory=list)
    _latest: int = 0
    _count: int = 0

    def guid(self) -> str:
        """An id that nothing has yet; the same ones in each run."""
        self._count += 1
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.id}/{self._count}"))

    def stamp(self, now: datetime) -> str:
        """The id of a message that comes now."""
        self._latest = max(int(now.timestamp() * 1000), self._latest + 1)
        return str(self._latest)

    def rooms(self) -> Iterator[Room]:
        """Every channel and chat."""
        for team in self.teams:
            yield from team.channels
        yield from self.chats

    def room(self, ident: str) -> Room:
        """The channel or chat of that id.

        Raises:
            RefusalError: there is none, or the bot is not in it.
        """
        for room in self.rooms():
            if room.id == ident:
                if isinstance(room, Channel) and not (room.team.installed and room.added):
                    raise RefusalError(403, "BotNotInConversationRoster")
                return room
        raise RefusalError(404, "ConversationNotFound")

    def person(self, ident: str) -> Person:
        """Whoever has that id, for bots or in Entra.

        Raises:
            RefusalError: nobody has.
        """
        for person in self.people:
            if ident in {person.id, person.aad, person.email}:
                return person
        raise RefusalError(404, "MemberNotFoundInConversation")

    def team(self, ident: str) -> Team:
        """The team of that id, for bots or in Graph.

        Raises:
            RefusalError: there is none that the bot is in.
        """
        for team in self.teams:
            if ident in {team.id, team.aad}:
                if not team.installed:
                    raise RefusalError(403, "Forbidden", "the app is not installed there")
                return team
        raise RefusalError(404, "NotFound", "no such team")

    def put(
        self, room: Room, author: Person | None, html: str, *, now: datetime, root: str = ""
    ) -> Item:
        """Let a message stand in a room."""
        ident = self.stamp(now)
        at = _instant(ident)
        item = Item(
            id=ident,
            home=room.id,
            root=root or ident,
            author=author,
            html=html,
            created=at,
            modified=at,
        )
        room.items[ident] = item
        return item

    def changed(self, item: Item, now: datetime, *, edited: bool = False) -> None:
        """Note that a message has changed."""
        item.modified = now
        if edited:
            item.edited = now


def _instant(ident: str) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(ident))


def wire_time(at: datetime | None) -> str | None:
    """An instant as Microsoft writes it."""
    if at is None:
        return None
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
