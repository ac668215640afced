"""Intake: a post is kept, brought into step with its edits, or remembered as no idea."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.model.ideas import (
    CHOSEN,
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
from storage import books, ideas, outbox, responses, revising
from storage.connection import Connection
from storage.context import Incoming, MessageContext, ensure_rows, load_contexts
from storage.ideas import IdeaRow
from storage.rows import at, insert, note_erasure, split, stamp, update


def add(con: Connection, messages: Sequence[Incoming]) -> list[Outcome]:
    """Keep posts that read as ideas, unless they are known, overtaken or not wanted.

    Nearly all that comes is plain: those are stored together. The rest is kept one by one, in turn.
    """
    outcomes: list[Outcome] = []
    plain: list[MessageContext] = []
    moments: set[int] = set()  # a copy of a message wants the moment that the message wanted
    for context in load_contexts(con, messages):
        moment = context.moment
        if context.is_plain() and unwanted(context) is None and moment not in moments:
            plain.append(context)
        else:
            outcomes += store(con, plain)
            plain.clear()
            # What came before it may have changed what was loaded.
            latest = load_contexts(con, [context.incoming])[0] if outcomes else context
            outcomes.append(_known(con, latest) or _capture(con, latest))
        moments.add(moment)
    return outcomes + store(con, plain)


def change(con: Connection, post: Post, draft: Draft, *, fits: bool, now: datetime) -> Outcome:
    """Bring a kept idea into step with an edit; keep a post that has become an idea."""
    (context,) = load_contexts(con, [Incoming(post, draft, source=Source.POST, now=now)])
    known = _known(con, context)
    if known is not None:
        return known
    if fits:
        return _capture(con, context)
    con.execute(
        """insert into ignored_message (workspace, channel, ts, edited)
        values (:workspace, :channel, :ts, :edited)
        on conflict (workspace, channel, ts) do update set edited = max(edited, excluded.edited)""",
        at(post.place) | {"edited": post.edited},
    )
    return NotAnIdea("edited")


def _known(con: Connection, context: MessageContext) -> Outcome | None:
    """What comes of a copy of what is kept or overtaken; None: it is neither."""
    incoming = context.incoming
    kept = ideas.row_at(con, incoming.post.place) if context.kept else None
    if kept is not None:
        return _again(con, kept, incoming.post, incoming.draft, incoming.now)
    return Nothing("outdated") if context.overtaken(incoming.post.edited) else None


# -- a new idea -------------------------------------------------------------------------------


def unwanted(context: MessageContext) -> NotAnIdea | None:
    """Why the author or the channel does not want this kept; None if they do."""
    one = context.incoming
    if context.erased:
        return NotAnIdea("erased")
    if context.keep is Keep.NOTHING:
        return NotAnIdea("opted out")
    if one.draft.marked and (one.by_author or one.source not in CHOSEN):
        return None
    chosen = one.source not in {Source.POST, Source.ANSWER}  # somebody picked it by hand
    if context.keep is Keep.MARKED and not (chosen and one.by_author):
        return NotAnIdea("marked only")
    if context.marked_only and not chosen:
        return NotAnIdea("marked only")
    return None


def _capture(con: Connection, context: MessageContext) -> Captured | NotAnIdea:
    """Keep a post that is not known yet, if it is wanted."""
    post, now = context.incoming.post, context.incoming.now
    refusal = unwanted(context)
    if refusal is not None:
        return refusal
    if context.answered and _crossed(con, post.place, post.author_id):
        return NotAnIdea("crossed")  # its author took it back before it was kept
    (captured,) = store(con, [context])
    if post.reactions is not None:
        responses.set_reactions(con, post.place, post.reactions, now=now)
    if context.answered:
        responses.count(con, post.place, now)
    if not context.greeted:
        con.execute(
            "update member set greeted = 1 where workspace = :workspace and id = :id",
            {"workspace": post.place.workspace, "id": post.author_id},
        )
    return captured


def store(con: Connection, contexts: Sequence[MessageContext]) -> list[Captured]:
    """Store new ideas under the next numbers of their workspaces, and queue what follows.

    With each comes all that hangs on it: channel, author, tags, components, resources and credits.
    """
    if not contexts:
        return []
    (id_,) = con.execute("select coalesce(max(id), 0) from idea").fetchone()
    numbers: dict[str, int] = {}
    rows, children, captured, jobs = [], [], [], []
    for context in contexts:
        workspace, draft = context.incoming.post.place.workspace, context.incoming.draft
        if workspace not in numbers:
            (numbers[workspace],) = con.execute(
                "select coalesce(max(number), 0) from idea where workspace = :workspace",
                {"workspace": workspace},
            ).fetchone()
        id_, numbers[workspace] = id_ + 1, numbers[workspace] + 1
        channel_stale = ensure_rows(con, context)
        rows.append({"id": id_, "number": numbers[workspace]} | row_of(con, context))
        children.append((workspace, id_, draft))
        captured.append(Captured(id_, numbers[workspace]))
        keys = _jobs(context, str(id_), channel_stale=channel_stale)
        jobs += outbox.rows_of(workspace, keys, now=context.incoming.now)
    insert(con, "idea", rows)
    ideas.insert_children(con, children)
    outbox.insert_rows(con, jobs)
    return captured


def row_of(con: Connection, context: MessageContext) -> dict[str, object]:
    """A new idea's row, but for its id and number."""
    one, post = context.incoming, context.incoming.post
    return {
        **at(post.place),
        "ts": post.place.ts or None,
        "posted_at": stamp(post.posted_at),
        "moment": context.moment,
        "source": one.source.value,
        "prompt_id": one.prompt_id,
        "prompt": prompt_text(con, post.place, one.prompt_id),
        "edited": post.edited,
        "edited_at": ideas.edit_instant(post.edited, one.now),
        "kept_at": stamp(one.now),
        "shown_since": stamp(one.now) if post.place.ts else None,
        **ideas.words_of(one.draft),
        **ideas.author_cells(context.author),
    }


