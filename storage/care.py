"""What coordinators do with ideas: hide, restore, merge, take apart, sort, give to their author.

What is hidden or merged is `withdrawn` by its row, so that nothing shows it, and keeps its words.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.model.care import Cared, CareNote
from bot.core.model.ideas import Idea, Withdrawal
from bot.core.model.people import Author
from bot.core.model.posts import Post
from bot.core.model.rounds import Pick
from bot.core.model.settings import Change
from bot.core.model.work import Effect
from storage import books, ideas, members, outbox, responses, settings, trials
from storage.connection import Connection
from storage.ideas import IdeaRow
from storage.rows import at, cells_of, clean, insert, many, note_erasure, one, stamp, update

_MOVED, _MERGED = 1, 2
"""Why a credit was given: the idea was theirs before; theirs was merged into it."""
_FIRST_GIVEN = 1000
"""The position of the first credit that was given."""
OWNER = """coalesce(i.author_id, (select c.given_to from care c
  where c.idea_id = i.id and c.what = 'moved' order by c.id desc limit 1))"""
"""Whose an `idea i` is; of a withdrawn one, whose it was, if it had been given to them."""
_NOTE = """select id, idea_id, who, at, what, reason, other_id, member_id, given_to,
  detail from care"""


# -- looking --------------------------------------------------------------------------------------


def aside(con: Connection, workspace: str, number: int) -> Idea | None:
    """The idea of this number if it is hidden or merged."""
    sql = f"{ideas.ONE} i.workspace = :workspace and i.number = :number and i.withdrawn = i.aside"
    return one(con, Idea, sql, {"workspace": workspace, "number": number})


def aside_of(con: Connection, workspace: str, member_id: str) -> Sequence[Idea]:
    """A member's ideas that are hidden or merged, the newest first."""
    return many(
        con,
        Idea,
        f"""{ideas.ONE} i.workspace = :workspace and i.author_id = :member
          and i.aside is not null and i.withdrawn = i.aside order by i.posted_at desc""",
        {"workspace": workspace, "member": clean(member_id)},
    )


def parts_of(con: Connection, idea_id: int) -> Sequence[Idea]:
    """The ideas that were merged into one, the oldest first."""
    return many(con, Idea, f"{ideas.ONE} i.part_of = :id order by i.number", {"id": idea_id})


def care_note(con: Connection, note_id: int) -> CareNote | None:
    """What was done, by its row id."""
    return one(con, CareNote, f"{_NOTE} where id = :id", {"id": note_id})


def last_care(con: Connection, idea_id: int) -> CareNote | None:
    """What was done with an idea last."""
    return one(
        con, CareNote, f"{_NOTE} where idea_id = :id order by id desc limit 1", {"id": idea_id}
    )


def owner_of(con: Connection, post: Post) -> str:
    """Whose idea stands where a post does; of a withdrawn one, whose it was; empty: erased."""
    row = con.execute(
        f"""select coalesce({OWNER}, :author) from idea i
        where i.workspace = :workspace and i.channel = :channel and i.ts = :ts""",
        at(post.place) | {"author": post.author_id},
    ).fetchone()
    return post.author_id if row is None else str(row[0])


def doubtful(con: Connection, workspace: str, channel: str, *, since: datetime) -> Sequence[Idea]:
    """A channel's posts in doubt from *since* on that nobody judged yet, the oldest first."""
    return many(
        con,
        Idea,
        f"""{ideas.ONE} i.workspace = :workspace and i.channel = :channel
          and i.posted_at >= :since and i.kind = 'post' and i.withdrawn is null
          and not exists (select 1 from care c where c.idea_id = i.id and c.what = 'no idea')
        order by i.posted_at""",
        {"workspace": workspace, "channel": channel, "since": stamp(since)},
    )


def pick(con: Connection, workspace: str, channel: str) -> Pick | None:
    """What a coordinator picked for the next digest of a channel."""
    return one(
        con,
        Pick,
        f"select idea_id, member_id from pick {settings.HERE}",
        {"workspace": workspace, "channel": channel},
    )


def set_pick(
    con: Connection,
    workspace: str,
    channel: str,
    idea_id: int | None,
    member_id: str,
    *,
    now: datetime,
) -> None:
    """Let the next digest of a channel show an idea first, or none."""
    key = {"workspace": workspace, "channel": channel}
    before = pick(con, workspace, channel)
    con.execute(f"delete from pick {settings.HERE}", key)
    if idea_id is not None:
        row = key | {"idea_id": idea_id, "member_id": clean(member_id), "at": stamp(now)}
        insert(con, "pick", [row])
    old, new = (
        "" if one is None else f"#{one.number}"
        for one in (
            ideas.row_by_id(con, before.idea_id) if before else None,
            ideas.row_by_id(con, idea_id) if idea_id else None,
        )
    )
    settings.note_changes(con, key, Change(member_id, now, "pick", old, new))


