"""Taking ideas in, and finding them again."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from bot.core.model.boards import Order
from bot.core.model.digest import TrialWithIdea
from bot.core.model.exports import Book
from bot.core.model.home import Gathered
from bot.core.model.ideas import (
    Added,
    AlreadyKnown,
    Captured,
    Draft,
    Filters,
    Idea,
    Outcome,
    Page,
    Source,
    Stretch,
    Visibility,
    Withdrawal,
)
from bot.core.model.people import Shown
from bot.core.model.posts import Place, Post, Reaction


class Intake(Protocol):
    """Takes ideas in, and keeps them in step with their posts."""

    async def add(
        self,
        post: Post,
        draft: Draft,
        *,
        source: Source,
        now: datetime,
        prompt_id: str = "",
        by: str = "",
    ) -> Outcome:
        """Keep *draft*, read from *post*, unless its author or channel does not want it kept.

        One transaction: the idea with the next number of its workspace, its tags, resources,
        credits and components, the author as known (name, title, school ... frozen), the channel
        row if new, and the jobs that follow (MARK, PERMALINK, MEMBER or CHANNEL if unknown or
        older than a day, NAMES if `draft.unnamed`, FIRST once per member, MARKED when *source* is
        one of `CHOSEN` and *by* is not the author).

        Returns:
            `Captured`; `AlreadyKnown` if it is kept already and not newer; `Changed` if it is kept
            and *post* is a newer edit; `Nothing("withdrawn")` if it was withdrawn;
            `Nothing("outdated")` if a later edit or a deletion came first;
            `NotAnIdea("opted out" | "marked only")` by the member's or channel's wish.
        """

    async def change(self, post: Post, draft: Draft, *, fits: bool, now: datetime) -> Outcome:
        """Bring a kept idea into step with an edit of its post; the newest edit stamp wins.

        A component set by hand stays. With the same text and resources nothing changes. A post
        that is not kept yet is added as `Source.POST` if it *fits* (reads as an idea now), with
        all that `add` does; otherwise its edit stamp is remembered, so that an older copy of the
        post that arrives late does not come in (`NotAnIdea("edited")`).
        """

    async def share(
        self, post: Post, draft: Draft, *, source: Source, now: datetime
    ) -> Captured | AlreadyKnown:
        """Keep an idea from a command or form that is still to be posted; queues PUBLISH.

        *post* has no *ts* yet. The same text by the same author within 10 minutes is the same idea
        (`AlreadyKnown`).
        """

    async def revise(
        self,
        workspace: str,
        number: int,
        draft: Draft | None,
        *,
        added: Added,
        components: Sequence[str],
        framework: str,
        now: datetime,
    ) -> Idea | None:
        """Put what its author says of an idea in the form in the place of what stood there.

        Queues REDRAW where the bot posted it, and NAMES. Its words get an edit's instant.

        Args:
            draft: what its new words are read as; None: they stay.
            added: what stands beside its words from now on, whatever an edit of its post says.
            components: what it is about.
            framework: the version that the components are of.

        Returns:
            The idea as it is now; None: there is none of this number, or it was withdrawn.
        """

    async def added_to(self, idea_id: int) -> Added:
        """Return what its author added to an idea in the form, beside what its words say."""

    async def posted(self, idea_id: int, ts: str, posted_at: datetime) -> None:
        """Store where an idea from a command stands in the chat; queue PERMALINK.

        One that was withdrawn meanwhile queues UNPUBLISH instead.
        """

    async def withdraw(self, place: Place, how: Withdrawal, *, now: datetime) -> Outcome:
        """Withdraw the idea at *place*: its text and author leave every table and index.

        Only number and key stay. Queues MARK (unless DELETED), or UNPUBLISH where the bot posted
        it. A deletion of a message that is not known is remembered, so that it never comes in.
        """

    async def withdraw_number(
        self, workspace: str, number: int, how: Withdrawal, *, now: datetime
    ) -> Outcome:
        """Withdraw by number; `Nothing("unknown")` if there is none."""

    async def restore(
        self,
        post: Post,
        draft: Draft,
        *,
        source: Source,
        now: datetime,
        also: Withdrawal | None = None,
    ) -> Outcome:
        """Keep a CROSSED or UNMARKED idea again, or one that was withdrawn as *also* says.

        It has the number it had, and is whose it was; see `owner_of`.
        """

    async def undelete(self, place: Place) -> None:
        """Forget that a message was deleted. An idea that was there stays withdrawn."""

    async def add_reply(
        self, parent: Place, reply: Place, member_id: str, *, posted_at: datetime | None = None
    ) -> None:
        """Count a person's reply. Its text is never given. A repeated reply counts once.

        One from before its author was erased is not counted; *posted_at* None: it is new.
        """

    async def drop_reply(self, reply: Place) -> None:
        """Count a deleted reply no more, also where its own event comes after this."""

    async def react(self, reaction: Reaction, *, present: bool, now: datetime) -> None:
        """Remember a reaction or its removal; the latest stamp wins, in any order of arrival."""

    async def reactors(self, place: Place, name: str) -> frozenset[str]:
        """Return the ids of the people who have this emoji on that message now; no bots."""

    async def name_components(self, names: Mapping[str, str]) -> None:
        """Note what each component, by its code, is called: for people who read the database."""

    async def set_titles(self, place: Place, titles: Mapping[str, str]) -> None:
        """Store the titles of an idea's links, by address; no idea at *place*: do nothing."""


