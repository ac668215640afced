"""The door of everything that is shared: who may come in, and what every answer says of itself."""

import gzip
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from bot.core.errors import StoreError
from bot.core.finding.boards import BoardReader, Opened
from bot.core.model.shares import PATHS, ShareKind
from handlers.web.drawing import draw
from handlers.web.files import Files
from handlers.web.keeping import Kept, Openings
from handlers.web.visitors import Visitors, address_of
from handlers.web.watching import Readers

NOWHERE: Final = "'none'"
NONCE: Final = f"nonce-{secrets.token_hex(16)}"
"""Stands in a drawn page until it is shown; nobody can write it, for nobody has seen it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody asks for a page of a share that is open.

    Attributes:
        nonce: by which the page's policy knows its own style and script.
        base_url: where people reach the web side, without a slash at its end.
        readers: who reads live.
    """

    request: web.Request
    reader: BoardReader
    opened: Opened
    nonce: str
    base_url: str
    token: str = field(repr=False)
    files: Files
    readers: Readers
    kept: Kept
    openings: Openings

    @property
    def url(self) -> str:
        """The whole address of the share's first page."""
        return f"{self.base_url}/{PATHS[self.opened.share.kind]}/{self.token}/"

    def count(self) -> None:
        """Count that the share was opened; a search in it is none."""
        if not self.request.query_string and self.request.method == "GET":
            self.openings.count(self.opened.share.number)

    def page(self, template: str, **values: Any) -> web.Response:
        """Draw a page as the answer."""
        return self.show(drawn(template, **values))

    def show(self, page: bytes) -> web.Response:
        """Answer with a page that was `drawn`, packed where the browser takes that."""
        body = page.replace(NONCE.encode(), self.nonce.encode())
        if "gzip" not in self.request.headers.get("Accept-Encoding", ""):
            return self.answer(body, "text/html")
        # That a page is packed together with words from its address tells a listener nothing: of
        # secrets it holds only that address, without which nobody can ask for it. aiohttp would
        # pack it a tenth smaller, in twice the time.
        answer = self.answer(gzip.compress(body, 1, mtime=0), "text/html")
        answer.headers["Content-Encoding"] = "gzip"
        return answer

    def answer(self, body: bytes, content_type: str) -> web.Response:
        """Answer with a body of ours; *content_type* without its charset."""
        return web.Response(
            body=body, content_type=content_type, charset="utf-8", headers=self.headers
        )

    @property
    def headers(self) -> dict[str, str]:
        """What every answer of the share says of itself."""
        share = self.opened.share
        return headers(self.nonce, sites=" ".join(share.sites), public=share.public)


def drawn(template: str, **values: Any) -> bytes:
    """A page that may be shown more than once."""
    return draw(template, nonce=NONCE, **values).encode("utf-8", "replace")


Page = Callable[[Visit], Awaitable[web.StreamResponse | None]]
"""Answers a visit; None: the share has no such page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPages:
    """Lets visitors in, or tells all whom it does not let in the same."""

    reader: BoardReader
    visitors: Visitors
    base_url: str
    files: Files
    kept: Kept
    openings: Openings
    readers: Readers = field(default_factory=Readers)

    async def show(
        self, request: web.Request, kind: ShareKind, page: Page, *, token: str | None = None
    ) -> web.StreamResponse:
        """Answer a request for a page of a share of this kind.

        Args:
            token: None: the one in the request's path.
        """
        if not self.visitors.may_ask(address_of(request)):
            waits = {"Retry-After": "10", "Cache-Control": "no-store"}
            return web.Response(status=429, text="Please wait a few seconds.", headers=waits)
        nonce = secrets.token_urlsafe(16)
        try:
            token = request.match_info["token"] if token is None else token
            opened = await self.reader.opened(token, kind)
            if opened is not None:
                visit = Visit(
                    request=request,
                    reader=self.reader,
                    opened=opened,
                    nonce=nonce,
                    base_url=self.base_url,
                    token=token,
                    files=self.files,
                    readers=self.readers,
                    kept=self.kept,
                    openings=self.openings,
                )
                if answer := await page(visit):
                    return answer
        except StoreError:
            return _gone(nonce, busy=True)
        return _gone(nonce)


def headers(nonce: str, *, sites: str = "", public: bool = False) -> dict[str, str]:
    """What an answer says of itself.

    Args:
        nonce: by which its policy knows its own style and script.
        sites: whose pages may show it in a frame; empty: nobody's.
        public: whether search engines may list it.
    """
    said = {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; "
            f"frame-ancestors {sites or NOWHERE}"
        ),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return said if public else said | {"X-Robots-Tag": "noindex, nofollow"}


def _gone(nonce: str, *, busy: bool = False) -> web.Response:
    return web.Response(
        status=503 if busy else 404,
        text=draw("gone.html", nonce=nonce, busy=busy),
        content_type="text/html",
        headers=headers(nonce),
    )
