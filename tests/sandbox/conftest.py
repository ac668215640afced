"""A sandbox with a channel and two people, and apps that connect to it."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox.delivery import Timing
from bot.sandbox.model import Channel, Member
from tests.sandbox.plain import (
    Answerer,
    Client,
    Clock,
    Ear,
    Listen,
    Receiver,
    make_manifest,
    receiving,
)
from tests.slack import Slack


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Slack]:
    made = Slack(make_manifest(), clock)
    made.timing = Timing(ack=2.0, retries=(0.0, 0.0, 0.0), hold=5.0)
    async with made.serving():
        yield made


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


@pytest.fixture
def call(session: aiohttp.ClientSession, sandbox: Slack) -> Client:
    return Client(session, sandbox)


@pytest.fixture
def rosa(sandbox: Slack) -> Member:
    return sandbox.add_user("rosa", display_name="Rosa (sample)")


@pytest.fixture
def ben(sandbox: Slack) -> Member:
    return sandbox.add_user("ben", display_name="Ben (sample)")


@pytest.fixture
def room(sandbox: Slack, rosa: Member, ben: Member) -> Channel:
    return sandbox.add_channel("leadership", [rosa, ben], bot=True)


@pytest.fixture
async def listen(session: aiohttp.ClientSession, sandbox: Slack) -> AsyncIterator[Listen]:
    """Opens a socket as an app does; the hello is taken off."""
    tasks: list[asyncio.Task[None]] = []
    ears: list[Ear] = []

    async def opened(answer: Answerer = lambda _: None, *, autoping: bool = True) -> Ear:
        caller = Client(session, sandbox)
        url = (await caller("apps.connections.open", sandbox.app_token))["url"]
        ear = Ear(await session.ws_connect(url, autoping=autoping), answer)
        assert "hello" == (await ear.socket.receive_json())["type"]
        tasks.append(asyncio.create_task(ear.listen()))
        ears.append(ear)
        return ear

    yield opened
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for ear in ears:
        await ear.socket.close()


@pytest.fixture
async def receiver(sandbox: Slack) -> AsyncIterator[Receiver]:
    async with receiving() as made:
        sandbox.events_url = made.url
        yield made
