"""Faults that a test arms on a server of ours: what every such server has in common."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar


@dataclass(slots=True, eq=False)
class Fault:
    """One thing that goes wrong.

    Attributes:
        kind: What goes wrong.
        method: The calls that it strikes.
        times: How often it strikes; None: until it is cleared.
        where: Strikes only calls whose body satisfies this.
        struck: How often it has struck so far.
    """

    kind: str
    method: str = "*"
    times: int | None = 1
    where: Callable[[dict[str, Any]], bool] = lambda _: True
    struck: int = 0
    cleared: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def spent(self) -> bool:
        """Whether it strikes no more."""
        return self.cleared.is_set() or (self.times is not None and self.struck >= self.times)

    def clear(self) -> None:
        """End it; calls that hang are let go, with an error."""
        self.cleared.set()


F = TypeVar("F", bound=Fault)


class Arming(Generic[F]):
    """The faults that are armed now. Each method arms the one that it describes, and returns it.

    Args:
        made: makes a fault of a kind, for calls and so many times.
    """

    def __init__(self, made: type[F]) -> None:
        self._made = made
        self._armed: list[F] = []

    def arm(self, fault: F) -> F:
        """Arm a fault; the oldest that fits strikes first."""
        self._armed.append(fault)
        return fault

    def clear(self) -> None:
        """End every fault."""
        for fault in self._armed:
            fault.clear()
        self._armed.clear()

    def strike(self, fits: Callable[[F], bool]) -> F | None:
        """The fault that strikes now, if any that fits, counted as having struck."""
        self._armed = [fault for fault in self._armed if not fault.spent]
        for fault in self._armed:
            if fits(fault):
                fault.struck += 1
                return fault
        return None

    def lose_answer(self, method: str, *, times: int | None = 1) -> F:
        """Does what was asked, then closes the connection without an answer."""
        return self.arm(self._made("lose_answer", method, times))

    def hold_answer(self, method: str, *, times: int | None = 1) -> F:
        """Does what was asked, and gives no answer, also when the fault is cleared."""
        return self.arm(self._made("hold_answer", method, times))

    def hang(self, method: str, *, times: int | None = 1) -> F:
        """Does nothing and does not answer until the fault is cleared."""
        return self.arm(self._made("hang", method, times))
