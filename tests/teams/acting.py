"""What people do in Teams, by code: each changes the tenant, and the bot hears what it would hear.

A method that only changes what stands somewhere returns that; one that waits for the bot's answer
returns the answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.teams.activities import Activities
from tests.teams.connector import Connector
from tests.teams.courier import Answered, Courier
from tests.teams.model import (
    Channel,
    Chat,
    Item,
    Payload,
    Person,
    Reaction,
    Room,
    Team,
    Tenant,
    Whisper,
)

SUBMIT = "Action.Submit"
EXECUTE = "Action.Execute"


@dataclass(frozen=True, slots=True)
class Acting:
    """Members of the tenant, one method for each thing that they do.

    Attributes:
        hears: Gives whether the bot hears messages that do not name it.
    """

    tenant: Tenant
    bot: Person
    connector: Connector
    activities: Activities
    courier: Courier
    now: Callable[[], datetime]
    hears: Callable[[], bool]

    async def post(
        self,
        who: Person,
        room: Room,
        html: str,
        *,
        root: Item | None = None,
        mentions: Sequence[Person | None] = (),
        attachments: Sequence[Payload] = (),
        subject: str | None = None,
    ) -> Item:
        """Write in a channel, or below a message.

        Args:
            html: the body; `<at id="0">Name</at>` names the first of *mentions*.
            mentions: whom it names; None: the bot.
        """
        item = self.tenant.put(room, who, html, now=self.now(), root=root.root if root else "")
        item.mentions, item.subject = list(mentions), subject
        item.attachments = [{"id": self.tenant.guid(), **one} for one in attachments]
        if self._heard(room, item):
            await self.courier.send(self.activities.message(item, room))
        return item

    async def mention(
        self, who: Person, room: Room, words: str, *, root: Item | None = None
    ) -> Answered:
        """Name the bot, and ask it something."""
        html = f'<p><at id="0">{self.bot.name}</at>&nbsp;{words}</p>'
        item = await self.post(who, room, html, root=root, mentions=[None])
        return self._answer_to(item)

    async def ask(self, who: Person, words: str) -> Answered:
        """Write to the bot in one's chat with it."""
        item = await self.post(who, self.connector.chat(who), f"<p>{words}</p>")
        return self._answer_to(item)

    async def whisper(self, who: Person, room: Room, words: str) -> Answered:
        """Use a slash command: the bot alone sees it."""
        ident = self.tenant.stamp(self.now())
        told = self.activities.envelope("message", who, room, ident=ident)
        told["recipient"]["isTargeted"] = True
        told |= {"text": words, "textFormat": "plain", "entities": [], "attachments": []}
        return await self.courier.send(told)

    async def edit(self, item: Item, html: str) -> Answered:
        """Let an author change what they wrote."""
        item.html = html
        self.tenant.changed(item, self.now(), edited=True)
        return await self._changed(item, "messageUpdate", "editMessage")

    async def delete(self, item: Item) -> Answered:
        """Let an author delete what they wrote; replies stay."""
        item.deleted = self.now()
        self.tenant.changed(item, self.now())
        return await self._changed(item, "messageDelete", "softDeleteMessage")

    async def restore(self, item: Item) -> Answered:
        """Let an author take a deletion back."""
        item.deleted = None
        self.tenant.changed(item, self.now())
        return await self._changed(item, "messageUpdate", "undeleteMessage")

    async def react(self, who: Person, item: Item, kind: str = "like") -> Answered | None:
        """React; the bot hears of it only where the message is its own."""
        item.reactions.append(Reaction(kind, who, self.now()))
        return await self._reacted(who, item, kind, added=True)

    async def unreact(self, who: Person, item: Item, kind: str = "like") -> Answered | None:
        """Take a reaction back."""
        item.reactions = [one for one in item.reactions if (one.kind, one.person) != (kind, who)]
        return await self._reacted(who, item, kind, added=False)

    async def press(
        self, who: Person, shown: Item | Whisper, action: Payload, **inputs: object
    ) -> Answered:
        """Press a button of a card, given as it stands in the card; *inputs* are its fields."""
        room, root = self._home(shown)
        given = action.get("data")
        data: object = {**(given if isinstance(given, dict) else {}), **inputs}
        if action["type"] == EXECUTE:
            told = {
                "type": EXECUTE,
                "id": action.get("id"),
                "verb": action.get("verb"),
                "data": data,
            }
            value: Payload = {"action": told, "trigger": "manual"}
            return await self._invoke(
                who, room, "adaptiveCard/action", value, root=root, to=shown.id
            )
        assert action["type"] == SUBMIT, "that is no button that tells the bot anything"
        if isinstance(given, dict) and given.get("msteams", {}).get("type") == "task/fetch":
            return await self.fetch_form(who, room, data, root=root, to=shown.id)
        ident = self.tenant.stamp(self.now())
        activity = self.activities.envelope("message", who, room, root=root, ident=ident)
        return await self.courier.send({**activity, "value": data, "replyToId": shown.id})

    async def fetch_form(
        self, who: Person, room: Room, data: object, *, root: str = "", to: str = ""
    ) -> Answered:
        """Ask for a form, as a button does that opens one."""
        value = {"data": data, "context": {"theme": "default"}}
        return await self._invoke(who, room, "task/fetch", value, root=root, to=to)

    async def submit(
        self, who: Person, room: Room, data: object, *, root: str = "", to: str = ""
    ) -> Answered:
        """Send a form."""
        value = {"data": data, "context": {"theme": "default"}}
        return await self._invoke(who, room, "task/submit", value, root=root, to=to)

    async def message_action(
        self, who: Person, item: Item, command: str, *, data: object = None
    ) -> Answered:
        """Choose an action on a message; with *data*, send the form that it opened."""
        room = self.tenant.room(item.home)
        value: Payload = {
            "commandId": command,
            "commandContext": "message",
            "context": {"theme": "default"},
            "messagePayload": self._payload(item, room),
        }
        name = "composeExtension/fetchTask"
        if data is not None:
            name, value = "composeExtension/submitAction", {**value, "data": data}
        return await self._invoke(who, room, name, value, root=item.root)

    async def answer_file(self, who: Person, shown: Item, *, accept: bool = True) -> Answered:
        """Take a file that the bot offers, or not."""
        kind = "application/vnd.microsoft.teams.card.file.consent"
        offered = next(one for one in shown.attachments if one["contentType"] == kind)
        content = offered["content"]
        value: Payload = {"type": "fileUpload", "action": "accept" if accept else "decline"}
        value["context"] = content.get("acceptContext" if accept else "declineContext")
        if accept:
            ident = self.tenant.guid()
            value["uploadInfo"] = {
                "contentUrl": f"{self.activities.service_url}files/{ident}",
                "name": offered.get("name"),
                "uploadUrl": f"{self.activities.service_url}upload/{ident}",
                "uniqueId": ident,
                "fileType": str(offered.get("name")).rpartition(".")[2],
            }
        room = self.tenant.room(shown.home)
        return await self._invoke(who, room, "fileConsent/invoke", value, to=shown.id)

    async def install(self, who: Person, team: Team, chosen: Channel | None = None) -> Answered:
        """Put the app into a team: an update first, then the installation.

        Args:
            chosen: the channel for which it was put in.
        """
        team.installed = True
        bot = {"id": self.bot.id, "name": self.bot.name}
        told = self.activities.update(who, team, "teamMemberAdded", membersAdded=[bot])
        added = self.activities.installation(who, team.channels[0], "add")
        if chosen is not None:
            for one in (told, added):
                one["channelData"]["settings"] = {"selectedChannel": {"id": chosen.id}}
        await self.courier.send(told)
        return await self.courier.send(added)

    async def uninstall(self, who: Person, team: Team) -> Answered:
        """Take the app out of a team: nothing more is heard from there."""
        bot = {"id": self.bot.id, "name": self.bot.name}
        told = self.activities.update(who, team, "teamMemberRemoved", membersRemoved=[bot])
        gone = self.activities.installation(who, team.channels[0], "remove")
        team.installed = False
        await self.courier.send(told)
        return await self.courier.send(gone)

    async def begin_chat(self, who: Person) -> Answered:
        """Install the app for oneself."""
        return await self.courier.send(
            self.activities.installation(who, self.connector.chat(who), "add")
        )

    async def join(self, who: Person, team: Team) -> Answered:
        """Let somebody become a member of a team."""
        team.members.append(who)
        told = self.activities.update(who, team, "teamMemberAdded", membersAdded=[who.account])
        return await self._if_installed(team, told)

    async def leave(self, who: Person, team: Team) -> Answered:
        """Let a member leave a team."""
        team.members.remove(who)
        told = self.activities.update(who, team, "teamMemberRemoved", membersRemoved=[who.account])
        return await self._if_installed(team, told)

    async def create_channel(self, who: Person, team: Team, name: str) -> Channel:
        """Make a channel."""
        channel = Channel(f"19:{self.tenant.guid()}@thread.tacv2", name=name, team=team)
        team.channels.append(channel)
        told = self.activities.update(who, team, "channelCreated", channel=channel)
        await self._if_installed(team, told)
        return channel

    async def rename_channel(self, who: Person, channel: Channel, name: str) -> Answered:
        """Give a channel another name."""
        channel.name = name
        told = self.activities.update(who, channel.team, "channelRenamed", channel=channel)
        return await self._if_installed(channel.team, told)

    async def delete_channel(self, who: Person, channel: Channel) -> Answered:
        """Delete a channel with everything in it."""
        channel.team.channels.remove(channel)
        told = self.activities.update(who, channel.team, "channelDeleted", channel=channel)
        return await self._if_installed(channel.team, told)

    async def rename_team(self, who: Person, team: Team, name: str) -> Answered:
        """Give a team another name."""
        team.name = name
        return await self._if_installed(team, self.activities.update(who, team, "teamRenamed"))

    def _heard(self, room: Room, item: Item) -> bool:
        if isinstance(room, Channel):
            named = None in item.mentions
            read = room.kind == "standard" and self.hears()
            return room.team.installed and (named or read)
        return True

    async def _changed(self, item: Item, kind: str, event: str) -> Answered:
        room = self.tenant.room(item.home)
        if not self._heard(room, item):
            return Answered(0)
        return await self.courier.send(self.activities.message(item, room, kind=kind, event=event))

    async def _reacted(self, who: Person, item: Item, kind: str, *, added: bool) -> Answered | None:
        self.tenant.changed(item, self.now())
        if item.author is not None:
            return None
        room = self.tenant.room(item.home)
        told = self.activities.reaction(who, item, room, kind, added=added)
        return await self.courier.send(told)

    async def _invoke(
        self, who: Person, room: Room, name: str, value: object, *, root: str = "", to: str = ""
    ) -> Answered:
        told = self.activities.invoke(who, room, name, value, root=root, to=to)
        return await self.courier.send(told)

    async def _if_installed(self, team: Team, told: Payload) -> Answered:
        return await self.courier.send(told) if team.installed else Answered(0)

    def _answer_to(self, item: Item) -> Answered:
        for one in reversed(self.courier.sent):
            if one.activity["id"] == item.id:
                return one.answered
        return Answered(0)

    def _home(self, shown: Item | Whisper) -> tuple[Room, str]:
        if isinstance(shown, Whisper):
            return shown.room, shown.thread
        room = self.tenant.room(shown.home)
        return room, "" if isinstance(room, Chat) else shown.root

    def _payload(self, item: Item, room: Room) -> Payload:
        """A message as an action on it has it."""
        assert item.author is not None
        user = {"id": item.author.aad, "displayName": item.author.name}
        return {
            "id": item.id,
            "replyToId": None if item.is_root else item.root,
            "createdDateTime": item.created.isoformat(),
            "lastModifiedDateTime": None,
            "deleted": item.deleted is not None,
            "importance": item.importance,
            "locale": "en-us",
            "subject": item.subject,
            "linkToMessage": f"https://teams.microsoft.com/l/message/{room.id}/{item.id}",
            "from": {
                "application": None,
                "device": None,
                "user": {**user, "userIdentityType": "aadUser"},
            },
            "body": {"contentType": "html", "content": item.html},
            "attachments": item.attachments,
            "mentions": [],
            "reactions": [],
        }
