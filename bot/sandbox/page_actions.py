"""What a member does on the page, action by action."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.answers import Answer
from bot.sandbox.interactions import Interactions, Place
from bot.sandbox.markup import typed
from bot.sandbox.messages import Messages
from bot.sandbox.model import Payload, SlackError, View
from bot.sandbox.payloads import ZONE

_LANDINGS = {
    "ahead": (4, time(14, 0, 30)),  # when who coordinates is shown the digest
    "friday": (4, time(15, 0, 30)),
    "monday": (0, time(9, 0, 30)),
}
_LONGEST = 40_000


def landing(now: datetime, day: str) -> datetime:
    """The next Friday 14:00:30 or 15:00:30, or Monday 09:00:30, in the workspace's zone.

    Raises:
        SlackError: ``invalid_arguments`` for any other ``day``.
    """
    if day not in _LANDINGS:
        raise SlackError("invalid_arguments")
    weekday, at = _LANDINGS[day]
    zone = ZoneInfo(ZONE)
    here = now.astimezone(zone)
    date = here.date() + timedelta(days=(weekday - here.weekday()) % 7)
    target = datetime.combine(date, at, zone)
    return target if target > here else datetime.combine(date + timedelta(days=7), at, zone)


@dataclass(frozen=True, slots=True)
class PageActions:
    """The page's actions.

    Attributes:
        jump: Moves the clock to an instant and waits until the bot has acted on it.
        afresh: Puts the workspace back to its beginning.
    """

    messages: Messages
    interactions: Interactions
    jump: Callable[[datetime], Awaitable[None]]
    afresh: Callable[[], Awaitable[None]]

    async def act(self, user: str, verb: str, wanted: Mapping[str, Any]) -> Payload:
        """Do what the page asks for, and return what it is told.

        Raises:
            SlackError: It is refused.
            KeyError: A field is missing.
        """
        self.messages.workspace.member(user)
        here = {
            "post": self._post,
            "edit": self._edit,
            "delete": self._delete,
            "react": self._react,
            "unreact": self._unreact,
            "dismiss": self._dismiss,
            "close": self._close,
            "home": self._home,
        }
        elsewhere = {
            "command": self._command,
            "click": self._click,
            "submit": self._submit,
            "shortcut": self._shortcut,
            "jump": self._jump,
            "afresh": self._afresh,
        }
        if verb in here:
            return here[verb](user, wanted)
        if verb in elsewhere:
            return await elsewhere[verb](user, wanted)
        raise SlackError("invalid_arguments")

    def _post(self, user: str, wanted: Mapping[str, Any]) -> Payload:
        channel, files = str(wanted["channel"]), [str(each) for each in wanted.get("files", ())]
        if self.interactions.is_read_only(channel):
            raise SlackError("restricted_action_read_only_channel")
        for each in files:
            shared = self.messages.workspace.files.get(each)
            if shared is None or shared.user != user or shared.channels:
                raise SlackError("file_not_found")
        item = self.messages.post(
            user,
            channel,
            self._typed(user, wanted, optional=bool(files)),
            files=files,
            thread_ts=wanted.get("thread_ts"),
            broadcast=bool(wanted.get("broadcast")),
        )
        return {"ts": item.ts}

    def _edit(self, user: str, wanted: Mapping[str, Any]) -> Payload:
        text = self._typed(user, wanted)
        self.messages.edit(user, wanted["channel"], wanted["ts"], text)
        return {}

    def _delete(self, user: str, wanted: Mapping[str, Any]) -> Payload:
        self.messages.delete(user, wanted["channel"], wanted["ts"])
        return {}

    def _react(self, user: str, wanted: Mapping[str, Any]) -> Payload:
        name = str(wanted["name"]).strip(":")
        self.messages.react(user, wanted["channel"], wanted["ts"], name)
        return {}

    def _unreact(self, user: str, wanted: Mapping[str, Any]) -> Payload:
        name = str(wanted["name"]).strip(":")
        self.messages.unreact(user, wanted["channel"], wanted["ts"], name)
        return {}

    def _dismiss(self, user: str, wanted: Mapping[str, Any]) -> Payload:
        self.messages.dismiss(user, str(wanted["ephemeral"]))
        return {}

    async def _command(self, user: str, wanted: Mapping[str, Any]) -> Payload:
        line = str(wanted["text"])
        return _result(await self.interactions.command(user, str(wanted["channel"]), line))

    async def _click(self, user: str, wanted: Mapping[str, Any]) -> Payload:
        place = self._place(user, wanted["where"])
        chosen = wanted.get("selected")
        if chosen is None:
            chosen = wanted.get("value")
        action, block = str(wanted["action_id"]), wanted.get("block_id")
        values = wanted.get("values") or {}
        return _result(await self.interactions.click(user, place, action, chosen, block, values))

    async def _submit(self, user: str, wanted: Mapping[str, Any]) -> Payload:
        view = self._open_view(user, wanted["view"])
        return _result(await self.interactions.submit(user, view, wanted.get("values") or {}))

    async def _shortcut(self, user: str, wanted: Mapping[str, Any]) -> Payload:
        chosen = None
        if "ts" in wanted:
            chosen = self.messages.workspace.message(str(wanted["channel"]), str(wanted["ts"]))
        name = str(wanted["callback_id"])
        return _result(await self.interactions.shortcut(user, name, chosen))

    def _close(self, user: str, wanted: Mapping[str, Any]) -> Payload:
        self.interactions.close(user, self._open_view(user, wanted["view"]))
        return {}

    def _home(self, user: str, wanted: Mapping[str, Any]) -> Payload:
        self.interactions.open_home(user, str(wanted["tab"]))
        return {}

    async def _jump(self, _: str, wanted: Mapping[str, Any]) -> Payload:
        target = landing(self.messages.now(), str(wanted["to"]))
        await self.jump(target)
        self.messages.workspace.changed()
        return {"now": target.isoformat()}

    async def _afresh(self, _: str, __: Mapping[str, Any]) -> Payload:
        await self.afresh()
        return {}

    def _typed(self, user: str, wanted: Mapping[str, Any], *, optional: bool = False) -> str:
        words = str(wanted["text"]).strip()
        if not words and not optional:
            raise SlackError("no_text")
        if len(words) > _LONGEST:
            raise SlackError("msg_too_long")
        return typed(words, *self.interactions.names(user))

    def _place(self, user: str, where: Mapping[str, Any]) -> Place:
        if "view" in where:
            return self._open_view(user, where["view"])
        if "ephemeral" in where:
            for note in self.messages.workspace.ephemerals.get(user, []):
                if note.id == where["ephemeral"]:
                    return note
            raise SlackError("message_not_found")
        return self.messages.workspace.message(str(where["channel"]), str(where["ts"]))

    def _open_view(self, user: str, view_id: object) -> View:
        workspace = self.messages.workspace
        for view in (workspace.views.get(user), workspace.homes.get(user)):
            if view is not None and view.id == view_id:
                return view
        raise SlackError("no_such_view")


def _result(answer: Answer) -> Payload:
    if not answer.ok:
        raise SlackError(answer.error)
    return {}
