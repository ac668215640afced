"""What coordinators change in a digest before it goes: weeks skipped, ideas left out."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.model.ideas import Idea
from storage.connection import Connection
from storage.ideas import ONE
from storage.rows import insert, many, stamp, upsert

_OF_PERIOD = "where workspace = :workspace and channel = :channel and period = :period"


def skip(
    con: Connection, workspace: str, channel: str, period: str, member_id: str, *, now: datetime
) -> None:
    """Post no digest in this period, or, without a member who wants that, post it after all."""
    key = {"workspace": workspace, "channel": channel, "period": period}
    if not member_id:
        con.execute(f"delete from skipped_digest {_OF_PERIOD}", key)
        return
    row = key | {"member_id": member_id, "at": stamp(now)}
    upsert(con, "skipped_digest", row, "workspace, channel, period")


def skipped_by(con: Connection, workspace: str, channel: str, period: str) -> str:
    """Who skipped the digest of this period; empty: nobody."""
    row = con.execute(
        f"select member_id from skipped_digest {_OF_PERIOD}",
        {"workspace": workspace, "channel": channel, "period": period},
    ).fetchone()
    return "" if row is None else str(row["member_id"])


def leave_out(con: Connection, idea_id: int, member_id: str, *, now: datetime) -> None:
    """Keep an idea out of digests, or, without a member who wants that, put it back."""
    if not member_id:
        con.execute("delete from left_out where idea_id = :id", {"id": idea_id})
        return
    row = {"idea_id": idea_id, "member_id": member_id, "at": stamp(now)}
    insert(con, "left_out", [row], "on conflict do nothing")


def left_out(con: Connection, workspace: str, channel: str) -> Sequence[Idea]:
    """The ideas that were left out and stood in no digest, oldest first."""
    return many(
        con,
        Idea,
        f"""{ONE} i.workspace = :workspace and i.channel = :channel and i.digested is null
          and i.withdrawn is null and i.id in (select idea_id from left_out)
        order by i.posted_at, i.number""",
        {"workspace": workspace, "channel": channel},
    )
