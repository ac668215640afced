"""Which words may stand on a page for people outside."""

import pytest

from bot.core.report.quotes import names_a_student, quote_of
from tests.core.samples import LABELLED

NAMING = (
    "Maya, a fifth grader, wrote her first book review and now her whole class reads reviews.",
    "One student, Maya, asked for a shelf of poetry and now we have one.",
    "A quiet sixth grader told me that Jamal reads to his brother every night now.",
    "Maya’s mother says that he never read at home before our book club began in May.",
    "My student Aaliyah Brooks won the state contest with a podcast on our river.",
    "We helped a boy called Sam find books that he wanted to read at home.",
    "A reader named Theo took home nine books over the long winter break this year.",
    "The kids loved it so much. Theo said it was the best day of the whole year.",
    "Mi alumna Sofía presentó su libro delante de toda la escuela con mucho orgullo.",
    "Our seniors wrote essays with Kwame and read them to the school board.",
)
PLAIN = (
    "Our science teacher and I taught a unit on sources to 60 students, and all passed.",
    "Students evaluate AI chat tools with my rubric before they go on the approved page.",
    "Ms. Patel and I planned poetry week together, and each student read a poem aloud.",
    "In October we held a Socratic seminar with the English team for all eighth graders.",
    "Partnered with the public library so that every kindergartner has a card by December.",
    "Told the leadership team about the unit. They asked which department is next.",
    "Our PTA paid for Chromebooks for students who have no internet at home, thank you all.",
)


@pytest.mark.parametrize("text", NAMING)
def test_a_student_is_never_named(text: str) -> None:
    """A text that speaks of students and may hold a name is not quoted at all."""
    assert "" == quote_of(text)


@pytest.mark.parametrize("text", PLAIN)
def test_what_names_no_student_is_quoted(text: str) -> None:
    """Teachers, months, subjects, tools and the first word of a sentence are nobody's name."""
    assert text == quote_of(text)


def test_most_real_texts_can_be_quoted() -> None:
    """Of the labelled texts, none of which names a student, at most one in twelve is held back."""
    held = [row["text"] for row in LABELLED if names_a_student(row["text"])]
    assert len(held) * 12 <= len(LABELLED), held


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (
            "idea: *We* mapped units (https://a.example/x) with `all` the _departments_ :tada: now",
            "We mapped units with all the departments now",
        ),
        (
            "See https://a.example/x?y for it. We mapped each unit with all of the departments.",
            "See for it. We mapped each unit with all of the departments.",
        ),
        (
            "Thanks @Ben Okafor for this! We mapped each unit with all of the departments.",
            "We mapped each unit with all of the departments.",
        ),
        (
            "We mapped each unit with all of the departments. Ask me: me@school.example. More.",
            "We mapped each unit with all of the departments.",
        ),
        (
            "We mapped each unit with all of the departments\nCall 555-010-1234 for the map",
            "We mapped each unit with all of the departments",
        ),
        (
            "Rosa here! We mapped each unit with all of the departments. Yours, rosa alvarez",
            "We mapped each unit with all of the departments.",
        ),
        ("Idea 12 was to map each unit with every department here.",) * 2,
        ("Too short to be told.", ""),
        ("", ""),
        ("我们和科学老师一起为六年级设计了一个关于信息来源的单元效果很好大家都很喜欢", ""),
    ],
)
def test_the_stretch_that_is_quoted(text: str, quote: str) -> None:
    """Whole sentences without marks, addresses, numbers to call, mentions and hidden names."""
    assert quote == quote_of(text, ("Rosa", "Rosa Alvarez", ""))


def test_a_long_text_ends_at_a_sentence() -> None:
    """Where a sentence would pass the limit the quote ends before it; one that is longer is cut."""
    sentence = "We mapped each unit with all of the departments of the school."
    assert f"{sentence} {sentence}" == quote_of(" ".join([sentence] * 9), limit=130)
    long = quote_of("we mapped " * 50, limit=40)
    assert "we mapped we mapped we mapped we mapped…" == long


def test_a_single_word_may_be_enough() -> None:
    """A list of ideas shows short ones as well."""
    assert "Try it." == quote_of("Try it.", least=1)
