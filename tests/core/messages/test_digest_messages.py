"""The digest as people get it: whole, within limits, in as many messages as it takes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from html import escape
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.messages import digest as messages
from bot.core.messages import digest_words
from bot.core.messages.common import excerpt
from bot.core.model.actions import Act
from bot.core.model.digest import DigestContents, DigestExtras, Limits, compose
from bot.core.model.ideas import Idea, Kind, Photo
from bot.core.model.parts import (
    Actions,
    Button,
    Chart,
    Divider,
    Header,
    Menu,
    Message,
    Note,
    Paragraph,
    Picture,
    Run,
)
from bot.core.model.vocabulary import command
from bot.data.framework import load_framework
from tests.core.samples import beside, idea, week

CHICAGO = ZoneInfo("America/Chicago")
WEEK = date(2026, 11, 23)
FRAMEWORK = load_framework()
CODES = [component.code for component in FRAMEWORK.components]


def contents(
    ideas: Sequence[Idea], newcomers: Sequence[str] = (), extra: DigestExtras | None = None
) -> DigestContents:
    return compose(
        ideas,
        FRAMEWORK,
        week=WEEK,
        zone=CHICAGO,
        newcomers=frozenset(newcomers),
        beside=extra or DigestExtras(),
    )


def digest(
    ideas: Sequence[Idea], newcomers: Sequence[str] = (), extra: DigestExtras | None = None
) -> Message:
    return messages.digest(contents(ideas, newcomers, extra))


def whole(ideas: Sequence[Idea], extra: DigestExtras | None = None) -> list[Message]:
    """The first message and the replies in its thread."""
    all_ = contents(ideas, extra=extra)
    _, *replies = messages.divide(all_)
    return [
        messages.digest(all_),
        *(messages.reply(contents(r), n, len(replies)) for n, r in enumerate(replies, 1)),
    ]


def lines(message: Message) -> list[str]:
    """What a reader sees, part by part."""
    seen = []
    for part in message.parts:
        match part:
            case Header(text=text):
                seen.append(text)
            case Paragraph(runs=runs) | Note(runs=runs):
                seen.append("".join(run.text for run in runs))
            case Chart(title=title, bars=bars):
                seen.append("\n".join([title, *(f"{bar.count} {bar.label}" for bar in bars)]))
            case Divider() | Actions():
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
        if isinstance(part, Paragraph) and isinstance(part.button, Button):
            size += len(part.button.text) + len(part.button.url)
        if isinstance(part, Header):
            size = len(part.text)
            assert size <= 150
        if isinstance(part, Chart):
            size = sum(len(bar.label) + 20 for bar in part.bars)
        total += size
    assert len(message.parts) <= 45
    assert total <= 11_000
    assert len(escape(message.fallback, quote=False)) <= 3_650
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


def shown_in(message: Message) -> list[int]:
    """The numbers of the ideas that have room of their own in it."""
    return [
        int(run.text.rpartition("#")[2])
        for part in message.parts
        if isinstance(part, Paragraph)
        for run in part.runs
        if run.text.startswith("Read #")
    ]


# -- one message ------------------------------------------------------------------------------


def test_a_digest_names_its_days_and_each_author_with_their_school() -> None:
    """One idea reads as a small, whole message."""
    shown = idea(12, reactions=2, replies=1)
    message = digest([shown])
    assert [
        "📬 Ideas from Nov 23",
        "Hello, everyone! Here is 1 idea.",
        "🤝 Partnerships",
        (
            "Rosa Alvarez, Prairie Elementary\n"
            "We planned a unit on sources with the science team and taught it together.\n"
            "Read #12 · 2 reactions, 1 reply"
        ),
    ] == lines(message)[:4]
    paragraph = message.parts[4]
    assert isinstance(paragraph, Paragraph)
    assert [shown.permalink] == [run.url for run in paragraph.runs if run.url]
    assert message.fallback.startswith("Ideas from November 23. Hello, everyone! Here is 1 idea.\n")


@pytest.mark.parametrize(
    ("ideas", "questions", "says"),
    [
        (1, 0, "Here is 1 idea."),
        (1, 1, "Here is 1 idea and 1 question."),
        (1, 2, "Here is 1 idea and 2 questions."),
        (2, 1, "Here are 2 ideas from 2 people, and 1 question."),
    ],
)
def test_a_greeting_is_a_sentence(ideas: int, questions: int, says: str) -> None:
    """However many there are, number and verb agree."""
    shown = [idea(n, author=f"U{n}") for n in range(1, ideas + 1)]
    shown += [idea(10 + n, kind=Kind.QUESTION) for n in range(questions)]
    assert f"Hello, everyone! {says}" == lines(digest(shown))[1]


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2026-11-02T23:00-06:00", "2026-11-02T23:59-06:00", "Nov 2"),
        ("2026-11-02T12:00-06:00", "2026-11-27T12:00-06:00", "Nov 2 to 27"),
        ("2026-11-02T12:00-06:00", "2026-12-04T12:00-06:00", "Nov 2 to Dec 4"),
        ("2025-11-30T12:00-06:00", "2026-11-02T12:00-06:00", "Nov 30 to Nov 2"),
        ("2026-11-02T23:00-06:00", "2026-11-03T12:00-06:00", "Nov 2 to 3"),
    ],
)
def test_a_digest_says_the_days_that_its_ideas_are_from(first: str, last: str, days: str) -> None:
    """The real span, short and in the channel's own days; in plain text with whole words."""
    ideas = [
        replace(idea(n), posted_at=datetime.fromisoformat(at)) for n, at in enumerate((last, first))
    ]
    shown = messages.digest(
        compose(ideas, FRAMEWORK, week=WEEK, zone=ZoneInfo("Asia/Tokyo"), local=CHICAGO)
    )
    assert f"📬 Ideas from {days}" == lines(shown)[0]
    whole = days.replace("Nov", "November").replace("Dec", "December")
    assert shown.fallback.startswith(f"Ideas from {whole}. Hello")


