"""Trials: who tried whose idea, and what came of it. One for each member and idea."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.model.ideas import Trial
from bot.core.model.work import Effect
from storage import outbox
from storage.connection import Connection
from storage.rows import clean, insert, many, note_erasure, one, stamp, upsert

TRIAL = """select t.id, t.workspace, t.idea_id, t.member_id,
  coalesce(nullif(t.member_name, ''), m.name, '') as name, coalesce(m.title, '') as title,
  t.school, t.outcome as came, t.grades, t.setting, t.words, t.tried_at
from trial t left join member m on m.workspace = t.workspace and m.id = t.member_id"""


def add(con: Connection, trial: Trial) -> Trial | None:
    """Keep a trial, in the place of an earlier one by the same member; None: no such idea."""
    key = {
        "workspace": trial.workspace,
        "idea_id": trial.idea_id,
        "member_id": trial.member_id,
    }
    kept = con.execute(
        """select 1 from idea where id = :idea_id and workspace = :workspace
          and withdrawn is null""",
        key,
    ).fetchone()
    if kept is None:
        return None
    who = {"workspace": trial.workspace, "id": trial.member_id}
    insert(con, "member", [who], "on conflict do nothing")
    name, school = con.execute(
        "select name, school from member where workspace = :workspace and id = :id", who
    ).fetchone()
    said = key | {
        "member_name": name,
        "school": school,
        "outcome": trial.came.value,
        "grades": clean(trial.grades),
        "setting": clean(trial.setting),
        "words": clean(trial.words),
        "tried_at": stamp(trial.tried_at),
    }
    upsert(con, "trial", said, "idea_id, member_id")
    (id_,) = con.execute(
        "select id from trial where idea_id = :idea_id and member_id = :member_id", key
    ).fetchone()
    recount(con, trial.idea_id)
    note_erasure(con)  # what an earlier trial of theirs said
    jobs = {Effect.MEMBER: "" if name else trial.member_id, Effect.TRIED: str(id_)}
    outbox.queue(con, trial.workspace, jobs, now=trial.tried_at)
    return by_id(con, id_)


def by_id(con: Connection, trial_id: int) -> Trial | None:
    """One trial."""
    return one(con, Trial, f"{TRIAL} where t.id = :id", {"id": trial_id})


def of(con: Connection, idea_id: int) -> Sequence[Trial]:
    """Everybody's trial of an idea, the latest first."""
    return many(
        con,
        Trial,
        f"{TRIAL} where t.idea_id = :id order by t.tried_at desc, t.id desc",
        {"id": idea_id},
    )


def fresh(
    con: Connection, workspace: str, channel: str, *, at: datetime, oldest: timedelta
) -> Sequence[Trial]:
    """Trials of a channel's ideas that no sent digest had, oldest first.

    Those of ideas that a coordinator left out are not among them.
    """
    return many(
        con,
        Trial,
        f"""{TRIAL} join idea i on i.id = t.idea_id
        where t.workspace = :workspace and t.digested is null and i.channel = :channel
          and i.withdrawn is null and t.tried_at between :oldest and :at
          and not exists (select 1 from left_out where idea_id = i.id)
        order by t.tried_at, t.id""",
        {
            "workspace": workspace,
            "channel": channel,
            "at": stamp(at),
            "oldest": stamp(at - oldest),
        },
    )


def erase_words(con: Connection, idea_id: int) -> None:
    """The idea is withdrawn: of what was said of it only the count stays, should it come back."""
    con.execute(
        """update trial set words = '', grades = '', setting = '', member_name = '', school = ''
        where idea_id = :id""",
        {"id": idea_id},
    )


def delete(con: Connection, idea_id: int) -> None:
    """The idea is gone for good, and with it what was said of it."""
    con.execute("delete from trial where idea_id = :id", {"id": idea_id})


def delete_of_member(con: Connection, workspace: str, member_id: str) -> None:
    """Remove every trial of a member who wants nothing kept; none of them counts any more."""
    gone = con.execute(
        """delete from trial where workspace = :workspace and member_id = :member_id
        returning idea_id as id""",
        {"workspace": workspace, "member_id": member_id},
    ).fetchall()
    for (idea_id,) in gone:
        recount(con, idea_id)


def recount(con: Connection, idea_id: int) -> None:
    """Count an idea's trials anew, with those that a file counted: its own, and of its parts."""
    con.execute(
        """update idea set tried = (select count(*) from trial where idea_id = :id)
          + (select sum(tried_before) from idea where id = :id or part_of = :id)
        where id = :id""",
        {"id": idea_id},
    )
