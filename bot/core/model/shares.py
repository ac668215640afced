"""Shares: pages of a channel's ideas that people outside can open, by whom and how long."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final

USUAL_DAYS: Final = 90
MOST_DAYS: Final = 366
MOST_SITES: Final = 20

_SITE: Final = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::\d{1,5})?"
)


class ShareKind(StrEnum):
    """What is shared."""

    BOARD = "board"
    REPORT = "report"


PATHS: Final = {ShareKind.BOARD: "b", ShareKind.REPORT: "r"}
"""Beneath which path of the web side each kind stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share. Whoever has its address may open it, from *starts_at* until *ends_at*.

    Attributes:
        number: counted from 1 in the whole database.
        shows: which ideas, as filters that `parse_filters` reads; empty: all of the channel's.
        sites: origins, `https://blog.example`, whose pages may show it in a frame.
        public: whether search engines may list it.
        downloads: whether its ideas may be taken away as files.
        private: whether it was made for a private channel, by somebody who said so.
        made_by: id of the member who made it; empty: the operator.
        opened: how many times its first page was asked for. By whom is not kept.
    """

    number: int = 0
    workspace: str
    channel: str
    kind: ShareKind = ShareKind.BOARD
    starts_at: datetime
    ends_at: datetime
    shows: str = ""
    sites: tuple[str, ...] = ()
    public: bool = False
    downloads: bool = False
    private: bool = False
    made_by: str = ""
    made_at: datetime
    revoked_at: datetime | None = None
    opened: int = 0

    def is_over(self, now: datetime) -> bool:
        """Whether it can never be opened again."""
        return self.revoked_at is not None or now >= self.ends_at


def site(text: str) -> str:
    """An origin in the form in which browsers name it; empty: the text is none."""
    wanted = text.strip().lower().rstrip("/")
    return wanted if len(wanted) <= 260 and _SITE.fullmatch(wanted) else ""


def hashed(token: str) -> str:
    """What is kept of a token, in hexadecimal: it opens nothing."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()