def test_only_the_title_is_large() -> None:
    """Whatever a digest holds, a part of the framework is one bold line with a sign."""
    message = digest(week(60), extra=beside())
    assert [Header("📬 Ideas from Nov 23 to 24")] == [
        part for part in message.parts if isinstance(part, Header)
    ]
    heading = next(p for p in message.parts if isinstance(p, Paragraph) and "📖" in p.runs[0].text)
    assert (Run("📖 "), Run("Reading", bold=True)) == heading.runs


def test_what_is_warmest_stands_first() -> None:
    """The greeting, the coordinator's line, what was tried, who is new; then the ideas."""
    extra = replace(beside(), line="The book swap\nis on Thursday.")
    message = digest([idea(1, "A"), idea(2, "B")], ["U-B"], extra)
    opening = [
        "Hello, everyone! Here are 2 ideas from 2 people.",
        "From your coordinator: The book swap is on Thursday.",
        "Tried by colleagues",
        "Ben Okafor, Lincoln High, tried #3",
        "Welcome to B, sharing here for the first time!",
        "Partnerships",
    ]
    for words in ("\n".join(lines(message)), message.fallback):
        places = [words.index(line) for line in opening]
        assert sorted(places) == places


def test_a_coordinator_line_is_capped() -> None:
    """A line stays a line, however much somebody wrote."""
    (line,) = [
        line
        for line in lines(digest([idea(1)], extra=DigestExtras(line="Bring one, take one! " * 90)))
        if line.startswith("From your coordinator: ")
    ]
    assert 300 <= len(line) <= 330
    assert line.endswith("…")


def test_what_has_no_place_of_its_own_is_counted_in_small_print() -> None:
    """One quiet line says how many other posts there were."""
    message = digest([idea(1), idea(2, kind=Kind.POST), idea(3, kind=Kind.POST)])
    assert lines(message)[-1].startswith("Also posted: 2. Have an idea of your own?")
    assert "Also posted: 2." in message.fallback
    assert "Also posted" not in str(digest([idea(1)]))


def test_a_digest_ends_with_what_to_do_next() -> None:
    """Its buttons open the form and list the week; its last line tells a newcomer what to do."""
    message = digest([idea(1), idea(2, hours=30)])
    *_, row = (part for part in message.parts if isinstance(part, Actions))
    share, see = row.buttons
    assert isinstance(share, Button)
    assert isinstance(see, Button)
    assert (Act.SHARE, "Share an idea") == (share.act, share.text)
    assert (Act.LIST, "See all 2") == (see.act, see.text)
    assert "2026-W48 since:2026-11-23 until:2026-11-24" == see.action.value
    assert "Post it here in a sentence or two" in lines(message)[-1]


