import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import FrameworkError
from bot.core.model.prompts import NOT_AGAIN, Bank, Prompt, When
from bot.core.prompts.bank import TONES, Choice, Situation, choose, weeks_left, why_unfit
from bot.core.prompts.calendar import Calendar, school_week
from bot.data.calendar import load_calendar
from bot.data.framework import load_framework
from bot.data.prompts import load_bank
from bot.data.reading import FOLDER

CALENDAR = load_calendar()
BANK = load_bank(CALENDAR)
FRAMEWORK = load_framework()
CODES = [component.code for component in FRAMEWORK.components]
MONDAY = date(2026, 8, 17)

PROMPT = """
[[prompt]]
id = "one"
text = "What worked?"
components = ["LIT"]
topic = "what worked"
tone = "warm"
"""
ANY_TIME = PROMPT + "when = { flex = true }\n"


def ask(
    day: date,
    *,
    bank: Bank = BANK,
    calendar: Calendar = CALENDAR,
    recent: Sequence[str] = (),
    thinnest: Sequence[str] = (),
    pinned: str | None = None,
    observances: bool = False,
) -> Choice:
    situation = Situation(
        bank=bank,
        calendar=calendar,
        day=day,
        recent=recent,
        thinnest=thinnest,
        pinned=pinned,
        observances=observances,
    )
    return choose(situation)


def years(
    count: int, *, observances: bool = False, calendar: Calendar = CALENDAR
) -> Iterator[tuple[date, Choice]]:
    """Live through school years, a question each Monday; what is asked about gets ideas."""
    recent: list[str] = []
    ideas: Counter[str] = Counter()
    for week in range(52 * count):
        day = MONDAY + timedelta(weeks=week)
        thinnest = sorted(CODES, key=lambda code: (ideas[code], CODES.index(code)))
        choice = ask(
            day, calendar=calendar, recent=recent, thinnest=thinnest, observances=observances
        )
        yield day, choice
        ideas[choice.prompt.components[0]] += 3
        recent.insert(0, choice.prompt.id)


def confirming_everything() -> Calendar:
    """The calendar as if somebody had entered dates for whatever moves, three years ahead."""
    text = "".join(
        f'[[entry]]\nkey = "{one.key}"\nname = "{one.name}"\n'
        + "".join(
            f"[entry.years.{year}]\nfirst = {year}-10-04\nlast = {year}-10-10\nconfirmed = true\n"
            for year in (2026, 2027, 2028)
        )
        for one in CALENDAR.observances
    )
    return load_calendar(text)


# -- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has no prompt"),
        (PROMPT, "needs either `names` or `when`"),
        (ANY_TIME + 'names = "dear-day"', "needs either `names` or `when`"),
        (ANY_TIME + ANY_TIME, "is listed twice"),
        (ANY_TIME + ANY_TIME.replace('"one"', '"two"'), "is listed twice"),
        (ANY_TIME.replace('"one"', '"One!"'), "prompt One!: the id is not valid"),
        (ANY_TIME.replace("What worked?", "Did it work?"), "yes or no"),
        (ANY_TIME.replace("What worked?", "Tell us what worked."), "question mark"),
        (ANY_TIME.replace("What worked?", "What " + "w" * 280 + "?"), "286 characters"),
        (ANY_TIME.replace('["LIT"]', "[]"), "has no components"),
        (ANY_TIME.replace('["LIT"]', '"LIT"'), "`components` must be a list, not a text"),
        (ANY_TIME.replace('"warm"', '"stern"'), '"stern" is not a tone'),
        (ANY_TIME + 'mood = "x"', "`mood` is not known here"),
        (PROMPT + 'names = "pancake-day"', "not in calendar.toml"),
        (PROMPT + 'when = { observance = "pancake-day" }', "not in calendar.toml"),
        (PROMPT + "when = { weeks = [6, 5] }", "two weeks in order"),
        (PROMPT + "when = { weeks = 5 }", "`weeks` must be a list"),
        (
            PROMPT + "when = { months = [0] }",
            "each of `months` must be",
        ),
        (PROMPT + "when = { months = 9 }", "`months` must be a list"),
        (PROMPT + "when = { wekes = [5, 6] }", "`wekes` is not known here"),
        (PROMPT + "when = { months = [9] }", "no question suits any week"),
        (ANY_TIME.replace("worked", "worked in Banned Books Week"), 'names = "banned-books-week"'),
    ],
)
def test_a_wrong_bank_is_refused(text: str, words: str) -> None:
    """A wrong entry is refused with words that name it and what would be right."""
    with pytest.raises(FrameworkError) as caught:
        load_bank(CALENDAR, text)
    assert "prompts.toml" in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "Have you tried it?",
        "is it Monday?",
        "It is spring. Did anybody read outside?",
        "Anyone with a tip?",
        "The best shelf?",
    ],
)
def test_a_closed_question_is_unfit(text: str) -> None:
    """A question that yes or no would answer is unfit, also behind another sentence."""
    assert "yes or no" in (why_unfit(text) or "")


