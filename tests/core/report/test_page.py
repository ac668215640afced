"""The administrator's page: what it counts, and which number and story it tells."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.core.model.ideas import Idea, TrialOutcome
from bot.core.model.people import Author
from bot.core.report import words
from bot.core.report.choice import MOST, Candidates
from bot.core.report.values import Report
from tests.core.report.making import SCOPE, ideas, report, trial, trials
from tests.core.samples import idea

TEXT = "We planned a unit on sources with the science team and taught all of it together."
LEADING = (
    "I told the leadership team what each department does with the library, and they asked why."
)


def figures(page: Report) -> list[tuple[int, str]]:
    """Each column's number and its words."""
    return [(one.figure.value, one.figure.words) for one in page.columns]


def authors(page: Report) -> list[str]:
    """Whose words stand in each column; empty: nobody's."""
    return ["" if one.story is None else one.story.by for one in page.columns]


# -- none, one, ten, three thousand -----------------------------------------------------------


def test_without_ideas_it_says_so() -> None:
    """Three columns stand all the same, each with a nought and a sentence in place of a story."""
    page = report([])
    assert words.EMPTY == words.summary(page)
    assert [0, 0, 0] == [one.figure.value for one in page.columns]
    assert ["", "", ""] == authors(page)
    assert all(one.silence.endswith(".") and not one.lines for one in page.columns)
    assert ("", None, None) == (words.about(page), page.first, page.last)
    assert 11 == len(page.shares)


def test_one_idea() -> None:
    """One is one idea, in words and in number."""
    page = report([idea(1)])
    assert "1 school librarian shared 1 idea. No colleague has yet told of trying one." == (
        words.summary(page)
    )
    assert (1, "idea about teaching") == figures(page)[1]
    assert ["", "Rosa Alvarez, Prairie Elementary", ""] == authors(page)
    assert "November 23, 2026" == words.about(page)


@pytest.mark.parametrize("number", [10, 3000])
def test_many_ideas(number: int) -> None:
    """Every column has a number and a story, each in somebody else's words."""
    every = ideas(number)
    page = report(every, trials(every))
    assert number == page.ideas
    assert all(figure.value > 0 for figure in (one.figure for one in page.columns))
    assert 3 == len(set(authors(page)) - {""})
    assert all(len(one.lines) <= 5 for one in page.columns)
    assert number <= sum(one.shared for one in page.shares)
    assert f"shared {number:,} ideas." in words.summary(page)


def test_parts_that_a_list_has_no_room_for_are_summed() -> None:
    """Four parts and one line for the others; a fifth part alone stands in its place."""
    codes = ("PPL", "PPL", "INFRA", "BUDG", "COMM", "DATA")
    every = [idea(n, components=(code,)) for n, code in enumerate(codes, 1)]
    lines = report(every).columns[0].lines
    assert [2, 1, 1, 1, 1] == [one.value for one in lines]
    assert "Student privacy" == lines[-1].label
    every += [idea(n, components=("LEAD", "SPACE")) for n in (7, 8)]
    lines = report(every).columns[0].lines
    assert ("and 3 more parts", 3) == (lines[-1].label, lines[-1].value)
    assert 5 == len(lines)


# -- the number -------------------------------------------------------------------------------


def test_leadership_counts_people_when_they_are_several() -> None:
    """Three librarians who lead say more than four ideas."""
    every = [idea(n, f"Person {n % 3}", components=("LEAD",), text=LEADING) for n in range(1, 5)]
    assert (3, "librarians shared 4 ideas about leading beyond the library") == (
        figures(report(every))[0]
    )
    assert (2, "ideas about leading beyond the library") == figures(report(every[:2]))[0]


def test_teaching_counts_partnerships_when_there_are_several() -> None:
    """A partner is a kind of person that the words name, or somebody who is thanked."""
    alone = replace(idea(3, text="A display of short stories by the door."), credits=("Ben",))
    page = report([idea(1), alone, idea(5, text="A display of long stories by the door.")])
    assert (2, "of 3 ideas about teaching came with a partner") == figures(page)[1]
    assert [("Teachers", 1)] == [(one.label, one.value) for one in page.partners]


def test_a_few_partnerships_among_many_ideas_are_not_the_number() -> None:
    """Words name a partner seldom enough: fewer than a third would say what is not so."""
    alone = [idea(n, text="A display of short stories by the door.") for n in range(3, 8)]
    page = report([idea(1), idea(2), *alone])
    assert (7, "ideas about teaching") == figures(page)[1]


