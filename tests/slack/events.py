"""Events on their way to the app: repeated, swapped, or acknowledged in vain."""

from dataclasses import dataclass

from bot.sandbox.delivery import Delivery, Envelope, Outcome, Timing, Transport
from bot.sandbox.installation import Installation
from bot.sandbox.model import Event, Payload
from tests.slack.faults import Faults


@dataclass(slots=True)
class FaultyEvents:
    """Hands events to the delivery, and some of them twice or late."""

    delivery: Delivery
    installation: Installation
    faults: Faults
    _held: tuple[Payload, str] | None = None

    def submit(self, event: Event) -> None:
        """Send an event if the app is to hear of it."""
        if not self.installation.hears(event):
            return
        payload = self.delivery.wrapped(event)
        if self._held is not None:
            held, self._held = self._held, None
            self.delivery.send(payload, held[1])
            self.delivery.send(*held)
        elif self.faults.trigger("swap"):
            self._held = (payload, event.entity)
        else:
            repeat = self.faults.trigger("repeat")
            for copy in range(repeat.number if repeat else 1):
                self.delivery.send(payload, event.entity if copy == 0 else f"copy {copy}")

    def clear(self) -> None:
        """Forget what is held back."""
        self._held = None


@dataclass(frozen=True, slots=True)
class FaultyTransport:
    """Carries envelopes by another transport, and takes some acknowledgements for none."""

    transport: Transport
    faults: Faults
    reason: str

    async def send(self, envelope: Envelope, timing: Timing) -> Outcome:
        """Send an envelope, and wait for the app's acknowledgement."""
        outcome = await self.transport.send(envelope, timing)
        is_event = envelope.kind == "events_api"
        if is_event and outcome.ok and self.faults.trigger("ignore_acks"):
            return Outcome(ok=False, reason=self.reason)
        return outcome
