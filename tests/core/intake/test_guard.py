"""What seems to tell who a student is, and what only looks like it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.intake.guard import LONGEST, NO_GUARD
from bot.core.model.sightings import Sight, Sighting
from bot.data.guard import load_guard
from tests.guard_report import false, missed, read_texts

GUARD = load_guard()


def test_the_labelled_texts_are_judged_well() -> None:
    """Of at least 80 texts, half of them harmless, few are missed and few warned of wrongly."""
    texts = read_texts()
    told = sum(bool(one.sees) for one in texts)
    assert (True, True) == (told >= 40, len(texts) - told >= 40)
    assert (True, True) == (
        len(missed(GUARD, texts)) / told <= 0.12,
        len(false(GUARD, texts)) / (len(texts) - told) <= 0.05,
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("My student Mia K. and my student Mia K. again", ["student Mia K."]),
        (
            "Mia’s IEP, and Noah Haddad, our sixth grader",
            ["Mia’s IEP", "Noah Haddad, our sixth grader"],
        ),
        ("Our Student Mia K. won", []),
        ("She won. Student Mia K. too", ["Student Mia K."]),
        ("our student named Zawadi", ["student named Zawadi"]),
        ("a robot named Zawadi", []),
        ("Mia K., born 2014-04-12, reads", ["born 2014-04-12"]),
        ("Mia K., born March 2, 1904, reads", []),
        ("our student Mia K. (DOB 4/12/14)", ["student Mia K.", "DOB 4/12/14"]),
        ("DOB: 4/12/14", ["DOB: 4/12/14"]),
        ("DOB: 4/12/64", []),
        ("meeting ID 812 3456 7890", []),
        ("", []),
    ],
)
def test_what_is_seen_is_named_in_its_words(text: str, words: list[str]) -> None:
    """Each thing once, in the order of the text."""
    assert words == [one.words for one in GUARD.sees(text)]


def test_long_words_are_cut() -> None:
    """A warning holds no more than a line of each."""
    (seen,) = GUARD.sees(f"student Mia {'K' * 100}ing")
    assert Sighting(Sight.NAME, seen.words) == seen
    assert LONGEST + 1 == len(seen.words)


def test_without_words_nothing_is_seen() -> None:
    """That is how ideas from files are read, whose authors are told nothing."""
    assert () == NO_GUARD.sees("my student Mia K.")


@given(st.text(max_size=200))
def test_any_text_is_looked_through(text: str) -> None:
    """What is seen are never more words than there are."""
    assert len(GUARD.sees(text)) <= len(text)


@pytest.mark.parametrize(
    "piece",
    ["Mia ", "Aa Bb, a b ", "a@a.", "id 1", "born Mia ", "K. ", "dob ", "1-", "a-", "A-", "Mia-"],
)
def test_a_long_text_takes_no_long_time(piece: str) -> None:
    """Work grows with the text and no faster: forty thousand characters are looked through."""
    began = time.process_time()
    assert 0 <= len(GUARD.sees(piece * (40_000 // len(piece))))
    assert time.process_time() - began < 5
