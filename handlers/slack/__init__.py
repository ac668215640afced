"""Slack: its events become the core's values, the core's messages become Block Kit."""

import logging

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.core.desk.desk import Desk
from handlers.slack.desk import SlackDesk
from handlers.slack.door import Door
from handlers.slack.events import SlackEvents
from handlers.slack.web import Client, Web

REQUEST_TIMEOUT = 30
"""Seconds one call of Slack may take; the lease of a delivery is longer."""


def make_client(token: str, api_url: str, web: Web) -> Client:
    """A client that sends each request once: its own retries would post twice."""
    return Client(web, api_url, token=token, timeout=REQUEST_TIMEOUT, logger=_quiet("slack_sdk"))


def make_door(events: SlackEvents, desk: Desk, client: Client) -> Door:
    """Put together what takes whatever Slack sends.

    Bolt acknowledges after its listener, so that acknowledged means done, and asks nobody who we
    are: nothing that it would prepare with that is used. Signatures are checked in `http.py`.
    """
    bolt = AsyncApp(
        name="commonplace",
        logger=_quiet("slack_bolt"),
        # No token here: with one, Bolt would ask Slack who we are on each request.
        client=Client(client.web, client.base_url),
        authorize=_nobody,
        signing_secret="",
        process_before_response=True,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
    )
    SlackDesk(desk, events.connections, client).register(bolt)
    return Door(events, bolt)


async def _nobody() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id=None)


def _quiet(name: str) -> logging.Logger:
    """Their loggers put bodies of requests into the log below this level."""
    logger = logging.getLogger(name)
    logger.setLevel(logging.ERROR)
    return logger
