"""Messages that Slack tells otherwise than the sandbox would: shapes that no action makes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from bot.sandbox.model import Event, Payload


class OddShapes:
    """What is told of some messages, by ts, in place of what the sandbox tells."""

    def __init__(self) -> None:
        self._told: dict[str, Payload] = {}
        self._next: Payload | None = None

    @contextmanager
    def of_the_next(self, told: Payload | None) -> Iterator[None]:
        """While this lasts, `told` is for the message that is posted."""
        self._next = told
        try:
            yield
        finally:
            self._next = None

    def told(self, ts: str) -> Payload:
        """What is told of a message in place of the usual, to be changed; None: nothing."""
        return self._told.setdefault(ts, {})

    def event(self, event: Event) -> Event:
        """An event, its messages in their odd shapes."""
        if self._next is not None and event.payload["type"] == "message":
            self._told[event.payload["ts"]] = self._next
            self._next = None
        return replace(event, payload=self.retold(event.payload))

    def retold(self, value: Any) -> Any:
        """Any payload, the messages in it in their odd shapes."""
        if not self._told:
            return value
        if isinstance(value, list):
            return [self.retold(each) for each in value]
        if not isinstance(value, dict):
            return value
        shape = {name: self.retold(each) for name, each in value.items()}
        if shape.get("type") == "message" and "text" in shape and shape.get("ts") in self._told:
            shape |= self._told[shape["ts"]]
            shape = {name: each for name, each in shape.items() if each is not None}
        return shape
