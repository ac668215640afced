"""What Teams calls what the core's sentences speak of."""

from typing import Final

from bot.core.desk.direct import IDEA
from bot.core.model.vocabulary import Vocabulary

NAME: Final = "Commonplace"
"""What the bot is called in Teams; its people type it behind an `@`."""

TEAMS: Final = Vocabulary(
    commands=f"@{NAME}",
    share=f"@{NAME} {IDEA}",
    bring="Add me to its team under",
    invite="Manage team \u203a Apps",
    leave="remove me from the team",
    channel="",
    kept="💡",
    asked="❓",
    withdrawn="❌",
    where_taken=", where Teams lets me",
    late=" (I see that within a day)",
    workspace="organization",
    direct="the chat with me",
    admins="coordinators",
    coordinators="the person who added me to this team, and whoever my operator named",
)
