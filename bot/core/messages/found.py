"""Beside what was found: the words that were probably meant."""

from bot.core.messages.common import said
from bot.core.model.actions import Action
from bot.core.model.parts import Actions, Button, Message
from bot.core.model.vocabulary import command

_SHOWN = 60
"""Characters of the words that stand on a button."""


def or_meant(found: Message, words: str, search: Action) -> Message:
    """What was found, and below it a button that looks for other *words* by *search*."""
    typed = command(f"search {search.text}")
    asked = said(f"Did you mean “{words.replace('`', '')}”? Press the button, or write `{typed}`.")
    button = Button(f"Search for “{words[:_SHOWN]}”", search)
    return Message.of(*found.parts, *asked.parts, Actions((button,)))
