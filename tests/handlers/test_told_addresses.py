"""Addresses that are told once reach people as they are, on every platform."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.messages import shares as messages
from bot.core.model.channel_week import ChannelWeek, ScheduleDefaults
from bot.core.model.people import Channel
from bot.core.model.shares import Share
from handlers.slack.render import to_slack
from handlers.teams.cards import to_card

T0 = datetime(2026, 11, 27, 16, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize("secret", ["_a_b_", "-_x-_~", "*a*", "a__b"])
def test_the_address_is_told_letter_by_letter(secret: str) -> None:
    """To be copied, and to be pressed; whatever its secret looks like to a platform."""
    address = f"https://ideas.example.org/b/{secret}/"
    share = Share(
        workspace="T1", channel="C1", starts_at=T0, ends_at=T0 + 30 * DAY, made_at=T0, number=3
    )
    week = ChannelWeek(
        Channel(workspace="T1", id="C1", first_seen=T0),
        ScheduleDefaults(zone=ZoneInfo("America/Chicago"), digest=None, prompt=None),
    )
    message = messages.made(week, share, address)
    on_slack = json.dumps(to_slack(message)["blocks"])
    assert f"`{address}`" in on_slack
    assert f"<{address}|Open the page>" in on_slack
    assert 2 == json.dumps(to_card(message)).count(f'"{address}"')