def test_an_open_question_is_fit() -> None:
    """A question that opens a conversation is fit; words of doubt inside it do no harm."""
    assert why_unfit("Is it Monday again. What did you do that nobody else has done?") is None


@pytest.mark.parametrize("text", ["My best lesson began with …", "Next year I will stop..."])
def test_a_sentence_to_complete_is_fit(text: str) -> None:
    """What ends in `…` asks as well as a question does."""
    assert why_unfit(text) is None


# -- the bank that comes with the program ----------------------------------------------------


def test_every_question_is_short_and_asks_one_thing() -> None:
    """Twelve words at most, one sentence, no `and`; some are sentences to complete."""
    for prompt in BANK.prompts:
        named = CALENDAR.get(prompt.names or "")
        text = (
            prompt.text.replace(named.name, named.name.replace(".", "")) if named else prompt.text
        )
        assert len(re.findall(r"[^\W_][\w'’-]*", text)) <= 12, prompt.id
        assert re.fullmatch(r"[A-Z][^.!?…:;]*(?:[^\s]\?| …)", text), prompt.id
        assert not re.search(r"(?i)\band\b", text), prompt.id
    complete = [prompt for prompt in BANK.prompts if prompt.text.endswith("…")]
    assert 5 <= len(complete) <= len(BANK.prompts) // 4


def test_the_bank_is_large_and_friendly() -> None:
    """There are at least 64 questions, each fit to be asked, with a known tone, all different."""
    assert len(BANK.prompts) >= 64
    assert [] == [prompt.id for prompt in BANK.prompts if why_unfit(prompt.text)]
    assert len(BANK.prompts) == len({prompt.text.lower() for prompt in BANK.prompts})
    listed = tomllib.loads((FOLDER / "prompts.toml").read_text("utf-8"))["prompt"]
    assert set(TONES) == {prompt["tone"] for prompt in listed}
    assert len(BANK.prompts) == len({prompt["topic"].lower() for prompt in listed})


def test_the_bank_speaks_of_every_component() -> None:
    """Each component has five questions or more, three of them for any week; no code is unknown."""
    about: Counter[str] = Counter()
    any_week: Counter[str] = Counter()
    for prompt in BANK.prompts:
        about.update(prompt.components)
        if prompt.when.flex:
            any_week[prompt.components[0]] += 1

    assert set(CODES) == set(about)
    assert [] == [code for code in CODES if about[code] < 5 or any_week[code] < 3]


def test_the_bank_uses_no_jargon() -> None:
    """A question holds no abbreviation but AI, and no word of the trade's committees."""
    trade = re.compile(r"(?i)\b(stakeholder|leverage|pedagog|curat|instructional|framework|equity)")
    for prompt in BANK.prompts:
        capitals = set(re.findall(r"\b[A-Z]{2,}\b", prompt.text))
        assert capitals <= {"AI"}, prompt.id
        assert not trade.search(prompt.text), prompt.id


def test_every_seasonal_question_has_a_week() -> None:
    """No question waits for a week, a month or an observance that never comes."""
    days = [MONDAY + timedelta(weeks=week) for week in range(53)]
    everything = confirming_everything()

    assert [] == [
        prompt.id
        for prompt in BANK.prompts
        if not prompt.names
        and not prompt.when.flex
        and not any(weeks_left(prompt, day, everything) for day in days)
    ]


