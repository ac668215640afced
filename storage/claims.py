"""Who says that an imported idea without an author is theirs, until a coordinator decides."""

from dataclasses import replace
from datetime import datetime

from bot.core.model.people import Author
from bot.core.model.work import Effect, NewJob
from storage import ideas, members, outbox, responses
from storage.connection import Connection
from storage.rows import clean, insert, note_erasure, stamp, update


def add(con: Connection, idea_id: int, member_id: str, *, now: datetime) -> bool:
    """Keep a claim and have it told to who decides; False: it waits already, or cannot be made."""
    idea = ideas.by_id(con, idea_id)
    if (
        idea is None
        or idea.withdrawn is not None
        or idea.author.id
        or waits(con, idea_id, member_id)
    ):
        return False
    row = {"workspace": idea.workspace, "idea_id": idea_id, "member_id": clean(member_id)}
    insert(con, "author_claim", [row | {"at": stamp(now)}])
    _tell(con, Effect.CLAIMED, idea.workspace, idea.channel, idea_id, member_id, now=now)
    return True


def waits(con: Connection, idea_id: int, member_id: str) -> bool:
    """Whether a member's claim waits for a decision."""
    row = con.execute(
        "select 1 from author_claim where idea_id = :id and member_id = :member",
        {"id": idea_id, "member": clean(member_id)},
    ).fetchone()
    return row is not None


def waiting_of(con: Connection, workspace: str, member_id: str) -> int:
    """How many claims of a member wait."""
    (found,) = con.execute(
        "select count(*) from author_claim where workspace = :workspace and member_id = :member",
        {"workspace": workspace, "member": clean(member_id)},
    ).fetchone()
    return int(found)


def decide(con: Connection, idea_id: int, member_id: str, *, accept: bool, now: datetime) -> bool:
    """Put a member's name to an idea, or do not, and let them know; False: no such claim waits."""
    idea = ideas.by_id(con, idea_id)
    if idea is None or idea.withdrawn is not None or not waits(con, idea_id, member_id):
        return False
    if accept:
        set_author(con, idea_id, member_id)
    else:
        con.execute(
            "delete from author_claim where idea_id = :id and member_id = :member",
            {"id": idea_id, "member": clean(member_id)},
        )
    _tell(
        con,
        Effect.CLAIM_DECIDED,
        idea.workspace,
        idea.channel,
        idea_id,
        member_id,
        accepted=accept,
        now=now,
    )
    return True


def set_author(con: Connection, idea_id: int, member_id: str) -> bool:
    """Put a member's name to an idea that has none; False: it has one, or is withdrawn.

    A school that the file told is the one of that day, and stays.
    """
    idea = ideas.by_id(con, idea_id)
    if idea is None or idea.withdrawn is not None or idea.author.id:
        return False
    known = members.member(con, idea.workspace, member_id)
    author = replace(idea.author, id=member_id)
    if known is None:
        members.add_stranger(con, idea.workspace, Author(id=member_id))
    else:
        today = Author.of(known)
        author = replace(
            today,
            name=today.name or author.name,
            title=author.title or today.title,
            school=author.school or today.school,
            district=author.district or today.district,
            role=author.role or today.role,
            licence=author.licence or today.licence,
        )
    update(con, "idea", idea_id, ideas.author_cells(author))
    responses.count_all(con, [idea_id])  # an author's own mark does not count
    con.execute("delete from author_claim where idea_id = :id", {"id": idea_id})
    note_erasure(con)  # the name that the file told has gone
    return True


def _tell(
    con: Connection,
    effect: Effect,
    workspace: str,
    channel: str,
    idea_id: int,
    member_id: str,
    *,
    now: datetime,
    accepted: bool = False,
) -> None:
    about = {"idea": idea_id, "member": member_id, "at": stamp(now), "accepted": accepted}
    key = f"{idea_id} {member_id}"
    outbox.enqueue(
        con, workspace, NewJob(effect=effect, channel=channel, key=key, payload=about), now=now
    )
