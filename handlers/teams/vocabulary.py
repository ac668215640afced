"""What Teams calls what the core's sentences speak of, and how an idea is shared there."""

import re
from typing import Final

from bot.core.model.vocabulary import Vocabulary

NAME: Final = "Commonplace"
"""What the bot is called in Teams; its people type it behind an `@`."""

SHARING: Final = "idea"
"""The word that shares an idea; what follows it is no command."""

TEAMS: Final = Vocabulary(
    commands=f"@{NAME}",
    share=f"@{NAME} {SHARING}",
    bring="Add me to its team under",
    invite="Manage team \u203a Apps",
    leave="remove me from the team",
    channel="",
    kept="💡",
    asked="❓",
    withdrawn="❌",
    where_taken=", where Teams lets me",
    late=" (I see that within a day)",
    workspace="organisation",
    direct="the chat with me",
    admins="coordinators",
    coordinators="the person who added me to this team, and whoever my operator named",
)

_SHARED: Final = re.compile(rf"/?{SHARING}(?![\w:])\s*", re.IGNORECASE)


def shared_in(words: str) -> str | None:
    """Return what words for the bot share as an idea; None: they are another command.

    `idea Book tasting at lunch` shares that; `idea` alone, an empty text, asks for the form.
    """
    found = _SHARED.match(words.strip())
    return None if found is None else words.strip()[found.end() :]


def command_in(words: str) -> str:
    """Return a command without the sign before it, as where people know it from elsewhere."""
    return words.strip().removeprefix("/")