# -- doing ----------------------------------------------------------------------------------------


def care_for(con: Connection, note: CareNote, *, target: str = "") -> CareNote | None:
    """Do what a note says with its idea, write it down, and have those told whom it concerns.

    Args:
        target: id of the member whose idea it is, for MOVED; codes, for SORTED.

    Returns:
        The note as it is kept; None: the idea is not (any more) such that this can be done.
    """
    kept = ideas.row_by_id(con, note.idea_id)
    done = None if kept is None else _DO[note.what](con, kept, note, target)
    if kept is None or done is None:
        return None
    row = cells_of(done) | {"workspace": kept.workspace, "channel": kept.channel}
    row.pop("id")
    insert(con, "care", [row | {"reason": clean(done.reason)}])
    (id_,) = con.execute("select last_insert_rowid()").fetchone()
    if done.what not in {Cared.IDEA, Cared.NO_IDEA}:
        outbox.queue(con, kept.workspace, {Effect.CARED: str(id_)}, now=done.at)
    return replace(done, id=id_)


def _hide(con: Connection, kept: IdeaRow, note: CareNote, _target: str) -> CareNote | None:
    if kept.withdrawn is not None:
        return None
    _put_aside(con, kept, Withdrawal.HIDDEN, note)
    return note


def _put_aside(con: Connection, kept: IdeaRow, how: Withdrawal, note: CareNote) -> None:
    row = {"withdrawn": how.value, "aside": how.value, "withdrawn_at": stamp(note.at)}
    update(con, "idea", kept.id, row | {"part_of": note.other_id})
    outbox.queue(con, kept.workspace, {Effect.MARK: str(kept.id)}, now=note.at)
    books.renew(con, kept.workspace, kept.channel, now=note.at, after=books.SOON)


def _show(con: Connection, kept: IdeaRow, note: CareNote, _target: str) -> CareNote | None:
    if kept.withdrawn != Withdrawal.HIDDEN:
        return None
    _bring_back(con, kept, note)
    return note


def _bring_back(con: Connection, kept: IdeaRow, note: CareNote) -> None:
    row = {"withdrawn": None, "aside": None, "withdrawn_at": None, "part_of": None}
    update(con, "idea", kept.id, row)
    # What had nothing to do while it was aside is done now.
    known = ideas.by_id(con, kept.id)
    key, unposted = str(kept.id), kept.ts is None and kept.source in ideas.BY_BOT
    jobs = {
        Effect.MARK: key,
        Effect.PERMALINK: key,
        Effect.NAMES: key if kept.unnamed else "",
        Effect.PUBLISH: key if unposted else "",
        Effect.MEMBER: known.author.id if known is not None and not known.author.name else "",
    }
    outbox.queue(con, kept.workspace, jobs, now=note.at)


def _merge(con: Connection, kept: IdeaRow, note: CareNote, _target: str) -> CareNote | None:
    """Let an idea be part of another, with all that was part of it."""
    into = ideas.row_by_id(con, note.other_id or 0)
    place = kept.workspace, kept.channel
    if into is None or into.withdrawn is not None or into.id == kept.id:
        return None
    if kept.withdrawn is not None or (into.workspace, into.channel) != place:
        return None
    key = {"into": into.id, "id": kept.id}
    con.execute("update idea set part_of = :into where part_of = :id", key)
    _put_aside(con, kept, Withdrawal.MERGED, note)
    con.execute(
        """update or ignore trial set told_of = coalesce(told_of, idea_id), idea_id = :into
        where idea_id = :id""",
        key,
    )
    _recount(con, into.id, kept.id)
    return note


def _part(con: Connection, kept: IdeaRow, note: CareNote, _target: str) -> CareNote | None:
    if kept.withdrawn != Withdrawal.MERGED or kept.part_of is None:
        return None
    _bring_back(con, kept, note)
    take_back_trials(con, kept.id)
    _recount(con, kept.part_of, kept.id)
    return replace(note, other_id=kept.part_of)


def take_back_trials(con: Connection, idea_id: int) -> None:
    """Let what was told of an idea before it was merged be told of it again."""
    con.execute(
        "update or ignore trial set idea_id = told_of, told_of = null where told_of = :id",
        {"id": idea_id},
    )


def _recount(con: Connection, *ids: int) -> None:
    """Count anew what ideas gathered, and say whom they thank."""
    responses.count_all(con, ids)
    for id_ in ids:
        trials.recount(con, id_)
        con.execute(
            "delete from credit where idea_id = :id and given = :given",
            {"id": id_, "given": _MERGED},
        )
        for part in parts_of(con, id_):
            name = part.author.name or part.author.real_name
            _give_credit(con, part.workspace, id_, part.author.id, name, _MERGED)
        ideas.join_credits(con, id_)


