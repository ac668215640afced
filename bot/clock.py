"""The program's clock, and the real one beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(slots=True)
class Clock:
    """The program's clock: the real one, or one set to another instant and running on."""

    ahead: timedelta = timedelta()

    @classmethod
    def starting(cls, at: datetime | None) -> Clock:
        """A clock that shows *at* now; None: the real time."""
        return cls() if at is None else cls(at - datetime.now(UTC))

    def __call__(self) -> datetime:
        """Return what the clock shows now, in UTC."""
        return datetime.now(UTC) + self.ahead

    def jump(self, to: datetime) -> None:
        """Show *to* now."""
        self.ahead = to - datetime.now(UTC)


def real_now() -> datetime:
    """Return the real time, in UTC: for leases, whatever the program's clock shows."""
    return datetime.now(UTC)
