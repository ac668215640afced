"""A channel gets another id: what is kept of it follows. The old id is remembered.

Everything may have begun under the new id already, when the news comes late: then what stands
under both is one thing, and the earlier one stays.
"""

from datetime import datetime

from bot.core.model.ideas import Withdrawal
from bot.core.model.posts import Place
from storage import shares, withdrawals
from storage.connection import Connection
from storage.rows import stamp

_OF_OLD = "where workspace = :workspace and channel = :old"


def move_channel(con: Connection, workspace: str, old: str, new: str, *, now: datetime) -> bool:
    """Let everything of channel *old* be of channel *new*; False: *old* is not known."""
    key = {"workspace": workspace, "old": old, "new": new}
    known = con.execute(
        "select 1 from channel where workspace = :workspace and id = :old", key
    ).fetchone()
    if known is None or old == new:
        return False
    _move_row(con, key)
    _merge_ideas(con, key, now)
    con.defer_foreign_keys()
    con.execute(
        f"""delete from delivery {_OF_OLD} and (kind, subject) in (
          select kind, subject from delivery where workspace = :workspace and channel = :new)""",
        key,
    )
    # What points at a delivery comes before it: it would go with a delivery that is not moved.
    for table in con.tables_with("channel"):
        con.execute(f"update or ignore {table} set channel = :new {_OF_OLD}", key)
        con.execute(f"delete from {table} {_OF_OLD}", key)
    con.execute(
        """update or ignore outbox set key = :new
        where workspace = :workspace and effect = 'channel' and key = :old""",
        key,
    )
    con.execute("delete from channel where workspace = :workspace and id = :old", key)
    shares.take_down(con, workspace, new, now=now)
    return True


def _move_row(con: Connection, key: dict[str, str]) -> None:
    """The channel's own row: its settings, since when it is known, and its former ids."""
    con.execute(
        """insert into channel (workspace, id, name, private, member, archived, invited_by,
          first_seen, zone, digest, prompt, marked_only, observances, previews, breaks,
          paused_until, pinned, line, book, former)
        select workspace, :new, name, private, member, archived, invited_by, first_seen, zone,
          digest, prompt, marked_only, observances, previews, breaks, paused_until, pinned,
          line, book, trim(former || ' ' || id)
        from channel where workspace = :workspace and id = :old
        on conflict (workspace, id) do update set first_seen = min(first_seen, excluded.first_seen),
          invited_by = case when invited_by = '' then excluded.invited_by else invited_by end,
          zone = coalesce(zone, excluded.zone), digest = coalesce(digest, excluded.digest),
          prompt = coalesce(prompt, excluded.prompt),
          marked_only = max(marked_only, excluded.marked_only), former = excluded.former,
          observances = max(observances, excluded.observances), previews = excluded.previews,
          breaks = case when breaks = '' then excluded.breaks else breaks end,
          paused_until = coalesce(paused_until, excluded.paused_until),
          pinned = case when pinned = '' then excluded.pinned else pinned end,
          book = max(book, excluded.book),
          line = case when line = '' then excluded.line else line end""",
        key,
    )


def _merge_ideas(con: Connection, key: dict[str, str], now: datetime) -> None:
    """Messages kept under both ids: the later number is withdrawn and stands nowhere."""
    both = con.execute(
        """select b.id, b.ts from idea a join idea b
          on b.workspace = a.workspace and b.channel = :new and b.ts = a.ts
        where a.workspace = :workspace and a.channel = :old""",
        key,
    ).fetchall()
    for id_, ts in both:
        place = Place(key["workspace"], key["new"], ts)
        withdrawals.withdraw(con, place, Withdrawal.REMOVED, now=now)
        con.execute(
            "update idea set ts = null, withdrawn_at = :now where id = :id",
            {"id": id_, "now": stamp(now)},
        )
