"""Words of others on a terminal: their letters are shown, and no command reaches the terminal."""

import re
import sys

from bot.core.model.vocabulary import OUTSIDE

_COMMANDS = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
    "|\r(?!\n)"
)
"""Control characters but for tab and the end of a line, and what turns the direction of writing."""


def shown(text: str) -> str:
    r"""Return the text with each command to a terminal written out, such as `\x1b`.

    What sentences of the chat speak of is called as it is outside of it.
    """
    words = OUTSIDE.put_into(text)
    return _COMMANDS.sub(lambda found: found[0].encode("unicode_escape").decode(), words)


def bar(share: float) -> str:
    """Return a bar that is filled by a share, from 0 to 1."""
    return f"[{('#' * round(20 * min(share, 1))).ljust(20, '.')}]"


class Screen:
    """Standard output, for what writes bytes of whole characters."""

    def write(self, data: bytes) -> int:
        """Show *data*, and return how many bytes it has."""
        sys.stdout.write(shown(data.decode()))
        return len(data)

    def flush(self) -> None:
        """Show what was written so far."""
        sys.stdout.flush()
