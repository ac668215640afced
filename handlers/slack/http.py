"""Requests from Slack over HTTP: the signature is checked here, then Bolt takes over."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from slack_bolt.async_app import AsyncApp

log = logging.getLogger(__name__)

WINDOW = 300
"""Seconds a signature is good for, as Slack recommends."""


def events_handler(
    app: AsyncApp, signing_secret: str, on_refused: Callable[[], None]
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Build the handler of `POST /slack/events`.

    Bolt would log the body of a request with a wrong signature, and answer 500 to a malformed
    one; here both are a plain 401.
    """
    verifier = SignatureVerifier(signing_secret)

    async def handle(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not _signed(verifier, body, stamp, signature):
            on_refused()
            log.warning("a request without a valid Slack signature was refused")
            return web.Response(status=401, text="The signature is not valid.")
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            return web.Response(status=400, text="The body is not UTF-8.")
        answer = await app.async_dispatch(
            AsyncBoltRequest(
                body=text,
                query=request.query_string,
                headers=request.headers,  # type: ignore[arg-type]
            )
        )
        return await to_aiohttp_response(answer)

    return handle


def _signed(verifier: SignatureVerifier, body: bytes, stamp: str, signature: str) -> bool:
    if not (stamp.isascii() and stamp.isdigit() and signature.isascii() and signature):
        return False
    if len(stamp) > 12 or abs(time.time() - int(stamp)) > WINDOW:
        return False
    return verifier.is_valid(body=body, timestamp=stamp, signature=signature)
