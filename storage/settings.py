"""What coordinators choose for a channel, and who changed what."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core.model.deliveries import DeliveryKind
from bot.core.model.people import Channel
from bot.core.model.settings import Change
from storage.connection import Connection
from storage.rows import cells_of, column, insert, many, note_erasure

HERE = "where workspace = :workspace and channel = :channel"
"""Of a table that names a channel."""

_COLUMNS = (
    "zone",
    "digest",
    "prompt",
    "breaks",
    "paused_until",
    "observances",
    "marked_only",
    "previews",
    "book",
    "pinned",
    "line",
)
"""The columns of a channel that people choose, in the order in which changes are told."""


# -- settings ---------------------------------------------------------------------------------


def set_settings(
    con: Connection, channel: Channel, *, was: Channel | None = None, who: str, now: datetime
) -> Sequence[Change]:
    """Keep what *channel* says in those columns; returns what that changed.

    *was*: how it was read; what does not differ from that stays as it is by now.
    """
    key = {"workspace": channel.workspace, "channel": channel.id}
    columns = ", ".join(_COLUMNS)
    row = con.execute(
        f"select {columns} from channel where workspace = :workspace and id = :channel",
        key,
    ).fetchone()
    if row is None:
        return ()
    wanted, read = cells_of(channel), {} if was is None else cells_of(was)
    changed = [
        name
        for name in _COLUMNS
        if wanted[name] != row[name] and (was is None or wanted[name] != read[name])
    ]
    if not changed:
        return ()
    pairs = ", ".join(f"{name} = :{name}" for name in changed)
    con.execute(
        f"update channel set {pairs} where workspace = :workspace and id = :channel",
        key | {name: wanted[name] for name in changed},
    )
    changes = [Change(who, now, one, _said(row[one]), _said(wanted[one])) for one in changed]
    note_changes(con, key, *changes)
    note_erasure(con)  # a line of theirs, perhaps
    return changes


def note_changes(con: Connection, key: Mapping[str, object], *changes: Change) -> None:
    """Write down who changed what in a channel, but nobody's words: they may be taken back."""
    here = {"workspace": key["workspace"], "channel": key["channel"]}
    hidden = {"old": "", "new": ""}
    rows = [here | cells_of(one) | (hidden if one.what == "line" else {}) for one in changes]
    insert(con, "change", rows)


def changes(con: Connection, workspace: str, channel: str, limit: int) -> Sequence[Change]:
    """What was changed, latest first; also what was done with ideas."""
    values = {"workspace": workspace, "channel": channel, "limit": limit}
    of_settings = f"select who, at, what, old, new from change {HERE} order by id desc limit :limit"
    found = (*many(con, Change, of_settings, values), *many(con, Change, _CARE, values))
    return sorted(found, key=lambda one: one.at, reverse=True)[:limit]


_CARE = """select c.who, c.at, 'care ' || c.what as what,
  '#' || i.number || coalesce(' #' || o.number, nullif(' ' || c.detail, ' '), '') as old,
  c.reason as new
from care c join idea i on i.id = c.idea_id left join idea o on o.id = c.other_id
where c.workspace = :workspace and c.channel = :channel order by c.id desc limit :limit"""


def _said(value: object) -> str:
    return "" if value is None else str(value)


def last_sent(con: Connection, workspace: str, channel: str) -> Mapping[DeliveryKind, str]:
    """The latest week, as `2026-W48`, of which each kind stands in the channel."""
    rows = con.execute(
        f"""select kind, max(subject) from delivery
        {HERE} and sent_at is not null and part = 0 and kind in ('digest', 'prompt')
        group by kind""",
        {"workspace": workspace, "channel": channel},
    )
    return {DeliveryKind(kind): period for kind, period in rows}


def admins(con: Connection, workspace: str) -> Sequence[str]:
    """Ids of the workspace's admins and owners, as far as they are known."""
    return column(
        con,
        """select id from member
        where workspace = :workspace and is_admin = 1 and is_guest = 0 and is_bot = 0
          and deleted = 0
        order by id""",
        {"workspace": workspace},
    )
