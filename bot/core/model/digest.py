"""What the digest of one week holds."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.core.model.framework import Component
from bot.core.model.ideas import Idea, Kind, Trial
from bot.core.model.limits import EVERYWHERE, Limits


@dataclass(frozen=True, slots=True)
class Group:
    """Ideas under one heading: a component's short name, or the prompt that they answer."""

    title: str
    ideas: tuple[Idea, ...]
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a digest's ideas are about one component; *colour* as `#rrggbb`."""

    name: str
    count: int
    colour: str = ""
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """A trial and the idea that was tried."""

    trial: Trial
    idea: Idea


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a digest says beside its new ideas."""

    line: str = ""
    """A line of the coordinator's own."""
    trials: tuple[Tried, ...] = ()
    question: Idea | None = None
    """An older one that nobody has answered yet."""
    earlier: Idea | None = None
    """One of the same school week, years ago."""
    invitation: Component | None = None
    """The component of which the channel has heard least."""


NOTHING_BESIDE: Final = Beside()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestContents:
    """What a digest says. Each of its ideas and questions stands in exactly one place."""

    week: date
    """The Monday of its week."""
    first_day: date
    """The day of its oldest idea or question; with *last_day*, the dates that list them all."""
    last_day: date
    span: tuple[date, date]
    """The same two days as the channel's own clocks have them."""
    groups: tuple[Group, ...]
    """Ideas by component, in the framework's order; the others last."""
    answers: tuple[Group, ...]
    """Answers by prompt, the latest prompt first."""
    questions: tuple[Idea, ...]
    """New ones; those without a reply first."""
    posts: int
    """How many posts in doubt came beside them; they have no place of their own."""
    airtime: tuple[Idea, ...]
    """Ideas and questions as they get room: nobody twice before everybody once."""
    newcomers: tuple[str, ...] = ()
    """Ids of authors who shared here for the first time, in airtime order."""
    shares: tuple[Share, ...] = ()
    """Ideas and answers by component, most first; those about none last."""
    beside: Beside = NOTHING_BESIDE
    limits: Limits = EVERYWHERE
    """What each of its messages holds."""

    @property
    def ideas(self) -> tuple[Idea, ...]:
        """All but the questions: a question is never counted as an idea."""
        return tuple(idea for idea in self.airtime if idea.kind is Kind.IDEA)
