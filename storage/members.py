"""The workspaces and their members: what the platform says of them, and what they told us."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.errors import StoreError
from bot.core.model.people import Author, Keep, Member, Person, Profile, Workspace
from bot.core.model.work import Effect
from storage import erased, outbox, responses, trials
from storage.connection import Connection
from storage.rows import cells_of, clean, column, insert, many, note_erasure, one, stamp, upsert


def ensure_workspace(con: Connection, workspace: str) -> None:
    """Something may come before the platform said anything of the workspace."""
    if not workspace:
        raise StoreError("It is not known which workspace that is for. Nothing was stored.")
    insert(con, "workspace", [{"id": workspace}], "on conflict do nothing")


def remember_workspace(con: Connection, workspace: Workspace) -> None:
    """Keep what the platform says; reactions of a bot not known before stop counting."""
    old = con.execute(
        "select bot_user_id from workspace where id = :id", {"id": workspace.id}
    ).fetchone()
    upsert(con, "workspace", cells_of(workspace), "id")
    known = "" if old is None else old["bot_user_id"]
    if workspace.bot_user_id not in {"", known}:
        responses.recount(con, workspace.id, workspace.bot_user_id)


def workspaces(con: Connection) -> Sequence[Workspace]:
    """Those that the bot was ever installed in, by id. Others were only named by something."""
    return many(con, Workspace, "select * from workspace where bot_user_id <> '' order by id")


def meant(con: Connection, workspace: str) -> Sequence[str]:
    """That workspace alone; empty: all that anything is kept of, for an operator."""
    if workspace:
        return (workspace,)
    return column(con, "select id from workspace where id <> '' order by id")


_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


_MEMBER = """select id as person_id, name as person_name, real_name as person_real_name,
  title as person_title, is_admin as person_is_admin, is_guest as person_is_guest,
  is_bot as person_is_bot, deleted as person_deleted, zone as person_zone,
  looked_up_at, school as profile_school,
  district as profile_district, role as profile_role, keep as profile_keep,
  shown as profile_shown, licence as profile_licence, grades as profile_grades, asked
