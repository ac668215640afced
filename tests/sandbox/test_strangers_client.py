"""A client that nobody here wrote gets on with this Slack: slack_sdk, as it comes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox.model import Channel, Member
from tests.sandbox.plain import Receiver
from tests.slack import Slack


@asynccontextmanager
async def connected(sandbox: Slack) -> AsyncIterator[tuple[SocketModeClient, asyncio.Queue[Any]]]:
    """slack_sdk's socket client, which acknowledges everything, and what it heard."""
    web = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
    client = SocketModeClient(app_token=sandbox.app_token, web_client=web, ping_interval=0.05)
    heard: asyncio.Queue[SocketModeRequest] = asyncio.Queue()

    async def acknowledge(_: Any, request: SocketModeRequest) -> None:
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
        heard.put_nowait(request)

    client.socket_mode_request_listeners.append(acknowledge)
    await client.connect()  # type: ignore[no-untyped-call]
    try:
        yield client, heard
    finally:
        await client.close()  # type: ignore[no-untyped-call]


async def test_it_reads_posts_and_pages(sandbox: Slack, room: Channel, rosa: Member) -> None:
    """Posting with blocks, paging through history, and errors work through its methods."""
    web = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
    assert sandbox.bot.id == (await web.auth_test())["user_id"]
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*hello*"}}]
    posted = await web.chat_postMessage(channel=room.id, text="hello", blocks=blocks)
    assert posted["ts"] == sandbox.said_by_bot(room)[0].ts
    for number in range(5):
        sandbox.post(rosa, room, str(number))
    pages = await web.conversations_history(channel=room.id, limit=2)
    texts = [each["text"] async for page in pages for each in page["messages"]]
    assert ["4", "3", "2", "1", "0", "hello"] == texts
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await web.chat_postMessage(channel="C0NOWHERE", text="hello")
    missing = AsyncWebClient(token="xoxb-wrong", base_url=sandbox.api_url)
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await missing.auth_test()


async def test_it_sends_files_up(sandbox: Slack, rosa: Member) -> None:
    """files_upload_v2 leaves the file in the direct messages."""
    web = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
    im = (await web.conversations_open(users=rosa.id))["channel"]["id"]
    await web.files_upload_v2(channel=im, filename="ideas.csv", content="a,b\r\n", title="Ideas")
    (message,) = sandbox.messages(im)
    (file,) = sandbox.files_of(message)
    assert ("ideas.csv", "Ideas", b"a,b\r\n") == (file.name, file.title, file.content)


async def test_it_hears_by_socket(sandbox: Slack, room: Channel, rosa: Member) -> None:
    """Its socket client connects, hears, acknowledges, and its pings are answered."""
    async with connected(sandbox) as (client, heard):
        await sandbox.connected()
        sandbox.post(rosa, room, "an idea")
        async with asyncio.timeout(5):
            request = await heard.get()
        assert ("events_api", "an idea") == (request.type, request.payload["event"]["text"])
        await sandbox.settled()
        assert [] == sandbox.delivery.lost
        assert await client.is_connected()


async def test_it_follows_a_refresh(sandbox: Slack, room: Channel, rosa: Member) -> None:
    """When the socket is refreshed it opens another, and nothing is missing."""
    async with connected(sandbox) as (_, heard):
        await sandbox.connected()
        await sandbox.sockets.refresh()
        sandbox.post(rosa, room, "in between")
        async with asyncio.timeout(5):
            request = await heard.get()
        assert "in between" == request.payload["event"]["text"]
        assert 2 == sandbox.sockets.opened


async def test_it_trusts_the_signature(
    sandbox: Slack, receiver: Receiver, room: Channel, rosa: Member
) -> None:
    """Its verifier accepts the sandbox's requests, and no other secret's."""
    sandbox.post(rosa, room, "an idea")
    await sandbox.settled()
    headers, body = receiver.requests[-1]
    assert SignatureVerifier(sandbox.signing_secret).is_valid_request(body, headers)
    assert not SignatureVerifier("other").is_valid_request(body, headers)


async def test_it_answers_by_response_address(
    sandbox: Slack, receiver: Receiver, room: Channel, rosa: Member
) -> None:
    """Its webhook client reaches the response address of a command."""
    answer = await sandbox.command(rosa, room, "/try it")
    url = dict(parse_qsl(receiver.requests[-1][1].decode()))["response_url"]
    got = await AsyncWebhookClient(url).send(text="later")
    assert (200, "ok", "later") == (got.status_code, got.body, answer.text)
