"""The web side: health, metrics, boards, and the addresses that Slack and Teams send to."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.core.model.shares import PATHS, ShareKind
from handlers.web import boards, downloads, feeds, shared_report
from handlers.web.boards import asset
from handlers.web.live import live
from handlers.web.oembed import oembed
from handlers.web.slides import slides
from handlers.web.visits import NOWHERE, Page, SharedPages

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Show = Callable[[SharedPages, web.Request], Awaitable[web.StreamResponse]]
Ready = Callable[[], Awaitable[Mapping[str, str]]]

PAGES: Final[Mapping[str, tuple[ShareKind, Page]]] = {
    "/b/{token}/": (ShareKind.BOARD, boards.board),
    r"/b/{token}/{number:\d+}": (ShareKind.BOARD, boards.idea),
    "/b/{token}/feed.atom": (ShareKind.BOARD, feeds.atom),
    "/b/{token}/feed.json": (ShareKind.BOARD, feeds.json_feed),
    "/b/{token}/ideas.{format}": (ShareKind.BOARD, downloads.ideas),
    "/b/{token}/live": (ShareKind.BOARD, live),
    "/b/{token}/slides": (ShareKind.BOARD, slides),
    "/r/{token}/": (ShareKind.REPORT, shared_report.report),
    "/r/{token}/report.md": (ShareKind.REPORT, shared_report.report_md),
}
"""The pages of what is shared, by their paths."""

UNSAID: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; frame-ancestors {NOWHERE}",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

LARGEST_BODY = 4 * 1024 * 1024
"""Bytes. An edit carries its text twice, and non-Latin letters arrive as six-byte escapes."""

SLOWEST_BODY = 10.0
"""Seconds a body may take to arrive; aiohttp itself would wait for ever."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the web side answers with.

    Attributes:
        ready: what keeps us from being ready, by name; empty when ready.
        metrics: the metrics' text and its content type.
        reading: the channels whose history is being read, each with how far.
        events: takes a request from Slack; None: there is nobody to take it.
        activities: takes a request from Teams; None likewise.
        files: hands over a file that waits for a member in Teams; None likewise.
        shared: shows what is shared; None: nothing can be read yet.
    """

    ready: Ready
    metrics: Callable[[], tuple[bytes, str]]
    reading: Callable[[], Mapping[str, str]] = dict
    events: Handler | None = None
    activities: Handler | None = None
    files: Handler | None = None
    shared: SharedPages | None = None


def make_app(
    answers: Callable[[], Answers], *, slowest_body: float = SLOWEST_BODY
) -> web.Application:
    """Build the web side.

    Args:
        answers: asked at each request, so that one server may serve the program all its life.
        slowest_body: seconds a body may take to arrive.
    """

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def readyz(_: web.Request) -> web.Response:
        now = answers()
        problems = dict(await now.ready())
        status = 503 if problems else 200
        told = {"ready": not problems, "problems": problems, "catching_up": dict(now.reading())}
        return web.json_response(told, status=status)

    async def metricsz(_: web.Request) -> web.Response:
        body, content_type = answers().metrics()
        return web.Response(body=body, headers={"Content-Type": content_type})

    async def events(request: web.Request) -> web.StreamResponse:
        return await _taken(answers().events, request)

    async def activities(request: web.Request) -> web.StreamResponse:
        return await _taken(answers().activities, request)

    async def files(request: web.Request) -> web.StreamResponse:
        return await _taken(answers().files, request)

    async def shared(show: Show, request: web.Request) -> web.StreamResponse:
        if (pages := answers().shared) is None:
            raise web.HTTPNotFound
        answer = await show(pages, request)
        await pages.visitors.send(answer, request)
        return answer

    async def whole(request: web.Request) -> web.StreamResponse:
        raise web.HTTPMovedPermanently(f"{request.rel_url.raw_path}/")

    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metricsz)
    app.router.add_post("/slack/events", in_time(events, slowest_body))
    app.router.add_post("/teams/messages", in_time(activities, slowest_body))
    app.router.add_get("/teams/files/{token}", files, allow_head=False)  # it is handed over once
    for path in PATHS.values():
        app.router.add_get(f"/{path}/{{token}}", whole)
    for path, (kind, page) in PAGES.items():
        show = partial(SharedPages.show, kind=kind, page=page)
        app.router.add_get(path, partial(shared, show))
    app.router.add_get("/oembed", partial(shared, oembed))
    app.router.add_get("/board/{name}", asset)
    app.on_response_prepare.append(_careful)
    app.on_shutdown.append(partial(_fall_silent, answers))
    return app


async def _careful(_: web.Request, answer: web.StreamResponse) -> None:
    """Say of an answer that says nothing of itself, such as a refusal: it is for nobody else."""
    for name, value in UNSAID.items():
        answer.headers.setdefault(name, value)


async def _fall_silent(answers: Callable[[], Answers], _: web.Application) -> None:
    """End what would go on for minutes: nobody waits for who reads live."""
    if (pages := answers().shared) is not None:
        pages.readers.close()


async def _taken(handler: Handler | None, request: web.Request) -> web.StreamResponse:
    if handler is None:
        raise web.HTTPNotFound
    return await handler(request)


class ServerLog(logging.LoggerAdapter[logging.Logger]):
    """The server's log, in which a request that is no HTTP, or breaks off, is one plain line.

    Anybody can send such a one; what it holds, and a traceback through the server, tell nothing.
    """

    def __init__(self) -> None:
        super().__init__(logging.getLogger("aiohttp.server"))

    def exception(self, msg: object, *args: object, exc_info: Any = True, **more: Any) -> None:
        """Log what failed, with its traceback when it is a fault of ours."""
        if isinstance(exc_info, HttpProcessingError | ConnectionError):
            self.info("a request could not be read: %s", type(exc_info).__name__)
        else:
            super().exception(msg, *args, exc_info=exc_info, **more)


def in_time(handler: Handler, seconds: float) -> Handler:
    """Take the whole body within a time and a size, before *handler* looks at it."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if request.content_length is not None and request.content_length > LARGEST_BODY:
            return _refused(413, "That is more than 4 MiB.")
        if request.content.is_eof():  # nearly every body comes whole, with its head
            return await handler(request)
        try:
            async with asyncio.timeout(seconds):
                await request.read()
        except TimeoutError:
            return _refused(408, f"The body took longer than {seconds:g} seconds.")
        except web.HTTPRequestEntityTooLarge:
            return _refused(413, "That is more than 4 MiB.")
        return await handler(request)

    return handle


def _refused(status: int, words: str) -> web.Response:
    response = web.Response(status=status, text=words)
    response.force_close()
    return response
