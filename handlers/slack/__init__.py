"""Slack: its events become the core's values, the core's messages become Block Kit."""

import logging

from slack_bolt.async_app import AsyncApp

from bot.core.desk.desk import Desk
from handlers.slack.connections import Authorize, Connections
from handlers.slack.desk import SlackDesk
from handlers.slack.door import Door
from handlers.slack.listeners import Messages, SlackListeners
from handlers.slack.web import Client, Web

REQUEST_TIMEOUT = 30
"""Seconds one call of Slack may take; the lease of a delivery is longer."""


def make_client(token: str, api_url: str, web: Web) -> Client:
    """A client that sends each request once: its own retries would post twice."""
    return Client(web, api_url, token=token, timeout=REQUEST_TIMEOUT, logger=_quiet("slack_sdk"))


def make_bolt(
    connections: Connections,
    listeners: SlackListeners,
    desk: Desk,
    client: Client,
) -> AsyncApp:
    """Put Bolt together.

    It acknowledges after the listener, so that acknowledged means stored; it asks *connections*
    who we are, not Slack; and it lets our own messages through, for edits and deletions of those
    concern ideas. Signatures are checked before it (`http.py`).
    """
    app = AsyncApp(
        name="commonplace",
        logger=_quiet("slack_bolt"),
        # No token here: with one, Bolt would ask Slack who we are on each event.
        client=Client(client.web, client.base_url),
        authorize=Authorize(connections),
        before_authorize=Messages(listeners),
        signing_secret="",
        process_before_response=True,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
        raise_error_for_unhandled_request=True,
    )
    app.use(Door(connections, client))
    listeners.register(app)
    SlackDesk(desk, connections).register(app)
    return app


def _quiet(name: str) -> logging.Logger:
    """Their loggers put bodies of requests into the log below this level."""
    logger = logging.getLogger(name)
    logger.setLevel(logging.ERROR)
    return logger
