"""The outbox: effects to be done outside the database, each (effect, channel, key) once."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.core.model.work import Effect, Job, NewJob
from storage.connection import Connection
from storage.rows import clean, instant, stamp

_PUT = """insert into outbox (workspace, effect, channel, key, payload, due, put_off_at)
values (:workspace, :effect, :channel, :key, :payload, :due, :asked)
on conflict (workspace, effect, channel, key) do update set version = version + 1,
  due = min(due, excluded.due),
  put_off_at = case when excluded.due < due then excluded.put_off_at else put_off_at end,
  payload = case when excluded.payload = '{}' then payload else excluded.payload end"""


def put(
    con: Connection,
    workspace: str,
    effect: Effect,
    key: str,
    *,
    due: datetime,
    channel: str = "",
    payload: Mapping[str, object] | None = None,
    now: datetime | None = None,
) -> None:
    """Queue an effect. One that waits already stays, due no later than asked.

    *now*: when it was asked for; None: when it is due.
    """
    row = _row(workspace, effect, key, stamp(due)) | {"asked": stamp(now or due)}
    con.execute(_PUT, row | {"channel": channel, "payload": json.dumps(payload or {})})
    con.queued = True


def queue(con: Connection, workspace: str, keys: Mapping[Effect, str], *, now: datetime) -> None:
    """Queue effects, each under its key; an empty key asks for nothing."""
    due = stamp(now)
    rows = [_row(workspace, effect, key, due) for effect, key in keys.items() if key]
    if rows:
        con.executemany(_PUT, rows)
        con.queued = True


def _row(workspace: str, effect: Effect, key: str, due: str) -> dict[str, object]:
    return {
        "workspace": workspace,
        "effect": effect.value,
        "channel": "",
        "key": key,
        "payload": "{}",
        "due": due,
        "asked": due,
    }


def enqueue(con: Connection, workspace: str, job: NewJob, *, now: datetime) -> None:
    """Queue a job `job.after` seconds from *now*."""
    due = now + timedelta(seconds=job.after)
    put(
        con,
        workspace,
        job.effect,
        job.key,
        due=due,
        channel=job.channel,
        payload=job.payload,
        now=now,
    )


def jobs(con: Connection, now: datetime, *, limit: int) -> Sequence[Job]:
    """Due jobs, at most *limit* of each effect; also those that a clock gone back put off."""
    return [job for effect in Effect for job in _jobs(con, effect, now, limit)]


def _jobs(con: Connection, effect: Effect, now: datetime, limit: int) -> Iterator[Job]:
    rows = con.execute(
        """select id, workspace, channel, key, payload, attempts, version from outbox
        where effect = :effect and (due <= :now or put_off_at > :now)
        order by due, id limit :limit""",
        {"effect": effect.value, "now": stamp(now), "limit": limit},
    )
    for row in rows:
        yield Job(
            id=row["id"],
            workspace=row["workspace"],
            effect=effect,
            channel=row["channel"],
            key=row["key"],
            payload=json.loads(row["payload"]),
            attempts=row["attempts"],
            version=row["version"],
        )


def next_due(con: Connection) -> datetime | None:
    """When the earliest job is due: one look into the index for each effect."""
    dues = [
        due
        for effect in Effect
        for (due,) in con.execute(
            "select min(due) from outbox where effect = :effect", {"effect": effect.value}
        )
        if due is not None
    ]
    return instant(min(dues)) if dues else None


def done(con: Connection, job: Job) -> None:
    """Forget a job, unless it was asked for again since it was read."""
    con.execute(
        "delete from outbox where id = :id and version = :version",
        {"id": job.id, "version": job.version},
    )


def pause(con: Connection, workspace: str, method: str, *, now: datetime, until: datetime) -> None:
    """Note that a method of a chat is to be left alone."""
    con.execute(
        """insert into pause (workspace, method, noted_at, until)
        values (:workspace, :method, :now, :until)
        on conflict (workspace, method) do update
          set noted_at = excluded.noted_at, until = excluded.until""",
        {"workspace": workspace, "method": method, "now": stamp(now), "until": stamp(until)},
    )


def pauses(con: Connection, workspace: str, now: datetime) -> Mapping[str, datetime]:
    """The methods to be left alone now, each until when."""
    rows = con.execute(
        """select method, until from pause
        where workspace = :workspace and noted_at <= :now and until > :now""",
        {"workspace": workspace, "now": stamp(now)},
    )
    return {method: instant(until) for method, until in rows}


def take_back(con: Connection, workspace: str, effect: Effect, key: str) -> None:
    """Forget a job that has become needless."""
    con.execute(
        """delete from outbox where workspace = :workspace and effect = :effect and key = :key""",
        {"workspace": workspace, "effect": effect.value, "key": key},
    )


def postpone(con: Connection, job: Job, *, due: datetime, error: str, now: datetime) -> None:
    """Try again at *due*; sooner if it was asked for again meanwhile."""
    con.execute(
        """update outbox set attempts = attempts + 1, error = :error, put_off_at = :now,
          due = case when version = :version then :due else min(due, :due) end
        where id = :id""",
        {
            "id": job.id,
            "version": job.version,
            "due": stamp(due),
            "now": stamp(now),
            "error": clean(error),
        },
    )
