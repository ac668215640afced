import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import FrameworkError
from bot.data.framework import contrast_with_white, load_framework
from tests.classifier_report import (
    HALVES,
    Judged,
    about,
    confusions,
    judge,
    main,
    mistakes,
    read_labelled,
    share,
    table,
)
from tests.processes import ROOT

FRAMEWORK = load_framework()
EITHER, SILENT = 0.8, 0.8
"""What is right among the two, and silent where it should be, of the unseen half, at the least."""
CODES = ["LIT", "CUR", "PART", "CREA", "PPL", "INFRA", "BUDG", "COMM", "DATA", "SPACE", "LEAD"]

FILE = """
version = "mine"
enough = 2
second = 0.5
ignored = ["book me"]
[weights]
strong = 3.0
faint = 1.0
[[component]]
code = "ONE"
gear = "First"
name = "Does One Thing"
aliases = ["Doing One Thing", "First"]
description = "One thing, done well."
colour = "#112233"
[component.words]
strong = ["picture book", "plan"]
faint = ["book", "story", "teacher"]
[[component]]
code = "TWO"
gear = "Second"
name = "Does Another"
description = "Another thing."
colour = "#332211"
[component.words]
strong = ["teachers", "story time"]
"""


def test_each_component_has_a_short_name_and_a_sign_of_its_own() -> None:
    """The file that comes with the program gives each; people may use the short name, too."""
    components = FRAMEWORK.components
    assert len(components) == len({one.short for one in components})
    assert len(components) == len({one.sign for one in components} - {""})
    assert all(len(one.short.split()) <= 3 for one in components)
    assert list(components) == [FRAMEWORK.find(one.short.lower()) for one in components]


def test_a_file_without_short_names_and_signs_is_right() -> None:
    """The name stands for the short one, and nothing for the sign."""
    one = load_framework(FILE).component("ONE")
    assert one is not None
    assert ("Does One Thing", "") == (one.short, one.sign)


def labelled(half: str) -> list[Judged]:
    return [one for one in judge(FRAMEWORK, half) if one.idea.labels]


# -- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[weights]", "[weights", "not valid TOML"),
        ('version = "mine"', "", "the file: `version` is missing"),
        ("enough = 2", "enough = 0", "`enough` must be a number above 0"),
        ("second = 0.5", "second = true", "`second` must be a number, not true or false"),
        ("strong = 3.0", 'strong = "3"', "each of `weights` must be a number, not a text"),
        ('ignored = ["book me"]', 'ignored = "book me"', "`ignored` must be a list, not a text"),
        ('ignored = ["book me"]', 'ignored = ["plan"]', 'component ONE: "plan" is also under'),
        ('code = "ONE"', 'code = "one"', 'component one: the code "one" is not valid'),
        ('code = "ONE"', "", "component 1: `code` is missing"),
        ('code = "TWO"', 'code = "ONE"', 'the name "ONE" is also a name of ONE'),
        ('aliases = ["Doing One Thing", "First"]', 'aliases = ["two"]', "is also a name of ONE"),
        ('name = "Does Another"', "", "component TWO: `name` is missing"),
        ('gear = "Second"', 'gear = " "', "component TWO: `gear` must be a text that is not blank"),
        ("#112233", "navy", 'component ONE: "navy" is not a colour'),
        ("#112233", "#8899AA", "too pale to read on white"),
        ("[component.words]\nstrong", "[component.words]\nstern", '"stern" is not a weight'),
        ('faint = ["book", ', 'faint = ["plan", ', '"plan" is listed twice'),
        ('faint = ["book", ', 'faint = ["...", ', '"..." has no word in it'),
        ('faint = ["book", ', 'faint = ["", ', "each of `words` must be a text that is not blank"),
        ('gear = "First"', 'gear = "First"\nicon = "x"', "`icon` is not known here"),
        ('gear = "First"', 'gear = "First"\nsign = "book"', 'the sign "book" is not valid'),
        ('gear = "First"', 'gear = "First"\nsign = "📖📖📖📖📖📖📖📖📖"', "use one emoji"),
        ('gear = "First"', 'gear = "First"\nshort = "Does another"', "is also a name of ONE"),
    ],
)
def test_a_wrong_file_is_refused(old: str, new: str, words: str) -> None:
    """A malformed entry is refused with words that name it and what would be right."""
    assert old in FILE
    with pytest.raises(FrameworkError) as caught:
        load_framework(FILE.replace(old, new, 1))
    assert "framework.toml" in str(caught.value)
    assert words in str(caught.value)


