"""The workspace, its channels and its members: what the platform says, and what they told us."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.core.errors import StoreError
from bot.core.model.people import (
    Channel,
    ChannelInfo,
    Keep,
    Member,
    Person,
    Previews,
    Profile,
    Workspace,
)
from bot.core.model.weeks import Span
from bot.core.model.work import Effect
from storage import outbox, responses, trials, upkeep
from storage.rows import clean, instant, maybe_instant, stamp
from storage.sqlite import Connection

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def folded(name: str) -> str:
    """A name as it is compared: without case, without a leading `@`, blanks made one."""
    name = unicodedata.normalize("NFC", clean(name)).casefold()
    return " ".join(name.split()).removeprefix("@")


def _known_by(*names: str) -> set[str]:
    """The names that a member is found by, as they are compared."""
    return {folded(name) for one in names for name in (one, _BRACKETS.sub(" ", one))} - {""}


# -- the workspace ----------------------------------------------------------------------------


def ensure_workspace(con: Connection, workspace: str) -> None:
    """Something may come before the platform said anything of the workspace."""
    if not workspace:
        raise StoreError("It is not known which workspace that is for. Nothing was stored.")
    con.execute(
        "insert into workspace (id) values (:id) on conflict (id) do nothing", {"id": workspace}
    )


def remember_workspace(con: Connection, workspace: Workspace) -> None:
    """Keep what the platform says; reactions of a bot not known before stop counting."""
    old = con.execute(
        "select bot_user_id from workspace where id = :id", {"id": workspace.id}
    ).fetchone()
    con.execute(
        """insert into workspace (id, name, url, bot_user_id, bot_id)
        values (:id, :name, :url, :bot_user_id, :bot_id)
        on conflict (id) do update set name = excluded.name, url = excluded.url,
          bot_user_id = excluded.bot_user_id, bot_id = excluded.bot_id""",
        {
            "id": workspace.id,
            "name": clean(workspace.name),
            "url": workspace.url,
            "bot_user_id": workspace.bot_user_id,
            "bot_id": workspace.bot_id,
        },
    )
    if workspace.bot_user_id and old != (workspace.bot_user_id,):
        responses.recount(con, workspace.id, workspace.bot_user_id)


def workspaces(con: Connection) -> Sequence[Workspace]:
    """Those that the bot was ever installed in, by id. Others were only named by something."""
    rows = con.execute(
        """select id, name, url, bot_user_id, bot_id from workspace
        where bot_user_id <> '' order by id"""
    )
    return [
        Workspace(id=row[0], name=row[1], url=row[2], bot_user_id=row[3], bot_id=row[4])
        for row in rows
    ]


def named(con: Connection) -> Sequence[str]:
    """The ids of all workspaces that anything is kept of."""
    return [row[0] for row in con.execute("select id from workspace where id <> '' order by id")]


# -- channels ---------------------------------------------------------------------------------

_CHANNEL = """select workspace, id, name, private, member, archived, invited_by, first_seen, zone,
  digest, prompt, marked_only, former, observances, previews, breaks, paused_until, pinned,
  deleted, inviter_left, line from channel"""


def _channel_of(row: Sequence[Any]) -> Channel:
    return Channel(
        workspace=row[0],
        id=row[1],
        name=row[2],
        private=row[3] is None or bool(row[3]),
        member=bool(row[4]),
        archived=bool(row[5]),
        invited_by=row[6],
        first_seen=instant(row[7]),
        zone=row[8],
        digest=row[9],
        prompt=row[10],
        marked_only=bool(row[11]),
        former=tuple(row[12].split()),
        observances=bool(row[13]),
        previews=Previews(row[14]),
        breaks=breaks_of(row[15]),
        paused_until=date.fromisoformat(row[16]) if row[16] else None,
        pinned=row[17],
        deleted=bool(row[18]),
        inviter_left=bool(row[19]),
        line=row[20],
    )


def breaks_of(lines: str) -> tuple[Span, ...]:
    """Back from a line for each break, `2026-12-21 to 2027-01-04`."""
    days = (line.split(" to ") for line in lines.splitlines())
    return tuple(Span(*map(date.fromisoformat, pair)) for pair in days)


def channel(con: Connection, workspace: str, id_or_name: str) -> Channel | None:
    """The channel of this id or, failing that, name; of several names the one still in use."""
    wanted = id_or_name.removeprefix("#")
    rows = con.execute(
        f"""{_CHANNEL} where workspace = :workspace
          and (id = :wanted or (lower(name) = :name and name <> ''))
        order by id <> :wanted, archived, not member, first_seen desc limit 1""",
        {"workspace": workspace, "wanted": wanted, "name": wanted.lower()},
    ).fetchall()
    return _channel_of(rows[0]) if rows else None


def channels(con: Connection, workspace: str) -> Sequence[Channel]:
    """All channels ever seen."""
    rows = con.execute(
        f"{_CHANNEL} where workspace = :workspace order by name, id", {"workspace": workspace}
    )
    return [_channel_of(row) for row in rows]


def _channel_known(con: Connection, workspace: str, id_: str) -> Channel:
    row = con.execute(
        f"{_CHANNEL} where workspace = :workspace and id = :id", {"workspace": workspace, "id": id_}
    ).fetchone()
    return _channel_of(row)


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
    _tell_pause(con, workspace, channel, now, spoke=spoke)
    return _channel_known(con, workspace, channel)


def remember_channel(
    con: Connection, workspace: str, info: ChannelInfo, *, now: datetime
) -> Channel:
    """Keep what the platform says of a channel."""
    ensure_workspace(con, workspace)
    spoke = _speaks(con, workspace, info.id)
    con.execute(
        """insert into channel
          (workspace, id, name, private, member, archived, first_seen, looked_up_at)
        values (:workspace, :id, :name, :private, :member, :archived, :now, :now)
        on conflict (workspace, id) do update set name = excluded.name,
          private = excluded.private, member = excluded.member, archived = excluded.archived,
          looked_up_at = excluded.looked_up_at""",
        {
            "workspace": workspace,
            "id": info.id,
            "name": clean(info.name),
            "private": info.private,
            "member": info.member,
            "archived": info.archived,
            "now": stamp(now),
        },
    )
    _tell_pause(con, workspace, info.id, now, spoke=spoke)
    return _channel_known(con, workspace, info.id)


def _speaks(con: Connection, workspace: str, id_: str) -> bool:
    """Whether the bot can speak in a channel, as far as known."""
    row = con.execute(
        """select 1 from channel
        where workspace = :workspace and id = :id and member = 1 and archived = 0""",
        {"workspace": workspace, "id": id_},
    ).fetchone()
    return row is not None


def _tell_pause(con: Connection, workspace: str, id_: str, now: datetime, *, spoke: bool) -> None:
    """Where the bot could speak until now and cannot any more, somebody is to hear of it, once."""
    if spoke and not _speaks(con, workspace, id_):
        outbox.put(con, workspace, Effect.PAUSED, id_, stamp(now), payload=stamp(now))


# -- members ----------------------------------------------------------------------------------


def member(con: Connection, workspace: str, member_id: str) -> Member | None:
    """A member, as far as known."""
    row = con.execute(
        """select name, real_name, title, is_admin, is_guest, is_bot, deleted, looked_up_at,
          school, district, role, keep
        from member where workspace = :workspace and id = :id""",
        {"workspace": workspace, "id": member_id},
    ).fetchone()
    if row is None:
        return None
    return Member(
        person=Person(
            id=member_id,
            name=row[0],
            real_name=row[1],
            title=row[2],
            is_admin=bool(row[3]),
            is_guest=bool(row[4]),
            is_bot=bool(row[5]),
            deleted=bool(row[6]),
        ),
        looked_up_at=maybe_instant(row[7]),
        profile=Profile(school=row[8], district=row[9], role=row[10], keep=Keep(row[11])),
    )


def remember_member(con: Connection, workspace: str, person: Person, *, now: datetime) -> None:
    """Keep what the platform says of a member; fill it into their ideas that lack a name."""
    ensure_workspace(con, workspace)
    known = {
        "workspace": workspace,
        "id": person.id,
        "name": clean(person.name),
        "real_name": clean(person.real_name),
        "title": clean(person.title),
        "is_admin": person.is_admin,
        "is_guest": person.is_guest,
        "is_bot": person.is_bot,
        "deleted": person.deleted,
        "now": stamp(now),
    }
    is_bot, keep = con.execute(
        "select is_bot, keep from member where workspace = :workspace and id = :id", known
    ).fetchone() or (0, Keep.ALL.value)
    wanted = known
    if keep == Keep.NOTHING.value:  # what they may do must be known all the same
        wanted = known | {"name": "", "real_name": "", "title": ""}
    con.execute(
        """insert into member (workspace, id, name, real_name, title, is_admin, is_guest, is_bot,
          deleted, looked_up_at)
        values (:workspace, :id, :name, :real_name, :title, :is_admin, :is_guest, :is_bot,
          :deleted, :now)
        on conflict (workspace, id) do update set name = excluded.name,
          real_name = excluded.real_name, title = excluded.title, is_admin = excluded.is_admin,
          is_guest = excluded.is_guest, is_bot = excluded.is_bot, deleted = excluded.deleted,
          looked_up_at = excluded.looked_up_at""",
        wanted,
    )
    for name in _known_by(str(wanted["name"]), str(wanted["real_name"])):
        con.execute(
            """insert into member_name (workspace, name, member_id)
            values (:workspace, :name, :id) on conflict do nothing""",
            {"workspace": workspace, "name": name, "id": person.id},
        )
    if person.name:  # also of somebody who wants nothing kept, but handed an idea over themselves
        named = con.execute(
            """update idea set author_name = :name, author_real_name = :real_name,
              author_title = :title
            where workspace = :workspace and author_id = :id and author_name = ''
              and withdrawn is null
            returning id, ts is not null and source in ('command', 'form')""",
            known,
        )
        for id_, by_bot in named.fetchall():
            if by_bot:
                outbox.put(con, workspace, Effect.REDRAW, str(id_), stamp(now))
    if person.is_bot != bool(is_bot):
        responses.recount(con, workspace, person.id)


def set_profile(con: Connection, workspace: str, member_id: str, profile: Profile) -> None:
    """Keep what a member told about themselves."""
    ensure_workspace(con, workspace)
    before = keep_of(con, workspace, member_id)
    con.execute(
        """insert into member (workspace, id, school, district, role, keep)
        values (:workspace, :id, :school, :district, :role, :keep)
        on conflict (workspace, id) do update set school = excluded.school,
          district = excluded.district, role = excluded.role, keep = excluded.keep""",
        {
            "workspace": workspace,
            "id": member_id,
            "school": clean(profile.school),
            "district": clean(profile.district),
            "role": clean(profile.role),
            "keep": profile.keep.value,
        },
    )
    if profile.keep is Keep.NOTHING:
        _forget_member(con, workspace, member_id)
        if before is not Keep.NOTHING:  # what they say of their own accord from then on stays
            trials.forget_member(con, workspace, member_id)
    upkeep.erased(con)


def _forget_member(con: Connection, workspace: str, member_id: str) -> None:
    """Of somebody who wants nothing kept stay what they told, and ideas that they do not remove.

    Their names stay as long as an idea bears them, so that it is found by them.
    """
    who = {"workspace": workspace, "id": member_id}
    con.execute(
        """update member set name = '', real_name = '', title = ''
        where workspace = :workspace and id = :id""",
        who,
    )
    con.execute(
        """delete from member_name where workspace = :workspace and member_id = :id
          and not exists (select 1 from idea i where i.workspace = :workspace
            and i.author_id = :id and i.withdrawn is null)""",
        who,
    )
    responses.forget_member(con, workspace, member_id)


def keep_of(con: Connection, workspace: str, member_id: str) -> Keep:
    """What this member lets us keep."""
    row = con.execute(
        "select keep from member where workspace = :workspace and id = :id",
        {"workspace": workspace, "id": member_id},
    ).fetchone()
    return Keep.ALL if row is None else Keep(row[0])


def names(
    con: Connection, workspace: str, ids: Sequence[str], *, public: bool = False
) -> Mapping[str, str]:
    """Names by id, of members and channels, as far as known; *public*: of no private one."""
    found: dict[str, str] = {}
    for id_ in dict.fromkeys(ids):
        row = con.execute(
            """select name from member where workspace = :workspace and id = :id and name <> ''
            union all
            select name from channel where workspace = :workspace and id = :id and name <> ''
              and (private = 0 or not :public)""",
            {"workspace": workspace, "id": id_, "public": public},
        ).fetchone()
        if row is not None:
            found[id_] = row[0]
    return found


def ids_of(con: Connection, workspace: str, who: str) -> list[str]:
    """The ids of whoever has this id, or was ever known by this name."""
    rows = con.execute(
        """select id from member where workspace = :workspace and id = :id
        union
        select member_id from member_name where workspace = :workspace and name = :name""",
        {"id": clean(who).removeprefix("@"), "workspace": workspace, "name": folded(who)},
    )
    return [row[0] for row in rows]


def called(con: Connection, workspace: str, who: str) -> Sequence[Member]:
    """Whoever has this id, or was ever known by this name. *workspace* empty: in all of them."""
    if not workspace:
        return [member for one in named(con) for member in called(con, one, who)]
    found = (member(con, workspace, id_) for id_ in ids_of(con, workspace, who))
    return [one for one in found if one is not None]
