"""What stands on the administrator's page and in the library plan, before anybody draws it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo

from bot.core.model.framework import Component
from bot.core.model.ideas import TrialOutcome
from bot.core.model.people import Author

Credited = Callable[[str, Author], str]
"""How somebody of a workspace is called on a page for people outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose page it is: a whole network's, a school's, or a member's.

    Attributes:
        title: what the page is called.
        within: what it is limited to beside its days, in words; may be empty.
        school: only what people of this school shared or tried; empty: of all.
        members: likewise of the members with these ids.
        since, until: its first and last day, both included; None: from the first, to the last.
        zone: the one that these are days of.
        made: the day on which the page is made.
    """

    title: str
    within: str = ""
    school: str = ""
    members: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None
    zone: tzinfo
    made: date


@dataclass(frozen=True, slots=True)
class Figure:
    """A column's one number, and the words that say what it counts."""

    value: int
    words: str


@dataclass(frozen=True, slots=True)
class Story:
    """A column's one story, in its author's words.

    Attributes:
        text: the words.
        by: who is credited for them.
        about: what they are about, in words of ours; may be empty.
    """

    text: str
    by: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Something counted, below a column's story."""

    label: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One of the page's three columns.

    Attributes:
        about: what the column is about, in a sentence.
        silence: what is said where there is no story.
    """

    title: str
    about: str
    figure: Figure
    story: Story | None
    silence: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """How much was shared and tried about a component; without a code: about none."""

    component: Component
    shared: int
    tried: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The administrator's page. *first* and *last*: its days; None while there is nothing."""

    scope: Scope
    first: date | None
    last: date | None
    ideas: int
    people: int
    schools: int
    trials: int
    worked: int
    columns: tuple[Column, Column, Column]
    """Leadership, Teaching, Evidence."""
    shares: tuple[Share, ...]
    """Every component, in the framework's order; last, where there are some, those about none."""
    partners: tuple[Line, ...]
    """Who ideas were carried out with, by kind, most first."""

    @property
    def empty(self) -> bool:
        """Whether nothing stands on it."""
        return not (self.ideas or self.trials)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An idea in the library plan. *text* is empty where its words must not be passed on."""

    number: int
    day: date
    text: str
    by: str
    permalink: str
    resources: tuple[str, ...]
    outcomes: Mapping[TrialOutcome, int] = field(default_factory=dict)

    @property
    def trials(self) -> int:
        """How many trials of it there were in the plan's days."""
        return sum(self.outcomes.values())

    @property
    def worked(self) -> int:
        """How many of them worked, with changes or without."""
        return self.trials - self.outcomes.get(TrialOutcome.FAILED, 0)


@dataclass(frozen=True, slots=True)
class Section:
    """A component's part of the library plan."""

    component: Component
    practices: tuple[Entry, ...]
    """Tried by a colleague, with success at least once."""
    opportunities: tuple[Entry, ...]
    """Shared, and not tried with success yet."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The library plan: each component with what was shared or tried about it."""

    scope: Scope
    first: date | None
    last: date | None
    sections: tuple[Section, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it."""
        return not any(one.practices or one.opportunities for one in self.sections)
