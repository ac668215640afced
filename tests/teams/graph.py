"""Graph: what stands in channels, as an app with the owner's consent reads it."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from aiohttp import web

from tests.teams.model import (
    Channel,
    Item,
    Payload,
    Person,
    Reaction,
    RefusalError,
    Team,
    Tenant,
    wire_time,
)

MESSAGES = "ChannelMessage.Read.Group"
CHANNELS = "ChannelSettings.Read.Group"
MEMBERS = "ChannelMember.Read.Group"
MOST = 50
"""Messages that a page has at most."""
MOST_REPLIES = 1_000


@dataclass(frozen=True, slots=True)
class Graph:
    """Answers Graph's calls out of the tenant.

    Attributes:
        base: Gives Graph's address, with a slash at the end.
        consents: What the teams' owners have consented to.
        page: Gives how many messages a page has at most, beside what is asked.
    """

    tenant: Tenant
    bot: Person
    app_id: str
    now: Callable[[], datetime]
    base: Callable[[], str]
    consents: set[str]
    page: Callable[[], int]

    def routes(self) -> list[tuple[str, str, str, Callable[[web.Request, Payload], object]]]:
        """Method, path, name and function of each call."""
        channel = "/v1.0/teams/{gid}/channels/{cid}"
        one = f"{channel}/messages/{{mid}}"
        return [
            ("GET", "/v1.0/teams/{gid}/channels", "graph.channels", self.channels),
            ("GET", f"{channel}/members", "graph.channel_members", self.channel_members),
            ("GET", f"{channel}/messages", "graph.messages", self.messages),
            ("GET", one, "graph.message", self.message),
            ("GET", f"{one}/replies", "graph.replies", self.replies),
        ]

    def channels(self, request: web.Request, _body: Payload) -> Payload:
        """The channels of a team."""
        self._need(CHANNELS)
        return {"value": [self._about(one) for one in self._team(request).channels]}

    def channel_members(self, request: web.Request, _body: Payload) -> Payload:
        """The members of a channel."""
        self._need(MEMBERS)
        self._known(request, {"$top"})
        return {"value": [self._member(one) for one in self._entered(request).members]}

    def messages(self, request: web.Request, _body: Payload) -> Payload:
        """The messages at top level, the last changed first, with replies where asked for."""
        channel = self._readable(request)
        self._known(request, {"$top", "$expand", "$skiptoken"})
        roots = [one for one in channel.items.values() if one.is_root]
        roots.sort(key=lambda one: self._latest(channel, one), reverse=True)
        return self._page(request, channel, roots, "messages")

    def message(self, request: web.Request, _body: Payload) -> Payload:
        """A message at top level."""
        channel = self._readable(request)
        item = channel.item(request.match_info["mid"])
        if not item.is_root:
            raise RefusalError(404, "NotFound")
        return self._told(channel, item)

    def replies(self, request: web.Request, _body: Payload) -> Payload:
        """The replies below a message, the newest first."""
        channel = self._readable(request)
        self._known(request, {"$top", "$skiptoken"})
        root = channel.item(request.match_info["mid"])
        found = channel.thread(root.id)[::-1]
        return self._page(request, channel, found, f"messages/{root.id}/replies")

    def _page(
        self, request: web.Request, channel: Channel, found: list[Item], path: str
    ) -> Payload:
        top = int(request.query.get("$top", "20"))
        if not 1 <= top <= MOST:
            raise RefusalError(400, "BadRequest", "Top must be from 1 to 50")
        expand = request.query.get("$expand", "")
        if expand not in {"", "replies"}:
            raise RefusalError(400, "BadRequest", f"no such part: {expand}")
        size, start = min(top, self.page()), int(request.query.get("$skiptoken", "0"))
        told = []
        for item in found[start : start + size]:
            one = self._told(channel, item)
            if expand:
                replies = channel.thread(item.id)[::-1]
                one["replies"] = [self._told(channel, each) for each in replies[:MOST_REPLIES]]
                if len(replies) > MOST_REPLIES:
                    link = f"{self._at(channel)}/messages/{item.id}/replies"
                    one["replies@odata.nextLink"] = f"{link}?$skiptoken={MOST_REPLIES}"
            told.append(one)
        answer: Payload = {"@odata.count": len(told), "value": told}
        if start + size < len(found):
            query = dict(request.query) | {"$skiptoken": str(start + size)}
            answer["@odata.nextLink"] = f"{self._at(channel)}/{path}?{urlencode(query)}"
        return answer

    def _told(self, channel: Channel, item: Item) -> Payload:
        if item.event:
            return self._told_of_event(channel, item)
        gone = item.deleted is not None
        return {
            "id": item.id,
            "replyToId": None if item.is_root else item.root,
            "etag": str(int(item.modified.timestamp() * 1000)),
            "messageType": "message",
            "createdDateTime": wire_time(item.created),
            "lastModifiedDateTime": wire_time(item.modified),
            "lastEditedDateTime": wire_time(item.edited),
            "deletedDateTime": wire_time(item.deleted),
            "subject": item.subject,
            "summary": item.summary,
            "chatId": None,
            "importance": item.importance,
            "locale": "en-us",
            "webUrl": f"https://teams.microsoft.com/l/message/{channel.id}/{item.id}",
            "from": self._from(item.author),
            "body": {"contentType": "html", "content": "" if gone else item.html},
            "channelIdentity": {"teamId": channel.team.aad, "channelId": channel.id},
            "attachments": [] if gone else [_attached(one) for one in item.attachments],
            "mentions": [] if gone else self._mentions(item),
            "reactions": [self._reaction(one) for one in item.reactions],
        }

    def _told_of_event(self, channel: Channel, item: Item) -> Payload:
        """What Teams itself says in a channel: that somebody came, that it has another name."""
        item.event, event = "", item.event
        told = self._told(channel, item)
        item.event = event
        body = {"contentType": "html", "content": "<systemEventMessage/>"}
        about = {"@odata.type": f"#microsoft.graph.{event}"}
        more = {"messageType": "systemEventMessage", "from": None, "eventDetail": about}
        return {**told, **more, "body": body, "attachments": [], "mentions": []}

    def _from(self, author: Person | None) -> Payload:
        if author is None:
            application = {
                "id": self.app_id,
                "displayName": self.bot.name,
                "applicationIdentityType": "bot",
            }
            return {"application": application, "device": None, "user": None}
        return {"application": None, "device": None, "user": self._user(author)}

    def _user(self, person: Person) -> Payload:
        return {
            "id": person.aad,
            "displayName": person.name,
            "userIdentityType": "aadUser",
            "tenantId": self.tenant.id,
        }

    def _mentions(self, item: Item) -> list[Payload]:
        told = []
        for number, person in enumerate(item.mentions):
            who: Payload = {"user": None, "application": None, "conversation": None}
            if person is None:
                bot = {"id": self.app_id, "displayName": self.bot.name}
                who["application"] = {**bot, "applicationIdentityType": "bot"}
            else:
                who["user"] = self._user(person)
            label = (person or self.bot).name
            told.append({"id": number, "mentionText": label, "mentioned": who})
        return told

    def _reaction(self, one: Reaction) -> Payload:
        who: Payload = {"application": None, "device": None, "user": None}
        if one.person is None:
            who["application"] = {"id": self.app_id, "displayName": None}
        else:
            who["user"] = {"id": one.person.aad, "displayName": None, "userIdentityType": "aadUser"}
        return {
            "reactionType": one.kind,
            "displayName": one.kind.title(),
            "reactionContentUrl": None,
            "createdDateTime": wire_time(one.at),
            "user": who,
        }

    def _about(self, channel: Channel) -> Payload:
        return {
            "id": channel.id,
            "displayName": channel.name,
            "membershipType": channel.kind,
            "isArchived": channel.archived,
            "webUrl": f"https://teams.microsoft.com/l/channel/{channel.id}",
        }

    def _member(self, person: Person) -> Payload:
        return {
            "id": person.aad[::-1],
            "displayName": person.name,
            "userId": person.aad,
            "email": person.email,
            "roles": ["guest"] if person.guest else [],
        }

    def _team(self, request: web.Request) -> Team:
        ident = request.match_info["gid"]
        team = self.tenant.team(ident)
        if ident != team.aad:
            raise RefusalError(400, "BadRequest", "teamId needs to be a valid GUID")
        return team

    def _channel(self, request: web.Request) -> Channel:
        for channel in self._team(request).channels:
            if channel.id == request.match_info["cid"]:
                return channel
        raise RefusalError(404, "NotFound", "no such channel")

    def _readable(self, request: web.Request) -> Channel:
        self._need(MESSAGES)
        return self._entered(request)

    def _entered(self, request: web.Request) -> Channel:
        """A channel that the bot was added to, where that is needed."""
        channel = self._channel(request)
        if not channel.added:
            raise RefusalError(403, "Forbidden", "Caller isn't enabled for that channel")
        return channel

    def _need(self, consent: str) -> None:
        if consent not in self.consents:
            raise RefusalError(403, "Forbidden", f"Missing role permissions: {consent}")

    def _known(self, request: web.Request, known: Iterable[str]) -> None:
        if unknown := set(request.query) - set(known):
            raise RefusalError(400, "BadRequest", f"not supported here: {sorted(unknown)}")

    def _at(self, channel: Channel) -> str:
        return f"{self.base()}teams/{channel.team.aad}/channels/{channel.id}"

    def _latest(self, channel: Channel, root: Item) -> float:
        return max(one.modified.timestamp() for one in [root, *channel.thread(root.id)])


def _attached(one: Payload) -> Payload:
    content = one.get("content")
    return {
        "id": one["id"],
        "contentType": one["contentType"],
        "contentUrl": one.get("contentUrl"),
        "content": json.dumps(content) if isinstance(content, dict) else content,
        "name": one.get("name"),
        "thumbnailUrl": None,
        "teamsAppId": None,
    }
