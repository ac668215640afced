"""Instants as Teams writes them: ids of messages, and times in ISO 8601."""

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_AT_ONCE: Final = timedelta(seconds=2)


def instant_of(ts: str) -> datetime:
    """Return when the message with this id was posted; 1970 for an id that does not say."""
    try:
        return EPOCH + timedelta(milliseconds=int(ts)) if ts.isascii() else EPOCH
    except (ValueError, OverflowError):
        return EPOCH


def ts_of(instant: datetime) -> str:
    """Return the id that a message of this instant has."""
    return str((instant - EPOCH) // timedelta(milliseconds=1))


def told_instant(written: str) -> datetime:
    """Return the instant that a time such as `2026-11-25T16:00:00.1Z` says; 1970: none."""
    try:
        told = datetime.fromisoformat(written)
        return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return EPOCH


def to_stamp(written: str) -> str:
    """Return a time as a stamp that is comparable as text; empty: there is none."""
    told = told_instant(written)
    return f"{told:%Y-%m-%dT%H:%M:%S}.{told.microsecond // 1000:03d}Z" if told > EPOCH else ""


def is_first(ts: str, root: str, written: str) -> bool:
    """Whether a message begins the thread *root*, where its own id does not say so.

    The Agents Playground gives each activity an id of its own, beside that of its message.
    """
    if instant_of(ts) > EPOCH or instant_of(root) == EPOCH:
        return ts == root
    return abs(told_instant(written) - instant_of(root)) < _AT_ONCE


def posted_at(ts: str, written: str) -> datetime:
    """Return when a message was posted: by its id, else by a time that was told."""
    instant = instant_of(ts)
    return instant if instant > EPOCH else told_instant(written)
