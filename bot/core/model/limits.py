"""How much one message holds."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that one message of a digest holds.

    Args:
        parts: parts of a message.
        characters: characters of all parts together, escaped and with links written out.
        text: characters of the plain text, escaped.
    """

    parts: int
    characters: int
    text: int


EVERYWHERE: Final = Limits(parts=45, characters=10_800, text=3_600)
"""What every platform takes, with some room for what is put around a digest that is looked at."""
