"""Commands: what `/ideas ...` is read as, and what is said when it cannot be read."""

import time
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.desk.command_table import SHARING, TABLE
from bot.core.desk.commands import Command, looks_like_command, parse
from bot.core.desk.entries import Entry, Verb
from bot.core.desk.help import help_rows
from bot.core.errors import CommandError
from bot.core.finding.filters import FILTER_LIMIT, FILTERS, filters_words, parse_filters, to_text
from bot.core.model.ideas import Filters
from bot.core.model.vocabulary import CHANNEL, command
from bot.data.framework import load_framework
from handlers.slack.vocabulary import SLACK

COMPONENTS = {
    "part": "PART",
    "builds instructional partnerships": "PART",
    "building instructional partnerships": "PART",
    "lead": "LEAD",
    "leads beyond the library": "LEAD",
    "lit": "LIT",
    "data": "DATA",
}
PIECE_WORDS = """
    list search show mine random export remove help settings #mentoring #12 #AI # @rosa @
    @[U1|rosa] @[U1] #[C1|mentoring] #[C1] #[C1|] #[C1|12] <!here> https://a.b since: until: idea
    12 & é since:2026-09-01 until:2026-12-31 component:PART component: tag:ai @"Rosa tag:"x " “ ”
    &amp; &lt; < > [ ] | a:b foo:"a \u202e İ x.y|since:2026-01-01 @[B1|#x] \ufdd0show\ufddf
"""
PIECES = (*PIECE_WORDS.split(), "\ud800")
nonsense = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=12).map(" ".join),
)


def refused(text: str) -> str:
    with pytest.raises(CommandError) as caught:
        parse(text, COMPONENTS)
    return SLACK.put_into(str(caught.value))


# -- what cannot be read ----------------------------------------------------------------------


@settings(deadline=None)
@given(nonsense)
@example('"a @p"q " #x"')
@example("a" * 10_000)
@example("search " + "<" * 10_000)
@example("list " + '"' * 10_000)
def test_nonsense(text: str) -> None:
    """Any text is a command or a refusal of one short line; nothing else ever happens."""
    try:
        parse(text, COMPONENTS)
    except CommandError as error:
        words = SLACK.put_into(str(error))
    else:
        words = "it was understood"
    assert 10 < len(words) < 400
    assert "\n" not in words


def test_ten_thousand_characters() -> None:
    """Ten thousand characters to search for are refused with a remedy."""
    assert "A few words are enough" in refused("search " + "garden " * 1500)