def _give_credit(
    con: Connection, workspace: str, idea_id: int, member_id: str, name: str, given: int
) -> None:
    """Thank somebody once. Whose name is not known is found under their id until it is."""
    if not (member_id or name):
        return
    row = {
        "workspace": workspace,
        "idea_id": idea_id,
        "name": clean(name or member_id),
        "member_id": member_id or None,
        "given": given,
    }
    con.execute(
        f"""insert into credit (workspace, idea_id, position, name, member_id, given)
        select :workspace, :idea_id, (select max({_FIRST_GIVEN}, coalesce(max(position), 0) + 1)
          from credit where idea_id = :idea_id), :name, :member_id, :given
        where not exists (select 1 from credit where idea_id = :idea_id
          and case when :member_id is null then name = :name else member_id = :member_id end)""",
        row,
    )


def _sort(con: Connection, kept: IdeaRow, note: CareNote, target: str) -> CareNote | None:
    if kept.withdrawn is not None:
        return None
    known = ideas.by_id(con, kept.id)
    codes, _, framework = target.partition(" ")
    before = ", ".join(() if known is None else known.components)
    ideas.set_components(
        con, kept.workspace, kept.number, (codes,) if codes else (), framework=framework
    )
    return replace(note, detail=f"{before} > {codes}")


def _move(con: Connection, kept: IdeaRow, note: CareNote, target: str) -> CareNote | None:
    """Give an idea to its author. Whose it was is thanked, unless it only goes back."""
    known = ideas.by_id(con, kept.id)
    new = members.member(con, kept.workspace, target)
    if kept.withdrawn is not None or known is None or new is None or known.author.id == target:
        return None
    back = con.execute(
        "delete from credit where idea_id = :id and member_id = :member and given = :given",
        {"id": kept.id, "member": target, "given": _MOVED},
    )
    author = known.author
    if not back.rowcount:
        name = author.name or author.real_name
        _give_credit(con, kept.workspace, kept.id, author.id, name, _MOVED)
    update(con, "idea", kept.id, ideas.author_cells(Author.of(new)))
    con.execute("delete from author_claim where idea_id = :id", {"id": kept.id})
    _recount(con, kept.id, *([kept.part_of] if kept.part_of else ()))
    redraw = str(kept.id) if kept.source in ideas.BY_BOT else ""
    outbox.queue(con, kept.workspace, {Effect.REDRAW: redraw}, now=note.at)
    note_erasure(con)
    books.renew(con, kept.workspace, kept.channel, now=note.at, after=books.SOON)
    return replace(note, member_id=author.id, given_to=target)


def thank_again(con: Connection, kept: IdeaRow) -> None:
    """Thank whom an idea that is kept again had thanked when it was given to its author."""
    moves = (
        "select member_id, given_to from care where idea_id = :id and what = 'moved' order by id"
    )
    thanked: list[str] = []
    for before, since in con.execute(moves, {"id": kept.id}).fetchall():
        if since in thanked:
            thanked.remove(since)
        else:
            thanked.append(before)
    names = members.names(con, kept.workspace, thanked)
    for who in thanked:
        _give_credit(con, kept.workspace, kept.id, who, names.get(who, ""), _MOVED)
    ideas.join_credits(con, kept.id)


def _judge(con: Connection, kept: IdeaRow, note: CareNote, _target: str) -> CareNote | None:
    """Say whether a post in doubt is an idea; then it is, or nobody is asked again."""
    if kept.withdrawn is not None or not kept.doubtful:
        return None
    if note.what is Cared.IDEA:
        update(con, "idea", kept.id, {"doubtful": 0})
        outbox.queue(con, kept.workspace, {Effect.MARK: str(kept.id)}, now=note.at)
    return note


_DO = {
    Cared.HIDDEN: _hide,
    Cared.SHOWN: _show,
    Cared.MERGED: _merge,
    Cared.PARTED: _part,
    Cared.SORTED: _sort,
    Cared.MOVED: _move,
    Cared.IDEA: _judge,
    Cared.NO_IDEA: _judge,
}


# -- what is withdrawn for good while it is aside, or has parts --------------------------------


def let_go(con: Connection, kept: IdeaRow) -> int | None:
    """Before an idea loses its words: its parts are ideas of their own again.

    Returns:
        Row id of the idea that it was part of: to be counted anew by `recounted` afterwards.
    """
    for part in parts_of(con, kept.id):
        row = {"withdrawn": None, "aside": None, "withdrawn_at": None, "part_of": None}
        update(con, "idea", part.id, row)
        take_back_trials(con, part.id)
        _recount(con, part.id)
    if kept.part_of is not None:
        update(con, "idea", kept.id, {"part_of": None, "aside": None})
        con.execute("update trial set told_of = null where told_of = :id", {"id": kept.id})
    con.execute("update care set reason = '' where idea_id = :id", {"id": kept.id})
    return kept.part_of


def recounted(con: Connection, idea_id: int) -> None:
    """Count anew what an idea gathered, since a part of it went."""
    _recount(con, idea_id)
