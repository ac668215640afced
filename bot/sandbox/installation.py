"""The app as it is installed: its manifest, its tokens, what it may do and hear."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.model import Event, Payload, SlackError

_BY_KIND = {
    "channel": "channels:history",
    "group": "groups:history",
    "im": "im:history",
}
_MESSAGE_EVENT = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
_SCOPES = {
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "user_change": "users:read",
    "user_profile_changed": "users:read",
    "team_join": "users:read",
    "app_mention": "app_mentions:read",
    "file_shared": "files:read",
}
_FREE = frozenset({"app_home_opened", "app_uninstalled", "tokens_revoked"})
_OF_ROOMS = frozenset({"member_joined_channel", "member_left_channel", "channel_id_changed"})


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command of the manifest."""

    command: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(slots=True)
class Installation:
    """One app in one workspace.

    Attributes:
        scopes: What the bot token may do.
        events: The bot events it subscribed to.
        commands: By name, slash included.
        bot_user: The user id of its bot.
        read_only: Nobody can write direct messages to its bot.
        has_home: Its direct messages have a tab with a Home that it draws.
    """

    name: str
    display_name: str
    scopes: tuple[str, ...]
    events: frozenset[str]
    commands: Mapping[str, Command]
    shortcuts: tuple[Payload, ...]
    interactive: bool
    socket_mode: bool
    app_id: str = "A0SANDBOX1"
    bot_id: str = "B0SANDBOX1"
    bot_user: str = "U0SANDBOX1"
    bot_token: str = field(default_factory=lambda: f"xoxb-sandbox-{secrets.token_hex(16)}")
    app_token: str = field(default_factory=lambda: f"xapp-1-sandbox-{secrets.token_hex(16)}")
    read_only: bool = False
    has_home: bool = False
    verification: str = field(default_factory=lambda: secrets.token_hex(12))

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> "Installation":
        """Read a Slack app manifest."""
        features = manifest.get("features", {})
        settings = manifest.get("settings", {})
        commands = {
            each["command"]: Command(
                each["command"],
                each.get("description", ""),
                each.get("usage_hint", ""),
                bool(each.get("should_escape", False)),
            )
            for each in features.get("slash_commands", [])
        }
        home = features.get("app_home", {})
        name = manifest.get("display_information", {}).get("name", "App")
        return cls(
            name=name,
            display_name=features.get("bot_user", {}).get("display_name", name),
            scopes=tuple(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
            commands=commands,
            shortcuts=tuple(features.get("shortcuts", [])),
            interactive=bool(settings.get("interactivity", {}).get("is_enabled", False)),
            socket_mode=bool(settings.get("socket_mode_enabled", False)),
            has_home=bool(home.get("home_tab_enabled", False)),
            read_only=bool(home.get("messages_tab_read_only_enabled", False)),
        )

    def need(self, scope: str) -> None:
        """Demand a scope.

        Raises:
            SlackError: ``missing_scope``, with what was needed and what is provided.
        """
        if scope not in self.scopes:
            provided = ",".join(self.scopes)
            raise SlackError("missing_scope", needed=scope, provided=provided)

    def hears(self, event: Event) -> bool:
        """Return whether the app hears of an event: it subscribed, it may, and its bot is there."""
        room = event.channel
        kind = str(event.payload["type"])
        if room is not None:
            everybody_hears = kind not in {"message", "reaction_added", "reaction_removed"}
            public = everybody_hears and not room.is_private and kind not in _OF_ROOMS
            if not public and self.bot_user not in room.members:
                return False
        if kind == "message" and room is not None:
            name, scope = _MESSAGE_EVENT[room.kind], _BY_KIND[room.kind]
        else:
            name, scope = kind, self._scope_of(event)
        return name in self.events and (not scope or scope in self.scopes)

    @staticmethod
    def _scope_of(event: Event) -> str:
        kind = str(event.payload["type"])
        if kind in _FREE:
            return ""
        if kind in _SCOPES:
            return _SCOPES[kind]
        private = event.channel is not None and event.channel.is_private
        return "groups:read" if private or kind.startswith("group_") else "channels:read"
