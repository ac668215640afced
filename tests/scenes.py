"""Messages in the shapes that Slack tells them in, from files, put into the small Slack."""

import json
from pathlib import Path
from typing import Any

from bot.sandbox.model import Channel, Member, Message
from tests.slack import Slack

FOLDER = Path(__file__).parent / "payloads" / "scenes"


def scene(name: str, **ids: str) -> dict[str, Any]:
    """The message of a file, with these ids where `U0ROSA` and the like stand in it."""
    text = (FOLDER / f"{name}.json").read_text("utf-8")
    for stands, ident in ids.items():
        text = text.replace(stands, ident)
    found: dict[str, Any] = json.loads(text)
    return found


def play(slack: Slack, name: str, rosa: Member, ben: Member, room: Channel) -> Message:
    """Rosa, or an app for her, posts the message of a file."""
    told = scene(name, U0ROSA=rosa.id, U0BEN=ben.id, C0ROOM=room.id)
    return slack.post(rosa, room, told["text"], told=told)
