"""The buttons of the look ahead at a digest: skip this week, leave an idea out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.core.model.parts import Act
from bot.core.week.ahead import Ahead
from handlers.slack import render
from handlers.slack.asking import aside, number_in, presser_of, replace_with


@dataclass(frozen=True, slots=True)
class SlackAhead:
    """Takes in what a coordinator changes, and shows the digest as it is then."""

    ahead: Ahead

    def register(self, app: AsyncApp) -> None:
        """Tell Bolt which function answers what."""
        app.action(render.action_pattern(Act.LOOK))(self.on_look)
        app.action(render.action_pattern(Act.SKIP))(self.on_skip)
        app.action(render.action_pattern(Act.LEAVE_OUT))(self.on_leave_out)

    async def on_look(
        self, body: dict[str, Any], action: dict[str, Any], ack: AsyncAck, respond: AsyncRespond
    ) -> None:
        """Show one of several digests; the message with the others stays."""
        await ack()
        channel, _, period = str(action.get("value") or "").partition(" ")
        await aside(respond, await self.ahead.look(presser_of(body), channel, period))

    async def on_skip(
        self, body: dict[str, Any], action: dict[str, Any], ack: AsyncAck, respond: AsyncRespond
    ) -> None:
        """Skip this week, or post it after all."""
        await ack()
        channel, period, back = _three(str(action.get("value") or ""))
        message = await self.ahead.skip(presser_of(body), channel, period, back=bool(back))
        await replace_with(respond, message)

    async def on_leave_out(
        self, body: dict[str, Any], action: dict[str, Any], ack: AsyncAck, respond: AsyncRespond
    ) -> None:
        """Leave an idea out, or put it back; a button or a line of a list."""
        await ack()
        chosen = (action.get("selected_option") or action).get("value")
        channel, period, rest = _three(str(chosen or ""))
        number, _, back = rest.partition(" ")
        message = await self.ahead.leave_out(
            presser_of(body), channel, period, number_in(number), back=bool(back)
        )
        await replace_with(respond, message)


def _three(value: str) -> tuple[str, str, str]:
    """The channel and the period in a button's value, and what stands behind them."""
    channel, _, more = value.partition(" ")
    period, _, rest = more.partition(" ")
    return channel, period, rest
