"""Ideas that the bot posts itself: kept first, then posted, and where they came to stand."""

from datetime import datetime, timedelta

from bot.core.model.ideas import AlreadyKnown, Captured, Draft, Source
from bot.core.model.posts import Place, Post
from bot.core.model.work import Effect
from storage import ideas, outbox, responses
from storage.connection import Connection
from storage.context import Incoming, free_moment, load_contexts
from storage.intake import store
from storage.rows import clean, moment, stamp

SAME = timedelta(minutes=10)
"""Within this time the same text by the same author is the same idea."""


def share(
    con: Connection, post: Post, draft: Draft, *, source: Source, now: datetime
) -> Captured | AlreadyKnown:
    """Keep an idea that is still to be posted."""
    known = con.execute(
        """select id, number from idea where workspace = :workspace and author_id = :author_id
          and posted_at > :since and text = :text and withdrawn is null
        order by number limit 1""",
        {
            "workspace": post.place.workspace,
            "author_id": post.author_id,
            "since": stamp(now - SAME),
            "text": clean(draft.text),
        },
    ).fetchone()
    if known is not None:
        return AlreadyKnown(*known)
    (captured,) = store(con, load_contexts(con, [Incoming(post, draft, source=source, now=now)]))
    return captured


def posted(con: Connection, idea_id: int, ts: str, posted_at: datetime) -> None:
    """Record where it stands. One that was withdrawn meanwhile is to be taken down again."""
    kept = ideas.row_by_id(con, idea_id)
    if kept is None:
        return
    con.execute(
        """update idea set ts = :ts, posted_at = :posted_at,
          moment = case when posted_at = :posted_at then moment else :moment end
        where id = :id""",
        {
            "ts": ts,
            "posted_at": stamp(posted_at),
            "moment": free_moment(con, moment(posted_at)),
            "id": idea_id,
        },
    )
    responses.count(con, Place(kept.workspace, kept.channel, ts), posted_at)
    effect = Effect.UNPUBLISH if kept.gone else Effect.PERMALINK
    outbox.queue(con, kept.workspace, {effect: str(idea_id)}, now=posted_at)