# -- the choice ------------------------------------------------------------------------------


@pytest.mark.parametrize("observances", [False, True])
def test_none_is_asked_again_within_26_weeks(observances: bool) -> None:  # noqa: FBT001
    """In three simulated years no question returns before 26 others have been asked."""
    asked = [choice.prompt.id for _, choice in years(3, observances=observances)]

    assert [] == [
        (week, one) for week, one in enumerate(asked) if one in asked[max(0, week - 26) : week]
    ]
    assert len(set(asked)) > 50


def test_no_unconfirmed_observance_is_named() -> None:
    """In three years with observances wanted, only those with confirmed dates are named."""
    named = {choice.prompt.names for _, choice in years(3, observances=True)} - {None}

    assert "library-card-month" in named
    assert "world-read-aloud-day" in named
    assert named <= {one.key for one in CALENDAR.observances if one.confirmed}


def test_observances_are_opt_in() -> None:
    """A channel that did not ask for observances hears of none, whatever is confirmed."""
    everything = confirming_everything()

    assert {None} == {choice.prompt.names for _, choice in years(3, calendar=everything)}
    assert not any(one.name in choice.why for _, choice in years(1) for one in CALENDAR.observances)


def test_an_observance_is_named_once_its_dates_are_known() -> None:
    """Dates entered for one year make its question come up in that week of that year."""
    everything = confirming_everything()
    asked = dict(years(1, observances=True, calendar=everything))

    choice = asked[date(2026, 10, 5)]
    assert choice.prompt.names is not None
    assert "is on" in choice.why
    assert asked[date(2026, 9, 28)].prompt.names is None


def test_a_season_is_not_missed() -> None:
    """In a year without breaks nearly every topic that has its own weeks is asked in them."""
    asked = {choice.prompt.id for _, choice in years(1)}
    seasonal = {prompt.id for prompt in BANK.prompts if prompt.when.weeks}

    assert seasonal - asked <= {"schedule-argument"}  # it may be asked at any time
    for day, choice in years(1):
        weeks = choice.prompt.when.weeks
        if weeks and choice.why.startswith("It fits week"):
            assert weeks[0] <= (school_week(day) or 0) <= weeks[1]


def test_what_was_pinned_is_asked() -> None:
    """What the coordinator pinned comes first, even when it was asked last week."""
    choice = ask(MONDAY, pinned="best-hundred", recent=["best-hundred"])

    assert "best-hundred" == choice.prompt.id
    assert "The coordinator chose this question for the week." == choice.why


def test_an_unknown_pin_is_passed_over() -> None:
    """A pinned question that is gone from the bank does not stop the week's question."""
    assert ask(MONDAY) == ask(MONDAY, pinned="gone")


def test_a_pin_does_not_name_what_is_not_on() -> None:
    """A pinned question that names an observance waits for its confirmed days, and says so."""
    early = ask(date(2026, 8, 17), pinned="library-card-month")
    unconfirmed = ask(date(2026, 10, 5), pinned="banned-books-week")

    assert "first-planning-talk" == early.prompt.id
    assert "names a day that is not on now" in early.why
    assert unconfirmed.prompt.names is None
    assert "library-card-month" == ask(date(2026, 9, 7), pinned="library-card-month").prompt.id


def test_the_week_comes_before_the_thinnest_component() -> None:
    """What fits the week is asked even when it is not about the thinnest component."""
    choice = ask(MONDAY, thinnest=["INFRA", "PART"])

    assert "first-planning-talk" == choice.prompt.id
    assert "It fits week 1 of the school year." == choice.why


@pytest.mark.parametrize("code", CODES)
def test_the_thinnest_component_asks(code: str) -> None:
    """In a week without a topic of its own the thinnest component asks, and the reason says so."""
    thinnest = [code, *(other for other in CODES if other != code)]
    situation = Situation(
        bank=BANK,
        calendar=CALENDAR,
        day=date(2027, 6, 28),
        recent=[],
        thinnest=thinnest,
        names={code: "ideas' own name"},
    )
    choice = choose(situation)

    assert code == choice.prompt.components[0]
    assert "This channel has the fewest ideas about ideas' own name so far." == choice.why


