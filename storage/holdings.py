"""What is held about somebody, in every table that `FATES` says holds people."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bot.core.model.exports import Held
from bot.core.model.people import COLLEAGUE
from storage.connection import Connection, Row
from storage.erased import when
from storage.erasure import FATES, IDS, TOKEN, Fate, Named, called, scope
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
    "told_idea": "ideas put aside after your digest had them",
    "share": "shared pages",
    "channel": "channels that the bot was invited to",
    "delivery": "what the bot told",
    "outbox": "what waits to be done",
    "note": "what the chat needs",
}
"""What a section is called, by its table, in this order; any other is called as its table is."""

_LISTS: Final = frozenset({"tags", "components", "resources", "credits"})
_KEYS: Final = {"ts": "message", "parent_ts": "thread", "idea_id": "idea", "other_id": "other idea"}
_IDEAS: Final = frozenset({"idea_id", "other_id", "part_of", "told_of"})
"""Columns that hold the row id of an idea: people know its number."""
_HIDDEN: Final = frozenset({"workspace", "moment", "token"})
"""Columns that are of no use to anybody outside this file."""

_OTHERS: Final = """from idea where workspace = :workspace and author_id is not :id
  and (text <> nameless(text, :names) or credits <> nameless(credits, :names))"""


def about(con: Connection, workspace: str, member_id: str) -> Held:
    """What is held about a member: the title of each section that has any, and its rows.

    Rows are read one after the other, and each section before the next. Who else has to do with a
    row is a colleague in it: a file about one member tells nobody else's id.
    """
    who = _who(con, workspace, member_id)
    named = dict(con.execute("select id, name from channel where name <> ''").fetchall())
    for title, table, sql in _sections(con):
        first = con.execute(f"{sql} limit 1", who).fetchone()
        if first is not None:
            rows = (_own(con, table, row, who) for row in con.execute(sql, who))
            yield title, (_readable(con, row, named) for row in rows)
    if erased_at := when(con, workspace, member_id):
        yield "erasures", iter([{"at": stamp(erased_at)}])


def count(con: Connection, workspace: str, member_id: str) -> Mapping[str, int]:
    """How many rows there are of each section that has any."""
    who = _who(con, workspace, member_id)
    counts = {
        title: con.execute(f"select count(*) from ({sql})", who).fetchone()[0]
        for title, _, sql in _sections(con)
    }
    return {title: many for title, many in counts.items() if many}


def _who(con: Connection, workspace: str, member_id: str) -> Mapping[str, str]:
    who = {"workspace": workspace, "id": member_id}
    return who | {"names": "\n".join((member_id, *sorted(called(con, who))))}


def _sections(con: Connection) -> Iterator[tuple[str, str, str]]:
    """The title of each section, its table, and what selects its rows."""
    yield (
        "ideas",
        "idea",
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
                table,
                f"select * from {table} where {scope(con, table)} and ({' or '.join(conditions)})",
            )
    yield "ideas of others that name you", "idea", f"select number, posted_at {_OTHERS}"


def _own(con: Connection, table: str, row: Row, who: Mapping[str, str]) -> dict[str, Any]:
    """The cells of a row, in which everybody else is a colleague."""
    cells = {name: row[name] for name in row.keys()}  # noqa: SIM118  (a row iterates its values)

    def other(found: re.Match[str]) -> str:
        key = {**who, "found": found[0]}
        known = con.execute(
            "select 1 from member where workspace = :workspace and id = :found and id <> :id", key
        )
        return COLLEAGUE if known.fetchone() else found[0]

    for name in FATES[table].keys() & cells.keys():
        fate, cell = FATES[table][name], cells[name]
        if fate in {Fate.HELD, Fate.INSIDE}:
            cells[name] = TOKEN.sub(other, cell)
            continue
        whose = row[fate.beside] if isinstance(fate, Named) else cell if fate in IDS else ""
        if cell and whose not in {None, "", who["id"]}:
            cells[name] = COLLEAGUE
    return cells


def _readable(
    con: Connection, row: Mapping[str, Any], channels: Mapping[str, str]
) -> Mapping[str, object]:
    """A row in words: without what is empty, places by name, lists as lists."""
    said: dict[str, object] = {}
    for name in row:
        cell = row[name]
        if cell in {None, ""} or name in _HIDDEN:
            continue
        if name in _IDEAS:
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
