"""Shares: made, listed, opened and revoked; those of a channel that turns private end by that."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core.model.settings import Change
from bot.core.model.shares import Share
from bot.core.model.work import Effect, NewJob
from storage import outbox
from storage.connection import Connection
from storage.rows import cells_of, column, insert, many, one, stamp
from storage.settings import HERE, note_changes


def add_share(con: Connection, share: Share, *, token: str, now: datetime) -> Share:
    """Keep a share under the next number. With a channel's first one, its authors are asked."""
    here = {"workspace": share.workspace, "channel": share.channel}
    first = not column(con, f"select 1 from share {HERE} limit 1", here)
    (number,) = con.execute("select coalesce(max(number), 0) + 1 from share").fetchone()
    insert(con, "share", [cells_of(share) | {"number": number, "token": token}])
    note_changes(con, here, Change(share.made_by, now, "share", "", str(number)))
    if first:
        job = NewJob(effect=Effect.ASK_SHOWN, channel=share.channel)
        outbox.enqueue(con, share.workspace, job, now=now)
    return (
        one(con, Share, "select * from share where number = :number", {"number": number}) or share
    )


def shares_of(con: Connection, workspace: str, channel: str = "") -> Sequence[Share]:
    """A channel's shares, the latest first; *channel* empty: those of the whole workspace."""
    sql = """select * from share
      where workspace = :workspace and :channel in ('', channel) order by number desc"""
    return many(con, Share, sql, {"workspace": workspace, "channel": channel})


def share(con: Connection, number: int) -> Share | None:
    """The share of this number."""
    return one(con, Share, "select * from share where number = :number", {"number": number})


def open_share(con: Connection, token: str, *, now: datetime) -> Share | None:
    """The share whose token has this hash, if it may be opened now."""
    sql = """select s.* from share s
        join channel c on c.workspace = s.workspace and c.id = s.channel
      where s.token = :token and s.revoked_at is null and s.starts_at <= :now and s.ends_at > :now
        and c.member = 1 and c.deleted = 0 and (c.private = 0 or s.private = 1)"""
    return one(con, Share, sql, {"token": token, "now": stamp(now)})


def count_openings(con: Connection, counted: Mapping[int, int]) -> None:
    """Count that shares were opened so many times, by number."""
    for number, times in counted.items():
        con.execute("update share set opened = opened + ? where number = ?", (times, number))


def revoke_share(con: Connection, number: int, *, who: str, now: datetime) -> bool:
    """Revoke a share; False: it was revoked before."""
    return bool(
        _revoke(con, "number = :number", {"number": number}, Change(who, now, "share", "", ""))
    )


def take_down(con: Connection, workspace: str, channel: str, *, now: datetime) -> None:
    """Revoke what was shared of a channel while it was public, if it is so no more."""
    where = f"""{HERE.removeprefix("where ")} and private = 0 and exists (select 1 from channel c
      where c.workspace = share.workspace and c.id = share.channel and c.private is not 0)"""
    here = {"workspace": workspace, "channel": channel}
    _revoke(con, where, here, Change("", now, "share", "", "private"))


def _revoke(con: Connection, where: str, values: Mapping[str, object], change: Change) -> int:
    gone = con.execute(
        f"""update share set revoked_at = :now where revoked_at is null and {where}
        returning number, workspace, channel""",
        {**values, "now": stamp(change.at)},
    ).fetchall()
    for number, workspace, channel in gone:
        noted = Change(change.who, change.at, change.what, str(number), change.new)
        note_changes(con, {"workspace": workspace, "channel": channel}, noted)
    return len(gone)


def silent_authors(con: Connection, workspace: str, channel: str) -> Sequence[str]:
    """Who wrote or is credited with an idea of a channel and did not say what may be shown."""
    return column(
        con,
        f"""select m.id from member m
        where m.workspace = :workspace and m.shown is null and m.is_bot = 0 and m.deleted = 0
          and m.id in (
            select author_id from idea {HERE} and withdrawn is null
            union
            select c.member_id from credit c join idea i on i.id = c.idea_id
            where i.workspace = :workspace and i.channel = :channel and i.withdrawn is null)
        order by m.id""",
        {"workspace": workspace, "channel": channel},
    )
