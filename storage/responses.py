"""What a message gathers: replies and reactions, remembered by key and counted on the idea's row.

Replies and reactions may come before the message they belong to, and in any order.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.core.model.posts import Place, Reaction
from bot.core.model.vocabulary import CROSSES, MARKS
from bot.core.model.work import Effect
from storage import erased, outbox
from storage.connection import Connection
from storage.ideas import HELD, edit_instant
from storage.rows import at, clean, column, insert, instant, stamp


def _listed(names: Iterable[str]) -> str:
    """Names as SQL writes them between brackets."""
    return ", ".join(f"'{name}'" for name in sorted(names))


_HERE = "where workspace = :workspace and channel = :channel and ts = :ts"

_REACTIONS = f"""reactions = (
    select count(distinct r.member_id) from idea o cross join reaction r
    where (o.id = idea.id or o.part_of = idea.id)
      and r.workspace = o.workspace and r.channel = o.channel and r.ts = o.ts and r.present = 1
      and r.member_id not in (
        select w.bot_user_id from workspace w where w.id = idea.workspace
        union all
        select m.id from member m
        where m.workspace = idea.workspace and m.id = r.member_id and m.is_bot = 1
      )
      and r.name not in ({_listed(CROSSES)})
      and not (r.name in ({_listed(MARKS)}) and r.member_id is o.author_id)
  )"""
"""How many people reacted to an idea, or to one that was merged into it.

A cross, and an author's own mark, are said to the bot and are no answer to the idea.
"""

# By its keys alone SQLite would read every reply of the channel.
_REPLIES = """replies = (
    select count(*) from idea o cross join reply y indexed by reply_by_parent
    where (o.id = idea.id or o.part_of = idea.id)
      and y.workspace = o.workspace and y.channel = o.channel and y.parent_ts = o.ts
      and y.deleted = 0
  )"""

_THESE = f"""where id in (
    select id from idea {_HERE} union all
    select part_of from idea {_HERE} and part_of is not null
  ) and {HELD}"""
"""The idea at :workspace, :channel, :ts, and the one that it was merged into."""

_COUNT_REACTIONS = f"update idea set {_REACTIONS} {_THESE}"
"""Count how many people reacted to `_THESE`."""

_COUNT_REPLIES = f"update idea set {_REPLIES} {_THESE}"

_NOT_KEPT = """not exists (
    select 1 from idea i
    where i.workspace = reply.workspace and i.channel = reply.channel and i.ts = reply.ts
  )"""
"""Whether a row of `reply` is no idea itself."""

_KEEPS_NOTHING = f"""select 1 from member
  where workspace = :workspace and id = :member_id and keep = 'nothing'
