"""Messages and forms as Slack's blocks: harmless, within the limits, and as they look."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.core.model.actions import Act, Action
from bot.core.model.parts import (
    Actions,
    Bar,
    Button,
    Chart,
    Choice,
    ChoiceField,
    Confirm,
    DayField,
    Divider,
    Form,
    Header,
    Message,
    Note,
    Paragraph,
    Part,
    Quote,
    Run,
    TextField,
    TimeField,
    Words,
)
from handlers.slack import controls, render
from tests.handlers.hostile import (
    HOSTILE,
    SLOW,
    messages,
    size,
    walk,
    whole_forms,
)

TOKEN = re.compile(r"<(?:[!@#]|[a-z][a-z0-9+.-]*:)[^<>]*>", re.IGNORECASE)
OUR_LINK = re.compile(
    r"<(?:https?://[a-z0-9.-]+(?::\d+)?(?:[/?#][^<>|\s]*)?|mailto:[^<>|\s]+@[a-z0-9.-]+)\|[^<>|]+>",
    re.IGNORECASE,
)


def texts(payload: object) -> Iterator[tuple[str, str]]:
    """(kind, text) of everything that is shown."""
    for one in walk(payload):
        if isinstance(one.get("text"), str):
            yield str(one.get("type", "top")), one["text"]


def section(*given: Run) -> str:
    block = render.to_slack(Message("x", (Paragraph(given),)))["blocks"][0]
    assert isinstance(block["text"]["text"], str)
    return block["text"]["text"]


def quoted(text: str) -> list[dict[str, Any]]:
    blocks = render.to_slack(Message("x", (Quote(text),)))["blocks"]
    elements: list[dict[str, Any]] = blocks[0]["elements"][0]["elements"]
    return elements


def test_found_words_stand_out() -> None:
    """Bold, in a quote that is not cut; what it links and its emoji stay what they are."""
    runs = (Run("Our "), Run("garden", bold=True), Run(" "), Run(":books:", bold=True))
    (block,) = render.to_slack(Message("x", (Quote("Our garden :books:", runs),)))["blocks"]
    assert [
        {"type": "text", "text": "Our "},
        {"type": "text", "text": "garden", "style": {"bold": True}},
        {"type": "text", "text": " "},
        {"type": "emoji", "name": "books"},
    ] == block["elements"][0]["elements"]


# -- nothing acts -----------------------------------------------------------------------------


def check_harmless(payload: dict[str, Any]) -> None:
    for kind, text in texts(payload):
        if kind in {"top", "mrkdwn"}:
            bare = OUR_LINK.sub("", text) if kind == "mrkdwn" else text
            assert "<" not in bare
            assert ">" not in bare
            assert not re.search(r"&(?!amp;|lt;|gt;)", bare)
        assert not TOKEN.search(OUR_LINK.sub("", text))
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
    for one in walk(payload):
        if one.get("type") == "mrkdwn":
            assert one["verbatim"] is True
        if "url" in one:
            assert re.match(r"(?:https?://|mailto:)[!-~]+\Z", one["url"])
        assert one.get("type") not in {"user", "channel", "usergroup", "broadcast", "date"}


@SLOW
@given(messages)
@example(Message("<!here>", tuple(Paragraph((Run(text, url=text),)) for text in HOSTILE)))
@example(Message("<!here>", tuple(Quote(text) for text in HOSTILE)))
def test_messages_are_harmless(message: Message) -> None:
    """Whatever anybody wrote, no message pings, links or hides anything by it."""
    check_harmless(render.to_slack(message))
    check_harmless(render.plain(message))


@SLOW
@given(whole_forms)
def test_forms_are_harmless(form: Form) -> None:
    """Fields are plain text, and only what can be edited stays as it was."""
    view = render.to_view(form)
    check_harmless({"blocks": view["blocks"], "title": view["title"]})
    asked = [block for block in view["blocks"] if block["type"] == "input"]
    assert "mrkdwn" not in {kind for kind, _ in texts(asked)}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*bold*", "∗bold∗"),  # noqa: RUF001
        ("_it_ ~no~ `code`", "ˍitˍ ∼no∼ ˋcodeˋ"),  # noqa: RUF001
        ("my_file_name 2*3", "my_file_name 2*3"),
        ("é*é*é", "é∗é∗é"),  # noqa: RUF001
        ("> quote", "› quote"),  # noqa: RUF001
        ("a > b\n>c", "a &gt; b\n›c"),  # noqa: RUF001
        ("&lt;!here&gt; <!here>", "&amp;lt;!here&amp;gt; &lt;!here&gt;"),
        ("Rosa\u202e\u0007 A", "Rosa A"),
        (":tada: 10:30", ":tada: 10:30"),
    ],
)
def test_unstyled(text: str, shown: str) -> None:
    """What a member wrote styles nothing, and otherwise stays as it was."""
    assert shown == section(Run(text))
    assert shown == render.escape(text)


@pytest.mark.parametrize(
    ("given_runs", "shown"),
    [
        ([Run("#12 ", bold=True), Run("Rosa", bold=True), Run(" said")], "*#12* *Rosa* said"),
        ([Run("a*b_c", bold=True)], "*a∗bˍc*"),  # noqa: RUF001
        ([Run("two\nlines", bold=True)], "*two lines*"),
        ([Run("x", bold=True, italic=True)], "*_x_*"),
        ([Run("a"), Run("b", bold=True)], "ab"),
        ([Run("b", bold=True), Run("s")], "bs"),
        ([Run("b", bold=True), Run("'s idea")], "*b*'s idea"),
        ([Run("/ideas <x> *`", code=True)], "`/ideas &lt;x&gt; *\u02cb`"),
        (
            [Run("Open", url="https://a.example/x?a=1&b=2")],
            "<https://a.example/x?a=1&amp;b=2|Open>",
        ),
        ([Run("a|b>", url="https://a.example/|>")], "<https://a.example/%7C%3E|a¦b&gt;>"),
        ([Run("Open", bold=True, url="https://a.example")], "*<https://a.example|Open>*"),
        ([Run("é", url="https://a.example/é")], "<https://a.example/%C3%A9|é>"),
        ([Run("click", url="javascript:alert(1)")], "click"),
        ([Run("click", url="https://bank.com@evil.example")], "click"),
        ([Run("click", url="https://bänk.example")], "click"),
    ],
)
def test_runs(given_runs: list[Run], shown: str) -> None:
    """Our own styles and links stand where Slack honours them, and reach no further."""
    assert shown == section(*given_runs)


@pytest.mark.parametrize(
    ("words", "url", "shown"),
    [
        ("bank.com", "https://evil.example/", "bank.com (evil.example)"),
        ("https://bank.com/login", "https://evil.example", "https://bank.com/login (evil.example)"),
        ("bank．com", "https://evil.example", "bank．com (evil.example)"),  # noqa: RUF001
        ("ba\u200bnk.com", "https://evil.example", "ba\u200bnk.com (evil.example)"),
        ("see 10.0.0.1", "https://evil.example", "see 10.0.0.1 (evil.example)"),
        ("evil.example.bank.com", "https://evil.example", "evil.example.bank.com (evil.example)"),
        (
            "https://evil.example@bank.com",
            "https://evil.example",
            "https://evil.example@bank.com (evil.example)",
        ),
        ("x@bank.com", "mailto:y@evil.example", "x@bank.com (y@evil.example)"),
        ("y@evil.example", "mailto:y@evil.example?subject=x", "y@evil.example"),
        ("www.a.example/x.pdf", "https://a.example/x.pdf", "www.a.example/x.pdf"),
        ("a.example", "https://www.a.example:8080/x", "a.example"),
        ("Open in the channel", "https://a.example", "Open in the channel"),
    ],
)
def test_links_do_not_deceive(words: str, url: str, shown: str) -> None:
    """A link whose words look like another address shows where it leads."""
    assert section(Run(words, url=url)).endswith(f"|{shown}>")


def test_quote_is_exact() -> None:
    """In a quote the words stand letter by letter; emoji and addresses are drawn as such."""
    assert [
        {"type": "text", "text": "*so* `x` & > at 10:30:45 a:b:c "},
        {"type": "emoji", "name": "wave", "skin_tone": 3},
        {"type": "text", "text": " ("},
        {"type": "link", "url": "https://a.example/x_(y)"},
        {"type": "text", "text": "). https://bänk.example"},
    ] == quoted(
        "*so* `x` & > at 10:30:45 a:b:c :wave::skin-tone-3: (https://a.example/x_(y))."
        " https://bänk.example"
    )


def test_literal_tokens() -> None:
    """Where text is literal, an invisible joiner keeps even a careless reader from a token."""
    assert [{"type": "text", "text": "<\u2060!here> 1 < 2"}] == quoted("<!here> 1 < 2")


# -- limits -----------------------------------------------------------------------------------


def check_block(block: dict[str, Any]) -> None:
    match block["type"]:
        case "header":
            assert 1 <= size(block["text"]["text"]) <= 150
            assert "\n" not in block["text"]["text"]
        case "section":
            assert 1 <= size(block["text"]["text"]) <= 3_000
        case "context":
            assert 1 <= len(block["elements"]) <= 10
            assert 1 <= size(block["elements"][0]["text"]) <= 2_000
        case "actions":
            assert 1 <= len(block["elements"]) <= 25
            ids = [element["action_id"] for element in block["elements"]]
            assert len(set(ids)) == len(ids)
        case "rich_text":
            assert block["elements"][0]["elements"]
        case "input":
            assert 1 <= size(block["label"]["text"]) <= 2_000
            assert size(block.get("hint", {}).get("text", "")) <= 2_000
        case other:
            assert other in {"divider", "image"}
    check_elements(block)


def check_elements(block: dict[str, Any]) -> None:
    for one in walk(block):
        match one.get("type"):
            case "button":
                assert 1 <= size(one["text"]["text"]) <= 75
                assert size(one.get("value", "")) <= 2_000
                assert len(one.get("url", "")) <= 3_000
            case "static_select" | "radio_buttons":
                assert 1 <= len(one["options"]) <= (10 if one["type"] == "radio_buttons" else 100)
                assert all(size(option["text"]["text"]) <= 75 for option in one["options"])
                assert all(1 <= size(option["value"]) <= 150 for option in one["options"])
                assert one.get("initial_option", one["options"][0]) in one["options"]
            case "image":
                assert 1 <= size(one["alt_text"]) <= 2_000
                assert "\n" not in one["alt_text"]
            case "plain_text_input":
                assert 1 <= one["max_length"] <= 3_000
                assert size(one.get("initial_value", "")) <= one["max_length"]
        if "deny" in one:
            sizes = [size(one[name]["text"]) for name in ("title", "text", "confirm", "deny")]
            assert all(a <= b for a, b in zip(sizes, (100, 300, 30, 30), strict=True))


@SLOW
@given(messages)
@example(Message("x " * 9_000, (Paragraph((Run("& " * 9_000),)),) * 60))
@example(Message("x", (Actions((Button("w" * 75, Action(Act.SHARE)),) * 25),) * 50))
@example(Message("x", (Chart("x", (Bar("<!here>" * 400, 1),)),)))
@example(Message("", ()))
def test_message_limits(message: Message) -> None:
    """A message is never more than Slack takes, whatever it is made of."""
    drawn = render.to_slack(message)
    assert 1 <= size(drawn["text"]) <= 4_000
    blocks = drawn.get("blocks", [])
    assert len(blocks) <= 50
    assert sum(size(text) for _, text in texts(blocks)) < 13_200
    for block in blocks:
        check_block(block)
    json.dumps(drawn)


@SLOW
@given(whole_forms)
def test_form_limits(form: Form) -> None:
    """A form is never more than Slack takes."""
    view = render.to_view(form)
    assert all(1 <= size(view[name]["text"]) <= 24 for name in ("title", "submit", "close"))
    assert len(view["private_metadata"]) <= 3_000
    assert len(view["blocks"]) <= 100
    for block in view["blocks"]:
        check_block(block)
        assert {"U1", "U2"} >= set(block.get("element", {}).get("initial_users", ()))


def test_fifty_parts_stay() -> None:
    """Fifty long parts make fifty blocks: each is shortened before one is left out."""
    message = Message("x", (Quote("word " * 600),) * 50)
    blocks = render.to_slack(message)["blocks"]
    assert ["rich_text"] * 50 == [block["type"] for block in blocks]
    assert all(text.endswith("word…") for _, text in texts(blocks))


def test_more_than_fifty_parts() -> None:
    """Of more than fifty parts the first stand, and a sign says that there is more."""
    blocks = render.to_slack(Message("x", (Divider(),) * 60))["blocks"]
    assert 50 == len(blocks)
    assert "…" == blocks[-1]["elements"][0]["text"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("word " * 40, ("word " * 30).strip() + "…"),
        ("x" * 200, "x" * 149 + "…"),
        ("x" * 148 + "👩‍👩‍👧‍👦" * 3, "x" * 148 + "…"),
        ("x" * 148 + "🇺🇸", "x" * 148 + "…"),
        ("x" * 148 + "e\u0301 b", "x" * 148 + "…"),
    ],
)
def test_cut(text: str, shown: str) -> None:
    """A text too long is cut on a word, and never inside an emoji or before an accent."""
    header = render.to_slack(Message("x", (Header(text),)))["blocks"][0]["text"]["text"]
    assert shown == header


def test_cut_never_inside_an_escape() -> None:
    """A cut falls between characters, not inside the escape of one."""
    shown = section(Run("<&>" * 2_000))
    assert re.fullmatch(r"(?:&lt;|&amp;|&gt;)+…", shown)
    assert 2_990 < len(shown) <= 3_000


def test_buttons_that_cannot_work_are_left_out() -> None:
    """A button whose value would be cut, or that opens no web page, is not shown."""
    message = Message(
        "x",
        (
            Actions(
                (
                    Button("a", Action(Act.HELP, text="v" * 2_001)),
                    Button("b", Action(Act.LINK), url="javascript:x"),
                    Button("c", Action(Act.LINK), url="mailto:a@b.example"),
                    Button("d", Action(Act.PAGE, start=1)),
                    Button("e", Action(Act.PAGE, start=2)),
                )
            ),
        ),
    )
    elements = render.to_slack(message)["blocks"][0]["elements"]
    assert [("d", "ideas_page"), ("e", "ideas_page.1")] == [
        (element["text"]["text"], element["action_id"]) for element in elements
    ]


@pytest.mark.parametrize("act", Act)
def test_a_button_is_read_back_wherever_it_stands(act: Act) -> None:
    """Alone, among others of its act, in a list and in a menu; what is none of ours is not read."""
    action = Action(act, start=5, channel="C1", period="2026-W48", number=12, text="a b", back=True)
    wanted = Action.read(act, action.value)
    button = {"action_id": controls.action_id(act), "value": action.value}
    chosen = {"selected_option": {"value": action.value}}
    in_menu = {"action_id": "more.1", "selected_option": {"value": f"{act} {action.value}"}}
    assert wanted == render.to_action(button)
    assert wanted == render.to_action(button | {"action_id": controls.action_id(act, 3)})
    assert wanted == render.to_action(chosen | {"action_id": controls.action_id(act)})
    assert wanted == render.to_action(in_menu)
    for odd in ({}, {"action_id": f"x{act}"}, {"action_id": f"{act}x"}, {"action_id": "more"}):
        assert render.to_action(odd) is None


# -- how they look ----------------------------------------------------------------------------

MESSAGE = Message(
    "Ideas of the week: #12 by Rosa Alvarez",
    (
        Header("Ideas of the week :tada:"),
        Paragraph((Run("#12 ", bold=True), Run("Rosa Alvarez", bold=True), Run(", Lincoln & Co"))),
        Quote("Book tasting with 6th grade.\nSlides: https://a.example/slides"),
        Paragraph(
            (Run("Write "), Run("/ideas show 12", code=True), Run(" to "), Run("see", italic=True)),
            Button("Show", Action(Act.PAGE, start=12), primary=True),
        ),
        Note((Run("2 reactions · "), Run("open", url="https://a.example/archives/C1/p1"))),
        Divider(),
        Actions(
            (
                Button("Share an idea", Action(Act.SHARE)),
                Button("Read more", Action(Act.LINK), url="https://a.example"),
                Button(
                    "Remove",
                    Action(Act.REMOVE, number=12),
                    danger=True,
                    confirm=Confirm("Withdraw #12?", "It leaves every list.", "Withdraw", "Keep"),
                ),
            )
        ),
    ),
)
FORM = Form(
    "About you",
    "Save",
    (
        Words("It stands beside your ideas from now on."),
        TextField("school", "School", value="Lincoln <MS>", limit=150),
        TextField("text", "Your idea", hint="A sentence.", lines=True, required=True),
        ChoiceField(
            "keep", "Keep", (Choice("all", "All"), Choice("none", "None")), "all", radio=True
        ),
        ChoiceField("channel", "Post it in", (Choice("C1", "#ideas"),), required=True),
        DayField("from", "From", hint="The first day."),
        DayField("until", "Until", value="2026-12-21"),
        TimeField("at", "At what time", value="15:00", required=True),
        Actions((Button("More", Action(Act.SETTINGS_MORE)),)),
        Actions(()),
    ),
    Action(Act.PROFILE, channel="C1"),
)


@pytest.fixture
def shot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JSONSnapshotExtension)


@pytest.mark.parametrize("part", MESSAGE.parts, ids=lambda part: type(part).__name__)
def test_each_part(part: Part, shot: SnapshotAssertion) -> None:
    """Each kind of part is one block, and looks as it was reviewed."""
    assert shot == render.to_slack(Message("x", (part,)))["blocks"]


def test_whole_message(shot: SnapshotAssertion) -> None:
    """A message with every kind of part looks as it was reviewed."""
    assert shot == render.to_slack(MESSAGE)


def test_whole_form(shot: SnapshotAssertion) -> None:
    """A form with every kind of field looks as it was reviewed."""
    assert shot == render.to_view(FORM)


def test_message_without_parts() -> None:
    """A message of words alone is drawn from them, so that nothing in them is styled."""
    assert {
        "text": "a *b*",
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "a ∗b∗", "verbatim": True}}  # noqa: RUF001
        ],
    } == render.to_slack(Message("a *b*"))


def test_plain() -> None:
    """The plain version holds the whole message in words, with no styling read into them."""
    assert {"text": "a *b* &lt;c&gt;\nd", "mrkdwn": False} == render.plain(
        Message("a *b* <c>\nd", MESSAGE.parts)
    )
    assert "a *b* &lt;c&gt;\nd" == render.fallback_text("a *b* <c>\r\nd")


# -- answers ----------------------------------------------------------------------------------


def test_answers() -> None:
    """A submitted view gives each field's answer; an empty one is the empty string."""
    values = {
        "school": {"school": {"type": "plain_text_input", "value": "Lincoln <MS> & Co"}},
        "role": {"role": {"type": "plain_text_input", "value": None}},
        "keep": {"keep": {"type": "radio_buttons", "selected_option": {"value": "all"}}},
        "channel": {"channel": {"type": "static_select", "selected_option": None}},
        "until": {"until": {"type": "datepicker", "selected_date": "2026-12-21"}},
        "at": {"at": {"type": "timepicker", "selected_time": "15:00"}},
        "from": {"from": {"type": "datepicker", "selected_date": None}},
        "credit": {"credit": {"type": "multi_users_select", "selected_users": ["U1", "U2"]}},
        "nobody": {"nobody": {"type": "multi_users_select", "selected_users": []}},
    }
    expected = {"school": "Lincoln <MS> & Co", "role": "", "keep": "all", "channel": ""}
    expected |= {"until": "2026-12-21", "at": "15:00", "from": ""}
    expected |= {"credit": "U1,U2", "nobody": ""}
    assert expected == render.answers({"values": values})
    assert expected == render.answers(values)


@given(
    st.recursive(
        st.none() | st.text(max_size=3) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(["values", "value", "selected_option", "selected_date", "a"]),
                inner,
                max_size=3,
            )
        ),
        max_leaves=12,
    ).filter(lambda value: isinstance(value, dict))
)
def test_answers_of_nonsense(state: dict[str, Any]) -> None:
    """No view, however odd, makes the reading fail; every answer is text."""
    assert all(isinstance(value, str) for value in render.answers(state).values())


def test_errors() -> None:
    """Problems go back beside their fields, in plain words."""
    assert {
        "response_action": "errors",
        "errors": {"text": "Write /ideas list. <\u2060!here>", "keep": "…"},
    } == render.errors({"text": "Write `/ideas list`.\n<!here>", "keep": " "})
