"""What is due in which channel and when, and which channels' due times must be reckoned anew.

A trigger counts in `channel.changes` what changes in a channel's settings, whoever changes them.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core.model.channel_week import Due, Unplanned
from bot.core.model.deliveries import DeliveryKind
from storage import channels
from storage.connection import Connection, Row
from storage.rows import instant, stamp, upsert

UNPLANNED = """select id, changes, planned = 0 from channel indexed by channel_unplanned
  where workspace = :workspace and changes <> planned and id > :after order by id limit :limit"""
_THIS = "workspace = :workspace and channel = :channel and kind = :kind"


def due(con: Connection, workspace: str, *, until: datetime) -> Sequence[Due]:
    """What is due by *until*, the first due first."""
    rows = con.execute(
        """select channel, kind, due, shown from due
        where workspace = :workspace and due <= :until order by due, channel""",
        {"workspace": workspace, "until": stamp(until)},
    ).fetchall()
    known = channels.channels_of(con, workspace, {row["channel"] for row in rows})
    return [
        Due(known[channel], DeliveryKind(kind), instant(due), bool(shown))
        for channel, kind, due, shown in rows
        if channel in known
    ]


def unplanned(con: Connection, workspace: str, *, after: str, limit: int) -> Sequence[Unplanned]:
    """Channels whose due times are to be reckoned anew, by id, from the one after *after* on."""
    rows = con.execute(
        UNPLANNED,
        {"workspace": workspace, "after": after, "limit": limit},
    ).fetchall()
    return _with_dues(con, workspace, rows)


def planning(con: Connection, workspace: str, channel: str) -> Unplanned | None:
    """Return a channel as it is now, to reckon its due times anew; None: it is not known."""
    rows = con.execute(
        """select id, changes, planned = 0 from channel
        where workspace = :workspace and id = :channel""",
        {"workspace": workspace, "channel": channel},
    ).fetchall()
    return next(iter(_with_dues(con, workspace, rows)), None)


def _with_dues(con: Connection, workspace: str, rows: Sequence[Row]) -> Sequence[Unplanned]:
    ids = [id_ for id_, _, _ in rows]
    known = channels.channels_of(con, workspace, ids)
    planned: defaultdict[str, dict[DeliveryKind, datetime]] = defaultdict(dict)
    for channel, kind, due in con.execute(
        """select channel, kind, due from due
        where workspace = :workspace and channel in (select value from json_each(:ids))""",
        {"workspace": workspace, "ids": json.dumps(ids)},
    ):
        planned[channel][DeliveryKind(kind)] = instant(due)
    return [Unplanned(known[id_], changes, planned[id_], bool(new)) for id_, changes, new in rows]


def unplan(con: Connection, workspace: str) -> None:
    """Have the due times of all channels and subscriptions reckoned anew."""
    for anew in (
        "update channel set changes = changes + 1 where workspace = :workspace",
        "update subscription set due = null where workspace = :workspace and not queued",
    ):
        con.execute(anew, {"workspace": workspace})


def plan(
    con: Connection,
    planned: Sequence[tuple[Unplanned, Mapping[DeliveryKind, datetime | None]]],
) -> None:
    """Set due times; a channel that changed since it was read stays unplanned."""
    for one, dues in planned:
        channel = one.channel
        for kind, due in dues.items():
            if due != one.dues.get(kind):
                _set_due(con, channel.workspace, channel.id, kind, due)
        con.execute(
            "update channel set planned = :changes where workspace = :workspace and id = :id",
            {"workspace": channel.workspace, "id": channel.id, "changes": one.changes},
        )
        con.execute(
            "update due set shown = 0 where workspace = :workspace and channel = :id and shown",
            {"workspace": channel.workspace, "id": channel.id},
        )


def _set_due(
    con: Connection, workspace: str, channel: str, kind: DeliveryKind, due: datetime | None
) -> None:
    """When the next one is due; None: never."""
    key = {"workspace": workspace, "channel": channel, "kind": kind.value}
    if due is None:
        con.execute(f"delete from due where {_THIS}", key)
        return
    row = key | {"due": stamp(due), "shown": 0}
    upsert(con, "due", row, "workspace, channel, kind")


def set_shown(
    con: Connection, workspace: str, channel: str, kind: DeliveryKind, due: datetime
) -> None:
    """Nothing more is to be done before what is due then; nothing where that was moved."""
    con.execute(
        f"update due set shown = 1 where {_THIS} and due = :due",
        {"workspace": workspace, "channel": channel, "kind": kind.value, "due": stamp(due)},
    )


def due_at(con: Connection, workspace: str, channel: str, kind: DeliveryKind) -> datetime | None:
    """When a channel's next digest or prompt is due; None: never."""
    row = con.execute(
        f"select due from due where {_THIS}",
        {"workspace": workspace, "channel": channel, "kind": kind.value},
    ).fetchone()
    return None if row is None else instant(row[0])
