"""The administrator's page or the library plan, made for a coordinator, sent to them as a file."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from bot.core.delivery.files import FileSender
from bot.core.errors import PrintingError
from bot.core.finding.filters import filters_words
from bot.core.finding.ideas import IdeaFinder
from bot.core.finding.names import names_in
from bot.core.finding.orders import Order
from bot.core.finding.permissions import Permissions
from bot.core.messages import reports
from bot.core.model.exports import PAGE, PLAN
from bot.core.model.ideas import Visibility
from bot.core.model.work import Job
from bot.core.ports import IdeaStore
from bot.core.report.reporter import Reporter
from bot.core.report.values import Plan, Report

FileOf = Callable[[str, Callable[[BinaryIO], object]], AbstractAsyncContextManager[Path]]
"""Makes a file of a name with what the function writes. The file is gone afterwards."""

Draw = Callable[[Callable[[], Report | Plan], str], Awaitable[bytes]]
"""Makes a page or a plan with the function, and gives it in a format; it holds up nobody else.

It raises `PrintingError` where a PDF cannot be printed."""

log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSender:
    """Makes the page or plan of a job. Rights are asked again: they may have changed since."""

    store: IdeaStore
    files: FileSender
    permissions: Permissions
    finder: IdeaFinder
    file_of: FileOf
    draw: Draw
    now: Callable[[], datetime]

    async def send(self, job: Job) -> None:
        """Send the file; nothing to whoever does not coordinate the channel any more.

        Whoever asked for a PDF that cannot be printed here gets the page for a browser instead.
        """
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
        plan = bool(job.payload.get("plan"))
        form, printed = job.payload.get("format", (PLAN if plan else PAGE)[0]), True
        make = partial(
            reporter.plan if plan else reporter.page,
            *(job.workspace, filters, visibility, scope, credited),
        )

        try:
            drawn = await self.draw(make, form)
        except PrintingError as error:
            log.warning("a page is sent as HTML: %s", error)
            form, printed = PAGE[0], False
            drawn = await self.draw(make, form)
        name = f"{'library-plan' if plan else 'report'}-{today.isoformat()}.{form}"
        async with self.file_of(name, lambda out: out.write(drawn)) as file:
            words = reports.done(which, form, plan=plan, printed=printed, complete=seen.complete)
            await self.files.send(job, asker.member_id, file, words)