@pytest.mark.parametrize(
    ("came", "figure"),
    [
        ((TrialOutcome.WORKED, TrialOutcome.FAILED), (1, "of 2 trials by colleagues worked")),
        ((TrialOutcome.CHANGED,), (1, "of 1 trial by colleagues worked")),
        ((TrialOutcome.FAILED,), (1, "trial by colleagues; none has worked yet")),
        ((TrialOutcome.FAILED,) * 2, (2, "trials by colleagues; none has worked yet")),
    ],
)
def test_evidence_counts_what_worked(
    came: tuple[TrialOutcome, ...], figure: tuple[int, str]
) -> None:
    """What did not work stands beside it, and is never left out."""
    tried = [trial(idea(1), n, came=one) for n, one in enumerate(came)]
    page = report([idea(1)], tried)
    assert figure == figures(page)[2]
    failed = came.count(TrialOutcome.FAILED)
    assert (failed or None) == {one.label: one.value for one in page.columns[2].lines}.get(
        "Did not work this time"
    )


def test_without_trials_evidence_is_what_can_be_looked_at() -> None:
    """Links and files are counted."""
    with_link = replace(idea(1), resources=("https://a.example/1",))
    untried = "to look at; no idea was tried by a colleague yet"
    assert (1, f"link or file {untried}") == figures(report([with_link]))[2]
    two = replace(idea(1), resources=("https://a.example/1", "https://a.example/2"))
    assert (2, f"links and files {untried}") == figures(report([two]))[2]


@pytest.mark.parametrize(
    "text",
    [
        "I asked our grade 7 science teacher for twenty minutes. We grade sources side by side.",
        "Each term in 2026 we meet for 15 minutes, because it is short, so that all come.",
    ],
)
def test_an_untried_idea_without_a_result_is_no_evidence(text: str) -> None:
    """A number or a reason alone is no result."""
    assert report([idea(1, text=text)]).columns[2].story is None


@pytest.mark.parametrize(
    "text",
    [
        "Our card drive with the public library at family night brought 64 new cards.",
        "We moved the picture books to low bins, and loans went from 20 to 45 in a week.",
        "A class read one on infinity, and the teacher asked for two more of these books.",
    ],
)
def test_an_untried_idea_tells_its_own_result(text: str) -> None:
    """The page says that its author tells it, and the column does not speak of trials."""
    evidence = report([idea(1, text=text)]).columns[2]
    assert evidence.story is not None
    assert "What came of it, as its author tells it." == evidence.story.about
    assert "tried" not in evidence.about


@pytest.mark.parametrize(
    ("came", "told"),
    [
        ((TrialOutcome.WORKED,), "tried ideas once, and it worked."),
        ((TrialOutcome.FAILED,), "tried ideas once, and it has not worked yet."),
        ((TrialOutcome.WORKED,) * 2, "tried ideas twice, and it worked every time."),
        ((TrialOutcome.WORKED, TrialOutcome.FAILED), "tried ideas twice, and it worked once."),
        ((TrialOutcome.WORKED,) * 3 + (TrialOutcome.FAILED,), "4 times, and it worked 3 times."),
    ],
)
def test_the_summary_says_what_came_of_it(came: tuple[TrialOutcome, ...], told: str) -> None:
    """Also where nobody shared anything new in these days."""
    tried = [trial(idea(1), n, came=one) for n, one in enumerate(came)]
    assert words.summary(report([], tried)).endswith(told)


# -- the story --------------------------------------------------------------------------------


def test_a_tried_idea_is_told_before_a_newer_one() -> None:
    """What worked elsewhere is the better story."""
    old, new = idea(1, "Ana", text=TEXT), idea(9, "Ben", text=TEXT, reactions=5)
    page = report([old, new], [trial(old, 1, words="", came=TrialOutcome.WORKED)])
    assert "Ana, Prairie Elementary" == authors(page)[1]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (idea(1, text=f"{TEXT} Loans doubled."), idea(2, text=f"{TEXT} They enjoyed all of it.")),
        (
            idea(1, text=TEXT),
            idea(
                2,
                text="A long display of short stories stands by the door of the room, "
                "and another by the gym.",
            ),
        ),
        (idea(1, text=TEXT), idea(2, text="We taught sources with the science team.")),
        (idea(1, text=TEXT, replies=2), idea(2, text=TEXT, reactions=1)),
        (idea(2, text=TEXT), idea(1, text=TEXT)),
    ],
)
def test_the_order_of_stories(better: Idea, worse: Idea) -> None:
    """A result, a partner, a good length, an answer, and at last the newer one."""
    named = [
        replace(worse, author=Author(id="U2", name="Worse")),
        replace(better, author=Author(id="U1", name="Better")),
    ]
    told = authors(report(sorted(named, key=lambda one: one.number)))
    assert "Better" in {told[1], told[2]}  # what tells a result goes to Evidence
    assert "Worse" != (told[2] or told[1])