@pytest.mark.parametrize("text", ["search", "search  ", 'search ""', "find", "search “ ”"])
def test_search_for_nothing(text: str) -> None:
    """A search for nothing asks what to look for and shows how."""
    assert "What should I look for?" in refused(text)
    assert "/ideas search reading garden" in refused(text)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("lst", "Did you mean `/ideas list`?"),
        ("serach station rotation", "Did you mean `/ideas search`?"),
        ("exprot", "Did you mean `/ideas export`?"),
        ("delte 12", "Did you mean `/ideas remove`?"),
        ("SHWO 12", "Did you mean `/ideas show`?"),
        ("station rotation", "/ideas search station rotation"),
        ("add Book tasting", "write `/idea` and then your idea"),
        ("xyzzy", "/ideas help"),
        ("lead", "/ideas list component:LEAD"),
        ("help serch", "Did you mean `/ideas help search`?"),
        ("help banana", "`/ideas help parts` every part"),
    ],
)
def test_unknown_command(text: str, near: str) -> None:
    """An unknown command is answered with the nearest right one."""
    assert near in refused(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("report csv", "For csv write `/ideas export csv` or `/ideas report plan csv`."),
        ("report plan PDF", "`/ideas report plan` makes html, md or csv. For pdf write"),
        ("cite csv 12", "`/ideas cite` makes ris or bib. For csv write `/ideas export csv`"),
        ("export pdf, #ai", "For pdf write `/ideas report pdf`. To look for that word, put it in"),
    ],
)
def test_wrong_format(text: str, says: str) -> None:
    """A format of another command is answered with that command; it is no word to look for."""
    assert says in refused(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("list since:yesterday", "since:2026-09-01"),
        ("list since:9/1/2026", "I cannot read 9/1/2026 as a day"),
        ("list since:2026-02-30", "There is no such day as 2026-02-30"),
        ("list until:2026-13-01", "until:2026-12-31"),
        ("list since:0001-01-01", "Nobody posted here on"),
        ("list since:20260901", "I cannot read 20260901 as a day"),
        ("list since:", "What should follow `since:`?"),
        ("list since:2026-09-02 until:2026-09-01", "Swap the two days"),
        ("list since:2026-09-02 since:2026-09-01", "You wrote `since:` twice"),
        ("list school:a school:b", "Each idea is from one school only"),
        ("list sinse:2026-09-01", "Did you mean `since:`?"),
        ("list before:2026-09-01", "`until:2026-12-31` instead"),
        ("list from:rosa", 'Write `@"Rosa Alvarez"` instead'),
    ],
)
def test_wrong_day(text: str, says: str) -> None:
    """A day that cannot be read is named, beside the right form."""
    assert says in refused(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("list component:PRT", "component:PART"),
        ("list component:instructional", "PART"),
        ("list component:zzzz", "`/ideas help parts` says what each is"),
        ("list component:zzzz", "Write `component:` and one of DATA, LEAD, LIT, PART."),
        ("list components:PART", "Did you mean `component:`?"),
        ("list component:", "component:PART"),
    ],
)
def test_wrong_component(text: str, says: str) -> None:
    """An unknown component is answered with those that exist."""
    assert says in refused(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("list #12", "/ideas show 12"),
        ("list #2026-09", "is not a tag"),
        ("list #!", "is not a tag"),
        ("list #[C1|]", "tag:mentoring"),
        ("list #[C1]", "tag:mentoring"),
        ("list tag:!", "is not a tag"),
    ],
)
def test_wrong_tag(text: str, says: str) -> None:
    """A tag without letters, or one whose letters did not arrive, is explained."""
    assert says in refused(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("show", "Which idea? Write for example `/ideas show 12`"),
        ("remove", "Which idea? Write for example `/ideas remove 12`"),
        ("show twelve", "twelve is not the number of an idea"),
        ("show 12 13", "12 13 is not the number of an idea"),
        ("show -1", "-1 is not the number of an idea"),
        ("show 0", "No idea has the number 0"),
        ("show 9999999999999999999999", "No idea has the number 9999999999999999999999"),
        ("0", "No idea has the number 0"),
        ("idea", "Which idea?"),
    ],
)
def test_wrong_number(text: str, says: str) -> None:
    """What is not a number of an idea is named, with an example."""
    assert says in refused(text)


@pytest.mark.parametrize("text", ["settings digest", "settings log please", "setup now"])
def test_settings_take_one_word(text: str) -> None:
    """What follows `settings`, if anything, is `log`."""
    assert "`/ideas settings` takes nothing after it but `log`" in refused(text)


@pytest.mark.parametrize("word", ["digest", "prompt", "me", "prompt why", "prompt skip"])
def test_nothing_after_it(word: str) -> None:
    """A command that takes nothing does not pretend to have understood more."""
    assert f"`/ideas {word}` takes nothing after it" in refused(f"{word} #mentoring")


