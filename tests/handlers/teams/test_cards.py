"""Messages and forms as Adaptive Cards: harmless, within the limits, and read back as they went."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.core.model.actions import FORMS, Act, Action
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
    Select,
    Submission,
    TextField,
    TimeField,
    Words,
)
from handlers.teams import cards, forms, presses
from handlers.teams.attachments import CARD
from tests.handlers.slack.test_digest_blocks import edition

HOSTILE = [
    *("<at>Rosa</at>", "<at id='0'>x</at>", "@everyone", "[x](https://evil.example)", "**b**"),
    *("_it_", "# head", "- item", "1. one", "> quote", "`code`", "\\", "\\*", "![x](y)", "~~no~~"),
    *("{{DATE(2026-01-01T00:00:00Z,SHORT)}}", "{{time(x)}}", "${name}", "<b>", "&lt;", "&", "|"),
    *("\u202e", "\u2066", "\u0000", "\r\n", "\n", "\t", " ", "\ud83d", ":tada:", "10:30:45"),
    *("https://a.example/x_(y).", "https://é.example", "👩‍👩‍👧‍👦", "🇺🇸", "é", "word", "2*3"),
    *("\ufdd0list\ufddf", "\ufdd1share\ufddf", "javascript:alert(1)"),
]
hostile = st.one_of(
    st.lists(st.sampled_from(HOSTILE), max_size=8).map("".join),
    st.lists(st.sampled_from(HOSTILE), max_size=8).map(" ".join),
    st.text(max_size=40),
    st.builds(str.__mul__, st.sampled_from(HOSTILE), st.integers(1, 800)),
)
addresses = st.one_of(
    st.sampled_from(
        [
            "",
            "https://ok.example/a|b>c?x=<y>&z",
            "mailto:a@b.example",
            "javascript:alert(1)",
            "https://bank.com@evil.example",
            "https://a.example/" + "x" * 4_000,
        ]
    ),
    hostile,
)
flags = st.booleans()
runs = st.builds(Run, hostile, flags, flags, flags, addresses)
actions = st.builds(Action, st.sampled_from(Act), channel=hostile, period=hostile, text=hostile)
confirms = st.builds(Confirm, hostile, hostile, hostile, hostile)
buttons = st.builds(Button, hostile, actions, addresses, flags, flags, st.none() | confirms)
choices = st.lists(st.builds(Choice, hostile, hostile), max_size=12).map(tuple)
selects = st.builds(Select, hostile, st.sampled_from(Act), choices, hostile)
lines = st.lists(runs, max_size=4).map(tuple)
parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Header, hostile),
    st.builds(Paragraph, lines, st.none() | buttons),
    st.builds(Quote, hostile),
    st.builds(Note, lines),
    st.just(Divider()),
    st.builds(Actions, st.lists(buttons | selects, max_size=12).map(tuple)),
    st.builds(
        Chart,
        hostile,
        st.lists(st.builds(Bar, hostile, st.integers(-1, 10**9)), max_size=9).map(tuple),
    ),
)
messages = st.builds(
    Message,
    hostile,
    st.one_of(
        st.lists(parts, max_size=6).map(tuple),
        st.builds(lambda part, n: (part,) * n, parts, st.integers(1, 80)),
    ),
)
fields = st.one_of(
    st.builds(
        TextField, st.sampled_from("ab"), hostile, hostile, hostile, flags, flags, st.integers(0)
    ),
    st.builds(ChoiceField, st.sampled_from("cd"), hostile, choices, hostile, hostile, flags, flags),
    st.builds(DayField, st.just("e"), hostile, hostile, st.sampled_from(["", "2026-12-21"]), flags),
    st.builds(TimeField, st.just("f"), hostile, hostile, st.sampled_from(["", "15:00"]), flags),
    st.builds(Actions, st.lists(buttons | selects, max_size=3).map(tuple)),
    st.builds(Words, hostile),
)
whole_forms = st.builds(
    Form, hostile, hostile, hostile, st.lists(fields, max_size=6).map(tuple), actions
)
SLOW = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
ACTIONS = {"Action.Execute", "Action.Submit", "Action.OpenUrl", "Action.ToggleVisibility"}
ELEMENTS = {"TextBlock", "RichTextBlock", "TextRun", "Container", "ActionSet"}
INPUTS = {"Input.Text", "Input.ChoiceSet", "Input.Date", "Input.Time"}


def walk(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def elements(card: dict[str, Any], *kinds: str) -> list[dict[str, Any]]:
    return [one for one in walk(card) if one.get("type") in kinds]


def size(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def card_of(*given: Part) -> dict[str, Any]:
    return cards.to_card(Message("x", given))


def shown(card: dict[str, Any]) -> list[str]:
    """The lines of a card's rich text."""
    blocks = elements(card, "RichTextBlock")
    return ["".join(run["text"] for run in block["inlines"]) for block in blocks]


