"""What pages that people outside can open say of people."""

import pytest

from bot.core.messages.bylines import NOBODY, public_author, public_text
from bot.core.model.people import Author, Shown

ROSA = Author(id="U1", name="Rosa", real_name="Rosa Alvarez", title="Chief", school="Prairie")


@pytest.mark.parametrize(
    ("shown", "author", "line"),
    [
        (None, ROSA, NOBODY),
        (Shown.NOBODY, ROSA, NOBODY),
        (Shown.SCHOOL, ROSA, "Prairie"),
        (Shown.SCHOOL, Author(id="U1", name="Rosa", title="Chief"), NOBODY),
        (Shown.NAME, ROSA, "Rosa, Prairie"),
        (Shown.NAME, Author(id="U1", real_name="Rosa Alvarez"), "Rosa Alvarez"),
        (Shown.NAME, Author(id="U1"), NOBODY),
        (Shown.NAME, Author(id="U1", name="Rosa\nAlvarez ", school=" "), "Rosa Alvarez"),
    ],
)
def test_author(shown: Shown | None, author: Author, line: str) -> None:
    """The author chooses; until then, and where nothing else is known, nobody is named."""
    assert line == public_author(author, shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ask Rosa", "Ask Rosa"),
        ("with @Rosa, and @rosa alvarez too", f"with {NOBODY}, and {NOBODY} too"),
        ("@Rosalind is another", "@… is another"),
        ("@Rosalind Ames Is another; @ 3 pm, @12", "@… Is another; @ 3 pm, @12"),
        ("with @Mei and @mei tanaka", f"with {NOBODY} and @mei tanaka"),
        ("write to me@Rosa", "write to me@Rosa"),
        ("@Jo (she/her)! and @Jo", f"{NOBODY}! and @…"),
    ],
)
def test_text(text: str, shown: str) -> None:
    """Whoever gave no name is mentioned by none, of two names by the longer one."""
    assert shown == public_text(
        text, {"Rosa", "Rosa Alvarez", "Jo (she/her)", "mei", ""}, {"mei tanaka"}
    )


def test_nobody_to_hide() -> None:
    """A text stays as it is where nobody is mentioned; who is not known is not named."""
    assert "with Rosa" == public_text("with Rosa", {"Rosa"})
    assert "with @…, a@b.org" == public_text("with @Rosa, a@b.org", {""})
