"""Who asks by a command, a button or a form, and how they alone are answered."""

from __future__ import annotations

import contextlib
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncRespond

from bot.core.errors import ChatError, CommandError
from bot.core.model.parts import Message
from bot.core.model.people import Asker
from handlers.slack import render
from handlers.slack.chat import SlackChat

WORKSPACE = "commonplace.workspace"
"""Where the door notes, in a request, the workspace that it is for."""


LONGEST_NUMBER = 15
"""Digits of a number that a button gives back to us."""


def asker_of(command: dict[str, Any]) -> Asker:
    """Whoever typed a slash command; they are in the channel they typed it in."""
    channel = str(command.get("channel_id") or "")
    return Asker(
        workspace=str(command[WORKSPACE]),
        member_id=str(command["user_id"]),
        channel="" if channel.startswith("D") else channel,
    )


def presser_of(body: dict[str, Any]) -> Asker:
    """Whoever pressed a button or sent a form; they may have left the channel since it came."""
    channel = str((body.get("channel") or body.get("container") or {}).get("id") or "")
    return Asker(
        workspace=str(body[WORKSPACE]),
        member_id=str(body["user"]["id"]),
        channel="" if channel.startswith("D") else channel,
        pressed=True,
    )


def count_in(value: object) -> int:
    """The number that a button's value is; 0 for any other."""
    text = value if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0


def number_in(value: object) -> int:
    """The number of an idea in a button's value.

    Raises:
        CommandError: there is none.
    """
    number = count_in(value)
    if not number:
        raise CommandError(
            "I cannot read that button, so nothing was changed. `/ideas help` shows what I can do."
        )
    return number


async def answer(ack: AsyncAck, message: Message) -> None:
    """Answer a command."""
    await ack(response_type="ephemeral", **render.to_slack(message))


async def replace_with(respond: AsyncRespond, message: Message) -> None:
    """Put an answer where the button was."""
    await respond(response_type="ephemeral", replace_original=True, **render.to_slack(message))


async def aside(respond: AsyncRespond, message: Message) -> None:
    """Answer beside a message that stays as it is."""
    await respond(response_type="ephemeral", replace_original=False, **render.to_slack(message))


async def tell(chat: SlackChat, asker: Asker, channel: str, message: Message) -> None:
    """Say what a form did: in the channel it is about, else by direct message.

    It is done, and the form closed; saying so is a courtesy that may fail.
    """
    if channel:
        try:
            await chat.whisper(channel, asker.member_id, message)
        except ChatError:
            pass  # they may coordinate a channel without being in it
        else:
            return
    with contextlib.suppress(ChatError):
        await chat.tell(asker.member_id, message)