union all
select 1 from {erased.matches(":workspace", ":member_id")} and keeps_nothing = 1"""


def _is_final(con: Connection, place: Place) -> bool:
    """Whether the message was withdrawn for good: nothing about it is remembered any more."""
    row = con.execute(
        f"""select 1 from idea {_HERE} and withdrawn in ('removed', 'deleted')
        union all
        select 1 from ignored_message {_HERE} and deleted = 1""",
        at(place),
    ).fetchone()
    return row is not None


def _kept(con: Connection, place: Place) -> bool:
    row = con.execute(f"select 1 from idea {_HERE}", at(place)).fetchone()
    return row is not None


# -- replies ----------------------------------------------------------------------------------


def add_reply(
    con: Connection,
    parent: Place,
    reply: Place,
    member_id: str,
    *,
    posted_at: datetime | None = None,
) -> None:
    """Count a person's reply, once, unless it was dropped before it came, or they want none kept.

    One that was *posted_at* an instant before its author was erased is not remembered either.

    Under a message that is gone only replies that are ideas themselves are remembered: a kept reply
    must never be taken for a post, which would be missing from the channel's history.
    """
    if _is_final(con, parent) and not _kept(con, reply):
        return
    row = at(reply) | {"parent_ts": parent.ts, "member_id": clean(member_id)}
    if con.execute(_KEEPS_NOTHING, row).fetchone():
        return
    if posted_at is not None and erased.refuses(con, reply.workspace, member_id, posted_at):
        return
    insert(con, "reply", [row], "on conflict do nothing")
    con.execute(_COUNT_REPLIES, at(parent))


def drop_reply(con: Connection, reply: Place) -> None:
    """Forget a deleted reply; the key stays, so that a late copy does not count."""
    row = con.execute(
        """insert into reply (workspace, channel, ts, parent_ts, member_id, deleted)
        values (:workspace, :channel, :ts, '', '', 1)
        on conflict (workspace, channel, ts) do update set deleted = 1, member_id = ''
        returning parent_ts""",
        at(reply),
    ).fetchone()
    con.execute(_COUNT_REPLIES, at(reply) | {"ts": row["parent_ts"]})


# -- reactions --------------------------------------------------------------------------------


def react(con: Connection, reaction: Reaction, *, present: bool, now: datetime) -> None:
    """Remember a reaction or its removal; the latest stamp wins, of equal ones the last to come.

    Of a member who wants nothing kept none is remembered.
    """
    place = at(reaction.place)
    who = place | {"member_id": clean(reaction.member_id)}
    if _is_final(con, reaction.place) or con.execute(_KEEPS_NOTHING, who).fetchone():
        return
    reacted_at = instant(edit_instant(reaction.stamp, now) or stamp(now))
    if erased.refuses(con, reaction.place.workspace, reaction.member_id, reacted_at):
        return
    con.execute(
        """insert into reaction (workspace, channel, ts, name, member_id, stamp, present)
        values (:workspace, :channel, :ts, :name, :member_id, :stamp, :present)
        on conflict (workspace, channel, ts, name, member_id) do update
          set stamp = excluded.stamp, present = excluded.present
          where excluded.stamp >= reaction.stamp""",
        place
        | {
            "name": clean(reaction.name),
            "member_id": clean(reaction.member_id),
            "stamp": reaction.stamp,
            "present": present,
        },
    )
    con.execute(_COUNT_REACTIONS, place)
    _look_up(con, reaction.place, now)


def set_reactions(
    con: Connection, place: Place, reactions: Iterable[tuple[str, str]], *, now: datetime
) -> None:
    """Take over a complete list of (emoji, member), read from the platform a moment ago.

    What an event said within the last minute may be newer than the list and stays. A row keeps
    the stamp of its event, so that the same event, sent again, changes nothing.
    """
    key = at(place)
    settled = f"{now.timestamp() - 60:.6f}"
    listed = {(clean(name), clean(member)) for name, member in reactions}
    for member in {member for _, member in listed}:
        if con.execute(_KEEPS_NOTHING, key | {"member_id": member}).fetchone():
            listed -= {pair for pair in listed if pair[1] == member}
    held = {
        (name, member): (present, since)
        for name, member, present, since in con.execute(
            f"select name, member_id, present, stamp from reaction {_HERE}",
            key,
        )
    }
    new = {"stamp": "", "present": 1}
    insert(
        con,
        "reaction",
        [
            key | {"name": name, "member_id": member} | new
            for name, member in listed - held.keys()
            if not _is_forgotten(con, place, member)
        ],
    )
    for pair, (present, since) in held.items():
        if bool(present) != (pair in listed) and since < settled:
            con.execute(
                f"""update reaction set present = :present
                {_HERE} and name = :name and member_id = :member_id""",
                key | {"name": pair[0], "member_id": pair[1], "present": pair in listed},
            )
    con.execute(_COUNT_REACTIONS, key)
    _look_up(con, place, now)


def _is_forgotten(con: Connection, place: Place, member_id: str) -> bool:
    """Whether a reaction of somebody who was erased may be older than that, as its message is."""
    gone = erased.when(con, place.workspace, member_id)
    if gone is None:
        return False
    row = con.execute(f"select posted_at from idea {_HERE}", at(place)).fetchone()
    return row is None or instant(row["posted_at"]) <= gone


def _look_up(con: Connection, place: Place, now: datetime) -> None:
    """Have those looked up who reacted to an idea and are not known: bots do not count."""
    found = con.execute(
        f"""select distinct r.member_id from reaction r
        where r.workspace = :workspace and r.channel = :channel and r.ts = :ts and r.present = 1
          and not exists (select 1 from member m
            where m.workspace = r.workspace and m.id = r.member_id and m.looked_up_at is not null)
          and exists (select 1 from idea i where i.workspace = r.workspace
            and i.channel = r.channel and i.ts = r.ts and {HELD})""",
        at(place),
    ).fetchall()
    for (id_,) in found:
        outbox.queue(con, place.workspace, {Effect.MEMBER: id_}, now=now)


def reactors(con: Connection, place: Place, name: str) -> frozenset[str]:
    """Who has this emoji on that message now; nobody who is known to be a bot."""
    return frozenset(
        column(
            con,
            """select r.member_id from reaction r where r.workspace = :workspace
          and r.channel = :channel and r.ts = :ts and r.name = :name and r.present = 1
          and not exists (select 1 from member m
            where m.workspace = r.workspace and m.id = r.member_id and m.is_bot = 1)""",
            at(place) | {"name": clean(name)},
        )
    )


def recount(con: Connection, workspace: str, member_id: str) -> None:
    """Count again where this member reacted: they turned out to be a bot, or no longer one."""
    for place in _reacted(con, workspace, member_id):
        con.execute(_COUNT_REACTIONS, place)


def _reacted(con: Connection, workspace: str, member_id: str) -> list[dict[str, object]]:
    places = con.execute(
        """select distinct channel, ts from reaction
        where workspace = :workspace and member_id = :member_id""",
        {"workspace": workspace, "member_id": member_id},
    ).fetchall()
    return [{"workspace": workspace, "channel": channel, "ts": ts} for channel, ts in places]


def delete_of_member(
    con: Connection, workspace: str, member_id: str, *, also_kept: bool = False
) -> None:
    """Remove every reaction and reply of a member who wants nothing kept, and count anew.

    *also_kept*: also replies that are ideas themselves.
    """
    who = {"workspace": workspace, "member_id": member_id, "also_kept": also_kept}
    reacted = _reacted(con, workspace, member_id)
    con.execute("delete from reaction where workspace = :workspace and member_id = :member_id", who)
    for place in reacted:
        con.execute(_COUNT_REACTIONS, place)
    replied = con.execute(
        f"""delete from reply where workspace = :workspace and member_id = :member_id
          and (:also_kept or {_NOT_KEPT}) returning channel, parent_ts""",
        who,
    ).fetchall()
    for channel, parent in set(replied):
        place = {"workspace": workspace, "channel": channel, "ts": parent}
        con.execute(_COUNT_REPLIES, place)


def delete_at(con: Connection, place: Place) -> None:
    """Remove every reaction and reply of a message that is gone for good, but no kept reply."""
    con.execute(
        f"delete from reaction {_HERE}",
        at(place),
    )
    con.execute(
        f"""delete from reply where workspace = :workspace and channel = :channel
          and parent_ts = :ts and {_NOT_KEPT}""",
        at(place),
    )


def count(con: Connection, place: Place, now: datetime) -> None:
    """Count both anew, for an idea that came to stand where some may have gathered already."""
    con.execute(_COUNT_REACTIONS, at(place))
    con.execute(_COUNT_REPLIES, at(place))
    _look_up(con, place, now)


def count_all(con: Connection, ids: Sequence[int]) -> None:
    """Count both anew for ideas that stand somewhere, and ask nobody who they are."""
    con.execute(
        f"""update idea set {_REACTIONS}, {_REPLIES}
        where id in (select value from json_each(:ids)) and ts is not null and {HELD}""",
        {"ids": json.dumps(ids)},
    )
