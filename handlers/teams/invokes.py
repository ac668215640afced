"""What a press of a button in a card is answered with; `forms` has the answers for dialogs."""

from typing import Final

from handlers.shapes import Payload
from handlers.teams import cards
from handlers.teams.attachments import CARD

_WORDS: Final = "application/vnd.microsoft.activity.message"


def in_place(card: Payload) -> Payload:
    """Return the answer that shows a card in the place of the one that was pressed.

    In a channel whoever pressed alone sees it.
    """
    return {"statusCode": 200, "type": CARD, "value": card}


def said(text: str) -> Payload:
    """Return the answer that leaves the card as it is, and says a few words below it."""
    return {"statusCode": 200, "type": _WORDS, "value": cards.fallback_text(text)}


def data_of(value: Payload) -> Payload:
    """Return what the pressed button carried, and what was entered, from the value of an invoke.

    A card's `Action.Execute` tells it in an action, a dialog's `Action.Submit` at once.
    """
    action = value.get("action")
    inner = action.get("data") if isinstance(action, dict) else value.get("data", value)
    return inner if isinstance(inner, dict) else {}
