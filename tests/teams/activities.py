"""Activities as Teams sends them to a bot."""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.teams.model import Channel, Chat, Item, Payload, Person, Room, Team, Tenant, wire_time

ZONE = ZoneInfo("America/Chicago")
"""Where people are."""

_AT = re.compile(r'<at id="(\d+)">(.*?)</at>', re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>|</p>\s*<p[^>]*>|</li>\s*<li[^>]*>|</div>\s*<div[^>]*>")
_TAG = re.compile(r"<(?!/?at\b)[^>]*>")


@dataclass(frozen=True, slots=True)
class Activities:
    """Words activities. *service_url* is where the bot is to answer."""

    tenant: Tenant
    bot: Person
    service_url: str
    now: Callable[[], datetime]

    def message(self, item: Item, room: Room, *, kind: str = "message", event: str = "") -> Payload:
        """A message, or what its author did to it: `editMessage`, `softDeleteMessage` …."""
        assert item.author is not None
        said: Payload = {
            **self.envelope(kind, item.author, room, root=item.root, ident=item.id),
            "timestamp": wire_time(item.modified),
            "localTimestamp": item.modified.astimezone(ZONE).isoformat(timespec="milliseconds"),
            "localTimezone": ZONE.key,
        }
        if kind != "messageDelete":
            said |= self.words(item, room)
        if isinstance(room, Channel) and not item.is_root:
            said["replyToId"] = item.root
        if event:
            said["channelData"]["eventType"] = event
        return said

    def words(self, item: Item, room: Room) -> Payload:
        """What a message says: text with tags around names, the HTML beside it, who is named.

        Of a file in a channel the HTML has only a mark; what it is stands in Graph.
        """
        attachments = [
            {name: value for name, value in each.items() if name != "id"}
            for each in item.attachments
            if isinstance(room, Chat) or each["contentType"] != "reference"
        ]
        return {
            "textFormat": "plain",
            "text": plain(item.html),
            "attachments": [*attachments, {"contentType": "text/html", "content": _web(item.html)}],
            "entities": [
                *self.mentions(item.html, item.mentions),
                {"type": "clientInfo", "locale": "en-US", "country": "US", "platform": "Windows"},
            ],
            "locale": "en-US",
        }

    def mentions(self, text: str, named: Sequence[Person | None]) -> list[Payload]:
        """Who is named in a text; None: the bot."""
        found = []
        for number, label in _AT.findall(text):
            person = named[int(number)] or self.bot
            one = {"id": person.id, "name": html.unescape(label)}
            found.append({"type": "mention", "mentioned": one, "text": f"<at>{label}</at>"})
        return found

    def reaction(self, who: Person, item: Item, room: Room, kind: str, *, added: bool) -> Payload:
        """A reaction to a message of the bot's."""
        return {
            **self.envelope("messageReaction", who, room, root=item.root),
            "replyToId": item.id,
            "reactionsAdded" if added else "reactionsRemoved": [{"type": kind}],
        }

    def invoke(
        self, who: Person, room: Room, name: str, value: object, *, root: str = "", to: str = ""
    ) -> Payload:
        """Something that waits for an answer.

        Args:
            to: the message whose button it is.
        """
        told = {**self.envelope("invoke", who, room, root=root), "name": name, "value": value}
        return {**told, "replyToId": to} if to else told

    def installation(self, who: Person, room: Room, action: str) -> Payload:
        """The app was put into a team or a chat (`add`), or taken out (`remove`)."""
        return {**self.envelope("installationUpdate", who, room), "action": action}

    def update(self, who: Person, team: Team, event: str, **more: object) -> Payload:
        """Something befell a team: `channelRenamed`, `teamMemberAdded` …."""
        channel = more.pop("channel", team.channels[0])
        assert isinstance(channel, Channel)
        told = self.envelope("conversationUpdate", who, team.channels[0])
        about = {**told["channelData"], "eventType": event, "channel": self._channel(channel)}
        return {**told, "channelData": about, **more}

    def envelope(
        self, kind: str, who: Person, room: Room, *, root: str = "", ident: str = ""
    ) -> Payload:
        """What every activity has."""
        told: Payload = {
            "type": kind,
            "id": ident or f"f:{self.tenant.guid()}",
            "timestamp": wire_time(self.now()),
            "serviceUrl": self.service_url,
            "channelId": "msteams",
            "from": who.account,
            "recipient": {"id": self.bot.id, "name": self.bot.name},
            "conversation": {"conversationType": "personal", "id": room.id},
            "channelData": {"tenant": {"id": self.tenant.id}},
        }
        told["conversation"]["tenantId"] = self.tenant.id
        if isinstance(room, Channel):
            thread = f"{room.id};messageid={root}" if root else room.id
            told["conversation"] |= {
                "id": thread,
                "conversationType": "channel",
                "isGroup": True,
            }
            told["channelData"] |= {
                "teamsChannelId": room.id,
                "teamsTeamId": room.team.id,
                "channel": self._channel(room),
                "team": {"id": room.team.id, "name": room.team.name, "aadGroupId": room.team.aad},
            }
        else:
            assert isinstance(room, Chat)
        return told

    def _channel(self, channel: Channel) -> Payload:
        told: Payload = {"id": channel.id, "type": channel.kind}
        if channel.id != channel.team.id:
            told["name"] = channel.name
        return told


def plain(text: str) -> str:
    """The text of a body in HTML as Teams puts it beside: names in `<at>`, everything else bare."""
    bare = _TAG.sub("", _BREAK.sub("\n", _AT.sub(r"<at>\2</at>", text)))
    return html.unescape(bare)


def _web(text: str) -> str:
    """The body in HTML as activities have it."""
    mention = r'<span itemtype="http://schema.skype.com/Mention" itemscope itemid="\1">\2</span>'
    return _AT.sub(mention, text)