# -- what is read -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Command(Verb.HELP)),
        (" \n\t ", Command(Verb.HELP)),
        ("help", Command(Verb.HELP)),
        ("?", Command(Verb.HELP)),
        ("Help!", Command(Verb.HELP)),
        ("help search", Command(Verb.HELP, text="search")),
        ("help find", Command(Verb.HELP, text="search")),
        ("help me with this", Command(Verb.HELP)),
        ("help settings", Command(Verb.HELP, text="settings")),
        ("help prompt pin", Command(Verb.HELP, text="prompt pin")),
        ("help me", Command(Verb.HELP, text="me")),
        ("help more", Command(Verb.HELP, text="more")),
        ("help filters.", Command(Verb.HELP, text="filters")),
        ("help since", Command(Verb.HELP, text="since:DAY")),
        ("help since:2026-09-01", Command(Verb.HELP, text="since:DAY")),
        ("help #tag", Command(Verb.HELP, text="#tag")),
        ("help #[C1|tag]", Command(Verb.HELP, text="#tag")),
        ("help @person", Command(Verb.HELP, text="@person")),
        ("help parts", Command(Verb.HELP, text="parts")),
        ("help part", Command(Verb.HELP, text="component:PART")),
        ("help component:LEAD", Command(Verb.HELP, text="component:LEAD")),
        ("help Leads Beyond the Library", Command(Verb.HELP, text="component:LEAD")),
        ("help list filters", Command(Verb.HELP, text="list")),
        ("help share", Command(Verb.HELP, text="idea")),
        ("list", Command(Verb.LIST)),
        ("LIST", Command(Verb.LIST)),
        ("mine", Command(Verb.MINE)),
        ("random", Command(Verb.RANDOM)),
        ("export", Command(Verb.EXPORT, form="csv")),
        ("csv", Command(Verb.EXPORT, form="csv")),
        ("export XLSX", Command(Verb.EXPORT, form="xlsx")),
        ("download bib, #ai", Command(Verb.EXPORT, Filters(tags=("ai",)), form="bib")),
        ('export "json"', Command(Verb.EXPORT, Filters(words='"json"'), form="csv")),
        ("export garden md", Command(Verb.EXPORT, Filters(words="garden md"), form="csv")),
        ("export workbook", Command(Verb.EXPORT, Filters(words="workbook"), form="csv")),
        ("report", Command(Verb.REPORT, form="html")),
        ("report PDF. #ai", Command(Verb.REPORT, Filters(tags=("ai",)), form="pdf")),
        ("report plan", Command(Verb.REPORT_PLAN, form="html")),
        ("report plan csv #ai", Command(Verb.REPORT_PLAN, Filters(tags=("ai",)), form="csv")),
        ('report "plan"', Command(Verb.REPORT, Filters(words='"plan"'), form="html")),
        ('report "plan b"', Command(Verb.REPORT, Filters(words='"plan b"'), form="html")),
        ('report plan "csv"', Command(Verb.REPORT_PLAN, Filters(words='"csv"'), form="html")),
        ("digest", Command(Verb.DIGEST)),
        ("prompt", Command(Verb.PROMPT)),
        ("prompt.", Command(Verb.PROMPT)),
        ("prompt why", Command(Verb.PROMPT_WHY)),
        ("question WHY", Command(Verb.PROMPT_WHY)),
        (
            "prompt add What of <this>, @[U1|rosa]?",
            Command(Verb.PROMPT_ADD, text="What of <this>, @rosa?"),
        ),
        ("prompt propose “What else?”", Command(Verb.PROMPT_ADD, text="What else?")),
        ('prompt add "What" is "that"?', Command(Verb.PROMPT_ADD, text='"What" is "that"?')),
        ("prompt list", Command(Verb.PROMPT_LIST)),
        ("prompt list ALL.", Command(Verb.PROMPT_LIST, text="all")),
        ("prompt edit #3 What else?", Command(Verb.PROMPT_EDIT, which="3", text="What else?")),
        (
            "prompt reword poetry-month What else?",
            Command(Verb.PROMPT_EDIT, which="poetry-month", text="What else?"),
        ),
        ("prompt remove #3", Command(Verb.PROMPT_REMOVE, number=3)),
        ("prompt skip", Command(Verb.PROMPT_SKIP)),
        ("prompt pin `Poetry-Month`", Command(Verb.PROMPT_PIN, which="poetry-month")),
        ("prompt pin 3", Command(Verb.PROMPT_PIN, which="3")),
        ("prompt pin none", Command(Verb.PROMPT_PIN, which="")),
        ("prompt answers", Command(Verb.PROMPT_ANSWERS)),
        ("settings", Command(Verb.SETTINGS)),
        ("settings log", Command(Verb.SETTINGS, text="log")),
        ("me", Command(Verb.ME)),
        ("show 12", Command(Verb.SHOW, number=12)),
        ("12", Command(Verb.SHOW, number=12)),
        ("#12", Command(Verb.SHOW, number=12)),
        ("idea 12", Command(Verb.SHOW, number=12)),
        ("idea #12", Command(Verb.SHOW, number=12)),
        ("Idea#12", Command(Verb.SHOW, number=12)),
        ("012", Command(Verb.SHOW, number=12)),
        ("show #12", Command(Verb.SHOW, number=12)),
        ("show idea #12.", Command(Verb.SHOW, number=12)),
        ("show #[C1|12]", Command(Verb.SHOW, number=12)),
        ("#[C1|12]", Command(Verb.SHOW, number=12)),
        ("show\u00a012", Command(Verb.SHOW, number=12)),
        ("show \uff0312", Command(Verb.SHOW, number=12)),
        ("Show\u00a012\u00ad", Command(Verb.SHOW, number=12)),
        ("prompt\u00a0pin poetry\u2011month", Command(Verb.PROMPT_PIN, which="poetry-month")),
        ("search\u00a0garden", Command(Verb.SEARCH, Filters(words="garden"))),
        ("remove #12", Command(Verb.REMOVE, number=12)),
        ("delete idea 12", Command(Verb.REMOVE, number=12)),
        ("search station rotation", Command(Verb.SEARCH, Filters(words="station rotation"))),
        ("search #ai", Command(Verb.SEARCH, Filters(tags=("ai",)))),
        ("find garden", Command(Verb.SEARCH, Filters(words="garden"))),
        ("#mentoring", Command(Verb.LIST, Filters(tags=("mentoring",)))),
        ("#[C1|mentoring]", Command(Verb.LIST, Filters(tags=("mentoring",)))),
        ("@[U1|rosa]", Command(Verb.LIST, Filters(people=("U1",)))),
        (
            "component:PART garden",
            Command(Verb.LIST, Filters(components=("PART",), words="garden")),
        ),
    ],
)
def test_commands(text: str, wanted: Command) -> None:
    """Each command is read in any case, with its number or filters."""
    assert wanted == parse(text, COMPONENTS)


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("#Mentoring, #AI", Filters(tags=("mentoring", "ai"))),
        ("#ai #AI", Filters(tags=("ai",))),
        ("#grade-6!", Filters(tags=("grade-6",))),
        ("tag:ai", Filters(tags=("ai",))),
        ("tag:#ai", Filters(tags=("ai",))),
        ("tag:#[C1|ai]", Filters(tags=("ai",))),
        ("channel:leadership", Filters(channel="leadership")),
        ("channel: #leadership,", Filters(channel="leadership")),
        ("channel:#[C1|leadership]", Filters(channel="leadership")),
        ("channel:#[C1] channel:C1", Filters(channel="C1")),
        ("@rosa", Filters(people=("rosa",))),
        ('@"Rosa Alvarez"', Filters(people=("Rosa Alvarez",))),
        ("@“Rosa  Alvarez”", Filters(people=("Rosa Alvarez",))),
        ('@"Rosa <Lib> & Co"', Filters(people=("Rosa <Lib> & Co",))),
        ("@[U1] @[W2|x]", Filters(people=("U1", "W2"))),
        ("school:Prairie", Filters(school="Prairie")),
        ('School: "Prairie  Elementary"', Filters(school="Prairie Elementary")),
        ("component:part", Filters(components=("PART",))),
        ("Component:Part.", Filters(components=("PART",))),
        ('component:"Builds Instructional Partnerships"', Filters(components=("PART",))),
        ("component: part", Filters(components=("PART",))),
        ("since:2026-9-1", Filters(since=date(2026, 9, 1))),
        ("since: 2026-09-01,", Filters(since=date(2026, 9, 1))),
        ("SINCE:“2026-09-01”", Filters(since=date(2026, 9, 1))),
        ("since\uff1a2026-09-01 \uff03ai", Filters(since=date(2026, 9, 1), tags=("ai",))),
        (
            "since:2026-09-01 until:2026-09-01",
            Filters(since=date(2026, 9, 1), until=date(2026, 9, 1)),
        ),
        (
            "\u00a0“book tasting”\u00a0since:2026\u201109\u201101 until:2026–12–31",
            Filters(words='"book tasting"', since=date(2026, 9, 1), until=date(2026, 12, 31)),
        ),
        ("“station rotation” exit", Filters(words='"station rotation" exit')),
        ('"#ai" "since:2026"', Filters(words='"#ai" "since:2026"')),
        ('5" pipes', Filters(words="5 pipes")),
        ("Q&A <3 &lt;", Filters(words="Q&A <3 &lt;")),
        ("a.org/x r@a.org", Filters(words="a.org/x r@a.org")),
        ("here note:this https://a.org", Filters(words="here note:this https://a.org")),
        ("garden\u202e\u0000bed", Filters(words="garden bed")),
    ],
)
def test_filters(text: str, filters: Filters) -> None:
    """Filters are read as typed, as phones type them, and with members and channels by id."""
    assert filters == parse_filters(text, COMPONENTS)


