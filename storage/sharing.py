"""Ideas that the bot posts itself: kept first, then posted, and where they came to stand."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.model.ideas import AlreadyKnown, Captured, Credit, Draft, Source
from bot.core.model.posts import Place
from bot.core.model.work import Effect
from storage import ideas, outbox, responses
from storage.connection import Connection
from storage.context import free_moment, load_context, upsert_channel
from storage.ideas import NewIdea
from storage.rows import clean, moment, stamp

SAME = timedelta(minutes=10)
"""Within this time the same text by the same author is the same idea."""


def share(
    con: Connection,
    draft: Draft,
    *,
    workspace: str,
    channel: str,
    author_id: str,
    source: Source,
    credit: str,
    now: datetime,
) -> Captured | AlreadyKnown:
    """Keep an idea that is still to be posted."""
    known = con.execute(
        """select id, number from idea where workspace = :workspace and author_id = :author_id
          and posted_at > :since and text = :text and withdrawn is null
        order by number limit 1""",
        {
            "workspace": workspace,
            "author_id": author_id,
            "since": stamp(now - SAME),
            "text": clean(draft.text),
        },
    ).fetchone()
    if known is not None:
        return AlreadyKnown(*known)
    credited = {one.name.casefold() for one in draft.credits}
    extra = [name for name in map(str.strip, clean(credit).split(";")) if name]
    draft = replace(
        draft,
        credits=draft.credits
        + tuple(Credit(name) for name in extra if name.casefold() not in credited),
    )
    context = load_context(con, Place(workspace, channel, ""), author_id, now, now=now)
    author = context.author
    channel_stale = upsert_channel(con, context, workspace, channel, private=None, now=now)
    author.ensure(con, workspace)
    new = NewIdea(
        author=author,
        draft=draft,
        workspace=workspace,
        channel=channel,
        ts=None,
        posted_at=now,
        moment=context.moment,
        source=source,
        kept_at=now,
    )
    (captured,) = ideas.store(con, [new])
    key = str(captured.id)
    jobs = {
        Effect.PUBLISH: key,
        Effect.MEMBER: author_id if author.stale else "",
        Effect.CHANNEL: channel if channel_stale else "",
        Effect.NAMES: key if draft.unnamed else "",
    }
    outbox.queue(con, workspace, jobs, now=now)
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
    effect = Effect.PERMALINK if kept.withdrawn is None else Effect.UNPUBLISH
    outbox.queue(con, kept.workspace, {effect: str(idea_id)}, now=posted_at)
