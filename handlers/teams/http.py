"""Requests from Teams over HTTP: the token is checked, and what it vouches for goes to the door."""

import json
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from handlers.teams.door import NOT_TEAMSS, Answer, Door
from handlers.teams.keys import KeysAwayError
from handlers.teams.signatures import Gate, UnsignedError

log = logging.getLogger(__name__)


def activities_handler(
    door: Door, gate: Gate, on_refused: Callable[[], None]
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Build the handler of `POST /teams/messages`.

    The body is read as JSON only when the token is right.
    """

    async def handle(request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        try:
            signed = await gate.admit(request)
            activity = _parsed(raw)
            if isinstance(activity, dict):
                signed.check(activity)
        except UnsignedError as error:
            on_refused()
            log.warning("a request that is not from Teams was refused: %s", error)
            return web.Response(status=401, text="The token is not valid.")
        except KeysAwayError:
            return web.Response(status=503, text="The keys of Teams cannot be read now.")
        except ValueError:
            return web.Response(status=400, text=NOT_TEAMSS)
        return _response(await door.take(activity))

    return handle


def _parsed(raw: bytes) -> object:
    try:
        found = json.loads(raw)
        return _whole(found) if b"\\u" in raw else found
    except RecursionError:
        raise ValueError(NOT_TEAMSS) from None


def _whole(value: object) -> object:
    """The same without what nothing can keep or send on: halves of characters, and NUL."""
    if isinstance(value, str):
        text = value.replace("\0", "").encode("utf-16", "surrogatepass")
        return text.decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {_whole(name): _whole(one) for name, one in value.items()}
    return value


def _response(answer: Answer) -> web.Response:
    if isinstance(answer.body, str):
        return web.Response(status=answer.status, text=answer.body)
    if answer.body is None:
        return web.Response(status=answer.status)
    return web.json_response(answer.body, status=answer.status)
