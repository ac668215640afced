"""What a page counts: ideas and trials, each looked at once, in memory that does not grow much."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.core.model.digest import TrialWithIdea
from bot.core.model.framework import Framework
from bot.core.model.ideas import Idea, Trial, TrialOutcome
from bot.core.model.people import Author, folded
from bot.core.report.choice import Candidates, rank_of_idea, rank_of_trial, tells_a_result
from bot.core.report.partners import partners_in
from bot.core.report.values import Scope

LEADERSHIP, TEACHING, EVIDENCE = "leadership", "teaching", "evidence"


@dataclass(slots=True)
class ColumnTally:
    """What was shared that belongs to one column."""

    ideas: int = 0
    partnered: int = 0
    people: set[tuple[str, str]] = field(default_factory=set)
    candidates: Candidates[Idea] = field(default_factory=Candidates)


@dataclass(slots=True)
class Tally:
    """Everything that is counted for a page."""

    ideas: int = 0
    people: set[tuple[str, str]] = field(default_factory=set)
    schools: set[str] = field(default_factory=set)
    days: list[date] = field(default_factory=list)
    """The first and the last day on which something was shared or tried."""
    shared: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    partners: Counter[str] = field(default_factory=Counter)
    resources: int = 0
    columns: Mapping[str, ColumnTally] = field(
        default_factory=lambda: {LEADERSHIP: ColumnTally(), TEACHING: ColumnTally()}
    )
    evidence: Candidates[Idea] = field(default_factory=Candidates)
    """Ideas that tell a result."""
    outcomes: Counter[TrialOutcome] = field(default_factory=Counter)
    trials: Candidates[TrialWithIdea] = field(default_factory=Candidates)
    """Those with words."""

    @property
    def number_of_trials(self) -> int:
        """How many trials there were."""
        return self.outcomes.total()


def count(
    ideas: Iterable[Idea], trials: Iterable[TrialWithIdea], framework: Framework, scope: Scope
) -> Tally:
    """Look at each idea and trial of a scope, once.

    Args:
        ideas: those shared in its days; questions and posts in doubt are not among them.
        trials: those of its days, also of ideas that are older.
    """
    tally = Tally()
    worked: Counter[int] = Counter()
    for one in trials:
        trial, idea = one.trial, one.idea
        theirs = in_scope(scope, trial.member_id, trial.school)
        if not theirs and not in_scope(scope, idea.author.id, idea.author.school):
            continue
        _day(tally, trial.tried_at.astimezone(scope.zone).date())
        tally.outcomes[trial.came] += 1
        tally.tried.update(codes_of(idea, framework))
        worked[idea.id] += trial.came is not TrialOutcome.FAILED
        if trial.words:
            tally.trials.offer(one, rank_of_trial(trial))
    for idea in ideas:
        if in_scope(scope, idea.author.id, idea.author.school):
            _count_idea(tally, idea, framework, scope, worked[idea.id])
    return tally


def _count_idea(tally: Tally, idea: Idea, framework: Framework, scope: Scope, worked: int) -> None:
    who = person(idea)
    tally.ideas += 1
    tally.people.add(who)
    tally.schools |= {folded(idea.author.school)} - {""}
    tally.resources += len(idea.resources)
    _day(tally, idea.posted_at.astimezone(scope.zone).date())
    codes = codes_of(idea, framework)
    tally.shared.update(codes)
    partners = partners_in(idea.text)
    tally.partners.update(partners)
    together = bool(partners or idea.credits)
    rank = rank_of_idea(idea, worked, partner=together)
    if tells_a_result(idea.text):
        tally.evidence.offer(idea, rank)
    part = framework.component(codes[0])
    if part is not None:
        column = tally.columns[part.column]
        column.ideas += 1
        column.partnered += together
        column.people.add(who)
        column.candidates.offer(idea, rank)


def in_scope(scope: Scope, member_id: str, school: str) -> bool:
    """Whether what this person did belongs on the page."""
    if scope.members and member_id not in scope.members:
        return False
    return not scope.school or folded(school) == folded(scope.school)


def codes_of(idea: Idea, framework: Framework) -> tuple[str, ...]:
    """The components that an idea is about, of those there are now; `("",)`: about none."""
    return tuple(code for code in idea.components if framework.component(code)) or ("",)


def person(idea: Idea) -> tuple[str, str]:
    """Whose idea it is, in a form that tells people of two workspaces apart."""
    return idea.workspace, idea.author.id or idea.author.name  # of one brought in, no id is known


def author_of(trial: Trial) -> Author:
    """Who tried, as somebody who can be credited."""
    return Author(id=trial.member_id, name=trial.name, title=trial.title, school=trial.school)


def _day(tally: Tally, day: date) -> None:
    tally.days[:] = [min([*tally.days, day]), max([*tally.days, day])]
