"""A channel's settings: the form that a coordinator opens and sends, and the answer to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.core.desk.commands import Command
from bot.core.errors import FormError
from bot.core.messages import settings as messages
from bot.core.model.parts import Act, FormId
from bot.core.model.people import Asker
from bot.core.week.settings import ChannelSettings
from handlers.slack import render
from handlers.slack.asking import answer, presser_of, tell
from handlers.slack.chat import SlackChat


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """Opens the form and takes it in. Whether somebody may is asked each time."""

    settings: ChannelSettings
    chat: SlackChat

    def register(self, app: AsyncApp) -> None:
        """Tell Bolt which function answers what."""
        app.action(render.action_pattern(Act.SETTINGS))(self.on_open)
        app.action(render.action_pattern(Act.SETTINGS_MORE))(self.on_more)
        app.view(FormId.SETTINGS)(self.on_form)

    async def on_command(self, asked: Command, asker: Asker, trigger: str, ack: AsyncAck) -> None:
        """`/ideas settings` and `/ideas settings log`."""
        chosen = await self.settings.chosen(asker, asker.channel)
        if asked.text:
            await answer(ack, messages.log(chosen))
            return
        await self.chat.open_form(trigger, messages.form(chosen))
        await ack()

    async def on_open(self, body: dict[str, Any], action: dict[str, Any], ack: AsyncAck) -> None:
        """The button under the bot's first words in a channel; whoever may not is told so."""
        await ack()
        chosen = await self.settings.chosen(presser_of(body), str(action.get("value") or ""))
        await self.chat.open_form(body["trigger_id"], messages.form(chosen))

    async def on_more(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Show the fields, too, that are rarely used."""
        await ack()
        view = body.get("view") or {}
        channel = str(view.get("private_metadata") or "")
        chosen = await self.settings.chosen(presser_of(body), channel)
        await self.chat.change_form(str(view.get("id") or ""), messages.form(chosen, more=True))

    async def on_form(self, body: dict[str, Any], view: dict[str, Any], ack: AsyncAck) -> None:
        """Keep what the form says, and tell what comes next with it."""
        asker = presser_of(body)
        channel = str(view.get("private_metadata") or "")
        try:
            chosen, changes = await self.settings.save(
                asker, channel, render.answers(view["state"])
            )
        except FormError as error:
            await ack(**render.errors(error.problems))
            return
        await ack()
        await tell(self.chat, asker, channel, messages.saved(chosen, changes))