def test_channel_without_a_name() -> None:
    """A channel link that lost its name is the tag of that channel's name, where it is known."""
    assert Filters(tags=("mentoring",)) == parse_filters("#[C1|]", {}, {"C1": "mentoring"})


@given(nonsense)
@example('"a @p"q " #x"')
@example('foo:"a since:2026-01-01" "since:x')
@example("#İstanbul <https://x|since:2026-01-01> @[B1|#x]")
def test_round_trip(text: str) -> None:
    """Filters written as text read back as the same filters."""
    try:
        filters = parse_filters(text, COMPONENTS)
    except CommandError:
        return
    assert filters == parse_filters(to_text(filters), COMPONENTS)
    assert len(to_text(filters)) <= FILTER_LIMIT


@given(
    st.lists(st.sampled_from(["ai", "grade-6", "naïve"]), unique=True, max_size=2),
    st.lists(st.sampled_from(["U1", "rosa", "Ana <b> & Co", "J.R."]), unique=True, max_size=2),
    st.lists(st.sampled_from(sorted(set(COMPONENTS.values()))), unique=True, max_size=2),
    st.sampled_from(["", "Lakeview", "St. Mary's K-8, East", "#1 <School> & Co."]),
    st.none() | st.dates(date(2000, 1, 1), date(2020, 1, 1)),
    st.none() | st.dates(date(2020, 1, 1), date(2999, 12, 31)),
    st.sampled_from(["", "garden", '"book tasting" <3 &amp; Q&A']),
)
def test_round_trip_of_made_filters(
    tags: list[str],
    people: list[str],
    components: list[str],
    school: str,
    since: date | None,
    until: date | None,
    words: str,
) -> None:
    """Filters made by a program, not typed, survive the way through text too."""
    filters = Filters(
        tags=tuple(tags),
        people=tuple(people),
        components=tuple(components),
        school=school,
        since=since,
        until=until,
        words=words,
    )
    assert filters == parse_filters(to_text(filters), COMPONENTS)


