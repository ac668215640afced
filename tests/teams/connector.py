"""The connector: what a bot may ask for, and what becomes of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from tests.teams.model import (
    Channel,
    Chat,
    Item,
    Payload,
    Person,
    Reaction,
    RefusalError,
    Room,
    Team,
    Tenant,
    Whisper,
)

LARGEST = 100 * 1_024
"""Bytes that a message of a bot has at most."""

CARD = "application/vnd.microsoft.card.adaptive"
KNOWN = frozenset(
    {
        CARD,
        "application/vnd.microsoft.teams.card.file.consent",
        "application/vnd.microsoft.teams.card.file.info",
        "text/html",
    }
)
VERSIONS = frozenset({"1.0", "1.1", "1.2", "1.3", "1.4", "1.5"})
"""Of Adaptive Cards, those that Teams draws."""


@dataclass(frozen=True, slots=True)
class Connector:
    """Answers the connector's calls, out of the tenant and into it.

    Attributes:
        url: Gives the address of the connector.
        takes_reactions: Gives whether bots may react.
        takes_whispers: Gives whether bots may whisper.
        page: Gives how many members a page has at most.
    """

    tenant: Tenant
    bot: Person
    now: Callable[[], datetime]
    url: Callable[[], str]
    takes_reactions: Callable[[], bool]
    takes_whispers: Callable[[], bool]
    page: Callable[[], int]

    def routes(self) -> list[tuple[str, str, str, Callable[[web.Request, Payload], object]]]:
        """Method, path, name and function of each call."""
        at = "/v3/conversations/{cid}"
        one, reaction = f"{at}/activities/{{aid}}", f"{at}/activities/{{aid}}/reactions/{{kind}}"
        return [
            ("POST", "/v3/conversations", "connector.open_chat", self.open_chat),
            ("POST", f"{at}/activities", "connector.post", self.post),
            ("POST", one, "connector.reply", self.post),
            ("PUT", one, "connector.update", self.update),
            ("DELETE", one, "connector.delete", self.delete),
            ("PUT", reaction, "connector.react", self.react),
            ("DELETE", reaction, "connector.unreact", self.unreact),
            ("GET", f"{at}/members", "connector.all_members", self.all_members),
            ("GET", f"{at}/members/{{mid}}", "connector.member", self.member),
            ("GET", f"{at}/pagedMembers", "connector.members", self.members),
            ("GET", "/v3/teams/{tid}", "connector.team", self.team),
            ("GET", "/v3/teams/{tid}/conversations", "connector.channels", self.channels),
        ]

    def open_chat(self, _request: web.Request, body: Payload) -> Payload:
        """Return the chat with a member, or post to a channel where one is named."""
        if body.get("tenantId") not in {None, self.tenant.id}:
            raise RefusalError(403, "Forbidden", "another tenant")
        channel = body.get("channelData", {}).get("channel", {}).get("id")
        if channel is not None:
            item = self._put(self.tenant.room(channel), body.get("activity", {}), "")
            thread = f"{channel};messageid={item.id}"
            return {"id": thread, "activityId": item.id, "serviceUrl": self.url()}
        members = body.get("members") or []
        if len(members) != 1 or body.get("isGroup"):
            raise RefusalError(400, "BadSyntax", "a bot opens chats with one member")
        person = self.tenant.person(str(members[0].get("id")))
        answer = {"id": self.chat(person).id, "serviceUrl": self.url()}
        if body.get("activity"):
            item = self._put(self.chat(person), body["activity"], "")
            answer["activityId"] = item.id
        return answer

    def chat(self, person: Person) -> Chat:
        """The bot's chat with a member; begun where there is none."""
        for chat in self.tenant.chats:
            if chat.person is person:
                return chat
        chat = Chat(f"a:{self.tenant.guid()}", person=person)
        self.tenant.chats.append(chat)
        return chat

    def post(self, request: web.Request, body: Payload) -> Payload:
        """Post an activity: at top level, below another, or for one member alone."""
        room, root = self._where(request)
        if isinstance(room, Channel) and room.archived:
            raise RefusalError(403, "Forbidden", "the channel is archived")
        below = request.match_info.get("aid") or body.get("replyToId") or root
        if below:
            below = room.item(str(below)).root if isinstance(room, Channel) else ""
        if request.query.get("isTargetedActivity") == "true":
            return {"id": self._whisper(room, body, below or "").id}
        if body.get("type") == "typing":
            return {}
        return {"id": self._put(room, body, below or "").id}

    def update(self, request: web.Request, body: Payload) -> Payload:
        """Replace what a message of the bot's says."""
        room, _ = self._where(request)
        if request.query.get("isTargetedActivity") == "true":
            whisper = self._whispered(room, request.match_info["aid"])
            whisper.activity = self._checked(body)
            return {"id": whisper.id}
        item = self._own(room, request)
        self._fill(item, self._checked(body))
        self.tenant.changed(item, self.now(), edited=True)
        return {"id": item.id}

    def delete(self, request: web.Request, _body: Payload) -> Payload:
        """Delete a message of the bot's."""
        room, _ = self._where(request)
        if request.query.get("isTargetedActivity") == "true":
            self._whispered(room, request.match_info["aid"]).deleted = True
            return {}
        item = self._own(room, request)
        item.html, item.attachments, item.deleted = "", [], self.now()
        self.tenant.changed(item, self.now())
        return {}

    def react(self, request: web.Request, _body: Payload) -> Payload:
        """Put the bot's reaction on a message."""
        room, _ = self._where(request)
        if not self.takes_reactions():
            raise RefusalError(403, "Forbidden", "bots may not react here")
        item = room.item(request.match_info["aid"])
        kind = request.match_info["kind"]
        if not any(one.kind == kind and one.person is None for one in item.reactions):
            item.reactions.append(Reaction(kind, None, self.now()))
            self.tenant.changed(item, self.now())
        return {}

    def unreact(self, request: web.Request, _body: Payload) -> Payload:
        """Take the bot's reaction off a message."""
        room, _ = self._where(request)
        item = room.item(request.match_info["aid"])
        kind = request.match_info["kind"]
        left = [one for one in item.reactions if (one.kind, one.person) != (kind, None)]
        if len(left) == len(item.reactions):
            raise RefusalError(404, "NotFound", "no such reaction")
        item.reactions = left
        self.tenant.changed(item, self.now())
        return {}

    def all_members(self, request: web.Request, _body: Payload) -> list[Payload]:
        """Everybody in a conversation, at once."""
        return [person.member for person in self._members(self._where(request)[0])]

    def member(self, request: web.Request, _body: Payload) -> Payload:
        """One member of a conversation."""
        inside = self._members(self._where(request)[0])
        person = self.tenant.person(request.match_info["mid"])
        if person not in inside:
            raise RefusalError(404, "MemberNotFoundInConversation")
        return person.member

    def members(self, request: web.Request, _body: Payload) -> Payload:
        """The members of a conversation, a page at a time."""
        inside = self._members(self._where(request)[0])
        size = min(int(request.query.get("pageSize", "200")), self.page())
        start = int(request.query.get("continuationToken", "0"))
        answer: Payload = {"members": [one.member for one in inside[start : start + size]]}
        if start + size < len(inside):
            answer["continuationToken"] = str(start + size)
        return answer

    def team(self, request: web.Request, _body: Payload) -> Payload:
        """A team."""
        team = self._team(request)
        return {
            "id": team.id,
            "name": team.name,
            "aadGroupId": team.aad,
            "channelCount": len(team.channels),
            "memberCount": len(team.members),
            "tenantId": self.tenant.id,
        }

    def channels(self, request: web.Request, _body: Payload) -> Payload:
        """The standard channels of a team; General has no name."""
        told: list[Payload] = []
        for one in self._team(request).channels:
            if one.kind != "standard":
                continue
            general = one.id == one.team.id
            told.append({"id": one.id, **({} if general else {"name": one.name})})
        return {"conversations": told}

    def _team(self, request: web.Request) -> Team:
        try:
            return self.tenant.team(request.match_info["tid"])
        except RefusalError as error:
            code = "BotNotInConversationRoster" if error.status == 403 else "NotFound"
            raise RefusalError(error.status, code) from None

    def _where(self, request: web.Request) -> tuple[Room, str]:
        ident, _, root = request.match_info["cid"].partition(";messageid=")
        return self.tenant.room(ident), root

    def _members(self, room: Room) -> list[Person]:
        if isinstance(room, Channel):
            return room.members
        assert isinstance(room, Chat)
        return [room.person]

    def _own(self, room: Room, request: web.Request) -> Item:
        item = room.item(request.match_info["aid"])
        if item.author is not None:
            raise RefusalError(403, "Forbidden", "that message is somebody else's")
        if item.deleted is not None:
            raise RefusalError(404, "NotFound", "that message is gone")
        return item

    def _put(self, room: Room, body: Payload, root: str) -> Item:
        checked = self._checked(body)
        item = self.tenant.put(room, None, "", now=self.now(), root=root)
        self._fill(item, checked)
        return item

    def _fill(self, item: Item, body: Payload) -> None:
        item.activity = body
        item.summary = body.get("summary")
        item.importance = str(body.get("importance", "normal"))
        item.attachments = [
            {"id": self.tenant.guid(), **one} for one in body.get("attachments", [])
        ]
        marks = "".join(f'<attachment id="{one["id"]}"></attachment>' for one in item.attachments)
        item.html = str(body.get("text", "")) + marks
        item.mentions = []
        for number, each in enumerate(_mentions(body)):
            person = self.tenant.person(each["mentioned"]["id"])
            item.mentions.append(person)
            item.html = item.html.replace(
                each["text"], f'<at id="{number}">{each["mentioned"].get("name")}</at>', 1
            )

    def _whisper(self, room: Room, body: Payload, root: str) -> Whisper:
        checked = self._checked(body)
        if isinstance(room, Chat) or not self.takes_whispers():
            raise RefusalError(400, "BadSyntax", "no targeted messages here")
        person = self.tenant.person(str(body.get("recipient", {}).get("id")))
        if person not in self._members(room):
            raise RefusalError(404, "MemberNotFoundInConversation")
        whisper = Whisper(self.tenant.stamp(self.now()), room, person, checked, root)
        self.tenant.whispers.append(whisper)
        return whisper

    def _whispered(self, room: Room, ident: str) -> Whisper:
        for one in self.tenant.whispers:
            if (one.room, one.id, one.deleted) == (room, ident, False):
                return one
        raise RefusalError(404, "NotFound", "no such message")

    def _checked(self, body: Payload) -> Payload:
        """What is wrong with an activity is refused."""
        if len(json.dumps(body, ensure_ascii=False).encode()) > LARGEST:
            raise RefusalError(413, "MessageSizeTooBig")
        if body.get("type") not in {"message", "typing"}:
            raise RefusalError(400, "BadSyntax", "the activity has no type that a bot may send")
        if body["type"] == "message" and not (body.get("text") or body.get("attachments")):
            raise RefusalError(400, "BadSyntax", "the message is empty")
        for each in body.get("attachments", []):
            kind, content = each.get("contentType"), each.get("content")
            if kind not in KNOWN:
                raise RefusalError(400, "InvalidAttachment", f"unknown attachment {kind}")
            if kind == CARD and (
                not isinstance(content, dict)
                or content.get("type") != "AdaptiveCard"
                or content.get("version") not in VERSIONS
            ):
                raise RefusalError(400, "BadSyntax", "that is no card that Teams draws")
        for each in _mentions(body):
            if each.get("text", "") not in json.dumps(body, ensure_ascii=False):
                raise RefusalError(400, "BadSyntax", "a mention that is not in the text")
        return body


def _mentions(body: Payload) -> list[Payload]:
    return [each for each in body.get("entities", []) if each.get("type") == "mention"]
