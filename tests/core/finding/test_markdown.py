"""Markdown: what a reader of it shows is what somebody wrote, and no markup of theirs."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.core.finding.markdown import block, inline, write_markdown
from tests.core.finding.rows import Row, row

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HOSTILE = [
    "# not a heading", "- no list", "+ no list", "* no list", "12. no list", "3) none", "> none",
    "---", "***", "___", "===", "```", "~~~", "    no code", "\tno code", "`code`", "**bold**",
    "*it*", "_it_", "__it__", "~~gone~~", "<b>html</b>", "<!-- x -->", "<https://a.org>",
    "[a](javascript:alert(1))", "![a](https://a.org/x.png)", "[a]: https://a.org", "[^1]: note",
    "&amp; &#35; &copy;", "a\\*b", "a  ", "a\\", "| a | b |", "|---|---|", "snake_case_word", "\0#",
    "1986\\. A year", "<script>alert(1)</script>", "- - -", "+", "#", "1.",
]  # fmt: skip

lines = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    st.text(st.sampled_from("#*_`[]()<>!&;~-+=|\\.1a: \t$"), max_size=30),
    st.sampled_from(HOSTILE),
)


def written(*rows: Row) -> str:
    out = io.BytesIO()
    assert len(rows) == write_markdown(
        iter(rows), out, {"PART": "Builds Instructional Partnerships"}
    )
    return out.getvalue().decode()


def shown(tokens: list[Token]) -> str:
    """The text that a reader shows, without markup."""
    pieces = []
    for token in tokens:
        pieces.append(shown(token.children) if token.children else "")
        pieces.append(token.content if token.type in {"text", "text_special"} else "")
    return "".join(pieces)


def kinds(tokens: list[Token]) -> set[str]:
    return {token.type for token in tokens} | {
        child.type for token in tokens for child in token.children or ()
    }


def test_an_idea() -> None:
    """An idea has a heading, its paragraphs, and a list of what is known about it."""
    idea = row(
        number=12,
        author="Rosa Alvarez",
        school="Prairie Elementary",
        text="We built a reading garden.\nIt *works*: see plans (https://example.org/a_b)",
        tags="outdoors; grade-6",
        components="PART; NEW",
        resources="https://example.org/a_b",
        credits="Ben Okafor",
        prompt="What grew?",
        reactions=3,
        replies=1,
        tried=2,
        permalink="https://prairie.example/archives/C1/p1",
    )
    assert (
        "# Ideas\n\n"
        "## Idea 12: Rosa Alvarez, Prairie Elementary, November 25, 2026\n\n"
        "We built a reading garden.\n\n"
        "It \\*works\\*: see plans (<https://example.org/a_b>)\n\n"
        "- About: Builds Instructional Partnerships, NEW\n"
        "- Tags: #outdoors, #grade-6\n"
        "- Links: <https://example.org/a_b>\n"
        "- With credit to: Ben Okafor\n"
        "- Answers the question: What grew?\n"
        "- So far: 3 reactions, 1 reply, 2 trials\n"
        "- Posted in: [ideas, Prairie](<https://prairie.example/archives/C1/p1>)\n"
    ) == written(idea)


def test_what_is_not_known_is_left_out() -> None:
    """Without an address the channel is no link; without a name the day stands alone."""
    text = written(row(author="", kind="question", text="Who?"))
    assert (
        "# Ideas\n\n## Question 1: November 25, 2026\n\nWho?\n\n- Posted in: ideas, Prairie\n"
    ) == text
    assert "# Ideas\n" == written()


@settings(deadline=None)
@given(lines)
def test_a_paragraph_shows_what_was_written(line: str) -> None:
    """Whatever stands in a line, it is one paragraph of those words, and no markup."""
    tokens = READER.parse(block(line))
    words = " ".join(line.replace("\0", "").split())
    assert words == shown(tokens)
    assert kinds(tokens) <= {
        "paragraph_open", "inline", "text", "text_special", "paragraph_close",
        "link_open", "link_close",
    }  # fmt: skip


@settings(deadline=None)
@given(st.lists(lines, max_size=4), lines, lines)
def test_nobody_writes_a_heading_of_their_own(text: list[str], name: str, tag: str) -> None:
    """Of two ideas a reader shows two headings and two lists, whatever stands in them."""
    one = row(text="\n".join(text), author=name, tags=tag, school=tag, credits=name, workspace=tag)
    tokens = READER.parse(written(one, row(number=2)))
    types = [token.type for token in tokens]
    assert (3, 2) == (types.count("heading_open"), types.count("bullet_list_open"))
    assert not kinds(tokens) & {"html_block", "html_inline", "image", "code_inline", "fence", "hr"}


@pytest.mark.parametrize(
    ("words", "links"),
    [
        ("see https://a.org/b_c_d.", ["https://a.org/b_c_d"]),
        ("plans (https://a.org/x_(y)), more", ["https://a.org/x_(y)"]),
        ("HTTP://a.org?a=1&copy=2;", ["HTTP://a.org?a=1&copy=2"]),
        ("https://a.org/*b*, https://c.org!", ["https://a.org/*b", "https://c.org"]),
        ("javascript:alert(1) ftp://a.org", []),
        ("https:// and http://[", []),
        ("https://a.org/<b>", ["https://a.org/"]),
        ('=HYPERLINK("https://a.org","x")', ["https://a.org"]),
    ],
)
def test_addresses_stay_links(words: str, links: list[str]) -> None:
    """An address on the web is a link that shows itself; nothing else is one."""
    (tokens,) = [token for token in READER.parse(inline(words)) if token.type == "inline"]
    children = tokens.children or []
    at = [place for place, token in enumerate(children) if token.type == "link_open"]
    assert links == [children[place + 1].content for place in at]


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://a.org/p1?a=1&b=2", "https://a.org/p1?a=1&b=2"),
        ("https://a.org/>)[x](https://b.org", "https://a.org/%3E)%5Bx%5D(https://b.org"),
        ("https://a.org/\n\n# x\\", "https://a.org/#x%5C"),
        ("javascript:alert(1)", None),
    ],
)
def test_the_address_of_a_post_is_one_link(address: str, link: str | None) -> None:
    """It leads to the post alone, and only to an address on the web."""
    tokens = READER.parse(written(row(permalink=address)))
    found = [
        child.attrGet("href")
        for token in tokens
        for child in token.children or ()
        if child.type == "link_open"
    ]
    assert ([link] if link else []) == found
