"""What files bring in: kept once, quietly, under the day and the author that the file names."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.model.ideas import AlreadyKnown, Captured, NotAnIdea, Nothing, Outcome, Source
from bot.core.model.imports import Arrival
from bot.core.model.people import Keep
from bot.core.model.posts import Post
from storage import erased, ideas, intake, members, responses
from storage.connection import Connection
from storage.context import Incoming, MessageContext, load_contexts
from storage.members import ensure_workspace
from storage.rows import at, clean, column, insert, moment, stamp

DIGESTED = "import"
"""Stands where the period of a digest would: what is imported is no news for a digest."""

NEW = Captured(0, 0)
"""What would be kept."""

_SECOND = 1_000_000


def foresee(con: Connection, arrivals: Sequence[Arrival], *, now: datetime) -> Sequence[Outcome]:
    """What `bring` would do with each; nothing is stored. What is new has no number yet."""
    return [come or NEW for _, _, come in _judged(con, arrivals, now)]


def bring(
    con: Connection, arrivals: Sequence[Arrival], replies: Sequence[Post], *, now: datetime
) -> Sequence[Outcome]:
    """Keep what is new and wanted, bring what an edit changed into step, and count replies."""
    judged = _judged(con, arrivals, now)
    new = [(one, context) for one, context, come in judged if come is None]
    captured = iter(_store(con, new, now))
    outcomes: list[Outcome] = []
    for one, context, come in judged:
        if come is None:
            outcomes.append(next(captured))
        elif context.kept and one.post.edited:
            again = replace(one.post, reactions=None)  # those of today are newer than the file's
            draft = context.incoming.draft
            outcomes.append(intake.change(con, again, draft, fits=False, now=now))
        else:
            outcomes.append(come)
    _count_replies(con, replies)
    return outcomes


def _judged(
    con: Connection, arrivals: Sequence[Arrival], now: datetime
) -> Sequence[tuple[Arrival, MessageContext, Outcome | None]]:
    """Each with what is known of it, and what comes of it; None: it is new and wanted."""
    seen: set[str] = set()
    judged: list[tuple[Arrival, MessageContext, Outcome | None]] = []
    for one, context in zip(arrivals, _contexts(con, arrivals, now), strict=True):
        ident = one.key or one.post.place.ts
        # Of two copies the first one counts.
        twice = AlreadyKnown(0, 0) if ident in seen else None
        come = twice or _known(con, one, context) or _refused(context)
        seen.add(ident)
        judged.append((one, context, come))
    return judged


def _contexts(
    con: Connection, arrivals: Sequence[Arrival], now: datetime
) -> Sequence[MessageContext]:
    messages = []
    for one in arrivals:
        if one.draft is None:
            raise ValueError(f"{one.where} was not read")
        # A post of the channel itself is subject to the wishes that hold for posts.
        source = Source.POST if one.post.place.ts else Source.IMPORT
        messages.append(Incoming(one.post, one.draft, source=source, now=now))
    return load_contexts(con, messages)


def _refused(context: MessageContext) -> NotAnIdea | None:
    if context.incoming.source is Source.IMPORT and not context.erased:
        return NotAnIdea("opted out") if context.keep is Keep.NOTHING else None
    return intake.unwanted(context)


def _known(con: Connection, one: Arrival, context: MessageContext) -> Outcome | None:
    """What comes of what is here already, or was here; None: it is new."""
    place = one.post.place
    if place.ts:
        if not context.kept:
            overtaken = context.overtaken(one.post.edited)
            return Nothing("outdated") if overtaken else None
        row = con.execute(
            """select id, number, withdrawn from idea
            where workspace = :workspace and channel = :channel and ts = :ts""",
            at(place),
        ).fetchone()
    else:
        row = con.execute(
            """select i.id, i.number, i.withdrawn from imported m join idea i on i.id = m.idea_id
            where m.workspace = :workspace and m.key = :key""",
            {"workspace": place.workspace, "key": one.key},
        ).fetchone() or _twin(con, one)
    if row is None:
        return None
    id_, number, withdrawn = row
    return AlreadyKnown(id_, number) if withdrawn is None else Nothing("withdrawn")


def _twin(con: Connection, one: Arrival) -> Sequence[object] | None:
    """The idea that a row of our own export was made of; of a withdrawn one, number and time."""
    if not one.number or one.draft is None:
        return None
    first = moment(one.post.posted_at)
    rows = con.execute(
        """select id, number, withdrawn, text from idea
        where workspace = :workspace and moment >= :first and moment < :last""",
        {
            "workspace": one.post.place.workspace,
            "first": first,
            "last": first + _SECOND,
        },
    ).fetchall()
    text = clean(one.draft.text)
    for id_, number, withdrawn, kept in rows:
        same = number == one.number if withdrawn is not None else kept.startswith(text)
        if same:
            return (id_, number, withdrawn)
    return None


# -- what is new ------------------------------------------------------------------------------


def _store(
    con: Connection, new: Sequence[tuple[Arrival, MessageContext]], now: datetime
) -> Sequence[Captured]:
    """Store new ideas under the next numbers, with all that hangs on them; queue nothing."""
    if not new:
        return ()
    workspace = new[0][0].post.place.workspace
    _meet(con, new, now)
    (id_,) = con.execute("select coalesce(max(id), 0) from idea").fetchone()
    number, copies = _latest(con, workspace)
    taken: dict[int, int] = {}
    rows, keys, children, captured = [], [], [], []
    for one, context in new:
        id_ += 1
        number = max(number + 1, one.number if copies else 0)
        wanted = _free(con, context.moment, taken)
        row = {"id": id_, "number": number}
        rows.append(row | intake.row_of(con, context) | _told(con, one, context, wanted))
        children.append((workspace, id_, context.incoming.draft))
        captured.append(Captured(id_, number))
        if one.key:
            keys.append({"workspace": workspace, "key": one.key, "idea_id": id_})
    insert(con, "idea", rows)
    insert(con, "imported", keys)
    ideas.insert_children(con, children)
    _gather(con, [one for one, _ in new], workspace)
    responses.count_all(con, [one.id for one in captured])
    first, last = captured[0].id, captured[-1].id
    con.execute(
        "update idea set digested = :import where id between :first and :last",
        {"import": DIGESTED, "first": first, "last": last},
    )
    return captured


def _latest(con: Connection, workspace: str) -> tuple[int, bool]:
    """The latest number, and whether numbers of our own files may be kept.

    They may where nothing but such files has filled the workspace: then it is a copy of another.
    """
    row = con.execute(
        """select number, exists (
            select 1 from imported where idea_id = idea.id and key like 'own:%')
        from idea where workspace = :workspace order by number desc limit 1""",
        {"workspace": workspace},
    ).fetchone()
    return (0, True) if row is None else (row[0], bool(row[1]))


def _free(con: Connection, wanted: int, taken: dict[int, int]) -> int:
    """The first moment from *wanted* on that no idea has, nor any of this batch.

    *taken*: where the search for a moment went on to, so that thousands of one minute are quick.
    """
    found = taken.get(wanted, wanted)
    while found in taken or (found != wanted and _is_taken(con, found)):
        found += 1
    taken[found] = taken[wanted] = found + 1
    return found


def _is_taken(con: Connection, when: int) -> bool:
    sql = "select 1 from idea where moment = :moment"
    return con.execute(sql, {"moment": when}).fetchone() is not None


def _told(con: Connection, one: Arrival, context: MessageContext, when: int) -> dict[str, object]:
    """The cells that the file decides."""
    author = one.author
    if one.post.place.ts:  # as for a post that is read late: what is known of them now
        known = context.author
        author = replace(
            author,
            school=known.school,
            district=known.district,
            role=known.role,
            licence=known.licence,
            grades=known.grades,
        )
    draft = context.incoming.draft
    row: dict[str, object] = {
        "moment": when,
        "source": Source.IMPORT.value,
        "reactions": one.reactions,
        "replies": one.replies,
        "tried": one.tried,
        "tried_before": one.tried,
        "permalink": clean(one.permalink),
        **{
            name: clean(cell) if isinstance(cell, str) else cell
            for name, cell in ideas.author_cells(author).items()
        },
    }
    if one.prompt:
        row["prompt"] = clean(one.prompt)
    else:
        row["prompt"] = intake.prompt_text(con, one.post.place, one.prompt_id)
    row["prompt_id"] = one.prompt_id
    if one.edited_at is not None:
        row["edited_at"] = stamp(one.edited_at)
    else:
        row["edited_at"] = ideas.edit_instant(one.post.edited, context.incoming.now)
    answered = one.replies or one.tried or (one.reactions and not draft.asks)
    row["doubtful"] = bool(ideas.words_of(draft)["doubtful"]) and not answered
    return row


def _meet(con: Connection, new: Sequence[tuple[Arrival, MessageContext]], now: datetime) -> None:
    """Store a row for a channel or an author never seen; the bot is in no such channel."""
    for one, context in new:
        place = one.post.place
        if not context.channel_known:
            ensure_workspace(con, place.workspace)
            row = {"workspace": place.workspace, "id": place.channel, "member": 0}
            row["private"] = one.post.private
            insert(con, "channel", [row | {"first_seen": stamp(now)}], "on conflict do nothing")
        if one.author.id and not context.author_known:
            members.add_stranger(con, place.workspace, one.author)


def _gather(con: Connection, new: Iterable[Arrival], workspace: str) -> None:
    """Store who reacted to what stands in the channel; of none who want nothing kept."""
    unwilling = _unwilling(con, workspace)
    rows = [
        at(one.post.place)
        | {"name": clean(name), "member_id": clean(who), "stamp": "", "present": 1}
        for one in new
        if one.post.place.ts
        for name, who in one.post.reactions or ()
        if who not in unwilling and not erased.refuses(con, workspace, who, one.post.posted_at)
    ]
    insert(con, "reaction", rows, "on conflict do nothing")


def _unwilling(con: Connection, workspace: str) -> set[str]:
    sql = "select id from member where workspace = :workspace and keep = 'nothing'"
    return set(column(con, sql, {"workspace": workspace}))


def _count_replies(con: Connection, replies: Sequence[Post]) -> None:
    """Count replies of people under what is kept, or may be; of none who want nothing kept."""
    if not replies:
        return
    workspace, channel = replies[0].place.workspace, replies[0].place.channel
    parents = json.dumps(list(dict.fromkeys(one.thread for one in replies)))
    key = {"workspace": workspace, "channel": channel, "parents": parents}
    unwilling = _unwilling(con, workspace)
    gone = set(
        column(
            con,
            """select ts from idea where workspace = :workspace and channel = :channel
              and withdrawn in ('removed', 'deleted')
              and ts in (select value from json_each(:parents))
            union all
            select ts from ignored_message where workspace = :workspace and channel = :channel
              and deleted = 1 and ts in (select value from json_each(:parents))""",
            key,
        )
    )
    rows = [
        at(one.place) | {"parent_ts": one.thread, "member_id": clean(one.author_id)}
        for one in replies
        if one.author_id not in unwilling
        and one.thread not in gone
        and not erased.refuses(con, workspace, one.author_id, one.posted_at)
    ]
    insert(con, "reply", rows, "on conflict do nothing")
    counted = con.execute(
        """select id, digested from idea where workspace = :workspace and channel = :channel
          and ts in (select value from json_each(:parents))""",
        key,
    ).fetchall()
    responses.count_all(con, [id_ for id_, _ in counted])
    for id_, digested in counted:
        if digested is not None:  # old replies that are counted late are no news for a digest
            con.execute(
                "update idea set digested = :digested where id = :id and digested is null",
                {"digested": digested, "id": id_},
            )
