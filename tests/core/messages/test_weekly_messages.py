"""The digest and the prompt as people get them: whole, within limits, without pings."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.digest import compose
from bot.core.framework import load_framework
from bot.core.messages import weekly
from bot.core.model import Kind
from bot.core.parts import Divider, Header, Message, Note, Paragraph
from tests.core.samples import idea

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.model import Idea

CHICAGO = ZoneInfo("America/Chicago")
FRAMEWORK = load_framework()
CODES = [component.code for component in FRAMEWORK.components]


def digest(ideas: Sequence[Idea], newcomers: Sequence[str] = ()) -> Message:
    return weekly.digest(
        compose(
            ideas,
            FRAMEWORK,
            week=date(2026, 11, 23),
            zone=CHICAGO,
            newcomers=frozenset(newcomers),
        )
    )


def lines(message: Message) -> list[str]:
    """What a reader sees, part by part."""
    seen = []
    for part in message.parts:
        match part:
            case Header(text=text):
                seen.append(text)
            case Paragraph(runs=runs) | Note(runs=runs):
                seen.append("".join(run.text for run in runs))
            case Divider():
                pass
            case _:
                pytest.fail(f"a digest holds no {part}")
    return seen


def within_limits(message: Message) -> bool:
    """Slack's limits, counted as Slack counts: escaped, links written out."""
    total = 0
    for part in message.parts:
        size = 0
        if isinstance(part, Paragraph | Note):
            size = sum(len(escape(r.text, quote=False)) + len(r.url) for r in part.runs)
            assert 0 < size <= 2_900
        if isinstance(part, Header):
            size = len(part.text)
            assert size <= 150
        total += size
    assert len(message.parts) <= 45
    assert total <= 11_000
    assert len(escape(message.fallback, quote=False)) <= 3_500
    return True


def many(number: int, *, people: int, text: str = "We tried it with a whole grade. ") -> list[Idea]:
    return [
        idea(
            n,
            f"Person {n % people}",
            components=(CODES[n % len(CODES)],),
            hours=n / 10,
            text=f"Number {n}. {text * (1 + n % 7)}",
        )
        for n in range(1, number + 1)
    ]


def test_a_digest_names_its_week_and_each_author_with_their_school() -> None:
    """One idea reads as a small, whole message."""
    shown = idea(12, reactions=2, replies=1)
    message = digest([shown])
    assert [
        "Ideas from the week of November 23",
        "1 idea from 1 person.",
        "Builds Instructional Partnerships",
        (
            "Rosa Alvarez, Prairie Elementary\n"
            "We planned a unit on sources with the science team and taught it together.\n"
            "Read #12 · 2 reactions, 1 reply"
        ),
    ] == lines(message)[:4]
    paragraph = message.parts[4]
    assert isinstance(paragraph, Paragraph)
    assert [shown.permalink] == [run.url for run in paragraph.runs if run.url]


def test_a_digest_says_how_to_take_part() -> None:
    """Its last line tells a newcomer what to do."""
    assert "Post it here in a sentence or two, or write /idea" in lines(digest([idea(1)]))[-1]


def test_the_counts_leave_questions_out() -> None:
    """Ideas, people and schools are counted; questions are named apart."""
    message = digest(
        [
            idea(1, "A", school="Lincoln High"),
            idea(2, "B", school="lincoln  high"),
            idea(3, "A", school="Prairie Elementary"),
            idea(4, "C", kind=Kind.QUESTION, school="Third School"),
        ]
    )
    assert "3 ideas from 2 people at 2 schools, and 1 question." == lines(message)[1]
    assert "3 ideas from 2 people at 2 schools, and 1 question." in message.fallback


@pytest.mark.parametrize(
    ("replies", "heading"),
    [([0, 0], "Questions nobody has answered yet"), ([0, 1], "Questions")],
)
def test_questions_have_a_heading_that_is_true(replies: list[int], heading: str) -> None:
    """Only where no question has a reply does the heading say so."""
    questions = [idea(n, kind=Kind.QUESTION, replies=r) for n, r in enumerate(replies, 2)]
    assert heading in lines(digest([idea(1), *questions]))


def test_answers_are_shown_under_their_question() -> None:
    """The prompt is quoted above its answers."""
    message = digest([idea(1, prompt="Who opened the talk?")])
    assert "Answers to “Who opened the talk?”" in lines(message)
    assert "Answers to “Who opened the talk?”\n#1, Rosa Alvarez" in message.fallback


def test_an_excerpt_ends_on_a_word() -> None:
    """A long idea is cut between words, with a sign that there is more."""
    text = " ".join(f"word{n}" for n in range(200))
    (shown,) = [line for line in lines(digest([idea(1, text=text)])) if "word0" in line]
    excerpt = shown.split("\n")[1]
    assert excerpt.endswith("…")
    assert excerpt[:-1].split()[-1] in text.split()


def test_an_idea_without_words_shows_what_it_is() -> None:
    """A bare file or link is not an empty paragraph."""
    assert "A file, to be opened in the channel" in lines(digest([idea(1, text="")]))[3]


def test_an_idea_without_a_link_is_named_by_its_number() -> None:
    """The address may still be missing; the number is always there."""
    message = digest([idea(7, permalink="")])
    assert "#7" == lines(message)[3].split("\n")[-1]


