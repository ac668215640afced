"""The channels: what the platform says of them, and whether the bot is in each."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.core.model.people import Channel, ChannelInfo
from bot.core.model.settings import OFF
from bot.core.model.work import Effect, NewJob
from storage import books, outbox, shares
from storage.connection import Connection
from storage.members import ensure_workspace
from storage.rows import cells_of, many, maybe_instant, one, stamp, upsert

_CHANNEL = """select *, private is not 0 as private, replace(former, ' ', '; ') as former
from channel"""
"""What makes a `Channel`; of two columns of one name the last one counts."""


def channel(con: Connection, workspace: str, id_or_name: str) -> Channel | None:
    """The channel of this id or, failing that, name; of several names the one still in use."""
    wanted = id_or_name.removeprefix("#")
    key = {"workspace": workspace, "id": wanted, "name": wanted.lower()}
    by_id = f"{_CHANNEL} where workspace = :workspace and id = :id"
    # In one statement, both would read the whole table: a name has no index.
    by_name = f"""{_CHANNEL} where workspace = :workspace and lower(name) = :name and name <> ''
        order by archived, not member, first_seen desc limit 1"""
    return one(con, Channel, by_id, key) or one(con, Channel, by_name, key)


def channels(con: Connection, workspace: str) -> Sequence[Channel]:
    """All channels ever seen."""
    sql = f"{_CHANNEL} where workspace = :workspace order by name, id"
    return many(con, Channel, sql, {"workspace": workspace})


def channels_of(con: Connection, workspace: str, ids: Collection[str]) -> Mapping[str, Channel]:
    """Those of these ids that are known, by id."""
    sql = f"""{_CHANNEL} where workspace = :workspace
      and id in (select value from json_each(:ids))"""
    found = many(con, Channel, sql, {"workspace": workspace, "ids": json.dumps([*ids])})
    return {one.id: one for one in found}


def saw_channel(
    con: Connection,
    workspace: str,
    channel: str,
    *,
    now: datetime,
    private: bool | None = None,
    invited_by: str | None = None,
    inviter_left: bool | None = None,
    member: bool = True,
    deleted: bool = False,
) -> Channel:
    """Note that the bot is, or no longer is, in a channel."""
    ensure_workspace(con, workspace)
    spoke = _speaks(con, workspace, channel)
    con.execute(
        """insert into channel (workspace, id, private, member, deleted, invited_by, first_seen)
        values (:workspace, :id, :private, :member, :deleted, coalesce(:invited_by, ''), :now)
        on conflict (workspace, id) do update set member = excluded.member,
          private = coalesce(excluded.private, private), deleted = max(deleted, excluded.deleted),
          inviter_left = coalesce(:inviter_left, inviter_left and :invited_by is null),
          invited_by = coalesce(:invited_by, invited_by)""",
        {
            "workspace": workspace,
            "id": channel,
            "private": private,
            "member": member,
            "invited_by": invited_by,
            "inviter_left": inviter_left,
            "deleted": deleted,
            "now": stamp(now),
        },
    )
    if not member:  # whoever invites the bot again is welcomed again
        con.execute(
            """delete from delivery
            where workspace = :workspace and channel = :id and kind = 'welcome'""",
            {"workspace": workspace, "id": channel},
        )
    shares.take_down(con, workspace, channel, now=now)
    _follow(con, workspace, channel, now, spoke=spoke)
    return channels_of(con, workspace, [channel])[channel]


def remember_channel(
    con: Connection, workspace: str, info: ChannelInfo, *, now: datetime
) -> Channel:
    """Keep what the platform says of a channel; in a new and quiet one, no question is due."""
    ensure_workspace(con, workspace)
    spoke = _speaks(con, workspace, info.id)
    seen = {"workspace": workspace, "first_seen": stamp(now), "looked_up_at": stamp(now)}
    row = cells_of(info) | seen
    if not row["invited_by"]:
        del row["invited_by"]
    if row.pop("quiet"):
        row |= {"prompt": OFF} if _is_new(con, workspace, info.id) else {}
    elif _is_quiet(con, workspace, info.id):
        row["prompt"] = None
    upsert(con, "channel", row, "workspace, id", keep=["first_seen"])
    shares.take_down(con, workspace, info.id, now=now)
    _follow(con, workspace, info.id, now, spoke=spoke)
    return channels_of(con, workspace, [info.id])[info.id]


def _is_new(con: Connection, workspace: str, id_: str) -> bool:
    """Whether a channel is not known but by what came from it."""
    row = con.execute(
        """select 1 from channel where workspace = :workspace and id = :id
          and (looked_up_at is not null or prompt is not null)""",
        {"workspace": workspace, "id": id_},
    ).fetchone()
    return row is None


def _is_quiet(con: Connection, workspace: str, id_: str) -> bool:
    """Whether a channel gets no question because it is quiet, and nobody has chosen yet."""
    row = con.execute(
        """select 1 from channel where workspace = :workspace and id = :id and prompt = :off
          and not exists (
            select 1 from change where workspace = :workspace and channel = :id
              and what = 'prompt')""",
        {"workspace": workspace, "id": id_, "off": OFF},
    ).fetchone()
    return row is not None


def _speaks(con: Connection, workspace: str, id_: str) -> bool:
    """Whether the bot can speak in a channel, as far as known."""
    row = con.execute(
        """select 1 from channel
        where workspace = :workspace and id = :id and member = 1 and archived = 0""",
        {"workspace": workspace, "id": id_},
    ).fetchone()
    return row is not None


def _follow(con: Connection, workspace: str, id_: str, now: datetime, *, spoke: bool) -> None:
    """Where the bot could speak until now and cannot any more, somebody is to hear of it, once.

    Of what the bot was added to they hear where it spoke, and not for each quiet channel of it.
    """
    if spoke and not _speaks(con, workspace, id_) and not _is_quiet(con, workspace, id_):
        since = {"since": stamp(now)}
        job = NewJob(effect=Effect.PAUSED, channel=id_, payload=since)
        outbox.enqueue(con, workspace, job, now=now)
    if not spoke and _speaks(con, workspace, id_):  # what changed meanwhile stands there as it was
        books.renew(con, workspace, id_, now=now)


def set_refusing(
    con: Connection, workspace: str, channel: str, *, since: datetime | None
) -> datetime | None:
    """Note since when a channel takes nothing that the bot posts; the first word stays."""
    (first,) = con.execute(
        """update channel set refused_since = iif(:since is null, null,
          coalesce(refused_since, :since))
        where workspace = :workspace and id = :channel returning refused_since""",
        {"workspace": workspace, "channel": channel, "since": since and stamp(since)},
    ).fetchone()
    return maybe_instant(first)
