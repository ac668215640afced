"""The store: what the core's port `IdeaStore` asks for, each method bound to its query.

What each method means, takes, returns and raises stands at the port, in `bot/core/ports/`.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from bot.core.errors import StoreFullError
from bot.core.model.boards import Beside
from bot.core.model.digest import TrialWithIdea
from bot.core.model.exports import Book, Held
from bot.core.model.ideas import Filters, Idea, Visibility
from bot.core.model.people import Keep
from storage import (
    boards,
    books,
    care,
    channels,
    claims,
    context,
    deliveries,
    digests,
    erased,
    erasure,
    exports,
    holdings,
    home,
    ideas,
    imports,
    intake,
    marking,
    members,
    mending,
    moving,
    notes,
    outbox,
    prompts,
    readings,
    reports,
    responses,
    revising,
    saved,
    search,
    settings,
    shares,
    sharing,
    similar,
    subscriptions,
    timetable,
    trials,
    withdrawals,
)
from storage.binding import lists, reads, writes, writes_together
from storage.connection import Connection
from storage.sqlite import files, upkeep
from storage.sqlite.connection import translated
from storage.sqlite.readers import Readers
from storage.sqlite.writer import Writer

R = TypeVar("R")
T = TypeVar("T")


class Store:
    """An open database.

    Args:
        path: a file that is at this version's schema.
        mode: how readers open it: `rw`, `ro` or `immutable`; only with `rw` can be written.
        patience: seconds to wait for another process's lock.
    """

    def __init__(self, path: Path, *, mode: str = "rw", patience: float = 2.5) -> None:
        self.path = path
        self._readers = Readers(path, mode=mode, patience=patience)
        self._writer = (
            Writer(path, patience=patience, idle=upkeep.IndexVacuum()) if mode == "rw" else None
        )

    def _write(self, work: Callable[[Connection], R]) -> asyncio.Future[R]:
        return self._write_together(lambda con, _: [work(con)], None)

    def _write_together(
        self, work: Callable[[Connection, Sequence[T]], Sequence[R]], item: T
    ) -> asyncio.Future[R]:
        if self._writer is None:
            raise StoreFullError(
                f"{self.path} was opened for reading only; nothing of this was stored."
            )
        return self._writer.submit(work, item)

    # -- intake in --

    add = writes_together(context.Incoming, intake.add)
    change = writes(intake.change)
    share = writes(sharing.share)
    posted = writes(sharing.posted)
    withdraw = writes(withdrawals.withdraw)
    withdraw_number = writes(withdrawals.withdraw_number)
    undelete = writes(withdrawals.undelete)
    restore = writes(withdrawals.restore)
    add_reply = writes(responses.add_reply)
    drop_reply = writes(responses.drop_reply)
    react = writes(responses.react)
    reactors = reads(responses.reactors)
    revise = writes(revising.revise)
    added_to = reads(revising.added_to)
    set_components = writes(ideas.set_components)
    name_components = writes(ideas.name_components)
    set_titles = writes(ideas.set_titles)
    set_names = writes(ideas.set_names)
    set_post = writes(ideas.set_post)
    foresee = lists(imports.foresee)
    bring = writes(imports.bring)
    add_claim = writes(claims.add)
    is_claimed = reads(claims.waits)
    claims_of = reads(claims.waiting_of)
    decide_claim = writes(claims.decide)
    set_author = writes(claims.set_author)

    # -- looking after ideas --

    care_for = writes(care.care_for)
    care_note = reads(care.care_note)
    last_care = reads(care.last_care)
    owner_of = reads(care.owner_of)
    aside = reads(care.aside)
    aside_of = reads(care.aside_of)
    parts_of = reads(care.parts_of)
    doubtful = lists(care.doubtful)
    pick = reads(care.pick)
    set_pick = writes(care.set_pick)

    # -- workspaces, channels, members --

    remember_workspace = writes(members.remember_workspace)
    workspaces = reads(members.workspaces)
    saw_channel = writes(channels.saw_channel)
    remember_channel = writes(channels.remember_channel)
    set_refusing = writes(channels.set_refusing)
    move_channel = writes(moving.move_channel)
    channel = reads(channels.channel)
    channels = reads(channels.channels)
    member = reads(members.member)
    remember_member = writes(members.remember_member)
    earlier = reads(members.earlier)
    license_earlier = writes(members.license_earlier)
    set_profile = writes(members.set_profile)
    set_asked = writes(members.set_asked)
    called = reads(members.called)
    names = reads(members.names)
    authors = lists(search.authors)
    tags = lists(search.tags)
    schools = lists(search.schools)

    # -- catching up --

    reading = reads(readings.reading)
    set_reading = writes(readings.set_reading)
    set_reactions = writes(responses.set_reactions)
    replies_of = reads(readings.replies_of)
    thread_of = reads(readings.thread_of)
    kept_between = lists(readings.kept_between)
    missed = writes(readings.missed)
    found = writes(readings.found)

    # -- what is held about somebody, and its end --

    _new_erasure = reads(erased.new)
    holdings = lists(holdings.count)

    async def erase(
        self, workspace: str, member_id: str, *, keeps_nothing: bool, now: datetime
    ) -> bool:
        """Erase, and note the erasure beside the file once nothing but the commit is left."""
        known = await self.member(workspace, member_id)
        keeps_nothing |= known is not None and known.profile.keep is Keep.NOTHING
        noted = await self._new_erasure(workspace, member_id, keeps_nothing=keeps_nothing, now=now)

        def work(con: Connection) -> None:
            every = erasure.forget(con, workspace, member_id, noted, now=now)
            files.keep_apart(self.path, every)  # a second time it changes nothing

        await self._write(work)
        return keeps_nothing

    @contextmanager
    def held_about(self, workspace: str, member_id: str) -> Iterator[Held]:
        """Read what is held about a member on a connection of its own."""
        with self._snapshot() as con:
            yield holdings.about(con, workspace, member_id)

    # -- finding --

    find = lists(search.find)
    mended = lists(mending.mended)
    marks = lists(marking.marks)
    sharing_words = lists(similar.sharing_words)
    idea = reads(search.by_number)
    idea_by_id = reads(ideas.by_id)
    idea_numbered = reads(ideas.by_number)
    idea_at = reads(ideas.at_place)
    random_idea = lists(search.random_idea)
    count = lists(search.count)
    by_component = lists(search.by_component)
    gathered = lists(home.gathered)
    choices = lists(reports.choices)

    @contextmanager
    def export_book(
        self, workspace: str, filters: Filters, visibility: Visibility
    ) -> Iterator[Book]:
        """Read all that an export may hold on a connection of its own, in the caller's thread."""
        with self._snapshot() as con:
            yield exports.export_book(con, workspace, filters, visibility)

    def reported_ideas(
        self, workspace: str, filters: Filters, visibility: Visibility
    ) -> Iterator[Idea]:
        """Read the ideas of a report likewise."""
        with self._snapshot() as con:
            yield from reports.ideas(con, workspace, filters, visibility)

    def reported_trials(
        self, workspace: str, filters: Filters, visibility: Visibility
    ) -> Iterator[TrialWithIdea]:
        """Read the trials of a report likewise."""
        with self._snapshot() as con:
            yield from reports.trials(con, workspace, filters, visibility)

    def board_ideas(
        self, workspace: str, filters: Filters, visibility: Visibility
    ) -> Iterator[tuple[Sequence[Idea], Beside]]:
        """Read the ideas of a board likewise."""
        with self._snapshot() as con:
            yield from boards.board_ideas(con, workspace, filters, visibility)

    @contextmanager
    def _snapshot(self) -> Iterator[Connection]:
        """Give a connection that sees one moment, and put what goes wrong with it into words."""
        with closing(self._readers.connection(cache_kib=4096)) as con:
            try:
                con.execute("begin")
                yield con
            except sqlite3.Error as error:
                raise translated(error, self.path) or error from error

    # -- the weekly messages --

    fresh = lists(digests.fresh)
    claim = writes(deliveries.claim)
    sent = writes(deliveries.sent)
    doubt = writes(deliveries.doubt)
    release = writes(deliveries.release)
    drop = writes(deliveries.drop)
    unfinished = reads(deliveries.unfinished)
    to_repeat = lists(digests.to_repeat)
    shared_before = lists(digests.shared_before)
    digests_sent = reads(deliveries.digests_sent)
    delivery_at = reads(deliveries.delivery_at)
    recent_prompts = reads(deliveries.recent_prompts)
    asked_prompt = reads(home.asked_prompt)
    due = lists(timetable.due)
    unplanned = lists(timetable.unplanned)
    planning = reads(timetable.planning)
    unplan = writes(timetable.unplan)
    plan = writes(timetable.plan)
    set_shown = writes(timetable.set_shown)
    due_at = reads(timetable.due_at)
    fresh_trials = lists(trials.fresh)
    trials_of = reads(trials.of)
    trial_by_id = reads(trials.by_id)
    add_trial = writes(trials.add)
    skip = writes(digests.skip)
    skipped_by = reads(digests.skipped_by)
    leave_out = writes(digests.leave_out)
    left_out = reads(digests.left_out)

    # -- members' own digests --

    subscription = reads(subscriptions.subscription)
    subscribe = writes(subscriptions.subscribe)
    unsubscribe = writes(subscriptions.unsubscribe)
    coming = lists(subscriptions.coming)
    note_shown = writes(subscriptions.note_shown)
    reckon = writes(subscriptions.reckon)
    pass_week = writes(subscriptions.pass_week)
    news = lists(subscriptions.news)
    unanswered = lists(subscriptions.unanswered)
    asked_lately = lists(subscriptions.asked_lately)

    # -- settings and a channel's own prompts --

    book = reads(books.book)
    set_book = writes(books.set_book)
    set_settings = writes(settings.set_settings)
    changes = reads(settings.changes)
    last_sent = reads(settings.last_sent)
    admins = reads(settings.admins)
    own_prompts = reads(prompts.own_prompts)
    add_prompt = writes(prompts.add_prompt)
    edit_prompt = writes(prompts.edit_prompt)
    decide_prompt = writes(prompts.decide_prompt)
    drop_prompt = writes(prompts.drop_prompt)
    forget_prompt = writes(prompts.forget_prompt)
    skip_prompt = writes(prompts.skip_prompt)
    skipped_prompts = reads(prompts.skipped_prompts)
    asked_prompts = lists(prompts.asked_prompts)

    # -- what is shared with people outside --

    add_share = writes(shares.add_share)
    shares_of = reads(shares.shares_of)
    share_of_number = reads(shares.share)
    open_share = reads(shares.open_share)
    count_openings = writes(shares.count_openings)
    revoke_share = writes(shares.revoke_share)
    silent_authors = lists(shares.silent_authors)
    beside = lists(boards.beside)
    altered = lists(boards.altered)
    commits = reads(boards.commits)

    # -- what members save, and what cards show --

    save_idea = writes(saved.save)
    unsave_idea = writes(saved.unsave)
    saved_among = reads(saved.saved_among)
    resources_of = reads(saved.resources_of)

    # -- the outbox --

    enqueue = writes(outbox.enqueue)
    enqueue_unless_crowd = writes(outbox.enqueue_unless_crowd)
    take_back = writes(outbox.take_back)
    jobs = reads(outbox.jobs)
    next_due = reads(outbox.next_due)
    done = writes(outbox.done)
    postpone = writes(outbox.postpone)
    pause = writes(outbox.pause)
    pauses = reads(outbox.pauses)
    note = writes(notes.note)
    notes = reads(notes.notes)

    def on_jobs(self, wake: Callable[[], None]) -> None:
        """Call *wake*, in the event loop, after each commit that queued jobs."""
        if self._writer is not None:
            self._writer.wake = wake

    # -- upkeep --

    is_scrubbed = reads(upkeep.is_scrubbed)
    ping = writes(upkeep.ping)
    _wipe = writes(upkeep.wipe)

    async def wipe(self) -> None:
        """Delete everything, with what is kept apart of erasures."""
        await self._wipe()
        files.keep_none_apart(self.path)

    async def backup(self, target: Path) -> None:
        """Copy the database in a thread of its own."""
        await asyncio.to_thread(self._copy_to, target)

    def _copy_to(self, target: Path) -> None:
        with closing(self._readers.connection()) as con:
            upkeep.backup(con, target)

    async def close(self) -> None:
        """Close the store in a thread of its own."""
        await asyncio.to_thread(self.close_now)

    async def check(self) -> tuple[str, ...]:
        """What is wrong with the file, a sentence each; nothing when all is well. May take long."""
        findings = await self._readers.read(upkeep.check)
        if self._writer is not None:
            findings += await self._write(upkeep.check_index)
        return findings

    def close_now(self) -> None:
        """Finish what is queued and close the file; blocks."""
        if self._writer is not None:
            self._writer.close()
        self._readers.close()
