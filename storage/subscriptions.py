"""Members' own digests: who wants one, when it is due, and what it may hold."""

import json
from collections.abc import Sequence
from datetime import datetime

from bot.core.model.digest import Asked
from bot.core.model.ideas import Idea
from bot.core.model.subscriptions import Subscription
from bot.core.model.work import Effect, NewJob
from storage import outbox
from storage.connection import Connection
from storage.digests import MAY_STAND
from storage.ideas import ONE
from storage.members import ensure_workspace
from storage.rows import cells_of, insert, many, one, stamp, upsert

_SUBSCRIPTION = """select s.*, m.zone from subscription s
  join member m on m.workspace = s.workspace and m.id = s.member_id"""
_THIS = "workspace = :workspace and member_id = :member_id"
_IN_SIGHT = "i.channel in (select value from json_each(:channels)) and i.author_id is not :but"


# -- who wants one, and when ------------------------------------------------------------------


def subscription(con: Connection, workspace: str, member_id: str) -> Subscription | None:
    """What a member chose; None: they want none."""
    return one(
        con,
        Subscription,
        f"{_SUBSCRIPTION} where s.workspace = :workspace and s.member_id = :member_id",
        {"workspace": workspace, "member_id": member_id},
    )


def subscribe(con: Connection, wanted: Subscription) -> None:
    """Keep what a member chose; a job that has the digest of before in hand is forgotten."""
    ensure_workspace(con, wanted.workspace)
    member = {"workspace": wanted.workspace, "id": wanted.member_id}
    insert(con, "member", [member], "on conflict do nothing")
    row = cells_of(wanted) | {"queued": 0}
    del row["zone"]
    upsert(con, "subscription", row, "workspace, member_id")
    outbox.take_back(con, wanted.workspace, Effect.PERSONAL, wanted.member_id)


def unsubscribe(con: Connection, workspace: str, member_id: str) -> bool:
    """Forget what a member chose; False: they had no subscription."""
    row = con.execute(
        f"delete from subscription where {_THIS} returning 1",
        {"workspace": workspace, "member_id": member_id},
    ).fetchone()
    outbox.take_back(con, workspace, Effect.PERSONAL, member_id)
    return row is not None


def coming(
    con: Connection, workspace: str, *, until: datetime, limit: int
) -> Sequence[Subscription]:
    """Those that are due by *until* or not reckoned, and that no job has in hand."""
    found: list[Subscription] = []
    for when in ("s.due is null", "s.due <= :until"):  # each is one look into the index
        found += many(
            con,
            Subscription,
            f"""select s.*, m.zone from subscription s indexed by subscription_by_due
              join member m on m.workspace = s.workspace and m.id = s.member_id
            where s.workspace = :workspace and not s.queued and {when}
            order by s.due, s.member_id limit :limit""",
            {"workspace": workspace, "until": stamp(until), "limit": limit - len(found)},
        )
    return found


def note_shown(con: Connection, workspace: str, *, at: datetime) -> None:
    """Note of ideas that came to be shown since the last look: since *at* they are."""
    con.execute(
        f"""update idea as i set shown_since = :at
        where i.workspace = :workspace and i.shown_since is null and i.withdrawn is null
          and {MAY_STAND}""",
        {"workspace": workspace, "at": stamp(at)},
    )


def reckon(
    con: Connection,
    reckoned: Sequence[tuple[Subscription, datetime, NewJob | None]],
    *,
    now: datetime,
) -> None:
    """Set due times, and queue the job of each that has one, unless it changed meanwhile."""
    for wanted, due, job in reckoned:
        row = con.execute(
            f"""update subscription set due = :due, queued = :queued
            where {_THIS} and not queued and due is :before returning 1""",
            {
                **_key(wanted),
                "due": stamp(due),
                "queued": int(job is not None),
                "before": None if wanted.due is None else stamp(wanted.due),
            },
        ).fetchone()
        if row is not None and job is not None:
            outbox.enqueue(con, wanted.workspace, job, now=now)


def pass_week(con: Connection, wanted: Subscription, week: str, *, due: datetime) -> None:
    """A week is over and done with; the next one is due then."""
    con.execute(
        f"update subscription set last = max(last, :week), due = :due, queued = 0 where {_THIS}",
        {**_key(wanted), "week": week, "due": stamp(due)},
    )


def _key(wanted: Subscription) -> dict[str, object]:
    return {"workspace": wanted.workspace, "member_id": wanted.member_id}


# -- what one may hold ------------------------------------------------------------------------


def news(
    con: Connection,
    wanted: Subscription,
    channels: Sequence[str],
    *,
    at: datetime,
    oldest: datetime,
) -> Sequence[Idea]:
    """Others' ideas that are shown since the last digest, by *at*, and were posted since *oldest*.

    What they had in a digest before it was put aside is not among them.
    """
    parts = (
        """and exists (select 1 from idea_component c where c.workspace = i.workspace
          and c.idea_id = i.id and c.component in (select value from json_each(:components)))"""
        if wanted.components
        else ""
    )
    return many(
        con,
        Idea,
        f"""{ONE} i.workspace = :workspace and i.shown_since > :since and i.shown_since <= :at
          and +i.posted_at >= :oldest and +i.posted_at <= :at and i.withdrawn is null
          and {MAY_STAND} and {_IN_SIGHT} {parts} and not exists (
            select 1 from told_idea t where t.idea_id = i.id and t.member_id = :but)
        order by i.posted_at, i.number""",
        {
            "workspace": wanted.workspace,
            "but": wanted.member_id,
            "channels": json.dumps(channels),
            "components": json.dumps(wanted.components),
            "since": stamp(wanted.since),
            "at": stamp(at),
            "oldest": stamp(oldest),
        },
    )


def unanswered(
    con: Connection,
    wanted: Subscription,
    channels: Sequence[str],
    *,
    oldest: datetime,
    limit: int,
) -> Sequence[Idea]:
    """Others' questions without a reply from before the last digest, the latest first."""
    return many(
        con,
        Idea,
        f"""{ONE} i.workspace = :workspace and i.kind = 'question' and i.replies = 0
          and i.posted_at >= :oldest and i.posted_at <= :since and +i.shown_since <= :since
          and i.withdrawn is null and i.ts is not null and {MAY_STAND} and {_IN_SIGHT}
        order by i.posted_at desc, i.number desc limit :limit""",
        {
            "workspace": wanted.workspace,
            "but": wanted.member_id,
            "channels": json.dumps(channels),
            "since": stamp(wanted.since),
            "oldest": stamp(oldest),
            "limit": limit,
        },
    )


def asked_lately(
    con: Connection, workspace: str, channels: Sequence[str], *, since: datetime
) -> Sequence[Asked]:
    """The prompts that these channels were asked since then, the latest first."""
    return many(
        con,
        Asked,
        """select c.name as channel, d.prompt_text as text from delivery d
          join channel c on c.workspace = d.workspace and c.id = d.channel
        where d.workspace = :workspace and d.kind = 'prompt' and d.part = 0
          and d.channel in (select value from json_each(:channels))
          and d.sent_at >= :since and d.prompt_text <> '' order by d.sent_at desc, d.channel""",
        {"workspace": workspace, "channels": json.dumps(channels), "since": stamp(since)},
    )
