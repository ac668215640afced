"""Messages as Adaptive Cards: harmless, within the limits, and read back as they went."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.messages.notices import shared
from bot.core.messages.sharing import which_channel
from bot.core.model.actions import FORMS, Act, Action
from bot.core.model.parts import (
    Actions,
    Button,
    Choice,
    Confirm,
    Header,
    Menu,
    Message,
    Note,
    Paragraph,
    Part,
    Picture,
    Quote,
    Run,
    Select,
)
from handlers.slack.render import SECTION
from handlers.teams import cards, words
from handlers.teams.vocabulary import TEAMS
from tests.core.messages.test_digest_messages import lines, many, whole
from tests.core.samples import idea
from tests.handlers.hostile import HOSTILE, SLOW, messages, parts, size, walk
from tests.handlers.slack.test_digest_blocks import edition
from tests.teams.drawing import card_of, check_harmless, elements, read, shown

# -- nothing acts -----------------------------------------------------------------------------


@SLOW
@given(messages)
@example(Message("<at>x</at>", tuple(Header(text) for text in HOSTILE)))
@example(Message("<at>x</at>", tuple(Paragraph((Run(text, url=text),)) for text in HOSTILE)))
@example(Message("<at>x</at>", tuple(Quote(text) for text in HOSTILE)))
def test_messages_are_harmless(message: Message) -> None:
    """Whatever anybody wrote, no card mentions, links, computes or hides anything by it."""
    check_harmless(cards.to_card(message))
    assert "plain" == cards.plain(message)["textFormat"]


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


def test_found_words_stand_out() -> None:
    """Bolder, in a quote that is not cut."""
    runs = (Run("Our "), Run("garden", bold=True), Run(" here"))
    (block,) = elements(card_of(Quote("Our garden here", runs)), "RichTextBlock")
    assert [("Our ", None), ("garden", "Bolder"), (" here", None)] == [
        (run["text"], run.get("weight")) for run in block["inlines"]
    ]


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
        assert 1 <= len(row["actions"])
        assert sum("mode" not in one for one in row["actions"]) <= cards.ROW
        assert all(1 <= size(one["title"]) <= cards.BUTTON for one in row["actions"])
    ids = [one["id"] for one in walk(card) if "id" in one]
    assert len(set(ids)) == len(ids)
    for one in elements(card, "Action.ToggleVisibility"):
        assert set(one["targetElements"]) <= set(ids)


@pytest.mark.parametrize("number", [0, 1, 7, 60, 300])
def test_a_digest_is_never_cut(number: int) -> None:
    """Each message of a digest of any size holds each of its words."""
    for message in edition(number):
        said = {" ".join(line.split()) for line in shown(cards.to_card(message, key="digest 48"))}
        for part in message.parts:
            if isinstance(part, Paragraph):
                text = "".join(words.clean(run.text) for run in part.runs)
                lines = {" ".join(line.split()) for line in text.split("\n")} - {""}
                assert lines <= said


def test_a_button_stands_with_its_idea() -> None:
    """There is more room below a button than above it; small print stays close to what it is of."""
    button = Button("I tried this", Action(Act.TRIED, number=3))
    said = Paragraph((Run("An idea"),), button)
    body = card_of(said, said, Note((Run("Small print"),)))["body"]
    assert [None, "Small", "Large", "Small", "Small"] == [one.get("spacing") for one in body]


# -- what comes back --------------------------------------------------------------------------


@SLOW
@given(st.sampled_from(Act), st.integers(0, 10**9), st.sampled_from(["", "19:a@thread.tacv2"]))
def test_a_button_comes_back_as_it_went(of: Act, number: int, channel: str) -> None:
    """Its action is read from what it carries; a form's is fetched by Teams."""
    action = Action.read(of, Action(of, number=number, channel=channel, text="#a b").value)
    card = card_of(Actions((Button("x", action),)))
    (button,) = elements(card, "Action.Execute", "Action.Submit")
    assert action == read(button["data"])
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
    assert Action(Act.COMPONENT, number=3, text="A") == read(
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
    assert ("Withdraw it", Action(Act.REMOVE, number=3)) == (yes["title"], read(yes["data"]))
    assert ("Keep it", [hidden["id"]]) == (no["title"], no["targetElements"])


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


LINK = f"https://teams.microsoft.com/l/message/19%3A{'a' * 32}%40thread.tacv2/17642{'4' * 200}"


@pytest.mark.parametrize("text", ["We tried it. ", "&<> ", '*"_`\\ ', "[x](y) - # ", "漢字で"])
def test_a_full_digest_is_drawn_uncut(text: str) -> None:
    """What the core puts into one message of a digest, a card takes, with Teams' long links."""
    ideas = [replace(one, permalink=LINK) for one in many(120, people=40, text=text * 20)]
    for message in whole(ideas):
        card = cards.to_card(message, key="digest:19:a@thread.tacv2:2026-W48")
        assert size(json.dumps(card, ensure_ascii=False)) <= cards.MOST
        drawn = _shown(card)
        assert [] == [line for line in lines(message) if _bare(line) not in drawn]


def test_a_menu_stands_behind_the_dots_of_its_row() -> None:
    """What is used less often is secondary, and reads back as it went."""
    often, seldom = Action(Act.TRIED, number=7), Action(Act.ALIKE, number=7)
    card = card_of(Actions((Button("I tried this", often), Menu("More", (Button("x", seldom),)))))
    (row,) = elements(card, "ActionSet")
    first, second = row["actions"]
    assert (None, "secondary") == (first.get("mode"), second.get("mode"))
    assert (often, seldom) == (read(first["data"]), read(second["data"]))


def test_a_photo_is_left_out() -> None:
    """Teams shows it to nobody else; nothing else of the message goes with it."""
    told = Paragraph((Run("A book tasting"),), Picture("F1", "A table"))
    card = card_of(told, Picture("F1", "A table"))
    assert ["A book tasting"] == shown(card)
    assert "F1" not in json.dumps(card)


def test_an_idea_that_the_bot_posts_is_drawn_whole() -> None:
    """The longest that it takes in a command or the form."""
    long = "word " * (SECTION // 5)
    assert _bare(long) in _shown(cards.to_card(shared(idea(1, text=long))))


@pytest.mark.parametrize("text", ["word " * 380, '"' * 1_900, "\U0001f4da" * 950])
def test_where_an_idea_goes_can_be_answered(text: str) -> None:
    """However long it is and however many channels there are; it says what to do for the others."""
    channels = [(f"19:{'x' * 50}{number}@thread.tacv2", f"room-{number}") for number in range(20)]
    card = cards.to_card(which_channel(text, channels))
    buttons = [one for row in elements(card, "ActionSet") for one in row["actions"]]
    asked = [Action(Act.SHARE_HERE, channel=ident, text=text.strip()) for ident, _ in channels]
    assert asked[:6] == [read(one["data"]) for one in buttons]
    assert "Not listed?" in str(card)


def _shown(card: dict[str, Any]) -> str:
    return _bare("".join(str(one.get("text", "")) for one in walk(card)))


def _bare(text: str) -> str:
    """The letters of a text, however they are escaped and put into lines."""
    return "".join(filter(str.isalpha, TEAMS.put_into(text)))
