"""What an author changes of an idea in the form: its words, where the bot posted them, and more."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.model.ideas import Added, Credit, Draft, Idea, Kind, Resource
from bot.core.model.posts import Post
from bot.core.model.work import Effect
from storage import books, ideas, outbox
from storage.connection import Connection
from storage.ideas import BY_BOT, IdeaRow
from storage.rows import column, many, note_erasure, split, stamp, update


def added_to(con: Connection, idea_id: int) -> Added:
    """What was added to an idea in the form, beside what its words say."""
    (chosen,) = column(con, "select components_by_hand from idea where id = :id", {"id": idea_id})
    beside = _beside(con, idea_id, by_hand=True)
    return Added(_tags(con, idea_id, by_hand=True), *beside, sorted=bool(chosen))


def revise(
    con: Connection,
    workspace: str,
    number: int,
    draft: Draft | None,
    *,
    added: Added,
    components: Sequence[str],
    framework: str,
    now: datetime,
) -> Idea | None:
    """Put what the form says in the place of what stood there; None: the idea is not kept."""
    kept = ideas.row_by_number(con, workspace, number)
    if kept is None or kept.withdrawn is not None:
        return None
    stood = _draft(con, kept)
    draft = stood if draft is None else _with_ids(draft, stood)
    draft = replace(draft, added=added, components=tuple(components), framework=framework)
    words = ideas.words_over(kept, draft)
    if kept.text != words["text"]:
        words["edited_at"] = stamp(now)
    update(con, "idea", kept.id, words)
    note_erasure(con)
    books.renew(con, workspace, kept.channel, now=now, after=books.SOON)
    ideas.delete_children(con, kept.id)
    ideas.insert_children(con, [(workspace, kept.id, draft)])
    ideas.join_credits(con, kept.id)
    key = str(kept.id)
    jobs = {
        Effect.NAMES: key if words["unnamed"] else "",
        Effect.STUDENT: key if draft.telling else "",
        Effect.REDRAW: key if kept.source in BY_BOT else "",
    }
    outbox.queue(con, workspace, jobs, now=now)
    return ideas.by_id(con, kept.id)


def bereft(con: Connection, kept: IdeaRow, post: Post, draft: Draft) -> Draft | None:
    """The draft of a post of which nothing has changed but that a file was deleted; else None.

    What else it had stays, also what the platform does not show just now.
    """
    if not post.lost or post.edited != kept.edited:
        return None
    stood, _ = _beside(con, kept.id, by_hand=False)
    left = [one for one in stood if post.lost.isdisjoint(re.findall(r"[^\W_]+", one.url))]
    known = {one.url for one in draft.resources}
    more = (one for one in left if one.url not in known)
    return replace(draft, resources=(*draft.resources, *more)) if len(left) < len(stood) else None


def _with_ids(draft: Draft, stood: Draft) -> Draft:
    """New words tell names alone: whoever had an id before is still the same member."""
    known = {one.name.casefold(): one for one in stood.credits if one.member_id}
    return replace(
        draft, credits=tuple(known.get(one.name.casefold(), one) for one in draft.credits)
    )


def _draft(con: Connection, kept: IdeaRow) -> Draft:
    """What an idea's own words say, as it is kept."""
    asks = kept.reads_as == Kind.QUESTION
    kind = Kind.POST if kept.doubtful else Kind.QUESTION if asks else Kind.IDEA
    resources, credits_ = _beside(con, kept.id, by_hand=False)
    return Draft(
        text=kept.text,
        kind=kind,
        marked=False,
        asks=asks,
        tags=_tags(con, kept.id, by_hand=False),
        resources=resources,
        credits=credits_,
        unnamed=tuple(kept.unnamed.split()),
    )


def _tags(con: Connection, idea_id: int, *, by_hand: bool) -> tuple[str, ...]:
    """Its tags in the order in which the idea has them."""
    values = {"id": idea_id, "by_hand": by_hand}
    some = column(con, "select tag from tag where idea_id = :id and by_hand = :by_hand", values)
    (every,) = column(con, "select tags from idea where id = :id", values)
    return tuple(tag for tag in split(every) if tag in some)


def _beside(
    con: Connection, idea_id: int, *, by_hand: bool
) -> tuple[tuple[Resource, ...], tuple[Credit, ...]]:
    where = "where idea_id = :id and by_hand = :by_hand"
    values = {"id": idea_id, "by_hand": by_hand}
    resources = many(
        con,
        Resource,
        f"select url, kind, title, photo from resource {where} order by position",
        values,
    )
    theirs = f"select name, member_id from credit {where} and given = 0 order by position"
    credits_ = many(con, Credit, theirs, values)
    return tuple(resources), tuple(credits_)
