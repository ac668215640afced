"""Intake: a post is kept, brought into step with its edits, or remembered as no idea."""

from datetime import datetime

from bot.core.model.ideas import (
    AlreadyKnown,
    Captured,
    Changed,
    Draft,
    NotAnIdea,
    Nothing,
    Outcome,
    Source,
)
from bot.core.model.people import Keep
from bot.core.model.posts import Place, Post
from bot.core.model.vocabulary import CROSSES
from bot.core.model.work import Effect
from storage import ideas, outbox, responses
from storage.connection import Connection
from storage.context import AuthorSnapshot, MessageContext, load_context, upsert_channel
from storage.ideas import IdeaRow
from storage.rows import at, note_erasure, split


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
    context = load_context(con, post.place, post.author_id, post.posted_at, now=now)
    known = _known(con, context, post, draft, now)
    if known is not None:
        return known
    return _capture(con, context, post, draft, source=source, now=now, prompt_id=prompt_id, by=by)


def change(con: Connection, post: Post, draft: Draft, *, fits: bool, now: datetime) -> Outcome:
    """Bring a kept idea into step with an edit; keep a post that has become an idea."""
    context = load_context(con, post.place, post.author_id, post.posted_at, now=now)
    known = _known(con, context, post, draft, now)
    if known is not None:
        return known
    if fits:
        return _capture(con, context, post, draft, source=Source.POST, now=now)
    con.execute(
        """insert into ignored_message (workspace, channel, ts, edited)
        values (:workspace, :channel, :ts, :edited)
        on conflict (workspace, channel, ts) do update set edited = max(edited, excluded.edited)""",
        at(post.place) | {"edited": post.edited},
    )
    return NotAnIdea("edited")


def _known(
    con: Connection, context: MessageContext, post: Post, draft: Draft, now: datetime
) -> Outcome | None:
    """What comes of a copy of what is kept or overtaken; None: it is neither."""
    kept = ideas.row_at(con, post.place) if context.kept else None
    if kept is not None:
        return _again(con, kept, post, draft, now)
    return Nothing("outdated") if context.overtaken(post.edited) else None


# -- a new idea -------------------------------------------------------------------------------


def unwanted(
    author: AuthorSnapshot, draft: Draft, source: Source, *, marked_only: bool, by_author: bool
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


def _capture(
    con: Connection,
    context: MessageContext,
    post: Post,
    draft: Draft,
    *,
    source: Source,
    now: datetime,
    prompt_id: str = "",
    by: str = "",
) -> Captured | NotAnIdea:
    """Keep a post that is not known yet, if it is wanted."""
    place, author = post.place, context.author
    by_author = by in {"", author.id}
    refusal = unwanted(author, draft, source, marked_only=context.marked_only, by_author=by_author)
    if refusal is not None:
        return refusal
    if context.answered and _crossed(con, place, author.id):
        return NotAnIdea("crossed")  # its author took it back before it was kept
    channel_stale = upsert_channel(
        con, context, place.workspace, place.channel, private=post.private, now=now
    )
    author.ensure(con, place.workspace)
    captured = ideas.insert(
        con,
        author,
        draft,
        workspace=place.workspace,
        channel=place.channel,
        ts=place.ts,
        posted_at=post.posted_at,
        moment=context.moment,
        source=source,
        kept_at=now,
        edited=post.edited,
        prompt_id=prompt_id,
        prompt=_prompt_text(con, place, prompt_id) if prompt_id else "",
    )
    if post.reactions is not None:
        responses.set_reactions(con, place, post.reactions, now=now)
    if context.answered:
        responses.count(con, place, now)
    if not author.greeted:
        con.execute(
            "update member set greeted = 1 where workspace = :workspace and id = :id",
            {"workspace": place.workspace, "id": author.id},
        )
    key = str(captured.id)
    by_other = source is Source.REACTION and not by_author
    jobs = {
        Effect.MARK: key,
        Effect.PERMALINK: key,
        Effect.MEMBER: author.id if author.stale else "",
        Effect.CHANNEL: place.channel if channel_stale else "",
        Effect.NAMES: key if draft.unnamed else "",
        Effect.FIRST: "" if author.greeted or by_other else key,
        Effect.MARKED: key if by_other else "",
    }
    outbox.queue(con, place.workspace, jobs, now=now)
    return captured


def _crossed(con: Connection, place: Place, author_id: str) -> bool:
    return any(author_id in responses.reactors(con, place, name) for name in CROSSES)


def _prompt_text(con: Connection, place: Place, prompt_id: str) -> str:
    """The words of a prompt as they were posted in this channel, the latest time."""
    row = con.execute(
        """select prompt_text from delivery where workspace = :workspace and channel = :channel
          and kind = 'prompt' and prompt_id = :prompt_id order by at desc limit 1""",
        at(place) | {"prompt_id": prompt_id},
    ).fetchone()
    return "" if row is None else str(row["prompt_text"])


# -- a copy of what is kept -------------------------------------------------------------------


def _again(con: Connection, kept: IdeaRow, post: Post, draft: Draft, now: datetime) -> Outcome:
    """A copy of a message that is kept already: perhaps a newer edit of it."""
    if kept.withdrawn is not None:
        return Nothing("withdrawn")
    if post.reactions is not None:
        responses.set_reactions(con, post.place, post.reactions, now=now)
    words = ideas.words_of(draft)
    same = kept.text == words["text"] and kept.resources == words["resources"]
    if kept.doubtful and draft.marked:
        ideas.take_up(con, kept, draft, now)
    # What is said in a clip, and where a file of a shared channel stands, is told later.
    found = {resource.url for resource in draft.resources}
    more = any(file.words for file in post.files) or found > set(split(kept.resources))
    if post.edited < kept.edited or (post.edited == kept.edited and not more):
        return AlreadyKnown(kept.id, kept.number)
    if same:
        con.execute(
            "update idea set edited = :edited where id = :id",
            {"edited": post.edited, "id": kept.id},
        )
        return AlreadyKnown(kept.id, kept.number)
    con.execute(
        f"""update idea set text = :text, {ideas.READS}, tags = :tags, resources = :resources,
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
    note_erasure(con)
    ideas.delete_children(con, kept.id, components=not kept.components_by_hand)
    ideas.insert_children(
        con, kept.workspace, kept.id, draft, components=not kept.components_by_hand
    )
    key = str(kept.id)
    jobs = {
        Effect.NAMES: key if draft.unnamed else "",
        Effect.MARK: key if kept.reads_as != words["reads_as"] else "",
    }
    outbox.queue(con, kept.workspace, jobs, now=now)
    return Changed(kept.id, kept.number)
