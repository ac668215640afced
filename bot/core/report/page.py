"""The administrator's page, put together: three columns, each with one number and one story."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from bot.core.messages.common import count as counted
from bot.core.messages.common import excerpt
from bot.core.model.digest import MORE, TrialWithIdea
from bot.core.model.framework import Framework
from bot.core.model.ideas import Idea, TrialOutcome
from bot.core.report import choice, counting
from bot.core.report.counting import LEADERSHIP, TEACHING, ColumnTally, Tally
from bot.core.report.quotes import quote_of
from bot.core.report.values import Column, Credited, Figure, Line, Report, Scope, Share, Story

LINES: Final = 4
"""Lines below a story; where there are more, one more line has the sum of the others."""
LONGEST: Final = 230
"""Characters of a story."""
PARTNERS: Final = 6

_ABOUT: Final = {
    LEADERSHIP: "What librarians lead for the whole school, its staff and its neighbors.",
    TEACHING: "What students learn with the library, and who teaches it together.",
}
_TRIED: Final = "What colleagues tried, and what came of it."
_UNTRIED: Final = "What came of ideas, as their authors tell it, and what there is to look at."
_UNTOLD: Final = "No story is quoted here: these ideas are short, or their words may name somebody."


def make_report(
    ideas: Iterable[Idea],
    trials: Iterable[TrialWithIdea],
    framework: Framework,
    scope: Scope,
    credited: Credited,
) -> Report:
    """Make the page of a scope. *ideas* and *trials* are as `counting.count` says."""
    tally = counting.count(ideas, trials, framework, scope)
    used: set[int] = set()
    told: set[object] = set()
    evidence = _evidence(tally, credited, used, told)
    leadership = _column(tally, LEADERSHIP, framework, credited, used, told)
    teaching = _column(tally, TEACHING, framework, credited, used, told)
    shares = [
        Share(one, tally.shared[one.code], tally.tried[one.code])
        for one in (*framework.components, MORE)
        if one.code or tally.shared[""] or tally.tried[""]
    ]
    return Report(
        scope=scope,
        first=scope.since or min(tally.days, default=None),
        last=scope.until or max(tally.days, default=None),
        ideas=tally.ideas,
        people=len(tally.people),
        schools=len(tally.schools),
        trials=tally.number_of_trials,
        worked=_worked(tally),
        columns=(leadership, teaching, evidence),
        shares=tuple(shares),
        partners=_most(tally.partners.most_common(PARTNERS)),
    )


# -- Leadership and Teaching ------------------------------------------------------------------


def _column(
    tally: Tally,
    name: str,
    framework: Framework,
    credited: Credited,
    used: set[int],
    told: set[object],
) -> Column:
    mine = tally.columns[name]
    number = _leading(mine) if name == LEADERSHIP else _teaching(mine)
    story = _idea_story(mine.candidates.in_order(), credited, used, told)
    parts = [
        Line(excerpt(one.short, 60), tally.shared[one.code])
        for one in framework.components
        if one.column == name and tally.shared[one.code]
    ]
    parts.sort(key=lambda one: -one.value)
    silence = _UNTOLD if mine.ideas else "Nothing about this was shared in these days."
    return Column(
        title=name.capitalize(),
        about=_ABOUT[name],
        figure=number,
        story=story,
        silence=silence,
        lines=_shortened(parts),
    )


def _leading(mine: ColumnTally) -> Figure:
    people, ideas = len(mine.people), counted(mine.ideas, "idea")
    return choice.figure(
        (3, people, f"librarians shared {ideas} about leading beyond the library"),
        (0, mine.ideas, _noun(mine.ideas, "about leading beyond the library")),
    )


def _teaching(mine: ColumnTally) -> Figure:
    least = max(2, -(-mine.ideas // 3))  # fewer than a third would tell that most teach alone
    return choice.figure(
        (
            least,
            mine.partnered,
            f"of {counted(mine.ideas, 'idea')} about teaching came with a partner",
        ),
        (0, mine.ideas, _noun(mine.ideas, "about teaching")),
    )


def _noun(number: int, about: str) -> str:
    return f"idea{'' if number == 1 else 's'} {about}"


# -- Evidence ---------------------------------------------------------------------------------


def _evidence(tally: Tally, credited: Credited, used: set[int], told: set[object]) -> Column:
    trials, worked = tally.number_of_trials, _worked(tally)
    links = "link or file" if tally.resources == 1 else "links and files"
    number = choice.figure(
        (1, worked, f"of {counted(trials, 'trial')} by colleagues worked"),
        (1, trials, f"trial{'' if trials == 1 else 's'} by colleagues; none has worked yet"),
        (1, tally.resources, f"{links} to look at; no idea was tried by a colleague yet"),
        (0, 0, "ideas tried by a colleague so far"),
    )

    def tell(one: TrialWithIdea) -> Story | None:
        trial, idea = one.trial, one.idea
        hidden = (trial.name, idea.author.name, idea.author.real_name, *idea.credits)
        text = quote_of(trial.words, hidden, LONGEST)
        if not text:
            return None
        used.add(idea.id)
        tried = quote_of(idea.text, hidden, 90)
        about = f"Tried: “{tried}” – {credited(idea.workspace, idea.author)}" if tried else ""
        return Story(text, credited(trial.workspace, counting.author_of(trial)), about)

    story = choice.story(
        tally.trials.in_order(), tell, lambda one: (one.trial.workspace, one.trial.member_id), told
    )
    if story is None and (own := _idea_story(tally.evidence.in_order(), credited, used, told)):
        story = replace(own, about="What came of it, as its author tells it.")
    lines = [
        Line("Worked as it was", tally.outcomes[TrialOutcome.WORKED]),
        Line("Worked with changes", tally.outcomes[TrialOutcome.CHANGED]),
        Line("Did not work this time", tally.outcomes[TrialOutcome.FAILED]),
        Line("Links and files to look at", tally.resources if trials else 0),  # else said above
    ]
    return Column(
        title="Evidence",
        about=_TRIED if trials else _UNTRIED,
        figure=number,
        story=story,
        silence="Nobody has told yet, in words that can be quoted, what came of an idea.",
        lines=tuple(line for line in lines if line.value),
    )


def _worked(tally: Tally) -> int:
    return tally.number_of_trials - tally.outcomes[TrialOutcome.FAILED]


# -- stories and lines ------------------------------------------------------------------------


def _idea_story(
    ideas: Sequence[Idea], credited: Credited, used: set[int], told: set[object]
) -> Story | None:
    def tell(idea: Idea) -> Story | None:
        text = quote_of(
            idea.text, (idea.author.name, idea.author.real_name, *idea.credits), LONGEST
        )
        if not text:
            return None
        used.add(idea.id)
        return Story(text, credited(idea.workspace, idea.author))

    return choice.story(choice.unused(ideas, used), tell, counting.person, told)


def _shortened(parts: Sequence[Line]) -> tuple[Line, ...]:
    shown, others = parts[:LINES], parts[LINES:]
    if len(others) < 2:  # one alone takes no more room than the words for it
        return (*shown, *others)
    return (*shown, Line(f"and {len(others)} more parts", sum(one.value for one in others)))


def _most(pairs: Iterable[tuple[str, int]]) -> tuple[Line, ...]:
    return tuple(Line(label, value) for label, value in pairs)
