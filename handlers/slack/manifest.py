"""The Slack app manifest: exactly the scopes and events that are used, each with its reason."""

import json
from pathlib import Path
from typing import Any

from bot.core.desk.command_table import TABLE
from handlers.slack.events import EVENTS

SCOPES: dict[str, str] = {
    "canvases:read": "find its own part of a channel’s canvas again",
    "canvases:write": "write a channel’s book on its canvas, where a coordinator wants that",
    "channels:history": "read posts in the public channels it is invited to",
    "channels:read": "know those channels' names, and that they are public",
    "chat:write": "post digests, questions and the ideas shared with /idea; answer privately",
    "commands": "offer /idea and /ideas",
    "files:read": "show the photo of an idea where the idea is shown; it downloads no file",
    "files:write": "send the file of ideas to whoever asked for it",
    "groups:history": "read posts in the private channels it is invited to",
    "groups:read": "know who is in a private channel, so that nobody else sees its ideas",
    "im:history": "answer what you write to it alone, and find its digests to you again",
    "im:write": "open the direct message in which it sends that file, or tells you alone",
    "reactions:read": "see :bulb: and :x:, and count reactions",
    "reactions:write": "mark with :bulb: what it kept",
    "users:read": "know an author's name, title and time zone, and who administers the workspace",
}
"""Each scope we ask for, and what for."""


def manifest(base_url: str | None = None) -> dict[str, Any]:
    """Build the manifest: `manifest.json`, with what the program knows.

    Args:
        base_url: where Slack reaches the web side, for HTTP; None for Socket Mode.
    """
    made: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
    settings, commands = made["settings"], made["features"]["slash_commands"]
    made["oauth_config"]["scopes"]["bot"] = sorted(SCOPES)
    # A message is one event to us, and one for each kind of channel to the manifest.
    events = {*EVENTS, "message.channels", "message.groups", "message.im"} - {"message"}
    settings["event_subscriptions"]["bot_events"] = sorted(events)
    commands[1]["usage_hint"] = " | ".join(e.usage for e in TABLE if " " not in e.verb)
    if base_url is not None:
        url = f"{base_url.rstrip('/')}/slack/events"
        settings["socket_mode_enabled"] = False
        for asked in (settings["event_subscriptions"], settings["interactivity"]):
            asked["request_url"] = url
        for command in commands:
            command["url"] = url
    return made
