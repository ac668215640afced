"""What can go wrong at Slack's end: faults that a test arms."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.sandbox.model import Payload
from tests import arming

Kind = Literal[
    "rate_limit",
    "refuse",
    "crash",
    "lose_answer",
    "hold_answer",
    "hang",
    "repeat",
    "swap",
    "ignore_acks",
    "partial_reactions",
    "page_limit",
]


@dataclass(slots=True, eq=False)
class Fault(arming.Fault):
    """One thing that goes wrong.

    Attributes:
        method: For a Web API fault the method it strikes, or `*`.
        error: The error code of `refuse`.
        retry_after: Seconds, of `rate_limit`, or whatever is sent in their place.
        status: HTTP status, of `crash`.
        content: Media type of what `crash` answers.
        body: What it answers.
        location: Where it leads on to.
        number: Copies of `repeat`, users kept by `partial_reactions`, size of `page_limit`.
    """

    kind: Kind
    error: str = "internal_error"
    retry_after: int | str = 1
    status: int = 500
    content: str = "text/html"
    body: str = "<html></html>"
    location: str = ""
    number: int = 2


class Faults(arming.Arming[Fault]):
    """The faults that are armed now. Each method arms the one that it describes, and returns it."""

    def __init__(self) -> None:
        super().__init__(Fault)

    def rate_limit(
        self, method: str = "*", *, retry_after: int | str = 1, times: int | None = 1
    ) -> Fault:
        """Answers 429 with `Retry-After`."""
        return self.arm(Fault("rate_limit", method, times, retry_after=retry_after))

    def refuse(
        self,
        method: str,
        error: str,
        *,
        times: int | None = 1,
        where: Callable[[Payload], bool] = lambda _: True,
    ) -> Fault:
        """Answers `ok: false` with `error`, and does nothing."""
        return self.arm(Fault("refuse", method, times, where, error=error))

    def crash(
        self,
        method: str = "*",
        *,
        status: int = 500,
        times: int | None = 1,
        content: str = "text/html",
        body: str = "<html></html>",
        location: str = "",
    ) -> Fault:
        """Answers an HTTP error, as whatever stands before Slack words it, and does nothing."""
        fault = Fault("crash", method, times, status=status, content=content, body=body)
        fault.location = location
        return self.arm(fault)

    def repeat_events(self, copies: int = 2, *, times: int | None = 1) -> Fault:
        """Sends the next event `copies` times, each as if it were the first."""
        return self.arm(Fault("repeat", times=times, number=copies))

    def swap_events(self, *, times: int | None = 1) -> Fault:
        """Holds the next event back until the one after it has been delivered."""
        return self.arm(Fault("swap", times=times))

    def ignore_acks(self, *, times: int | None = 1) -> Fault:
        """Takes the next acknowledgement for none, so that the event is sent again."""
        return self.arm(Fault("ignore_acks", times=times))

    def partial_reactions(self, keep: int = 0, *, times: int | None = None) -> Fault:
        """History lists only the first `keep` users of a reaction; its count stays right."""
        return self.arm(Fault("partial_reactions", times=times, number=keep))

    def page_limit(self, limit: int = 15, *, times: int | None = None) -> Fault:
        """History and replies give at most `limit` messages a page."""
        return self.arm(Fault("page_limit", times=times, number=limit))

    def trigger(self, *kinds: Kind, method: str = "*", args: Payload | None = None) -> Fault | None:
        """The fault that strikes now, if any, counted as having struck."""
        return self.strike(
            lambda fault: (
                fault.kind in kinds and fault.method in {"*", method} and fault.where(args or {})
            )
        )
