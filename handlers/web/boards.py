"""Shared boards: a channel's ideas as pages for whoever has the address, whole without scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web

from bot.core.finding.boards import Opened
from bot.core.model.boards import BoardIdea, Order
from bot.core.model.framework import Component
from bot.core.model.ideas import Filters, Resource
from bot.core.report.values import Share as Covered
from handlers.web.cards import card_of, card_of_idea
from handlers.web.files import LABELS
from handlers.web.visits import Visit, drawn
from handlers.web.wheel import SIZE as SIZE_OF_WHEEL
from handlers.web.wheel import wheel

SIZE: Final = 36
"""Ideas on a page."""
OF_EACH: Final = 6
"""Ideas of each part, where they stand by parts."""
LONGEST: Final = 200
"""Characters of what is searched for."""
WAYS: Final = {"week": "Week", "part": "Part of the framework", "school": "School"}
SORTS: Final = {Order.NEWEST: "Newest", Order.OLDEST: "Oldest", Order.TRIED: "Most tried"}
ASSETS: Final = {
    "board.css": "text/css",
    "board.js": "text/javascript",
    "live.js": "text/javascript",
    "slides.css": "text/css",
    "slides.js": "text/javascript",
}


@dataclass(frozen=True, slots=True)
class View:
    """What somebody wants to see of a board, as it stands in the address."""

    words: str = ""
    part: str = ""
    tag: str = ""
    author: int = 0
    """The number of an idea by the author whose ideas alone are wanted; 0: everybody's."""
    by: str = "week"
    sort: Order = Order.NEWEST
    start: int = 0

    @classmethod
    def read(cls, query: Mapping[str, str], parts: Sequence[Component]) -> "View":
        """Read an address; what cannot be read is as if it were not there."""
        part = query.get("part", "")
        by, sort = query.get("by", ""), query.get("sort", "")
        return cls(
            words=" ".join(query.get("q", "").split())[:LONGEST],
            part=part if part in {one.code for one in parts} else "",
            tag=query.get("tag", "").strip().removeprefix("#")[:80],
            by=by if by in WAYS else "week",
            sort=Order(sort) if sort in set(Order) else Order.NEWEST,
            author=_number(query.get("author", "")),
            start=_number(query.get("start", "")),
        )

    def to(self, **change: Any) -> str:
        """The address of a view that differs in something, relative to the board's."""
        return f"./{self.query(**change)}"

    def query(self, **change: Any) -> str:
        """The same from its question mark on."""
        view = replace(replace(self, start=0), **change)
        given = {
            "q": view.words,
            "part": view.part,
            "tag": view.tag,
            "author": view.author or "",
            "by": view.by.removeprefix("week"),
            "sort": view.sort.removeprefix(Order.NEWEST),
            "start": view.start or "",
        }
        query = urlencode({name: value for name, value in given.items() if value})
        return f"?{query}" if query else ""

    def about(self, part: str) -> str:
        """The address of a part's ideas, whatever is looked for; of all, where it is that part."""
        return self.to(part="" if part == self.part else part, words="", tag="")

    @property
    def filters(self) -> Filters:
        """The same as filters; the last word may still be one that is only begun."""
        last = self.words.rpartition(" ")[2]
        begun = last[-1:].isalnum() and (len(last) > 1 or not last.isascii())
        return Filters(
            words=self.words + "*" * begun,
            components=(self.part,) if self.part else (),
            tags=(self.tag,) if self.tag else (),
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Ideas beneath one heading. *more*: the address of all of them; empty: these are all."""

    title: str
    ideas: Sequence[BoardIdea]
    more: str = ""


async def board(visit: Visit) -> web.Response | None:
    """A board, or what of it was asked for; None: of an author who did not give their name."""
    visit.count()
    view = View.read(visit.request.query, visit.reader.framework.components)
    page = await visit.kept.get((visit.opened, view), partial(_board, visit, view))
    return None if page is None else visit.show(page)


async def _board(visit: Visit, view: View) -> bytes | None:
    """A view of a board, the same for everybody: the rest of the request plays no part in it."""
    parts = visit.reader.framework.components
    seen = await seen_by(visit, view)
    if seen is None:
        return None
    visit, title = seen
    groups, total = await (_by_part(visit, view) if view.by == "part" else _in_row(visit, view))
    coverage = await visit.kept.get(visit.opened, partial(visit.reader.coverage, visit.opened))
    sectors = wheel([Covered(one, coverage[one.code], 0) for one in parts])
    goes_on = view.by != "part" and view.start + SIZE < total
    return drawn(
        "board.html",
        title=title,
        card=card_of(visit, title),
        files=LABELS if visit.opened.share.downloads else {},
        view=view,
        groups=groups,
        total=total,
        parts=visit.reader.framework.by_code,
        size=SIZE_OF_WHEEL,
        pairs=[*zip(parts, sectors, strict=True)],
        counts=coverage,
        ways=WAYS,
        sorts=SORTS,
        newer=view.to(start=max(view.start - SIZE, 0)) if view.start else "",
        older=view.to(start=view.start + SIZE) if goes_on else "",
    )


async def idea(visit: Visit) -> web.Response | None:
    """One idea's own page."""
    number = _number(visit.request.match_info["number"])
    idea = await visit.reader.idea(visit.opened, number) if number else None
    if idea is None:
        return None
    kinds: dict[str, list[Resource]] = {}
    for one in idea.resources:
        kinds.setdefault(str(one.kind), []).append(one)
    return visit.page(
        "idea.html",
        title=f"Idea {idea.number}",
        card=card_of_idea(visit, idea),
        idea=idea,
        parts=visit.reader.framework.by_code,
        kinds=kinds,
        trials=await visit.reader.trials(visit.opened, idea.number),
    )


async def seen_by(visit: Visit, view: View) -> tuple[Visit, str] | None:
    """The visit to what a view is of, and what that is called.

    None: it is of an author who did not give their name.
    """
    if not view.author:
        return visit, title_of(visit.opened)
    found = await visit.reader.by_author(visit.opened, view.author)
    if found is None:
        return None
    return replace(visit, opened=found[1]), f"Ideas by {found[0]}"


def title_of(opened: Opened) -> str:
    """What a board is called."""
    return f"Ideas from {opened.channel.name or 'our librarians'}"


async def _in_row(visit: Visit, view: View) -> tuple[list[Group], int]:
    page = await visit.reader.page(
        visit.opened, view.filters, order=view.sort, start=view.start, limit=SIZE
    )
    if view.by == "school":
        known = sorted(page.ideas, key=lambda one: (not one.school, one.school.casefold()))
        rows = groupby(known, key=lambda one: one.school or "School not told")
    elif (view.words and view.sort is Order.NEWEST) or view.sort is Order.TRIED:
        return [Group("", page.ideas)] if page.ideas else [], page.total
    else:
        rows = groupby(page.ideas, key=lambda one: _week(one.day))
    return [Group(title, [*ideas]) for title, ideas in rows], page.total


async def _by_part(visit: Visit, view: View) -> tuple[list[Group], int]:
    groups, total = [], 0
    for one in visit.reader.framework.components:
        if view.part in {"", one.code}:
            wanted = replace(view, part=one.code)
            page = await visit.reader.page(
                visit.opened, wanted.filters, order=view.sort, limit=OF_EACH
            )
            total += page.total
            more = wanted.to(by="week") if page.total > OF_EACH else ""
            if page.ideas:
                groups.append(Group(one.name, page.ideas, more))
    return groups, total


async def asset(request: web.Request) -> web.Response:
    """A file that every page shares, the same for everybody."""
    kind = ASSETS.get(request.match_info["name"])
    if kind is None:
        raise web.HTTPNotFound
    body = _asset(request.match_info["name"])
    headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
    return web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)


@cache
def _asset(name: str) -> bytes:
    return Path(__file__).with_name("static").joinpath(name).read_bytes()


def _number(text: str) -> int:
    """A number in an address; 0 where there is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _week(day: date) -> str:
    monday = day - timedelta(days=day.weekday())
    return f"Week of {monday:%B} {monday.day}, {monday.year}"
