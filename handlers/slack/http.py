"""Requests from Slack over HTTP: the signature is checked here, then Bolt takes over."""

import json
import logging
import time
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from handlers.slack.listeners import Messages, SlackListeners
from handlers.slack.shapes import is_slacks

log = logging.getLogger(__name__)

SHORT = 1_000
"""Bytes that a request without a signature has at most."""

NOT_SLACKS = "The body is not what Slack sends."

WINDOW = 300
"""Seconds a signature is good for, as Slack recommends."""


def events_handler(
    app: AsyncApp, listeners: SlackListeners, signing_secret: str, on_refused: Callable[[], None]
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Build the handler of `POST /slack/events`.

    Bolt would log the body of a request with a wrong signature, and answer 500 to a malformed
    one; here both are a plain 401. A message goes straight to *listeners*: they need nothing of
    what Bolt prepares, which costs more than reading the message.
    """
    verifier = SignatureVerifier(signing_secret)
    messages = Messages(listeners)

    async def handle(request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        if _is_ssl_check(raw):
            return web.Response(status=200)
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not _signed(verifier, raw, stamp, signature):
            on_refused()
            log.warning("a request without a valid Slack signature was refused")
            return web.Response(status=401, text="The signature is not valid.")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            return web.Response(status=400, text="The body is not UTF-8.")
        kind = request.headers.get("Content-Type", "")
        try:
            body = json.loads(text) if text.startswith("{") else {}
            if messages.wants(body) and is_slacks(body):
                return web.Response(status=200 if await messages.keep(body) else 500)
            # Bolt asks nothing else of a request whose signature has been checked.
            bolt_request = AsyncBoltRequest(body=text, headers={"content-type": kind})
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
            return web.Response(status=400, text=NOT_SLACKS)
        if not is_slacks(bolt_request.body):
            return web.Response(status=400, text=NOT_SLACKS)
        answer = await app.async_dispatch(bolt_request)
        return await to_aiohttp_response(answer)

    return handle


def _is_ssl_check(raw: bytes) -> bool:
    """Whether Slack only looks at our certificate, now and then, and without a signature."""
    return len(raw) < SHORT and parse_qs(raw.decode("latin-1")).get("ssl_check") == ["1"]


def _signed(verifier: SignatureVerifier, body: bytes, stamp: str, signature: str) -> bool:
    if not (stamp.isascii() and stamp.isdigit() and signature.isascii() and signature):
        return False
    if len(stamp) > 12 or abs(time.time() - int(stamp)) > WINDOW:
        return False
    try:
        return verifier.is_valid(body=body, timestamp=stamp, signature=signature)
    except UnicodeDecodeError:
        return False  # Slack sends nothing but UTF-8
