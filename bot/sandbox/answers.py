"""What the app answers through an acknowledgement or a response address."""

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.blocks import check_message
from bot.sandbox.markup import sent_by_app
from bot.sandbox.messages import Messages
from bot.sandbox.model import Ephemeral, Payload, SlackError
from bot.sandbox.pictures import check_pictures
from bot.sandbox.triggers import Response


@dataclass(slots=True)
class Answer:
    """What came of a command, a click or a form, so far: later answers join it.

    Attributes:
        ok: Whether the app acknowledged in time and its answer was well formed.
        error: Why not: ``dispatch_failed``, ``operation_timeout`` or Slack's code.
        notes: Private answers, oldest first.
        messages: The ts of messages posted through the response address.
        errors: What a form's fields were refused for, by block id.
    """

    ok: bool = True
    error: str = ""
    notes: list[Ephemeral] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The text of the latest private answer."""
        return self.notes[-1].text if self.notes else ""

    @property
    def blocks(self) -> list[Payload]:
        """The blocks of the latest private answer."""
        return self.notes[-1].blocks if self.notes else []


@dataclass(frozen=True, slots=True)
class Answers:
    """Shows what the bot ``bot`` says to those whom it is for."""

    messages: Messages
    bot: str
    scopes: Container[str]

    def show(self, answer: Answer, response: Response, said: Mapping[str, Any]) -> None:
        """Show what came with an acknowledgement; note in ``answer`` why it cannot be shown."""
        try:
            self.respond(response, said)
        except SlackError as refusal:
            answer.ok, answer.error = False, refusal.code

    def respond(self, response: Response, said: Mapping[str, Any]) -> None:
        """Show, replace or take away, as the app asks.

        Raises:
            SlackError: What it says is empty or malformed.
        """
        if said.get("delete_original"):
            self._take_away(response)
            return
        wanted = said.get("blocks")
        blocks = check_message(json.loads(wanted) if isinstance(wanted, str) else wanted)
        check_pictures(blocks, self.messages.workspace, self.bot, self.scopes)
        text = sent_by_app(str(said.get("text") or ""), links=True)
        if not text and not blocks:
            raise SlackError("no_text")
        note = self._note(response)
        if said.get("replace_original") and (note or response.ts):
            self._replace(response, note, text, blocks)
            return
        where, thread_ts = response.channel, said.get("thread_ts")
        if said.get("response_type") == "in_channel":
            item = self.messages.post(
                self.bot, where, text, blocks=blocks, thread_ts=thread_ts, anywhere=True
            )
            response.messages.append(item.ts)
            return
        note = self.messages.whisper(
            response.user, where, text, bot=self.bot, blocks=blocks, thread_ts=thread_ts
        )
        response.notes.append(note)

    def _note(self, response: Response) -> Ephemeral | None:
        wanted = response.note or (response.notes[-1].id if response.notes else None)
        shown = self.messages.workspace.ephemerals.get(response.user, [])
        return next((each for each in shown if each.id == wanted), None)

    def _replace(
        self, response: Response, note: Ephemeral | None, text: str, blocks: list[Payload]
    ) -> None:
        if note is not None:
            note.text, note.blocks = text, blocks
            if note not in response.notes:
                response.notes.append(note)
        elif response.ts is not None:
            self.messages.edit(self.bot, response.channel, response.ts, text, blocks=blocks)
        self.messages.workspace.changed()

    def _take_away(self, response: Response) -> None:
        note = self._note(response)
        if note is not None:
            self.messages.dismiss(response.user, note.id)
        elif response.ts is not None:
            self.messages.delete(self.bot, response.channel, response.ts)
