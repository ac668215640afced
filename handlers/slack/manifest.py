"""The Slack app manifest: exactly the scopes and events that are used, each with its reason."""

from typing import Any

from bot.core.desk.command_table import TABLE
from handlers.slack.events import EVENTS

SCOPES: dict[str, str] = {
    "channels:history": "read posts in the public channels it is invited to",
    "channels:read": "know those channels' names, and that they are public",
    "chat:write": "post digests, questions and the ideas shared with /idea; answer privately",
    "commands": "offer /idea and /ideas",
    "files:write": "send the CSV file to whoever asked for it",
    "groups:history": "read posts in the private channels it is invited to",
    "groups:read": "know who is in a private channel, so that nobody else sees its ideas",
    "im:write": "open the direct message in which it sends that file, or tells you alone",
    "reactions:read": "see :bulb: and :x:, and count reactions",
    "reactions:write": "mark with :bulb: what it kept",
    "users:read": "know an author's name and title, and who administers the workspace",
}
"""Each scope we ask for, and what for."""

_SUBSCRIBED = {
    "message": ("message.channels", "message.groups"),
}
_HINT = " | ".join(e.usage for e in TABLE if " " not in e.verb)
COMMANDS = (
    ("/idea", "Share an idea with your name on it", "what you did, in a sentence or two"),
    ("/ideas", "Find, show, export and manage ideas", _HINT),
)


def manifest(base_url: str | None = None) -> dict[str, Any]:
    """Build the manifest.

    Args:
        base_url: where Slack reaches the web side, for HTTP; None for Socket Mode.
    """
    url = None if base_url is None else f"{base_url.rstrip('/')}/slack/events"
    at = {} if url is None else {"url": url}
    request = {} if url is None else {"request_url": url}
    events = [name for event in EVENTS for name in _SUBSCRIBED.get(event, (event,))]
    return {
        "display_information": {
            "name": "Commonplace",
            "description": "Keeps your network's ideas, with each author's name.",
            "background_color": "#1f4d4a",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Commonplace", "always_online": True},
            "slash_commands": [
                {
                    "command": command,
                    "description": words,
                    "usage_hint": hint,
                    "should_escape": True,
                    **at,
                }
                for command, words, hint in COMMANDS
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": sorted(events), **request},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }
