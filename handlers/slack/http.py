"""Requests from Slack over HTTP: the signature is checked, and what is signed goes to the door."""

import logging
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.request.internals import parse_body
from slack_sdk.signature import SignatureVerifier

from handlers.slack.door import NOT_SLACKS, Door

log = logging.getLogger(__name__)

SHORT = 1_000
"""Bytes that a request without a signature has at most."""


def events_handler(
    door: Door, signing_secret: str, on_refused: Callable[[], None]
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Build the handler of `POST /slack/events`.

    Bolt would log the body of a request with a wrong signature, and answer 500 to a malformed
    signature. Here both are answered 401, and no body is logged.
    """
    verifier = SignatureVerifier(signing_secret)

    async def handle(request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        if len(raw) < SHORT and parse_qs(raw.decode("latin-1")).get("ssl_check") == ["1"]:
            return web.Response(status=200)  # Slack looks at our certificate, now and then
        try:
            signed = verifier.is_valid_request(raw, request.headers)
        except (OverflowError, TypeError, ValueError):
            signed = False  # a time that is no number, or characters that Slack would not send
        if not signed:
            on_refused()
            log.warning("a request without a valid Slack signature was refused")
            return web.Response(status=401, text="The signature is not valid.")
        try:
            body = parse_body(raw.decode("utf-8"), request.content_type)
        except (RecursionError, ValueError):
            return web.Response(status=400, text=NOT_SLACKS)
        return await to_aiohttp_response(await door.take(body))

    return handle
