"""Who is thanked in a post, and whom an app's post names as its sender."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.intake.credits import credits_in, sender_of
from bot.core.model.posts import Code, Link, Mention, Place, Post, Special, Text
from bot.core.model.posts import Span as Piece

BEN, MEI, ROSA = Mention("U2"), Mention("U3"), Mention("U1")
NAMES = {"U1": "Rosa", "U2": "Ben", "U3": "Mei; Lin"}


def spans(*body: Piece | str) -> tuple[Piece, ...]:
    return tuple(Text(part) if isinstance(part, str) else part for part in body)


def thanked(*body: Piece | str, credited: tuple[Mention, ...] = ()) -> list[str]:
    post = Post(
        place=Place("T1", "C1", "1.0"),
        posted_at=datetime(2026, 11, 25, tzinfo=UTC),
        author_id="U1",
        body=spans(*body),
        credited=credited,
    )
    return [credit.name for credit in credits_in(post, NAMES)]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (("With @Ana Bell, @Lou Marsh & @jkay",), ["Ana Bell", "Lou Marsh", "jkay"]),
        (("with @Ann, ", BEN, " and @Tom"), ["Ann", "Ben", "Tom"]),
        (("with ", BEN, ", ", MEI, " & @Tom."), ["Ben", "Mei, Lin", "Tom"]),
        (("with ", BEN, " ", MEI), ["Ben", "Mei, Lin"]),
        (("with ", BEN, MEI), ["Ben", "Mei, Lin"]),
        (("with @Ana Bell We tried it",), ["Ana Bell"]),
        (("via @Joan and @Lee today",), ["Joan", "Lee"]),
        (("h/t @Maria de la Cruz, thanks",), ["Maria de la Cruz"]),
        (("credit to @Jo O\u2019Neil-Park on Monday",), ["Jo O\u2019Neil-Park"]),
        (("with @Ana Monday at noon",), ["Ana"]),
        (("credits: @Ann / @Tom + @Kim y @Leo",), ["Ann", "Tom", "Kim", "Leo"]),
        (("with @Ann and with @ann",), ["Ann"]),
        (("via @Ana Bell and @Lou Marsh's class",), ["Ana Bell", "Lou Marsh"]),
        (("With thanks to @Ann, ", BEN, " and @Tom"), ["Ann", "Ben", "Tom"]),
        (("with ", ROSA), []),
        (("I met @Ann and ", BEN), []),
        (("with ", Code("`@Ann`"), " and ", BEN), []),
        (("with", Link("https://example.org/a"), BEN), []),
        (("with ", Special("@here"), " and ", BEN), []),
        (("with @Ann then ", BEN), ["Ann"]),
        (("with @Ana Maria Bell Reyes Lopez Gil",), ["Ana Maria Bell Reyes"]),
        (("write to ana@example.org with care",), []),
    ],
)
def test_whom_a_post_thanks(body: tuple[Piece | str, ...], names: list[str]) -> None:
    """Typed names are whole, mentions have theirs, and lists go on over commas and `and`."""
    assert names == thanked(*body)


def test_whoever_is_forwarded_is_thanked_once() -> None:
    """The author of forwarded words comes first, and one who forwards themselves is not thanked."""
    assert ["Ben"] == thanked("with ", BEN, credited=(BEN, ROSA))
    assert ["Somebody"] == thanked("Look", credited=(Mention("U9", "Somebody"),))


@pytest.mark.parametrize(
    ("body", "sender"),
    [
        (("*Idea from* ", BEN, "\nBook reviews"), "U2"),
        (("Submitted by: ", BEN), "U2"),
        (("*Your name*\n", BEN, "\n*Idea*\nBook reviews"), "U2"),
        ((BEN, " shared an idea: book reviews"), "U2"),
        (("News\n", BEN, "\u2019s idea: book reviews"), "U2"),
        (("Idea from ", BEN, ", sent by ", BEN), "U2"),
        (("Idea from ", BEN, ", sent by ", MEI), ""),
        (("Thanks to ", BEN, " for the carts"), ""),
        ((BEN, " and ", MEI, " won a prize"), ""),
        ((BEN,), ""),
        (("Ask ", BEN, " said the bot"), ""),
        (("No one",), ""),
    ],
)
def test_whom_an_apps_post_names_as_its_sender(body: tuple[Piece | str, ...], sender: str) -> None:
    """Only somebody who is named as the sender is, and only if nobody else is too."""
    assert sender == sender_of(spans(*body))


@given(st.lists(st.one_of(st.text(alphabet="@aAn ,&w\nith", max_size=20), st.just("with @A B"))))
def test_any_text_is_read(texts: list[str]) -> None:
    """No text upsets the reader of names."""
    for name in thanked(*texts):
        assert name.strip()
