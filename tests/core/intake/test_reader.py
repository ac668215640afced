"""What is kept and what is not, and what is read from a post."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import FrameworkError
from bot.core.intake.reader import Reader, plain_text, typed
from bot.core.intake.weights import Rules, tokens_of
from bot.core.model.ideas import Draft, Kind, NotAnIdea
from bot.core.model.posts import (
    NOTHING,
    ChannelMention,
    Code,
    File,
    Link,
    Mention,
    Place,
    Post,
    Span,
    Special,
    Text,
)
from bot.core.model.words import count_words
from bot.data.capture import load_rules
from bot.data.framework import load_framework
from handlers.slack.bodies import to_spans

READER = Reader(load_framework(), load_rules())


def post(*body: Span | str, files: tuple[File, ...] = (), author: str = "U1") -> Post:
    spans = tuple(Text(part) if isinstance(part, str) else part for part in body)
    return Post(
        place=Place("T1", "C1", "1.0"),
        posted_at=datetime(2026, 11, 25, tzinfo=UTC),
        author_id=author,
        body=spans,
        files=files,
    )


def draft(*body: Span | str, names: dict[str, str] | None = None) -> Draft:
    return READER.draft(post(*body), names or NOTHING)


KEPT = [
    ("five words make an idea", ("We co-planned our first unit",)),
    ("a link alone is kept", (Link("https://example.org/plan"),)),
    ("a marker makes two words an idea", ("idea: lunch bunch",)),
    ("#idea marks", ("lunch bunch #idea",)),
    ("a bulb in the text marks", (":bulb: lunch bunch",)),
    ("a channel named idea marks", ("lunch bunch ", ChannelMention("C9", "idea"))),
    (
        "fifteen words are not small talk",
        ("Thanks for coming, we all plan the first research unit of fall with the whole staff",),
    ),
    ("small talk with a link is kept", ("Thanks for this, ", Link("https://example.org/a"))),
]
NOT_KEPT = [
    ("four words are too few", ("We planned a unit",), "short"),
    ("mentions are no words", (Mention("U2"), " ", Mention("U3"), " we planned a unit"), "short"),
    ("emoji are no words", (":tada: :heart: we planned a unit 🎉",), "short"),
    ("an empty post is nothing", (), "short"),
    ("thanks are small talk", ("Thanks so much for sharing this with all of us",), "small talk"),
    (
        "small talk behind a mention is small talk",
        (Mention("U2"), " congratulations on the new job at the school"),
        "small talk",
    ),
]


@pytest.mark.parametrize(("fact", "body"), KEPT, ids=[row[0] for row in KEPT])
def test_what_is_kept(fact: str, body: tuple[Span | str, ...]) -> None:
    """Words enough, a link, or a mark make a post an idea."""
    assert isinstance(READER.read(post(*body)), Draft), fact


@pytest.mark.parametrize(("fact", "body", "why"), NOT_KEPT, ids=[row[0] for row in NOT_KEPT])
def test_what_is_not_kept(fact: str, body: tuple[Span | str, ...], why: str) -> None:
    """A short post and small talk are not kept."""
    assert NotAnIdea(why) == READER.read(post(*body)), fact


def test_a_file_alone_is_kept() -> None:
    """A post of nothing but a file is an idea, and the file its resource."""
    read = READER.read(post(files=(File("https://x.example/f", "Unit plan", "application/pdf"),)))
    assert isinstance(read, Draft)
    assert ["https://x.example/f"] == [resource.url for resource in read.resources]


@pytest.mark.parametrize(
    "text",
    [
        "How do you open the first planning talk?",
        "We tried it in May. How do you keep it going?",
        "How do you all open the first talk? :thinking_face:",
        'Has anyone tried a "book tasting?"',
    ],
)
def test_what_only_asks_is_a_question(text: str) -> None:
    """A post whose last sentence ends in a question mark is a question, also before emoji."""
    assert Kind.QUESTION is draft(text).kind


@pytest.mark.parametrize(
    "body",
    [
        ("How do we open it? We begin with coffee.",),
        ("idea: what if we all began with coffee?",),
        ("Who has used this with grade five? ", Link("https://example.org/a")),
    ],
)
def test_what_says_more_is_an_idea(body: tuple[Span | str, ...]) -> None:
    """A statement at the end, a mark or a link makes a question an idea."""
    assert Kind.IDEA is draft(*body).kind


PRACTICE = [
    "We moved the art books next to the easels and now the sixth graders borrow them",
    "Swapped the overdue letters for bookmarks that students write. Returns doubled.",
    "Sin presupuesto, cambiamos cuentos con la otra escuela y los niños eligieron",
    "Try one display a month that a student chooses, with the reasons on a card",
    "這週我和科學老師一起帶學生做研究\uff0c圖書館午休也開放了",
    "Nous avons installé un coin lecture avec les parents",
]
DAY = [
    "The copier on the second floor is jammed again, please use the one downstairs",
    "No school tomorrow, the district just called it, stay warm everybody out there",
    "My password expired again and the help desk is closed until Monday at eight",
    "Thank you all so much for the cards and prayers after my father's funeral this week",
    "The polls for the conference location close tonight at midnight, please vote",
    "Mañana no hay clases por la tormenta, avisen por favor a las familias",
]
PERHAPS = [
    "Lost my reading glasses somewhere between the gym and the cafeteria this morning",
    "We have an opening for a full-time media specialist, apply on the district site by Friday",
    "The new shelves arrived and they are the wrong colour",
    "The author visit is moved to the gym because of the roof",
]


@pytest.mark.parametrize("text", PRACTICE)
def test_what_somebody_does_is_an_idea(text: str) -> None:
    """Words of practice make an idea, in English, in Spanish, and in what we cannot read."""
    assert Kind.IDEA is draft(text).kind


@pytest.mark.parametrize("text", DAY)
def test_what_the_day_brings_is_not_kept(text: str) -> None:
    """Weather, machines, condolences and votes are not kept, unless they hold a link or a file."""
    assert NotAnIdea("of the day") == READER.read(post(text))
    linked = post(text)
    linked = replace(linked, body=(*linked.body, Link("https://example.org/more")))
    read = READER.read(linked)
    assert isinstance(read, Draft)
    assert Kind.POST is read.kind


@pytest.mark.parametrize("text", PERHAPS)
def test_what_may_be_an_idea_is_in_doubt(text: str) -> None:
    """What may be of the day or of practice is kept, but not as an idea."""
    read = READER.read(post(text))
    assert isinstance(read, Draft)
    assert Kind.POST is read.kind


@pytest.mark.parametrize(
    "mark", ["idea: ", "#idea ", ":bulb: ", "/idea "], ids=["word", "tag", "bulb", "command"]
)
def test_a_mark_leaves_no_doubt(mark: str) -> None:
    """What its author marked is an idea, whatever its words."""
    assert Kind.IDEA is draft(f"{mark}{DAY[0]}").kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How do you get science teachers to plan a unit with you?", Kind.QUESTION),
        ("¿Cómo logran que los maestros planeen con ustedes?", Kind.QUESTION),
        ("Who has the key to the storage closet behind the stage?", Kind.POST),
        ("What time does the meeting start tomorrow, and in which room?", Kind.POST),
        ("¿A qué hora empieza la junta de mañana?", Kind.POST),
    ],
)
def test_only_questions_about_practice_are_questions(text: str, kind: Kind) -> None:
    """Who has the key is asked, too, but nobody waits for that answer in a digest."""
    assert (kind, True) == (draft(text).kind, draft(text).asks)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ((Link("https://example.org/news", "Senate passes education budget"),), Kind.POST),
        ((Link("https://example.org/news"),), Kind.POST),
        (("Interesting read ", Link("https://example.org/news")), Kind.POST),
        ((Link("https://example.org/s", "My planning sheet for short meetings"),), Kind.IDEA),
        (("We read this with grade five ", Link("https://example.org/news")), Kind.IDEA),
    ],
)
def test_a_link_with_nothing_of_ones_own_is_in_doubt(
    body: tuple[Span | str, ...], kind: Kind
) -> None:
    """A headline says what somebody else wrote; a word of one's own makes it an idea."""
    assert kind is draft(*body).kind


