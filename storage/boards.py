"""What boards ask for beside ideas: what decides how people are shown."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import islice

from bot.core.messages.bylines import with_mentions
from bot.core.model.boards import Beside, BoardMember
from bot.core.model.ideas import Credit, Filters, Idea, Visibility
from bot.core.model.people import Shown
from storage import reports, saved
from storage.connection import Connection
from storage.members import folded

_AT_ONCE = 500
"""Ideas that are held in memory while all are walked through."""


def board_ideas(
    con: Connection, workspace: str, filters: Filters, visibility: Visibility
) -> Iterator[tuple[Sequence[Idea], Beside]]:
    """All ideas that fit, oldest first, some at a time with what is beside them."""
    ideas = reports.ideas(con, workspace, filters, visibility)
    while some := [*islice(ideas, _AT_ONCE)]:
        yield some, beside(con, workspace, some)


def beside(con: Connection, workspace: str, ideas: Sequence[Idea]) -> Beside:
    """What must be known beside *ideas* before they can be shown outside."""
    values = {"workspace": workspace, "ids": json.dumps([idea.id for idea in ideas])}
    thanks: dict[int, list[Credit]] = defaultdict(list)
    for id_, name, member in con.execute(
        """select idea_id, name, member_id from credit
        where idea_id in (select value from json_each(:ids)) order by idea_id, position""",
        values,
    ):
        thanks[id_].append(Credit(name, member))
    people = {one.member_id for every in thanks.values() for one in every}
    people |= {idea.author.id for idea in ideas}
    members = {
        id_: BoardMember(shown=Shown(shown) if shown else None, school=school)
        for id_, shown, school in con.execute(
            """select id, shown, school from member
            where workspace = :workspace and id in (select value from json_each(:people))""",
            values | {"people": json.dumps([one for one in people if one])},
        )
    }
    resources = saved.resources_of(con, [idea.id for idea in ideas])
    return Beside(members, resources, thanks, *_mentioned(con, workspace, ideas))


def _mentioned(
    con: Connection, workspace: str, ideas: Sequence[Idea]
) -> tuple[frozenset[str], frozenset[str]]:
    """The names that texts mention: of members who did not give theirs, and of who did."""
    texts = folded(" ".join(f"{with_mentions(idea.text)} {idea.prompt}" for idea in ideas))
    if "@" not in texts:
        return frozenset(), frozenset()
    names = con.execute(
        """select n.name, min(m.shown is 'name') from member_name n
          join member m on m.workspace = n.workspace and m.id = n.member_id
        where n.workspace = :workspace and instr(:texts, '@' || n.name) > 0
        group by n.name""",
        {"workspace": workspace, "texts": texts},
    ).fetchall()
    given = frozenset(name for name, gave in names if gave)
    return frozenset(name for name, _ in names) - given, given


def altered(con: Connection, workspace: str, channel: str) -> str:
    """What tells edits, withdrawals and choices of what is shown from those of before."""
    told = con.execute(
        """select count(withdrawn_at), max(withdrawn_at), total(julianday(edited_at)),
          total(length(licence)),
          (select group_concat(id || ' ' || shown) from
            (select id, shown from member
            where workspace = :workspace and shown is not null order by id))
        from idea where workspace = :workspace and channel = :channel""",
        {"workspace": workspace, "channel": channel},
    ).fetchone()
    return sha256(repr([*told]).encode("utf-8", "replace")).hexdigest()[:12]


def commits(con: Connection) -> int:
    """What SQLite counts for this connection: that others committed."""
    return int(con.execute("pragma data_version").fetchone()[0])
