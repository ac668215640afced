"""The Web API: who calls, with what, and whether they may."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from bot.sandbox.call import Call, Method
from bot.sandbox.canvases import CANVASES
from bot.sandbox.chat import CHAT
from bot.sandbox.conversations import CONVERSATIONS
from bot.sandbox.files import FILES
from bot.sandbox.installation import Installation
from bot.sandbox.messages import Messages
from bot.sandbox.model import Payload, SlackError
from bot.sandbox.sockets import Sockets
from bot.sandbox.triggers import Triggers
from bot.sandbox.users import USERS
from bot.sandbox.views import VIEWS

METHODS: Final[Mapping[str, Method]] = {
    **CANVASES,
    **CHAT,
    **CONVERSATIONS,
    **FILES,
    **USERS,
    **VIEWS,
}
_OPEN_SOCKET = "apps.connections.open"


@dataclass(frozen=True, slots=True)
class Api:
    """Answers ``/api/{method}``."""

    messages: Messages
    installation: Installation
    sockets: Sockets
    triggers: Triggers

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call over HTTP."""
        try:
            args, token = await arguments(request)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_json"})
        return self.respond(self.answer(request.match_info["method"], args, token), token)

    def answer(self, name: str, args: Payload, token: str) -> Payload:
        """Call a method with these arguments and return its answer, refused or not."""
        try:
            self._authorize(token, name)
            return {"ok": True, **self._run(name, args)}
        except SlackError as refusal:
            return {"ok": False, "error": refusal.code, **refusal.extra}

    def respond(self, answer: Payload, token: str) -> web.Response:
        """An answer as HTTP; to the bot it says which scopes its token has."""
        told = token == self.installation.bot_token
        headers = {"X-OAuth-Scopes": ",".join(self.installation.scopes)} if told else {}
        return web.json_response(answer, headers=headers)

    def _run(self, name: str, args: Payload) -> Payload:
        if name == _OPEN_SOCKET:
            if not self.installation.socket_mode:
                raise SlackError("socket_mode_not_enabled")
            address = self.messages.workspace.base_url.replace("http", "ws", 1)
            return {"url": f"{address}/link?ticket={self.sockets.ticket()}"}
        method = METHODS[name]
        if method.scope:
            self.installation.need(method.scope)
        return method.run(Call(name, args, self.messages, self.installation, self.triggers))

    def _authorize(self, token: str, name: str) -> None:
        if name != _OPEN_SOCKET and name not in METHODS:
            raise SlackError("unknown_method", req_method=name)
        if not token:
            raise SlackError("not_authed")
        tokens = {self.installation.bot_token: "bot", self.installation.app_token: "app"}
        if token not in tokens:
            raise SlackError("invalid_auth")
        if tokens[token] != ("app" if name == _OPEN_SOCKET else "bot"):
            raise SlackError("not_allowed_token_type")


async def arguments(request: web.Request) -> tuple[Payload, str]:
    """The arguments of a call, from its address and its body, and apart from them its token.

    Raises:
        ValueError: The body says that it is JSON, and is no JSON object.
    """
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        text = await request.text()
        body = json.loads(text) if text else {}
        if not isinstance(body, dict):
            raise ValueError("not an object")
        args |= body
    elif request.can_read_body:
        args.update(await request.post())
    named = str(args.pop("token", ""))
    scheme, _, word = request.headers.get("Authorization", "").partition(" ")
    return args, word.strip() if scheme.lower() == "bearer" else named
