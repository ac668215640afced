"""Parts as the Markdown of a canvas: what people wrote stays words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model.books import Section
from bot.core.model.parts import Header, Paragraph, Run
from handlers.slack.canvases import to_markdown


@pytest.mark.parametrize(
    ("part", "written"),
    [
        (Header("Ideas of\n#a"), "## Ideas of #a"),
        (Paragraph((Run("Name", bold=True), Run("\n"), Run("#1", url="https://a.example/1"))),
         "**Name**  \n[\\#1](<https://a.example/1>)"),
        (Paragraph((Run("Written by us. ", italic=True), Run("Yes"))), "_Written by us._ Yes"),
        (Paragraph((Run("#1", url="javascript:alert(1)"), Run(" Rosa"))), "\\#1 Rosa"),
    ],
)  # fmt: skip
def test_each_part_is_a_section(part: Section, written: str) -> None:
    """A line break is one on the canvas; an address that nobody may follow is none."""
    assert written == to_markdown([part])


@given(st.text(alphabet="![]()@<>U1#*_`~\\&;\n|- 1.$", max_size=60))
def test_nothing_that_people_write_acts(words: str) -> None:
    """No mention, link, code or heading arises, and no section of its own."""
    written = to_markdown([Paragraph((Run("#1", bold=True), Run(f" Rosa: {words}")))])
    quiet = written.replace("\\\\", "")
    for sign in ("[", "]", "<", "`", "*", "~"):
        unescaped = quiet.replace(f"\\{sign}", "")
        assert unescaped.count(sign) == (4 if sign == "*" else 0)
    assert not any(line.startswith(("#", ">", "-", "+")) for line in written.split("  \n"))
