"""Kinds of partners in what people wrote."""

import pytest

from bot.core.report.partners import partners_in


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            "Planned it with our science teacher and the counselor.",
            ("Teachers", "Counselors and specialists"),
        ),
        ("Co-taught a unit on sources.", ("Teachers",)),
        ("The 5th-grade team and I taught together", ("Teachers",)),
        ("With the public library: a card for each family.", ("The public library", "Families")),
        (
            "Invited the principal and a local author",
            ("School and district leaders", "Community organizations"),
        ),
        ("The tech director helped us.\nParents complain.", ("Coaches and technology staff",)),
        ("A professor joined us for the day", ("Colleges and universities",)),
        ("Parents complain about the copier.", ()),
        ("", ()),
    ],
)
def test_partners(text: str, kinds: tuple[str, ...]) -> None:
    """Only who did something together counts, by kind, never by name."""
    assert kinds == partners_in(text)
