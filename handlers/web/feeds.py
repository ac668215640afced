"""Feeds: the newest ideas of a board for feed readers, as Atom (RFC 4287) and JSON Feed 1.1."""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from aiohttp import ETag, web

from bot.core.messages.common import excerpt
from bot.core.model.boards import BoardIdea, Order
from handlers.web.boards import title_of
from handlers.web.cards import ABOUT, name_of
from handlers.web.drawing import draw, instant
from handlers.web.signs import signs
from handlers.web.visits import Visit

NEWEST: Final = 50
"""Ideas in a feed."""

_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


async def atom(visit: Visit) -> web.Response:
    """The newest ideas as Atom."""
    feed = await _feed(visit, "feed.atom")
    share = visit.opened.share
    updated = max((one["date_modified"] for one in feed["items"]), default=instant(share.made_at))
    # Another share of the same ideas is the same feed; an id of the channel itself stays inside.
    known = _urn(f"{share.workspace} {share.channel} {share.shows}")
    xml = draw("feed.atom", feed=feed, id=known, updated=updated)
    return _answer(visit, _NOT_IN_XML.sub("\ufffd", xml), "application/atom+xml")


async def json_feed(visit: Visit) -> web.Response:
    """The same as JSON."""
    text = json.dumps(await _feed(visit, "feed.json"), ensure_ascii=False, indent=1)
    return _answer(visit, text, "application/feed+json")


async def _feed(visit: Visit, name: str) -> dict[str, Any]:
    """A feed of this name, as JSON Feed has it."""
    page = await visit.reader.page(visit.opened, order=Order.LATEST, limit=NEWEST)
    parts = visit.reader.framework.titles
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title_of(visit.opened),
        "home_page_url": visit.url,
        "feed_url": f"{visit.url}{name}",
        "description": ABOUT,
        "language": "en",
        "items": [_item(visit, idea, parts) for idea in page.ideas],
    }


def _item(visit: Visit, idea: BoardIdea, parts: Mapping[str, str]) -> dict[str, Any]:
    return {
        # Neither ever changes, and neither tells more than the page does.
        "id": _urn(f"{idea.number} {instant(idea.posted_at)}"),
        "url": f"{visit.url}{idea.number}",
        "title": name_of(idea),
        "summary": signs(excerpt(idea.text)) or name_of(idea),
        "content_html": draw("entry.html", idea=idea),
        "date_published": instant(idea.posted_at),
        "date_modified": instant(idea.edited_at or idea.posted_at),
        "authors": [{"name": idea.byline}],
        "tags": [*(parts[code] for code in idea.components if code in parts), *idea.tags],
    }


def _urn(name: str) -> str:
    return uuid5(NAMESPACE_URL, f"commonplace {name}").urn


def _answer(visit: Visit, text: str, content_type: str) -> web.Response:
    """A feed, or that it is as the reader knows it."""
    body = text.encode("utf-8", "replace")
    mark = ETag(sha256(body).hexdigest()[:32], is_weak=True)
    known = {one.value for one in visit.request.if_none_match or ()}
    if known.isdisjoint({mark.value, "*"}):
        answer = visit.answer(body, content_type)
    else:
        answer = web.Response(status=304, headers=visit.headers)
    answer.etag = mark
    answer.headers["Cache-Control"] = "private, no-cache"  # kept, and asked for again each time
    return answer
