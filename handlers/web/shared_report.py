"""The administrator's page of a share."""

import asyncio

from aiohttp import web

from bot.core.report.markdown import report_text
from bot.core.report.reporter import Reporter
from bot.core.report.values import Report
from handlers.web.report import report_page
from handlers.web.visits import Visit


async def report(visit: Visit) -> web.Response:
    """The page itself."""
    visit.count()
    html = await asyncio.to_thread(report_page, await _made(visit), nonce=visit.nonce)
    return visit.answer(html.encode("utf-8", "replace"), "text/html")


async def report_md(visit: Visit) -> web.Response:
    """The same as Markdown, to paste elsewhere."""
    text = report_text(await _made(visit))
    return visit.answer(text.encode("utf-8", "replace"), "text/markdown")


async def _made(visit: Visit) -> Report:
    """The page's numbers and stories, counted in a thread: others are served meanwhile."""
    opened, reader = visit.opened, visit.reader
    reporter = Reporter(store=reader.store, framework=reader.framework)
    today = reader.now().astimezone(opened.filters.zone).date()
    scope = await reporter.scope(opened.workspace, opened.filters, today=today)
    return await asyncio.to_thread(
        reporter.page,
        opened.workspace,
        opened.filters,
        opened.visibility,
        scope,
        await reporter.credited(opened.workspace),
    )
