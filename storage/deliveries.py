"""What is spoken by the week: claims with a lease, what was sent, what is due.

Of one (channel, kind, period) there is one row. It is made by the first claim and never by two:
the insert decides. A claim whose lease ran out is taken over, with what the first one had planned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.core.model.posts import Place
from bot.core.model.work import Claim, DeliveryKind, Extra, Taken
from storage import digests
from storage.connection import Connection
from storage.rows import clean, instant, note_erasure, stamp

_THIS = "workspace = :workspace and channel = :channel and kind = :kind and period = :period"


# -- claims -----------------------------------------------------------------------------------


def claim(
    con: Connection,
    workspace: str,
    channel: str,
    kind: DeliveryKind,
    period: str,
    *,
    at: datetime,
    now: datetime,
    lease: timedelta,
    ideas: Sequence[int] = (),
    extras: Sequence[tuple[Extra, str]] = (),
    prompt_id: str = "",
    prompt_text: str = "",
    begun: datetime | None = None,
) -> Claim | Taken:
    """Take the right to post, or hear who has it."""
    key = {"workspace": workspace, "channel": channel, "kind": kind.value, "period": period}
    times = {"now": stamp(now), "until": stamp(now + lease)}
    first = con.execute(
        """insert into delivery (workspace, channel, kind, period, attempt, claimed_at, until, at,
          prompt_id, prompt_text)
        values (:workspace, :channel, :kind, :period, 1, :begun, :until, :at, :prompt_id,
          :prompt_text)
        on conflict do nothing returning attempt""",
        key
        | times
        | {
            "begun": stamp(begun or now),
            "at": stamp(at),
            "prompt_id": prompt_id,
            "prompt_text": clean(prompt_text),
        },
    ).fetchone()
    if first is not None:
        con.executemany(
            """insert into delivery_idea (workspace, channel, kind, period, position, idea_id)
            values (:workspace, :channel, :kind, :period, :position, :idea_id)""",
            [key | {"position": n, "idea_id": idea_id} for n, idea_id in enumerate(ideas)],
        )
        digests.add_extras(con, key, extras)
        return _claim_of(con, key)
    again = con.execute(
        f"""update delivery set attempt = attempt + 1, until = :until, doubtful = 0
        where {_THIS} and sent_at is null and (until <= :now or until > :never)
        returning attempt""",  # noqa: S608
        key | times | {"never": stamp(now + digests.LONGEST)},
    ).fetchone()
    if again is not None:
        return _claim_of(con, key)
    sent_at, ts, until, doubtful = con.execute(
        f"select sent_at, ts, until, doubtful from delivery where {_THIS}",  # noqa: S608
        key,
    ).fetchone()
    if sent_at is not None:
        return Taken(sent=True, ts=ts)
    return Taken(sent=False, until=instant(until), doubtful=bool(doubtful))


def _claim_of(con: Connection, key: Mapping[str, str]) -> Claim:
    attempt, claimed_at, at, prompt_id, prompt_text = con.execute(
        f"""select attempt, claimed_at, at, prompt_id, prompt_text from delivery
        where {_THIS}""",  # noqa: S608
        key,
    ).fetchone()
    planned = con.execute(
        f"select idea_id from delivery_idea where {_THIS} order by position",  # noqa: S608
        key,
    )
    return Claim(
        workspace=key["workspace"],
        channel=key["channel"],
        kind=DeliveryKind(key["kind"]),
        period=key["period"],
        attempt=attempt,
        claimed_at=instant(claimed_at),
        at=instant(at),
        ideas=tuple(id_ for (id_,) in planned),
        extras=digests.extras(con, key),
        prompt_id=prompt_id,
        prompt_text=prompt_text,
    )


def _key(claim: Claim) -> dict[str, object]:
    return {
        "workspace": claim.workspace,
        "channel": claim.channel,
        "kind": claim.kind.value,
        "period": claim.period,
        "attempt": claim.attempt,
    }


def sent(
    con: Connection, claim: Claim, ts: str, *, now: datetime, until: datetime | None = None
) -> None:
    """It stands in the channel, whoever posted it; its ideas are used up. The first word stays.

    Ideas of later messages are used up when those stand there.
    """
    row = con.execute(
        f"""update delivery set sent_at = :now, ts = :ts, doubtful = 0
        where {_THIS} and sent_at is null returning prompt_id""",  # noqa: S608
        _key(claim) | {"ts": ts, "now": stamp(now)},
    ).fetchone()
    if row is not None and row["prompt_id"]:
        con.execute(
            """update channel set pinned = ''
            where workspace = :workspace and id = :channel and pinned = :prompt_id""",
            _key(claim) | {"prompt_id": row["prompt_id"]},
        )
    if row is not None and claim.kind is DeliveryKind.DIGEST:
        if until is not None:
            digests.divide(con, claim, ())
        con.execute(
            f"""update idea set digested = :period
            where id in (select idea_id from delivery_idea where {_THIS} and part = 0)
              and (:until is null or posted_at <= :until)""",  # noqa: S608
            _key(claim) | {"until": None if until is None else stamp(until)},
        )
        said = digests.extras(con, _key(claim))
        con.executemany(
            "update trial set digested = :period where id = :id",
            [{"period": claim.period, "id": int(ref)} for what, ref in said if what is Extra.TRIAL],
        )
        for line in [ref for what, ref in said if what is Extra.LINE]:
            con.execute(
                """update channel set line = ''
                where workspace = :workspace and id = :channel and line = :line""",
                _key(claim) | {"line": line},
            )
            con.execute(f"delete from delivery_extra where {_THIS} and what = 'line'", _key(claim))  # noqa: S608
            note_erasure(con)


def doubt(con: Connection, claim: Claim, *, until: datetime) -> None:
    """The answer was lost. Says nothing when somebody else has taken over since."""
    con.execute(
        f"""update delivery set doubtful = 1, until = :until
        where {_THIS} and attempt = :attempt and sent_at is null""",  # noqa: S608
        _key(claim) | {"until": stamp(until)},
    )


def release(con: Connection, claim: Claim) -> None:
    """Certainly not posted: the claim is as if never taken, unless somebody took over since."""
    con.execute(
        f"delete from delivery where {_THIS} and attempt = :attempt and sent_at is null",  # noqa: S608
        _key(claim),
    )


# -- what was sent ----------------------------------------------------------------------------


def delivery_at(con: Connection, place: Place) -> tuple[DeliveryKind, str] | None:
    """What was delivered at *place*: kind and prompt id."""
    row = con.execute(
        """select kind, prompt_id from delivery
        where workspace = :workspace and channel = :channel and ts = :ts""",
        {"workspace": place.workspace, "channel": place.channel, "ts": place.ts},
    ).fetchone()
    return None if row is None else (DeliveryKind(row["kind"]), row["prompt_id"])


def recent_prompts(con: Connection, workspace: str, channel: str, limit: int) -> Sequence[str]:
    """Ids of the channel's prompts, latest first; one that may have been posted counts."""
    rows = con.execute(
        """select prompt_id from delivery
        where workspace = :workspace and channel = :channel and kind = 'prompt'
          and prompt_id <> '' and (sent_at is not null or doubtful = 1)
        order by at desc, period desc limit :limit""",
        {"workspace": workspace, "channel": channel, "limit": limit},
    )
    return [id_ for (id_,) in rows]


