"""Activities on their way to the bot: signed, sent, and sent again where it did not take them."""

import asyncio
import io
import json
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.teams.model import Payload
from tests.teams.signing import Signer

PATIENCE = 15.0
"""Seconds that Teams waits for an answer."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the bot answered. *status* 0: it did not, or not in time."""

    status: int
    body: Any = None


@dataclass(frozen=True, slots=True)
class Sent:
    """An activity that was sent, and what was answered, each time."""

    activity: Payload
    answers: list[Answered]

    @property
    def answered(self) -> Answered:
        """The last answer."""
        return self.answers[-1]


@dataclass(slots=True)
class Courier:
    """Carries activities to the bot.

    Attributes:
        url: The bot's address; empty while it has none: nothing is sent, and all is lost.
        retries: How often an activity that was answered with 5xx, or not, is sent again.
        deaf: Whether activities are lost on the way, as while the bot is down.
        held: While it is a list, activities are put there and not sent.
        sent: Every activity that was sent.
    """

    signer: Signer
    session: aiohttp.ClientSession
    service_url: str
    url: str = ""
    is_rehearsal: bool = False
    retries: int = 0
    pause: float = 0.05
    deaf: bool = False
    held: list[Payload] | None = None
    patience: float = PATIENCE
    sent: list[Sent] = field(default_factory=list)

    async def send(self, activity: Payload, *, authorization: str | None = None) -> Answered:
        """Send an activity, with a right token unless another word is given; return the answer."""
        if self.held is not None:
            self.held.append(activity)
            return Answered(0)
        if self.deaf or not self.url:
            return Answered(0)
        if authorization is None and not self.is_rehearsal:
            authorization = f"Bearer {self.signer.token(self.service_url)}"
        one = Sent(activity, [])
        self.sent.append(one)
        for attempt in range(self.retries + 1):
            if attempt:
                await asyncio.sleep(self.pause)
            one.answers.append(await self.raw(json.dumps(activity).encode(), authorization or ""))
            if one.answered.status and one.answered.status < 500:
                break
        return one.answered

    async def again(self, one: Sent) -> Answered:
        """Send an activity once more, as Teams does when an answer was lost on its way."""
        return await self.send(one.activity)

    async def raw(self, body: bytes, authorization: str, **headers: str) -> Answered:
        """Send anything; return the answer."""
        said = {"Content-Type": "application/json; charset=utf-8", **headers}
        if authorization:
            said["Authorization"] = authorization
        timeout = aiohttp.ClientTimeout(total=self.patience)
        try:
            async with self.session.post(
                self.url, data=io.BytesIO(body), headers=said, timeout=timeout
            ) as response:
                text = await response.text()
                is_json = response.content_type == "application/json"
                return Answered(response.status, json.loads(text) if is_json and text else text)
        except (TimeoutError, aiohttp.ClientError):
            return Answered(0)