def test_below_each_idea_stand_its_buttons() -> None:
    """The most used ones stand open: to try an idea, to answer a question, to save either."""
    message = digest(
        [
            idea(1),
            idea(2, "A", kind=Kind.QUESTION),
            idea(3, "B", kind=Kind.QUESTION, permalink=""),
        ]
    )
    *rows, _ = (part.buttons for part in message.parts if isinstance(part, Actions))
    assert [["I tried this", "Save"], ["Answer", "Save"], ["Save"]] == [
        [one.text for one in row if isinstance(one, Button)] for row in rows
    ]
    menus = [one for row in rows for one in row if isinstance(one, Menu)]
    assert [["Show in full", "More like this", "Cite this idea"]] * 3 == [
        [one.text for one in menu.buttons] for menu in menus
    ]


def test_a_photo_stands_beside_its_idea() -> None:
    """The first one, with words for those who do not see it; a crowded digest has none."""
    photo = Photo("F1", "A table of books")
    few = digest([idea(1, photo=photo), idea(2, "A")])
    told = "Photo in #1 by Rosa Alvarez: A table of books"
    pictures = [part.beside for part in few.parts if isinstance(part, Paragraph)]
    assert [Picture("F1", told)] == [one for one in pictures if isinstance(one, Picture)]
    assert few.fallback == few.without_pictures().fallback
    assert "F1" not in str(few.without_pictures())
    assert "F1" not in str(digest([idea(n, photo=photo) for n in range(1, 40)]))


def test_beside_each_idea_of_many_stands_a_button() -> None:
    """An idea can be tried, a question answered; without an address, others like it are shown."""
    message = digest(
        [
            idea(1),
            idea(2, "A", kind=Kind.QUESTION),
            idea(3, "B", kind=Kind.QUESTION, permalink=""),
            *(idea(number, "C", hours=1, text="x " * 300) for number in range(4, 22)),
        ],
        extra=beside(),
    )
    shown = {
        (part.button.text, part.button.act, part.button.action.value, part.button.url)
        for part in message.parts
        if isinstance(part, Paragraph) and isinstance(part.button, Button)
    }
    assert shown >= {
        ("I tried this", Act.TRIED, "1", ""),
        ("Answer", Act.LINK, "2", "https://chat.example/archives/C1/p2"),
        ("More like this", Act.ALIKE, "3", ""),
        ("Answer", Act.LINK, "901", "https://chat.example/archives/C1/p901"),
        ("I tried this", Act.TRIED, "77", ""),
    }


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
    assert (
        "Hello, everyone! Here are 3 ideas from 2 people at 2 schools, and 1 question."
        == lines(message)[1]
    )
    assert "3 ideas from 2 people at 2 schools, and 1 question." in message.fallback


@pytest.mark.parametrize(
    ("replies", "heading"), [([0, 0], "❓ Asked, and not answered yet"), ([0, 1], "❓ Asked")]
)
def test_questions_have_a_heading_that_is_true(replies: list[int], heading: str) -> None:
    """Only where no question has a reply does the heading say so."""
    questions = [idea(n, kind=Kind.QUESTION, replies=r) for n, r in enumerate(replies, 2)]
    assert heading in lines(digest([idea(1), *questions]))


def test_answers_are_shown_under_their_question() -> None:
    """The prompt is quoted above its answers."""
    message = digest([idea(1, prompt="Who opened the talk?")])
    assert "💬 Answers to “Who opened the talk?”" in lines(message)
    assert "Answers to “Who opened the talk?”\n#1, Rosa Alvarez" in message.fallback


def test_an_excerpt_ends_on_a_word() -> None:
    """A long idea is cut between words, with a sign that there is more."""
    text = " ".join(f"word{n}" for n in range(200))
    (shown,) = [line for line in lines(digest([idea(1, text=text)])) if "word0" in line]
    excerpt = shown.split("\n")[1]
    assert excerpt.endswith("…")
    assert excerpt[:-1].split()[-1] in text.split()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("They were furious :joy: and then we talked", "They were furious :joy:…"),
        ("They were all furious: and then we talked", "They were all furious…"),
        ("They were all furious. And then we talked", "They were all furious…"),
        ("They all were at 10:30: and then we talked", "They all were at 10:30…"),
    ],
)
def test_an_excerpt_keeps_an_emoji_whole_and_ends_without_a_stop(text: str, shown: str) -> None:
    """The colon that closes an emoji's name stays; a full stop or colon before `…` does not."""
    assert shown == excerpt(text, 25)


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
        (["A"], "Welcome to A, sharing here for the first time!"),
        (["A", "B", "C"], "Welcome to A, B and C, sharing here for the first time!"),
        ([f"N{n}" for n in range(11)], "Welcome to 11 people who shared here for the first time!"),
    ],
)
def test_newcomers_are_welcomed_by_name_or_all_together(names: list[str], welcome: str) -> None:
    """Either everybody new is named or nobody is."""
    ideas = [idea(n, name) for n, name in enumerate([*names, "Old hand"], 1)]
    message = digest(ideas, [f"U-{name}" for name in names])
    assert f"👋 {welcome}" == lines(message)[2]
    assert welcome in message.fallback


