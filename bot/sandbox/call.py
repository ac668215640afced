"""A Web API method, and one call of it with its arguments."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.sandbox.installation import Installation
from bot.sandbox.messages import Messages
from bot.sandbox.model import Channel, Payload, SlackError
from bot.sandbox.triggers import Triggers
from bot.sandbox.workspace import Workspace

_KINDS = {"channel": "channels", "group": "groups", "im": "im"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method, and what the method may touch.

    Attributes:
        args: As sent; values of a form are strings.
        messages: What the app's bot acts with.
    """

    method: str
    args: Mapping[str, Any]
    messages: Messages
    installation: Installation
    triggers: Triggers

    @property
    def workspace(self) -> Workspace:
        """The workspace that the app is installed in."""
        return self.messages.workspace

    @property
    def bot(self) -> str:
        """The user id of the app's bot."""
        return self.installation.bot_user

    def text(self, name: str, default: str = "") -> str:
        """Return an argument as text."""
        value = self.args.get(name)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        """Return an argument that must be there.

        Raises:
            SlackError: ``invalid_arguments``, naming it.
        """
        value = self.text(name)
        if not value:
            told = {"messages": [f"[ERROR] missing required field: {name}"]}
            raise SlackError("invalid_arguments", response_metadata=told)
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return an argument that is yes (``true``, ``1``, ``yes``) or no."""
        value = self.args.get(name)
        return default if value is None else str(value).lower() in {"1", "true", "yes"}

    def number(self, name: str, default: int, most: int) -> int:
        """Return a whole number from 1 to ``most``.

        Raises:
            SlackError: ``invalid_limit``.
        """
        text = self.text(name, str(default))
        if not text.isdecimal():
            raise SlackError("invalid_limit")
        wanted = int(text) or default
        return min(wanted, most)

    def structure(self, name: str, error: str = "invalid_arguments") -> Any:
        """Return an argument that is JSON, sent as such or as text; None when it is missing.

        Raises:
            SlackError: ``error``.
        """
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error) from None

    def channel(self, name: str = "channel", *, seen: bool = True) -> Channel:
        """Return the channel that an argument names; with ``seen``, one that the bot may see.

        Raises:
            SlackError: ``channel_not_found``.
        """
        room = self.workspace.channel(self.text(name))
        if seen and room.is_private and self.bot not in room.members:
            raise SlackError("channel_not_found")
        return room

    def need(self, room: Channel, what: Literal["read", "history"]) -> None:
        """Demand the scope that reading this kind of channel takes.

        Raises:
            SlackError: ``missing_scope``.
        """
        self.installation.need(f"{_KINDS[room.kind]}:{what}")

    def moment(self, name: str) -> str | None:
        """Return a ts argument in the form of a message's ts; None when it is missing.

        Raises:
            SlackError: ``invalid_ts_oldest`` and the like.
        """
        text = self.text(name)
        if not text or text == "now":
            return None
        try:
            value = float(text)
        except ValueError:
            raise SlackError(f"invalid_ts_{name}") from None
        if not math.isfinite(value) or value < 0:
            raise SlackError(f"invalid_ts_{name}")
        seconds, _, fraction = text.partition(".")
        return f"{int(seconds or 0):010d}.{fraction[:6]:0<6}"


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method.

    Attributes:
        run: Does it and returns what stands beside ``ok: true``.
        scope: The scope it always takes; some demand more as they see the arguments.
    """

    run: Callable[[Call], Payload]
    scope: str = ""
