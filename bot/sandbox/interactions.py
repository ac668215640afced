"""What members do with the app: commands, clicks, forms and shortcuts, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from bot.sandbox import views
from bot.sandbox.answers import Answer, Answers
from bot.sandbox.blocks import check_view
from bot.sandbox.controls import action_of, find_element, form_state, missing_inputs
from bot.sandbox.delivery import Delivery, Kind, Outcome
from bot.sandbox.installation import Installation
from bot.sandbox.markup import command_text, escape
from bot.sandbox.messages import Messages
from bot.sandbox.model import Channel, Ephemeral, Message, Payload, SlackError, View
from bot.sandbox.triggers import Response, Triggers
from bot.sandbox.workspace import Workspace

Place = Message | Ephemeral | View
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Interactions:
    """What members do with the app; ``delivery`` asks it."""

    messages: Messages
    installation: Installation
    delivery: Delivery
    triggers: Triggers

    @property
    def workspace(self) -> Workspace:
        """The workspace that the app is installed in."""
        return self.messages.workspace

    @property
    def _answers(self) -> Answers:
        return Answers(self.messages, self.installation.bot_user, self.installation.scopes)

    async def command(self, user: str, channel: str, line: str) -> Answer:
        """Send a slash command, as typed.

        Raises:
            SlackError: ``unknown_command``, ``channel_not_found``, ``not_in_channel``.
        """
        room = self.workspace.channel(channel)
        if user not in room.members:
            raise SlackError("channel_not_found" if room.is_private else "not_in_channel")
        name, _, rest = line.strip().partition(" ")
        # Only people of our own workspace can run our commands (Slack Connect).
        ours = self.workspace.member(user).belongs_to(self.workspace.team_id)
        if not ours or name not in self.installation.commands:
            raise SlackError("unknown_command")
        text = rest.strip()
        if self.installation.commands[name].should_escape:
            people, channels = self.names(user)
            handles = {each.id: each.name for each in self.workspace.members.values()}
            text = command_text(text, people, channels, handles)
        else:
            text = escape(text)
        word, response = self.triggers.response(user, channel)
        form = {
            "token": self.installation.verification,
            "team_id": self.workspace.team_id,
            "team_domain": self.workspace.domain,
            "channel_id": channel,
            "channel_name": _channel_name(room),
            "user_id": user,
            "user_name": self.workspace.member(user).name,
            "command": name,
            "text": text,
            "api_app_id": self.installation.app_id,
            "is_enterprise_install": "false",
            "response_url": f"{self.workspace.base_url}/respond/{word}",
            "trigger_id": self.triggers.trigger(user),
        }
        answer, outcome = await self._ask("slash_commands", form, response)
        if answer.ok and outcome.body:
            said = outcome.body if isinstance(outcome.body, dict) else {"text": outcome.body}
            self._answers.show(answer, response, said)
        return answer

    async def click(
        self,
        user: str,
        place: Place,
        action_id: str,
        chosen: Any = None,
        block_id: str | None = None,
        entered: Mapping[str, Any] = NOTHING,
    ) -> Answer:
        """Press a button, or pick in a menu, on a message, a private answer or a view.

        Args:
            entered: What stands in the fields of a view; see ``controls.form_state``.

        Raises:
            SlackError: ``no_such_action``, ``no_such_option``, ``interactivity_disabled``.
        """
        where = place.definition["blocks"] if isinstance(place, View) else place.blocks
        block, element = find_element(where, action_id, block_id)
        action = action_of(block, element, chosen, self.messages.stamp())
        payload = self._payload("block_actions", user) | {"actions": [action]}
        response = None
        if isinstance(place, View):
            if place.definition["type"] == "home":
                # Its state has every field, filled in or not; that of a modal what was chosen.
                place.values = form_state(where, {**place.values, **entered})
            if element["type"] not in {"button", "overflow"}:
                state = {"type": element["type"], **_state_of(action)}
                place.values.setdefault(block["block_id"], {})[action_id] = state
            payload |= {
                "container": {"type": "view", "view_id": place.id},
                "view": self._view(place),
            }
        else:
            more, response = self._message_place(user, place)
            stateful = element["type"] not in {"button", "overflow"}
            values = {
                block["block_id"]: {action_id: {"type": element["type"], **_state_of(action)}}
            }
            payload |= {**more, "state": {"values": values if stateful else {}}}
        answer, _ = await self._ask("interactive", payload, response)
        return answer

    def open_home(self, user: str, tab: str = "home") -> None:
        """Open a tab of the app, ``home`` or ``messages``, of which it hears."""
        room = self.workspace.im(user, self.installation.bot_user)
        home = self.workspace.homes.get(user)
        event = {
            "type": "app_home_opened",
            "user": user,
            "channel": room.id if room else "",
            "tab": tab,
            "event_ts": self.messages.stamp(),
            **({"view": self._view(home)} if home and tab == "home" else {}),
        }
        self.workspace.report(event, None, f"home:{user}")

    async def submit(self, user: str, view: View, values: Mapping[str, Any]) -> Answer:
        """Send a form in; a required field that is empty is refused before the app hears of it.

        Args:
            user: Whose view it is.
            view: The view.
            values: See ``controls.form_state``.
        """
        blocks = view.definition["blocks"]
        merged = {**view.values, **values}
        view.values = form_state(blocks, merged)
        view.errors = missing_inputs(blocks, view.values)
        if view.errors:
            self.workspace.changed()
            return Answer(ok=False, error="invalid_form", errors=view.errors)
        payload = self._payload("view_submission", user)
        payload |= {"view": self._view(view), "response_urls": []}
        answer, outcome = await self._ask("interactive", payload, None)
        if answer.ok:
            body = outcome.body if isinstance(outcome.body, dict) else {}
            try:
                self._apply(user, view, body, answer)
            except SlackError as refusal:
                answer.ok, answer.error = False, refusal.code
        self.workspace.changed()
        return answer

    def close(self, user: str, view: View) -> None:
        """Close a form."""
        if self.workspace.views.get(user) is view:
            del self.workspace.views[user]
        self.workspace.changed()

    async def shortcut(self, user: str, callback_id: str, message: Message | None = None) -> Answer:
        """Use a shortcut of the manifest: a global one, or one on a message.

        Raises:
            SlackError: ``unknown_shortcut``.
        """
        kind = "message" if message else "global"
        known = [each for each in self.installation.shortcuts if each.get("type") == kind]
        if callback_id not in [each.get("callback_id") for each in known]:
            raise SlackError("unknown_shortcut")
        payload = self._payload("message_action" if message else "shortcut", user)
        payload |= {"callback_id": callback_id, "action_ts": self.messages.stamp()}
        response = None
        if message:
            more, response = self._message_place(user, message)
            del more["container"]
            payload |= {**more, "message_ts": message.ts}
        answer, _ = await self._ask("interactive", payload, response)
        return answer

    def respond(self, word: str, said: object) -> None:
        """Take what the app sends to a response address.

        Raises:
            SlackError: The address is used up or too old, or the answer is malformed.
        """
        if not isinstance(said, dict):
            raise SlackError("invalid_payload")
        self._answers.respond(self.triggers.use(word), said)

    def names(self, user: str) -> tuple[dict[str, str], dict[str, str]]:
        """Return the ids of members and channels by every name that ``user`` may type."""
        people = {
            name: each.id
            for each in self.workspace.members.values()
            for name in (each.real_name, each.display_name, each.name, _unmarked(each.shown))
            if name and not each.deleted
        }
        channels = {
            room.name: room.id
            for room in self.workspace.channels.values()
            if not room.is_im and (not room.is_private or user in room.members)
        }
        return people, channels

    def is_read_only(self, channel: str) -> bool:
        """Return whether this is a direct message in which the bot does not read."""
        return self.installation.read_only and self.workspace.channel(channel).is_im

    async def _ask(
        self, kind: Kind, payload: Payload, response: Response | None
    ) -> tuple[Answer, Outcome]:
        if kind == "interactive" and not self.installation.interactive:
            raise SlackError("interactivity_disabled")
        answer = Answer()
        if response is not None:
            answer.notes, answer.messages = response.notes, response.messages
        outcome = await self.delivery.ask(kind, payload)
        if not outcome.ok:
            late = outcome.reason in {"timeout", "http_timeout"}
            answer.ok, answer.error = False, "operation_timeout" if late else "dispatch_failed"
        self.workspace.changed()
        return answer, outcome

    def _apply(self, user: str, view: View, body: Payload, answer: Answer) -> None:
        wanted = body.get("response_action", "clear")
        if wanted == "update":
            views.change(self.workspace, view, check_view(body.get("view")))
            return
        if wanted == "clear":
            self.close(user, view)
            return
        if wanted != "errors":  # the app pushes no views
            raise SlackError("invalid_response_action")
        known = {block["block_id"] for block in view.definition["blocks"]}
        view.errors = {k: str(v) for k, v in body.get("errors", {}).items() if k in known}
        if not view.errors:
            raise SlackError("invalid_errors")
        answer.ok, answer.error, answer.errors = False, "invalid_form", view.errors

    def _payload(self, kind: str, user: str) -> Payload:
        person = self.workspace.member(user)
        return {
            "type": kind,
            "user": {
                "id": user,
                "username": person.name,
                "name": person.name,
                "team_id": self.workspace.team_id,
            },
            "api_app_id": self.installation.app_id,
            "token": self.installation.verification,
            "trigger_id": self.triggers.trigger(user),
            "team": {"id": self.workspace.team_id, "domain": self.workspace.domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _view(self, view: View) -> Payload:
        return views.shape(view, self.workspace.team_id, self.installation)

    def _message_place(self, user: str, place: Message | Ephemeral) -> tuple[Payload, Response]:
        room = self.workspace.channel(place.channel)
        private = isinstance(place, Ephemeral)
        word, response = self.triggers.response(
            user,
            room.id,
            ts=None if private else place.ts,
            note=place.id if isinstance(place, Ephemeral) else None,
        )
        more: Payload = {
            "container": {
                "type": "message",
                "message_ts": place.ts,
                "channel_id": room.id,
                "is_ephemeral": private,
            },
            "channel": {"id": room.id, "name": _channel_name(room)},
            "response_url": f"{self.workspace.base_url}/respond/{word}",
        }
        if isinstance(place, Message):
            more["message"] = self.workspace.whole(place)
        return more, response


def _state_of(action: Payload) -> Payload:
    return {k: v for k, v in action.items() if k.startswith("selected_") or k == "value"}


def _unmarked(name: str) -> str:
    """Return a sample member's name as one would type it."""
    return name.removesuffix(" (sample)")


def _channel_name(room: Channel) -> str:
    if room.is_im:
        return "directmessage"
    return "privategroup" if room.is_private else room.name