def test_the_same_person_may_speak_twice_where_nobody_else_does() -> None:
    """Their other idea is told then; one idea never stands on the page twice."""
    teaching, leading = idea(1), idea(2, components=("LEAD",), text=LEADING)
    page = report([teaching, leading])
    assert ["Rosa Alvarez, Prairie Elementary"] * 2 == authors(page)[:2]
    both = report([idea(1, components=("PART",), text=f"{TEXT} Loans doubled.")])
    assert 1 == len([one for one in both.columns if one.story is not None])


def test_a_trial_is_told_with_the_idea_that_was_tried() -> None:
    """Both are credited; of an idea that may not be quoted nothing is said."""
    mine = idea(1, text=TEXT)
    story = report([mine], [trial(mine, 0)]).columns[2].story
    assert story is not None
    assert "Joan Petersen" == story.by
    assert f"Tried: “{TEXT}” – Rosa Alvarez, Prairie Elementary" == story.about
    naming = idea(1, text="Maya, a fifth grader, wrote a review and now reads to all of us.")
    story = report([naming], [trial(naming, 0)]).columns[2].story
    assert story is not None
    assert "" == story.about


def test_what_must_not_be_quoted_is_not() -> None:
    """A trial and an idea whose words may name a student are counted, and not told."""
    naming = "Maya, a fifth grader, wrote a review of 9 books and now reads to all of us."
    mine = idea(1, text=naming)
    page = report([mine], [trial(mine, 0, words=naming)])
    assert ["", "", ""] == authors(page)
    assert "their words may name somebody" in page.columns[1].silence
    assert 1 == page.ideas


def test_candidates_are_few() -> None:
    """However many ideas there are, few are held; the best come first, equals as they came."""
    held: Candidates[Idea] = Candidates()
    for one in ideas(MOST * 3):
        held.offer(one, (one.number % 2,))
    assert MOST == len(held.in_order())
    assert [1, 3, 5] == [one.number for one in held.in_order()[:3]]


# -- whose page -------------------------------------------------------------------------------


def test_a_schools_page() -> None:
    """What its people shared and tried, and who tried theirs; in any case of letters."""
    ours, theirs = idea(1), idea(2, "Ben", school="Lincoln High")
    tried = [trial(ours, 0), trial(theirs, 5), trial(theirs, 4)]
    page = report([ours, theirs], tried, replace(SCOPE, school="prairie  ELEMENTARY"))
    assert (1, 2) == (page.ideas, page.trials)


def test_a_members_page() -> None:
    """What they shared and tried, and who tried theirs."""
    ours, theirs = idea(1), idea(2, "Ben")
    tried = [trial(ours, 0), trial(theirs, 5), trial(theirs, 0)]
    page = report([ours, theirs], tried, replace(SCOPE, members=frozenset({"U-Rosa Alvarez"})))
    assert (1, 2) == (page.ideas, page.trials)


def test_the_days_are_those_asked_for() -> None:
    """Else they run from the first idea or trial to the last."""
    asked = replace(SCOPE, since=date(2025, 8, 15), until=date(2026, 6, 15), within="#ideas")
    assert "August 15, 2025 to June 15, 2026, #ideas" == words.about(report([], (), asked))
    assert "since August 15, 2025" == words.about(
        report([], (), replace(SCOPE, since=date(2025, 8, 15)))
    )
    assert "until June 15, 2026" == words.about(
        report([], (), replace(SCOPE, until=date(2026, 6, 15)))
    )
    late = replace(trial(idea(1), 0).trial, tried_at=datetime(2026, 12, 2, tzinfo=UTC))
    page = report([idea(1)], [replace(trial(idea(1), 0), trial=late)])
    assert "November 23 to December 2, 2026" == words.about(page)


def test_what_is_about_no_part_stands_apart() -> None:
    """It is counted, and stands in no column; so does what is about a part that is gone."""
    page = report([idea(1, components=()), idea(2, components=("GONE",))])
    assert (2, "Other ideas") == (page.shares[-1].shared, page.shares[-1].component.short)
    assert [0, 0] == [one.figure.value for one in page.columns[:2]]


def test_an_author_who_is_not_known_is_one_person() -> None:
    """Ideas that were brought in count their authors by name."""
    ana, ben = Author(id="", name="Ana"), Author(id="", name="Ben")
    page = report([replace(idea(n), author=one) for n, one in enumerate((ana, ben, ana), 1)])
    assert 2 == page.people
