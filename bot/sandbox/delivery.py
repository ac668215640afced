"""Getting what happened to the app: attempts, retries and order, whatever carries them.

Events are sent at least once: up to three retries. Commands and clicks are sent once.
Different entities go side by side; the first attempts of one entity go in order.
"""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.sandbox.changes import Changes
from bot.sandbox.faults import Faults
from bot.sandbox.installation import Installation
from bot.sandbox.model import Happening, Payload

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
class Parcel:
    """Something on its way to the app."""

    kind: Kind
    payload: Payload
    attempt: int = 0
    reason: str = ""
    first_try: asyncio.Event = field(default_factory=asyncio.Event)


class Carrier(Protocol):
    """Socket Mode or HTTP: carries one attempt.

    Attributes:
        impatience: The reason it gives for a retry when the app did not acknowledge in time.
    """

    impatience: str

    async def carry(self, parcel: Parcel, timing: Timing) -> Outcome:
        """Sends it and waits for the acknowledgement."""
        ...


class Delivery:
    """Everything that is on its way to the app.

    Attributes:
        carrier: What carries it; None while nothing is installed.
        pending: Events not yet acknowledged nor given up.
        lost: Events that Slack gave up on.
    """

    def __init__(
        self, installation: Installation, faults: Faults, changes: Changes, team_id: str
    ) -> None:
        self._installation = installation
        self._faults = faults
        self._changes = changes
        self._team_id = team_id
        self._serial = 0
        self._last: dict[str, Parcel] = {}
        self._held: tuple[Payload, str] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.carrier: Carrier | None = None
        self.timing = Timing()
        self.pending: set[Parcel] = set()
        self.lost: list[Payload] = []

    def start(self) -> None:
        """Sends on the running loop from now on."""
        self._loop = asyncio.get_running_loop()

    def submit(self, happening: Happening) -> None:
        """Sends an event if the app is to hear of it."""
        if self.carrier is None or not self._installation.hears(happening):
            return
        payload = self._envelope(happening)
        if self._held is not None:
            held, self._held = self._held, None
            self.send(payload, held[1])
            self.send(*held)
        elif self._faults.strike("swap"):
            self._held = (payload, happening.entity)
        else:
            repeat = self._faults.strike("repeat")
            for copy in range(repeat.number if repeat else 1):
                self.send(payload, happening.entity if copy == 0 else f"copy {copy}")

    def send(self, payload: Payload, entity: str) -> None:
        """Sends an outer payload, after the first attempt of whatever went before it."""
        parcel = Parcel("events_api", payload)
        before = self._last.get(entity)
        self._last[entity] = parcel
        self.pending.add(parcel)
        # Not asyncio.create_task: people act from outside the running loop too, in fixtures.
        loop = self._loop or asyncio.get_running_loop()
        task = loop.create_task(self._deliver(parcel, before, entity))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def ask(self, kind: Kind, payload: Payload) -> Outcome:
        """Sends a command or a click, once, and returns what the app answered."""
        if self.carrier is None:
            return Outcome(ok=False, reason="dispatch_failed")
        return await self.carrier.carry(Parcel(kind, _copy(payload)), self.timing)

    async def stop(self) -> None:
        """Forgets whatever is on its way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.pending.clear()
        self._last.clear()
        self._held = None
        self._changes.note()

    async def _deliver(self, parcel: Parcel, before: Parcel | None, entity: str) -> None:
        if before is not None:
            await before.first_try.wait()
        try:
            outcome = await self._attempt(parcel)
            parcel.first_try.set()
            for delay in self.timing.retries:
                if outcome.ok or outcome.final:
                    break
                await asyncio.sleep(delay)
                parcel.attempt += 1
                parcel.reason = outcome.reason
                outcome = await self._attempt(parcel)
            if not outcome.ok:
                self.lost.append(parcel.payload)
        finally:
            parcel.first_try.set()
            self.pending.discard(parcel)
            if self._last.get(entity) is parcel:
                del self._last[entity]
            self._changes.note()

    async def _attempt(self, parcel: Parcel) -> Outcome:
        if self.carrier is None:
            return Outcome(ok=False, final=True)
        outcome = await self.carrier.carry(parcel, self.timing)
        if outcome.ok and self._faults.strike("ignore_acks"):
            return Outcome(ok=False, reason=self.carrier.impatience)
        return outcome

    def _envelope(self, happening: Happening) -> Payload:
        self._serial += 1
        event, room = happening.event, happening.channel
        seconds = str(event["event_ts"]).partition(".")[0]
        return {
            "token": self._installation.verification,
            "team_id": self._team_id,
            "context_team_id": self._team_id,
            "context_enterprise_id": None,
            "api_app_id": self._installation.app_id,
            "event": _copy(event),
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


def _copy(payload: Payload) -> Payload:
    """As it is now, whatever happens to the message later."""
    copied: Payload = json.loads(json.dumps(payload))
    return copied
