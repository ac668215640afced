"""Events over HTTP: signed requests to the app's own address."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.delivery import Envelope, Outcome, Timing

NO_ACK = "http_timeout"
"""The reason a retry gives when no acknowledgement came in time."""


@dataclass(slots=True)
class Callbacks:
    """Carries envelopes to `url`, signed with `secret`."""

    verification: str
    secret: str
    session: aiohttp.ClientSession
    url: str

    async def send(self, envelope: Envelope, timing: Timing) -> Outcome:
        """Send one signed request; anything but a 2xx in time is a failure."""
        body, content_type = _encoded(envelope)
        headers = {**self.signed(body), "Content-Type": content_type}
        if envelope.attempt:
            headers["X-Slack-Retry-Num"] = str(envelope.attempt)
            headers["X-Slack-Retry-Reason"] = envelope.reason
        try:
            async with self.session.post(
                self.url,
                data=body,
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=timing.ack),
            ) as answer:
                text = await answer.text()
                if not 200 <= answer.status < 300:
                    final = answer.headers.get("X-Slack-No-Retry") == "1"
                    return Outcome(ok=False, reason="http_error", final=final)
                is_json = answer.content_type == "application/json"
                return Outcome(ok=True, body=json.loads(text) if is_json and text else text)
        except TimeoutError:
            return Outcome(ok=False, reason=NO_ACK)
        except (aiohttp.ClientError, ValueError):
            return Outcome(ok=False, reason="connection_failed")

    async def verify(self, timing: Timing) -> bool:
        """Whether the address answers Slack's challenge."""
        challenge = {
            "token": self.verification,
            "challenge": "sandbox-challenge",
            "type": "url_verification",
        }
        outcome = await self.send(Envelope("events_api", challenge), timing)
        said = outcome.body
        return outcome.ok and "sandbox-challenge" in (
            said.get("challenge", "") if isinstance(said, dict) else said or ""
        )

    def signed(self, body: bytes) -> dict[str, str]:
        """The headers that prove a body to come from here, now (in real time)."""
        stamp = str(int(time.time()))
        key = self.secret.encode()
        digest = hmac.new(key, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def _encoded(envelope: Envelope) -> tuple[bytes, str]:
    if envelope.kind == "events_api":
        return json.dumps(envelope.payload).encode(), "application/json"
    form = envelope.payload
    if envelope.kind == "interactive":
        form = {"payload": json.dumps(envelope.payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"
