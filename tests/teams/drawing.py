"""What a card is made of."""

import json
import re
from typing import Any

from bot.core.model.actions import Action
from bot.core.model.parts import Message, Part
from handlers.teams import cards, presses
from tests.handlers.hostile import walk

ACTIONS = {"Action.Execute", "Action.Submit", "Action.OpenUrl", "Action.ToggleVisibility"}
ELEMENTS = {"TextBlock", "RichTextBlock", "TextRun", "Container", "ActionSet"}
INPUTS = {"Input.Text", "Input.ChoiceSet", "Input.Date", "Input.Time"}


def elements(card: dict[str, Any], *kinds: str) -> list[dict[str, Any]]:
    return [one for one in walk(card) if one.get("type") in kinds]


def card_of(*given: Part) -> dict[str, Any]:
    return cards.to_card(Message("x", given))


def shown(card: dict[str, Any]) -> list[str]:
    """The lines of a card's rich text."""
    blocks = elements(card, "RichTextBlock")
    return ["".join(run["text"] for run in block["inlines"]) for block in blocks]


def read(data: dict[str, Any], **entered: str) -> Action | None:
    return presses.to_action({**data, **entered})


def check_harmless(card: dict[str, Any]) -> None:
    assert "entities" not in json.dumps(card)
    known = ACTIONS | ELEMENTS | INPUTS | {"AdaptiveCard", "task/fetch", "Data.Query"}
    assert {one["type"] for one in walk(card) if "type" in one} <= known
    for one in elements(card, "Action.OpenUrl"):
        assert re.fullmatch(r"(?:https?://|mailto:)[!-~]+", one["url"])
    for one in elements(card, "TextRun", "TextBlock"):
        assert not re.search(
            "[\u202a-\u202e\u2066-\u2069\ufdd0-\ufddf\x00-\x1f\x7f-\x9f]", one["text"]
        )
        assert not re.search(r"\{\{(?:DATE|TIME)\(", one["text"], re.IGNORECASE)
        assert one["text"]
    for one in elements(card, "TextBlock"):
        literal = re.sub(r"\\[!-/:-@\[-`{-~]", "", one["text"])
        assert not re.search(r"[\\`*_\[\]<>~|&{}]", literal)
        assert not re.match(r"[#+-]|\d{1,9}[.)]", one["text"])
