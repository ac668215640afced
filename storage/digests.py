"""A digest's later messages, and what it says beside its ideas.

The first message of a digest is claimed and recorded in `deliveries.py`. Which ideas its later ones
carry is fixed before it is posted; then each is claimed, posted and recorded by itself, in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.core.model.work import Claim, DeliveryKind, Extra, PartClaim, Taken
from storage.connection import Connection
from storage.rows import instant, stamp

LONGEST = timedelta(hours=1)
"""No claim or doubt lasts so long: what does was noted by a clock that has gone back since."""

THIS = "workspace = :workspace and channel = :channel and kind = :kind and period = :period"
_PART = f"{THIS} and part = :part"


# -- later messages ---------------------------------------------------------------------------


def divide(con: Connection, claim: Claim, parts: Sequence[Sequence[int]]) -> None:
    """Fix which ideas stand in which later message; what is in none stands in the first."""
    key = _key(claim)
    con.execute(f"delete from delivery_part where {THIS}", key)  # noqa: S608
    con.execute(f"update delivery_idea set part = 0 where {THIS}", key)  # noqa: S608
    for part, ideas in enumerate(parts, 1):
        con.execute(
            """insert into delivery_part (workspace, channel, kind, period, part)
            values (:workspace, :channel, :kind, :period, :part)""",
            key | {"part": part},
        )
        con.executemany(
            f"update delivery_idea set part = :part where {THIS} and idea_id = :id",  # noqa: S608
            [key | {"part": part, "id": id_} for id_ in ideas],
        )


def claim_part(
    con: Connection,
    workspace: str,
    channel: str,
    kind: DeliveryKind,
    period: str,
    *,
    now: datetime,
    lease: timedelta,
) -> PartClaim | Taken | None:
    """Take the right to post the next later message of what was sent."""
    key: dict[str, Any] = {
        "workspace": workspace,
        "channel": channel,
        "kind": kind.value,
        "period": period,
        "now": stamp(now),
        "lease": stamp(now + lease),
    }
    row = con.execute(
        f"""select part, until, doubtful, (select ts from delivery where {THIS})
        from delivery_part where {THIS} and sent_at is null order by part limit 1""",  # noqa: S608
        key,
    ).fetchone()
    if row is None:
        return None
    part, until, doubtful, thread = row
    if key["now"] < until <= stamp(now + LONGEST):
        return Taken(sent=False, until=instant(until), doubtful=bool(doubtful))
    key["part"] = part
    attempt, claimed_at = con.execute(
        f"""update delivery_part set attempt = attempt + 1, until = :lease, doubtful = 0,
          claimed_at = case when attempt = 0 then :now else claimed_at end
        where {_PART} returning attempt, claimed_at""",  # noqa: S608
        key,
    ).fetchone()
    (parts,) = con.execute(f"select count(*) from delivery_part where {THIS}", key).fetchone()  # noqa: S608
    ideas = con.execute(
        f"select idea_id from delivery_idea where {_PART} order by position",  # noqa: S608
        key,
    )
    return PartClaim(
        workspace=workspace,
        channel=channel,
        kind=kind,
        period=period,
        part=part,
        parts=parts,
        thread=thread,
        attempt=attempt,
        claimed_at=instant(claimed_at),
        ideas=tuple(id_ for (id_,) in ideas),
    )


def part_sent(con: Connection, claim: PartClaim, ts: str, *, now: datetime) -> None:
    """It stands in the thread, whoever posted it; its ideas are used up. The first word stays."""
    key = _key(claim)
    con.execute(
        f"""update delivery_part set sent_at = :now, ts = :ts, doubtful = 0
        where {_PART} and sent_at is null""",  # noqa: S608
        key | {"ts": ts, "now": stamp(now)},
    )
    con.execute(
        f"""update idea set digested = :period
        where id in (select idea_id from delivery_idea where {_PART})""",  # noqa: S608
        key,
    )


def part_doubt(con: Connection, claim: PartClaim, *, until: datetime) -> None:
    """The answer was lost. Says nothing when somebody else has taken over since."""
    con.execute(
        f"""update delivery_part set doubtful = 1, until = :until
        where {_PART} and attempt = :attempt and sent_at is null""",  # noqa: S608
        _key(claim) | {"until": stamp(until)},
    )


def part_release(con: Connection, claim: PartClaim) -> None:
    """Certainly not posted by the first attempt: as if it had never been."""
    con.execute(
        f"""update delivery_part set attempt = 0, until = '', doubtful = 0
        where {_PART} and attempt = :attempt and sent_at is null""",  # noqa: S608
        _key(claim),
    )


def part_dropped(con: Connection, claim: PartClaim) -> None:
    """It will never be posted. Its ideas are in no digest, unless somebody took over since."""
    key = _key(claim)
    gone = con.execute(
        f"""delete from delivery_part where {_PART} and attempt = :attempt and sent_at is null
        returning part""",  # noqa: S608
        key,
    ).fetchone()
    if gone is not None:
        con.execute(f"delete from delivery_idea where {_PART}", key)  # noqa: S608


def unfinished(con: Connection, workspace: str, channel: str, kind: DeliveryKind) -> Sequence[str]:
    """The periods of what was sent without all of its later messages, oldest first."""
    rows = con.execute(
        """select distinct p.period from delivery_part p
          join delivery d using (workspace, channel, kind, period)
        where p.workspace = :workspace and p.channel = :channel and p.kind = :kind
          and p.sent_at is null and d.sent_at is not null order by p.period""",
        {"workspace": workspace, "channel": channel, "kind": kind.value},
    )
    return [period for (period,) in rows]


def _key(claim: Claim | PartClaim) -> dict[str, Any]:
    key = {
        "workspace": claim.workspace,
        "channel": claim.channel,
        "kind": claim.kind.value,
        "period": claim.period,
        "attempt": claim.attempt,
    }
    return key | {"part": claim.part} if isinstance(claim, PartClaim) else key


# -- what it says beside its ideas ------------------------------------------------------------


def add_extras(
    con: Connection, key: Mapping[str, object], extras: Sequence[tuple[Extra, str]]
) -> None:
    """Fix them, at the first claim."""
    con.executemany(
        """insert into delivery_extra (workspace, channel, kind, period, position, what, ref)
        values (:workspace, :channel, :kind, :period, :position, :what, :ref)""",
        [
            {**key, "position": n, "what": what.value, "ref": ref}
            for n, (what, ref) in enumerate(extras)
        ],
    )


def extras(con: Connection, key: Mapping[str, object]) -> tuple[tuple[Extra, str], ...]:
    """What the first claim fixed."""
    rows = con.execute(
        f"select what, ref from delivery_extra where {THIS} order by position",  # noqa: S608
        key,
    )
    return tuple((Extra(what), ref) for what, ref in rows)


def digests_sent(con: Connection, workspace: str, channel: str) -> int:
    """How many digests stand in a channel."""
    (count,) = con.execute(
        """select count(*) from delivery where workspace = :workspace and channel = :channel
          and kind = 'digest' and sent_at is not null""",
        {"workspace": workspace, "channel": channel},
    ).fetchone()
    return int(count)
