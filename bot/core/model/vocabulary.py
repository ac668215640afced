"""What a command is called."""

from __future__ import annotations

from typing import Final

SHARE: Final = "/idea"


def command(words: str = "") -> str:
    """Return what one types for a command."""
    return f"/ideas {words}".strip()
