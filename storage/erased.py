"""Who was erased: recognised by a salted hash, for their id is nowhere any more.

As a rule there is one salt, made with the first erasure: what comes in is hashed once for each.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final

from storage.connection import Connection
from storage.rows import instant, many, maybe_instant, stamp, upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What database and file beside it hold of an erasure: of a member, or of an idea of theirs.

    An idea's is noted for older copies of the database, and refuses nothing.
    """

    hash: str
    salt: str
    at: datetime
    keeps_nothing: bool = False


def hash_of(salt: str, workspace: str, member_id: str) -> str:
    """The hash by which a member is recognised."""
    said = f"{workspace}\n{member_id}".encode()
    return blake2b(said, key=salt.encode(), digest_size=20).hexdigest()


def matches(workspace: str, member_id: str) -> str:
    """What finds the rows of `erased` that are of a member, of whom these are SQL's words."""
    return f"""erased where hash in (select erased_hash(value, {workspace}, {member_id})
      from json_each((select salts from upkeep where id = 1)))"""


OF_IDEA: Final = "'#' || number || ' ' || moment"
"""What is hashed of an idea that goes with a member, in SQL's words.

A copy from before it was given to them does not say that it is theirs; it may give the number anew,
but not with that moment.
"""

_OF_MEMBER: Final = matches(":workspace", ":member_id")


def new(
    con: Connection, workspace: str, member_id: str, *, now: datetime, keeps_nothing: bool
) -> Erasure:
    """What is to be noted of an erasure; nothing is stored. No idea that is kept is later."""
    key = {"workspace": workspace, "member_id": member_id}
    (latest,) = con.execute(
        "select max(posted_at) from idea where workspace = :workspace and author_id = :member_id",
        key,
    ).fetchone()
    salts = salts_of(con)
    salt = salts[0] if salts else secrets.token_hex(16)
    return Erasure(
        hash=hash_of(salt, workspace, member_id),
        salt=salt,
        at=max(now, instant(latest)) if latest else now,
        keeps_nothing=keeps_nothing,
    )


def note(con: Connection, erasure: Erasure) -> bool:
    """Refuse from now on what a member posted by then; False: that was noted before.

    That they want nothing kept stays so until they choose anew.
    """
    cells = {"hash": erasure.hash, "salt": erasure.salt, "at": stamp(erasure.at)}
    sql = "select at >= :at, keeps_nothing from erased where hash = :hash"
    before, nothing = con.execute(sql, cells).fetchone() or (False, False)
    if before:
        return False
    upsert(con, "erased", cells | {"keeps_nothing": nothing or erasure.keeps_nothing}, "hash")
    salts = [*dict.fromkeys((*salts_of(con), erasure.salt))]
    con.execute("update upkeep set salts = :salts", {"salts": json.dumps(salts)})
    return True


def noted(con: Connection) -> Sequence[Erasure]:
    """Every erasure, of members and of ideas."""
    return many(con, Erasure, "select * from erased")


def salts_of(con: Connection) -> list[str]:
    """Every salt in use; none: nobody was ever erased."""
    (salts,) = con.execute("select salts from upkeep where id = 1").fetchone()
    found: list[str] = json.loads(salts)
    return found


def when(con: Connection, workspace: str, member_id: str) -> datetime | None:
    """Until when what a member posted is refused; None: they were never erased."""
    key = {"workspace": workspace, "member_id": member_id}
    (at,) = con.execute(f"select max(at) from {_OF_MEMBER}", key).fetchone()
    return maybe_instant(at)


def refuses(con: Connection, workspace: str, member_id: str, posted_at: datetime) -> bool:
    """Whether a member was erased after they posted something."""
    at = when(con, workspace, member_id)
    return at is not None and posted_at <= at


def keeps_nothing(con: Connection, workspace: str, member_id: str) -> bool:
    """Whether a member who was erased wants nothing kept since."""
    key = {"workspace": workspace, "member_id": member_id}
    sql = f"select 1 from {_OF_MEMBER} and keeps_nothing = 1"
    return con.execute(sql, key).fetchone() is not None


def lift(con: Connection, workspace: str, member_id: str) -> None:
    """They chose anew what may be kept of what they post from now on."""
    key = {"workspace": workspace, "member_id": member_id}
    where = _OF_MEMBER.removeprefix("erased ")
    con.execute(f"update erased set keeps_nothing = 0 {where} and keeps_nothing = 1", key)
