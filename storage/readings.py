"""How far histories have been read, and which messages were missing in them."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.model.posts import Place, Reading
from storage.connection import Connection
from storage.rows import at, cells_of, instant, one, stamp, upsert


def reading(con: Connection, workspace: str, channel: str) -> Reading | None:
    """How far the latest reading of a channel has come; None: never read."""
    return one(
        con,
        Reading,
        "select * from reading where workspace = :workspace and channel = :channel",
        {"workspace": workspace, "channel": channel},
    )


def set_reading(con: Connection, workspace: str, reading: Reading) -> None:
    """Remember how far a reading has come."""
    upsert(con, "reading", {"workspace": workspace} | cells_of(reading), "workspace, channel")


def replies_of(con: Connection, place: Place) -> Sequence[str]:
    """Return the *ts* of the replies that are counted under a message, the latest last."""
    rows = con.execute(
        """select ts from reply indexed by reply_by_parent where workspace = :workspace
          and channel = :channel and parent_ts = :ts and deleted = 0 order by ts""",
        at(place),
    )
    return [ts for (ts,) in rows]


def thread_of(con: Connection, reply: Place) -> str:
    """Return the *ts* of the message that a reply stands under; empty: it is known as none."""
    row = con.execute(
        """select parent_ts from reply
        where workspace = :workspace and channel = :channel and ts = :ts""",
        at(reply),
    ).fetchone()
    return "" if row is None else str(row["parent_ts"])


def kept_between(
    con: Connection, workspace: str, channel: str, oldest: datetime, latest: datetime
) -> Sequence[Place]:
    """Where the ideas posted in this stretch, ends included, stand; replies are not among them."""
    rows = con.execute(
        " union all ".join(
            f"""select i.ts, i.posted_at from idea i
            where i.workspace = :workspace and i.channel = :channel
              and i.posted_at between :oldest and :latest and i.ts is not null and {kept}
              and not exists (
                select 1 from reply y where y.workspace = i.workspace and y.channel = i.channel
                  and y.ts = i.ts)"""
            for kept in ("i.withdrawn is null", "i.aside is not null and i.withdrawn = i.aside")
        )
        + " order by posted_at",
        {
            "workspace": workspace,
            "channel": channel,
            "oldest": stamp(oldest),
            "latest": stamp(latest),
        },
    )
    return [Place(workspace, channel, ts) for ts, _ in rows]


def missed(con: Connection, place: Place, *, reading: datetime) -> datetime:
    """Note that a message was missing in the reading begun then; says when it first was."""
    (first,) = con.execute(
        """insert into missing_message (workspace, channel, ts, first_reading)
        values (:workspace, :channel, :ts, :begun)
        on conflict do update set first_reading = first_reading returning first_reading""",
        at(place) | {"begun": stamp(reading)},
    ).fetchone()
    return instant(first)


def found(con: Connection, places: Sequence[Place]) -> None:
    """These messages are not missing (any more)."""
    for place in places:
        con.execute(
            """delete from missing_message
            where workspace = :workspace and channel = :channel and ts = :ts""",
            at(place),
        )
