"""The yardstick: Bolt with one listener that does nothing, served by aiohttp as the bot is.

`python -m tests.benchmarks.plain_bolt PORT SLACK_API_URL`. Signatures are checked, and the answer
is sent after the listener (`process_before_response=True`), for that is what the bot must do.
"""

import sys

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.benchmarks.slack import SECRET, TOKEN


async def nothing() -> None:
    """The listener."""


def make_site(api_url: str) -> web.Application:
    """The whole program."""
    bolt = AsyncApp(
        signing_secret=SECRET,
        client=AsyncWebClient(TOKEN, base_url=api_url),
        process_before_response=True,
    )
    bolt.event("message")(nothing)

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    async def readyz(_: web.Request) -> web.Response:
        return web.Response()

    site = web.Application()
    site.router.add_post("/slack/events", events)
    site.router.add_get("/readyz", readyz)
    return site


def main() -> None:
    """Serve until stopped."""
    port, api_url = int(sys.argv[1]), sys.argv[2]
    web.run_app(make_site(api_url), host="127.0.0.1", port=port, access_log=None, print=None)


if __name__ == "__main__":
    main()
