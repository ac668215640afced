"""Slack's limits on Block Kit: at the limit it passes, one more and it is refused."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.blocks import check_message, check_view
from bot.sandbox.model import SlackError

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def section(text: str, **more: Any) -> Block:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(number: int = 0, **more: Any) -> Block:
    return {"type": "button", "action_id": f"a{number}", "text": plain("Go"), **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def option(text: str = "One", value: str = "1") -> Block:
    return {"text": plain(text), "value": value}


def select(options: list[Block], **more: Any) -> Block:
    return {"type": "static_select", "action_id": "s", "options": options, **more}


def field(element: Block, **more: Any) -> Block:
    return {"type": "input", "label": plain("Your idea"), "element": element, **more}


def modal(*blocks: Block, **more: Any) -> Block:
    given_ = {"type": "modal", "title": plain("Share"), "submit": plain("Keep")}
    return {**given_, "blocks": list(blocks), **more}


def refused(blocks: object) -> tuple[str, list[str]]:
    with pytest.raises(SlackError) as caught:
        check_message(blocks)
    told = caught.value.extra.get("response_metadata", {})
    return caught.value.code, told.get("messages", [])


@pytest.mark.parametrize(
    ("make", "most", "pointer"),
    [
        (lambda n: [section("x" * n)], 3000, "/blocks/0/text/text"),
        (lambda n: [section("x", block_id="b" * n)], 255, "/blocks/0/block_id"),
        (lambda n: [{"type": "section", "fields": [plain("x" * n)]}], 2000, "/fields/0/text"),
        (lambda n: [{"type": "section", "fields": [plain("x")] * n}], 10, "/blocks/0/fields"),
        (lambda n: [{"type": "header", "text": plain("x" * n)}], 150, "/blocks/0/text/text"),
        (lambda n: [{"type": "context", "elements": [plain("x")] * n}], 10, "/elements"),
        (lambda n: [actions(*map(button, range(n)))], 25, "/blocks/0/elements"),
        (lambda n: [actions(button(text=plain("x" * n)))], 75, "/elements/0/text/text"),
        (lambda n: [actions(button(value="x" * n))], 2000, "/elements/0/value"),
        (lambda n: [actions(button(action_id="x" * n))], 255, "/elements/0/action_id"),
        (lambda n: [actions(select([option()] * n))], 100, "/elements/0/options"),
        (lambda n: [actions(select([option("x" * n)]))], 75, "/options/0/text/text"),
        (lambda n: [actions(select([option("x", "v" * n)]))], 150, "/options/0/value"),
        (lambda n: [{"type": "divider"}] * n, 50, "/blocks"),
        (
            lambda n: [{"type": "image", "image_url": "https://x.y/z", "alt_text": "x" * n}],
            2000,
            "/blocks/0/alt_text",
        ),
    ],
)
def test_a_message_is_refused_one_past_the_limit(make: Any, most: int, pointer: str) -> None:
    """What just fits passes; one more is invalid_blocks and says where."""
    assert len(check_message(make(most))) == len(make(most))
    code, messages = refused(make(most + 1))
    assert "invalid_blocks" == code
    assert any(pointer in message for message in messages), messages


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "sectoin", "text": mrkdwn("x")}],
        [{"text": mrkdwn("x")}],
        ["section"],
        [{"type": "section"}],
        [section("x", colour="red")],
        [section("")],
        [{"type": "section", "text": "x"}],
        [{"type": "section", "text": {"type": "markdown", "text": "x"}}],
        [{"type": "header", "text": mrkdwn("x")}],
        [{"type": "header", "text": plain("")}],
        [{"type": "context", "elements": []}],
        [{"type": "context", "elements": [button()]}],
        [{"type": "actions", "elements": []}],
        [actions(button(1), button(1))],
        [actions(button(style="loud"))],
        [actions(button(text=mrkdwn("x")))],
        [actions({"type": "button", "action_id": "a"})],
        [actions({"type": "plain_text_input", "action_id": "a"})],
        [actions(select([]))],
        [actions(select([option()], initial_option=option("Two", "2")))],
        [section("x", block_id="same"), section("y", block_id="same")],
        [{"type": "image", "image_url": "https://x.y/z"}],
        [{"type": "image", "alt_text": "x"}],
        [field({"type": "plain_text_input", "action_id": "a"})],
        [actions(button(confirm={"title": plain("Sure?")}))],
    ],
)
def test_a_malformed_block_is_refused(blocks: list[Block]) -> None:
    """What is missing, misspelt, doubled, empty or in the wrong place is invalid_blocks."""
    code, messages = refused(blocks)
    assert "invalid_blocks" == code
    assert messages


def test_blocks_that_are_no_list_are_refused() -> None:
    """Blocks have to be a list."""
    assert ("invalid_blocks_format", []) == refused({"type": "divider"})


def test_all_texts_together_have_a_limit_too() -> None:
    """Blocks that each fit may be too long together."""
    assert check_message([section("x" * 2640)] * 5)
    assert ("msg_blocks_too_long", []) == refused([section("x" * 2641)] * 5)


@given(st.text(min_size=1, max_size=3000))
def test_any_text_that_fits_passes(text: str) -> None:
    """No character makes a text too long that is not."""
    assert text == check_message([section(text)])[0]["text"]["text"]


def test_slack_names_what_has_no_name() -> None:
    """Blocks and elements without an id get one, and no two blocks the same."""
    kept = check_message([{"type": "divider", "block_id": "sb1"}, actions(button(action_id="b"))])
    assert ["sb1", "sb1x"] == [block["block_id"] for block in kept]
    silent = {"type": "button", "text": plain("Go")}
    assert check_message([actions(silent)])[0]["elements"][0]["action_id"]


def test_what_is_kept_is_a_copy() -> None:
    """Changing the list afterwards does not change what Slack keeps."""
    blocks = [section("before")]
    kept = check_message(blocks)
    blocks[0]["text"]["text"] = "after"
    assert "before" == kept[0]["text"]["text"]


@pytest.mark.parametrize(
    ("make", "most"),
    [
        (lambda n: modal(title=plain("x" * n)), 24),
        (lambda n: modal(submit=plain("x" * n)), 24),
        (lambda n: modal(close=plain("x" * n)), 24),
        (lambda n: modal(callback_id="x" * n), 255),
        (lambda n: modal(private_metadata="x" * n), 3000),
        (lambda n: modal(*[{"type": "divider"}] * n), 100),
        (lambda n: modal(field({"type": "plain_text_input", "max_length": n})), 3000),
    ],
)
def test_a_view_is_refused_one_past_the_limit(make: Any, most: int) -> None:
    """Views have limits of their own."""
    assert check_view(make(most))
    with pytest.raises(SlackError, match="invalid_arguments"):
        check_view(make(most + 1))


@pytest.mark.parametrize(
    "view",
    [
        None,
        "modal",
        {"type": "modal", "blocks": []},
        {"type": "dialog", "title": plain("x"), "blocks": []},
        {"type": "modal", "title": plain("x")},
        {**modal(), "title": mrkdwn("x")},
        {**modal(), "colour": "red"},
        {
            "type": "modal",
            "title": plain("x"),
            "blocks": [field({"type": "plain_text_input", "action_id": "a"})],
        },
        modal({"type": "markdown", "text": "x"}),
    ],
)
def test_a_malformed_view_is_refused(view: object) -> None:
    """A view must be whole; one with fields must have a button that sends it."""
    with pytest.raises(SlackError, match="invalid_arguments"):
        check_view(view)


def test_a_view_may_not_be_huge() -> None:
    """A view that is more than 250 kB is refused by size before anything else."""
    huge = modal(*[section("x" * 3000) for _ in range(90)])
    with pytest.raises(SlackError, match="view_too_large"):
        check_view(huge)


KINDS = st.sampled_from(
    [
        "section", "header", "context", "actions", "input", "image", "rich_text", "table",
        "markdown", "button", "static_select", "datepicker", "overflow", "checkboxes",
        "radio_buttons", "plain_text_input", "plain_text", "mrkdwn", "modal", "home",
        "rich_text_section", "raw_text",
    ]
)  # fmt: skip
NAMES = st.sampled_from(
    [
        "text", "fields", "elements", "element", "accessory", "options", "option_groups", "label",
        "title", "value", "confirm", "rows", "initial_options", "initial_option", "max_length",
        "min_length", "action_id", "block_id", "alt_text", "image_url", "blocks", "placeholder",
    ]
)  # fmt: skip
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.builds(
            lambda kind, rest: {"type": kind, **rest},
            KINDS,
            st.dictionaries(NAMES, inner, max_size=4),
        )
    ),
    max_leaves=20,
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(ANYTHING)
def test_nonsense_is_refused_and_never_a_crash(nonsense: object) -> None:
    """Whatever is sent as blocks or view is taken or refused with a code of Slack's."""
    for check in (check_message, check_view):
        with suppress(SlackError):
            check(nonsense)
        with suppress(SlackError):
            check([nonsense])
