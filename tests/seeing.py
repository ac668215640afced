"""What a member reads on the screen: the words of a message, its buttons, its links."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.answers import Answer
from bot.sandbox.model import Ephemeral, Message


def words(shown: Message | Ephemeral | Answer) -> str:
    """Everything that is written in it, blocks and all."""
    return " ".join([shown.text, *texts(shown.blocks)])


def buttons(shown: Message | Ephemeral | Answer) -> dict[str, str]:
    """The ids of its buttons, by what stands on them."""
    return {
        one["text"]["text"]: one["action_id"]
        for block in shown.blocks
        for one in [*block.get("elements", ()), block.get("accessory", {})]
        if isinstance(one, dict) and one.get("type") == "button"
    }


def row_of(shown: Message | Ephemeral | Answer, text: str, value: str | None = None) -> str:
    """The id of the row that holds the button with this text, and this value if one is given."""
    found = (
        str(block["block_id"])
        for block in shown.blocks
        for one in block.get("elements", ())
        if isinstance(one, dict)
        and one.get("type") == "button"
        and one["text"]["text"] == text
        and value in {None, one.get("value")}
    )
    return next(found)


def texts(piece: Any) -> Iterator[str]:
    """Every text and address in a piece of a message."""
    if isinstance(piece, dict):
        for name, value in piece.items():
            if name in {"text", "url"} and isinstance(value, str):
                yield value
            else:
                yield from texts(value)
    elif isinstance(piece, list):
        for one in piece:
            yield from texts(one)
