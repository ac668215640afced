"""What is held about somebody, in every table that `FATES` says holds people."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bot.core.model.exports import Held
from storage.connection import Connection, Row
from storage.erased import when
from storage.erasure import FATES, IDS, Fate, called, scope
from storage.ideas import edit_instant
from storage.rows import split, stamp

_TITLES: Final = {
    "member": "profile",
    "member_name": "names",
    "trial": "trials",
    "saved_idea": "saved ideas",
    "reply": "replies",
    "reaction": "reactions",
    "credit": "credits by others",
    "author_claim": "claims",
    "own_prompt": "questions",
    "change": "changes of settings",
    "skipped_digest": "skipped digests",
    "left_out": "ideas left out of digests",
    "share": "shared pages",
    "channel": "channels that the bot was invited to",
    "delivery": "what the bot told",
    "outbox": "what waits to be done",
    "note": "what the chat needs",
}
"""What a section is called, by its table, in this order; any other is called as its table is."""

_LISTS: Final = frozenset({"tags", "components", "resources", "credits"})
_KEYS: Final = {"ts": "message", "parent_ts": "thread", "idea_id": "idea"}
_HIDDEN: Final = frozenset({"workspace", "moment", "token"})
"""Columns that are of no use to anybody outside this file."""

_OTHERS: Final = """from idea where workspace = :workspace and author_id is not :id
  and (text <> nameless(text, :names) or credits <> nameless(credits, :names))"""


def about(con: Connection, workspace: str, member_id: str) -> Held:
    """What is held about a member: the title of each section that has any, and its rows.

    Rows are read one after the other, and each section before the next.
    """
    who = _who(con, workspace, member_id)
    named = dict(con.execute("select id, name from channel where name <> ''").fetchall())
    for title, sql in _sections(con):
        first = con.execute(f"{sql} limit 1", who).fetchone()
        if first is not None:
            yield title, (_readable(con, row, named) for row in con.execute(sql, who))
    if erased_at := when(con, workspace, member_id):
        yield "erasures", iter([{"at": stamp(erased_at)}])


def count(con: Connection, workspace: str, member_id: str) -> Mapping[str, int]:
    """How many rows there are of each section that has any."""
    who = _who(con, workspace, member_id)
    counts = {
        title: con.execute(f"select count(*) from ({sql})", who).fetchone()[0]
        for title, sql in _sections(con)
    }
    return {title: many for title, many in counts.items() if many}


def _who(con: Connection, workspace: str, member_id: str) -> Mapping[str, str]:
    who = {"workspace": workspace, "id": member_id}
    return who | {"names": "\n".join((member_id, *sorted(called(con, who))))}


def _sections(con: Connection) -> Iterator[tuple[str, str]]:
    """The title of each section, and what selects its rows."""
    yield (
        "ideas",
        """select *, (select json_group_array(json_object('url', url, 'kind', kind, 'title', title))
            from resource where idea_id = idea.id) as links
        from idea where workspace = :workspace and author_id = :id order by number""",
    )
    for table in sorted(FATES, key=lambda one: ([*_TITLES, one].index(one), one)):
        conditions = [
            f"{name} <> nameless({name}, :id)"
            if fate in {Fate.HELD, Fate.INSIDE}
            else f"{name} = :id"
            for name, fate in FATES[table].items()
            if fate in IDS
        ]
        if conditions:
            yield (
                _TITLES.get(table, table.replace("_", " ")),
                f"select * from {table} where {scope(con, table)} and ({' or '.join(conditions)})",
            )
    yield "ideas of others that name you", f"select number, posted_at {_OTHERS}"


def _readable(con: Connection, row: Row, channels: Mapping[str, str]) -> Mapping[str, object]:
    """A row in words: without what is empty, places by name, lists as lists."""
    said: dict[str, object] = {}
    for name in row.keys():  # noqa: SIM118  (a row's own iterator gives its values)
        cell: Any = row[name]
        if cell in {None, ""} or name in _HIDDEN:
            continue
        if name == "idea_id":
            (cell,) = con.execute("select number from idea where id = ?", (cell,)).fetchone()
        elif name in _LISTS:
            cell = split(cell)
        elif name in {"payload", "links"}:
            cell = json.loads(cell)
        elif name == "channel" and cell in channels:
            cell = f"#{channels[cell]} ({cell})"
        said[_KEYS.get(name, name.replace("_", " "))] = cell
        if name in {"ts", "stamp"} and (at := edit_instant(cell, datetime.min.replace(tzinfo=UTC))):
            said["at" if name == "stamp" else "posted at"] = at
    return said
