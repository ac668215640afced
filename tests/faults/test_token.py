"""A token that counts no more while the bot is running."""

import pytest

from bot.sandbox.model import Channel, Member
from tests.conftest import Bot, eventually
from tests.faults.waiting import caught_up, kept
from tests.faults.wire import IDEA, ready
from tests.slack import Slack


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_token_that_is_revoked_is_told_and_costs_no_idea(
    slack: Slack, rosa: Member, room: Channel, bot: Bot, code: str
) -> None:
    """Ideas are kept, the bot is not ready and says why, and is ready again when all is well."""
    await caught_up(bot)
    assert (200, {}) == await ready(bot)
    slack.faults.refuse("*", code, times=None, where=lambda _: True)
    slack.post(rosa, room, IDEA)
    await eventually(kept(bot, 1), "it is kept")

    async def told() -> bool:
        words = {"slack": f"Slack refuses SLACK_BOT_TOKEN ({code})."}
        return (503, words) == await ready(bot)

    await eventually(told, "the bot says that its token is refused")
    assert b"commonplace_connected 0.0" in bot.parts.metrics.render()[0]
    slack.faults.clear()
    assert (200, {}) == await ready(bot)
    assert b"commonplace_connected 1.0" in bot.parts.metrics.render()[0]
    # The mark was put off, not given up.
    assert await bot.parts.store.next_due() is not None
