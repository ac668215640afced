"""The results of an attempt to post a delivery."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.core.errors import ChatError, ChatInDoubtError, ChatUnavailableError


@dataclass(frozen=True, slots=True)
class Sent:
    """It was posted now."""

    ts: str


@dataclass(frozen=True, slots=True)
class SentBefore:
    """It stands in the channel already."""

    ts: str


@dataclass(frozen=True, slots=True)
class NothingToPost:
    """There is nothing to say this week; what came is carried over."""


@dataclass(frozen=True, slots=True)
class InDoubt:
    """Not settled: it may be posted or not, or somebody is at it. Try again from *until* on.

    Where it is to *wait*, this attempt certainly posted nothing: the chat asked to be left alone
    for so many seconds. It is *blind* where the bot may not look: then somebody must say.
    """

    until: datetime
    why: str
    wait: float | None = None
    blind: bool = False


@dataclass(frozen=True, slots=True)
class NotPossible:
    """The chat refuses it for good, and why. Nothing was posted.

    *code* is the platform's own word for it.
    """

    why: str
    code: str = ""


Posting = Sent | SentBefore | NothingToPost | InDoubt | NotPossible

RESULTS: Final[Mapping[type[Posting], str]] = {
    Sent: "sent",
    SentBefore: "sent before",
    NothingToPost: "nothing to post",
    InDoubt: "in doubt",
    NotPossible: "not possible",
}
"""The name of each result in the metrics."""


def settled(came: Posting) -> None:
    """Raise the error that a result stands for; return when the delivery needs no further try.

    Raises:
        ChatUnavailableError: it was certainly not posted now.
        ChatInDoubtError: it is not known whether it was.
        ChatError: it never will be.
    """
    match came:
        case InDoubt(why=why, wait=None):
            raise ChatInDoubtError(why)
        case InDoubt(why=why, wait=wait):
            raise ChatUnavailableError(why, retry_after=wait)
        case NotPossible(why, code):
            raise ChatError(why, code=code)
        case _:
            return
