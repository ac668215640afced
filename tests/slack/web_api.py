"""The Web API between the app and the sandbox: what was called, and what fails on the way."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web

from bot.sandbox.api import Api, arguments
from bot.sandbox.changes import Changes
from bot.sandbox.model import Payload
from tests.slack.faults import Fault, Faults
from tests.slack.odd_shapes import OddShapes

_TIMELINES = {"conversations.history", "conversations.replies"}


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
class WebApi:
    """Answers calls in place of the sandbox's own route, with the sandbox's answers.

    Attributes:
        calls: Every call that came in.
        revoked: Why the tokens count no more, as an error code; empty while they do.
        hidden_before: A ts; what is older is hidden from the app, as on Slack's free plan.
    """

    api: Api
    faults: Faults
    odd_shapes: OddShapes
    changes: Changes
    now: Callable[[], datetime]
    calls: list[Called] = field(default_factory=list)
    revoked: str = ""
    hidden_before: str = ""

    @web.middleware
    async def middleware(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Take what is meant for `/api/{method}`, and let everything else pass."""
        method = request.match_info.get("method")
        if method is None:
            return await handler(request)
        try:
            args, token = await arguments(request)
        except ValueError:
            return await handler(request)
        fault = self.faults.trigger(
            "rate_limit", "refuse", "crash", "hang", method=method, args=args
        )
        if fault is not None:
            return await self._fail(fault, method, args)
        answer = self._answer(method, args, token)
        self._log(method, args, answer)
        lost = self.faults.trigger("lose_answer", "hold_answer", method=method, args=args)
        if lost is not None and lost.kind == "hold_answer":
            await lost.cleared.wait()
        if lost is not None and request.transport is not None:
            request.transport.close()
        return self.api.respond(answer, token)

    def _answer(self, method: str, args: Payload, token: str) -> Payload:
        installation = self.api.installation
        if self.revoked and token in {installation.bot_token, installation.app_token}:
            return {"ok": False, "error": self.revoked}
        if method not in _TIMELINES:
            return self._retold(self.api.answer(method, args, token))
        asked = dict(args)
        short = self.faults.trigger("page_limit", method=method)
        if short is not None:
            asked["limit"] = str(min(int(asked.get("limit") or 100), short.number))
        is_limited = method == "conversations.history" and self._hide(asked)
        answer = self._retold(self.api.answer(method, asked, token))
        for message in answer.get("messages", ()):
            if "reactions" in message and (part := self.faults.trigger("partial_reactions")):
                for each in message["reactions"]:
                    each["users"] = each["users"][: part.number]
        return answer | ({"is_limited": True} if is_limited and answer["ok"] else {})

    def _hide(self, asked: Payload) -> bool:
        """Ask for nothing that is hidden; returns whether something in the time asked for is."""
        kept = self.api.messages.workspace.messages.get(str(asked.get("channel")), {})
        oldest, latest = str(asked.get("oldest") or ""), str(asked.get("latest") or "A")
        shown = (each for each in kept.values() if not each.is_reply or each.broadcast)
        times = [each.ts for each in shown if oldest <= each.ts <= latest]
        hidden = [ts for ts in times if ts < self.hidden_before]
        if hidden:
            after = int(hidden[-1].replace(".", "")) + 1
            asked["oldest"] = f"{after // 1_000_000}.{after % 1_000_000:06d}"
        return bool(hidden)

    def _retold(self, answer: Payload) -> Payload:
        told: Payload = self.odd_shapes.retold(answer)
        return told

    async def _fail(self, fault: Fault, method: str, args: Payload) -> web.Response:
        if fault.kind == "hang":
            self._log(method, args, {"ok": False, "error": "hung"})
            await fault.cleared.wait()
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
