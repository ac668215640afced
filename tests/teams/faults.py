"""What can go wrong at Microsoft's end: faults that a test arms."""

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from tests import arming
from tests.teams.model import Payload

Kind = Literal[
    "rate_limit", "refuse", "crash", "lose_answer", "hold_answer", "cut", "slow", "hang", "odd"
]


@dataclass(slots=True, eq=False)
class Fault(arming.Fault):
    """One thing that goes wrong.

    Attributes:
        method: The name of the calls that it strikes, such as `connector.post`, or a pattern.
        status: HTTP status, of `refuse`, `crash` and `odd`.
        code: The error code of `refuse`.
        retry_after: Seconds, or whatever is sent in their place; None: nothing is.
        seconds: How long `slow` takes.
        body: What `odd` answers.
    """

    kind: Kind
    status: int = 500
    code: str = ""
    retry_after: float | str | None = None
    seconds: float = 0.0
    body: str = ""


class Faults(arming.Arming[Fault]):
    """The faults that are armed now. Each method arms the one that it describes, and returns it."""

    def __init__(self) -> None:
        super().__init__(Fault)

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

    def cut(self, method: str, *, times: int | None = 1) -> Fault:
        """Does nothing, and closes the connection without an answer."""
        return self.arm(Fault("cut", method, times))

    def slow(self, method: str, seconds: float, *, times: int | None = 1) -> Fault:
        """Does what was asked, and answers so much later."""
        return self.arm(Fault("slow", method, times, seconds=seconds))

    def odd(self, method: str, body: str, *, status: int = 200, times: int | None = 1) -> Fault:
        """Does what was asked, and answers something that nobody awaits."""
        return self.arm(Fault("odd", method, times, status=status, body=body))

    def trigger(self, method: str, body: Payload) -> Fault | None:
        """The fault that strikes now, if any, counted as having struck."""
        return self.strike(lambda fault: fnmatchcase(method, fault.method) and fault.where(body))
