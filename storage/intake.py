"""Intake: a post is kept, brought into step with its edits, or remembered as no idea."""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
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
from storage.context import AuthorSnapshot, MessageContext, load_contexts, upsert_channel
from storage.ideas import IdeaRow, NewIdea
from storage.rows import at, note_erasure, split


@dataclass(frozen=True, slots=True)
class Add:
    """A post that reads as an idea.

    Attributes:
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


def add(con: Connection, adds: Sequence[Add]) -> list[Outcome]:
    """Keep posts that read as ideas, unless they are known, overtaken or not wanted.

    Nearly all that comes is plain: those are stored together. The rest is kept one by one, in turn.
    """
    outcomes: list[Outcome] = []
    plain: list[tuple[Add, MessageContext]] = []
    moments: set[int] = set()  # a copy of a message wants the moment that the message wanted
    for one, context in zip(adds, _contexts(con, adds), strict=True):
        if _is_plain(one, context) and context.moment not in moments:
            plain.append((one, context))
        else:
            outcomes += _store(con, plain)
            plain.clear()
            # What came before it may have changed what was loaded.
            latest = _contexts(con, [one])[0] if outcomes else context
            known = _known(con, latest, one.post, one.draft, one.now)
            outcomes.append(_capture(con, one, latest) if known is None else known)
        moments.add(context.moment)
    return outcomes + _store(con, plain)


def _contexts(con: Connection, adds: Sequence[Add]) -> list[MessageContext]:
    posts = [(one.post.place, one.post.author_id, one.post.posted_at) for one in adds]
    return load_contexts(con, posts, now=adds[0].now)


def _is_plain(one: Add, context: MessageContext) -> bool:
    """Whether it is a new post that is wanted, and nothing but itself is to be stored."""
    return (
        context.is_plain(one.post.private)
        and one.source is Source.POST
        and one.post.reactions is None
        and _unwanted(one, context) is None
    )


def change(con: Connection, post: Post, draft: Draft, *, fits: bool, now: datetime) -> Outcome:
    """Bring a kept idea into step with an edit; keep a post that has become an idea."""
    one = Add(post, draft, source=Source.POST, now=now)
    (context,) = _contexts(con, [one])
    known = _known(con, context, post, draft, now)
    if known is not None:
        return known
    if fits:
        return _capture(con, one, context)
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


def _unwanted(one: Add, context: MessageContext) -> NotAnIdea | None:
    return unwanted(
        context.author,
        one.draft,
        one.source,
        marked_only=context.marked_only,
        by_author=one.by_author,
    )


def _capture(con: Connection, one: Add, context: MessageContext) -> Captured | NotAnIdea:
    """Keep a post that is not known yet, if it is wanted."""
    place, author = one.post.place, context.author
    refusal = _unwanted(one, context)
    if refusal is not None:
        return refusal
    if context.answered and _crossed(con, place, author.id):
        return NotAnIdea("crossed")  # its author took it back before it was kept
    (captured,) = _store(con, [(one, context)])
    if one.post.reactions is not None:
        responses.set_reactions(con, place, one.post.reactions, now=one.now)
    if context.answered:
        responses.count(con, place, one.now)
    if not author.greeted:
        con.execute(
            "update member set greeted = 1 where workspace = :workspace and id = :id",
            {"workspace": place.workspace, "id": author.id},
        )
    return captured


def _store(con: Connection, found: Sequence[tuple[Add, MessageContext]]) -> list[Captured]:
    """Store new ideas with their channels and authors, and queue what follows."""
    if not found:
        return []
    stale = []
    for one, context in found:
        place, private = one.post.place, one.post.private
        stale.append(
            upsert_channel(
                con, context, place.workspace, place.channel, private=private, now=one.now
            )
        )
        context.author.ensure(con, place.workspace)
    captured = ideas.store(con, [_new(con, one, context) for one, context in found])
    jobs = [
        job
        for (one, context), got, channel_stale in zip(found, captured, stale, strict=True)
        for job in _jobs(one, context, str(got.id), channel_stale=channel_stale)
    ]
    outbox.put_all(con, jobs)
    return captured


def _new(con: Connection, one: Add, context: MessageContext) -> NewIdea:
    post, place = one.post, one.post.place
    return NewIdea(
        author=context.author,
        draft=one.draft,
        workspace=place.workspace,
        channel=place.channel,
        ts=place.ts,
        posted_at=post.posted_at,
        moment=context.moment,
        source=one.source,
        kept_at=one.now,
        edited=post.edited,
        prompt_id=one.prompt_id,
        prompt=_prompt_text(con, place, one.prompt_id) if one.prompt_id else "",
    )


def _jobs(
    one: Add, context: MessageContext, key: str, *, channel_stale: bool
) -> Sequence[Mapping[str, object]]:
    author, place = context.author, one.post.place
    by_other = one.source is Source.REACTION and not one.by_author
    keys = {
        Effect.MARK: key,
        Effect.PERMALINK: key,
        Effect.MEMBER: author.id if author.stale else "",
        Effect.CHANNEL: place.channel if channel_stale else "",
        Effect.NAMES: key if one.draft.unnamed else "",
        Effect.FIRST: "" if author.greeted or by_other else key,
        Effect.MARKED: key if by_other else "",
    }
    return outbox.job_rows(place.workspace, keys, now=one.now)


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
    children = [(kept.workspace, kept.id, draft)]
    ideas.insert_children(con, children, components=not kept.components_by_hand)
    key = str(kept.id)
    jobs = {
        Effect.NAMES: key if draft.unnamed else "",
        Effect.MARK: key if kept.reads_as != words["reads_as"] else "",
    }
    outbox.queue(con, kept.workspace, jobs, now=now)
    return Changed(kept.id, kept.number)