def test_a_thin_component_that_has_asked_everything_gives_way() -> None:
    """When the thinnest has nothing fresh, the next one asks."""
    spent = [prompt.id for prompt in BANK.prompts if "INFRA" in prompt.components]
    choice = ask(date(2027, 6, 28), thinnest=["INFRA", "CUR"], recent=spent)

    assert "CUR" == choice.prompt.components[0]
    assert "This channel has few ideas about CUR so far." == choice.why


def test_without_counts_the_reason_claims_none() -> None:
    """When nothing is known about components, the reason does not speak of few ideas."""
    assert "few" not in ask(date(2027, 6, 28)).why


def test_out_of_season_comes_before_again() -> None:
    """When all that suits any week was asked lately, a fresh one out of season is asked."""
    bank = Bank(tuple(p for p in BANK.prompts if p.id in {"best-hundred", "summer-hand-over"}))
    choice = ask(date(2026, 12, 1), bank=bank, recent=["best-hundred"])

    assert "summer-hand-over" == choice.prompt.id
    assert "were asked lately, except this one" in choice.why


def test_when_all_were_asked_the_one_longest_ago_comes() -> None:
    """With nothing fresh the least recently asked comes, never one that names an observance."""
    ids = ("best-hundred", "one-move", "dear-day")
    bank = Bank(tuple(prompt for prompt in BANK.prompts if prompt.id in ids))
    recent = ["best-hundred", "one-move", "best-hundred", "dear-day"]
    choice = ask(MONDAY, bank=bank, recent=recent)

    assert "one-move" == choice.prompt.id
    assert "longest ago" in choice.why


def test_only_the_last_26_count() -> None:
    """A question asked 27 questions ago is fresh again."""
    recent = [f"other-{n}" for n in range(NOT_AGAIN)]

    assert "first-planning-talk" == ask(MONDAY, recent=[*recent, "first-planning-talk"]).prompt.id
    assert (
        "first-planning-talk" != ask(MONDAY, recent=[*recent[1:], "first-planning-talk"]).prompt.id
    )


def test_a_bank_of_nothing_but_observances_is_refused() -> None:
    """A bank that could only name what is not on raises an error that says what to add."""
    bank = Bank(tuple(prompt for prompt in BANK.prompts if prompt.names))
    with pytest.raises(FrameworkError, match="flex = true"):
        ask(MONDAY, bank=bank)


def test_a_networks_own_question_is_chosen_like_any_other() -> None:
    """A question added to the bank, with a component of its own, takes part."""
    own = Prompt("own", "What else?", ("OWN",), When(flex=True))
    bank = replace(BANK, prompts=(*BANK.prompts, own))

    assert own == ask(date(2027, 6, 28), bank=bank, thinnest=["OWN"]).prompt
    assert own == bank.get("own")


@given(
    day=st.dates(date(2024, 1, 1), date(2035, 12, 31)),
    recent=st.lists(st.sampled_from([prompt.id for prompt in BANK.prompts]), max_size=120),
    thinnest=st.permutations(CODES),
    pinned=st.none() | st.sampled_from([prompt.id for prompt in BANK.prompts]),
    observances=st.booleans(),
)
def test_any_state_has_one_answer(
    day: date,
    recent: list[str],
    thinnest: list[str],
    pinned: str | None,
    observances: bool,  # noqa: FBT001
) -> None:
    """Whatever was asked before: one answer, always the same, with a sentence that explains it."""
    first, second = (
        ask(day, recent=recent, thinnest=thinnest, pinned=pinned, observances=observances)
        for _ in range(2)
    )

    assert first == second
    assert re.fullmatch(r"[A-Z].{10,200}\.", first.why)
    if first.prompt.names:
        assert CALENDAR.weeks_left(first.prompt.names, day)
    if first.prompt.id != pinned:
        assert first.prompt.id not in recent[:NOT_AGAIN]
