"""What a platform's handler must remember between runs; its texts mean nothing here."""

from collections.abc import Mapping

from storage.connection import Connection
from storage.members import ensure_workspace
from storage.rows import upsert


def note(con: Connection, workspace: str, kind: str, key: str, value: str) -> None:
    """Keep a value; an empty one forgets what was kept."""
    ensure_workspace(con, workspace)
    row = {"workspace": workspace, "kind": kind, "key": key, "value": value}
    if value:
        upsert(con, "note", row, "workspace, kind, key")
        return
    con.execute(
        "delete from note where workspace = :workspace and kind = :kind and key = :key", row
    )


def notes(con: Connection, workspace: str, kind: str) -> Mapping[str, str]:
    """All values of a kind, by key."""
    rows = con.execute(
        "select key, value from note where workspace = :workspace and kind = :kind",
        {"workspace": workspace, "kind": kind},
    )
    return dict(rows)