def _jobs(context: MessageContext, key: str, *, channel_stale: bool) -> dict[Effect, str]:
    one, place = context.incoming, context.incoming.post.place
    by_other = one.source in CHOSEN and not one.by_author
    keys = {
        Effect.MEMBER: one.post.author_id if context.author_stale else "",
        Effect.CHANNEL: place.channel if channel_stale else "",
        Effect.NAMES: key if ideas.unnamed_in(one.draft) else "",
        Effect.STUDENT: key if one.draft.telling else "",
    }
    if not place.ts:
        return keys | {Effect.PUBLISH: key}
    return keys | {
        Effect.MARK: key,
        Effect.PERMALINK: key,
        Effect.FIRST: "" if context.greeted or by_other else key,
        Effect.MARKED: key if by_other else "",
    }


def _crossed(con: Connection, place: Place, author_id: str) -> bool:
    return any(author_id in responses.reactors(con, place, name) for name in CROSSES)


def prompt_text(con: Connection, place: Place, prompt_id: str) -> str:
    """The words of a prompt as they were posted in this channel, the latest time."""
    if not prompt_id:
        return ""
    row = con.execute(
        """select prompt_text from delivery where workspace = :workspace and channel = :channel
          and kind = 'prompt' and prompt_id = :prompt_id order by at desc limit 1""",
        at(place) | {"prompt_id": prompt_id},
    ).fetchone()
    return "" if row is None else str(row["prompt_text"])


# -- a copy of what is kept -------------------------------------------------------------------


def _again(con: Connection, kept: IdeaRow, post: Post, draft: Draft, now: datetime) -> Outcome:
    """A copy of a message that is kept already: perhaps a newer edit of it."""
    if kept.gone:
        return Nothing("withdrawn")
    if post.reactions is not None:
        responses.set_reactions(con, post.place, post.reactions, now=now)
    draft = replace(draft, added=revising.added_to(con, kept.id))
    less = revising.bereft(con, kept, post, draft)
    draft = less or draft
    words = ideas.words_over(kept, draft)
    same = kept.text == words["text"] and kept.resources == words["resources"]
    if kept.doubtful and draft.marked:  # from now on it is what the draft says
        reads = {name: words[name] for name in ("reads_as", "doubtful")}
        update(con, "idea", kept.id, reads)
        outbox.queue(con, kept.workspace, {Effect.MARK: str(kept.id)}, now=now)
    # What is said in a clip, and where a file of a shared channel stands, is told later.
    found = {resource.url for resource in (*draft.resources, *draft.added.resources)}
    more = any(file.words for file in post.files) or found > set(split(kept.resources))
    if post.edited < kept.edited or (post.edited == kept.edited and not (more or less)):
        return AlreadyKnown(kept.id, kept.number)
    if same:
        update(con, "idea", kept.id, {"edited": post.edited})
        return AlreadyKnown(kept.id, kept.number)
    if kept.components_by_hand:
        del words["components"], words["framework"]
    edited_at = ideas.edit_instant(post.edited, now)
    update(con, "idea", kept.id, words | {"edited": post.edited, "edited_at": edited_at})
    note_erasure(con)
    books.renew(con, kept.workspace, kept.channel, now=now, after=books.SOON)
    ideas.delete_children(con, kept.id, components=not kept.components_by_hand)
    children = [(kept.workspace, kept.id, draft)]
    ideas.insert_children(con, children, components=not kept.components_by_hand)
    ideas.join_credits(con, kept.id)
    key = str(kept.id)
    jobs = {
        Effect.NAMES: key if ideas.unnamed_in(draft) else "",
        Effect.MARK: key if kept.reads_as != words["reads_as"] else "",
        Effect.STUDENT: key if draft.telling else "",
    }
    outbox.queue(con, kept.workspace, jobs, now=now)
    return Changed(kept.id, kept.number)