def act(data: dict[str, Any], **entered: str) -> Action | None:
    return presses.to_action({**data, **entered})


# -- nothing acts -----------------------------------------------------------------------------


def check_harmless(card: dict[str, Any]) -> None:
    assert "entities" not in json.dumps(card)
    known = ACTIONS | ELEMENTS | INPUTS | {"AdaptiveCard", "task/fetch"}
    assert {one["type"] for one in walk(card) if "type" in one} <= known
    for one in elements(card, "Action.OpenUrl"):
        assert re.fullmatch(r"(?:https?://|mailto:)[!-~]+", one["url"])
    for one in elements(card, "TextRun", "TextBlock"):
        assert not re.search(
            "[\u202a-\u202e\u2066-\u2069\ufdd0-\ufddf\x00-\x1f\x7f-\x9f]", one["text"]
        )
        assert not re.search(r"\{\{(?:DATE|TIME)\(", one["text"], re.IGNORECASE)
        assert one["text"]
    for one in elements(card, "TextBlock"):
        literal = re.sub(r"\\[!-/:-@\[-`{-~]", "", one["text"])
        assert not re.search(r"[\\`*_\[\]<>~|&{}]", literal)
        assert not re.match(r"[#+-]|\d{1,9}[.)]", one["text"])


@SLOW
@given(messages)
@example(Message("<at>x</at>", tuple(Header(text) for text in HOSTILE)))
@example(Message("<at>x</at>", tuple(Paragraph((Run(text, url=text),)) for text in HOSTILE)))
@example(Message("<at>x</at>", tuple(Quote(text) for text in HOSTILE)))
def test_messages_are_harmless(message: Message) -> None:
    """Whatever anybody wrote, no card mentions, links, computes or hides anything by it."""
    check_harmless(cards.to_card(message))
    assert "plain" == cards.plain(message)["textFormat"]


@SLOW
@given(whole_forms, st.dictionaries(st.sampled_from("abcz"), hostile, max_size=3))
def test_forms_are_harmless(form: Form, problems: dict[str, str]) -> None:
    """In a form too; only what can be edited stays as it was."""
    check_harmless(forms.to_dialog(form, problems)["task"]["value"]["card"]["content"])
    check_harmless(forms.to_card(form, problems))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("*bold* _it_ `code`", r"\*bold\* \_it\_ \`code\`"),
        ("[x](https://evil.example)", r"\[x\](https://evil.example)"),
        ("# head", r"\# head"),
        ("- item", r"\- item"),
        ("1. one", r"1\. one"),
        ("2026 - 3 * 4", r"2026 - 3 \* 4"),
        ("a <at>b</at> &lt;", r"a \<at\>b\</at\> \&lt;"),
        ("two\nlines", "two lines"),
    ],
)
def test_a_headline_is_escaped(text: str, written: str) -> None:
    """It alone is Markdown, and shows its words as they are."""
    (block,) = elements(card_of(Header(text)), "TextBlock")
    assert written == block["text"]
    assert "heading" == block["style"]


def test_words_are_exact() -> None:
    """Letter by letter, a block for each line; emoji and commands by what they are called here."""
    text = "*so* `x` & <at>y</at>\n\n:tada: 10:30 \ufdd0list\ufddf"
    assert ["*so* `x` & <at>y</at>", "🎉 10:30 @Commonplace list"] == shown(
        card_of(Paragraph((Run(text),)))
    )


def test_a_quote_links_only_what_it_shows() -> None:
    """An address that stands there is a link; one with other letters is none."""
    (block,) = elements(
        card_of(Quote("(https://a.example/x_(y)). https://bänk.example")), "RichTextBlock"
    )
    assert [
        ("(", None),
        ("https://a.example/x_(y)", "https://a.example/x_(y)"),
        ("). https://bänk.example", None),
    ] == [(run["text"], run.get("selectAction", {}).get("url")) for run in block["inlines"]]


def test_a_link_does_not_deceive() -> None:
    """A link whose words look like another address shows where it leads."""
    assert ["bank.com (evil.example)"] == shown(
        card_of(Paragraph((Run("bank.com", url="https://evil.example"),)))
    )


