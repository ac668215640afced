"""What is known before messages are kept: of them, their channels and their authors. One look.

This runs for every post, so it is one statement for all that came together; each part of it is a
look-up by primary key. The values are tuples, which are made in a third of the time.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot.core.model.people import Keep
from storage.members import ensure_workspace
from storage.rows import stamp
from storage.sqlite import Connection

FRESH = timedelta(days=1)
"""How long a looked-up name or channel is believed without asking again."""


class Frozen(NamedTuple):
    """An author as they are frozen onto an idea, and what they wish.

    *known*: they have a row. *stale*: the platform must be asked (again).
    """

    name: str = ""
    real_name: str = ""
    title: str = ""
    school: str = ""
    district: str = ""
    role: str = ""
    keep: str = Keep.ALL.value
    greeted: int = 0
    known: bool = False
    stale: bool = True

    def ensure(self, con: Connection, workspace: str, member_id: str) -> None:
        """An author never seen before gets a row, so that an idea can point at it."""
        if not self.known:
            con.execute(
                "insert into member (workspace, id) values (:workspace, :id)",
                {"workspace": workspace, "id": member_id},
            )

    def columns(self) -> dict[str, object]:
        """The author's columns on the idea's row."""
        return {
            "author_name": self.name,
            "author_real_name": self.real_name,
            "author_title": self.title,
            "school": self.school,
            "district": self.district,
            "role": self.role,
        }


class Spot(NamedTuple):
    """What is looked at: a message's place, author and moment. *ts* empty: not posted yet."""

    workspace: str
    channel: str
    ts: str
    author_id: str
    moment: int


class Scene(NamedTuple):
    """What `look` saw.

    *kept*: an idea stands there, perhaps a withdrawn one. *deleted*, *passed*: the message was
    deleted, or last passed by with this edit stamp (None: never). *gathered*: replies or reactions
    are there already. *channel_stale*: the platform must be asked (again) about the channel.
    *private* is None when that is not known. *moment*: the first free one from the instant asked
    for.
    """

    author: Frozen
    channel_known: bool
    channel_stale: bool
    private: int | None
    marked_only: bool
    moment: int
    kept: bool
    deleted: bool
    passed: str | None
    gathered: bool

    def overtaken(self, edited: str) -> bool:
        """Whether a deletion or a later edit came before a copy with this edit stamp."""
        return self.deleted or (self.passed is not None and self.passed > edited)

    @property
    def untouched(self) -> bool:
        """Whether nothing at all is known of the message yet."""
        return not (self.kept or self.deleted or self.gathered) and self.passed is None

    def differs(self, private: bool | None) -> bool:  # noqa: FBT001
        """Whether a message says otherwise of its channel than what is known of it."""
        return not self.channel_known or (private is not None and self.private != private)


_LOOK = """
with spot as materialized (
  select key as position, value ->> 0 as workspace, value ->> 1 as channel, value ->> 2 as ts,
    value ->> 3 as author_id, value ->> 4 as moment
  from json_each(:spots)
)
select json_group_array(json_array(s.position,
  m.name, m.real_name, m.title, m.school, m.district, m.role,
  case when m.is_bot then 'nothing' else m.keep end, m.greeted,
  m.looked_up_at, c.id, c.private, c.looked_up_at, c.marked_only, p.deleted, p.edited,
  exists (select 1 from idea x where x.moment = s.moment),
  exists (select 1 from reaction r
    where r.workspace = s.workspace and r.channel = s.channel and r.ts = s.ts)
  or exists (select 1 from reply y
    where y.workspace = s.workspace and y.channel = s.channel and y.parent_ts = s.ts),
  exists (select 1 from idea i
    where i.workspace = s.workspace and i.channel = s.channel and i.ts = s.ts)))
from spot s
  left join member m on m.workspace = s.workspace and m.id = s.author_id
  left join channel c on c.workspace = s.workspace and c.id = s.channel
  left join passed p on p.workspace = s.workspace and p.channel = s.channel and p.ts = s.ts"""


def look(con: Connection, spots: Sequence[Spot], now: datetime) -> list[Scene]:
    """Everything that decides whether and how messages are kept, for each spot."""
    (seen,) = con.execute(_LOOK, {"spots": json.dumps(spots)}).fetchone()
    since = stamp(now - FRESH)
    scenes = []
    for at, *author in sorted(json.loads(seen)):
        channel, private, looked_up_at, marked_only = author[9:13]
        deleted, passed, taken, gathered, kept = author[13:]
        wanted = spots[at].moment
        scenes.append(
            Scene(
                author=_author(author, since),
                channel_known=channel is not None,
                channel_stale=looked_up_at is None or looked_up_at < since,
                private=private,
                marked_only=bool(marked_only),
                moment=free_moment(con, wanted) if taken else wanted,
                kept=bool(kept),
                deleted=bool(deleted),
                passed=passed,
                gathered=bool(gathered),
            )
        )
    return scenes


def _author(row: Sequence[Any], since: str) -> Frozen:
    """The author as known now. A name looked up long ago is not the name as shown today."""
    if row[6] is None:
        return Frozen()
    if not row[0] or row[8] is None or row[8] < since:
        return Frozen("", "", "", row[3], row[4], row[5], row[6], row[7], known=True)
    name, real_name, title, school, district, role, keep, greeted, *_ = row
    return Frozen(name, real_name, title, school, district, role, keep, greeted, True, False)  # noqa: FBT003


def free_moment(con: Connection, wanted: int) -> int:
    """The first moment from *wanted* on that no idea has."""
    found = con.execute(
        """select coalesce(
          (select :moment where not exists (select 1 from idea where moment = :moment)),
          (select min(a.moment) + 1 from idea a where a.moment >= :moment
            and not exists (select 1 from idea b where b.moment = a.moment + 1)))""",
        {"moment": wanted},
    ).fetchone()
    return int(found[0])


def enter(
    con: Connection,
    scene: Scene,
    workspace: str,
    channel: str,
    *,
    private: bool | None,
    now: datetime,
) -> bool:
    """Note the channel; returns whether the platform must be asked about it.

    A message may make a channel private, never public: that only the platform's own description
    may say. Where nothing is known yet, the message is believed.
    """
    key = {"workspace": workspace, "id": channel, "private": private}
    differs = scene.differs(private)
    if not scene.channel_known:
        ensure_workspace(con, workspace)
        con.execute(
            """insert into channel (workspace, id, private, first_seen)
            values (:workspace, :id, :private, :now)""",
            key | {"now": stamp(now)},
        )
    elif differs and (private or scene.private is None):
        con.execute(
            "update channel set private = :private where workspace = :workspace and id = :id", key
        )
    return differs or scene.channel_stale