def test_the_fallback_does_not_change_with_what_an_idea_gathers() -> None:
    """A post whose answer was lost must be found again by its text, minutes later."""
    before, after = idea(1, permalink=""), idea(1, reactions=5, replies=3)
    assert digest([before]).fallback == digest([after]).fallback


def test_nobody_is_pinged() -> None:
    """Names and words stand as plain text; markup in them is only text."""
    hostile = idea(1, "<!channel>", text="<@U123> look @here", school="<!here>\n\nHigh")
    message = digest([hostile])
    assert "<!channel>, <!here> High\n<@U123> look @here\nRead #1" == lines(message)[3]


# -- beside the new ideas ---------------------------------------------------------------------


def test_a_digest_says_who_tried_whose_idea() -> None:
    """Both are named, with the idea, what came of it, where, and the sentence about it."""
    extra = beside()
    (one,) = extra.trials
    message = digest([idea(1)], extra=extra)
    words = excerpt(one.idea.text, 110)
    told = f"Ben Okafor, Lincoln High, tried #3 by Joan Petersen: “{words}”"
    came = (
        "For them it worked, with changes (grades 9 to 12, the library). "
        "“We began with graphic novels, and two who never borrowed chose the titles.”"
    )
    assert f"{told}\n{came}" in lines(message)
    assert f"{told}\n{came}" in message.fallback


def test_many_trials_are_counted() -> None:
    """Five trials are told, the others counted, so that they do not crowd out the ideas."""
    one = beside().trials[0]
    assert "And 3 more trials of ideas from this channel." in lines(
        digest([idea(1)], extra=DigestExtras(trials=(one,) * 8))
    )


def test_a_trial_needs_no_sentence_school_or_link() -> None:
    """What is not known is left out, and no comma or quote stands alone."""
    one = beside().trials[0]
    bare = replace(
        one,
        trial=replace(one.trial, words="", school="", name="", grades="", setting=""),
        idea=replace(idea(3, "Mei Tanaka", school=""), permalink=""),
    )
    assert (
        "Somebody tried #3 by Mei Tanaka: “We planned a unit on sources with the science team and "
        "taught it together.”\nFor them it worked, with changes."
    ) in lines(digest([idea(1)], extra=DigestExtras(trials=(bare,))))


def test_a_question_that_waits_is_asked_again() -> None:
    """One older question comes back with its author's name."""
    message = digest([idea(1)], extra=beside())
    at = lines(message).index("✋ Still waiting for an answer")
    assert lines(message)[at + 1].startswith("Joan Petersen\nHow do you keep")
    assert "Still waiting for an answer\n#901, Joan Petersen: How do you" in message.fallback


def test_the_same_week_of_an_earlier_year_is_remembered() -> None:
    """One idea of that week comes back, with its year."""
    message = digest([idea(1)], extra=beside())
    at = lines(message).index("📅 This week of the school year, in 2025")
    assert lines(message)[at + 1].startswith("Samir Haddad, Cedar Creek K-8\nThank-you notes")
    assert "in 2025\n#77, Samir Haddad" in message.fallback


def test_the_thinnest_component_is_an_invitation() -> None:
    """It asks what people have tried there, and blames nobody."""
    message = digest([idea(1)], extra=beside())
    (line,) = [line for line in lines(message) if "heard least" in line]
    assert line.startswith("🌱 We have heard least about Digital access.\n")
    assert line.endswith("What have you tried there?")
    assert line.removeprefix("🌱 ") in message.fallback


