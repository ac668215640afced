"""What can go wrong at Microsoft's end: faults that a test arms."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from tests.teams.model import Payload

Kind = Literal[
    "rate_limit", "refuse", "crash", "lose_answer", "hold_answer", "cut", "slow", "hang", "odd"
]


@dataclass(slots=True, eq=False)
class Fault:
    """One thing that goes wrong.

    Attributes:
        method: The name of the calls that it strikes, such as `connector.post`, or a pattern.
        times: How often it strikes; None: until it is cleared.
        where: Strikes only calls whose body satisfies this.
        status: HTTP status, of `refuse`, `crash` and `odd`.
        code: The error code of `refuse`.
        retry_after: Seconds, or whatever is sent in their place; None: nothing is.
        seconds: How long `slow` takes.
        body: What `odd` answers.
        struck: How often it has struck so far.
    """

    kind: Kind
    method: str
    times: int | None = 1
    where: Callable[[Payload], bool] = lambda _: True
    status: int = 500
    code: str = ""
    retry_after: float | str | None = None
    seconds: float = 0.0
    body: str = ""
    struck: int = 0
    cleared: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def spent(self) -> bool:
        """Whether it strikes no more."""
        return self.cleared.is_set() or (self.times is not None and self.struck >= self.times)

    def clear(self) -> None:
        """End it; calls that hang are let go, with an error."""
        self.cleared.set()


class Faults:
    """The faults that are armed now. Each method arms the one that it describes, and returns it."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []

    def arm(self, fault: Fault) -> Fault:
        """Arm a fault; the oldest that fits strikes first."""
        self._armed.append(fault)
        return fault

    def clear(self) -> None:
        """End every fault."""
        for fault in self._armed:
            fault.clear()
        self._armed.clear()

    def rate_limit(
        self, method: str = "*", *, retry_after: float | str | None = 1, times: int | None = 1
    ) -> Fault:
        """Answers 429, with `Retry-After` or without, and does nothing."""
        return self.arm(Fault("rate_limit", method, times, retry_after=retry_after))

    def refuse(
        self,
        method: str,
        status: int,
        code: str = "",
        *,
        times: int | None = 1,
        where: Callable[[Payload], bool] = lambda _: True,
    ) -> Fault:
        """Answers an error in Microsoft's form, and does nothing."""
        return self.arm(Fault("refuse", method, times, where, status=status, code=code))

    def crash(
        self,
        method: str = "*",
        *,
        status: int = 502,
        retry_after: float | None = None,
        times: int | None = 1,
    ) -> Fault:
        """Answers a page of HTML, as whatever stands before Teams does, and does nothing."""
        fault = Fault("crash", method, times, status=status, retry_after=retry_after)
        return self.arm(fault)

    def lose_answer(self, method: str, *, times: int | None = 1) -> Fault:
        """Does what was asked, then closes the connection without an answer."""
        return self.arm(Fault("lose_answer", method, times))

    def hold_answer(self, method: str, *, times: int | None = 1) -> Fault:
        """Does what was asked, and gives no answer, also when the fault is cleared."""
        return self.arm(Fault("hold_answer", method, times))

    def cut(self, method: str, *, times: int | None = 1) -> Fault:
        """Does nothing, and closes the connection without an answer."""
        return self.arm(Fault("cut", method, times))

    def slow(self, method: str, seconds: float, *, times: int | None = 1) -> Fault:
        """Does what was asked, and answers so much later."""
        return self.arm(Fault("slow", method, times, seconds=seconds))

    def hang(self, method: str, *, times: int | None = 1) -> Fault:
        """Does nothing and does not answer until the fault is cleared."""
        return self.arm(Fault("hang", method, times))

    def odd(self, method: str, body: str, *, status: int = 200, times: int | None = 1) -> Fault:
        """Does what was asked, and answers something that nobody awaits."""
        return self.arm(Fault("odd", method, times, status=status, body=body))

    def trigger(self, method: str, body: Payload) -> Fault | None:
        """The fault that strikes now, if any, counted as having struck."""
        self._armed = [fault for fault in self._armed if not fault.spent]
        for fault in self._armed:
            if fnmatchcase(method, fault.method) and fault.where(body):
                fault.struck += 1
                return fault
        return None