def test_a_file_without_components_is_refused() -> None:
    """A file without a component says how to add one."""
    with pytest.raises(FrameworkError, match=r"at least one \[\[component\]\]"):
        load_framework('version = "1"\nenough = 1\nsecond = 1')


# -- the components --------------------------------------------------------------------------


def test_the_components() -> None:
    """The eleven components of 2018 are there, each with gear, name, sentence and words."""
    assert "2018" == FRAMEWORK.version
    assert CODES == [component.code for component in FRAMEWORK.components]
    assert "Leads Beyond the Library" == FRAMEWORK.components[-1].name
    for component in FRAMEWORK.components:
        assert component.gear
        assert component.description.endswith(".")
        assert len(component.words) >= 60


def test_the_colours_can_be_read() -> None:
    """Each component's colour has a contrast of at least 4.5 with white; no two are the same."""
    assert [] == [c.code for c in FRAMEWORK.components if contrast_with_white(c.colour) < 4.5]
    assert len(CODES) == len({component.colour for component in FRAMEWORK.components})
    assert 21 == pytest.approx(contrast_with_white("#000000"))
    assert 1 == pytest.approx(contrast_with_white("#FFFFFF"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("part", "PART"),
        ("PART", "PART"),
        ("Builds Instructional Partnerships", "PART"),
        ("Building Instructional Partnerships", "PART"),
        ("building instructional partnerships!", "PART"),
        ("Leading beyond the library", "LEAD"),
        ("Student privacy", "DATA"),
        ("", None),
        ("Something else", None),
    ],
)
def test_a_component_is_found_by_what_people_call_it(words: str, code: str | None) -> None:
    """Code, official name and aliases find a component in any case; other words find none."""
    found = FRAMEWORK.find(words)

    assert code == (found.code if found else None)


def test_a_stored_code_is_exact() -> None:
    """A stored code finds its component; a name or a code of another version finds none."""
    assert FRAMEWORK.components[2] == FRAMEWORK.component("PART")
    assert FRAMEWORK.component("part") is None
    assert FRAMEWORK.component("Partnerships") is None
    assert FRAMEWORK.component("OLD") is None


# -- what a text speaks of -------------------------------------------------------------------


def test_the_words_that_decided_are_told() -> None:
    """A suggestion tells its words as the text writes them, the weightiest first, and their sum."""
    mine = load_framework(FILE)
    (found,) = mine.suggest("Two BOOKS for a teacher, and plans")

    assert "ONE" == found.code
    assert ("plans", "books", "teacher") == found.words
    assert 5.0 == found.score


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("planning", ("planning",)),
        ("We planned.", ("planned",)),
        ("Our Picture-Books", ("picture books",)),
        ("picture my book, then a plan", ("picture book", "plan")),
        ("stories and books", ("stories", "books")),
        ("plan plan PLANS", ("plan",)),
        ("the teacher's book", ("teacher", "book")),
        (":book: https://example.org/story", ("book", "story")),
    ],
)
def test_forms_of_a_word_count_once(text: str, words: tuple[str, ...]) -> None:
    """Plurals, endings, capitals and hyphens make no difference, and repeating a word no more."""
    (found,) = load_framework(FILE).suggest(text)

    assert words == found.words


def test_the_longest_phrase_uses_its_words_up() -> None:
    """A phrase counts instead of the words in it, and an ignored one counts for nothing."""
    mine = load_framework(FILE)

    assert ("TWO",) == tuple(s.code for s in mine.suggest("story time"))
    assert ("ONE",) == tuple(s.code for s in mine.suggest("a story, a book"))
    assert () == mine.suggest("a story: book me")


def test_a_form_that_is_listed_stands_for_itself() -> None:
    """Where singular and plural are both listed, each counts for its own component."""
    mine = load_framework(FILE)

    assert ("TWO",) == tuple(s.code for s in mine.suggest("teachers"))
    assert () == mine.suggest("teacher")


def test_a_second_component_must_come_close() -> None:
    """A second component is named when it has half of the first one's weight, never a third."""
    mine = load_framework(FILE)

    assert ["ONE", "TWO"] == [s.code for s in mine.suggest("planning with teachers")]
    assert ["ONE"] == [
        s.code for s in mine.suggest("plan a picture book, a book, a story for teachers")
    ]
    for one in judge(FRAMEWORK, "tuning"):
        assert len(one.suggested) <= 2


