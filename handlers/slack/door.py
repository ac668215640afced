"""The one door for what Slack sends, over HTTP and over sockets."""

import logging
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.core.desk.desk import Desk
from handlers.shapes import OddShapeError, Payload, needed, text, whole
from handlers.slack.desk import SlackDesk
from handlers.slack.events import SlackEvents
from handlers.slack.web import Client, quiet

log = logging.getLogger(__name__)

NOT_SLACKS = "The body is not what Slack sends."


@dataclass(frozen=True, slots=True)
class Door:
    """Hands events to *events*, and what people ask to Bolt.

    Events come a hundred times as often, and need nothing of what Bolt prepares. Preparing it
    costs more than reading an event.
    """

    events: SlackEvents
    bolt: AsyncApp

    async def take(self, body: object) -> BoltResponse:
        """Answer a body: 500 for an event that was not stored, 400 for what Slack never sends."""
        try:
            if not isinstance(body, dict):
                raise OddShapeError("body")  # noqa: TRY301  (it is answered like the others)
            kind = text(body, "type")
            if "event" in body:
                return BoltResponse(status=200 if await self.events.take(body) else 500)
            answer = await self.bolt.async_dispatch(_request(kind, body))
        except OddShapeError as error:
            log.warning("what came is not what Slack sends: %s", error)
            return BoltResponse(status=400, body=NOT_SLACKS)
        if answer.status == 404:
            self.events.pass_over(kind)
            return BoltResponse(status=200)
        return answer


def _request(kind: str, body: Payload) -> AsyncBoltRequest:
    """Build what Bolt is given. Bolt takes more for granted than we do, and needs no headers."""
    if kind == "block_actions":
        for action in whole(body, "actions", list) or [None]:
            needed(action, "action_id")
    elif kind == "view_submission":
        needed(body, "view", "type")
        needed(body, "view", "callback_id")
    try:
        return AsyncBoltRequest(body=body, mode="socket_mode")
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise OddShapeError(type(error).__name__) from None


def make_door(events: SlackEvents, desk: Desk, client: Client) -> Door:
    """Build the door, and the Bolt app behind it.

    Bolt acknowledges after its listener, so that acknowledged means done. It asks nobody who we
    are, for nothing that it prepares with that is used. `http.py` checks signatures.
    """
    bolt = AsyncApp(
        name="commonplace",
        logger=quiet("slack_bolt"),
        # No token here: with one, Bolt would ask Slack who we are on each request.
        client=Client(client.http, client.proxies, client.base_url),
        authorize=_nobody,
        signing_secret="",
        process_before_response=True,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
    )
    SlackDesk(desk, events.connections, client, events.home).register(bolt)
    return Door(events, bolt)


async def _nobody() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id=None)
