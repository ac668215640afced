"""Slack, composed: its settings become clients of the Web API, and a chat for each workspace."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import aiohttp

from bot.clock import real_now
from bot.config import Settings
from bot.core.errors import StoreError
from bot.telemetry import Metrics
from handlers.proxies import Proxies
from handlers.slack.calls import Calls
from handlers.slack.chat import SlackChat
from handlers.slack.connections import Connections
from handlers.slack.installation import Installation
from handlers.slack.web import Client
from storage import Store


@dataclass(frozen=True, slots=True)
class Account:
    """A workspace to serve: the bot's token there, and the address of its Web API."""

    token: str
    api_url: str


def clients_of(
    settings: Settings,
    session: aiohttp.ClientSession,
    proxies: Proxies,
    accounts: Sequence[Account] = (),
) -> Sequence[Client]:
    """Return what calls Slack, for each account; none: for the one that the settings name, if any.

    Where only Teams is set, there is none.
    """
    token = settings.slack_bot_token.reveal()
    if not accounts and (token or not settings.teams):
        accounts = [Account(token, settings.slack_api_url)]
    return [Client(session, proxies, one.api_url, one.token) for one in accounts]


def connect(clients: Sequence[Client], store: Store, metrics: Metrics) -> Connections:
    """Return the chats of these clients' workspaces."""
    return Connections(tuple(_chat(client, store, metrics) for client in clients), real_now)


def _chat(client: Client, store: Store, metrics: Metrics) -> SlackChat:
    installation = Installation()

    async def on_pause(method: str, seconds: float) -> None:
        now, known = real_now(), installation.workspace
        until = now + timedelta(seconds=seconds)
        with contextlib.suppress(StoreError):  # then this run alone remembers it
            await store.pause(known.id if known else "", method, now=now, until=until)

    calls = Calls(client, metrics.on_call, on_pause)
    return SlackChat(calls, installation)
