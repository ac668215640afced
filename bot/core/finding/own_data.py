"""What is held about somebody, written as a file that people can read."""

import json
from typing import BinaryIO, Final

from bot.core.model.exports import Held

_INDENT: Final = "  "


def write_held(held: Held, out: BinaryIO) -> None:
    """Write sections and their rows as JSON, row by row: memory stays flat."""
    out.write(b"{")
    for at, (title, rows) in enumerate(held):
        out.write(_piece(",\n" if at else "\n", f"{_INDENT}{json.dumps(title)}: ["))
        for number, row in enumerate(rows):
            said = json.dumps(row, ensure_ascii=False, indent=2).replace("\n", f"\n{_INDENT * 2}")
            out.write(_piece(",\n" if number else "\n", f"{_INDENT * 2}{said}"))
        out.write(_piece("\n", f"{_INDENT}]"))
    out.write(b"\n}\n")


def _piece(*texts: str) -> bytes:
    return "".join(texts).encode("utf-8", "replace")