# -- limits -----------------------------------------------------------------------------------


@SLOW
@given(messages)
@example(Message("x " * 9_000, (Paragraph((Run("& " * 9_000),)),) * 60))
@example(Message("书" * 9_000, (Quote("书" * 9_000),) * 60))
@example(
    Message("x", (Actions((Button("w" * 75, Action(Act.HELP, text="x" * 1_900)),) * 25),) * 50)
)
@example(Message("", ()))
def test_a_message_is_within_what_teams_takes(message: Message) -> None:
    """Whatever it is made of; no row has more buttons than are shown, and no id stands twice."""
    activity = cards.to_activity(message, key="k")
    assert size(json.dumps(activity, ensure_ascii=False, separators=(",", ":"))) <= cards.MOST
    card = activity["attachments"][0]["content"]
    assert 1 <= size(card["fallbackText"]) <= cards.FALLBACK
    assert 1 <= size(activity["summary"]) <= cards.SUMMARY
    assert card["body"]
    for row in elements(card, "ActionSet"):
        assert 1 <= len(row["actions"]) <= cards.ROW
        assert all(1 <= size(one["title"]) <= cards.BUTTON for one in row["actions"])
    ids = [one["id"] for one in walk(card) if "id" in one]
    assert len(set(ids)) == len(ids)
    for one in elements(card, "Action.ToggleVisibility"):
        assert set(one["targetElements"]) <= set(ids)


@pytest.mark.parametrize("number", [0, 1, 7, 60, 300])
def test_a_digest_is_never_cut(number: int) -> None:
    """Each message of a digest of any size holds each of its words."""
    for message in edition(number):
        card = cards.to_card(message, key="digest 48")
        runs_ = [
            run.text for part in message.parts if isinstance(part, Paragraph) for run in part.runs
        ]
        said = "\n".join(shown(card))
        for text in runs_:
            for line in filter(None, map(str.strip, text.split("\n"))):
                assert (
                    " ".join(line.split())[:20].replace(":", "") in said.replace(":", "")
                    or ":" in line
                )
        assert "…" not in said[-2:]


# -- what comes back --------------------------------------------------------------------------


@SLOW
@given(st.sampled_from(Act), st.integers(0, 10**9), st.sampled_from(["", "19:a@thread.tacv2"]))
def test_a_button_comes_back_as_it_went(of: Act, number: int, channel: str) -> None:
    """Its action is read from what it carries; a form's is fetched by Teams."""
    action = Action.read(of, Action(of, number=number, channel=channel, text="#a b").value)
    card = card_of(Actions((Button("x", action),)))
    (button,) = elements(card, "Action.Execute", "Action.Submit")
    assert action == act(button["data"])
    fetched = button["data"].get("msteams", {}).get("type") == "task/fetch"
    assert (of in FORMS) == fetched == (button["type"] == "Action.Submit")
    assert str(of) == button["data"]["action"]
    plain = cards.to_card(Message("x", (Actions((Button("x", action),)),)), dialogs=False)
    (button,) = elements(plain, "Action.Execute")
    assert {"action": str(of), "value": action.value} == button["data"]


def test_what_is_chosen_from_a_list_comes_back() -> None:
    """With the button beside it, which alone asks for it."""
    values = [Action(Act.COMPONENT, number=3, text=code).value for code in ("A", "B")]
    select = Select("About?", Act.COMPONENT, tuple(Choice(v, v[-1]) for v in values), values[1])
    card = card_of(Actions((select, Button("More", Action(Act.ALIKE, number=3)))))
    (box,) = elements(card, "Input.ChoiceSet")
    assert values[1] == box["value"]
    choose, more = elements(card, "Action.Execute")
    assert Action(Act.COMPONENT, number=3, text="A") == act(
        choose["data"], **{box["id"]: values[0]}
    )
    assert "none" == more["associatedInputs"]
    assert "associatedInputs" not in choose


def test_a_question_is_asked_before_a_button_acts() -> None:
    """The button shows it; only the one below it acts."""
    confirm = Confirm("Withdraw #3?", "It leaves the list.", "Withdraw it", "Keep it")
    button = Button("Withdraw", Action(Act.REMOVE, number=3), danger=True, confirm=confirm)
    card = card_of(Actions((button,)))
    asks, *_ = elements(card, "ActionSet")
    assert ["Action.ToggleVisibility"] == [one["type"] for one in asks["actions"]]
    (hidden,) = [one for one in walk(card) if one.get("isVisible") is False]
    yes, no = elements(hidden, "ActionSet")[0]["actions"]
    assert ("Withdraw it", Action(Act.REMOVE, number=3)) == (yes["title"], act(yes["data"]))
    assert ("Keep it", [hidden["id"]]) == (no["title"], no["targetElements"])


