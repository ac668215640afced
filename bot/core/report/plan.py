"""The library plan: by component, what is practised already, and what could be tried next.

A *current practice* is an idea that a colleague tried, with success at least once; an *opportunity*
is one that was shared, and not yet tried with success. Both of the plan's days.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from operator import attrgetter

from bot.core.model.digest import MORE, TrialWithIdea
from bot.core.model.framework import Framework
from bot.core.model.ideas import Idea, TrialOutcome
from bot.core.report.counting import codes_of, in_scope
from bot.core.report.quotes import quote_of
from bot.core.report.values import Credited, Entry, Plan, Scope, Section


def make_plan(
    ideas: Iterable[Idea],
    trials: Iterable[TrialWithIdea],
    framework: Framework,
    scope: Scope,
    credited: Credited,
) -> Plan:
    """Make the plan of a scope. *ideas* and *trials* are as `counting.count` says.

    Practices stand by how often they worked, then the newest first; opportunities the newest first.
    An idea about two components stands under both.
    """
    outcomes: dict[int, Counter[TrialOutcome]] = defaultdict(Counter)
    entries: dict[int, Entry] = {}
    about: dict[str, list[int]] = defaultdict(list)

    def add(idea: Idea) -> None:
        if idea.id not in entries:
            entries[idea.id] = _entry(idea, scope, credited, outcomes[idea.id])
            for code in codes_of(idea, framework):
                about[code].append(idea.id)

    for one in trials:
        trial, idea = one.trial, one.idea
        if in_scope(scope, trial.member_id, trial.school) or in_scope(
            scope, idea.author.id, idea.author.school
        ):
            outcomes[idea.id][trial.came] += 1
            add(idea)
    for idea in ideas:
        if in_scope(scope, idea.author.id, idea.author.school):
            add(idea)
    sections = [
        Section(one, *_sorted([entries[id_] for id_ in about[one.code]]))
        for one in (*framework.components, MORE)
        if one.code or about[""]
    ]
    days = [one.day for one in entries.values()]
    first, last = min(days, default=None), max(days, default=None)
    return Plan(scope, scope.since or first, scope.until or last, tuple(sections))


def _entry(idea: Idea, scope: Scope, credited: Credited, outcomes: Counter[TrialOutcome]) -> Entry:
    return Entry(
        number=idea.number,
        day=idea.posted_at.astimezone(scope.zone).date(),
        text=quote_of(
            idea.text, (idea.author.name, idea.author.real_name, *idea.credits), 240, least=1
        ),
        by=credited(idea.workspace, idea.author),
        permalink=idea.permalink,
        resources=idea.resources,
        outcomes=outcomes,
    )


def _sorted(entries: Sequence[Entry]) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    newest = sorted(entries, key=attrgetter("day", "number"), reverse=True)
    practices = [one for one in newest if one.worked]
    practices.sort(key=attrgetter("worked"), reverse=True)
    return tuple(practices), tuple(one for one in newest if not one.worked)
