"""The one door for what Teams sends, once it is known to come from there."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.core.errors import ChatError, StoreError, log_failure
from handlers.shapes import OddShapeError, Payload, needed, text

log = logging.getLogger(__name__)

PLATFORM = "msteams"
"""What Teams calls itself; a bot may be joined to other platforms too."""

NOT_TEAMSS = "The body is not what Teams sends."


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to a request.

    Args:
        status: 200 is for what is done; after 5xx Teams sends an event again.
        body: what an invoke is answered with, as JSON; None: nothing.
    """

    status: int = 200
    body: object = None


Takes = Callable[[Payload], Awaitable[str]]
"""Takes an activity, and returns once it is stored; the word says what came of it, for metrics.

It raises for what is not stored. An empty word: nobody listens to such an activity.
"""

Answers = Callable[[Payload], Awaitable[Answer | None]]
"""Answers an invoke: a press, a form, a search. None: there is no such invoke."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Leads events to one side and invokes, which wait for an answer, to the other.

    Args:
        tenant_id: the tenant whose activities count.
        on_outcome: told, by kind of activity and in one word, what came of it.
    """

    tenant_id: str
    takes: Takes
    answers: Answers
    on_outcome: Callable[[str, str], None] = lambda _kind, _word: None

    async def take(self, activity: object) -> Answer:
        """Answer an activity, when it is done."""
        try:
            kind = needed(activity, "type")
            if not isinstance(activity, dict) or self._is_foreign(activity):
                log.debug("an activity of another tenant or platform was passed over")
                self.on_outcome("activity", "stranger")
                return Answer()
            if kind == "invoke":
                return await self._invoke(activity)
            return await self._event(kind, activity)
        except OddShapeError as error:
            log.warning("what came is not what Teams sends (%s)", error)
            return Answer(400, NOT_TEAMSS)

    def _is_foreign(self, activity: Payload) -> bool:
        if text(activity, "channelId") != PLATFORM:
            return True
        told = {
            text(activity, "conversation", "tenantId"),
            text(activity, "channelData", "tenant", "id"),
        } - {""}
        return told != {self.tenant_id}

    async def _event(self, kind: str, activity: Payload) -> Answer:
        try:
            word = await self.takes(activity)
        except OddShapeError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever it was, the event is not stored)
            self.on_outcome(kind, "failed")
            _log("an activity was not stored and not acknowledged", error)
            return Answer(500)
        self.on_outcome(kind if word else "unhandled", word or "ignored")
        return Answer()

    async def _invoke(self, activity: Payload) -> Answer:
        name = text(activity, "name")
        try:
            answer = await self.answers(activity)
        except OddShapeError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever it was, it is not done)
            self.on_outcome("invoke", "failed")
            _log("an invoke was not answered", error)
            return Answer(500)
        if answer is None:
            log.info("an invoke that nobody knows: %.40r", name)
            self.on_outcome("unhandled", "ignored")
            return Answer(501)
        self.on_outcome("invoke", "ok")
        return answer


def _log(what: str, error: Exception) -> None:
    if isinstance(error, StoreError | ChatError):
        log.error("%s: %s", what, error)
    else:
        log_failure(log, what, error)
