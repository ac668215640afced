"""Ideas and trials to make pages of; the people are samples."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta

from bot.core.model.digest import TrialWithIdea
from bot.core.model.ideas import Idea, Trial, TrialOutcome
from bot.core.model.people import Author
from bot.core.report.page import make_report
from bot.core.report.plan import make_plan
from bot.core.report.values import Plan, Report, Scope
from bot.data.framework import load_framework
from tests.core.samples import LABELLED, MONDAY, NAMES, idea

FRAMEWORK = load_framework()
STRIDE = 37
"""Between two texts, so that every few ideas are about something else."""

SCOPE = Scope(title="Four Rivers Library Network", zone=UTC, made=date(2026, 11, 28))
CAME = (TrialOutcome.WORKED, TrialOutcome.CHANGED, TrialOutcome.WORKED, TrialOutcome.FAILED)
SAID = (
    "Took two class periods instead of one, and the checklist made the second one easy.",
    "",
    "Worked with our sixth grade team because we shortened the reading to one page.",
    "Our schedule left no time for it, so I would start earlier in the year.",
)


def named(_: str, author: Author) -> str:
    """Everybody by name and school."""
    return ", ".join(filter(None, (author.name, author.school)))


def trial(
    of: Idea, n: int, *, words: str | None = None, came: TrialOutcome | None = None
) -> TrialWithIdea:
    """A trial of an idea by another sample member."""
    name, school, _ = NAMES[(n + 3) % len(NAMES)]
    made = Trial(
        id=of.id * 10 + n % 10,
        workspace=of.workspace,
        idea_id=of.id,
        member_id=f"U-{name}",
        name=name,
        school=school,
        came=CAME[n % 4] if came is None else came,
        words=SAID[n % 4] if words is None else words,
        tried_at=MONDAY + timedelta(hours=n),
    )
    return TrialWithIdea(made, of)


def ideas(number: int) -> list[Idea]:
    """So many ideas of the labelled texts, about all parts, by ever more sample members."""
    return [_idea(n) for n in range(1, number + 1)]


def _idea(n: int) -> Idea:
    row = LABELLED[n * STRIDE % len(LABELLED)]
    name, school, _ = NAMES[n % len(NAMES)]
    if n > 20:
        name = f"{name.split()[0]} Sample {n // 3}"
    made = idea(
        n,
        name,
        text=row["text"],
        components=tuple(row["labels"][:2]),
        school=school,
        hours=n / 8,
        replies=n % 4,
        reactions=n % 7,
    )
    return replace(made, resources=(f"https://files.example/{n}",) if n % 5 == 0 else ())


def trials(every: Iterable[Idea]) -> list[TrialWithIdea]:
    """A trial of each third idea."""
    return [trial(one, n) for n, one in enumerate(every) if n % 3 == 1]


def report(
    every: Sequence[Idea], tried: Sequence[TrialWithIdea] = (), scope: Scope = SCOPE
) -> Report:
    """The page of some ideas and trials, on which everybody is named."""
    return make_report(every, tried, FRAMEWORK, scope, named)


def plan(every: Sequence[Idea], tried: Sequence[TrialWithIdea] = (), scope: Scope = SCOPE) -> Plan:
    """The plan of some ideas and trials, in which everybody is named."""
    return make_plan(every, tried, FRAMEWORK, scope, named)