from member where workspace = :workspace and id = :id"""


def folded(name: str) -> str:
    """A name as it is compared: without case, without a leading `@`, blanks made one."""
    name = unicodedata.normalize("NFC", clean(name)).casefold()
    return " ".join(name.split()).removeprefix("@")


def _known_by(*names: str) -> set[str]:
    """The names that a member is found by, as they are compared."""
    return {folded(name) for one in names for name in (one, _BRACKETS.sub(" ", one))} - {""}


def member(con: Connection, workspace: str, member_id: str) -> Member | None:
    """A member, as far as known."""
    known = one(con, Member, _MEMBER, {"workspace": workspace, "id": member_id})
    if erased.keeps_nothing(con, workspace, member_id):
        known = known or Member(person=Person(id=member_id, name=""))
        return replace(known, profile=replace(known.profile, keep=Keep.NOTHING))
    return known


def remember_member(con: Connection, workspace: str, person: Person, *, now: datetime) -> None:
    """Keep what the platform says of a member; fill it into their ideas that lack a name.

    Of somebody who was erased nothing is kept that they do not begin anew by a deed of their own: a
    look-up that was under way, or a look at the desk, is none.
    """
    ensure_workspace(con, workspace)
    known = cells_of(person) | {"workspace": workspace, "looked_up_at": stamp(now)}
    row = con.execute(
        "select is_bot, keep from member where workspace = :workspace and id = :id", known
    ).fetchone()
    is_bot, keep = row or (0, Keep.ALL.value)
    wanted = known
    if row is None and erased.when(con, workspace, person.id):
        return
    if erased.keeps_nothing(con, workspace, person.id):
        keep = Keep.NOTHING.value
    if keep == Keep.NOTHING.value:  # what they may do must be known all the same
        wanted = known | {"name": "", "real_name": "", "title": "", "zone": ""}
    untold = () if person.zone else ("zone",)
    upsert(con, "member", wanted, "workspace, id", keep=untold)
    _remember_names(con, workspace, person.id, str(wanted["name"]), str(wanted["real_name"]))
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
                outbox.queue(con, workspace, {Effect.REDRAW: str(id_)}, now=now)
    if person.is_bot != bool(is_bot):
        responses.recount(con, workspace, person.id)


def _remember_names(con: Connection, workspace: str, member_id: str, *names: str) -> None:
    for name in _known_by(*names):
        row = {"workspace": workspace, "name": name, "member_id": member_id}
        insert(con, "member_name", [row], "on conflict do nothing")


def add_stranger(con: Connection, workspace: str, author: Author) -> None:
    """Store a row for somebody whom a file names; the platform was never asked about them."""
    told = {"name": author.name, "real_name": author.real_name, "title": author.title}
    row = {"workspace": workspace, "id": author.id} | {k: clean(v) for k, v in told.items()}
    insert(con, "member", [row], "on conflict do nothing")
    _remember_names(con, workspace, author.id, author.name, author.real_name)


def set_profile(
    con: Connection, workspace: str, member_id: str, profile: Profile, *, earlier: bool = False
) -> int:
    """Keep what a member told about themselves; *earlier*: also on what they shared before."""
    ensure_workspace(con, workspace)
    before = member(con, workspace, member_id)
    row = {"workspace": workspace, "id": member_id, "asked": 1} | cells_of(profile)
    upsert(con, "member", row, "workspace, id")
    changed = _put_on_earlier(con, row) if earlier else 0
    erased.lift(con, workspace, member_id)
    if profile.keep is Keep.NOTHING:
        _forget_member(con, workspace, member_id)
        # What they say of their own accord from then on stays.
        if before is None or before.profile.keep is not Keep.NOTHING:
            trials.delete_of_member(con, workspace, member_id)
    note_erasure(con)
    return changed


def _put_on_earlier(con: Connection, told: Mapping[str, object]) -> int:
    """Put where a member works on their ideas, and on their trials; return how many ideas."""
    con.execute(
        """update trial set school = :school where workspace = :workspace and member_id = :id
          and school <> :school""",
        told,
    )
    changed = con.execute(
        """update idea set school = :school, district = :district, role = :role, grades = :grades
        where workspace = :workspace and author_id = :id and withdrawn is null
          and (school, district, role, grades) is not (:school, :district, :role, :grades)""",
        told,
    )
    return int(changed.rowcount)


def set_asked(con: Connection, workspace: str, member_id: str) -> None:
    """Note that a member was asked about themselves."""
    ensure_workspace(con, workspace)
    row = {"workspace": workspace, "id": member_id, "asked": 1}
    upsert(con, "member", row, "workspace, id")


def earlier(con: Connection, workspace: str, member_id: str) -> int:
    """How many ideas of a member are not under the terms that they chose."""
    sql = f"select count(*) from idea where {_OTHERWISE}"
    return int(con.execute(sql, {"workspace": workspace, "id": member_id}).fetchone()[0])


def license_earlier(con: Connection, workspace: str, member_id: str) -> int:
    """Put earlier ideas of a member under the terms that they chose; how many changed."""
    changed = con.execute(
        f"""update idea set licence = (
          select licence from member where workspace = :workspace and id = :id)
        where {_OTHERWISE}""",
        {"workspace": workspace, "id": member_id},
    )
    return int(changed.rowcount)


_OTHERWISE = """workspace = :workspace and author_id = :id and withdrawn is null and licence <> (
    select licence from member where workspace = :workspace and id = :id)"""


def _forget_member(con: Connection, workspace: str, member_id: str) -> None:
    """Of somebody who wants nothing kept stay what they told, and ideas that they do not remove.

    Their names stay as long as an idea bears them, so that it is found by them.
    """
    who = {"workspace": workspace, "id": member_id}
    con.execute(
        """update member set name = '', real_name = '', title = '', zone = ''
        where workspace = :workspace and id = :id""",
        who,
    )
    con.execute(
        """delete from member_name where workspace = :workspace and member_id = :id
          and not exists (select 1 from idea i where i.workspace = :workspace
            and i.author_id = :id and i.withdrawn is null)""",
        who,
    )
    responses.delete_of_member(con, workspace, member_id)
    con.execute(
        "delete from author_claim where workspace = :workspace and member_id = :id",
        who,
    )
    con.execute("delete from subscription where workspace = :workspace and member_id = :id", who)


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
            found[id_] = row["name"]
    return found


def names_of(con: Connection, workspace: str, member_id: str, also: Iterable[str] = ()) -> set[str]:
    """What a member was ever called, as `nameless` takes it; nothing that others are called, too.

    A name of one word is surely theirs where nobody else's name begins with it.
    """
    who = {"workspace": workspace, "id": member_id}
    names = column(
        con, "select name from member_name where workspace = :workspace and member_id = :id", who
    )
    others = "from member_name where workspace = :workspace and member_id <> :id"
    found = set()
    for name in {*names, *map(folded, also)} - {""}:
        key = who | {"name": name, "first": f"{name} ", "last": f"{name}!"}
        if con.execute(f"select 1 {others} and name = :name", key).fetchone():
            continue
        longer = f"select 1 {others} and name > :first and name < :last"
        unsure = " " in name or con.execute(longer, key).fetchone()
        found.add(name if unsure else f"@{name}")
    return found


def ids_of(con: Connection, workspace: str, who: str) -> list[str]:
    """The ids of whoever has this id, or was ever known by this name."""
    return column(
        con,
        """select id from member where workspace = :workspace and id = :id
        union
        select member_id from member_name where workspace = :workspace and name = :name""",
        {"id": clean(who).removeprefix("@"), "workspace": workspace, "name": folded(who)},
    )


def called(con: Connection, workspace: str, who: str) -> Sequence[Member]:
    """Whoever has this id, or was ever known by this name. *workspace* empty: in all of them."""
    if not workspace:
        return [member for one in meant(con, "") for member in called(con, one, who)]
    found = (member(con, workspace, id_) for id_ in ids_of(con, workspace, who))
    return [one for one in found if one is not None]
