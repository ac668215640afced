"""What is known of a message, its channel and its author before the message is kept.

One statement for all messages that came together, and one row: Python gives its lock back for each
row, and has to win it again from the event loop.
"""

import json
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.model.ideas import Credit, Draft, Source
from bot.core.model.people import COLLEAGUE, Author, Keep
from bot.core.model.posts import Mention, Post
from storage import erased
from storage.connection import Connection
from storage.members import ensure_workspace, names_of
from storage.mentions import nameless
from storage.rows import insert, moment, stamp, value_of

FRESH = timedelta(days=1)
"""How long a looked-up name or channel is believed without asking again."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that reads as an idea.

    Attributes:
        post: where it stands; with an empty `place.ts` it is still to be posted.
        prompt_id: the prompt that it answers, if any.
        by: who picked it, if that was not its author.
    """

    post: Post
    draft: Draft
    _: KW_ONLY
    source: Source
    now: datetime
    prompt_id: str = ""
    by: str = ""

    @property
    def by_author(self) -> bool:
        """Whether no one but its author chose it."""
        return self.by in {"", self.post.author_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageContext:
    """A message with what is stored about it, its channel and its author.

    Attributes:
        author: as they are frozen onto an idea.
        author_known: they have a row.
        author_stale: the platform must be asked (again) who they are.
        channel_stale: the platform must be asked (again) about the channel.
        private: None when that is not known.
        moment: the first free one from the instant asked for.
        kept: an idea stands there, perhaps a withdrawn one.
        deleted: the message was deleted.
        ignored: the edit stamp with which it was last no idea; None: it never was.
        answered: replies or reactions are there already.
    erased: its author was erased after they posted it.
    """

    incoming: Incoming
    author: Author
    author_known: bool
    author_stale: bool
    keep: Keep
    greeted: bool
    channel_known: bool
    channel_stale: bool
    private: int | None
    marked_only: bool
    moment: int
    kept: bool
    deleted: bool
    ignored: str | None
    answered: bool
    erased: bool

    def overtaken(self, edited: str) -> bool:
        """Whether a deletion or a later edit came before a copy with this edit stamp."""
        return self.deleted or (self.ignored is not None and self.ignored > edited)

    def is_plain(self) -> bool:
        """Whether it is a new post, and nothing but itself is to be stored."""
        return (
            self.incoming.source is Source.POST
            and self.incoming.post.reactions is None
            and not (self.kept or self.deleted or self.answered)
            and self.ignored is None
            and self.greeted
            and self.channel_known
            and self.incoming.post.private in {None, self.private}
        )


_CONTEXTS = f"""
select json_group_array(json_object(
  'id', m.id, 'name', m.name, 'real_name', m.real_name, 'title', m.title, 'school', m.school,
  'district', m.district, 'role', m.role, 'licence', m.licence, 'grades', m.grades,
  'keep', iif(m.is_bot or exists (
      select 1 from {erased.matches("p.value ->> 0", "p.value ->> 3")} and keeps_nothing = 1),
    'nothing', coalesce(m.keep, 'all')),
  'erased', (select max(at) from {erased.matches("p.value ->> 0", "p.value ->> 3")}),
  'greeted', m.greeted, 'author_looked_up_at', m.looked_up_at,
  'channel', c.id, 'private', c.private, 'channel_looked_up_at', c.looked_up_at,
  'marked_only', c.marked_only, 'deleted', s.deleted, 'ignored', s.edited,
  'taken', exists (select 1 from idea x where x.moment = p.value ->> 4),
  'answered', exists (select 1 from reaction r where r.workspace = p.value ->> 0
    and r.channel = p.value ->> 1 and r.ts = p.value ->> 2)
  or exists (select 1 from reply y where y.workspace = p.value ->> 0
    and y.channel = p.value ->> 1 and y.parent_ts = p.value ->> 2),
  'kept', exists (select 1 from idea i where i.workspace = p.value ->> 0
    and i.channel = p.value ->> 1 and i.ts = p.value ->> 2)))
from json_each(:posts) p
  left join member m on m.workspace = p.value ->> 0 and m.id = p.value ->> 3
  left join channel c on c.workspace = p.value ->> 0 and c.id = p.value ->> 1
  left join ignored_message s on s.workspace = p.value ->> 0
    and s.channel = p.value ->> 1 and s.ts = p.value ->> 2"""


def load_contexts(con: Connection, messages: Sequence[Incoming]) -> list[MessageContext]:
    """Load everything that decides whether and how each message is kept, in one statement."""
    asked = [
        (place.workspace, place.channel, place.ts, post.author_id, moment(post.posted_at))
        for post in (one.post for one in messages)
        for place in (post.place,)
    ]
    (found,) = con.execute(_CONTEXTS, {"posts": json.dumps(asked)}).fetchone()
    rows = json.loads(found)
    return [
        _context(con, row, replace(one, draft=_forgetful(con, one.post, one.draft)))
        for row, one in zip(rows, messages, strict=True)
    ]


def _forgetful(con: Connection, post: Post, draft: Draft) -> Draft:
    """A draft in which nobody is named who was erased after the post was written."""
    workspace = post.place.workspace
    mentioned = [one for one in post.body if isinstance(one, Mention)]
    ids = {one.member_id for one in mentioned} | {one.member_id or "" for one in draft.credits}
    if not ids - {""} or not erased.salts_of(con):
        return draft
    gone = {one for one in ids if erased.refuses(con, workspace, one, post.posted_at)}
    text = draft.text
    for member_id in gone:
        called = [one.label or "" for one in mentioned if one.member_id == member_id]
        called += [one.name for one in draft.credits if one.member_id == member_id]
        text = nameless(text, "\n".join((member_id, *names_of(con, workspace, member_id, called))))
    credited = [Credit(COLLEAGUE) if one.member_id in gone else one for one in draft.credits]
    unnamed = [one for one in draft.unnamed if one.partition("|")[0] not in gone]
    return replace(draft, text=text, credits=tuple(credited), unnamed=tuple(unnamed))


def _context(con: Connection, row: dict[str, Any], incoming: Incoming) -> MessageContext:
    since = stamp(incoming.now - FRESH)
    wanted = moment(incoming.post.posted_at)
    author = Author(id=incoming.post.author_id)
    if row["id"] is not None:
        author = value_of(Author, row)
    stale = not author.name or (row["author_looked_up_at"] or "") < since
    if stale:  # a name looked up long ago is not the name as shown today
        author = replace(author, name="", real_name="", title="")
    return MessageContext(
        incoming=incoming,
        author=author,
        author_known=row["id"] is not None,
        author_stale=stale,
        keep=Keep(row["keep"]),
        greeted=bool(row["greeted"]),
        channel_known=row["channel"] is not None,
        channel_stale=(row["channel_looked_up_at"] or "") < since,
        private=row["private"],
        marked_only=bool(row["marked_only"]),
        moment=free_moment(con, wanted) if row["taken"] else wanted,
        kept=bool(row["kept"]),
        deleted=bool(row["deleted"]),
        ignored=row["ignored"],
        answered=bool(row["answered"]),
        erased=(row["erased"] or "") >= stamp(incoming.post.posted_at),
    )


def free_moment(con: Connection, wanted: int) -> int:
    """The first moment from *wanted* on that no idea has."""
    found = con.execute(
        """select coalesce(
          (select :moment where not exists (select 1 from idea where moment = :moment)),
          (select min(a.moment) + 1 from idea a where a.moment >= :moment
            and not exists (select 1 from idea b where b.moment = a.moment + 1)))""",
        {"moment": wanted},
    ).fetchone()
    return int(found[0])


def ensure_rows(con: Connection, context: MessageContext) -> bool:
    """Store what a message says of its channel, and a row for an author never seen before.

    A message may make a channel private, never public: that only the platform's own description
    may say. Where nothing is known yet, the message is believed.

    Returns:
        Whether the platform must be asked about the channel.
    """
    post = context.incoming.post
    workspace, private = post.place.workspace, post.private
    key = {"workspace": workspace, "id": post.place.channel, "private": private}
    differs = private is not None and context.private != private
    if not context.channel_known:
        ensure_workspace(con, workspace)
        insert(con, "channel", [key | {"first_seen": stamp(context.incoming.now)}])
    elif differs and (private or context.private is None):
        con.execute(
            "update channel set private = :private where workspace = :workspace and id = :id", key
        )
    ensure_author(con, context)
    return differs or context.channel_stale


def ensure_author(con: Connection, context: MessageContext) -> None:
    """Store a row for an author never seen before, so that an idea can point at it."""
    if not context.author_known:
        workspace = context.incoming.post.place.workspace
        insert(con, "member", [{"workspace": workspace, "id": context.author.id}])
