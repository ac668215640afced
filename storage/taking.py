"""Taking in: a post is kept, brought into step with its edits, or remembered as passed by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.keep import CROSSES
from bot.core.model import (
    AlreadyKnown,
    Changed,
    Effect,
    Keep,
    NotAnIdea,
    Nothing,
    Source,
)
from storage import ideas, responses
from storage.rows import stamp
from storage.scene import enter, look

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.model import Draft, Outcome, Place, Post
    from storage.ideas import Kept
    from storage.scene import Frozen, Scene
    from storage.sqlite import Connection


def add(
    con: Connection,
    post: Post,
    draft: Draft,
    *,
    source: Source,
    now: datetime,
    prompt_id: str = "",
    by: str = "",
) -> Outcome:
    """Keep a post that reads as an idea, unless it is known, overtaken or not wanted."""
    scene = _look(con, post, now)
    kept = ideas.kept_at(con, post.place) if scene.kept else None
    if kept is not None:
        return _again(con, kept, post, draft, now)
    if scene.overtaken(post.edited):
        return Nothing("outdated")
    return _keep(con, scene, post, draft, source=source, now=now, prompt_id=prompt_id, by=by)


def change(con: Connection, post: Post, draft: Draft, *, fits: bool, now: datetime) -> Outcome:
    """Bring a kept idea into step with an edit; keep a post that has become an idea."""
    scene = _look(con, post, now)
    kept = ideas.kept_at(con, post.place) if scene.kept else None
    if kept is not None:
        return _again(con, kept, post, draft, now)
    if scene.overtaken(post.edited):
        return Nothing("outdated")
    if fits:
        return _keep(con, scene, post, draft, source=Source.POST, now=now)
    con.execute(
        """insert into passed (workspace, channel, ts, edited)
        values (:workspace, :channel, :ts, :edited)
        on conflict (workspace, channel, ts) do update set edited = max(edited, excluded.edited)""",
        responses.at(post.place) | {"edited": post.edited},
    )
    return NotAnIdea("edited")


def _look(con: Connection, post: Post, now: datetime) -> Scene:
    place = post.place
    return look(
        con,
        place.workspace,
        place.channel,
        place.ts,
        author_id=post.author_id,
        posted_at=post.posted_at,
        now=now,
    )


# -- a new idea -------------------------------------------------------------------------------


def unwanted(
    author: Frozen, draft: Draft, source: Source, *, marked_only: bool, by_author: bool
) -> NotAnIdea | None:
    """Why the author or the channel does not want this kept; None if they do.

    *by_author*: no one but the author chose it. *marked_only*: the channel's wish.
    """
    if author.keep == Keep.NOTHING.value:
        return NotAnIdea("opted out")
    if draft.marked and (by_author or source is not Source.REACTION):
        return None
    chosen = source not in {Source.POST, Source.ANSWER}  # somebody picked it by hand
    if author.keep == Keep.MARKED.value and not (chosen and by_author):
        return NotAnIdea("marked only")
    if marked_only and not chosen:
        return NotAnIdea("marked only")
    return None


def _keep(
    con: Connection,
    scene: Scene,
    post: Post,
    draft: Draft,
    *,
    source: Source,
    now: datetime,
    prompt_id: str = "",
    by: str = "",
) -> Outcome:
    place = post.place
    workspace = place.workspace
    by_author = by in {"", post.author_id}
    author = scene.author
    refusal = unwanted(author, draft, source, marked_only=scene.marked_only, by_author=by_author)
    if refusal is not None:
        return refusal
    if scene.gathered and any(
        post.author_id in responses.reactors(con, place, name) for name in CROSSES
    ):
        return NotAnIdea("crossed")  # its author took it back before it was kept
    channel_stale = enter(con, scene, workspace, place.channel, private=post.private, now=now)
    captured = ideas.insert(
        con,
        author,
        draft,
        {
            "workspace": workspace,
            "channel": place.channel,
            "ts": place.ts,
            "posted_at": stamp(post.posted_at),
            "moment": scene.moment,
            "author_id": post.author_id,
            "source": source.value,
            "prompt_id": prompt_id,
            "prompt": _prompt_text(con, place, prompt_id) if prompt_id else "",
            "edited": post.edited,
            "edited_at": ideas.edit_instant(post.edited, now),
            "kept_at": stamp(now),
        },
    )
    if post.reactions is not None:
        responses.bring_into_step(con, place, post.reactions, now)
    if scene.gathered:
        responses.count(con, place)
    key = str(captured.id)
    by_other = source is Source.REACTION and not by_author
    jobs = {
        Effect.MARK: key,
        Effect.PERMALINK: key,
        Effect.MEMBER: post.author_id if author.stale else "",
        Effect.CHANNEL: place.channel if channel_stale else "",
        Effect.NAMES: key if draft.unnamed else "",
        Effect.FIRST: "" if author.greeted or by_other else key,
        Effect.MARKED: key if by_other else "",
    }
    ideas.queue(con, workspace, now, jobs)
    if not author.greeted:
        con.execute(
            "update member set greeted = 1 where workspace = :workspace and id = :id",
            {"workspace": workspace, "id": post.author_id},
        )
    return captured


def _prompt_text(con: Connection, place: Place, prompt_id: str) -> str:
    """The words of a prompt as they were posted in this channel, the latest time."""
    row = con.execute(
        """select prompt_text from delivery where workspace = :workspace and channel = :channel
          and kind = 'prompt' and prompt_id = :prompt_id order by at desc limit 1""",
        responses.at(place) | {"prompt_id": prompt_id},
    ).fetchone()
    return "" if row is None else str(row[0])


# -- a copy of what is kept -------------------------------------------------------------------


def _again(con: Connection, kept: Kept, post: Post, draft: Draft, now: datetime) -> Outcome:
    """A copy of a message that is kept already: perhaps a newer edit of it."""
    if kept.withdrawn is not None:
        return Nothing("withdrawn")
    if post.reactions is not None:
        responses.bring_into_step(con, post.place, post.reactions, now)
    words = ideas.words_of(draft)
    same = kept.text == words["text"] and kept.resources == words["resources"]
    if post.edited <= kept.edited:
        return AlreadyKnown(kept.id, kept.number)
    if same:
        con.execute(
            "update idea set edited = :edited where id = :id",
            {"edited": post.edited, "id": kept.id},
        )
        return AlreadyKnown(kept.id, kept.number)
    con.execute(
        """update idea set text = :text, kind = :kind, tags = :tags, resources = :resources,
          credits = :credits, unnamed = :unnamed, edited = :edited, edited_at = :edited_at,
          components = case when components_by_hand then components else :components end,
          framework = case when components_by_hand then framework else :framework end
        where id = :id""",
        words
        | {
            "edited": post.edited,
            "edited_at": ideas.edit_instant(post.edited, now),
            "id": kept.id,
        },
    )
    ideas.unhang(con, kept.id, components=not kept.components_by_hand)
    ideas.hang(con, kept.workspace, kept.id, draft, components=not kept.components_by_hand)
    key = str(kept.id)
    jobs = {
        Effect.NAMES: key if draft.unnamed else "",
        Effect.MARK: key if kept.kind != draft.kind.value else "",
    }
    ideas.queue(con, kept.workspace, now, jobs)
    return Changed(kept.id, kept.number)
