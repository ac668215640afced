"""What lets an app answer: trigger ids for views, and response addresses for messages.

Both run out by real time, not by the sandbox's clock.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.model import Ephemeral, SlackError

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_USES = 5


@dataclass(slots=True)
class Trigger:
    """A member's action, which lets the app open a form for them."""

    user: str
    since: float
    used: bool = False


@dataclass(slots=True)
class Response:
    """An address that takes up to five answers for one member.

    Attributes:
        ts: The message it belongs to, if it came from a click.
        note: The private answer it belongs to, if it came from a click on one.
        notes: The private answers given through it.
        messages: The ts of messages posted through it.
    """

    user: str
    channel: str
    since: float
    ts: str | None = None
    note: str | None = None
    uses: int = 0
    notes: list[Ephemeral] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Triggers:
    """The trigger ids and response addresses that were given out."""

    real_time: Callable[[], float] = time.monotonic
    _triggers: dict[str, Trigger] = field(default_factory=dict)
    responses: dict[str, Response] = field(default_factory=dict)

    def trigger(self, user: str) -> str:
        """Return a new trigger id."""
        word = f"{len(self._triggers) + 1}.{secrets.token_hex(16)}"
        self._triggers[word] = Trigger(user, self.real_time())
        return word

    def exchange(self, word: str) -> str:
        """Use a trigger id up and return whose it was.

        Raises:
            SlackError: ``invalid_trigger_id``, ``exchanged_trigger_id``, ``expired_trigger_id``.
        """
        trigger = self._triggers.get(word)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.real_time() - trigger.since > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def response(
        self, user: str, channel: str, *, ts: str | None = None, note: str | None = None
    ) -> tuple[str, Response]:
        """Return a new response address: its last part, and what it is for."""
        word = secrets.token_urlsafe(18)
        self.responses[word] = Response(user, channel, self.real_time(), ts, note)
        return word, self.responses[word]

    def use(self, word: str) -> Response:
        """Count one use of a response address.

        Raises:
            SlackError: ``invalid_url``, ``used_url`` or ``expired_url``.
        """
        response = self.responses.get(word)
        if response is None:
            raise SlackError("invalid_url")
        if response.uses >= RESPONSE_USES:
            raise SlackError("used_url")
        if self.real_time() - response.since > RESPONSE_SECONDS:
            raise SlackError("expired_url")
        response.uses += 1
        return response
