"""What coordinators do with an idea, each with a reason."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

LONGEST_REASON: Final = 300
"""Characters of a reason."""


class Cared(StrEnum):
    """What a coordinator did with an idea."""

    HIDDEN = "hidden"
    SHOWN = "shown"  # restored
    MERGED = "merged"  # into another
    PARTED = "parted"  # out of that again
    SORTED = "sorted"  # given another component
    MOVED = "moved"  # given to another author
    IDEA = "idea"  # a post in doubt is an idea
    NO_IDEA = "no idea"  # and this one is none


@dataclass(frozen=True, slots=True, kw_only=True)
class CareNote:
    """Who did what with which idea, and why.

    Attributes:
        other_id: row id of the idea that it was merged into, or taken out of.
        member_id: whose it was before.
        given_to: id of the member whose it is since; empty: they were erased.
        detail: codes of components, as they were and are: `LIT, ADV > SPACE`.
    """

    id: int = 0
    idea_id: int
    who: str
    at: datetime
    what: Cared
    reason: str = ""
    other_id: int | None = None
    member_id: str = ""
    given_to: str = ""
    detail: str = ""
