"""The member's desk as a view of App Home: harmless, within Slack's limits, and read back."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.messages import home as messages
from bot.core.model.actions import Act, Action
from bot.core.model.home import Tab
from bot.core.model.parts import (
    Actions,
    Button,
    Choice,
    ChoiceField,
    Entry,
    Home,
    Message,
    Quote,
    Run,
    TextField,
)
from bot.sandbox.blocks import check_view
from bot.sandbox.controls import form_state
from handlers.slack import render
from handlers.slack.home import entered, place_of
from tests.handlers.hostile import SLOW, actions, entry, hostile, several
from tests.handlers.slack.test_payloads import payload
from tests.handlers.slack.test_render import check_harmless

FIND = messages.to(Tab.FIND)
SEARCH = Entry(
    (
        TextField("words", "What are you looking for?", value="garden", limit=300),
        ChoiceField("channel", "Channel", (Choice("-", "Every channel"), Choice("C1", "#a"))),
    ),
    Button("Search", FIND, primary=True),
    (Run("Type it."),),
)
BIG = Home(
    "x",
    (
        *(Quote("\U0001f600" * 3_000),) * 60,
        *(Actions((Button("x" * 75, Action(Act.SHARE_HERE, text="y" * 1_900)),) * 25),) * 60,
    ),
    place=FIND,
)


places = st.builds(Action, st.just(Act.HOME), tab=st.just("find"), text=hostile)
homes = st.builds(Home, hostile, st.builds(tuple.__add__, entry, several), place=places | actions)


@SLOW
@given(homes)
@example(BIG)
def test_any_desk_fits_and_is_harmless(home: Home) -> None:
    """Slack takes it, whatever stands in it, and nothing in it pings or links."""
    view = render.to_home(home)
    check_view(view)
    check_harmless({"blocks": [one for one in view["blocks"] if one["type"] != "input"]})


def test_what_is_too_much_ends_in_an_ellipsis() -> None:
    """Texts are cut before blocks are left out, and it is seen that something is missing."""
    blocks = render.to_home(BIG)["blocks"]
    assert len(blocks) <= render.MOST_FIELDS
    assert "…" == blocks[-1]["elements"][0]["text"]


@given(st.sampled_from(Tab), st.none() | st.integers(0, 10**6), st.text(max_size=300))
def test_a_view_knows_its_place(tab: Tab, start: int | None, text: str) -> None:
    """What the private metadata says is read back, whatever was looked for."""
    place = messages.to(tab, start=start or 0, text=text.strip())
    assert place == place_of(render.to_home(Home("x", (), place=place)))


def test_a_view_without_a_place_is_the_start() -> None:
    """One that an earlier version drew, or nobody."""
    assert Action(Act.HOME) == place_of({})
    assert Action(Act.HOME) == place_of({"private_metadata": ""})


def drawn(search: Entry) -> list[dict[str, Any]]:
    """The blocks of a search, as Slack keeps them."""
    blocks: list[dict[str, Any]] = check_view(render.to_home(Home("x", (search,), place=FIND)))[
        "blocks"
    ]
    return blocks


def test_what_stands_in_the_fields_is_read_back() -> None:
    """A line acts on Enter, a list at once; their state comes with every press."""
    line, row = drawn(SEARCH)
    assert line["dispatch_action"]
    assert "home_open.words" == line["element"]["action_id"]
    assert ["home_open.channel", "home_open"] == [one["action_id"] for one in row["elements"]]
    state = form_state([line, row], {line["block_id"]: "tasting", row["block_id"]: "C1"})
    assert {"words": "tasting", "channel": "C1"} == entered({"state": {"values": state}})
    assert {} == entered({})


def test_a_field_whose_value_was_changed_by_us_has_another_name() -> None:
    """Under the old one Slack would keep showing what was typed before."""
    emptied = Entry((TextField("words", "What?"),), SEARCH.button, ())
    ((before, *_), (after, *_)) = drawn(SEARCH), drawn(emptied)
    assert before["block_id"] != after["block_id"]
    assert [one["block_id"] for one in drawn(SEARCH)] == [one["block_id"] for one in drawn(SEARCH)]


def test_a_message_says_what_to_type_instead() -> None:
    """In a message of Slack's stands no field."""
    (block,) = render.to_slack(Message("x", (SEARCH,)))["blocks"]
    assert "Type it." == block["elements"][0]["text"]


def test_what_slack_sends_of_a_home_is_read() -> None:
    """Of one that was opened its place; of a press also what stands in its fields."""
    opened, pressed = payload("app_home_opened")["event"], payload("block_actions_home")
    assert messages.to(Tab.START) == place_of(opened["view"]) == place_of(pressed["view"])
    assert {} == entered(pressed["view"])
