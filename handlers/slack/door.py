"""The door for commands, presses and forms: whose workspace they are for, and who may not pass."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.core.errors import ChatError, ChatUnavailableError
from handlers.slack import payloads
from handlers.slack.connections import Connections
from handlers.slack.installation import StrangerError
from handlers.slack.web import Client, Respond

WORKSPACE = "commonplace.workspace"
"""Where the door notes, in a request, the workspace that it is for."""


class Door(AsyncMiddleware):
    """Notes in each request the workspace that it is for: ours, whatever team it names.

    In a channel shared with others, and on Enterprise Grid, people of other teams press our
    buttons and send our forms. Who is not one of ours changes nothing.
    """

    def __init__(self, connections: Connections, client: Client) -> None:
        self.connections = connections
        self.client = client

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002  (Bolt gives it)
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002  (Bolt's name)
    ) -> BoltResponse:
        """Let pass what is ours; raise what a stranger is told."""
        body: dict[str, Any] = req.body
        if "event" not in body:
            url = str(body.get("response_url") or "")
            req.context["respond"] = Respond(self.client, url)
            body[WORKSPACE] = await self._checked(body)
        return await next()

    async def _checked(self, body: dict[str, Any]) -> str:
        member, team, installed = payloads.from_whom(body)
        home = self.connections.asked_in((installed, *payloads.named_in(body)))
        ours = home.installation.bot.id
        if installed not in {"", ours}:
            raise StrangerError
        if team not in {"", ours}:
            teams = {ours} if installed else {ours, team}
            try:
                known = await home.chat.is_among(member, teams)
            except ChatUnavailableError:
                raise
            except ChatError:  # whom Slack does not show us is none of ours
                known = False
            if not known:
                raise StrangerError
        return ours
