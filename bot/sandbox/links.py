"""The addresses that Slack gives out: uploads, files, response addresses, permalinks."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.installation import Installation
from bot.sandbox.interactions import Interactions
from bot.sandbox.model import File, SlackError
from bot.sandbox.page_state import visible
from bot.sandbox.workspace import Workspace

_GONE = {"used_url", "expired_url", "invalid_url"}
_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""A file that is opened runs nothing, fetches nothing, and cannot act on the page it came from."""


@dataclass(frozen=True, slots=True)
class Links:
    """Serves the addresses that stand in answers of the Web API and in events."""

    workspace: Workspace
    installation: Installation
    interactions: Interactions

    def add_routes(self, app: web.Application) -> None:
        """Add the addresses to an application."""
        app.router.add_post("/upload/v1/{file}", self._upload)
        app.router.add_get("/files/{file}/{name}", self._download)
        app.router.add_get("/files/{file}/download/{name}", self._download)
        app.router.add_post("/respond/{word}", self._respond)
        app.router.add_get("/archives/{channel}/{message}", self._archive)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        item = self.workspace.files.get(request.match_info["file"])
        if item is None or item.complete:
            return web.Response(status=404, text="no such upload")
        if request.content_type == "multipart/form-data":
            parts = (await request.post()).values()
            found = next((each for each in parts if isinstance(each, web.FileField)), None)
            item.content = found.file.read() if found else b""
        else:
            item.content = await request.read()
        return web.Response(text=f"OK - {len(item.content)}")

    async def _download(self, request: web.Request) -> web.StreamResponse:
        item = self.workspace.files.get(request.match_info["file"])
        if item is None or not item.complete:
            return web.Response(status=404, text="no such file")
        if not self._may_read(request, item):
            return web.Response(status=403, text="not yours to read")
        how = "inline" if item.mimetype == "text/html" else "attachment"
        headers = {
            "Content-Disposition": f"{how}; filename*=UTF-8''{quote(item.name)}",
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=item.content, content_type=item.mimetype, headers=headers)

    def _may_read(self, request: web.Request, item: File) -> bool:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            scoped = "files:read" in self.installation.scopes
            return token == self.installation.bot_token and scoped
        user = request.query.get("as", "")
        rooms = [self.workspace.channels.get(each) for each in item.channels]
        return user == item.user or any(room and visible(room, user) for room in rooms)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        try:
            said = json.loads(await request.text())
            self.interactions.respond(request.match_info["word"], said)
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        except SlackError as refusal:
            status = 404 if refusal.code in _GONE else 400
            answer = {"ok": False, "error": refusal.code, **refusal.extra}
            return web.json_response(answer, status=status)
        return web.Response(text="ok")

    async def _archive(self, request: web.Request) -> web.StreamResponse:
        digits = request.match_info["message"].removeprefix("p")
        raise web.HTTPFound(f"/#/{request.match_info['channel']}/{digits[:-6]}.{digits[-6:]}")
