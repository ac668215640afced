"""A board: what a page that people outside can open shows of a channel's ideas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.core.model.ideas import Credit, Resource
from bot.core.model.people import Shown


class Order(StrEnum):
    """In which order ideas stand."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LATEST = "latest"
    """Newest, whatever words are looked for."""
    TRIED = "tried"
    """Those that most people tried come first, then those with most reactions and replies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardMember:
    """What decides how a member is shown; *shown* None: they have not answered."""

    shown: Shown | None
    school: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What is needed beside some ideas before they can be shown outside.

    Attributes:
        members: by id, the ideas' authors and whom they credit.
        resources: by an idea's row id.
        credits: by an idea's row id.
        hidden: the names of members who did not give theirs, as far as a text mentions them.
        given: those of members who did, likewise.
    """

    members: Mapping[str, BoardMember] = field(default_factory=dict)
    resources: Mapping[int, Sequence[Resource]] = field(default_factory=dict)
    credits: Mapping[int, Sequence[Credit]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardIdea:
    """An idea as it is shown outside: no id, and no name that was not given.

    Attributes:
        day: the day in the channel's zone on which it was posted.
        byline: as `public_author`.
        named: whether the author gave their name.
        school: the author's, where it may be shown; else empty.
        licence: empty: its author did not say.
        credits: likewise, each once.
    """

    number: int
    day: date
    posted_at: datetime
    edited_at: datetime | None
    text: str
    byline: str
    named: bool
    school: str
    licence: str
    prompt: str
    components: tuple[str, ...]
    tags: tuple[str, ...]
    resources: tuple[Resource, ...]
    credits: tuple[str, ...]
    reactions: int
    replies: int
    tried: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardTrial:
    """What came of trying an idea, as it is shown outside. *byline*: as `public_author`."""

    came: str
    words: str
    byline: str


@dataclass(frozen=True, slots=True)
class BoardPage:
    """A stretch of a board's ideas; *start* counts from 0, *total* is exact up to a cap."""

    ideas: Sequence[BoardIdea]
    start: int
    total: int
