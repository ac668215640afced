"""The look ahead in words: what can still be done stands beside what it is done to."""

from datetime import UTC, date, datetime

from bot.core.messages import ahead, digest
from bot.core.model.actions import Act
from bot.core.model.channel_week import ChannelWeek, WeeklyDelivery
from bot.core.model.deliveries import DeliveryKind
from bot.core.model.digest import RenderedDigest, compose
from bot.core.model.parts import Actions, Menu, Message, Paragraph, Select
from bot.core.model.people import Channel
from bot.data.framework import load_framework
from bot.sandbox.blocks import check_message
from handlers.slack import render
from tests.core.samples import beside, week
from tests.core.stage import CHICAGO, HABITS

WEEK = date(2026, 11, 23)
DUE = datetime(2026, 11, 27, 21, tzinfo=UTC)
CHANNEL = Channel(workspace="T1", id="C1", name="ideas", first_seen=DUE)


def delivery(channel: Channel) -> WeeklyDelivery:
    return ChannelWeek(channel, HABITS).delivery(DeliveryKind.DIGEST, DUE)


def look(number: int, left_out: int = 0, channel: Channel = CHANNEL) -> Message:
    contents = compose(week(number), load_framework(), week=WEEK, zone=CHICAGO, beside=beside())
    _, *replies = digest.divide(contents)
    first = digest.digest(contents)
    shown = RenderedDigest(delivery(channel), first, tuple(replies), contents)
    return ahead.look_ahead(shown, week(left_out))


def test_a_look_ahead_of_any_size_can_be_drawn() -> None:
    """Its own words and buttons find room beside a digest that is as long as one may be."""
    for number, left_out in ((2, 0), (60, 3), (300, 40)):
        message = look(number, left_out)
        payload = render.to_slack(message)
        check_message(payload["blocks"])
        assert len(message.parts) == len(payload["blocks"])


def test_nothing_of_the_digests_own_can_be_pressed() -> None:
    """Its buttons give way to *Leave this idea out*, its list is gone."""
    message = look(7)
    beside_ideas = [
        part.button for part in message.parts if isinstance(part, Paragraph) and part.button
    ]
    assert beside_ideas
    rows = (part.buttons for part in message.parts if isinstance(part, Actions))
    acts = {one.act for row in rows for one in row if not isinstance(one, Menu)} | {
        one.act for one in beside_ideas
    }
    assert {Act.SKIP, Act.LEAVE_OUT} == acts


def test_ideas_in_the_thread_can_be_left_out_too() -> None:
    """A list names them, as many as a list may hold."""
    (row,) = [part for part in look(300).parts if isinstance(part, Actions)]
    (chooser,) = [one for one in row.buttons if isinstance(one, Select)]
    assert ahead.MOST_CHOICES == len(chooser.choices)
    assert all(choice.value.startswith("C1 2026-W48 ") for choice in chooser.choices)
    rows = [part for part in look(7).parts if isinstance(part, Actions)]
    assert not any(isinstance(one, Select) for row in rows for one in row.buttons)


def test_a_channel_whose_name_is_not_known_is_called_the_channel() -> None:
    """No empty `#` stands anywhere."""
    nameless = Channel(workspace="T1", id="C1", first_seen=DUE)
    assert look(2, channel=nameless).fallback.startswith("This digest goes to the channel on")
    assert "The digest to the channel on" in ahead.skipped(delivery(nameless)).fallback
