"""Withdrawing and restoring. Of a withdrawn idea only number and key stay, and the bot's prompt."""

from dataclasses import replace
from datetime import datetime

from bot.core.model.ideas import (
    AlreadyKnown,
    Captured,
    Draft,
    NotAnIdea,
    Nothing,
    Outcome,
    Source,
    Withdrawal,
    Withdrawn,
)
from bot.core.model.posts import Place, Post
from bot.core.model.work import Effect
from storage import books, care, erased, ideas, outbox, responses, saved, trials
from storage.connection import Connection
from storage.context import Incoming, ensure_author, load_contexts
from storage.ideas import IdeaRow
from storage.intake import unwanted
from storage.rows import at, note_erasure, stamp, update, upsert

_FINAL = frozenset({Withdrawal.REMOVED, Withdrawal.DELETED})


def withdraw(con: Connection, place: Place, how: Withdrawal, *, now: datetime) -> Outcome:
    """Withdraw what stands at *place*. The deletion of an unknown message is remembered."""
    kept = ideas.row_at(con, place)
    if kept is not None:
        return _withdraw(con, kept, how, now)
    if how is Withdrawal.DELETED:
        upsert(con, "ignored_message", at(place) | {"deleted": 1}, "workspace, channel, ts")
        responses.delete_at(con, place)
    return Nothing("unknown")


def undelete(con: Connection, place: Place) -> None:
    """Forget that the message at *place* was deleted; an idea that was there stays withdrawn."""
    here = "where workspace = :workspace and channel = :channel and ts = :ts and deleted = 1"
    con.execute(f"update ignored_message set deleted = 0 {here}", at(place))
    con.execute(f"delete from reply {here}", at(place))


def withdraw_number(
    con: Connection, workspace: str, number: int, how: Withdrawal, *, now: datetime
) -> Outcome:
    """Withdraw by number."""
    kept = ideas.row_by_number(con, workspace, number)
    return Nothing("unknown") if kept is None else _withdraw(con, kept, how, now)


def erase(con: Connection, idea_id: int, *, now: datetime) -> None:
    """Withdraw an idea for good, with everybody's answers to it: its author is erased."""
    kept = ideas.row_by_id(con, idea_id)
    if kept is not None:
        _withdraw(con, kept, Withdrawal.REMOVED, now)


def _withdraw(con: Connection, kept: IdeaRow, how: Withdrawal, now: datetime) -> Outcome:
    if kept.gone:
        if how in _FINAL and kept.withdrawn not in _FINAL:  # now it is for good
            update(con, "idea", kept.id, {"withdrawn": how.value})
            _forget_responses(con, kept)
        return Nothing("withdrawn")
    whole = care.let_go(con, kept)
    con.execute(
        """update idea set withdrawn = :how, withdrawn_at = :now, author_id = null,
          author_name = '', author_real_name = '', author_title = '', school = '', district = '',
          role = '', grades = null, text = '', tags = '', components = '', resources = '',
          credits = '', framework = '', components_by_hand = 0, reactions = 0, replies = 0,
          tried = 0, tried_before = 0, permalink = '', licence = '', edited_at = null, unnamed = ''
        where id = :id""",
        {"how": how.value, "now": stamp(now), "id": kept.id},
    )
    ideas.delete_children(con, kept.id)
    con.execute("delete from credit where idea_id = :id", {"id": kept.id})
    if whole is not None:
        care.recounted(con, whole)
    con.execute("delete from author_claim where idea_id = :id", {"id": kept.id})
    trials.erase_words(con, kept.id)
    if how in _FINAL:
        _forget_responses(con, kept)
    note_erasure(con)
    books.renew(con, kept.workspace, kept.channel, now=now, after=books.SOON)
    if how is not Withdrawal.DELETED and kept.ts is not None:
        effect = Effect.UNPUBLISH if kept.source in ideas.BY_BOT else Effect.MARK
        outbox.queue(con, kept.workspace, {effect: str(kept.id)}, now=now)
    return Withdrawn(kept.id, kept.number)


def _forget_responses(con: Connection, kept: IdeaRow) -> None:
    trials.delete(con, kept.id)
    saved.delete(con, kept.id)
    if kept.ts is not None:
        responses.delete_at(con, Place(kept.workspace, kept.channel, kept.ts))


def restore(
    con: Connection,
    post: Post,
    draft: Draft,
    *,
    source: Source,
    now: datetime,
    also: Withdrawal | None = None,
) -> Outcome:
    """Keep an idea again whose withdrawal was taken back, under the number it had.

    One that a coordinator had hidden before is hidden again, and one that was given to somebody is
    theirs again.

    *also*: how it may have been withdrawn beside what can be taken back by anybody.
    """
    kept = ideas.row_at(con, post.place)
    if kept is None:
        return Nothing("unknown")
    if kept.withdrawn is None or not kept.gone:
        return AlreadyKnown(kept.id, kept.number)
    how = Withdrawal(kept.withdrawn)
    if how in _FINAL and how is not also:
        return Nothing("withdrawn")
    workspace, owner = kept.workspace, care.owner_of(con, post)
    if not owner or erased.refuses(con, workspace, post.author_id, post.posted_at):
        return NotAnIdea("erased")
    theirs = replace(post, author_id=owner)
    (context,) = load_contexts(con, [Incoming(theirs, draft, source=source, now=now)])
    refusal = unwanted(replace(context, marked_only=False))
    if refusal is not None:
        return refusal
    draft = context.incoming.draft
    ensure_author(con, context)
    row = {
        "withdrawn": kept.aside,
        "withdrawn_at": kept.aside and stamp(now),
        "source": source.value,
        "edited": post.edited,
        "edited_at": ideas.edit_instant(post.edited, now),
        "kept_at": stamp(now),
    }
    author = ideas.author_cells(context.author)
    update(con, "idea", kept.id, row | author | ideas.words_over(kept, draft))
    trials.recount(con, kept.id)
    ideas.insert_children(con, [(workspace, kept.id, draft)])
    care.thank_again(con, kept)
    if post.reactions is not None:
        responses.set_reactions(con, post.place, post.reactions, now=now)
    responses.count(con, post.place, now)
    key = str(kept.id)
    jobs = {
        Effect.MARK: key,
        Effect.PERMALINK: key,
        Effect.MEMBER: owner if context.author_stale else "",
        Effect.NAMES: key if draft.unnamed else "",
    }
    outbox.queue(con, workspace, jobs, now=now)
    return Captured(kept.id, kept.number)