def test_text_of_filters() -> None:
    """Filters are written shortly, as one could type them."""
    filters = parse_filters('garden @"Rosa A" @[U1] #ai component:lead since:2026-9-1', COMPONENTS)
    assert '#ai @"Rosa A" @[U1] component:LEAD since:2026-09-01 garden' == to_text(filters)
    assert "" == to_text(Filters())


def test_words_of_filters() -> None:
    """A heading says in words what was asked for, with names where they are known."""
    filters = parse_filters("garden @[U1] #ai #xr component:lead until:2026-9-1", COMPONENTS)
    assert (
        "tagged #ai and #xr, by Rosa Alvarez, about Leads Beyond the Library, until 2026-09-01,"
        " with the words garden"
    ) == filters_words(filters, {"U1": "Rosa Alvarez", "LEAD": "Leads Beyond the Library"})
    assert f"in {CHANNEL}ideas, since 2026-09-01" == filters_words(
        Filters(channel="ideas", since=date(2026, 9, 1))
    )
    assert "" == filters_words(Filters())


# -- /idea that meant /ideas ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("list", "list"),
        ("List #mentoring", "list #mentoring"),
        ("list @[U1|rosa]", "list @rosa"),
        ("search: garden", "search garden"),
        ("show 12", "show 12"),
        ("#12", "show 12"),
        ("csv", "export"),
        ("my-data", "my-data"),
        ("help " + "x" * 40_000, "help"),
        ("Listen to students", None),
        ("Open the library at lunch", None),
        ("Find a partner teacher", None),
        ("", None),
        ("Digest-sized lessons", None),
        ('"', None),
    ],
)
def test_looks_like_command(text: str, meant: str | None) -> None:
    """An idea that begins with a word of the table is probably a command; others are ideas."""
    assert meant == looks_like_command(text)


