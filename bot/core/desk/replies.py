"""What the desk answers: one value that each platform shows in its own way."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.errors import CommandError, CommonplaceError, StoreError, log_failure
from bot.core.messages import answers
from bot.core.messages.common import said
from bot.core.model.parts import Form, Message
from bot.core.model.vocabulary import command

log = logging.getLogger(__name__)


class UnknownButtonError(CommandError):
    """A button, or a form, that this program does not know, as old messages may have them."""

    def __init__(self) -> None:
        super().__init__(
            "I do not know that button any more, so nothing was changed. "
            f"`{command('help')}` shows what I can do."
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """A message for the asker alone.

    *beside*: the message whose button was pressed stays as it is; else this takes its place. After
    a command it stands on its own. *channel*: after a form, the channel in which it is shown;
    empty: in direct messages.
    """

    message: Message
    beside: bool = False
    channel: str = ""


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form to show. *instead*: the form whose button was pressed makes room for it."""

    form: Form
    instead: bool = False


@dataclass(frozen=True, slots=True)
class Problems:
    """The form stays open. What is wrong and how to put it right, by field."""

    by_field: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NoReply:
    """Nothing is shown."""


Reply = Answer | OpenForm | Problems | NoReply


def apology(error: Exception) -> Message:
    """Return the words for a person whose request failed.

    An error that nobody expects is logged; the words then name the reference in the log.
    """
    if isinstance(error, CommonplaceError) and not isinstance(error, StoreError):
        words = str(error)  # those of a chat may also end a sentence
        return said(words[:1].upper() + words[1:])
    return answers.trouble(log_failure(log, "a request failed", error))
