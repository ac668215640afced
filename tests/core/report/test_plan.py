"""The library plan: practices and opportunities, as values, Markdown and CSV."""

import csv
import io
from dataclasses import replace

from bot.core.model.ideas import TrialOutcome
from bot.core.report import words
from bot.core.report.markdown import MOST, plan_text
from bot.core.report.plan_csv import COLUMNS, plan_csv
from bot.core.report.values import Plan, Section
from tests.core.report.making import SCOPE, ideas, plan, trial, trials
from tests.core.samples import idea


def section(made: Plan, code: str) -> Section:
    """The part of the plan about one component."""
    return next(one for one in made.sections if one.component.code == code)


def rows(made: Plan) -> list[dict[str, str]]:
    """The CSV's rows."""
    text = plan_csv(made)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_what_worked_once_is_a_practice() -> None:
    """What nobody tried, or nobody with success, is an opportunity, and says so."""
    tried, failed, shared = idea(1), idea(2), idea(3)
    of = section(
        plan(
            [tried, failed, shared],
            [
                trial(tried, 0, came=TrialOutcome.FAILED),
                trial(tried, 1, came=TrialOutcome.CHANGED),
                trial(tried, 2, came=TrialOutcome.WORKED),
                trial(failed, 0, came=TrialOutcome.FAILED),
            ],
        ),
        "PART",
    )
    assert [1] == [one.number for one in of.practices]
    assert [3, 2] == [one.number for one in of.opportunities]
    assert "tried 3 times: 1 worked, 1 worked with changes, 1 did not work" == words.came(
        of.practices[0]
    )
    assert ["", "tried once: did not work"] == [words.came(one) for one in of.opportunities]


def test_an_older_idea_that_was_tried_in_these_days_is_in_it() -> None:
    """Practices come from before, too; what worked more often stands first."""
    old, older = idea(1), idea(2)
    of = section(plan([], [trial(old, 0), trial(older, 0), trial(old, 2)]), "PART")
    assert [1, 2] == [one.number for one in of.practices]
    assert "tried twice: 2 worked" == words.came(of.practices[0])


def test_two_components_list_it_twice_and_none_lists_it_apart() -> None:
    """What is about no part stands last."""
    made = plan([idea(1, components=("PART", "LIT")), idea(2, components=())])
    assert [1] == [one.number for one in section(made, "LIT").opportunities]
    assert [1] == [one.number for one in section(made, "PART").opportunities]
    assert [2] == [one.number for one in made.sections[-1].opportunities]


def test_a_schools_plan() -> None:
    """Only what its people shared or tried."""
    ours, theirs = idea(1), idea(2, "Ben", school="Lincoln High")
    made = plan([ours, theirs], [trial(theirs, 4)], replace(SCOPE, school="Prairie Elementary"))
    of = section(made, "PART")
    assert ([], [1]) == ([*of.practices], [one.number for one in of.opportunities])


def test_markdown_tells_all_of_it_or_how_much_is_left() -> None:
    """A long list ends with how many more the CSV has."""
    every = ideas(MOST * 20)
    text = plan_text(plan(every, trials(every)))
    assert "# Library plan: Four Rivers Library Network" in text
    assert 11 == text.count("### Current practices")
    assert " more, in the CSV of this plan" in text
    assert "; tried once: worked; [#" in text
    empty = plan_text(plan([]))
    assert words.NO_PRACTICE in empty
    assert words.NO_OPPORTUNITY in empty


def test_words_that_may_not_be_passed_on_are_left_out() -> None:
    """The idea stands there, with its link, without its words."""
    naming = idea(1, text="Maya, a fifth grader, wrote a review and now reads to all of us.")
    made = plan([naming])
    assert words.UNQUOTED in plan_text(made)
    assert "Maya" not in plan_text(made) + plan_csv(made)


def test_the_csv_has_every_idea_and_no_formula() -> None:
    """The columns are those of the page about it; a cell that begins a formula is defused."""
    every = ideas(MOST * 20)
    made = plan([*every, idea(9999, text='=cmd("x") and more words here')], trials(every))
    found = rows(made)
    assert [*COLUMNS] == [*found[0]]
    assert {one.number for one in every} <= {int(row["number"]) for row in found}
    assert {"current practice", "opportunity"} == {row["standing"] for row in found}
    assert all(row["text"][:1] not in {"=", "+", "-", "@"} for row in found)
    tried = next(row for row in found if row["standing"] == "current practice")
    assert (
        tried["tried"]
        == "1"
        == str(
            int(tried["worked"]) + int(tried["worked_with_changes"]) + int(tried["did_not_work"])
        )
    )
