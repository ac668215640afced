"""The look ahead at a digest: who was shown it, weeks skipped, ideas left out."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.model.ideas import Idea
from bot.core.model.work import Effect
from storage import outbox
from storage.connection import Connection
from storage.idea_rows import ONE, many_ideas
from storage.rows import stamp


def look_ahead(
    con: Connection, workspace: str, channel: str, period: str, *, now: datetime
) -> bool:
    """Queue a look ahead, once in a period."""
    first = con.execute(
        """insert into preview (workspace, channel, period, told_at)
        values (:workspace, :channel, :period, :now)
        on conflict (workspace, channel, period) do update set told_at = excluded.told_at
          where told_at is null
        returning period""",
        {"workspace": workspace, "channel": channel, "period": period, "now": stamp(now)},
    ).fetchone()
    if first is None:
        return False
    about = {"period": period}
    outbox.put(con, workspace, Effect.AHEAD, period, due=now, channel=channel, payload=about)
    return True


def skip(
    con: Connection, workspace: str, channel: str, period: str, member_id: str, *, now: datetime
) -> None:
    """Post no digest in this period; nobody's wish takes that back."""
    con.execute(
        """insert into preview (workspace, channel, period, skipped_by, skipped_at)
        values (:workspace, :channel, :period, :member, :now)
        on conflict (workspace, channel, period) do update
          set skipped_by = excluded.skipped_by, skipped_at = excluded.skipped_at""",
        {
            "workspace": workspace,
            "channel": channel,
            "period": period,
            "member": member_id,
            "now": stamp(now),
        },
    )


def skipped_by(con: Connection, workspace: str, channel: str, period: str) -> str:
    """Who skipped the digest of this period; empty: nobody."""
    row = con.execute(
        """select skipped_by from preview
        where workspace = :workspace and channel = :channel and period = :period""",
        {"workspace": workspace, "channel": channel, "period": period},
    ).fetchone()
    return "" if row is None else str(row["skipped_by"])


def leave_out(con: Connection, idea_id: int, member_id: str, *, now: datetime) -> None:
    """Keep an idea out of digests, or, without a member who wants that, put it back."""
    key = {"id": idea_id, "member": member_id, "now": stamp(now)}
    if not member_id:
        con.execute("delete from left_out where idea_id = :id", key)
        return
    con.execute(
        """insert into left_out (idea_id, member_id, at) values (:id, :member, :now)
        on conflict do nothing""",
        key,
    )


def left_out(con: Connection, workspace: str, channel: str) -> Sequence[Idea]:
    """The ideas that were left out and stood in no digest, oldest first."""
    return many_ideas(
        con,
        f"""{ONE} i.workspace = :workspace and i.channel = :channel and i.digested is null
          and i.withdrawn is null and i.id in (select idea_id from left_out)
        order by i.posted_at, i.number""",
        {"workspace": workspace, "channel": channel},
    )