@given(nonsense)
def test_looks_like_command_never_fails(text: str) -> None:
    """No text is too strange for the question, and the answer fits on a line."""
    assert len(looks_like_command(text) or "") < 120


@pytest.mark.parametrize("word", ["idea", "no.", "number"])
def test_blanks_before_a_number_take_no_long_time(word: str) -> None:
    """Forty thousand of them are read as quickly as other text."""
    began = time.process_time()
    assert None is looks_like_command(f"{word}{' ' * 40_000}x")
    assert time.process_time() - began < 3


# -- the table --------------------------------------------------------------------------------


def test_every_name_once() -> None:
    """No word of the table means two commands."""
    words = [word for entry in TABLE for word in (entry.verb, *entry.also)]
    assert sorted(set(words)) == sorted(words)


def test_every_verb_stands_in_the_table() -> None:
    """Each verb is a command of the table, once."""
    assert list(Verb) == [entry.verb for entry in TABLE]


@pytest.mark.parametrize("entry", TABLE)
def test_examples_work(entry: Entry) -> None:
    """Every example of the table is that command."""
    for typed in (entry.example, *entry.examples):
        assert entry.verb is parse(typed, COMPONENTS | {"space": "SPACE"}).verb


def test_help_rows() -> None:
    """The help shows five commands, then all of them with an example each."""
    few = [SHARING[0].usage, *(command(name) for name in ("search", "list", "show", "me"))]
    assert len(few) == len(help_rows())
    for usage, row in zip(few, help_rows(), strict=True):
        assert row.usage.startswith(usage.rstrip(command()[-1]))
    every = help_rows("more")
    assert {row.usage for row in SHARING} | {
        command(entry.usage) for entry in TABLE if " " not in entry.verb
    } == {row.usage for row in every}
    assert all(row.example for row in every)
    (search,) = help_rows("search")
    assert command("search WORDS [filters]") == search.usage
    reading, tasting = search.example.split(", or ")
    assert command("search reading garden") == reading
    assert tasting.startswith(command("search")[:-1])
    assert 2 == len(help_rows("idea"))


@pytest.mark.parametrize(
    ("word", "topic"),
    [
        ("tags", "#tag"),
        ("people", "@person"),
        ("channels", "channel:NAME"),
        ("dates", "since:DAY"),
        ("before", "until:DAY"),
        (":bulb:", "idea"),
        (":x:", "remove"),
        ("undo", "remove"),
        ("trials", "tried"),
        ("questions", "prompt"),
        ("privacy", "me"),
    ],
)
def test_help_knows_other_words(word: str, topic: str) -> None:
    """What somebody calls a thing leads to the help on it."""
    assert Command(Verb.HELP, text=topic) == parse(f"help {word}")


def test_help_on_filters_and_parts() -> None:
    """Every filter and every part has a help of its own, and stands in the list of all."""
    parts = load_framework().components
    vocabulary = {part.code.lower(): part.code for part in parts}
    for row in FILTERS:
        asked = parse(f"help {row.name}", vocabulary)
        (shown,) = help_rows(asked.text, parts)
        assert (row.usage, command(f"list {row.example}")) == (shown.usage, shown.example)
        assert shown in help_rows("filters", parts)
    for part in parts:
        asked = parse(f"help {part.code}", vocabulary)
        (shown,) = help_rows(asked.text, parts)
        assert part.name in shown.words
        assert shown in help_rows("parts", parts)
