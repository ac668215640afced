"""oEmbed: what a site asks before it shows a board, or one of its ideas, in a frame."""

import json
import re
from functools import partial
from typing import Final

from aiohttp import web

from bot.core.model.shares import PATHS, ShareKind
from handlers.web.boards import title_of
from handlers.web.cards import SITE, name_of
from handlers.web.drawing import draw
from handlers.web.visits import SharedPages, Visit

WIDTH: Final = 800
HEIGHT: Final = 600
"""Of a frame, in CSS pixels, where the site wants no smaller one."""

_ADDRESS: Final = re.compile(r"([\w-]+)/(\d{1,9})?(?:[?#].*)?", re.ASCII | re.DOTALL)


async def oembed(pages: SharedPages, request: web.Request) -> web.StreamResponse:
    """Answer for an address of a board; any other is as one that is not open."""
    start, given = f"{pages.base_url}/{PATHS[ShareKind.BOARD]}/", request.query.get("url", "")
    found = _ADDRESS.fullmatch(given.removeprefix(start)) if given.startswith(start) else None
    token, number = found.groups() if found else ("", None)
    page = partial(_told, int(number or 0))
    return await pages.show(request, ShareKind.BOARD, page, token=token)


async def _told(number: int, visit: Visit) -> web.Response | None:
    """What there is to tell of a board or, by its number, of one of its ideas."""
    title, url = title_of(visit.opened), visit.url
    told: dict[str, object] = {"version": "1.0", "type": "link"}
    if number:
        idea = await visit.reader.idea(visit.opened, number)
        if idea is None:
            return None
        title, url = name_of(idea), f"{url}{number}"
        told["author_name"] = idea.byline
    if visit.request.query.get("format", "json") != "json":
        return web.Response(status=501, text="Only JSON is made here.", headers=visit.headers)
    if visit.opened.share.sites:
        size = {"width": _least(visit, "maxwidth", WIDTH)}
        size["height"] = _least(visit, "maxheight", HEIGHT)
        html = draw("frame.html", url=url, title=title, **size)
        told |= {"type": "rich", "html": html, **size}
    told |= {"title": title, "provider_name": SITE, "provider_url": f"{visit.base_url}/"}
    answer = visit.answer(json.dumps(told).encode(), "application/json")
    answer.headers["Access-Control-Allow-Origin"] = "*"  # who has the address may read it anyway
    return answer


def _least(visit: Visit, name: str, usual: int) -> int:
    """What is usual, or as much as the site allows where that is less."""
    given = visit.request.query.get(name, "")
    return min(int(given), usual) if re.fullmatch(r"[1-9]\d{0,4}", given, re.ASCII) else usual
