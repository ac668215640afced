"""A file of ideas, made for whoever asked for it, and sent to them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO, Final

from bot.core.delivery.files import FileSender
from bot.core.errors import ChatUnavailableError
from bot.core.finding.export import counting
from bot.core.finding.filters import filters_words
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.names import names_in
from bot.core.finding.orders import Order
from bot.core.finding.permissions import NOT_NOW, Permissions
from bot.core.messages import answers
from bot.core.model.exports import Format, Writers
from bot.core.model.ideas import Kind
from bot.core.model.work import Job
from bot.core.outbox.reports import FileOf
from bot.core.ports import IdeaStore

TRIES: Final = 3
"""How often an export waits for what its asker may see: half a minute, if the chat does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSender:
    """Makes the file of a job. Rights are asked again: they may have changed since.

    While the chat does not tell all of them the file comes later; after some tries it comes as it
    is, and says what may be missing.
    """

    store: IdeaStore
    files: FileSender
    permissions: Permissions
    finder: IdeaFinder
    file_of: FileOf
    writers: Writers
    now: Callable[[], datetime]

    async def send(self, job: Job) -> None:
        """Make a file of what the asker may see now, and send it to them.

        Raises:
            ChatUnavailableError: the chat does not tell what they may see, or takes no file now.
        """
        framework, zone = self.finder.framework, self.finder.zone
        order = Order.of(job, framework, zone)
        asker, filters = order.asker, order.filters
        seen = await self.permissions.visible_to(asker)
        if not seen.complete and job.attempts < TRIES:
            raise ChatUnavailableError(NOT_NOW)
        day = self.now().astimezone(zone).date()
        kinds = dict.fromkeys(Kind, 0)
        form = Format(job.payload.get("format", Format.CSV))

        def write(out: BinaryIO) -> None:
            with self.store.export_book(job.workspace, filters, seen.visibility) as book:
                self.writers[form](replace(book, ideas=counting(book.ideas, kinds)), out)

        what = f"idea-{filters.number}" if filters.number else f"ideas-{day.isoformat()}"
        async with self.file_of(f"{what}.{form.ending}", write) as file:
            names = await names_in(self.store, framework, job.workspace, filters)
            words = answers.export_done(
                kinds,
                filters_words(filters, names),
                form,
                complete=seen.complete,
                narrow=seen.visibility.only is not None,
            )
            await self.files.send(job, asker.member_id, file, words)