def test_a_chart_says_in_words_what_its_bars_show() -> None:
    """Ideas by component, most first; the same numbers stand in the plain text."""
    ideas = [idea(n, components=("PART",) if n < 9 else ("LIT",)) for n in range(1, 13)]
    message = digest(ideas)
    (chart,) = (part for part in message.parts if isinstance(part, Chart))
    assert [("🤝 Partnerships", 8), ("📖 Reading", 4)] == [(b.label, b.count) for b in chart.bars]
    assert all(bar.colour.startswith("#") for bar in chart.bars)
    assert "What these ideas are about: Partnerships 8, Reading 4." in message.fallback


@pytest.mark.parametrize(
    "ideas",
    [many(11, people=4), [idea(n, components=("LIT",)) for n in range(1, 13)]],
    ids=["few", "all about one"],
)
def test_where_a_chart_would_say_nothing_there_is_none(ideas: list[Idea]) -> None:
    """A handful of ideas, or one subject, needs no bars."""
    message = digest(ideas)
    assert not any(isinstance(part, Chart) for part in message.parts)
    assert "What these ideas" not in message.fallback


def test_ideas_about_nothing_known_are_counted_last() -> None:
    """`Other ideas` closes the chart, however many there are."""
    ideas = [idea(n, components=()) for n in range(1, 11)] + [idea(11), idea(12)]
    assert ": Partnerships 2, Other ideas 10." in digest(ideas).fallback


# -- any number of ideas ----------------------------------------------------------------------


@pytest.mark.parametrize(("number", "people"), [(1, 1), (7, 5), (60, 20), (300, 100), (300, 1)])
def test_a_digest_of_any_size_is_within_limits_and_loses_nobody(number: int, people: int) -> None:
    """Each idea has room of its own in exactly one message, and each message keeps the limits."""
    all_ = whole(many(number, people=people), beside())
    assert all(map(within_limits, all_))
    shown = [n for message in all_ for n in shown_in(message) if n not in {901, 77}]
    extra = {901, 77, 3}
    assert sorted(set(range(1, number + 1)) - extra) == sorted(set(shown) - extra)
    assert len(shown) == len(set(shown))


def test_a_few_ideas_need_no_thread() -> None:
    """What fits in one message stands in one message."""
    assert 1 == len(whole(week(7), beside()))


def test_the_first_message_says_how_much_is_in_its_thread() -> None:
    """Nobody has to guess that there is more, and each reply says which one it is."""
    first, *replies = whole(week(60), beside())
    rest = [n for reply in replies for n in shown_in(reply)]
    asked = sum(one.kind is Kind.QUESTION for one in week(60) if one.number in rest)
    told = f"{len(rest) - asked} more ideas and {asked} questions in the thread below this message."
    assert f"🧵 {told}" in lines(first)
    assert f"\n{told}\n" in first.fallback
    assert [f"More ideas ({n} of {len(replies)})" for n in range(1, len(replies) + 1)] == [
        lines(reply)[0] for reply in replies
    ]
    assert len(shown_in(first)) > 10


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        ("i", "1 more idea"),
        ("iiq", "2 more ideas and 1 question"),
        ("qq", "2 more questions"),
        ("", "0 more ideas"),
    ],
)
def test_questions_in_the_thread_are_counted_apart(kinds: str, told: str) -> None:
    """A question is never counted as an idea, there neither."""
    ideas = [
        idea(n, kind=Kind.QUESTION if kind == "q" else Kind.IDEA) for n, kind in enumerate(kinds, 1)
    ]
    assert told == digest_words.how_many(ideas, "more ")


def test_a_single_reply_does_not_count_itself() -> None:
    """`(1 of 1)` would say nothing."""
    assert "More ideas" == lines(messages.reply(contents([idea(1)]), 1, 1))[0]


def test_replies_keep_the_order_of_the_headings() -> None:
    """The thread goes through the framework once, it does not begin anew in each reply."""
    _, *replies = whole(week(300))
    names = [f"{component.sign} {component.short}" for component in FRAMEWORK.components]
    seen = [line for reply in replies for line in lines(reply) if line in names]
    assert sorted(seen, key=names.index) == seen


