"""What is known before a message is kept: of itself, its channel and its author. One look.

This runs for every post, so it is one statement; each part is a look-up by primary key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.core.model import Keep
from storage.members import ensure_workspace
from storage.rows import moment, stamp

if TYPE_CHECKING:
    from datetime import datetime

    from storage.sqlite import Connection

FRESH = timedelta(days=1)
"""How long a looked-up name or channel is believed without asking again."""


@dataclass(frozen=True, slots=True)
class Frozen:
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


@dataclass(frozen=True, slots=True)
class Scene:
    """What `look` saw.

    *kept*: an idea stands there, perhaps a withdrawn one. *deleted*, *passed*: the message was
    deleted, or last passed by with this edit stamp (None: never). *gathered*: replies or reactions
    are there already. *channel*: (private, looked up at, marked only), None when never seen.
    *moment*: the first free one from the instant asked for.
    """

    author: Frozen
    channel: tuple[int | None, str | None, int] | None
    moment: int
    kept: bool
    deleted: bool
    passed: str | None
    gathered: bool

    def overtaken(self, edited: str) -> bool:
        """Whether a deletion or a later edit came before a copy with this edit stamp."""
        return self.deleted or (self.passed is not None and self.passed > edited)

    @property
    def marked_only(self) -> bool:
        """Whether the channel wants to keep only what is marked."""
        return self.channel is not None and bool(self.channel[2])


_LOOK = """
select m.name, m.real_name, m.title, m.school, m.district, m.role, m.keep, m.greeted,
  m.looked_up_at, c.id, c.private, c.looked_up_at, c.marked_only, p.deleted, p.edited,
  exists (select 1 from idea x where x.moment = :moment),
  exists (select 1 from reaction r
    where r.workspace = :workspace and r.channel = :channel and r.ts = :ts)
  or exists (select 1 from reply y
    where y.workspace = :workspace and y.channel = :channel and y.parent_ts = :ts),
  exists (select 1 from idea i
    where i.workspace = :workspace and i.channel = :channel and i.ts = :ts)
from (select 1)
  left join member m on m.workspace = :workspace and m.id = :author_id
  left join channel c on c.workspace = :workspace and c.id = :channel
  left join passed p on p.workspace = :workspace and p.channel = :channel and p.ts = :ts"""


def look(
    con: Connection,
    workspace: str,
    channel: str,
    ts: str,
    *,
    author_id: str,
    posted_at: datetime,
    now: datetime,
) -> Scene:
    """Everything that decides whether and how a message is kept. *ts* empty: not posted yet."""
    wanted = moment(posted_at)
    row = con.execute(
        _LOOK,
        {
            "workspace": workspace,
            "channel": channel,
            "ts": ts,
            "author_id": author_id,
            "moment": wanted,
        },
    ).fetchone()
    return Scene(
        author=_author(row, stamp(now - FRESH)),
        channel=None if row[9] is None else (row[10], row[11], row[12]),
        moment=free_moment(con, wanted) if row[15] else wanted,
        kept=bool(row[17]),
        deleted=bool(row[13]),
        passed=row[14],
        gathered=bool(row[16]),
    )


def _author(row: tuple[Any, ...], since: str) -> Frozen:
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
    if scene.channel is None:
        ensure_workspace(con, workspace)
        con.execute(
            """insert into channel (workspace, id, private, first_seen)
            values (:workspace, :id, :private, :now)""",
            key | {"now": stamp(now)},
        )
        return True
    known, looked_up_at, _ = scene.channel
    differs = private is not None and known != private
    if differs and (private or known is None):
        con.execute(
            "update channel set private = :private where workspace = :workspace and id = :id", key
        )
    return differs or looked_up_at is None or looked_up_at < stamp(now - FRESH)
