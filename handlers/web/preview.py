"""A digest as a page of its own: one HTML file that needs nothing else, to look at and to print."""

from collections.abc import Sequence
from typing import Any, Final, assert_never

from bot.core.model import parts
from bot.core.model.parts import Message
from handlers.web.drawing import draw
from handlers.web.signs import signs

WIDEST: Final = 8.0
"""Of a bar, in the size of a letter."""


def page(messages: Sequence[Message], *, about: str) -> str:
    """A digest as HTML: its first message, then the replies in its thread.

    Args:
        about: what this page is, in a sentence.
    """
    drawn = [[_drawn(part) for part in message.parts] for message in messages]
    title = next((p["text"] for m in drawn for p in m if p["kind"] == "heading"), "A digest")
    return draw("digest.html", title=title, about=about, messages=drawn)


def _drawn(part: parts.Part) -> dict[str, Any]:
    match part:
        case parts.Header(text=text):
            return {"kind": "heading", "text": signs(text)}
        case parts.Paragraph(runs=runs):
            heads = all(run.bold for run in runs if any(map(str.isalnum, run.text)))
            return {"kind": "words", "runs": runs, "small": False, "heads": heads}
        case parts.Note(runs=runs):
            return {"kind": "words", "runs": runs, "small": True}
        case parts.Quote(text=text):
            return {"kind": "quote", "text": signs(text)}
        case parts.Divider():
            return {"kind": "line"}
        case parts.Actions() | parts.Entry() | parts.Picture():  # what paper cannot do, or has not
            return {"kind": ""}
        case parts.Chart(title=title, bars=bars):
            most = max((bar.count for bar in bars), default=0) or 1
            rows = [
                {
                    "label": bar.label,
                    "count": f"{bar.count:,}",
                    "width": round(WIDEST * bar.count / most, 2),
                    "colour": bar.colour,
                }
                for bar in bars
            ]
            return {"kind": "chart", "title": title, "bars": rows}
        case _ as never:
            assert_never(never)
