"""What a digest may hold, and what coordinators change in one before it goes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.core.model.deliveries import Extra
from bot.core.model.ideas import Idea
from bot.core.model.settings import Change
from storage.connection import Connection
from storage.ideas import ONE
from storage.rows import insert, many, one, stamp
from storage.settings import note_changes

MAY_STAND = """(i.ts is not null or i.refused = 1)
  and not exists (select 1 from left_out where idea_id = i.id)"""
"""Of `idea i`: it stands in its channel, or its post is refused there, and nobody left it out of
digests."""

UNSENT = f"i.digested is null and {MAY_STAND}"
"""Of `idea i`: likewise, and it stands in no digest of its channel."""


def fresh(
    con: Connection, workspace: str, channel: str, *, at: datetime, oldest: timedelta
) -> Sequence[Idea]:
    """Ideas posted by *at*, at most *oldest* old, in no sent digest of their channel.

    What a coordinator left out is not among them.
    """
    return many(
        con,
        Idea,
        f"""{ONE} i.workspace = :workspace and i.channel = :channel and {UNSENT}
          and i.withdrawn is null and i.posted_at >= :oldest and i.posted_at <= :at
        order by i.posted_at, i.number""",
        {
            "workspace": workspace,
            "channel": channel,
            "at": stamp(at),
            "oldest": stamp(at - oldest),
        },
    )


_REPEATED = {
    Extra.QUESTION: "i.kind = 'question' and i.replies = 0 and i.digested is not null",
    Extra.EARLIER: "i.kind = 'idea'",
}


def to_repeat(
    con: Connection, workspace: str, channel: str, what: Extra, *, since: datetime, until: datetime
) -> Idea | None:
    """Of what was posted in a stretch of time the least often repeated, the oldest.

    A question is one without a reply that a digest had.
    """
    return one(
        con,
        Idea,
        f"""{ONE} i.workspace = :workspace and i.channel = :channel and {_REPEATED[what]}
          and i.withdrawn is null and i.ts is not null
          and i.posted_at >= :since and i.posted_at < :until
          and not exists (select 1 from left_out where idea_id = i.id)
        order by (select count(*) from delivery_extra e where e.workspace = i.workspace
          and e.channel = i.channel and e.what = :what and e.ref = cast(i.id as text)),
          i.posted_at, i.number limit 1""",
        {
            "workspace": workspace,
            "channel": channel,
            "since": stamp(since),
            "until": stamp(until),
            "what": what.value,
        },
    )


def shared_before(
    con: Connection, workspace: str, channel: str, since: Mapping[str, datetime]
) -> frozenset[str]:
    """Those of these authors with an idea or question in a channel from before the time of each."""
    return frozenset(
        author
        for author, first in since.items()
        if con.execute(
            """select 1 from idea where workspace = :workspace and author_id = :author
              and posted_at < :first and channel = :channel and kind in ('idea', 'question')
              and withdrawn is null limit 1""",
            {
                "workspace": workspace,
                "channel": channel,
                "author": author,
                "first": stamp(first),
            },
        ).fetchone()
    )


_OF_PERIOD = "where workspace = :workspace and channel = :channel and period = :period"


def skip(
    con: Connection,
    workspace: str,
    channel: str,
    period: str,
    member_id: str,
    *,
    back: bool = False,
    now: datetime,
) -> None:
    """A member wants no digest in this period, or, with *back*, wants it after all."""
    if bool(skipped_by(con, workspace, channel, period)) is not back:
        return
    key = {"workspace": workspace, "channel": channel, "period": period}
    if back:
        con.execute(f"delete from skipped_digest {_OF_PERIOD}", key)
    else:
        insert(con, "skipped_digest", [key | {"member_id": member_id, "at": stamp(now)}])
    old, new = (period, "") if back else ("", period)
    note_changes(con, key, Change(member_id, now, "skipped_digest", old, new))


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
