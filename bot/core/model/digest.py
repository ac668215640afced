"""What the digest of one week holds, and in which order everybody gets room in it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from bot.core.model.channel_week import WeeklyDelivery
from bot.core.model.framework import Component, Framework
from bot.core.model.ideas import Idea, Kind, Trial
from bot.core.model.parts import Message
from bot.core.model.people import folded

MORE: Final = Component(code="", name="Other ideas", short="Other ideas", sign="💡")
"""What stands for a component above ideas that are about none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that one message of a digest holds.

    Args:
        parts: parts of a message.
        characters: characters of all parts together, escaped and with links written out.
        text: characters of the plain text, escaped.
    """

    parts: int
    characters: int
    text: int


EVERYWHERE: Final = Limits(parts=45, characters=10_800, text=3_600)
"""What every platform takes, with some room for what is put around a digest that is looked at.

Where a platform takes more, a digest is no longer for it: nobody reads on so long.
"""


@dataclass(frozen=True, slots=True)
class Group:
    """Ideas under one heading: a component's short name, or the prompt that they answer."""

    title: str
    ideas: tuple[Idea, ...]
    sign: str = ""


@dataclass(frozen=True, slots=True)
class TrialWithIdea:
    """A trial and the idea that was tried."""

    trial: Trial
    idea: Idea


@dataclass(frozen=True, slots=True)
class Asked:
    """A prompt, and the name of the channel that was asked."""

    channel: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestExtras:
    """What a digest says beside its new ideas."""

    line: str = ""
    """A line of the coordinator's own."""
    pick: Idea | None = None
    """One of its ideas that the coordinator picked, shown first."""
    picked_by: str = ""
    """The name of that coordinator."""
    trials: tuple[TrialWithIdea, ...] = ()
    question: Idea | None = None
    """An older one that nobody has answered yet."""
    earlier: Idea | None = None
    """One of the same school week, years ago."""
    invitation: Component | None = None
    """The component of which the channel has heard least."""
    asked: tuple[Asked, ...] = ()
    """The week's prompts in channels that a member's own digest is about."""


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
    fair_order: tuple[Idea, ...]
    """Ideas and questions as they get room: nobody twice before everybody once."""
    newcomers: tuple[str, ...] = ()
    """Ids of authors who shared here for the first time, in that order."""
    shares: tuple[tuple[Component, int], ...] = ()
    """How many ideas and answers are about each component, most first; `MORE` last."""
    beside: DigestExtras = DigestExtras()
    personal: bool = False
    """Whether it is for one member alone, about several channels, and one message."""
    limits: Limits = EVERYWHERE
    """What each of its messages holds."""

    @property
    def ideas(self) -> tuple[Idea, ...]:
        """All but the questions: a question is never counted as an idea."""
        return tuple(idea for idea in self.fair_order if idea.kind is Kind.IDEA)


@dataclass(frozen=True, slots=True)
class RenderedDigest:
    """A digest in words: its first message, and the ideas of each reply in its thread."""

    delivery: WeeklyDelivery
    first: Message
    replies: tuple[tuple[Idea, ...], ...]
    contents: DigestContents


def compose(
    ideas: Sequence[Idea],
    framework: Framework,
    *,
    week: date,
    zone: ZoneInfo,
    local: ZoneInfo | None = None,
    newcomers: frozenset[str] = frozenset(),
    beside: DigestExtras | None = None,
    personal: bool = False,
) -> DigestContents:
    """Put a digest's ideas and questions in order.

    Args:
        ideas: at least one; posts in doubt among them are only counted.
        week: the Monday of the digest's week.
        zone: the one in which people write dates in filters.
        local: the channel's own; None: the same.
        newcomers: ids of authors who shared here for the first time.
        beside: what is said beside them.
        personal: whether it is for one member alone.
    """
    posts = sum(idea.kind is Kind.POST for idea in ideas)
    ideas = [idea for idea in ideas if idea.kind is not Kind.POST]
    picked = [idea for idea in ideas if beside and beside.pick and idea.id == beside.pick.id]
    fair_order = (*picked, *_in_fair_order([idea for idea in ideas if idea not in picked]))
    by_component: dict[str, list[Idea]] = defaultdict(list)
    by_prompt: dict[str, list[Idea]] = defaultdict(list)
    questions: list[Idea] = []
    for idea in fair_order[len(picked) :]:
        if idea.kind is Kind.QUESTION:
            questions.append(idea)
        elif idea.prompt:
            by_prompt[idea.prompt].append(idea)
        else:
            by_component[_about(idea, framework).code].append(idea)
    instants = sorted(idea.posted_at for idea in ideas)
    first, last = instants[0], instants[-1]
    near = local or zone
    return DigestContents(
        week=week,
        first_day=first.astimezone(zone).date(),
        last_day=last.astimezone(zone).date(),
        span=(first.astimezone(near).date(), last.astimezone(near).date()),
        groups=(
            *(Group(_picked_by(beside), (idea,), "📌") for idea in picked),
            *(
                Group(one.short, tuple(by_component[one.code]), one.sign)
                for one in (*framework.components, MORE)
                if one.code in by_component
            ),
        ),
        answers=tuple(
            Group(prompt, tuple(answers))
            for prompt, answers in sorted(
                by_prompt.items(),
                key=lambda one: min(answer.posted_at for answer in one[1]),
                reverse=True,
            )
        ),
        questions=tuple(sorted(questions, key=lambda question: question.replies > 0)),
        posts=posts,
        fair_order=fair_order,
        newcomers=tuple(dict.fromkeys(i.author.id for i in fair_order if i.author.id in newcomers)),
        shares=_shares(fair_order, framework),
        beside=beside or DigestExtras(),
        personal=personal,
    )


def _picked_by(beside: DigestExtras | None) -> str:
    return f"{(beside and beside.picked_by) or 'Your coordinator'}’s pick of the week"


def _in_fair_order(ideas: Sequence[Idea]) -> tuple[Idea, ...]:
    """Everybody's first, then everybody's second, and so on; ideas before questions.

    Within each round the districts take turns, so that a large one does not fill the beginning.
    """
    turns: Counter[str] = Counter()
    districts: Counter[tuple[int, str]] = Counter()
    taken: list[tuple[int, int, Idea]] = []
    for idea in sorted(ideas, key=lambda i: (i.kind is Kind.QUESTION, i.posted_at, i.number)):
        turn = turns[idea.author.id]
        turns[idea.author.id] += 1
        district = folded(idea.author.district or idea.author.school)
        taken.append((turn, districts[turn, district], idea))
        districts[turn, district] += 1
    return tuple(idea for _, _, idea in sorted(taken, key=lambda one: one[:2]))


def _shares(ideas: Sequence[Idea], framework: Framework) -> tuple[tuple[Component, int], ...]:
    counts = Counter(_about(idea, framework).code for idea in ideas if idea.kind is Kind.IDEA)
    parts = (*framework.components, MORE)
    shares = [(one, counts[one.code]) for one in parts if counts[one.code]]
    # Sorting is stable: equal counts stay in the framework's order.
    return tuple(sorted(shares, key=lambda share: (share[0] is MORE, -share[1])))


def _about(idea: Idea, framework: Framework) -> Component:
    """The first of its components that this framework knows."""
    known = (framework.component(code) for code in idea.components)
    return next((component for component in known if component is not None), MORE)
