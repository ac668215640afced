"""A board's ideas as files, where its share says so: what the page shows of them, no more."""

import asyncio
from collections.abc import Iterator
from typing import BinaryIO, Final

from aiohttp import web

from bot.core.finding.export import COLUMNS
from bot.core.model.boards import BoardIdea
from bot.core.model.exports import Book, Format
from bot.core.model.ideas import Filters, Kind
from handlers.web.boards import View, seen_by
from handlers.web.drawing import instant, web_address
from handlers.web.visitors import address_of
from handlers.web.visits import Visit

SLOWEST: Final = 600.0
"""Seconds that a reader may take to fetch a file."""
CHUNK: Final = 256 * 1024

_TYPES: Final = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSON: "application/json",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.MD: "text/markdown; charset=utf-8",
    Format.RIS: "application/x-research-info-systems; charset=utf-8",
    Format.BIB: "application/x-bibtex; charset=utf-8",
    Format.CSL: "application/vnd.citationstyles.csl+json",
}
_FORMATS: Final = {form.ending: form for form in Format}


async def ideas(visit: Visit) -> web.StreamResponse | None:
    """The ideas of a view as a file; None: there is none such, or nothing may be taken away."""
    form = _FORMATS.get(visit.request.match_info["format"])
    if form is None or not visit.opened.share.downloads:
        return None
    view = View.read(visit.request.query, visit.reader.framework.components)
    seen = await seen_by(visit, view)
    if seen is None:
        return None
    visit, _ = seen
    name = f"ideas.{form.ending}"
    about = {"Content-Type": _TYPES[form], "Content-Disposition": f'attachment; filename="{name}"'}
    answer = web.StreamResponse(headers=visit.headers | about)
    if visit.request.method == "HEAD":
        return answer
    components = visit.reader.framework.titles

    def write(out: BinaryIO) -> None:
        rows = _rows(visit, view.filters)
        visit.files.writers[form](Book(ideas=rows, components=components), out)

    async with visit.files.file(name, write, address_of(visit.request)) as file:
        size = await asyncio.to_thread(lambda: file.stat().st_size)
        answer.content_length = size
        await answer.prepare(visit.request)
        try:
            async with asyncio.timeout(SLOWEST):
                with await asyncio.to_thread(file.open, "rb") as content:
                    while chunk := await asyncio.to_thread(content.read, CHUNK):
                        await answer.write(chunk)
                await answer.write_eof()
        except TimeoutError:
            answer.force_close()
            if visit.request.transport is not None:
                visit.request.transport.abort()
    return answer


def _rows(visit: Visit, filters: Filters) -> Iterator[list[object]]:
    for idea in visit.reader.walk(visit.opened, filters):
        cells = _cells(idea) | {
            "channel": visit.opened.channel.name,
            "permalink": f"{visit.url}{idea.number}",
        }
        yield [cells.get(column, "") for column in COLUMNS]


def _cells(idea: BoardIdea) -> dict[str, object]:
    """What is known of an idea outside; its byline tells the school."""
    return {
        "number": idea.number,
        "posted_at": instant(idea.posted_at),
        "author": idea.byline,
        "text": idea.text,
        "tags": "; ".join(idea.tags),
        "components": "; ".join(idea.components),
        "resources": "; ".join(filter(None, (web_address(one.url) for one in idea.resources))),
        "credits": "; ".join(idea.credits),
        "prompt": idea.prompt,
        "reactions": idea.reactions,
        "replies": idea.replies,
        "tried": idea.tried,
        "edited_at": instant(idea.edited_at) if idea.edited_at else "",
        "kind": Kind.IDEA.value,
        "day": idea.day.isoformat(),
        "licence": idea.licence,
    }
