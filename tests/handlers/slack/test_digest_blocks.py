"""The digest as Slack is sent it: samples of five sizes, each within what Slack demands."""

import re
from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.core.messages import digest, weekly
from bot.core.model.actions import Act
from bot.core.model.digest import DigestContents, DigestExtras, compose
from bot.core.model.ideas import Idea
from bot.core.model.parts import Actions, Bar, Chart, Choice, Message, Paragraph, Select
from bot.data.framework import load_framework
from bot.sandbox.blocks import check_message
from handlers.slack import render
from handlers.slack.vocabulary import SLACK
from tests.core.samples import beside, week

CHICAGO = ZoneInfo("America/Chicago")
WEEK = date(2026, 11, 23)
FRAMEWORK = load_framework()


def contents(ideas: Sequence[Idea], more: DigestExtras) -> DigestContents:
    return compose(
        ideas,
        FRAMEWORK,
        week=WEEK,
        zone=CHICAGO,
        newcomers=frozenset({"U-Joan Petersen"} if len(ideas) > 1 else ()),
        beside=more,
    )


def edition(number: int) -> list[Message]:
    """All messages of a digest of so many ideas; without any, what is said instead."""
    if not number:
        return [weekly.nothing_new()]
    all_ = contents(week(number), beside() if number > 1 else DigestExtras())
    _, *replies = digest.divide(all_)
    return [
        digest.digest(all_),
        *(
            digest.reply(contents(ideas, DigestExtras()), n, len(replies))
            for n, ideas in enumerate(replies, 1)
        ),
    ]


@pytest.mark.parametrize("number", [0, 1, 7])
def test_samples_look_as_they_were_looked_at(number: int, snapshot: SnapshotAssertion) -> None:
    """Three sizes of a week, drawn as Block Kit, with their plain text."""
    drawn: list[dict[str, Any]] = [render.to_slack(message) for message in edition(number)]
    assert drawn == snapshot(extension_class=JSONSnapshotExtension)


@pytest.mark.parametrize("number", [0, 1, 7, 60, 300])
def test_any_size_is_what_slack_takes(number: int) -> None:
    """Each message keeps Slack's limits; each idea stands once, its buttons by it."""
    numbers: list[str] = []
    for message in edition(number):
        payload = render.to_slack(message)
        check_message(payload["blocks"])
        assert len(payload["text"]) <= render.TEXT_LIMIT
        blocks = payload["blocks"]
        for block, below in zip(blocks, [*blocks[1:], {}], strict=True):
            if block["type"] != "section":
                continue
            if read := re.search(r"\|Read #(\d+)>", block["text"]["text"]):
                numbers.append(read[1])
                pressed = block.get("accessory") or below["elements"][0]
                assert read[1] == pressed["value"]
    more = ["77", "901"] if number > 1 else []
    assert sorted([*map(str, range(1, number + 1)), *more]) == sorted(numbers)


@pytest.mark.parametrize("number", [1, 7, 60, 300])
def test_nothing_of_a_digest_is_cut_by_the_renderer(number: int) -> None:
    """What the core planned is what is drawn: no block falls away, no text is shortened."""
    for message in edition(number):
        payload = render.to_slack(message)
        assert len(message.parts) == len(payload["blocks"])
        assert escape(SLACK.put_into(message.fallback), quote=False) == payload["text"]
        for part, block in zip(message.parts, payload["blocks"], strict=True):
            if isinstance(part, Paragraph):
                last = part.runs[-1].text.split()[-1].strip(".")
                assert last.replace("&", "&amp;").replace(">", "&gt;") in str(block)


def test_a_list_knows_what_is_chosen() -> None:
    """The choice of now is set, unless it is not in the list; an empty list is none."""
    choices = (Choice("1 LIT", "Reading"), Choice("1 PART", "Partners"))
    row = Actions(
        (
            Select("What is it about?", Act.COMPONENT, choices, value="1 PART"),
            Select("What is it about?", Act.COMPONENT, choices, value="1 GONE"),
            Select("Nothing to choose", Act.COMPONENT, ()),
        )
    )
    (block,) = render.to_slack(Message("x", (row,)))["blocks"]
    check_message([block])
    first, second = block["elements"]
    assert "1 PART" == first["initial_option"]["value"]
    assert "initial_option" not in second
    assert ["idea_component", "idea_component.1"] == [first["action_id"], second["action_id"]]


def test_a_chart_is_bars_of_characters_with_their_numbers() -> None:
    """The longest bar has one length whatever the numbers; what is there has a bar, however few."""
    bars = (Bar("Much", 3_000), Bar("Little", 1), Bar("Nothing", 0))
    (block,) = render.to_slack(Message("x", (Chart("About", bars),)))["blocks"]
    check_message([block])
    assert ("*About*\n▇▇▇▇▇▇ *3,000* Much\n▇ *1* Little\n *0* Nothing") == block["elements"][0][
        "text"
    ]


def test_a_chart_without_bars_is_not_drawn() -> None:
    """A title alone says nothing."""
    assert "blocks" not in render.to_slack(Message("x", (Chart("About", ()),)))
