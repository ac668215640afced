"""The Web API: who calls, with what, may they, and what goes wrong on the way."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from aiohttp import web

from bot.sandbox.call import Call, Method
from bot.sandbox.changes import Changes
from bot.sandbox.chat import CHAT
from bot.sandbox.conversations import CONVERSATIONS
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.files import FILES
from bot.sandbox.installation import Installation
from bot.sandbox.model import Payload, SlackError
from bot.sandbox.sockets import Sockets
from bot.sandbox.triggers import Triggers
from bot.sandbox.users import USERS
from bot.sandbox.views import VIEWS
from bot.sandbox.workspace import Workspace

METHODS: Final[Mapping[str, Method]] = {**CHAT, **CONVERSATIONS, **FILES, **USERS, **VIEWS}
_OPEN_SOCKET = "apps.connections.open"


@dataclass(frozen=True, slots=True)
class Called:
    """A call that came in.

    Attributes:
        method: Its name.
        args: As sent, without the token.
        at: The sandbox's clock.
        answer: What was answered (or would have been, had the answer not been lost).
    """

    method: str
    args: Payload
    at: datetime
    answer: Payload

    @property
    def error(self) -> str:
        """The error code, empty when all went well."""
        return str(self.answer.get("error", ""))


@dataclass(slots=True)
class Api:
    """Answers ``/api/{method}``."""

    workspace: Workspace
    installation: Installation
    sockets: Sockets
    triggers: Triggers
    faults: Faults
    changes: Changes
    now: Callable[[], datetime]
    calls: list[Called] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call over HTTP."""
        method = request.match_info["method"]
        try:
            args = await _arguments(request)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_json"})
        token = _token(request, args)
        struck = self.faults.strike(
            "rate_limit", "refuse", "crash", "hang", method=method, args=args
        )
        if struck is not None:
            return await self._strike(struck, method, args)
        try:
            answer: Payload = {"ok": True, **self._run(method, args, token)}
        except SlackError as refusal:
            answer = {"ok": False, "error": refusal.code, **refusal.extra}
        self._log(method, args, answer)
        lost = self.faults.strike("lose_answer", method=method, args=args)
        if lost is not None and request.transport is not None:
            request.transport.close()
        headers = {"X-Slack-Req-Id": f"sandbox-{len(self.calls)}"}
        if token == self.installation.bot_token:
            headers["X-OAuth-Scopes"] = ",".join(self.installation.scopes)
        return web.json_response(answer, headers=headers)

    def _run(self, name: str, args: Payload, token: str) -> Payload:
        method = METHODS.get(name)
        if method is None and name != _OPEN_SOCKET:
            raise SlackError("unknown_method", req_method=name)
        self._authorize(token, "app" if method is None else method.wants)
        if method is None:
            if not self.installation.socket_mode:
                raise SlackError("socket_mode_not_enabled")
            address = self.workspace.base_url.replace("http", "ws", 1)
            return {"url": f"{address}/link?ticket={self.sockets.ticket()}"}
        if method.scope:
            self.installation.need(method.scope)
        call = Call(
            name,
            args,
            self.workspace,
            self.installation,
            self.faults,
            self.triggers,
            self.now(),
            self.workspace.base_url,
        )
        return method.run(call)

    def _authorize(self, token: str, wants: str) -> None:
        if not token:
            raise SlackError("not_authed")
        tokens = {self.installation.bot_token: "bot", self.installation.app_token: "app"}
        if token not in tokens:
            raise SlackError("invalid_auth")
        if self.installation.revoked:
            raise SlackError(self.installation.revoked)
        if tokens[token] != wants:
            raise SlackError("not_allowed_token_type")

    async def _strike(self, fault: Fault, method: str, args: Payload) -> web.Response:
        if fault.kind == "hang":
            self._log(method, args, {"ok": False, "error": "hung"})
            await fault.lifted.wait()
            return web.Response(status=503, text="")
        if fault.kind == "crash":
            self._log(method, args, {"ok": False, "error": f"http_{fault.status}"})
            headers = {"Location": fault.location} if fault.location else {}
            return web.Response(
                status=fault.status, text=fault.body, content_type=fault.content, headers=headers
            )
        limited = fault.kind == "rate_limit"
        answer = {"ok": False, "error": "ratelimited" if limited else fault.error}
        self._log(method, args, answer)
        headers = {"Retry-After": str(fault.retry_after)} if limited else {}
        return web.json_response(answer, status=429 if limited else 200, headers=headers)

    def _log(self, method: str, args: Payload, answer: Payload) -> None:
        self.calls.append(Called(method, args, self.now(), answer))
        self.changes.note()


async def _arguments(request: web.Request) -> dict[str, Any]:
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        text = await request.text()
        body = json.loads(text) if text else {}
        if not isinstance(body, dict):
            raise ValueError("not an object")
        args |= body
    elif request.can_read_body:
        args.update(await request.post())
    return args


def _token(request: web.Request, args: dict[str, Any]) -> str:
    named = str(args.pop("token", ""))
    scheme, _, word = request.headers.get("Authorization", "").partition(" ")
    return word.strip() if scheme.lower() == "bearer" else named
