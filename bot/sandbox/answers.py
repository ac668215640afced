"""What the app answers through an acknowledgement or a response address."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox import talk
from bot.sandbox.blocks import check_message
from bot.sandbox.markup import sent_by_app
from bot.sandbox.model import Ephemeral, Payload, SlackError
from bot.sandbox.triggers import Response
from bot.sandbox.workspace import Workspace


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
    """Shows what the app says to those whom it is for."""

    workspace: Workspace
    bot: str
    now: Callable[[], datetime]

    def say(self, answer: Answer, response: Response, said: Mapping[str, Any]) -> None:
        """Shows what came with an acknowledgement; what cannot be shown is noted in the answer."""
        try:
            self.speak(response, said)
        except SlackError as refusal:
            answer.ok, answer.error = False, refusal.code

    def speak(self, response: Response, said: Mapping[str, Any]) -> None:
        """Shows, replaces or takes away, as the app asks.

        Raises:
            SlackError: What it says is empty or malformed.
        """
        if said.get("delete_original"):
            self._take_away(response)
            return
        wanted = said.get("blocks")
        blocks = check_message(json.loads(wanted) if isinstance(wanted, str) else wanted)
        text = sent_by_app(str(said.get("text") or ""), links=True)
        if not text and not blocks:
            raise SlackError("no_text")
        note = self._note(response)
        if said.get("replace_original") and (note or response.ts):
            self._replace(response, note, text, blocks)
            return
        bot, now = self.bot, self.now()
        thread_ts = said.get("thread_ts")
        if said.get("response_type") == "in_channel":
            item = talk.post(
                self.workspace,
                bot,
                response.channel,
                text,
                now=now,
                blocks=blocks,
                thread_ts=thread_ts,
                anywhere=True,
            )
            response.messages.append(item.ts)
            return
        note = talk.whisper(
            self.workspace,
            response.user,
            response.channel,
            text,
            bot=bot,
            now=now,
            blocks=blocks,
            thread_ts=thread_ts,
        )
        response.notes.append(note)

    def _note(self, response: Response) -> Ephemeral | None:
        wanted = response.note or (response.notes[-1].id if response.notes else None)
        shown = self.workspace.ephemerals.get(response.user, [])
        return next((each for each in shown if each.id == wanted), None)

    def _replace(
        self, response: Response, note: Ephemeral | None, text: str, blocks: list[Payload]
    ) -> None:
        if note is not None:
            note.text, note.blocks = text, blocks
            if note not in response.notes:
                response.notes.append(note)
        elif response.ts is not None:
            bot = self.bot
            talk.edit(
                self.workspace,
                bot,
                response.channel,
                response.ts,
                text,
                now=self.now(),
                blocks=blocks,
            )
        self.workspace.changed()

    def _take_away(self, response: Response) -> None:
        note = self._note(response)
        if note is not None:
            self.workspace.ephemerals[response.user].remove(note)
        elif response.ts is not None:
            bot = self.bot
            talk.delete(self.workspace, bot, response.channel, response.ts, now=self.now())
        self.workspace.changed()