# -- what is due ------------------------------------------------------------------------------


def due(con: Connection, now: datetime) -> Sequence[tuple[str, str, DeliveryKind, datetime]]:
    """Everything that is due, longest overdue first."""
    rows = con.execute(
        "select workspace, channel, kind, due from due where due <= :now order by due",
        {"now": stamp(now)},
    )
    return [
        (workspace, channel, DeliveryKind(kind), instant(due))
        for workspace, channel, kind, due in rows
    ]


def set_due(
    con: Connection, workspace: str, channel: str, kind: DeliveryKind, due: datetime | None
) -> None:
    """When the next one is due; None: never."""
    key = {"workspace": workspace, "channel": channel, "kind": kind.value}
    if due is None:
        con.execute(
            """delete from due
            where workspace = :workspace and channel = :channel and kind = :kind""",
            key,
        )
        return
    con.execute(
        """insert into due (workspace, channel, kind, due)
        values (:workspace, :channel, :kind, :due)
        on conflict (workspace, channel, kind) do update set due = excluded.due""",
        key | {"due": stamp(due)},
    )


def dues(con: Connection, workspace: str) -> Mapping[tuple[str, DeliveryKind], datetime]:
    """All due times, by channel and kind."""
    rows = con.execute(
        "select channel, kind, due from due where workspace = :workspace",
        {"workspace": workspace},
    )
    return {(channel, DeliveryKind(kind)): instant(due) for channel, kind, due in rows}
