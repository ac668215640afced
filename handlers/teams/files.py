"""Files on their way to a member: each waits ten minutes, under a name that nobody can guess."""

import secrets
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

from aiohttp import web

LASTING: Final = 600.0
"""Seconds that a file waits."""
ADDRESS: Final = "/teams/files/"
"""The beginning of a file's address at the web side."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits for a member."""

    name: str
    member_id: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Kept:
    name: str
    member_id: str
    at: Path
    until: float


@dataclass(frozen=True, slots=True)
class Files:
    """Files that only we may read, in a folder.

    Args:
        folder: of this run alone.
        monotonic: the clock that ten minutes go by.
    """

    folder: Path
    monotonic: Callable[[], float] = time.monotonic
    _kept: dict[str, _Kept] = field(default_factory=dict)

    def keep(self, name: str, member_id: str, file: Path | bytes) -> str:
        """Keep a copy of a file; return the token by which it is taken."""
        self.sweep()
        token, at = secrets.token_urlsafe(32), self.folder / secrets.token_hex(16)
        at.touch(mode=0o600, exist_ok=False)
        if isinstance(file, bytes):
            at.write_bytes(file)
        else:
            shutil.copyfile(file, at)
        self._kept[token] = _Kept(name, member_id, at, self.monotonic() + LASTING)
        return token

    def take(self, token: str, member_id: str = "") -> Waiting | None:
        """Take a file, once; None: there is none, or none any more, or not for that member."""
        self.sweep()
        kept = self._kept.get(token)
        if kept is None or member_id not in {"", kept.member_id}:
            return None
        del self._kept[token]
        content = kept.at.read_bytes()
        kept.at.unlink()
        return Waiting(kept.name, kept.member_id, content)

    def sweep(self) -> None:
        """Delete what has waited too long."""
        for token, kept in list(self._kept.items()):
            if self.monotonic() >= kept.until:
                del self._kept[token]
                kept.at.unlink(missing_ok=True)


def files_handler(files: Files) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Build the handler of `GET /teams/files/{token}`: a token that opens nothing is not found.

    It must not be asked with `HEAD`, which would take the file.
    """

    async def handle(request: web.Request) -> web.StreamResponse:
        found = files.take(request.match_info["token"])
        if found is None:
            raise web.HTTPNotFound
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(
            body=found.content, content_type="application/octet-stream", headers=headers
        )

    return handle
