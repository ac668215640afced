"""How the app hears of what happened: attempts, retries and order, whatever carries them.

Events are sent at least once: up to three retries. Commands and clicks are sent once.
Different entities go side by side; the first attempts of one entity go in order.
"""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.sandbox.changes import Changes
from bot.sandbox.installation import Installation
from bot.sandbox.model import Event, Payload

Kind = Literal["events_api", "slash_commands", "interactive"]


@dataclass(frozen=True, slots=True)
class Timing:
    """How patient Slack is; all in real seconds.

    Attributes:
        ack: How long an acknowledgement may take.
        retries: How long after a failed attempt each retry comes.
        hold: How long an event waits while the app has no socket open.
    """

    ack: float = 3.0
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    hold: float = 360.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt; ``body`` is the app's answer to a command or click."""

    ok: bool
    reason: str = ""
    body: Payload | str | None = None
    final: bool = False


@dataclass(slots=True, eq=False)
class Envelope:
    """A payload on its way to the app, with the number of its attempt and why it comes again."""

    kind: Kind
    payload: Payload
    attempt: int = 0
    reason: str = ""
    first_try: asyncio.Event = field(default_factory=asyncio.Event)


class Transport(Protocol):
    """Carries one attempt to the app: Socket Mode or HTTP."""

    async def send(self, envelope: Envelope, timing: Timing) -> Outcome:
        """Send an envelope and wait for the app's acknowledgement."""
        ...


class Delivery:
    """Sends events, commands and clicks to the app.

    Attributes:
        transport: What carries it; None while the app is not installed.
        pending: Events not yet acknowledged nor given up.
        lost: Events that Slack gave up on.
    """

    def __init__(self, installation: Installation, changes: Changes, team_id: str) -> None:
        self._installation = installation
        self._changes = changes
        self._team_id = team_id
        self._serial = 0
        self._last: dict[str, Envelope] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.transport: Transport | None = None
        self.timing = Timing()
        self.pending: set[Envelope] = set()
        self.lost: list[Payload] = []

    def start(self) -> None:
        """Send on the running loop from now on."""
        self._loop = asyncio.get_running_loop()

    def submit(self, event: Event) -> None:
        """Send an event if the app is to hear of it."""
        if self._installation.hears(event):
            self.send(self.wrapped(event), event.entity)

    def send(self, payload: Payload, entity: str) -> None:
        """Send an outer payload, after the first attempt of what went before it of ``entity``."""
        envelope = Envelope("events_api", payload)
        before = self._last.get(entity)
        self._last[entity] = envelope
        self.pending.add(envelope)
        # Not asyncio.create_task: people act from outside the running loop too, in fixtures.
        loop = self._loop or asyncio.get_running_loop()
        task = loop.create_task(self._deliver(envelope, before, entity))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def wrapped(self, event: Event) -> Payload:
        """Return the outer payload of an event, with an id of its own."""
        self._serial += 1
        room = event.channel
        seconds = str(event.payload["event_ts"]).partition(".")[0]
        return {
            "token": self._installation.verification,
            "team_id": self._team_id,
            "context_team_id": self._team_id,
            "context_enterprise_id": None,
            "api_app_id": self._installation.app_id,
            "event": _copy(event.payload),
            "type": "event_callback",
            "event_id": f"Ev0SB{self._serial:07d}",
            "event_time": int(seconds),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": self._team_id,
                    "user_id": self._installation.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": room is not None and room.is_ext_shared,
            "event_context": f"4-sandbox-{self._serial}",
        }

    async def ask(self, kind: Kind, payload: Payload) -> Outcome:
        """Send a command or a click, once, and return what the app answered."""
        if self.transport is None:
            return Outcome(ok=False, reason="dispatch_failed")
        return await self.transport.send(Envelope(kind, _copy(payload)), self.timing)

    async def stop(self) -> None:
        """Forget whatever is on its way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.pending.clear()
        self._last.clear()
        self._changes.note()

    async def _deliver(self, envelope: Envelope, before: Envelope | None, entity: str) -> None:
        if before is not None:
            await before.first_try.wait()
        try:
            outcome = await self._attempt(envelope)
            envelope.first_try.set()
            for delay in self.timing.retries:
                if outcome.ok or outcome.final:
                    break
                await asyncio.sleep(delay)
                envelope.attempt += 1
                envelope.reason = outcome.reason
                outcome = await self._attempt(envelope)
            if not outcome.ok:
                self.lost.append(envelope.payload)
        finally:
            envelope.first_try.set()
            self.pending.discard(envelope)
            if self._last.get(entity) is envelope:
                del self._last[entity]
            self._changes.note()

    async def _attempt(self, envelope: Envelope) -> Outcome:
        if self.transport is None:
            return Outcome(ok=False, final=True)
        return await self.transport.send(envelope, self.timing)


def _copy(payload: Payload) -> Payload:
    """Return the payload as it is now, whatever happens to the message later."""
    copied: Payload = json.loads(json.dumps(payload))
    return copied
