"""What members have saved for later, and what a card shows of an idea beside its row."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core.model.ideas import Resource
from storage.connection import Connection
from storage.rows import clean, column, insert, stamp, value_of


def save(
    con: Connection, workspace: str, member_id: str, idea_id: int, *, now: datetime
) -> bool | None:
    """Save an idea for a member; False: it was saved before; None: it is not kept any more."""
    key = {"workspace": workspace, "member_id": clean(member_id), "idea_id": idea_id}
    kept = con.execute(
        "select 1 from idea where id = :idea_id and workspace = :workspace and withdrawn is null",
        key,
    ).fetchone()
    if kept is None:
        return None
    if saved_among(con, workspace, member_id, [idea_id]):
        return False
    insert(con, "saved_idea", [key | {"saved_at": stamp(now)}])
    return True


def unsave(con: Connection, workspace: str, member_id: str, idea_id: int) -> bool:
    """Take an idea off a member's list; False: it was not on it."""
    gone = con.execute(
        """delete from saved_idea where workspace = :workspace and member_id = :member_id
          and idea_id = :idea_id returning 1""",
        {"workspace": workspace, "member_id": clean(member_id), "idea_id": idea_id},
    ).fetchall()
    return bool(gone)


def saved_among(
    con: Connection, workspace: str, member_id: str, ideas: Sequence[int]
) -> frozenset[int]:
    """Which of these ideas, by row id, a member has saved."""
    found = column(
        con,
        """select idea_id from saved_idea where workspace = :workspace
          and member_id = :member_id and idea_id in (select value from json_each(:ids))""",
        {"workspace": workspace, "member_id": clean(member_id), "ids": json.dumps([*ideas])},
    )
    return frozenset(found)


def delete(con: Connection, idea_id: int) -> None:
    """The idea is gone for good, and from every list with it."""
    con.execute("delete from saved_idea where idea_id = :id", {"id": idea_id})


def resources_of(con: Connection, ideas: Sequence[int]) -> Mapping[int, Sequence[Resource]]:
    """The links and files of ideas, by row id; an idea that has none is missing."""
    found: dict[int, list[Resource]] = defaultdict(list)
    for row in con.execute(
        """select idea_id, url, kind, title, photo from resource
        where idea_id in (select value from json_each(:ids)) order by idea_id, position""",
        {"ids": json.dumps([*ideas])},
    ).fetchall():
        found[row["idea_id"]].append(value_of(Resource, row))
    return found
