"""What is shared with people outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.core.model.shares import Share


class Shares(Protocol):
    """Shares; *token* is always what `hashed` makes of one."""

    async def add_share(self, share: Share, *, token: str, now: datetime) -> Share:
        """Keep a share and return it with its number. A channel's first one queues ASK_SHOWN."""
        ...

    async def shares_of(self, workspace: str, channel: str = "") -> Sequence[Share]:
        """Return a channel's shares, the latest first; *channel* empty: of every channel."""
        ...

    async def share_of_number(self, number: int) -> Share | None:
        """Return the share of this number, also one that is over; None: there is none."""

    async def open_share(self, token: str, *, now: datetime) -> Share | None:
        """Return the share that may be opened with a token now.

        None: there is none, it is over, the bot is no longer in its channel, or the channel is
        private and the share was not made for a private one.
        """

    async def count_openings(self, counted: Mapping[int, int]) -> None:
        """Count that shares were opened so many times, by number."""

    async def revoke_share(self, number: int, *, who: str, now: datetime) -> bool:
        """Revoke a share at once; False: it was revoked before, or there is none."""
        ...

    async def silent_authors(self, workspace: str, channel: str) -> Sequence[str]:
        """Return the ids of a channel's authors and credited members who chose nothing yet.

        That is: what pages that people outside can open show of them.
        """
        ...
