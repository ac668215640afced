"""Use cases that take ideas in: capture, edit, delete, react, share.

Each stores and returns; what follows on the chat (marks, names, links, posts) waits in the outbox.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core.intake.people import named
from bot.core.intake.reader import Reader, has_something
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.ideas import (
    CHOSEN,
    POSTED_BY_US,
    AlreadyKnown,
    Draft,
    Filters,
    Kind,
    NotAnIdea,
    Nothing,
    Outcome,
    Source,
    Visibility,
    Withdrawal,
)
from bot.core.model.links import without_password
from bot.core.model.people import Channel, Keep
from bot.core.model.posts import Place, Post, Reaction
from bot.core.model.vocabulary import CROSSES, MARKS
from bot.core.model.work import Effect, NewJob
from bot.core.ports import IdeaStore

SECOND_THOUGHTS = timedelta(minutes=10)
"""How long removing the only mark undoes what it kept."""


@dataclass(frozen=True, slots=True)
class ChannelFilter:
    """Which channels are watched: those named by id or name, or, with none named, all.

    Names are compared without case.

    Args:
        by_id: all of *wanted* are ids, so that a channel is known without its name.
    """

    wanted: frozenset[str] = field(default_factory=frozenset)
    by_id: bool = False

    async def allows(self, store: IdeaStore, workspace: str, channel: str) -> bool:
        """Whether posts of this channel are kept. One whose name is not known yet is watched."""
        if not self.wanted or channel in self.wanted:
            return True
        known = await store.channel(workspace, channel)
        return not self.by_id if known is None else self.includes(known)

    def includes(self, channel: Channel) -> bool:
        """Whether posts of this channel, as far as it is known, are kept."""
        if not self.wanted or not self.wanted.isdisjoint({channel.id, *channel.former}):
            return True
        if not channel.name:
            return not self.by_id
        return channel.name.casefold() in {one.casefold() for one in self.wanted}


@dataclass(frozen=True, slots=True)
class Keeper:
    """Takes ideas in and keeps them in step with their posts."""

    store: IdeaStore
    reader: Reader
    now: Callable[[], datetime]
    watch: ChannelFilter = ChannelFilter()

    async def capture(self, post: Post) -> Outcome:
        """Keep a person's new message if it reads as an idea, or as an answer to a prompt."""
        if not await self._watched(post.place):
            return Nothing("not watched")
        if post.thread is not None:
            await self.store.add_reply(
                replace(post.place, ts=post.thread),
                post.place,
                post.author_id,
                posted_at=post.posted_at,
            )
            return await self._answer(post, post.thread)
        draft = self.reader.read(post)
        if isinstance(draft, NotAnIdea):
            return draft
        draft = await named(self.store, draft, post)
        return await self.store.add(post, draft, source=Source.POST, now=self.now())

    async def edit(self, post: Post) -> Outcome:
        """Bring what is kept into step with an edit; a post that now reads as an idea is kept."""
        place = post.place
        if not await self._watched(place):
            return Nothing("not watched")
        known = await self.store.idea_at(place)
        if known is None and post.by_app:
            return NotAnIdea("app")
        if known is None and post.thread is not None:
            return await self._answer(post, post.thread)
        marked = known is not None and (
            known.source in CHOSEN
            or any(name in MARKS for name, _ in post.reactions or ())
            or await self._is_marked(place)
        )
        fits = post.thread is None and not isinstance(self.reader.read(post), NotAnIdea)
        answers = known is not None and known.source is Source.ANSWER
        draft = await named(
            self.store, self.reader.draft(post, marked=marked, answers=answers), post
        )
        outcome = await self.store.change(post, draft, fits=fits, now=self.now())
        left = await self.store.idea_at(place) if post.lost else None
        if left is None or left.gone or left.text or left.resources:
            return outcome
        # The file was all it had. Its post still stands, and so bears our mark until this.
        return await self.store.withdraw(place, Withdrawal.REMOVED, now=self.now())

    async def preview(self, place: Place, titles: dict[str, str]) -> None:
        """Give the links of an idea the titles that the platform found for them."""
        await self.store.set_titles(
            place, {without_password(url): title for url, title in titles.items()}
        )

    async def delete(self, place: Place, *, reply: bool | None) -> Outcome:
        """Withdraw what was at *place*. With *reply* None it may have been a reply or not."""
        if reply is not False:
            await self.store.drop_reply(place)
        return await self.store.withdraw(place, Withdrawal.DELETED, now=self.now())

    async def undelete(self, post: Post) -> Outcome:
        """Take in a message whose author took its deletion back; an idea has its old number."""
        if not await self._watched(post.place):
            return Nothing("not watched")
        await self.store.undelete(post.place)
        outcome = await self.capture(post)
        known = await self.store.idea_at(post.place)
        if known is None or known.withdrawn is not Withdrawal.DELETED:
            return outcome
        draft, also = await self._again(post, known.source), Withdrawal.DELETED
        return await self.store.restore(post, draft, source=known.source, now=self.now(), also=also)

    async def react(self, reaction: Reaction, *, added: bool) -> Outcome:
        """Remember a person's reaction, and do what a mark or a cross asks for."""
        place, now = reaction.place, self.now()
        if not await self._watched(place):
            return Nothing("not watched")
        await self.store.react(reaction, present=added, now=now)
        if reaction.name in MARKS:
            return await self._marked(reaction, added=added)
        if reaction.name in CROSSES:
            return await self._crossed(reaction, added=added)
        return Nothing("reaction")

    async def reread(self, post: Post, *, by: str, crossed: bool) -> Outcome:
        """Keep a message that was fetched again: one was marked, or whose it is removed a cross.

        Args:
            by: who added or removed the reaction.

        An app's post is kept under the name of its author; whoever asks has found out who that is.
        """
        if crossed:
            if by != await self.store.owner_of(post):
                return Nothing("not theirs")
            known = await self.store.idea_at(post.place)
            if known is None:  # it was crossed before it could be kept
                return await self.capture(post)
            if known.withdrawn is not Withdrawal.CROSSED:
                return Nothing("not crossed")
            draft = await self._again(post, known.source)
            return await self.store.restore(post, draft, source=known.source, now=self.now())
        # Of whoever wants nothing kept no mark is remembered; it holds all the same.
        member = await self.store.member(post.place.workspace, by)
        unseen = member is not None and member.profile.keep is Keep.NOTHING
        if not unseen and not await self._is_marked(post.place):
            return await self.unmark(post.place)
        outcome = await self.choose(post, source=Source.REACTION, by=by)
        if not unseen and not await self._is_marked(post.place):  # it went while we were at it
            return await self.unmark(post.place)
        return outcome

    async def choose(self, post: Post, *, source: Source, by: str) -> Outcome:
        """Keep a message that somebody chose by hand, if its author lets us.

        Args:
            source: how it was chosen, one of `CHOSEN`.
            by: who chose it.

        Of an app's post: see `reread`.
        """
        now, known = self.now(), await self.store.idea_at(post.place)
        draft = await named(self.store, self.reader.draft(post, marked=True), post)
        if not has_something(post, draft):
            return NotAnIdea("nothing to show")
        if known is not None and known.withdrawn is Withdrawal.UNMARKED:
            outcome = await self.store.restore(post, draft, source=source, now=now)
        else:
            outcome = await self.store.add(post, draft, source=source, now=now, by=by)
        # Its own event may have been lost, or be older than the bot.
        if post.thread is not None and not post.by_app:
            parent = replace(post.place, ts=post.thread)
            await self.store.add_reply(parent, post.place, post.author_id, posted_at=post.posted_at)
        return outcome

    async def drop_bot(self, workspace: str, member_id: str) -> None:
        """Withdraw what was kept of a member who turned out to be a bot."""
        theirs, visibility = Filters(people=(member_id,)), Visibility(everything=True)
        while (page := await self.store.find(workspace, theirs, visibility, limit=100)).ideas:
            for idea in page.ideas:
                await self.store.withdraw_number(
                    workspace, idea.number, Withdrawal.REMOVED, now=self.now()
                )

    async def put_back(self, post: Post, *, source: Source) -> Outcome:
        """Keep a message again whose idea was removed by command."""
        draft = await self._again(post, source)
        return await self.store.restore(
            post, draft, source=source, now=self.now(), also=Withdrawal.REMOVED
        )

    async def _again(self, post: Post, source: Source) -> Draft:
        """Read a message whose idea came in by *source* once more."""
        marked, answers = source in CHOSEN, source is Source.ANSWER
        return await named(
            self.store, self.reader.draft(post, marked=marked, answers=answers), post
        )

    async def read_later(self, place: Place, *, by: str, crossed: bool = False) -> Outcome:
        """Have a message fetched again, and tell who marked it what came of that; see `reread`."""
        key = f"{place.ts} crossed" if crossed else place.ts
        await self._queue(place, Effect.REREAD, key, ts=place.ts, by=by, crossed=crossed)
        return Nothing("to be read")

    async def fetch_later(self, post: Post) -> None:
        """Have a message fetched of which the event told but a part, where such are kept."""
        place, thread = post.place, post.thread or ""
        if thread and await self._asks(place, thread) is None:
            return
        if await self._watched(place):
            await self._queue(place, Effect.WHOLE, place.ts, ts=place.ts, thread=thread)

    async def unmark(self, place: Place) -> Outcome:
        """Undo a keeping whose only mark is gone, unless that keeping is some time ago."""
        now, known = self.now(), await self.store.idea_at(place)
        undone = (
            known is not None
            and not known.gone
            and known.source is Source.REACTION
            and known.kept_at is not None
            and now - known.kept_at <= SECOND_THOUGHTS
            and not await self._is_marked(place)
        )
        if undone:
            return await self.store.withdraw(place, Withdrawal.UNMARKED, now=now)
        return Nothing("unmarked")

    async def _answer(self, post: Post, thread: str) -> Outcome:
        prompt = await self._asks(post.place, thread)
        if prompt is None:
            return Nothing("reply")
        draft = self.reader.read_answer(post)
        if isinstance(draft, NotAnIdea):
            return draft
        draft = await named(self.store, draft, post)
        return await self.store.add(
            post, draft, source=Source.ANSWER, now=self.now(), prompt_id=prompt
        )

    async def _asks(self, place: Place, thread: str) -> str | None:
        """The prompt that a message asks, by id; None: it asks none."""
        delivery = await self.store.delivery_at(replace(place, ts=thread))
        if delivery is None or delivery[0] is not DeliveryKind.PROMPT:
            return None
        return delivery[1]

    async def _is_marked(self, place: Place) -> bool:
        for name in MARKS:
            if await self.store.reactors(place, name):
                return True
        return False

    async def _marked(self, reaction: Reaction, *, added: bool) -> Outcome:
        if not added:
            return await self.unmark(reaction.place)
        known = await self.store.idea_at(reaction.place)
        in_doubt = known is not None and known.kind is Kind.POST and known.withdrawn is None
        if known is not None and known.withdrawn is not Withdrawal.UNMARKED and not in_doubt:
            return AlreadyKnown(known.id, known.number)
        return await self.read_later(reaction.place, by=reaction.member_id)

    async def _crossed(self, reaction: Reaction, *, added: bool) -> Outcome:
        place, who = reaction.place, reaction.member_id
        known = await self.store.idea_at(place)
        if not added:
            if known is None or known.withdrawn is Withdrawal.CROSSED:
                return await self.read_later(place, by=who, crossed=True)
            return Nothing("reaction")
        if known is None:
            return Nothing("not an idea")
        if known.gone:
            return Nothing("withdrawn")
        if who != known.author.id:
            key = f"{known.id} {who}"
            await self._queue(place, Effect.NOT_THEIRS, key, idea=known.id, member=who)
            return Nothing("not theirs")
        outcome = await self.store.withdraw(place, Withdrawal.CROSSED, now=self.now())
        if known.source in POSTED_BY_US:
            key = f"{known.number} {who}"
            await self._queue(place, Effect.CROSSED, key, number=known.number, member=who)
        return outcome

    async def _watched(self, place: Place) -> bool:
        return await self.watch.allows(self.store, place.workspace, place.channel)

    async def _queue(self, place: Place, effect: Effect, key: str, **payload: object) -> None:
        job = NewJob(effect=effect, channel=place.channel, key=key, payload=payload)
        await self.store.enqueue(place.workspace, job, now=self.now())
