"""What can go wrong, each with the words a person may see."""

import logging
import math
import secrets
from collections.abc import Mapping
from typing import Final

LONGEST_WAIT: Final = 3_600.0
"""Seconds that a platform can make us wait at most, whatever its answer says."""


def bearable(seconds: float | None) -> float | None:
    """Return a wait that a platform asked for, cut to `LONGEST_WAIT`; None for what is no time."""
    if seconds is None or not math.isfinite(seconds) or seconds < 0:
        return None
    return min(seconds, LONGEST_WAIT)


class CommonplaceError(Exception):
    """Never raised itself. `str(error)` says what happened, what was kept and what to do."""


class SettingsError(CommonplaceError):
    """A setting is missing or wrong; the message holds one line per problem."""


class FrameworkError(CommonplaceError):
    """A data file (framework, prompts, calendar, capture) does not say what it must."""


class UnreadableFileError(CommonplaceError):
    """A file is not what it should be; the words say why. What came before that is kept."""


class PrintingError(CommonplaceError):
    """A page could not be printed; the words tell an operator why."""


class CommandError(CommonplaceError):
    """A command was not understood; the message shows the nearest right one."""


class UnknownCommandError(CommandError):
    """Words that begin with no command."""


class FormError(CommonplaceError):
    """A form was not filled in rightly. Nothing of it was kept.

    Args:
        problems: what is wrong and how to put it right, by field.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


class NotAllowedError(CommonplaceError):
    """The asker may not do that."""


class NoSuchIdeaError(CommonplaceError):
    """There is no such idea, or the asker may not see it: the words are the same."""


class StoreError(CommonplaceError):
    """The database cannot do what was asked. Nothing of this request was stored."""


class StoreBusyError(StoreError):
    """Another process held the database for longer than we wait."""


class StoreFullError(StoreError):
    """The disk is full, or the file cannot be written."""


class StorePlaceError(StoreFullError):
    """There can be no database at that place, however long one waits."""


class SchemaError(StoreError):
    """The file is not a Commonplace database, or a newer program has written it."""


class ChatError(CommonplaceError):
    """The chat platform refused, for good: trying again will not help.

    Args:
        code: the platform's own word for it, for logs.
    """

    def __init__(self, words: str, *, code: str = "") -> None:
        super().__init__(words)
        self.code = code


class ChatNotThereError(ChatError):
    """The channel that was asked about is gone, or private and the bot is not in it."""


class ChatUnsupportedError(ChatError):
    """The platform cannot do that, or lets no bot do it: not an error of anybody's."""


class ChatUnavailableError(ChatError):
    """The platform did not do it now; it certainly was not done. Try again after *retry_after*.

    Args:
        retry_after: seconds the platform asked us to wait, at most `LONGEST_WAIT`, or None.
    """

    def __init__(self, words: str, *, code: str = "", retry_after: float | None = None) -> None:
        super().__init__(words, code=code)
        self.retry_after = bearable(retry_after)


class ChatInDoubtError(ChatError):
    """The answer was lost: it may have been done. Look before doing it again."""


class MessageRefusedError(ChatError):
    """The platform would not draw the message; plain text may pass."""


def log_failure(log: logging.Logger, what: str, error: BaseException | None) -> str:
    """Log an error that nobody expected, with its traceback.

    Returns:
        The reference under which the log has it: 8 hexadecimal digits.
    """
    reference = secrets.token_hex(4)
    log.error("%s, reference %s", what, reference, exc_info=error)
    return reference