@pytest.mark.parametrize("number", [330, 1_000])
def test_beyond_ten_replies_ideas_are_named_with_the_way_to_them(number: int) -> None:
    """A few without room are all named; of many hundreds the last ones are counted."""
    ideas = many(number, people=300)
    first, *replies = whole(ideas)
    assert all(map(within_limits, [first, *replies]))
    assert 10 == len(replies)
    (more,) = [line for line in lines(first) if line.startswith("And there is more")]
    assert f"All of them: {command('list channel:ideas since:2026-11-23')[:-1]}" in more
    shown = sum(len(shown_in(message)) for message in (first, *replies))
    named = more.count("#")
    rest = number - shown - named
    assert (f", and {rest} more." in more) is (rest > 0)
    assert (rest > 0) is (number == 1_000)


def test_many_ideas_that_grow_when_escaped_keep_the_limits() -> None:
    """Little fits, so a long list of the others stands in the first message: it has room there."""
    ideas = [
        replace(one, permalink=f"https://chat.example/{'x' * 400}")
        for one in many(400, people=150, text="&<> " * 60)
    ]
    all_ = whole(ideas, beside())
    assert all(map(within_limits, all_))
    assert any(line.startswith("And there is more") for line in lines(all_[0]))


@pytest.mark.parametrize("number", [1, 7, 60])
@pytest.mark.parametrize(
    "limits",
    [
        Limits(parts=20, characters=6_000, text=1_600),
        Limits(parts=45, characters=8_000, text=2_500),
        Limits(parts=200, characters=60_000, text=20_000),
    ],
)
def test_a_digest_fits_whatever_a_platform_takes(number: int, limits: Limits) -> None:
    """With other limits each message keeps those, and nobody is lost or shown twice."""
    all_ = replace(contents(many(number, people=20)), limits=limits)
    _, *replies = messages.divide(all_)
    every = [messages.digest(all_, replies)]
    for n, ideas in enumerate(replies, 1):
        part = replace(contents(ideas), limits=limits)
        every.append(messages.reply(part, n, len(replies)))
    for message in every:
        assert len(message.parts) <= limits.parts
        written = sum(len(escape(line, quote=False)) for line in lines(message))
        assert written <= limits.characters
        assert len(escape(message.fallback, quote=False)) <= limits.text
    assert list(range(1, number + 1)) == sorted(n for one in every for n in shown_in(one))


def test_room_goes_to_everybody_before_anybody_twice() -> None:
    """One person's fifty ideas leave room in the first message for everybody else's one."""
    busy = [idea(n, "Busy", hours=0) for n in range(1, 51)]
    quiet = [idea(n, f"Quiet {n}", hours=1) for n in range(51, 60)]
    message = digest([*busy, *quiet])
    assert within_limits(message)
    for each in quiet:
        assert f"{each.author.name}, Prairie" in "\n".join(lines(message))
        assert f"{each.author.name}, Prairie" in message.fallback


def test_headings_without_room_for_an_idea_are_left_out() -> None:
    """Answers to fifty prompts: no heading stands alone, in no message."""
    ideas = [idea(n, f"P{n}", prompt=f"Question {n}?") for n in range(1, 51)]
    all_ = whole(ideas)
    for message in all_:
        assert within_limits(message)
        seen = lines(message)
        headings = [n for n, line in enumerate(seen) if line.startswith("💬 Answers to")]
        assert headings
        assert all(seen[n + 1].startswith("P") for n in headings)
    assert list(range(1, 51)) == sorted(n for message in all_ for n in shown_in(message))


def test_the_fewer_ideas_the_more_words_of_each() -> None:
    """A quiet week shows 400 characters of an idea, a lively one fewer."""
    text = "We tried it and it went well. " * 30
    few = lines(digest([idea(1, text=text)]))[3]
    lively = lines(digest([idea(n, f"P{n}", text=text) for n in range(1, 26)]))[3]
    assert len(few) > 400
    assert 200 < len(lively) < 400


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
    ),
    st.booleans(),
)
def test_no_words_push_a_digest_over_its_limits(
    rows: list[tuple[str, tuple[str, ...], str, str, Kind]],
    more: bool,  # noqa: FBT001  (drawn)
) -> None:
    """Long names, words that grow when escaped, many prompts: the limits hold everywhere."""
    ideas = [
        idea(n, who * 90, components=codes, text=text, prompt=prompt, kind=kind, school="&" * 200)
        for n, (who, codes, text, prompt, kind) in enumerate(rows, 1)
    ]
    all_ = whole(ideas, beside() if more else None)
    assert all(map(within_limits, all_))
    shown = [n for message in all_ for n in shown_in(message) if n <= len(rows)]
    assert list(range(1, len(rows) + 1)) == sorted(set(shown))