def test_a_file_with_nothing_of_ones_own_is_in_doubt() -> None:
    """A photo alone is kept as a post; with a sentence, or spoken, it is an idea."""
    photo = File("https://x.example/p.jpg", "IMG_2201.jpg", "image/jpeg")
    spoken = replace(photo, clip=True, media_type="audio/mp4")
    words = "Our new shelf signs, drawn by the fourth graders"
    kinds = [
        READER.draft(one).kind
        for one in (post(files=(photo,)), post(words, files=(photo,)), post(files=(spoken,)))
    ]
    assert [Kind.POST, Kind.IDEA, Kind.IDEA] == kinds


def test_an_answer_is_believed_sooner_than_a_post() -> None:
    """Under the week's question the same words are more likely an idea; chatter stays in doubt."""
    words = "Coffee, cookies and a calendar, nothing more"
    assert Kind.IDEA is READER.draft(post(words), answers=True).kind
    chatter = READER.read_answer(post(DAY[0]))
    assert isinstance(chatter, Draft)
    assert Kind.POST is chatter.kind


def test_a_text_weighs_what_its_words_do() -> None:
    """Each different word counts once, with what the text starts with."""
    weights = Rules(
        {"we": 0.5, "copier": -2.0, "(day)": -1.0}, say=0.5, ask=0.0, answer=0.0, sure=1.0
    )
    score = weights.score((Text("We saw the copier on Monday, the copier!"),), weights.say)
    assert -2.0 == pytest.approx(score)


