"""What must stand in a chat once: claims with a lease, what was sent, and what is due.

Of one (channel, kind, subject) there is a row for each message. All are made by the first claim and
never by two: the insert decides. They are claimed in order. A claim whose lease ran out is taken
over, with what the first one had planned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.model.deliveries import Claim, ClaimUnavailable, Delivery, DeliveryKind, Extra, Plan
from bot.core.model.posts import Place
from storage import books
from storage.connection import Connection
from storage.rows import clean, column, insert, instant, note_erasure, stamp

LONGEST = timedelta(hours=1)
"""No claim or doubt lasts so long: what does was noted by a clock that has gone back since."""

_THIS = "workspace = :workspace and channel = :channel and kind = :kind and subject = :subject"
_MINE = f"{_THIS} and part = :part and attempt = :attempt and sent_at is null"


# -- claims -----------------------------------------------------------------------------------


def claim(
    con: Connection,
    delivery: Delivery,
    plan: Plan,
    *,
    now: datetime,
    lease: timedelta,
    begun: datetime | None = None,
) -> Claim | ClaimUnavailable:
    """Take the right to post the next message of a delivery, or hear who has it.

    Whoever stopped their digest, or was erased, while it was put together has none any more.
    """
    key = _key(delivery)
    if delivery.member and not _is_wanted(con, delivery):
        return ClaimUnavailable(sent=True)
    _plan(con, key, plan, at=delivery.at)
    row = con.execute(
        f"""select part, attempt, until, doubtful from delivery
        where {_THIS} and sent_at is null order by part limit 1""",
        key,
    ).fetchone()
    if row is None:
        (ts,) = con.execute(f"select ts from delivery where {_THIS} and part = 0", key).fetchone()
        return ClaimUnavailable(sent=True, ts=ts or "")
    part, attempt, until, doubtful = row
    if attempt and stamp(now) < until <= stamp(now + LONGEST):
        lost = _claim_of(con, delivery, part) if doubtful else None
        return ClaimUnavailable(sent=False, until=instant(until), doubtful=lost)
    con.execute(
        f"""update delivery set attempt = attempt + 1, until = :until, doubtful = 0,
          claimed_at = case when attempt = 0 then :begun else claimed_at end
        where {_THIS} and part = :part""",
        key | {"part": part, "until": stamp(now + lease), "begun": stamp(begun or now)},
    )
    return _claim_of(con, delivery, part)


def _is_wanted(con: Connection, delivery: Delivery) -> bool:
    key = {"workspace": delivery.workspace, "member": delivery.member}
    sql = "select 1 from subscription where workspace = :workspace and member_id = :member"
    return con.execute(sql, key).fetchone() is not None


def _plan(con: Connection, key: Mapping[str, Any], plan: Plan, *, at: datetime) -> None:
    """Write down what a delivery says, unless that was done before."""
    first = con.execute(
        """insert into delivery (workspace, channel, kind, subject, at, prompt_id, prompt_text)
        values (:workspace, :channel, :kind, :subject, :at, :prompt_id, :prompt_text)
        on conflict do nothing returning part""",
        {
            **key,
            "at": stamp(at),
            "prompt_id": plan.prompt_id,
            "prompt_text": clean(plan.prompt_text),
        },
    ).fetchone()
    if first is None:
        return
    parts = range(1, len(plan.parts))
    insert(con, "delivery", [{**key, "part": part, "at": stamp(at)} for part in parts])
    ideas = [(part, idea_id) for part, some in enumerate(plan.parts) for idea_id in some]
    insert(
        con,
        "delivery_idea",
        [
            {**key, "position": n, "part": part, "idea_id": idea_id}
            for n, (part, idea_id) in enumerate(ideas)
        ],
    )
    insert(
        con,
        "delivery_extra",
        [
            {**key, "position": n, "what": what.value, "ref": ref}
            for n, (what, ref) in enumerate(plan.extras)
        ],
    )


def _claim_of(con: Connection, delivery: Delivery, part: int) -> Claim:
    key = _key(delivery)
    at, prompt_id, prompt_text, ts, last = con.execute(
        f"""select at, prompt_id, prompt_text, ts,
          (select max(part) from delivery where {_THIS})
        from delivery where {_THIS} and part = 0""",
        key,
    ).fetchone()
    attempt, claimed_at = con.execute(
        f"select attempt, claimed_at from delivery where {_THIS} and part = :part",
        {**key, "part": part},
    ).fetchone()
    ideas: list[list[int]] = [[] for _ in range(last + 1)]
    for number, idea_id in con.execute(
        f"select part, idea_id from delivery_idea where {_THIS} order by position",
        key,
    ):
        ideas[number].append(idea_id)
    return Claim(
        delivery=replace(delivery, at=instant(at)),
        part=part,
        thread=ts or "" if part else "",
        attempt=attempt,
        claimed_at=instant(claimed_at),
        plan=Plan(
            parts=tuple(map(tuple, ideas)),
            extras=_extras(con, key),
            prompt_id=prompt_id,
            prompt_text=prompt_text,
        ),
    )


def _extras(con: Connection, key: Mapping[str, Any]) -> tuple[tuple[Extra, str], ...]:
    rows = con.execute(
        f"select what, ref from delivery_extra where {_THIS} order by position",
        key,
    )
    return tuple((Extra(what), ref) for what, ref in rows)


def _key(delivery: Delivery) -> dict[str, Any]:
    return {
        "workspace": delivery.workspace,
        "channel": delivery.channel,
        "kind": delivery.kind.value,
        "subject": delivery.subject,
    }


def _message_key(claim: Claim) -> dict[str, Any]:
    return _key(claim.delivery) | {"part": claim.part, "attempt": claim.attempt}


def sent(
    con: Connection, claim: Claim, ts: str, *, now: datetime, until: datetime | None = None
) -> None:
    """It stands in the chat, whoever posted it; its ideas are used up. The first word stays."""
    key = _message_key(claim) | {"ts": ts or None, "now": stamp(now)}
    row = con.execute(
        f"""update delivery set sent_at = :now, ts = :ts, doubtful = 0
        where {_THIS} and part = :part and sent_at is null returning prompt_id""",
        key,
    ).fetchone()
    if row is None:
        return
    if claim.delivery.member:
        _carry(con, key | {"member": claim.delivery.member}, until)
        return
    if until is not None:  # what followed it, if anything did, stands there as well
        con.execute(f"update delivery_idea set part = 0 where {_THIS}", key)
        con.execute(f"delete from delivery where {_THIS} and part > 0", key)
    con.execute(
        f"""update idea set digested = :subject
        where id in (select idea_id from delivery_idea where {_THIS} and part = :part)
          and (:until is null or posted_at <= :until)""",
        key | {"until": None if until is None else stamp(until)},
    )
    if not claim.part:
        _spend(con, key, row[0])
    if claim.delivery.kind is DeliveryKind.DIGEST:
        books.renew(con, claim.delivery.workspace, claim.delivery.channel, now=now)


def _carry(con: Connection, key: Mapping[str, Any], until: datetime | None) -> None:
    """A member has had what came in by then, if their digest was seen to stand there.

    Where nobody can look, what it may have held comes again: nothing is lost.
    """
    if key["ts"] is not None:
        con.execute(
            f"""update subscription set since = max(since, min(coalesce(:seen, '9'),
              (select at from delivery where {_THIS} and part = 0)))
            where workspace = :workspace and member_id = :member""",
            {**key, "seen": None if until is None else stamp(until)},
        )


def _spend(con: Connection, key: Mapping[str, Any], prompt_id: str) -> None:
    """What a first message says beside its ideas is used up too."""
    if prompt_id:
        con.execute(
            """update channel set pinned = ''
            where workspace = :workspace and id = :channel and pinned = :prompt_id""",
            {**key, "prompt_id": prompt_id},
        )
    said = _extras(con, key)
    for trial in [ref for what, ref in said if what is Extra.TRIAL]:
        con.execute(
            "update trial set digested = :subject where id = :id", {**key, "id": int(trial)}
        )
    for pick in [ref for what, ref in said if what is Extra.PICK]:
        con.execute(
            """delete from pick
            where workspace = :workspace and channel = :channel and idea_id = :pick""",
            {**key, "pick": int(pick)},
        )
    for line in [ref for what, ref in said if what is Extra.LINE]:
        con.execute(
            """update channel set line = ''
            where workspace = :workspace and id = :channel and line = :line""",
            {**key, "line": line},
        )
        con.execute(f"delete from delivery_extra where {_THIS} and what = 'line'", key)
        note_erasure(con)


def doubt(con: Connection, claim: Claim, *, until: datetime) -> None:
    """The answer was lost. Says nothing when somebody else has taken over since."""
    con.execute(
        f"update delivery set doubtful = 1, until = :until where {_MINE}",
        _message_key(claim) | {"until": stamp(until)},
    )


def release(con: Connection, claim: Claim) -> None:
    """Certainly not posted: the claim is as if never taken, unless somebody took over since."""
    if claim.part:
        con.execute(
            f"update delivery set attempt = 0, until = '', doubtful = 0 where {_MINE}",
            _message_key(claim),
        )
    elif con.execute(
        f"delete from delivery where {_MINE} returning part", _message_key(claim)
    ).fetchone():
        con.execute(f"delete from delivery where {_THIS}", _message_key(claim))


def drop(con: Connection, claim: Claim) -> None:
    """It will never be posted. Its ideas are in no digest, unless somebody took over since."""
    con.execute(f"delete from delivery where {_MINE}", _message_key(claim))


def unfinished(con: Connection, workspace: str, channel: str, kind: DeliveryKind) -> Sequence[str]:
    """The subjects of what was sent without all of its later messages, oldest first."""
    return column(
        con,
        """select distinct later.subject from delivery later
          join delivery first using (workspace, channel, kind, subject)
        where later.workspace = :workspace and later.channel = :channel and later.kind = :kind
          and later.sent_at is null and first.part = 0 and first.sent_at is not null
        order by later.subject""",
        {"workspace": workspace, "channel": channel, "kind": kind.value},
    )


# -- what was sent ----------------------------------------------------------------------------


def delivery_at(con: Connection, place: Place) -> tuple[DeliveryKind, str] | None:
    """The weekly message that was delivered at *place*: kind and prompt id."""
    row = con.execute(
        """select kind, prompt_id from delivery
        where workspace = :workspace and channel = :channel and ts = :ts and part = 0
          and kind in ('digest', 'prompt')""",
        {"workspace": place.workspace, "channel": place.channel, "ts": place.ts},
    ).fetchone()
    return None if row is None else (DeliveryKind(row[0]), row[1])


def recent_prompts(con: Connection, workspace: str, channel: str, limit: int) -> Sequence[str]:
    """Ids of the channel's prompts, latest first; one that may have been posted counts."""
    rows = con.execute(
        """select prompt_id from delivery
        where workspace = :workspace and channel = :channel and kind = 'prompt'
          and prompt_id <> '' and (sent_at is not null or doubtful = 1)
        order by at desc, subject desc limit :limit""",
        {"workspace": workspace, "channel": channel, "limit": limit},
    )
    return [row[0] for row in rows]


def digests_sent(con: Connection, workspace: str, channel: str) -> int:
    """How many digests stand in a channel."""
    (count,) = con.execute(
        """select count(*) from delivery where workspace = :workspace and channel = :channel
          and kind = 'digest' and part = 0 and sent_at is not null""",
        {"workspace": workspace, "channel": channel},
    ).fetchone()
    return int(count)
