"""What a digest holds, in which order, and who gets room first."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.core.model.digest import MORE, compose
from bot.core.model.ideas import Idea, Kind
from bot.data.framework import load_framework
from tests.core.samples import idea

CHICAGO = ZoneInfo("America/Chicago")
KIRITIMATI = ZoneInfo("Pacific/Kiritimati")
FRAMEWORK = load_framework()


def test_ideas_stand_by_component_in_the_frameworks_order() -> None:
    """The framework's order holds, whatever came first; no or unknown components come last."""
    ideas = [
        idea(1, "A", components=("LEAD",)),
        idea(2, "B", components=()),
        idea(3, "C", components=("LIT", "LEAD")),
        idea(4, "D", components=("GONE",)),
        idea(5, "E", components=("GONE", "LIT")),
    ]
    contents = compose(ideas, FRAMEWORK, week=date(2026, 11, 23), zone=CHICAGO)
    literacy, leading = (FRAMEWORK.component(code) for code in ("LIT", "LEAD"))
    assert literacy is not None
    assert leading is not None
    assert [
        (literacy.short, literacy.sign, [3, 5]),
        (leading.short, leading.sign, [1]),
        (MORE.short, MORE.sign, [2, 4]),
    ] == [(group.title, group.sign, [i.number for i in group.ideas]) for group in contents.groups]


def test_a_question_is_never_counted_as_an_idea() -> None:
    """Questions stand apart, those without a reply first."""
    ideas = [
        idea(1, kind=Kind.QUESTION, replies=2),
        idea(2),
        idea(3, kind=Kind.QUESTION),
    ]
    contents = compose(ideas, FRAMEWORK, week=date(2026, 11, 23), zone=CHICAGO)
    assert [2] == [i.number for i in contents.ideas]
    assert [3, 1] == [i.number for i in contents.questions]
    assert [2] == [i.number for group in contents.groups for i in group.ideas]


def test_answers_stand_under_their_prompt() -> None:
    """Answers are ideas of their own group, the latest prompt first."""
    ideas = [idea(1, "A", prompt="Old?"), idea(2, "B", prompt="New?"), idea(3, "C", prompt="Old?")]
    contents = compose(ideas, FRAMEWORK, week=date(2026, 11, 23), zone=CHICAGO)
    assert [("New?", [2]), ("Old?", [1, 3])] == [
        (group.title, [i.number for i in group.ideas]) for group in contents.answers
    ]
    assert () == contents.groups
    assert 3 == len(contents.ideas)


def test_nobody_gets_room_twice_before_everybody_once() -> None:
    """Somebody who posts five ideas does not push out somebody who posts one later."""
    ideas = [idea(n, "Busy") for n in range(1, 6)] + [idea(6, "Quiet"), idea(7, "Late")]
    contents = compose(ideas, FRAMEWORK, week=date(2026, 11, 23), zone=CHICAGO)
    assert [1, 6, 7, 2, 3, 4, 5] == [i.number for i in contents.fair_order]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABC"),
            st.sampled_from([(), ("LIT",), ("LEAD", "PART"), ("GONE",)]),
            st.sampled_from(list(Kind)),
            st.sampled_from(["", "", "One?", "Two?"]),
        ),
        min_size=1,
        max_size=30,
    ).filter(lambda rows: any(row[2] is not Kind.POST for row in rows))
)
def test_each_idea_stands_in_exactly_one_place(
    rows: list[tuple[str, tuple[str, ...], Kind, str]],
) -> None:
    """No idea is left out of a digest or comes twice; turns are not taken early; posts count."""
    ideas = [
        idea(n, who, components=codes, kind=kind, prompt=prompt)
        for n, (who, codes, kind, prompt) in enumerate(rows, 1)
    ]
    contents = compose(ideas, FRAMEWORK, week=date(2026, 11, 23), zone=CHICAGO)
    groups = (*contents.groups, *contents.answers)
    placed = [i.number for group in groups for i in group.ideas]
    placed += [i.number for i in contents.questions]
    assert [i.number for i in ideas if i.kind is not Kind.POST] == sorted(placed)
    assert len(rows) - len(placed) == contents.posts
    assert sorted(placed) == sorted(i.number for i in contents.fair_order)
    turns: list[int] = []
    seen: dict[str, int] = {}
    for each in contents.fair_order:
        turns.append(seen.get(each.author.id, 0))
        seen[each.author.id] = turns[-1] + 1
    assert sorted(turns) == turns


def test_the_days_of_a_digest_are_days_where_people_write_them() -> None:
    """Filters are written in one zone, and the digest names its first and last day in it."""
    ideas = [idea(1, hours=-11), idea(2, hours=0)]
    contents = compose(ideas, FRAMEWORK, week=date(2026, 11, 23), zone=CHICAGO)
    assert (date(2026, 11, 22), date(2026, 11, 23)) == (contents.first_day, contents.last_day)
    contents = compose(ideas, FRAMEWORK, week=date(2026, 11, 23), zone=KIRITIMATI)
    assert (date(2026, 11, 23), date(2026, 11, 24)) == (contents.first_day, contents.last_day)


def test_newcomers_are_those_who_are_in_this_digest() -> None:
    """Each newcomer is named once, in the fair order."""
    ideas = [idea(1, "A"), idea(2, "B"), idea(3, "B"), idea(4, "C")]
    contents = compose(
        ideas,
        FRAMEWORK,
        week=date(2026, 11, 23),
        zone=CHICAGO,
        newcomers=frozenset({"U-C", "U-B", "U-elsewhere"}),
    )
    assert ("U-B", "U-C") == contents.newcomers


def test_districts_take_turns_within_a_round() -> None:
    """A large district that posts early does not fill the beginning; the rounds still hold."""
    ideas = [
        *(in_district(idea(n, f"Big {n}"), "Northfield") for n in range(1, 5)),
        in_district(idea(5, "Small"), " riverside"),
        in_district(idea(6, "Other"), "Lakeshore "),
        in_district(idea(7, "Second"), "Riverside"),
        in_district(idea(8, "Small"), "Riverside"),
    ]
    contents = compose(ideas, FRAMEWORK, week=date(2026, 11, 23), zone=CHICAGO)
    assert [1, 5, 6, 2, 7, 3, 4, 8] == [i.number for i in contents.fair_order]


def in_district(shown: Idea, district: str) -> Idea:
    return replace(shown, author=replace(shown.author, district=district))


def test_where_no_district_is_known_schools_take_turns() -> None:
    """The school stands for it; who has told neither counts as one group of their own."""
    ideas = [
        idea(1, "A", school="Lincoln High"),
        idea(2, "B", school="lincoln  high"),
        idea(3, "C", school=""),
        idea(4, "D", school=""),
    ]
    contents = compose(ideas, FRAMEWORK, week=date(2026, 11, 23), zone=CHICAGO)
    assert [1, 3, 2, 4] == [i.number for i in contents.fair_order]