@pytest.mark.parametrize("text", ["", "   ", "12 %", "Zzz", "empower", "We empower everyone"])
def test_too_little_gets_no_answer(text: str) -> None:
    """A text that says next to nothing gets none; the word empower does not decide alone."""
    assert () == FRAMEWORK.suggest(text)


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """Any text gets at most two different known components, the better one first."""
    found = FRAMEWORK.suggest(text)

    assert len(found) == len({suggestion.code for suggestion in found}) <= 2
    assert list(found) == sorted(found, key=lambda suggestion: -suggestion.score)
    for suggestion in found:
        assert suggestion.code in CODES
        assert 0 < suggestion.score <= 1


def test_every_process_answers_alike() -> None:
    """In whatever order a process holds its words, the chances are the same to the last digit."""
    program = """
from bot.core.model.framework import tokens_of
from bot.data.framework import load_framework
from tests.classifier_report import read_labelled
framework = load_framework()
for one in read_labelled()[:300]:
    print(framework.learned.ranked(framework.points(one.text), tokens_of(one.text)))
"""
    said = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
        for seed in "12"
    ]
    assert said[0] == said[1] != b""


def test_the_words_that_are_told_stand_in_the_text() -> None:
    """Where words are weighed too, what is told stands in the text, the weightiest first."""
    (found, *_) = FRAMEWORK.suggest("The chemistry teacher and I planned this unit with care")

    assert "PART" == found.code
    assert "chemistry teacher" in found.words
    assert "planned" in found.words
    assert "and" not in found.words


@pytest.mark.parametrize(
    "text",
    [
        "The budget airline has lost my suitcase",
        "He put up a privacy fence to keep the goats out",
        "Is there any space left in the garage?",
        "My partner has burnt the lasagne",
        "The committee of our condo wants a new roof",
        "Marathon training begins on Sunday",
    ],
)
def test_one_word_does_not_decide(text: str) -> None:
    """A word of a component in a sentence about something else gets no component."""
    assert () == FRAMEWORK.suggest(text)


# -- how well it does ------------------------------------------------------------------------


def test_the_labelled_ideas_are_balanced() -> None:
    """Each component has as many ideas as any other, in both halves; a quarter has two labels."""
    ideas = read_labelled()
    real = [idea for idea in ideas if idea.labels]

    assert len(real) >= 240
    assert len(ideas) == len({idea.text for idea in ideas})
    assert {label for idea in real for label in idea.labels} == set(CODES)
    for half in HALVES:
        counts = Counter(idea.labels[0] for idea in real if idea.half == half)
        assert max(counts.values()) <= 1.6 * min(counts.values())
    assert 0.15 <= sum(len(idea.labels) == 2 for idea in real) / len(real) <= 0.3


def test_most_ideas_are_sorted_right() -> None:
    """Of texts that nobody tuned to, most get a right component, and every component its share."""
    judged = labelled("unseen")

    assert share(judged, "right", "second") >= EITHER
    assert [] == [code for code in CODES if share(about(judged, code), "right", "second") < 0.6]


def test_it_is_silent_rather_than_wrong() -> None:
    """Few texts about nothing of the kind get a component, and few ideas get a wrong one."""
    assert share(about(judge(FRAMEWORK, "unseen"), None), "silent") >= SILENT
    assert share(labelled("unseen"), "wrong") <= 0.15


def test_words_weighed_beat_lists_alone() -> None:
    """Without the learnt weights fewer unseen ideas are sorted right, and more else is sorted."""
    alone = judge(replace(FRAMEWORK, learned=None), "unseen")
    ideas = [one for one in alone if one.idea.labels]

    assert share(ideas, "right", "second") < EITHER - 0.05
    assert share(about(alone, None), "silent") < SILENT - 0.1


def test_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    """The report prints both halves, and lists mistakes of the tuning half alone."""
    assert 0 == main([])
    both = capsys.readouterr().out
    assert table(FRAMEWORK, "unseen") in both
    assert confusions(FRAMEWORK, "tuning") in both
    assert mistakes(FRAMEWORK, "tuning") not in both

    assert 0 == main(["tuning"])
    tuning = capsys.readouterr().out
    assert mistakes(FRAMEWORK, "tuning") in tuning
    assert "unseen" not in tuning

    assert 2 == main(["third"])
    assert "tuning or unseen" in capsys.readouterr().err
