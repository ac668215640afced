"""Shared boards: a channel's ideas as pages for whoever has the address, whole without scripts."""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web

from bot.core.errors import StoreError
from bot.core.finding.boards import BoardReader
from bot.core.model.boards import BoardIdea, Order
from bot.core.model.framework import Component
from bot.core.model.ideas import Filters
from bot.core.model.shares import Share
from bot.core.report.values import Share as Covered
from handlers.web.drawing import draw
from handlers.web.visitors import Visitors, address_of
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
ASSETS: Final = {"board.css": "text/css", "board.js": "text/javascript"}

_Page = Callable[[web.Request, Share, str], Awaitable[str | None]]
"""Makes a page of a share, its style and script known by a nonce; None: there is no such page."""

_STATIC: Final = Path(__file__).with_name("static")


@dataclass(frozen=True, slots=True)
class View:
    """What somebody wants to see of a board, as it stands in the address."""

    words: str = ""
    part: str = ""
    tag: str = ""
    by: str = "week"
    sort: Order = Order.NEWEST
    start: int = 0

    @classmethod
    def read(cls, query: Mapping[str, str], parts: Sequence[Component]) -> "View":
        """Read an address; what cannot be read is as if it were not there."""
        part, start = query.get("part", ""), query.get("start", "")
        by, sort = query.get("by", ""), query.get("sort", "")
        return cls(
            words=" ".join(query.get("q", "").split())[:LONGEST],
            part=part if part in {one.code for one in parts} else "",
            tag=query.get("tag", "").strip().removeprefix("#")[:80],
            by=by if by in WAYS else "week",
            sort=Order(sort) if sort in set(Order) else Order.NEWEST,
            start=int(start) if start.isascii() and start.isdecimal() and len(start) < 7 else 0,
        )

    def to(self, **change: Any) -> str:
        """The address of a view that differs in something, relative to the board's."""
        view = replace(replace(self, start=0), **change)
        given = {
            "q": view.words,
            "part": view.part,
            "tag": view.tag,
            "by": view.by.removeprefix("week"),
            "sort": view.sort.removeprefix(Order.NEWEST),
            "start": view.start or "",
        }
        query = urlencode({name: value for name, value in given.items() if value})
        return f"./?{query}" if query else "./"

    @property
    def filters(self) -> Filters:
        """The same as filters."""
        return Filters(
            words=self.words,
            components=(self.part,) if self.part else (),
            tags=(self.tag,) if self.tag else (),
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Ideas beneath one heading. *more*: the address of all of them; empty: these are all."""

    title: str
    ideas: Sequence[BoardIdea]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Boards:
    """Answers requests for boards and their ideas."""

    reader: BoardReader
    visitors: Visitors

    async def board(self, request: web.Request) -> web.Response:
        """A board, or what of it was asked for."""
        return await self._answered(request, self._board)

    async def idea(self, request: web.Request) -> web.Response:
        """One idea's own page."""
        return await self._answered(request, self._idea)

    async def _answered(self, request: web.Request, made: _Page) -> web.Response:
        if not self.visitors.may_ask(address_of(request)):
            headers = {"Retry-After": "10", "Cache-Control": "no-store"}
            return web.Response(status=429, text="Please wait a few seconds.", headers=headers)
        nonce = secrets.token_urlsafe(16)
        try:
            share = await self.reader.opened(request.match_info["token"])
            html = None if share is None else await made(request, share, nonce)
        except StoreError:
            return self._response(draw("gone.html", nonce=nonce, busy=True), nonce, status=503)
        if share is None or html is None:
            return self._response(draw("gone.html", nonce=nonce, busy=False), nonce, status=404)
        return self._response(html, nonce, share)

    @staticmethod
    def _response(
        html: str, nonce: str, share: Share | None = None, *, status: int = 200
    ) -> web.Response:
        sites = " ".join(share.sites) if share is not None and share.sites else "'none'"
        headers = {
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; "
                "connect-src 'self'; form-action 'self'; base-uri 'none'; "
                f"frame-ancestors {sites}"
            ),
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex, nofollow",
            "Cache-Control": "no-store",
        }
        return web.Response(status=status, text=html, content_type="text/html", headers=headers)

    async def _board(self, request: web.Request, share: Share, nonce: str) -> str | None:
        channel = await self.reader.channel(share)
        if channel is None:
            return None
        parts = self.reader.framework.components
        view = View.read(request.query, parts)
        if not request.query_string and request.method == "GET":
            with suppress(StoreError):  # a count is no reason not to show the page
                await self.reader.store.count_opening(share.number)
        names = {one.code: one for one in parts}
        groups, total = await (
            self._by_part(share, view, parts) if view.by == "part" else self._in_row(share, view)
        )
        coverage = await self.reader.coverage(share)
        return draw(
            "board.html",
            nonce=nonce,
            title=f"Ideas from {channel.name or 'our librarians'}",
            view=view,
            groups=groups,
            total=total,
            parts=names,
            size=SIZE_OF_WHEEL,
            pairs=[
                *zip(
                    parts,
                    wheel([Covered(one, coverage[one.code], 0) for one in parts]),
                    strict=True,
                )
            ],
            counts=coverage,
            ways=WAYS,
            sorts=SORTS,
            newer=view.to(start=max(view.start - SIZE, 0)) if view.start else "",
            older=view.to(start=view.start + SIZE)
            if view.by != "part" and view.start + SIZE < total
            else "",
        )

    async def _in_row(self, share: Share, view: View) -> tuple[list[Group], int]:
        page = await self.reader.page(
            share, view.filters, order=view.sort, start=view.start, limit=SIZE
        )
        if view.by == "school":
            known = sorted(page.ideas, key=lambda one: (not one.school, one.school.casefold()))
            rows = groupby(known, key=lambda one: one.school or "School not told")
        elif (view.words and view.sort is Order.NEWEST) or view.sort is Order.TRIED:
            return [Group("", page.ideas)] if page.ideas else [], page.total
        else:
            rows = groupby(page.ideas, key=lambda one: _week(one.day))
        return [Group(title, [*ideas]) for title, ideas in rows], page.total

    async def _by_part(
        self, share: Share, view: View, parts: Sequence[Component]
    ) -> tuple[list[Group], int]:
        groups, total = [], 0
        for one in parts:
            if view.part in {"", one.code}:
                wanted = replace(view, part=one.code)
                page = await self.reader.page(share, wanted.filters, order=view.sort, limit=OF_EACH)
                total += page.total
                more = wanted.to(by="week") if page.total > OF_EACH else ""
                if page.ideas:
                    groups.append(Group(one.name, page.ideas, more))
        return groups, total

    async def _idea(self, request: web.Request, share: Share, nonce: str) -> str | None:
        number = request.match_info["number"]
        idea = await self.reader.idea(share, int(number)) if len(number) < 16 else None
        if idea is None:
            return None
        names = {one.code: one for one in self.reader.framework.components}
        kinds: dict[str, list[Any]] = {}
        for one in idea.resources:
            kinds.setdefault(str(one.kind), []).append(one)
        title = f"Idea {idea.number}"
        return draw("idea.html", nonce=nonce, title=title, idea=idea, parts=names, kinds=kinds)


async def asset(request: web.Request) -> web.Response:
    """A file that every page shares, the same for everybody."""
    kind = ASSETS.get(request.match_info["name"])
    if kind is None:
        raise web.HTTPNotFound
    body = (_STATIC / request.match_info["name"]).read_bytes()
    headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
    return web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)


def _week(day: date) -> str:
    monday = day - timedelta(days=day.weekday())
    return f"Week of {monday:%B} {monday.day}, {monday.year}"
