"""What Teams says when it does not do what was asked, in the core's words.

Teams words its refusals `{"error": {"code": …, "message": …}}`, Graph too; what stands before them
sends pages, bare sentences and half an answer.
"""

from collections.abc import Mapping

from bot.core.errors import (
    ChatError,
    ChatInDoubtError,
    ChatNotThereError,
    ChatUnavailableError,
    ChatUnsupportedError,
    MessageRefusedError,
    bearable,
)
from handlers.shapes import inside, string

UNSAID = 30.0
"""Seconds to wait when Teams asks for patience and does not say how much."""

OUTSIDE = "BotNotInConversationRoster"
"""What Teams says where the bot is in that team or chat no more."""

FINAL = {
    "BotDisabledByAdmin": "an administrator has switched me off.",
    OUTSIDE: "I am not in that team or chat; add me and try again.",
    "ConversationBlockedByUser": "they have blocked me.",
    "ConversationNotFound": "Teams has no such channel or chat, or I am not in it.",
    "Forbidden": "I may not do that there.",
    "ForbiddenOperationException": "I may not do that there.",
    "InvalidBotApiHost": "that team has moved; add me again.",
    "MemberNotFoundInConversation": "Teams does not know that member there.",
    "MessageWritesBlocked": "they have blocked me.",
    "NotFound": "Teams does not know that.",
    "Unauthorized": "Teams does not take my token.",
}
"""Refusals that trying again will not change, in words that end a sentence."""

NO_CONSENT = "the team's owner has not consented to that, or I am not added to that channel."

_TOO_MUCH = frozenset({"BadSyntax", "InvalidAttachment", "MessageSizeTooBig"})
_GONE = frozenset({"ConversationNotFound", "ConversationNotFoundException"})


class NoConsentError(ChatUnsupportedError):
    """Graph tells an app only what a team's owner has consented to, by adding it."""


def wait_of(headers: Mapping[str, str]) -> float | None:
    """The seconds that an answer asks to wait, at most an hour; None when it names no time."""
    try:
        return bearable(float(headers.get("Retry-After", "")))
    except ValueError:
        return None


def lost(*, once: bool) -> ChatError:
    """An answer that did not come, or that lacks what was asked for; see `refusal_of`."""
    error = ChatInDoubtError if once else ChatUnavailableError
    return error("Teams' answer was lost on the way.", code="lost")


def asked_to_wait(seconds: float) -> ChatUnavailableError:
    """Teams wants to be left alone for so long."""
    return ChatUnavailableError(
        "Teams asked me to slow down.", code="ratelimited", retry_after=seconds
    )


def code_of(body: object) -> str:
    """The error code in an answer; empty when it has none."""
    return string(inside(inside(body).get("error")).get("code"))


def refusal_of(status: int, code: str, wait: float | None, *, once: bool) -> ChatError:
    """A refusal in the core's words.

    Args:
        wait: the seconds that the answer asks to wait.
        once: doing it twice shows: where Teams does not say whether it was done, that is in doubt.
    """
    if status == 429:
        return asked_to_wait(UNSAID if wait is None else max(wait, 1.0))
    if status == 413 or code in _TOO_MUCH:
        return MessageRefusedError("Teams did not accept that message.", code=code)
    if status in {404, 410} and (code in _GONE or not code):
        words = FINAL["ConversationNotFound"]
        return ChatNotThereError(words, code=code or f"http_{status}")
    if status == 401:
        return ChatUnavailableError(FINAL["Unauthorized"], code=code or "http_401")
    if code in FINAL:
        return ChatError(FINAL[code], code=code)
    if status in {400, 403, 404, 405, 409, 410}:
        return ChatError("Teams does not do that.", code=code or f"http_{status}")
    if status == 412 or (status == 503 and wait is not None):  # docs: it was not done, try again
        return ChatUnavailableError("Teams is busy.", code=f"http_{status}", retry_after=wait)
    if once:
        return ChatInDoubtError("Teams did not say whether it was done.", code=f"http_{status}")
    return ChatUnavailableError(f"Teams did not do it ({status}).", code=f"http_{status}")
