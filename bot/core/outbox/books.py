"""Write a channel's book on the page beside it: sections of our own, among what people write."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.core.errors import ChatError, ChatInDoubtError, ChatNotThereError, ChatUnavailableError
from bot.core.messages import book as messages
from bot.core.model.books import Book, mark_of
from bot.core.model.framework import Framework
from bot.core.model.ideas import Filters, Idea, Kind, Page, Visibility
from bot.core.model.parts import Message
from bot.core.model.people import Channel
from bot.core.model.work import Job
from bot.core.outbox.telling import Teller
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chats, Pages, pages_of

EACH: Final = 5
"""The newest ideas of each part of the framework that a book holds."""
MOST_SECTIONS: Final = 60
"""Sections that are taken out at most in one go."""
LOST: Final = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookWriter:
    """Brings books up to date. Errors as `Effects.run`.

    Each edition has a mark of its own, which stands in each section. A new one is put before the
    old one, noted, and then the old one is taken out. An attempt that died leaves sections of the
    edition before or after the one that is noted: the next attempt takes these out first.
    """

    store: IdeaStore
    chats: Chats
    framework: Framework
    teller: Teller
    now: Callable[[], datetime]

    async def update(self, job: Job) -> None:
        """Write the book of the job's channel anew; take it out where nobody wants it any more."""
        channel = await self.store.channel(job.workspace, job.channel)
        pages = pages_of(self.chats.of(job.workspace))
        if channel is None or pages is None or not channel.member or channel.archived:
            return
        book = await self.store.book(channel.workspace, channel.id)
        try:
            if channel.book:
                await self._write(channel, book, pages)
            elif book.edition:
                await self._take_out(channel, book, pages)
        except (ChatUnavailableError, ChatInDoubtError):
            raise
        except ChatNotThereError:
            await self._is_lost(channel, book)
        except ChatError as error:
            await self._tell(channel, book, error.code, messages.refused(channel, str(error)))

    async def _write(self, channel: Channel, book: Book, pages: Pages) -> None:
        page = book.page or await pages.page_of(channel.id)
        edition = book.edition + 1
        ours: Sequence[str] = ()
        if page:
            await self._remove(pages, page, book.edition - 1)
            await self._remove(pages, page, edition)
            if book.edition:
                ours = await pages.sections(page, mark_of(book.edition))
                fewest = 1 if book.page else 0  # on a page that was looked for there may be none
                if not fewest <= len(ours) <= book.sections:
                    await self._is_lost(channel, book)
                    return
        parts = messages.parts_of(channel, await self._chapters(channel), mark_of(edition))
        if page:
            await pages.insert(page, parts, before=next(iter(ours), ""))
        else:
            page = await pages.make_page(channel.id, parts)
        now = Book(page=page, edition=edition, sections=len(parts))
        await self.store.set_book(channel.workspace, channel.id, now)
        await self._remove(pages, page, book.edition)

    async def _take_out(self, channel: Channel, book: Book, pages: Pages) -> None:
        page = book.page or await pages.page_of(channel.id)
        with suppress(ChatNotThereError):  # with the page it is gone
            for edition in (book.edition - 1, book.edition, book.edition + 1) if page else ():
                await self._remove(pages, page, edition)
        await self.store.set_book(channel.workspace, channel.id, Book())

    async def _remove(self, pages: Pages, page: str, edition: int) -> None:
        """Take out what stands of an edition. Sections have other ids after each change."""
        for _ in range(MOST_SECTIONS if edition > 0 else 0):
            found = await pages.sections(page, mark_of(edition))
            if not found:
                return
            await pages.remove(page, found[0])

    async def _chapters(self, channel: Channel) -> list[tuple[str, int, Sequence[Idea]]]:
        chapters: list[tuple[str, int, Sequence[Idea]]] = []
        for part in self.framework.components:
            found = await self._newest(channel, part.code)
            if found.ideas:
                name = f"{part.sign} {part.name}".strip()
                chapters.append((name, found.total, found.ideas))
        newest = await self._newest(channel)
        others = [one for one in newest.ideas if not one.components]
        if others:
            chapters.append((messages.OTHERS, len(others), others))
        return chapters

    async def _newest(self, channel: Channel, *components: str) -> Page:
        filters = Filters(channel=channel.id, components=components, kinds=(Kind.IDEA,))
        whole = Visibility(everything=True)
        return await self.store.find(channel.workspace, filters, whole, limit=EACH)

    # -- when it cannot be written --

    async def _is_lost(self, channel: Channel, book: Book) -> None:
        await self._tell(channel, book, LOST, messages.lost(channel))

    async def _tell(self, channel: Channel, book: Book, trouble: str, words: Message) -> None:
        """Tell who coordinates a channel, once until the book is written or switched."""
        if book.told == trouble:
            return
        at = self.now().isoformat()
        await self.teller.tell_coordinators(channel, words, f"book {trouble} {at}")
        told = replace(book, told=trouble)
        await self.store.set_book(channel.workspace, channel.id, told)
