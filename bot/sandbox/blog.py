"""A sample blog that shows a board in a frame, as a page of somebody else's would."""

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from aiohttp import web

from bot.sandbox.gate import own_address_only

_BOARD: Final = re.compile(
    r"http://(?:127\.0\.0\.1|localhost):(?P<port>\d+)/b/(?P<token>[A-Za-z0-9_-]+)/?"
)
_STATIC: Final = Path(__file__).with_name("static")
_PAGE: Final = Template((_STATIC / "blog.html").read_text("utf-8"))
_FRAME: Final = Template(
    '<iframe title="The board: ideas of our network" src="$board"></iframe>\n'
    '<p class="beneath"><a href="$board">Open the board by itself</a> '
    '<a href="#empty">Is the frame empty?</a></p>'
)
_NO_FRAME: Final = Template('<p class="place" id="place">$words</p>')
_EMPTY: Final = "Here the board will stand. Paste its address below."
_WRONG: Final = Template(
    "That is no address of a board of this practice room. It would begin with $room/b/"
)


@dataclass(frozen=True, slots=True)
class Blog:
    """Serves the blog; it shows the boards of *room*, ``http://127.0.0.1:3000``, and no others."""

    room: str

    def app(self) -> web.Application:
        """Return the application to serve at an origin of its own."""
        app = web.Application(middlewares=[own_address_only])
        app.router.add_get("/", self._page)
        app.router.add_static("/static", _STATIC)
        return app

    async def _page(self, request: web.Request) -> web.Response:
        typed = request.query.get("board", "").strip()
        board = self._board(typed)
        words = _WRONG.substitute(room=self.room) if typed else _EMPTY
        html = _PAGE.substitute(
            blog=f"http://{request.host}",
            room=self.room,
            typed=escape(typed),
            frame=_FRAME.substitute(board=board) if board else _NO_FRAME.substitute(words=words),
            invalid="true" if typed and not board else "false",
        )
        headers = {
            "Cache-Control": "no-store",
            "Content-Security-Policy": (
                "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
                f"form-action 'self'; frame-ancestors 'none'; frame-src {self.room}"
            ),
            "Referrer-Policy": "no-referrer",
        }
        return web.Response(text=html, content_type="text/html", headers=headers)

    def _board(self, typed: str) -> str:
        """Return the address of a board of the room as the room names itself; else nothing."""
        found = _BOARD.fullmatch(typed)
        if found is None or found["port"] != self.room.rpartition(":")[2]:
            return ""
        return f"{self.room}/b/{found['token']}/"
