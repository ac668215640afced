"""What is known of a message, its channel and its author before the message is kept.

One statement, for it runs with every post; each part of it is a look-up by primary key.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.model.people import Keep
from bot.core.model.posts import Place
from storage.connection import Connection, Row
from storage.rows import at, moment, stamp
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
            con.execute(
                "insert into member (workspace, id) values (:workspace, :id)",
                {"workspace": workspace, "id": self.id},
            )

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


_CONTEXT = """
select m.id is not null as known, m.name, m.real_name, m.title, m.school, m.district, m.role,
  case when m.is_bot then 'nothing' else m.keep end as keep, m.greeted,
  m.looked_up_at as author_looked_up_at,
  c.id as channel, c.private, c.looked_up_at as channel_looked_up_at, c.marked_only,
  s.deleted, s.edited as ignored,
  exists (select 1 from idea x where x.moment = :moment) as taken,
  exists (select 1 from reaction r
    where r.workspace = :workspace and r.channel = :channel and r.ts = :ts)
  or exists (select 1 from reply y
    where y.workspace = :workspace and y.channel = :channel and y.parent_ts = :ts) as answered,
  exists (select 1 from idea i
    where i.workspace = :workspace and i.channel = :channel and i.ts = :ts) as kept
from (select 1)
  left join member m on m.workspace = :workspace and m.id = :author_id
  left join channel c on c.workspace = :workspace and c.id = :channel
  left join ignored_message s
    on s.workspace = :workspace and s.channel = :channel and s.ts = :ts"""


def load_context(
    con: Connection, place: Place, author_id: str, posted_at: datetime, *, now: datetime
) -> MessageContext:
    """Load everything that decides whether and how a message is kept.

    An empty `place.ts` stands for a message that is still to be posted.
    """
    wanted = moment(posted_at)
    row = con.execute(_CONTEXT, at(place) | {"author_id": author_id, "moment": wanted}).fetchone()
    since = stamp(now - FRESH)
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


def _author(row: Row, id_: str, since: str) -> AuthorSnapshot:
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
        con.execute(
            """insert into channel (workspace, id, private, first_seen)
            values (:workspace, :id, :private, :now)""",
            key | {"now": stamp(now)},
        )
        return True
    differs = private is not None and context.private != private
    if differs and (private or context.private is None):
        con.execute(
            "update channel set private = :private where workspace = :workspace and id = :id", key
        )
    return differs or context.channel_stale
