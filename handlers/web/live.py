"""Live: a stream of server-sent events says that a share shows something else than before."""

import asyncio
import secrets
import socket
from contextlib import suppress
from typing import Final

from aiohttp import web

from handlers.web.visitors import address_of
from handlers.web.visits import Visit
from handlers.web.watching import Watched

SAID: Final = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store, no-transform",  # a proxy that compresses would hold it back
    "X-Accel-Buffering": "no",
}
RETRY: Final = (2000, 6000)
"""Milliseconds until a reader comes back after the end: at least, and by chance so many more."""
UNREAD: Final = 4096
"""Bytes that the system holds for a reader who does not take them; then they are dropped."""


async def live(visit: Visit) -> web.StreamResponse:
    """The stream. Each event has the share's version, `BoardReader.version`, and nothing else."""
    request, readers = visit.request, visit.readers
    address = address_of(request)
    if status := readers.refusal(address):
        waits = {"Retry-After": "60", "Cache-Control": "no-store"}
        return web.Response(status=status, text="Too many read this live.", headers=waits)
    stream = web.StreamResponse(headers=visit.headers | SAID)
    if request.method == "HEAD":
        return stream
    with (
        suppress(ConnectionError),  # whoever read has gone
        readers.reading(visit.reader, visit.opened, visit.token, address) as watched,
    ):
        stream.force_close()
        await stream.prepare(request)
        if request.transport is not None and (sock := request.get_extra_info("socket")):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNREAD)
        await stream.write(f"retry: {RETRY[0] + secrets.randbelow(RETRY[1])}\n\n".encode())
        await _tell(stream, request, watched, beat=readers.beat, lasts=readers.lasts)
    return stream


async def _tell(
    stream: web.StreamResponse, request: web.Request, watched: Watched, *, beat: float, lasts: float
) -> None:
    """Write each version that is new to the reader, and a comment when there is none for long."""
    told = ""
    time = asyncio.get_running_loop().time
    ends = time() + lasts
    while not watched.over and (left := ends - time()) > 0:
        turned, version = watched.turned, watched.version
        if request.transport is None:
            return
        if request.transport.get_write_buffer_size():
            request.transport.abort()  # it has not even taken what it was told before
            return
        await stream.write(b": \n\n" if told == version else f"data: {version}\n\n".encode())
        told = version
        with suppress(TimeoutError):
            async with asyncio.timeout(min(beat, left)):
                await turned.wait()