def test_numbers_names_and_links_are_weighed_by_what_they_are() -> None:
    """Each stands for its like, also in Spanish, and is weighed once."""
    body = (
        Text("at 3:30, 3:45, $40, 12, 80% on Monday y el martes, 3 December @kim @here "),
        Mention("U2"),
        Special("@channel"),
        Link("https://example.org/a"),
        Link("mailto:a@example.org", "a@example.org"),
        ChannelMention("C1", "reading"),
        Code("`x`"),
    )
    assert {
        *("at", "on", "y", "el", "a", "org", "reading"),
        *("(time)", "(money)", "(number)", "(percent)", "(day)", "(month)"),
        *("(name)", "(everybody)", "(link)"),
    } == set(tokens_of(body)) - {"(short)", "(link, short)"}


def test_the_table_of_realistic_posts() -> None:
    """Of ideas few are lost, and of other posts few are kept."""
    table = tomllib.loads(Path("tests/data/posts.toml").read_text("utf-8"))["post"]
    assert len(table) >= 100
    lost, extra, ideas, others = [], [], 0, 0
    for row in table:
        read = READER.read(post(*to_spans(row["text"])))
        kept = read.kind.value if isinstance(read, Draft) else "nothing"
        if row["expect"] == "nothing":
            others += 1
            extra += [row["text"]] if kept != "nothing" else []
        else:
            ideas += 1
            lost += [row["text"]] if kept == "nothing" else []
    assert len(lost) / ideas <= 0.07, lost
    assert len(extra) / others <= 0.25, extra


def test_links_become_label_and_address() -> None:
    """A link with a label reads `label (url)`; without one it stands once."""
    body = (
        Text("See "),
        Link("https://example.org/a", "the plan"),
        Text(" and "),
        Link("https://example.org/b"),
        Text(" or "),
        Link("mailto:rosa@example.org", "rosa@example.org"),
    )
    assert (
        "See the plan (https://example.org/a) and https://example.org/b or rosa@example.org",
        (),
    ) == plain_text(body, NOTHING)


def test_names_stand_where_ids_were() -> None:
    """Members and channels are named; those without a name yet are told apart."""
    body = (
        Mention("U2"),
        Text(" and "),
        Mention("U3", "ben"),
        Text(" in "),
        ChannelMention("C2", "reading"),
        Text(" "),
        ChannelMention("C3"),
        Text(" "),
        Special("@here"),
    )
    text, unnamed = plain_text(body, {"U2": "Rosa"})
    assert ("@Rosa and @ben in #reading #C3 @here", ("U3|ben", "#C3")) == (text, unnamed)


def test_words_in_tags() -> None:
    """`#words` with a letter are tags, lower case, once each; the marker and numbers are not."""
    assert ("mentoring", "k-5", "día") == draft(
        "#Mentoring #mentoring #K-5 #1 #idea a#b #día http://x.example/#frag"
    ).tags