class Finding(Protocol):
    """Finds what is kept."""

    async def find(
        self,
        workspace: str,
        filters: Filters,
        visibility: Visibility,
        *,
        order: Order = Order.NEWEST,
        start: int = 0,
        limit: int = 10,
        exact: bool = False,
    ) -> Page:
        """Ideas that fit, in an order; where words fit few, NEWEST has the most relevant first.

        The total is exact up to a thousand, and with *exact* beyond, unless words are looked for.

        Any words are taken as words, and signs alone as those signs: no query is ever an error.
        """

    async def mended(self, workspace: str, filters: Filters, visibility: Visibility) -> str:
        """Return the words that were probably meant; empty: none that would find more.

        A word that no idea in sight has becomes one of theirs that is a letter away.
        """

    async def marks(self, words: str, ideas: Sequence[Idea]) -> Mapping[int, Sequence[Stretch]]:
        """Where *words* stand in each idea's text, in order, by its id; nothing where they do not.

        A stretch begins and ends, before the second, at characters counted from 0.
        """

    async def sharing_words(
        self, workspace: str, words: Mapping[str, float], visibility: Visibility
    ) -> Sequence[Idea]:
        """Return a few ideas that share some of these words, those first that share most.

        Questions are not among them.

        Args:
            words: what each one tells; a higher number tells more.
        """

    async def idea(self, workspace: str, number: int, visibility: Visibility) -> Idea | None:
        """Return the idea of this number; None: there is none, it is withdrawn, or out of sight."""

    async def idea_numbered(self, workspace: str, number: int) -> Idea | None:
        """Return an idea by its number, also a withdrawn one; for nobody to see."""

    async def idea_by_id(self, idea_id: int) -> Idea | None:
        """Return the idea of this row id, also a withdrawn one: its words are then empty."""

    async def idea_at(self, place: Place) -> Idea | None:
        """Return the idea at this place, also a withdrawn one: its words are then empty."""

    async def random_idea(
        self, workspace: str, filters: Filters, visibility: Visibility
    ) -> Idea | None:
        """Return any one of the ideas and questions that fit, each as likely as the other."""

    def export_book(
        self, workspace: str, filters: Filters, visibility: Visibility
    ) -> AbstractContextManager[Book]:
        """All that a file may hold, oldest first, of one consistent snapshot.

        Runs in the caller's thread on a connection of its own, in constant memory. Ideas have the
        CSV's columns in the contract's order, raw: tags, components, resources and credits are
        joined by `; `; instants are `2026-11-25T15:00:00Z`; the day is that of the channel's zone,
        or of `filters.zone` where it has chosen none; nothing known is the empty string; counts
        are ints.

        A trial stands in it for those who see its idea's channel; a question likewise.
        """

    def reported_ideas(
        self, workspace: str, filters: Filters, visibility: Visibility
    ) -> Iterator[Idea]:
        """Ideas that fit, oldest first, read as `export_book` reads; no question is among them.

        *workspace* empty: of all workspaces, for an operator.
        """

    def reported_trials(
        self, workspace: str, filters: Filters, visibility: Visibility
    ) -> Iterator[TrialWithIdea]:
        """Trials of ideas that fit, read likewise; the filters' days are those of the trials.

        Whoever tried and whoever shared, and when: `filters.people` does not count here.
        """

    async def choices(self, workspace: str) -> Mapping[tuple[str, str], Shown]:
        """Return what members show outside, by workspace and id; who did not answer is missing.

        *workspace* empty: of all workspaces, for an operator.
        """

    async def count(self, workspace: str, filters: Filters, visibility: Visibility) -> int:
        """How many ideas fit."""

    async def gathered(self, workspace: str, member_id: str) -> Gathered:
        """Return what a member has shared, and what it gathered; no post in doubt counts."""
        ...

    async def by_component(self, workspace: str, filters: Filters) -> Mapping[str, int]:
        """Return how many of the ideas that fit, without questions, each component has, by code."""
