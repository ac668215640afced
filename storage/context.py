"""What is known of a message, its channel and its author before the message is kept.

One statement for all messages that came together, and one row: Python gives its lock back for each
row, and has to win it again from the event loop.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.core.model.people import Keep
from bot.core.model.posts import Place
from storage.connection import Connection
from storage.rows import insert, moment, stamp
from storage.workspaces import ensure_workspace

FRESH = timedelta(days=1)
"""How long a looked-up name or channel is believed without asking again."""


@dataclass(frozen=True, slots=True)
class AuthorSnapshot:
    """An author as they are frozen onto an idea, and what they wish.

    Attributes:
        known: they have a row.
        stale: the platform must be asked (again) who they are.
    """

    id: str
    name: str = ""
    real_name: str = ""
    title: str = ""
    school: str = ""
    district: str = ""
    role: str = ""
    keep: str = Keep.ALL.value
    greeted: bool = False
    known: bool = False
    stale: bool = True

    def ensure(self, con: Connection, workspace: str) -> None:
        """Store a row for an author never seen before, so that an idea can point at it."""
        if not self.known:
            insert(con, "member", [{"workspace": workspace, "id": self.id}])

    def columns(self) -> dict[str, object]:
        """The author's columns on the idea's row."""
        return {
            "author_id": self.id,
            "author_name": self.name,
            "author_real_name": self.real_name,
            "author_title": self.title,
            "school": self.school,
            "district": self.district,
            "role": self.role,
        }


@dataclass(frozen=True, slots=True)
class MessageContext:
    """What is stored about a message, its channel and its author.

    Attributes:
        channel_stale: the platform must be asked (again) about the channel.
        private: None when that is not known.
        moment: the first free one from the instant asked for.
        kept: an idea stands there, perhaps a withdrawn one.
        deleted: the message was deleted.
        ignored: the edit stamp with which it was last no idea; None: it never was.
        answered: replies or reactions are there already.
    """

    author: AuthorSnapshot
    channel_known: bool
    channel_stale: bool
    private: int | None
    marked_only: bool
    moment: int
    kept: bool
    deleted: bool
    ignored: str | None
    answered: bool

    def overtaken(self, edited: str) -> bool:
        """Whether a deletion or a later edit came before a copy with this edit stamp."""
        return self.deleted or (self.ignored is not None and self.ignored > edited)

    def is_plain(self, private: bool | None) -> bool:  # noqa: FBT001
        """Whether a message that says *private* of its channel is all that is new."""
        return (
            not (self.kept or self.deleted or self.answered)
            and self.ignored is None
            and self.author.greeted
            and self.channel_known
            and private in {None, self.private}
        )


_CONTEXTS = """
select json_group_array(json_object(
  'known', m.id, 'name', m.name, 'real_name', m.real_name, 'title', m.title, 'school', m.school,
  'district', m.district, 'role', m.role, 'keep', iif(m.is_bot, 'nothing', m.keep),
  'greeted', m.greeted, 'author_looked_up_at', m.looked_up_at,
  'channel', c.id, 'private', c.private, 'channel_looked_up_at', c.looked_up_at,
  'marked_only', c.marked_only, 'deleted', s.deleted, 'ignored', s.edited,
  'taken', exists (select 1 from idea x where x.moment = p.value ->> 4),
  'answered', exists (select 1 from reaction r where r.workspace = p.value ->> 0
    and r.channel = p.value ->> 1 and r.ts = p.value ->> 2)
  or exists (select 1 from reply y where y.workspace = p.value ->> 0
    and y.channel = p.value ->> 1 and y.parent_ts = p.value ->> 2),
  'kept', exists (select 1 from idea i where i.workspace = p.value ->> 0
    and i.channel = p.value ->> 1 and i.ts = p.value ->> 2)))
from json_each(:posts) p
  left join member m on m.workspace = p.value ->> 0 and m.id = p.value ->> 3
  left join channel c on c.workspace = p.value ->> 0 and c.id = p.value ->> 1
  left join ignored_message s on s.workspace = p.value ->> 0
    and s.channel = p.value ->> 1 and s.ts = p.value ->> 2"""


def load_contexts(
    con: Connection, posts: Sequence[tuple[Place, str, datetime]], *, now: datetime
) -> list[MessageContext]:
    """Load everything that decides whether and how each message is kept, in one statement.

    *posts*: where each stands, its author's id and its instant. An empty `place.ts` stands for a
    message that is still to be posted.
    """
    asked = [
        (place.workspace, place.channel, place.ts, author_id, moment(posted_at))
        for place, author_id, posted_at in posts
    ]
    (found,) = con.execute(_CONTEXTS, {"posts": json.dumps(asked)}).fetchone()
    since = stamp(now - FRESH)
    return [
        _context(con, row, author_id, wanted, since)
        for row, (*_, author_id, wanted) in zip(json.loads(found), asked, strict=True)
    ]


def load_context(
    con: Connection, place: Place, author_id: str, posted_at: datetime, *, now: datetime
) -> MessageContext:
    """Load what `load_contexts` loads, of one message."""
    (context,) = load_contexts(con, [(place, author_id, posted_at)], now=now)
    return context


def _context(
    con: Connection, row: Mapping[str, Any], author_id: str, wanted: int, since: str
) -> MessageContext:
    looked_up_at = row["channel_looked_up_at"]
    return MessageContext(
        author=_author(row, author_id, since),
        channel_known=row["channel"] is not None,
        channel_stale=looked_up_at is None or looked_up_at < since,
        private=row["private"],
        marked_only=bool(row["marked_only"]),
        moment=free_moment(con, wanted) if row["taken"] else wanted,
        kept=bool(row["kept"]),
        deleted=bool(row["deleted"]),
        ignored=row["ignored"],
        answered=bool(row["answered"]),
    )


def _author(row: Mapping[str, Any], id_: str, since: str) -> AuthorSnapshot:
    """The author as known now. A name looked up long ago is not the name as shown today."""
    if not row["known"]:
        return AuthorSnapshot(id_)
    looked_up_at = row["author_looked_up_at"]
    stale = not row["name"] or looked_up_at is None or looked_up_at < since
    return AuthorSnapshot(
        id=id_,
        name="" if stale else row["name"],
        real_name="" if stale else row["real_name"],
        title="" if stale else row["title"],
        school=row["school"],
        district=row["district"],
        role=row["role"],
        keep=row["keep"],
        greeted=bool(row["greeted"]),
        known=True,
        stale=stale,
    )


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


def upsert_channel(
    con: Connection,
    context: MessageContext,
    workspace: str,
    channel: str,
    *,
    private: bool | None,
    now: datetime,
) -> bool:
    """Store what a message says of its channel; return whether the platform must be asked.

    A message may make a channel private, never public: that only the platform's own description
    may say. Where nothing is known yet, the message is believed.
    """
    key = {"workspace": workspace, "id": channel, "private": private}
    if not context.channel_known:
        ensure_workspace(con, workspace)
        insert(con, "channel", [key | {"first_seen": stamp(now)}])
        return True
    differs = private is not None and context.private != private
    if differs and (private or context.private is None):
        con.execute(
            "update channel set private = :private where workspace = :workspace and id = :id", key
        )
    return differs or context.channel_stale
