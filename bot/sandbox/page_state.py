"""What one member sees, as the page draws it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.sandbox.installation import Installation
from bot.sandbox.model import Channel, Ephemeral, File, Member, Message, Payload
from bot.sandbox.payloads import ZONE, reactions, thread
from bot.sandbox.workspace import Workspace

_ZONE = ZoneInfo(ZONE)


@dataclass(frozen=True, slots=True)
class PageState:
    """The workspace through a member's eyes."""

    workspace: Workspace
    installation: Installation
    now: Callable[[], datetime]

    def of(self, user: str) -> Payload:
        """Return everything that ``user`` sees."""
        workspace = self.workspace
        rooms = [room for room in workspace.channels.values() if visible(room, user)]
        notes: dict[str, list[Payload]] = {}
        for note in workspace.ephemerals.get(user, []):
            notes.setdefault(note.channel, []).append(_note(note))
        seen = {room.id for room in rooms}
        files = [each for each in workspace.files.values() if seen & set(each.channels)]
        return {
            "workspace": {"name": workspace.name, "team_id": workspace.team_id},
            "blog": workspace.blog_url,
            "me": user,
            "members": [_member(each) for each in workspace.members.values() if not each.deleted],
            "commands": [
                {
                    "command": each.command,
                    "description": each.description,
                    "usage_hint": each.usage_hint,
                }
                for each in self.installation.commands.values()
            ],
            "shortcuts": [
                {
                    name: each.get(name, "")
                    for name in ("type", "callback_id", "name", "description")
                }
                for each in self.installation.shortcuts
            ],
            "clock": _clock(self.now()),
            "channels": [self._channel(room, user) for room in rooms],
            "told": self._told(),
            "began": workspace.began,
            "messages": {
                room.id: [self._message(each) for each in workspace.messages[room.id].values()]
                for room in rooms
            },
            "ephemerals": notes,
            "view": self._view(user),
            "home": self._home(user),
            "canvases": {
                room.id: list(canvas.sections.values())
                for room in rooms
                if (canvas := workspace.canvas_of(room.id)) is not None
            },
            "files": {each.id: file(each, user) for each in files},
        }

    def _told(self) -> dict[str, Payload]:
        """Return each member's direct messages with the bot, and when it wrote there."""
        bot = self.installation.bot_user
        return {
            user: {"channel": room.id, "at": list(self.workspace.messages[room.id])}
            for user in self.workspace.members
            if (room := self.workspace.im(user, bot)) is not None
        }

    def _channel(self, room: Channel, user: str) -> Payload:
        other = next((each for each in room.members if each != user), None)
        return {
            "id": room.id,
            "name": room.name,
            "is_private": room.is_private,
            "is_im": room.is_im,
            "with": other if room.is_im else None,
            "topic": room.topic,
            "members": room.members,
            "is_member": user in room.members,
            "is_archived": room.archived,
            "is_read_only": room.is_im and self.installation.read_only,
        }

    def _view(self, user: str) -> Payload | None:
        view = self.workspace.views.get(user)
        if view is None:
            return None
        wanted = view.definition
        return {
            "id": view.id,
            "title": _words(wanted.get("title")),
            "submit": _words(wanted.get("submit")),
            "close": _words(wanted.get("close")),
            "blocks": wanted["blocks"],
            "callback_id": view.callback_id,
            "errors": view.errors,
        }

    def _home(self, user: str) -> Payload | None:
        """Return the Home of the app, None where it has none; without an id it is still to come."""
        if not self.installation.has_home:
            return None
        home = self.workspace.homes.get(user)
        return {"id": home.id, "blocks": home.definition["blocks"]} if home else {}

    def _message(self, item: Message) -> Payload:
        author = self.workspace.members[item.user]
        when = datetime.fromtimestamp(float(item.ts), UTC).astimezone(_ZONE)
        shape: Payload = {
            "ts": item.ts,
            "user": item.user,
            "text": item.text,
            "reactions": reactions(item),
            "files": item.files,
            "is_bot": author.is_bot,
            "time": _time(when),
            "day": _day(when),
        }
        if item.blocks:
            shape["blocks"] = item.blocks
        if item.subtype:
            shape["subtype"] = item.subtype
        if item.edited:
            shape["edited"] = item.edited
        if item.is_tombstone:
            shape["deleted"] = True
        if item.is_reply:
            shape |= {"thread_ts": item.thread_ts, "reply_broadcast": item.broadcast}
        else:
            about = thread(item, self.workspace.replies(item.channel, item.ts))
            shape |= {k: about[k] for k in ("reply_count", "reply_users", "latest_reply") if about}
        return shape


def visible(room: Channel, user: str) -> bool:
    """Return whether a member may see a channel."""
    return not room.is_private or user in room.members


def _member(each: Member) -> Payload:
    letters = [word[0] for word in each.shown.split() if word[0].isalpha()]
    return {
        "id": each.id,
        "name": each.shown,
        "real_name": each.real_name,
        "title": each.title,
        "initials": "".join(letters[:2]).upper() or each.shown[:1].upper(),
        "color": each.color,
        "is_admin": each.is_admin,
        "is_bot": each.is_bot,
        "is_guest": each.is_guest,
    }


def _note(note: Ephemeral) -> Payload:
    shape: Payload = {"id": note.id, "ts": note.ts, "text": note.text, "user": note.user}
    if note.blocks:
        shape["blocks"] = note.blocks
    if note.thread_ts:
        shape["thread_ts"] = note.thread_ts
    return shape


def file(item: File, user: str) -> Payload:
    """Return a file as the page shows it to ``user``."""
    return {
        "id": item.id,
        "name": item.name,
        "size": len(item.content),
        "mimetype": item.mimetype,
        "url": f"/files/{item.id}/{quote(item.name, safe='')}?as={user}",
        "is_mine": item.user == user,
    }


def _clock(now: datetime) -> Payload:
    here = now.astimezone(_ZONE)
    label = f"{_day(here)}, {_time(here)}"
    return {"now": here.isoformat(), "zone": ZONE, "label": label}


def _words(text: object) -> str:
    return str(text.get("text", "")) if isinstance(text, dict) else ""


def _day(when: datetime) -> str:
    return f"{when:%A, %B} {when.day}"


def _time(when: datetime) -> str:
    return f"{when.hour % 12 or 12}:{when:%M %p}"
