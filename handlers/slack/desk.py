"""Commands, presses and forms become questions to the desk; its replies become Slack's."""

import contextlib
import re
from dataclasses import dataclass
from typing import Final, assert_never

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.response import BoltResponse

from bot.core.desk.desk import Desk
from bot.core.desk.replies import (
    Answer,
    NoReply,
    OpenForm,
    Problems,
    UnknownButtonError,
    apology,
)
from bot.core.errors import ChatError, CommonplaceError
from bot.core.model.actions import Act, Action
from bot.core.model.parts import Message, Submission
from bot.core.model.people import Asker
from bot.core.model.posts import Place
from handlers.shapes import OddShapeError, Payload, inside, needed, text, whole
from handlers.slack import payloads, render
from handlers.slack.askers import asker_of
from handlers.slack.connections import Connections
from handlers.slack.home import HomeTab, opened_from, view_of
from handlers.slack.web import Client

SAVE: Final = "save_idea"
"""The shortcut in the menu of every message."""
SHARE: Final = "share_idea"
"""The shortcut that is offered everywhere."""
_ANY: Final = re.compile("")


@dataclass(frozen=True, slots=True)
class SlackDesk:
    """Translates between Slack and the desk, and decides nothing."""

    desk: Desk
    chats: Connections
    client: Client
    home: HomeTab

    def register(self, app: AsyncApp) -> None:
        """Tell Bolt which function answers what."""
        app.command("/ideas")(self.on_command)
        app.command("/idea")(self.on_command)
        # Whatever they are called: buttons stand in channels for years, and explain themselves.
        app.action(_ANY)(self.on_press)
        app.view(_ANY)(self.on_form)
        app.message_shortcut(SAVE)(self.on_saving)
        app.global_shortcut(SHARE)(self.on_sharing)
        app.error(self.on_error)

    async def on_command(self, body: Payload, ack: AsyncAck) -> None:
        """`/ideas …` is the whole table of commands.

        `/idea TEXT` keeps and posts it; `/idea` alone opens the form.
        """
        asker, trigger = await asker_of(self.chats, body), needed(body, "trigger_id")
        sharing = body["command"] == "/idea"
        match await self.desk.command(asker, text(body, "text"), sharing=sharing):
            case OpenForm(form):
                await self.chats.of(asker.workspace).open_form(trigger, form)
                await ack()
            case Answer(message) if message != message.without_pictures():
                await ack()  # what comes with it, Slack refuses without a word
                await self._respond(body, message, in_place=False)
            case Answer(message):
                await ack(response_type="ephemeral", **render.to_slack(message))

    async def on_press(self, body: Payload, action: Payload, ack: AsyncAck) -> None:
        """A button was pressed, or something chosen from a list in a message, or in a Home."""
        asker, trigger = await asker_of(self.chats, body), needed(body, "trigger_id")
        await ack()
        if text(body, "view", "type") == "home":
            await self.home.pressed(asker, body, action)
            return
        if (pressed := render.to_action(action)) is None:
            raise UnknownButtonError
        match await self.desk.press(asker, pressed):
            case Answer() as answer if not body.get("response_url"):  # pressed in a form or a tab
                await self._tell(asker, answer)
            case Answer(message, beside):
                # What everybody sees in a channel stays as it is.
                everybody = asker.channel and not whispered(body)
                await self._respond(body, message, in_place=not (beside or everybody))
            case OpenForm(form, instead=True):
                view = whole(body, "view", dict)
                _, place = opened_from(text(view, "private_metadata"))
                await self.chats.of(asker.workspace).change_view(
                    needed(view, "id"), view_of(form, place)
                )
            case OpenForm(form):
                await self.chats.of(asker.workspace).open_form(trigger, form)
            case NoReply() | Problems():
                pass  # the one shows nothing, the other is of forms alone
            case never:
                assert_never(never)

    async def on_form(self, body: Payload, view: Payload, ack: AsyncAck) -> None:
        """A form was sent."""
        asker = await asker_of(self.chats, body)
        memo, place = opened_from(text(view, "private_metadata"))
        about = render.to_form(view, memo)
        if about is None:
            raise UnknownButtonError
        entered = render.answers(whole(view, "state", dict))
        match await self.desk.submit(asker, Submission(about, entered)):
            case Problems(by_field):
                await ack(**render.errors(by_field))
            case OpenForm(form):
                await ack(response_action="update", view=view_of(form, place))
            case Answer() as answer:
                await ack()
                if place is None:
                    await self._tell(asker, answer)
                else:
                    await self.home.after(asker, place, answer.message)

    async def on_saving(self, body: Payload, ack: AsyncAck) -> None:
        """*Save as idea* was chosen for a message, perhaps one in a thread."""
        asker = await asker_of(self.chats, body)
        await ack()
        place = Place(asker.workspace, asker.channel, needed(body, "message", "ts"))
        bot = self.chats.of(asker.workspace).installation.bot
        match await self.desk.save(asker, payloads.to_chosen(body["message"], place, bot)):
            case Answer(message):
                await self._respond(body, message, in_place=False)

    async def on_sharing(self, body: Payload, ack: AsyncAck) -> None:
        """*Share an idea* was chosen, wherever: Slack does not say in which channel."""
        asker, trigger = await asker_of(self.chats, body), needed(body, "trigger_id")
        await ack()
        match await self.desk.press(asker, Action(Act.SHARE)):
            case OpenForm(form):
                await self.chats.of(asker.workspace).open_form(trigger, form)
            case Answer() as answer:
                await self._tell(asker, answer)

    async def on_error(self, error: Exception, body: Payload) -> BoltResponse:
        """Answer whoever asked for something that failed."""
        if isinstance(error, OddShapeError):
            raise error
        message = apology(error)
        if body.get("type") == "view_submission":
            block = next(iter(inside(inside(body["view"].get("state")).get("values"))), "")
            return BoltResponse(status=200, body=render.errors({block: message.fallback}))
        if body.get("response_url") and "command" not in body:
            await self._respond(body, message, in_place=False)
            return BoltResponse(status=200)
        if body.get("type") in {"shortcut", "block_actions"}:  # nothing can be shown there
            with contextlib.suppress(CommonplaceError):
                await self._tell(await asker_of(self.chats, body), Answer(message))
            return BoltResponse(status=200)
        drawn = {"response_type": "ephemeral", **render.to_slack(message)}
        return BoltResponse(status=200, body=drawn)

    async def _respond(self, body: Payload, message: Message, *, in_place: bool) -> None:
        """Answer where Slack says; without its pictures where Slack refuses them."""
        url, bare = text(body, "response_url"), message.without_pictures()
        how = {"response_type": "ephemeral", "replace_original": in_place}
        taken = await self.client.respond(url, **how, **render.to_slack(message))
        if not taken and bare != message:
            await self.client.respond(url, **how, **render.to_slack(bare))

    async def _tell(self, asker: Asker, answer: Answer) -> None:
        """Say what a form did: in the channel it is about, else by direct message.

        It is done, and the form closed; saying so is a courtesy that may fail.
        """
        chat = self.chats.of(asker.workspace)
        if answer.channel:
            try:
                await chat.whisper(answer.channel, asker.member_id, answer.message)
            except ChatError:
                pass  # they may coordinate a channel without being in it
            else:
                return
        with contextlib.suppress(ChatError):
            await chat.tell(asker.member_id, answer.message)


def whispered(body: Payload) -> bool:
    """Whether what was pressed is seen by whoever pressed it alone."""
    return bool(inside(body.get("container")).get("is_ephemeral"))
