"""The small Teams itself: one server with everything that Microsoft has on many."""

import asyncio
import json
import re
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web

from handlers.teams.manifest import PERMISSIONS
from tests.teams.acting import Acting
from tests.teams.activities import Activities
from tests.teams.connector import Connector
from tests.teams.courier import Courier
from tests.teams.faults import Fault, Faults
from tests.teams.graph import Graph
from tests.teams.model import (
    Channel,
    Item,
    Payload,
    Person,
    RefusalError,
    Room,
    Team,
    Tenant,
    Whisper,
)
from tests.teams.signing import Signer

CONNECTOR = "https://api.botframework.com/.default"
GRAPH = "https://graph.microsoft.com/.default"
APP_ID = "0f6a1c52-5d0e-4c1b-8f0a-7a2b9f3f3f11"
Answers = Callable[[web.Request, Payload], object]


@dataclass(frozen=True, slots=True)
class Called:
    """A call that came in; *status* 0: it was not answered."""

    method: str
    path: str
    body: Payload
    at: datetime
    status: int


class Teams:
    """A tenant with a server before it.

    Attributes:
        act: What members do.
        faults: What fails.
        complaints: What the bot did that Teams does not know; a test must leave none.
        calls: Every call that came in.
        files: What was uploaded, by id.
        rehearsal: Whether calls carry no token.
        hears: Whether the bot hears messages that do not name it.
        consents: What the teams' owners let Graph tell: at first what the package asks for.
        reactions, whispers_taken: Whether bots may react and whisper.
        page: How many messages or members a page has at most.
        lasting: Seconds that a token of the bot's lasts.
        pace: Calls of Graph that a minute has room for; None: any number.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.tenant = Tenant()
        self.app_id, self.secret = APP_ID, "8Q~made-up-secret"
        self.bot = Person("Commonplace", "", f"28:{self.app_id}", "")
        self.signer = Signer(self.app_id)
        self.faults = Faults()
        self.complaints: list[str] = []
        self.calls: list[Called] = []
        self.files: dict[str, bytes] = {}
        self.consents = set(PERMISSIONS)
        self.rehearsal = False
        self.hears = self.reactions = self.whispers_taken = True
        self.page, self.lasting = 50, 3_600.0
        self.pace: int | None = None
        self.url = ""
        self.act: Acting
        self.courier: Courier
        self._tokens: dict[str, str] = {}
        self.connector = Connector(
            self.tenant,
            self.bot,
            now,
            url=lambda: self.service_url,
            takes_reactions=lambda: self.reactions,
            takes_whispers=lambda: self.whispers_taken,
            page=lambda: self.page,
        )
        self._graph = Graph(
            self.tenant,
            self.bot,
            self.app_id,
            now,
            base=lambda: self.graph_url,
            consents=self.consents,
            page=lambda: self.page,
        )

    # -- where it answers -------------------------------------------------------------------------

    @property
    def service_url(self) -> str:
        """Where the connector answers."""
        return f"{self.url}/"

    @property
    def graph_url(self) -> str:
        """Where Graph answers, for `TEAMS_GRAPH_URL`."""
        return f"{self.url}/v1.0/"

    @property
    def keys_url(self) -> str:
        """Where the keys are."""
        return f"{self.url}/v1/.well-known/keys"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Teams"]:
        """Answer on a free port."""
        app = web.Application(middlewares=[self._strictly], client_max_size=64 * 1024**2)
        for method, path, name, answer in self._routes():
            app.router.add_route(method, path, self._handler(answer), name=name)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            async with aiohttp.ClientSession() as session:
                self.courier = Courier(self.signer, session, self.service_url)
                activities = Activities(self.tenant, self.bot, self.service_url, self.now)
                self.act = Acting(
                    self.tenant,
                    self.bot,
                    self.connector,
                    activities,
                    self.courier,
                    self.now,
                    hears=lambda: self.hears,
                )
                yield self
        finally:
            self.faults.clear()
            await runner.cleanup()

    def rehearse(self) -> None:
        """Sign nothing, and take only calls that carry no token."""
        self.rehearsal = self.courier.is_rehearsal = True

    # -- who and what is there --------------------------------------------------------------------

    def add_person(self, name: str, *, guest: bool = False, title: str = "") -> Person:
        """Add somebody to the tenant."""
        aad = self.tenant.guid()
        local = re.sub(r"\W+", ".", name.lower()).strip(".")
        person = Person(name, aad, f"29:{aad[::-1]}", f"{local}@district.example", guest, title)
        self.tenant.people.append(person)
        return person

    def add_team(self, name: str, members: list[Person], *, bot: bool = True) -> Team:
        """Add a team, whose first channel is General; *bot*: the app is in it already."""
        team = Team(f"19:{self.tenant.guid()}@thread.tacv2", self.tenant.guid(), name)
        team.members, team.installed = list(members), bot
        team.channels.append(Channel(team.id, name="General", team=team))
        self.tenant.teams.append(team)
        return team

    def add_channel(
        self, team: Team, name: str, *, kind: str = "standard", only: list[Person] | None = None
    ) -> Channel:
        """Add a channel; the bot hears nothing of it."""
        ident = f"19:{self.tenant.guid()}@thread.tacv2"
        channel = Channel(ident, name=name, kind=kind, team=team, only=list(only or ()))
        team.channels.append(channel)
        return channel

    def add_event(self, room: Room, event: str = "membersAddedEventMessageDetail") -> Item:
        """Let Teams itself say something in a channel; bots hear nothing of it, Graph tells it."""
        item = self.tenant.put(room, None, "", now=self.now())
        item.event = event
        return item

    def chat(self, person: Person) -> Room:
        """The bot's chat with somebody."""
        return self.connector.chat(person)

    def whispers(self, person: Person) -> list[Whisper]:
        """What this person alone sees, oldest first."""
        return [w for w in self.tenant.whispers if w.person is person and not w.deleted]

    def called(self, method: str) -> list[Called]:
        """The calls of a name."""
        return [one for one in self.calls if one.method == method]

    # -- the server -------------------------------------------------------------------------------

    def _routes(self) -> list[tuple[str, str, str, Answers]]:
        return [
            *self.connector.routes(),
            *self._graph.routes(),
            ("GET", "/v1/.well-known/openidconfiguration", "keys.where", self._openid),
            ("GET", "/v1/.well-known/keys", "keys", lambda _request, _body: self.signer.keys()),
            ("POST", "/{tenant}/oauth2/v2.0/token", "login", self._login),
            ("PUT", "/upload/{file}", "upload", self._upload),
        ]

    def _handler(self, answer: Answers) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            name = str(request.match_info.route.name)
            raw = await request.read()
            try:
                body = self._body(request, raw)
                self._authorize(name, request)
            except RefusalError as error:
                return self._refused(name, request, {}, error)
            fault = self.faults.trigger(name, body)
            if fault and (failed := await self._fail(fault, name, request, body)):
                return failed
            try:
                self._keep_pace(name)
                told = answer(request, {**body, "": raw} if name == "upload" else body)
            except RefusalError as error:
                return self._refused(name, request, body, error)
            status = 201 if request.method == "POST" and name.startswith("connector") else 200
            if fault and fault.kind == "hold_answer":
                await fault.cleared.wait()
            if fault and fault.kind in {"lose_answer", "hold_answer", "odd"}:
                return self._garbled(fault, name, request, body)
            self._log(name, request, body, status)
            return web.json_response(told, status=status)

        return handle

    @web.middleware
    async def _strictly(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Note what nobody answers, and what made this server fail."""
        try:
            return await handler(request)
        except web.HTTPException as error:
            self.complaints.append(f"{request.method} {request.path_qs}: {error.status}")
            raise
        except Exception as error:
            self.complaints.append(f"{request.method} {request.path_qs}: {error!r}")
            raise

    def _body(self, request: web.Request, raw: bytes) -> Payload:
        if not raw or request.content_type != "application/json":
            return {k: v[0] for k, v in parse_qs(raw.decode("latin-1")).items()} if raw else {}
        try:
            body = json.loads(raw)
        except ValueError:
            raise RefusalError(400, "BadSyntax", "the body is no JSON") from None
        if not isinstance(body, dict):
            raise RefusalError(400, "BadSyntax", "the body is no object")
        return body

    def _authorize(self, name: str, request: web.Request) -> None:
        """See whether a call carries the token that it needs, and no other."""
        scope = {"connector": CONNECTOR, "graph": GRAPH}.get(name.partition(".")[0])
        given = request.headers.get("Authorization", "")
        if scope is None or self.rehearsal:
            if given:
                self.complaints.append(f"{name}: a token where none belongs")
            return
        if self._tokens.get(given.removeprefix("Bearer ")) != scope:
            raise RefusalError(401, "Unauthorized", "no token, or a wrong one")

    @property
    def given(self) -> list[str]:
        """The tokens of the bot's that count now."""
        return list(self._tokens)

    def revoke(self) -> None:
        """Let all tokens of the bot's end now."""
        self._tokens.clear()

    def _keep_pace(self, name: str) -> None:
        if self.pace is not None and name.startswith("graph."):
            since = self.now().timestamp() - 60.0
            recent = [c for c in self.calls if c.method.startswith("graph.") and c.status == 200]
            if sum(one.at.timestamp() > since for one in recent) >= self.pace:
                raise RefusalError(429, "TooManyRequests")

    async def _fail(
        self, fault: Fault, name: str, request: web.Request, body: Payload
    ) -> web.Response | None:
        """Answer what a fault answers; None: what was asked is to be done first."""
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        elif fault.kind == "hang":
            self._log(name, request, body, 0)
            await fault.cleared.wait()
            return web.Response(status=503)
        elif fault.kind == "cut":
            return self._garbled(fault, name, request, body)
        elif fault.kind in {"rate_limit", "refuse", "crash"}:
            status = 429 if fault.kind == "rate_limit" else fault.status
            asked = fault.retry_after
            headers = {} if asked is None else {"Retry-After": str(asked)}
            self._log(name, request, body, status)
            if fault.kind == "crash":
                return web.Response(
                    status=status, text="<html></html>", content_type="text/html", headers=headers
                )
            code = fault.code or {429: "ThrottlingException"}.get(status, "ServiceError")
            told = {"error": {"code": code, "message": "as the test wants it"}}
            return web.json_response(told, status=status, headers=headers)
        return None

    def _garbled(
        self, fault: Fault, name: str, request: web.Request, body: Payload
    ) -> web.Response:
        if fault.kind == "odd":
            self._log(name, request, body, fault.status)
            return web.Response(
                status=fault.status, text=fault.body, content_type="application/json"
            )
        self._log(name, request, body, 0)
        if request.transport is not None:
            request.transport.close()
        return web.Response()

    def _refused(
        self, name: str, request: web.Request, body: Payload, error: RefusalError
    ) -> web.Response:
        self._log(name, request, body, error.status)
        headers = {"Retry-After": "60"} if error.status == 429 else {}
        told: Payload = {"error": {"code": error.code, "message": error.message}}
        if name == "login":  # Entra words it otherwise
            told = {"error": error.code, "error_description": error.message}
        return web.json_response(told, status=error.status, headers=headers)

    def _log(self, name: str, request: web.Request, body: Payload, status: int) -> None:
        told = {key: value for key, value in body.items() if key != "client_secret"}
        self.calls.append(Called(name, request.path_qs, told, self.now(), status))

    def _openid(self, _request: web.Request, _body: Payload) -> Payload:
        return {"issuer": "https://api.botframework.com", "jwks_uri": self.keys_url}

    def _login(self, request: web.Request, body: Payload) -> Payload:
        """Give a token to the bot that knows its secret."""
        given = {**body, "tenant": request.match_info["tenant"]}
        wanted = {
            "grant_type": "client_credentials",
            "client_id": self.app_id,
            "client_secret": self.secret,
            "tenant": self.tenant.id,
        }
        if any(given.get(name) != value for name, value in wanted.items()):
            raise RefusalError(401, "invalid_client")
        if given.get("scope") not in {CONNECTOR, GRAPH}:
            raise RefusalError(400, "invalid_scope")
        token = f"{secrets.token_urlsafe(12)}.{int(time.time())}"
        self._tokens[token] = str(given["scope"])
        return {"token_type": "Bearer", "expires_in": self.lasting, "access_token": token}

    def _upload(self, request: web.Request, body: Payload) -> Payload:
        """Take a file, whole, as OneDrive does."""
        content: bytes = body[""]
        wanted = f"bytes 0-{len(content) - 1}/{len(content)}"
        if request.headers.get("Content-Range") != wanted:
            raise RefusalError(400, "invalidRange")
        self.files[request.match_info["file"]] = content
        return {"id": request.match_info["file"], "size": len(content)}
