"""A plain caller of the Web API and two plain apps, one on a socket and one behind an address."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web

from tests.slack import Slack

SCOPES = [
    "canvases:read",
    "canvases:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "reactions:read",
    "reactions:write",
    "users:read",
]
EVENTS = [
    "app_home_opened",
    "channel_archive",
    "channel_deleted",
    "channel_id_changed",
    "channel_left",
    "channel_rename",
    "channel_unarchive",
    "group_left",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
    "reaction_removed",
    "user_change",
]


def make_manifest(
    scopes: list[str] = SCOPES, events: list[str] = EVENTS, *, escape: bool = True
) -> dict[str, Any]:
    return {
        "display_information": {"name": "Tester"},
        "features": {
            "app_home": {"home_tab_enabled": True},
            "bot_user": {"display_name": "Tester"},
            "slash_commands": [
                {
                    "command": "/try",
                    "description": "Tries it",
                    "usage_hint": "[words]",
                    "should_escape": escape,
                }
            ],
            "shortcuts": [
                {"name": "Keep", "type": "message", "callback_id": "keep", "description": "Keeps"}
            ],
        },
        "oauth_config": {"scopes": {"bot": scopes}},
        "settings": {
            "event_subscriptions": {"bot_events": events},
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": True,
        },
    }


@dataclass
class Clock:
    at: datetime = datetime(2026, 11, 25, 21, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


@dataclass
class Client:
    """A plain caller of the Web API."""

    session: aiohttp.ClientSession
    sandbox: Slack

    async def __call__(self, method: str, token: str | None = None, **args: Any) -> dict[str, Any]:
        async with self.raw(method, token, json=args) as answer:
            body: dict[str, Any] = await answer.json()
            return body

    def raw(self, method: str, token: str | None = None, **more: Any) -> Any:
        word = self.sandbox.bot_token if token is None else token
        headers = {"Authorization": f"Bearer {word}"} if word else {}
        return self.session.post(f"{self.sandbox.api_url}{method}", headers=headers, **more)


Answerer = Callable[[dict[str, Any]], object]
SILENT = object()


@dataclass
class Ear:
    """A plain app on one socket: keeps what it hears, and acknowledges it unless told not to."""

    socket: aiohttp.ClientWebSocketResponse
    answer: Answerer = lambda _: None
    heard: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)

    async def listen(self) -> None:
        async for frame in self.socket:
            said = json.loads(frame.data)
            if "envelope_id" in said:
                payload = self.answer(said)
                if payload is not SILENT:
                    ack = {"envelope_id": said["envelope_id"]}
                    await self.socket.send_json(ack | ({"payload": payload} if payload else {}))
            self.heard.put_nowait(said)

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            return await self.heard.get()

    async def event(self, kind: str = "") -> dict[str, Any]:
        """The next event (of a type or subtype), past whatever else comes."""
        event: dict[str, Any] = (await self.envelope(kind))["payload"]["event"]
        return event

    async def envelope(self, kind: str = "") -> dict[str, Any]:
        """Likewise, in its envelope."""
        while True:
            said = await self.next()
            if said["type"] == "events_api":
                event = said["payload"]["event"]
                if kind in {"", event["type"], event.get("subtype")}:
                    return said


Listen = Callable[..., Awaitable[Ear]]


@dataclass
class Receiver:
    """A plain app behind an address: keeps requests, answers the next of ``answers``."""

    url: str = ""
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    delay: asyncio.Event = field(default_factory=asyncio.Event)
    coming: asyncio.Queue[None] = field(default_factory=asyncio.Queue)

    async def came(self, count: int) -> None:
        """Waits for so many requests."""
        async with asyncio.timeout(5):
            for _ in range(count):
                await self.coming.get()

    async def handle(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append((headers, await request.read()))
        self.coming.put_nowait(None)
        await self.delay.wait()
        return self.answers.pop(0) if self.answers else web.Response()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    receiver.delay.set()
    app = web.Application()
    app.router.add_post("/slack/events", receiver.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield receiver
    finally:
        await runner.cleanup()
