"""The page's endpoints: the page itself, what a member sees, and news of changes."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.sandbox.changes import Changes
from bot.sandbox.error_messages import sentence
from bot.sandbox.model import SlackError
from bot.sandbox.page_actions import PageActions
from bot.sandbox.page_state import PageState, file

STATIC = Path(__file__).parent / "static"
_HEARTBEAT = 15.0
_LARGEST_FILE = 32 * 1024 * 1024
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Page:
    """Serves the page; ``closing`` is set when the server stops."""

    state: PageState
    actions: PageActions
    changes: Changes
    closing: asyncio.Event

    def add_routes(self, app: web.Application) -> None:
        """Add the page and its endpoints to an application."""
        app.router.add_get("/", self._index)
        app.router.add_static("/sandbox/static", STATIC)
        app.router.add_get("/sandbox/state", self._state)
        app.router.add_get("/sandbox/live", self._live)
        app.router.add_post("/sandbox/act", self._act)
        app.router.add_post("/sandbox/file", self._file)

    async def _index(self, _: web.Request) -> web.StreamResponse:
        headers = {"Cache-Control": "no-cache", "Content-Security-Policy": _POLICY}
        return web.FileResponse(STATIC / "index.html", headers=headers)

    async def _state(self, request: web.Request) -> web.StreamResponse:
        people = (each.id for each in self.state.workspace.members.values() if not each.is_bot)
        user = request.query.get("as") or next(people, "")
        if user not in self.state.workspace.members:
            return web.json_response({"ok": False, "error": "No such member."}, status=404)
        state = {**self.state.of(user), "version": self.changes.version}
        return web.json_response(state, headers={"Cache-Control": "no-store"})

    async def _live(self, request: web.Request) -> web.StreamResponse:
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        stream = web.StreamResponse(headers=headers)
        await stream.prepare(request)
        closing = asyncio.create_task(self.closing.wait())
        version = -1
        try:
            while not self.closing.is_set():
                news = asyncio.create_task(self.changes.after(version))
                await asyncio.wait(
                    {news, closing}, timeout=_HEARTBEAT, return_when=asyncio.FIRST_COMPLETED
                )
                if news.done():
                    version = news.result()
                    await stream.write(f'data: {{"version": {version}}}\n\n'.encode())
                else:
                    news.cancel()
                    await stream.write(b": still here\n\n")
        except ConnectionError:
            pass  # the page was closed
        finally:
            closing.cancel()
        return stream

    async def _act(self, request: web.Request) -> web.StreamResponse:
        try:
            wanted = await request.json()
            more = await self.actions.act(str(wanted["as"]), str(wanted["do"]), wanted)
        except SlackError as refusal:
            return web.json_response({"ok": False, "error": sentence(refusal.code)})
        except (AttributeError, KeyError, TypeError, ValueError):
            return web.json_response({"ok": False, "error": sentence("invalid_arguments")})
        return web.json_response({"ok": True, **more})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """Store a file that a message is going to share."""
        user, content = request.query.get("as", ""), bytearray()
        async for piece in request.content.iter_any():
            content += piece
            if len(content) > _LARGEST_FILE:
                return web.json_response({"ok": False, "error": sentence("file_too_large")})
        try:
            self.state.workspace.member(user)
        except SlackError as refusal:
            return web.json_response({"ok": False, "error": sentence(refusal.code)})
        name = request.query.get("name") or "file"
        kind = request.content_type
        item = self.actions.messages.add_file(user, name, bytes(content), kind=kind)
        return web.json_response({"ok": True, "file": file(item, user)})