def test_nul_is_taken_out() -> None:
    """The character that no database wants is left out."""
    assert "ab" == draft("a\x00b").text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (("Planned with ", Mention("U2"), " and ", Mention("U3")), ["Ben", "Mei"]),
        (("h/t ", Mention("U2"), " for the form"), ["Ben"]),
        (("credit to ", Mention("U2")), ["Ben"]),
        (("via @Joan and @Lee today",), ["Joan", "Lee"]),
        (("I told ", Mention("U2"), " about it"), []),
        (("with ", Mention("U1")), []),
    ],
)
def test_credits(body: tuple[Span | str, ...], expected: list[str]) -> None:
    """`with`, `credit`, `h/t` and `via` thank those who follow; nobody thanks themselves."""
    names = {"U1": "Rosa", "U2": "Ben", "U3": "Mei"}
    assert expected == [credit.name for credit in draft(*body, names=names).credits]


def test_typed_code_is_code() -> None:
    """Code typed into a form is told apart, wherever it stands; nothing in it is a tag or link."""
    assert (Code("`#a`"), Text(" and "), Code("```https://example.org\n#b```")) == typed(
        (Text("`#a` and ```https://example.org\n#b```"),)
    )


def test_one_address_is_one_resource() -> None:
    """A link that stands twice, or as a file too, is one resource."""
    link = Link("https://example.org/a", "the plan")
    file = File("https://example.org/a", "Plan")
    read = READER.draft(post(link, " ", link, files=(file,)))
    assert [("https://example.org/a", "the plan")] == [(r.url, r.title) for r in read.resources]


def test_a_file_without_an_address_is_shown_by_its_name() -> None:
    """A name that is worth showing is words enough for a file that somebody shared or marked."""
    read = READER.read(post(files=(File("", "Book tasting, step by step"),)))
    assert isinstance(read, Draft)
    assert ("Book tasting, step by step", ()) == (read.text, read.resources)


def test_an_answer_has_something_to_show() -> None:
    """In a prompt's thread too a mark alone is no idea."""
    assert NotAnIdea("nothing to show") == READER.read_answer(post(":bulb:"))


def test_typed_addresses_are_links() -> None:
    """An address typed into a form is a link, without the full stop behind it."""
    assert (Text("see "), Link("https://example.org/a"), Text(". Fine")) == typed(
        (Text("see https://example.org/a. Fine"),)
    )


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ('=HYPERLINK("http://example.org","x")', "http://example.org"),
        ("“http://example.org”", "http://example.org"),
        ("see (HTTPS://example.org/a_(b)).", "HTTPS://example.org/a_(b)"),
        ("https://example.org/?a=1|2", "https://example.org/?a=1|2"),
    ],
)
def test_a_typed_address_ends_where_it_ends(words: str, address: str) -> None:
    """A quotation mark ends an address, and a bracket that it opens itself is part of it."""
    assert [address] == [one.url for one in typed((Text(words),)) if isinstance(one, Link)]


def test_an_answer_needs_more_than_a_question() -> None:
    """In a prompt's thread five words answer, unless they only ask."""
    assert isinstance(READER.read_answer(post("We begin with coffee and cake")), Draft)
    assert NotAnIdea("question") == READER.read_answer(post("Do you begin with coffee and cake?"))
    assert NotAnIdea("short") == READER.read_answer(post("Coffee"))


def test_a_broken_list_of_small_talk_is_refused() -> None:
    """A list that is none is refused with its name."""
    with pytest.raises(FrameworkError, match=r"capture\.toml"):
        load_rules("openers = 3")
    with pytest.raises(FrameworkError, match=r"capture\.toml"):
        load_rules("openers = [")
    for wrong in ('day = [{weight = -1.0, words = ["copier"]}]', "start = {say = true}", ""):
        with pytest.raises(FrameworkError, match=r"capture\.toml"):
            load_rules(f'practice = [{{weight = 1.0, words = ["we"]}}]\n{wrong}')


@given(st.text(max_size=500))
def test_any_text_is_read(text: str) -> None:
    """No text can upset the reader, and what it keeps fits what was said."""
    body = to_spans(text)
    count_words(body)
    read = READER.read(post(*body))
    assert isinstance(read, Draft | NotAnIdea)
    if isinstance(read, Draft):
        assert "\x00" not in read.text


def test_forty_thousand_characters_are_read_at_once() -> None:
    """A text as long as Slack allows, of the worst characters, takes no noticeable time."""
    for worst in (")", "*", ":a", "@a ", "#a", "<", "http://", '"', "🎉", "with @"):
        READER.read(post(worst * (40_000 // len(worst))))
