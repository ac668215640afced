"""`/ideas prompt …` and the buttons under its answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.core.desk.command_table import Verb
from bot.core.desk.commands import Command
from bot.core.errors import CommandError, NotAllowedError
from bot.core.messages import questions as messages
from bot.core.messages.common import said
from bot.core.model.parts import Act, Message
from bot.core.model.people import Asker
from bot.core.week.questions import PromptService
from handlers.slack import render
from handlers.slack.asking import count_in, presser_of, replace_with


@dataclass(frozen=True, slots=True)
class SlackPrompts:
    """What members and coordinators do with the weekly question."""

    prompter: PromptService

    def register(self, app: AsyncApp) -> None:
        """Tell Bolt which function answers what."""
        app.action(render.action_pattern(Act.PROMPT_PAGE))(self.on_page)
        app.action(render.action_pattern(Act.PROMPT_ACCEPT))(self.on_accept)
        app.action(render.action_pattern(Act.PROMPT_DECLINE))(self.on_decline)

    async def answer_to(self, asked: Command, asker: Asker) -> Message:
        """The answer to a command."""
        prompter, here = self.prompter, asker.channel
        match asked.verb:
            case Verb.PROMPT_WHY:
                then = await prompter.next(asker, here)
                return messages.why(then, prompter.zone_of(then.channel))
            case Verb.PROMPT_ADD:
                return messages.added(await prompter.add(asker, here, asked.text))
            case Verb.PROMPT_LIST:
                listed = await prompter.list(asker, here)
                return messages.every(listed, 0) if asked.text else messages.own(listed)
            case Verb.PROMPT_EDIT:
                edited = await prompter.edit(asker, here, asked.which, asked.text)
                return messages.edited(edited)
            case Verb.PROMPT_REMOVE:
                return messages.removed(await prompter.remove(asker, here, asked.number))
            case Verb.PROMPT_SKIP:
                skipped, then = await prompter.skip(asker, here)
                return messages.skipped(skipped, then, prompter.zone_of(then.channel))
            case Verb.PROMPT_PIN:
                then = await prompter.pin(asker, here, asked.which)
                return messages.pinned(then, prompter.zone_of(then.channel))
            case Verb.PROMPT_ANSWERS:
                channel, counted = await prompter.answers(asker, here)
                return messages.answers(counted, prompter.zone_of(channel))
            case _:
                return await prompter.preview(asker, here)

    async def on_page(
        self, body: dict[str, Any], action: dict[str, Any], ack: AsyncAck, respond: AsyncRespond
    ) -> None:
        """Turn to another page of the questions."""
        await ack()
        asker = presser_of(body)
        listed = await self.prompter.list(asker, asker.channel)
        await replace_with(respond, messages.every(listed, count_in(action.get("value"))))

    async def on_accept(
        self, body: dict[str, Any], action: dict[str, Any], ack: AsyncAck, respond: AsyncRespond
    ) -> None:
        """Accept a proposal."""
        await ack()
        await self._decide(body, action, respond, accept=True)

    async def on_decline(
        self, body: dict[str, Any], action: dict[str, Any], ack: AsyncAck, respond: AsyncRespond
    ) -> None:
        """Decline a proposal."""
        await ack()
        await self._decide(body, action, respond, accept=False)

    async def _decide(
        self, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond, *, accept: bool
    ) -> None:
        channel, _, number = str(action.get("value") or "").partition(" ")
        try:
            result = await self.prompter.decide(
                presser_of(body), channel, count_in(number), accept=accept
            )
        except (CommandError, NotAllowedError) as error:
            await replace_with(respond, said(str(error)))
            return
        await replace_with(respond, messages.decided(result))
