"""Bring in what files hold: read like live posts, kept once, and nothing follows of it.

A file's items come one by one and are kept some hundred at a time; where a run was stopped, the
next one passes quickly over what is known.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Final, TypeVar, assert_never

from bot.core.intake.reader import Reader, has_something, with_names
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.ideas import (
    AlreadyKnown,
    Captured,
    Changed,
    Kind,
    NotAnIdea,
    Nothing,
    Outcome,
    Withdrawal,
    Withdrawn,
    word_for,
)
from bot.core.model.imports import Arrival, BadRow, Gone, ImportStats, Item, Reached, Remark
from bot.core.model.posts import Place, Post
from bot.core.model.vocabulary import CROSSES, MARKS
from bot.core.ports import IdeaStore

AT_ONCE: Final = 500
"""Items that are kept in one transaction."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is kept in one transaction."""

    arrivals: list[Arrival] = field(default_factory=list)
    replies: list[Post] = field(default_factory=list)
    gone: list[Place] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """Brings the items of files into a workspace.

    Args:
        dry: store nothing, and only say what would come.
        tell: told each item that comes in, would come in, or cannot be read.
        progress: told after each transaction what came so far.
    """

    store: IdeaStore
    reader: Reader
    now: Callable[[], datetime]
    dry: bool = False
    tell: Callable[[Arrival | BadRow | Remark], None] = lambda _: None
    progress: Callable[[ImportStats], None] = lambda _: None
    _ids: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """The ids of the people who bear a name, by workspace and name."""

    async def bring(self, items: Iterable[Item]) -> ImportStats:
        """Bring in all items of a file, in their order; some are read while others are kept."""
        stats = ImportStats()
        keeping: asyncio.Task[None] | None = None
        for some in _batches(items, AT_ONCE):
            batch = await self._batch(some, stats)
            if keeping is not None:
                await keeping
                self.progress(stats)
            keeping = asyncio.create_task(self._keep(batch, stats))
            await asyncio.sleep(0)  # it is handed to the store now
        if keeping is not None:
            await keeping
        self.progress(stats)
        return stats

    async def _batch(self, items: Iterable[Item], stats: ImportStats) -> _Batch:
        batch = _Batch()
        for item in items:
            match item:
                case Arrival(post=post):
                    stats.read += 1
                    if post.thread and post.place.ts and not post.by_app:
                        batch.replies.append(post)
                    found = await self._read(item)
                    if isinstance(found, Arrival):
                        batch.arrivals.append(found)
                    else:
                        stats.left[found.why] += 1
                case Gone(place):
                    stats.read += 1
                    batch.gone.append(place)
                case Reached(share):
                    stats.share = share
                case BadRow() | Remark():
                    stats.bad += isinstance(item, BadRow)
                    self.tell(item)
                case _:
                    assert_never(item)
        return batch

    async def _keep(self, batch: _Batch, stats: ImportStats) -> None:
        if self.dry:
            outcomes = await self.store.foresee(batch.arrivals, now=self.now())
        else:
            outcomes = await self.store.bring(batch.arrivals, batch.replies, now=self.now())
            stats.replies += len(batch.replies)
            await self._withdraw(batch.gone, stats)
        for one, outcome in zip(batch.arrivals, outcomes, strict=True):
            self._note(stats, one, outcome)

    async def _withdraw(self, gone: Iterable[Place], stats: ImportStats) -> None:
        for place in gone:
            come = await self.store.withdraw(place, Withdrawal.DELETED, now=self.now())
            stats.withdrawn += isinstance(come, Withdrawn)

    def _note(self, stats: ImportStats, one: Arrival, outcome: Outcome) -> None:
        match outcome:
            case Captured():
                stats.new += 1
                stats.unclaimed += not one.author.id
                self.tell(one)
            case AlreadyKnown():
                stats.known += 1
            case Changed():
                stats.changed += 1
            case Nothing() | NotAnIdea() | Withdrawn():
                stats.left[word_for(outcome)] += 1
            case _:
                assert_never(outcome)

    # -- reading ------------------------------------------------------------------------------

    async def _read(self, one: Arrival) -> Arrival | NotAnIdea:
        """The same with what is in it and who wrote it, as far as they are known here."""
        if one.draft is None:
            found = self._chosen(one) if one.chosen else await self._live(one)
            if isinstance(found, NotAnIdea):
                return found
            one = found
        return one if one.post.place.ts else await self._claimed(one)

    async def _claimed(self, one: Arrival) -> Arrival:
        """With the author's id, where exactly one member bears a full name that the file tells.

        A first name alone may be anybody's.
        """
        ids: set[str] = set()
        for told in () if one.author.id else (one.author.real_name, one.author.name):
            key = (one.post.place.workspace, " ".join(told.split()).casefold())
            if key not in self._ids:
                found = await self.store.called(*key) if " " in key[1] else ()
                self._ids[key] = {who.person.id for who in found if not who.person.is_bot}
            ids |= self._ids[key]
        if len(ids) != 1:
            return one
        (id_,) = ids
        post, author = replace(one.post, author_id=id_), replace(one.author, id=id_)
        return replace(one, post=post, author=author)

    def _chosen(self, one: Arrival) -> Arrival | NotAnIdea:
        """What somebody put on a board of ideas is one, or asks; its heading may name a part."""
        draft = self.reader.draft(one.post, one.names)
        if not has_something(one.post, draft):
            return NotAnIdea("nothing to show")
        kind = Kind.QUESTION if draft.asks else Kind.IDEA
        draft = replace(draft, kind=kind)
        part = self.reader.framework.find(one.heading) if one.heading else None
        if part is not None and part.code not in draft.components and not draft.asks:
            draft = replace(draft, components=(part.code, *draft.components))
        return replace(one, draft=draft)

    async def _live(self, one: Arrival) -> Arrival | NotAnIdea:
        """Do what a message and its reactions say, as its events would have."""
        post, reactions = one.post, one.post.reactions or ()
        if any(name in CROSSES and who == post.author_id for name, who in reactions):
            return NotAnIdea("crossed")
        prompt_id = "" if post.thread is None else await self._prompt(post.place, post.thread)
        if post.thread is None:
            found = self.reader.read(post)
        elif prompt_id:
            found = self.reader.read_answer(post)
        else:
            found = NotAnIdea("reply")
        if isinstance(found, NotAnIdea) and any(name in MARKS for name, _ in reactions):
            found = self.reader.draft(post, marked=True)
            if not (post.author_id and has_something(post, found)):
                found = NotAnIdea("nothing to show")
        if isinstance(found, NotAnIdea):
            return found
        one = replace(one, draft=with_names(found, post, one.names), prompt_id=prompt_id)
        return one if post.place.ts else replace(one, reactions=_people(post))

    async def _prompt(self, place: Place, thread: str) -> str:
        """The prompt in whose thread a reply stands; empty: it is none of ours."""
        delivery = await self.store.delivery_at(replace(place, ts=thread))
        return delivery[1] if delivery is not None and delivery[0] is DeliveryKind.PROMPT else ""


def _people(post: Post) -> int:
    """How many people reacted: a cross, and an author's own mark, are no answer."""
    return len(
        {
            who
            for name, who in post.reactions or ()
            if name not in CROSSES and not (name in MARKS and who == post.author_id)
        }
    )


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    remaining = iter(items)
    while some := list(islice(remaining, size)):
        yield some
