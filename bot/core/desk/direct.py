"""What people write to the bot as to a colleague: a command without its sign, an idea, or words."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.core.delivery.poster import DeliveryPoster
from bot.core.desk.sharing import LONGEST_BUTTON
from bot.core.messages import direct as messages
from bot.core.model.cutting import size
from bot.core.model.deliveries import notice
from bot.core.model.parts import Message
from bot.core.model.people import Asker, Keep
from bot.core.model.words import words_in
from bot.core.ports import IdeaStore

FEWEST_WORDS: Final = 5
"""Words that may be an idea: it is offered to share them."""

IDEA: Final = "idea"
"""The word that shares an idea where words are for the bot; what follows it is no command."""

_SHARED: Final = re.compile(rf"/?{IDEA}(?![\w:])\s*", re.IGNORECASE)
_SIGN: Final = re.compile(r"/?ideas\b[ \t]*(?=\S|\Z)|/", re.IGNORECASE)


def shared_in(words: str) -> str | None:
    """Return what words for the bot share as an idea; None: they are another command.

    `idea Book tasting at lunch` shares that; `idea` alone, an empty text, asks for the form.
    """
    found = _SHARED.match(words.strip())
    return None if found is None else words.strip()[found.end() :]


def command_in(words: str) -> str:
    """Return a command without the sign before it, as where people know it from elsewhere."""
    found = _SIGN.match(words.strip())
    return words.strip()[found.end() if found else 0 :]


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectWords:
    """Answers what is written to the bot alone and is no command."""

    store: IdeaStore
    poster: DeliveryPoster
    now: Callable[[], datetime]

    async def answer(self, asker: Asker, words: str, hint: str) -> Message:
        """Say once to each member what can be written here; from then on a *hint*, in a line.

        Args:
            words: as typed; where they may be an idea, it is offered to share them.
        """
        about = notice(asker.workspace, "", f"hello {asker.member_id}", now=self.now())
        idea = words if words_in(words) >= FEWEST_WORDS and size(words) <= LONGEST_BUTTON else ""
        first = await self.may_note(asker) and await self.poster.first(about)
        return messages.hello(idea) if first else messages.hint(hint, idea)

    async def may_note(self, asker: Asker) -> bool:
        """Whether it may be kept what the asker was told: not of whoever wants nothing kept."""
        member = await self.store.member(asker.workspace, asker.member_id)
        return member is None or member.profile.keep is not Keep.NOTHING
