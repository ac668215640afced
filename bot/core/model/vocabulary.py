"""What a command is called, and what the emoji that people say something with."""

from __future__ import annotations

from typing import Final

SHARE: Final = "/idea"

MARKS: Final = frozenset({"bulb"})
"""The emoji by which anyone asks to keep a post."""

CROSSES: Final = frozenset({"x"})
"""The emoji by which an author takes an idea back."""


def command(words: str = "") -> str:
    """Return what one types for a command."""
    return f"/ideas {words}".strip()