@pytest.mark.parametrize(
    ("names", "welcome"),
    [
        (["A"], "Sharing here for the first time: A. Welcome!"),
        (["A", "B", "C"], "Sharing here for the first time: A, B and C. Welcome!"),
        ([f"N{n}" for n in range(11)], "11 people shared here for the first time. Welcome!"),
    ],
)
def test_newcomers_are_welcomed_by_name_or_all_together(names: list[str], welcome: str) -> None:
    """Either everybody new is named or nobody is."""
    ideas = [idea(n, name) for n, name in enumerate([*names, "Old hand"], 1)]
    message = digest(ideas, [f"U-{name}" for name in names])
    assert welcome == lines(message)[2]
    assert welcome in message.fallback


@pytest.mark.parametrize(("number", "people"), [(1, 1), (7, 5), (60, 20), (300, 100), (300, 1)])
def test_a_digest_of_any_size_is_within_limits_and_loses_nobody(number: int, people: int) -> None:
    """Each idea is shown, or listed by number and author, or counted with the way to list it."""
    message = digest(many(number, people=people))
    assert within_limits(message)
    whole = "\n".join(lines(message))
    named = {n for n in range(1, number + 1) if f"#{n}" in whole.replace(",", " ").split()}
    named |= {n for n in range(1, number + 1) if f"Read #{n}\n" in whole + "\n"}
    rest = number - len(named)
    assert ("more.\nAll of them: /ideas list since:2026-11-23" in whole) is (rest > 0)
    if rest:
        assert f", and {rest} more." in whole
    if number <= 60:
        assert 0 == rest


def test_room_goes_to_everybody_before_anybody_twice() -> None:
    """One person's fifty ideas leave room for everybody else's one."""
    busy = [idea(n, "Busy", hours=0) for n in range(1, 51)]
    quiet = [idea(n, f"Quiet {n}", hours=1) for n in range(51, 60)]
    message = digest([*busy, *quiet])
    assert within_limits(message)
    for each in quiet:
        assert f"{each.author.name}, Prairie" in "\n".join(lines(message))
        assert f"{each.author.name}, Prairie" in message.fallback


def test_headings_without_room_for_an_idea_are_left_out() -> None:
    """Answers to fifty prompts: no heading stands alone, and what has no room is listed."""
    ideas = [idea(n, f"P{n}", prompt=f"Question {n}?") for n in range(1, 51)]
    message = digest(ideas)
    assert within_limits(message)
    shown = lines(message)
    headings = [n for n, line in enumerate(shown) if line.startswith("Answers to")]
    assert 15 < len(headings) < 25
    assert all(shown[n + 1].startswith("P") for n in headings)
    assert "#50 P50." in shown[-2]


def test_the_fewer_ideas_the_more_words_of_each() -> None:
    """A quiet week shows 400 characters of an idea, a lively one fewer."""
    text = "We tried it and it went well. " * 30
    few = lines(digest([idea(1, text=text)]))[3]
    lively = lines(digest([idea(n, f"P{n}", text=text) for n in range(1, 26)]))[3]
    assert len(few) > 400
    assert 200 < len(lively) < 400


def test_the_fallback_does_not_change_with_what_an_idea_gathers() -> None:
    """A post whose answer was lost must be found again by its text, minutes later."""
    before, after = idea(1, permalink=""), idea(1, reactions=5, replies=3)
    assert digest([before]).fallback == digest([after]).fallback


def test_nobody_is_pinged() -> None:
    """Names and words stand as plain text; markup in them is only text."""
    hostile = idea(1, "<!channel>", text="<@U123> look @here", school="<!here>\n\nHigh")
    message = digest([hostile])
    assert "<!channel>, <!here> High\n<@U123> look @here\nRead #1" == lines(message)[3]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABCDEFGH"),
            st.sampled_from([(), *((code,) for code in CODES)]),
            st.one_of(
                st.text(max_size=50), st.sampled_from(["&" * 3_000, "<" * 500, "word " * 400, ""])
            ),
            st.sampled_from(["", "", "", "Why? " * 300]),
            st.sampled_from([Kind.IDEA, Kind.IDEA, Kind.QUESTION]),
        ),
        min_size=1,
        max_size=80,
    )
)
def test_no_words_push_a_digest_over_its_limits(
    rows: list[tuple[str, tuple[str, ...], str, str, Kind]],
) -> None:
    """Long names, words that grow when escaped, many prompts: the limits hold."""
    ideas = [
        idea(n, who * 90, components=codes, text=text, prompt=prompt, kind=kind, school="&" * 200)
        for n, (who, codes, text, prompt, kind) in enumerate(rows, 1)
    ]
    assert within_limits(digest(ideas, [ideas[0].author.id]))


def test_a_prompt_asks_and_says_how_to_answer() -> None:
    """The question stands alone; beneath, one line says what a reply becomes."""
    message = weekly.prompt("Which teacher did you plan with first this year?")
    assert [
        "This week’s question",
        "Which teacher did you plan with first this year?",
    ] == lines(message)[:2]
    assert "kept under your name" in lines(message)[2]
    for line in lines(message):
        assert line in message.fallback


def test_a_preview_says_that_only_the_asker_sees_it() -> None:
    """Before the message itself stands one line of small print."""
    posted = digest([idea(1)])
    preview = weekly.digest_preview(posted)
    assert posted.parts == preview.parts[1:]
    assert lines(preview)[0].startswith("Only you see this.")
    assert preview.fallback.endswith(posted.fallback)
    asked = weekly.prompt_preview(weekly.prompt("Why?"))
    assert lines(asked)[0].startswith("Only you see this.")


def test_where_there_is_nothing_the_bot_says_what_comes_next() -> None:
    """No dead end: the answer says what will happen."""
    message = weekly.nothing_new()
    assert "will be in it" in message.fallback
    assert [message.fallback] == lines(message)
