"""The administrator's page, made for a coordinator and sent to them as a file."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from bot.core.finding.filters import filters_words
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.names import names_in
from bot.core.finding.orders import Order
from bot.core.finding.permissions import Permissions
from bot.core.messages import answers
from bot.core.model.ideas import Visibility
from bot.core.model.work import Job
from bot.core.ports import IdeaStore
from bot.core.ports.chat import Chats
from bot.core.report.reporter import Reporter
from bot.core.report.values import Report

FileOf = Callable[[str, Callable[[BinaryIO], object]], AbstractAsyncContextManager[Path]]
"""Makes a file of a name with what the function writes. The file is gone afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSender:
    """Makes the page of a job. Rights are asked again: they may have changed since.

    Attributes:
        draw: gives the page as an HTML file; called in a thread.
    """

    store: IdeaStore
    chats: Chats
    permissions: Permissions
    finder: IdeaFinder
    file_of: FileOf
    draw: Callable[[Report], str]
    now: Callable[[], datetime]

    async def send(self, job: Job) -> None:
        """Send the page; nothing to whoever does not coordinate the channel any more."""
        framework, zone = self.finder.framework, self.finder.zone
        order = Order.of(job, framework, zone)
        asker, filters = order.asker, order.filters
        if not await self.permissions.is_coordinator(asker, asker.channel):
            return
        seen = await self.permissions.visible_to(asker)
        hidden = seen.visibility.hidden
        only = asker.channel if filters.channel else None
        visibility = Visibility(only=only, hidden=hidden)
        names = await names_in(self.store, framework, job.workspace, filters)
        which = filters_words(filters, names)
        today = self.now().astimezone(zone).date()
        reporter = Reporter(store=self.store, framework=framework)
        scope = await reporter.scope(job.workspace, filters, today=today)
        credited = await reporter.credited(job.workspace)

        def write(out: BinaryIO) -> None:
            page = reporter.page(job.workspace, filters, visibility, scope, credited)
            out.write(self.draw(page).encode("utf-8", "replace"))

        async with self.file_of(f"report-{today.isoformat()}.html", write) as file:
            words = answers.report_done(which, complete=seen.complete)
            await self.chats.of(job.workspace).upload(
                asker.member_id, file, name=file.name, words=words
            )
