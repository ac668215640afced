"""Rows of an export, as the store gives them."""

from bot.core.finding.export import COLUMNS

Row = tuple[object, ...]


def row(**cells: object) -> Row:
    """A row with these cells; the others say what is usual."""
    known: dict[str, object] = {
        "number": 1,
        "posted_at": "2026-11-25T15:00:00Z",
        "author": "Rosa",
        "author_id": "U1",
        "channel": "ideas",
        "channel_id": "C1",
        "reactions": 0,
        "replies": 0,
        "tried": 0,
        "source": "post",
        "kind": "idea",
        "day": "2026-11-25",
        "workspace": "Prairie",
    }
    return tuple({**dict.fromkeys(COLUMNS, ""), **known, **cells}.values())