@pytest.mark.parametrize("data", [{}, {"action": "gone_since"}, {"action": []}, {"action": 3}])
def test_a_button_that_nobody_knows_is_none(data: dict[str, Any]) -> None:
    """An old card, or what somebody made up, asks for nothing."""
    assert presses.to_action(data) is None
    assert presses.to_submission(data) is None


def test_a_form_comes_back_as_it_went() -> None:
    """What was left empty is the empty string; drawn again, a form has what was entered."""
    form = Form(
        "Share",
        "Share",
        "Cancel",
        (
            TextField("text", "Your idea", required=True),
            ChoiceField("channel", "In", (Choice("C1", "#a"), Choice("C2", "#b")), value="C1"),
            DayField("day", "Day"),
            TimeField("time", "Time"),
            Actions((Button("More", Action(Act.SETTINGS_MORE, channel="C1")),)),
            Words("Thank you."),
        ),
        Action(Act.SHARE, channel="C1"),
    )
    card = forms.to_dialog(form)["task"]["value"]["card"]
    assert CARD == card["contentType"]
    (send,) = card["content"]["actions"]
    data = {**send["data"], "text": "*Hi*", "channel": "C2"}
    assert presses.is_form(data)
    entered = {"text": "*Hi*", "channel": "C2", "day": "", "time": ""}
    assert Submission(Action(Act.SHARE, channel="C1"), entered) == presses.to_submission(data)
    again = forms.to_dialog(forms.filled(form, entered), {"text": "Too short.", "line": "No."})
    content = again["task"]["value"]["card"]["content"]
    assert ["*Hi*", "C2"] == [one["value"] for one in elements(content, *INPUTS) if "value" in one]
    assert ["No.", "Too short.", "Thank you."] == shown(content)
    (more,) = [one for one in elements(content, "Action.Submit") if one["title"] == "More"]
    assert not presses.is_form(more["data"])
    assert Action(Act.SETTINGS_MORE, channel="C1") == act(more["data"])


def test_a_form_may_stand_in_a_chat() -> None:
    """Whoever types opens no dialog: the same fields, with a headline, and a button that acts."""
    more = Button("More", Action(Act.SETTINGS_MORE, channel="C1"))
    form = Form(
        "Settings",
        "Save",
        "Cancel",
        (TextField("line", "A line"), Actions((more,))),
        Action(Act.SETTINGS, channel="C1"),
    )
    card = forms.to_card(form, {"line": "Too long."})
    assert ["Settings"] == [one["text"] for one in elements(card, "TextBlock")]
    assert ["Too long."] == shown(card)
    pressed, save = elements(card, "Action.Execute")
    assert more.action == act(pressed["data"])
    entered = presses.to_submission({**save["data"], "line": "Hello"})
    assert Submission(Action(Act.SETTINGS, channel="C1"), {"line": "Hello"}) == entered
    assert "Settings" == forms.to_activity(form)["summary"]


@given(
    st.dictionaries(
        st.sampled_from(["action", "value", "chosen", "fields", "text"]),
        st.one_of(st.none(), st.integers(), st.lists(st.text(max_size=3)), st.sampled_from(Act)),
    )
)
def test_whatever_comes_back_is_read(data: dict[str, Any]) -> None:
    """Nothing that anybody sends upsets the reading of it."""
    presses.to_action(data)
    presses.to_submission(data)


# -- found again ------------------------------------------------------------------------------


@SLOW
@given(st.text(min_size=1, max_size=60), st.lists(parts, max_size=2).map(tuple))
def test_a_card_carries_its_key(key: str, given_parts: tuple[Part, ...]) -> None:
    """As it was sent, and as Graph tells it: the card as JSON in a text."""
    message = Message("x", given_parts)
    activity = cards.to_activity(message, key=key)
    assert key == cards.key_of(activity)
    (attachment,) = activity["attachments"]
    told = {**attachment, "content": json.dumps(attachment["content"], indent=2)}
    assert key == cards.key_of({"attachments": [{"contentType": "reference"}, told]})
    assert "" == cards.key_of(cards.to_activity(message))
