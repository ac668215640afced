"""The outbox: effects to be done outside the database, each (effect, channel, key) once."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.core.model.work import Effect, Job, NewJob
from storage.connection import Connection
from storage.rows import clean, insert, instant, maybe_instant, stamp, upsert, value_of

_EFFECTS = json.dumps([effect.value for effect in Effect])

_AGAIN = """on conflict (workspace, effect, channel, key) do update set version = version + 1,
  due = min(due, excluded.due),
  put_off_at = case when excluded.due < due then excluded.put_off_at else put_off_at end,
  payload = case when excluded.payload = '{}' then payload else excluded.payload end"""


def enqueue(con: Connection, workspace: str, *jobs: NewJob, now: datetime) -> None:
    """Queue jobs, each `job.after` seconds from *now*."""
    insert_rows(con, [_row(workspace, job, now) for job in jobs])


def enqueue_unless_crowd(
    con: Connection, workspace: str, job: NewJob, *, crowd: int, now: datetime
) -> None:
    """Queue a job, and mark all that wait for its channel once there are so many."""
    enqueue(con, workspace, job, now=now)
    con.execute(
        """with those as (select id from outbox
          where workspace = :workspace and effect = :effect and channel = :channel)
        update outbox set payload = '{"crowd": true}'
        where id in those and (select count(*) from those) >= :crowd""",
        {
            "workspace": workspace,
            "effect": job.effect.value,
            "channel": job.channel,
            "crowd": crowd,
        },
    )


def queue(con: Connection, workspace: str, keys: Mapping[Effect, str], *, now: datetime) -> None:
    """Queue effects, each under its key; an empty key asks for nothing."""
    insert_rows(con, rows_of(workspace, keys, now=now))


def rows_of(
    workspace: str, keys: Mapping[Effect, str], *, now: datetime
) -> list[Mapping[str, object]]:
    """Rows of what `queue` queues, for `insert_rows`."""
    jobs = [NewJob(effect=effect, key=key) for effect, key in keys.items() if key]
    return [_row(workspace, job, now) for job in jobs]


def insert_rows(con: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Queue jobs. One that waits already stays, due no later than asked."""
    insert(con, "outbox", rows, _AGAIN)
    con.queued = con.queued or bool(rows)


def _row(workspace: str, job: NewJob, now: datetime) -> Mapping[str, object]:
    return {
        "workspace": workspace,
        "effect": job.effect.value,
        "channel": job.channel,
        "key": job.key,
        "payload": json.dumps(job.payload),
        "due": stamp(now + timedelta(seconds=job.after)),
        "put_off_at": stamp(now),
    }


def jobs(con: Connection, now: datetime, *, limit: int) -> Sequence[Job]:
    """Due jobs, at most *limit* of each effect; also those that a clock gone back put off."""
    rows = con.execute(
        """select o.* from json_each(:effects) e join outbox o on o.id in (
          select id from outbox where effect = e.value and (due <= :now or put_off_at > :now)
          order by due, id limit :limit) order by o.due, o.id""",
        {"effects": _EFFECTS, "now": stamp(now), "limit": limit},
    )
    return [value_of(Job, row) for row in rows]


def next_due(con: Connection) -> datetime | None:
    """When the earliest job is due: one look into the index for each effect."""
    (due,) = con.execute(
        """select min((select min(due) from outbox where effect = e.value))
        from json_each(:effects) e""",
        {"effects": _EFFECTS},
    ).fetchone()
    return maybe_instant(due)


def done(con: Connection, job: Job) -> None:
    """Forget a job, unless it was asked for again since it was read."""
    con.execute(
        "delete from outbox where id = :id and version = :version",
        {"id": job.id, "version": job.version},
    )


def pause(con: Connection, workspace: str, method: str, *, now: datetime, until: datetime) -> None:
    """Note that a method of a chat is to be left alone."""
    row = {"workspace": workspace, "method": method, "noted_at": stamp(now), "until": stamp(until)}
    upsert(con, "pause", row, "workspace, method")


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
