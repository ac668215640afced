"""The nearest of what is known to what somebody wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model.nearest import did_you_mean, nearest

PEOPLE = ("Rosa Alvarez", "Ben Carter", "Kim Lee (admin, she/her)", "José Núñez")


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("Rosa Alvares", ("Rosa Alvarez",)),
        ("rosa", ("Rosa Alvarez",)),
        ("ALVARZ", ("Rosa Alvarez",)),
        ("Kim Lee", ("Kim Lee (admin, she/her)",)),
        ("jose nunez", ("José Núñez",)),
        ("Jose\u0301 Nunez", ("José Núñez",)),
        ("xyzzy", ()),
        ("", ()),
        (" \u0301 ", ()),
    ],
)
def test_the_nearest_name(written: str, near: tuple[str, ...]) -> None:
    """A name is found by a slip of the pen, by a part of it, without its accents, in any case."""
    assert near == nearest(written, PEOPLE)


def test_the_likest_first() -> None:
    """Of several the likest stands first, no name twice, and no more than were asked for."""
    known = ("bookclub", "book-clubs", "book-club", "book-club", "garden")
    assert ("book-club", "book-clubs", "bookclub") == nearest("book-club", known, most=5)
    assert ("book-club", "book-clubs") == nearest("book-club", known, most=2)


@given(st.text(), st.lists(st.text(max_size=80)))
def test_any_text(written: str, known: list[str]) -> None:
    """Whatever is written, only names that are known come back."""
    assert set(known).issuperset(nearest(written, known, most=3, likeness=0.5))


@pytest.mark.parametrize(
    ("names", "asked"),
    [
        ((), ""),
        (("A",), "Did you mean A?"),
        (("A", "B"), "Did you mean A or B?"),
        (("A", "B", "C"), "Did you mean A, B or C?"),
    ],
)
def test_did_you_mean(names: tuple[str, ...], asked: str) -> None:
    """What is near is offered in one question, or not at all."""
    assert asked == did_you_mean(names)
