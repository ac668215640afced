"""Commands, presses and forms become questions to the desk; its replies become Slack's."""

import contextlib
import json
from dataclasses import dataclass
from typing import Any, assert_never

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.core.desk.desk import Desk
from bot.core.desk.replies import Answer, NoReply, OpenForm, Problems, Reply, Where, apology
from bot.core.errors import ChatError
from bot.core.model.actions import FORMS, Act, Action
from bot.core.model.parts import Submission
from bot.core.model.people import Asker
from handlers.slack import render
from handlers.slack.connections import Connections
from handlers.slack.door import WORKSPACE


@dataclass(frozen=True, slots=True)
class SlackDesk:
    """Translates between Slack and the desk, and decides nothing."""

    desk: Desk
    chats: Connections

    def register(self, app: AsyncApp) -> None:
        """Tell Bolt which function answers what."""
        app.command("/ideas")(self.on_ideas)
        app.command("/idea")(self.on_idea)
        for act in Act:
            app.action(render.action_pattern(act))(self.on_press)
        for act in FORMS:
            app.view(act)(self.on_form)

    async def on_ideas(self, command: dict[str, Any], ack: AsyncAck) -> None:
        """`/ideas …`: the whole table of commands."""
        text = str(command.get("text") or "")
        await self._answer(command, ack, await self.desk.command(asker_of(command), text))

    async def on_idea(self, command: dict[str, Any], ack: AsyncAck) -> None:
        """`/idea TEXT` keeps and posts it; `/idea` alone opens the form."""
        text = str(command.get("text") or "")
        reply = await self.desk.command(asker_of(command), text, sharing=True)
        await self._answer(command, ack, reply)

    async def on_press(
        self, body: dict[str, Any], action: dict[str, Any], ack: AsyncAck, respond: AsyncRespond
    ) -> None:
        """A button was pressed, or something chosen from a list in a message."""
        await ack()
        chosen = action.get("selected_option") or action
        act = Act(str(action["action_id"]).partition(".")[0])
        pressed = Action.read(act, str(chosen.get("value") or ""))
        asker = presser_of(body)
        match await self.desk.press(asker, pressed):
            case Answer(message, where):
                await respond(
                    response_type="ephemeral",
                    replace_original=where is Where.IN_PLACE,
                    **render.to_slack(message),
                )
            case OpenForm(form, instead=True):
                view = str((body.get("view") or {}).get("id") or "")
                await self.chats.of(asker.workspace).change_form(view, form)
            case OpenForm(form):
                await self.chats.of(asker.workspace).open_form(body["trigger_id"], form)
            case NoReply() | Problems():
                pass  # the one shows nothing, the other is of forms alone
            case never:
                assert_never(never)

    async def on_form(self, body: dict[str, Any], view: dict[str, Any], ack: AsyncAck) -> None:
        """A form was sent."""
        asker = presser_of(body)
        about = Action.read(Act(view["callback_id"]), str(view.get("private_metadata") or ""))
        match await self.desk.submit(asker, Submission(about, render.answers(view["state"]))):
            case Problems(by_field):
                await ack(**render.errors(by_field))
            case Answer() as answer:
                await ack()
                await self._tell(asker, answer)

    async def _answer(self, command: dict[str, Any], ack: AsyncAck, reply: Reply) -> None:
        if isinstance(reply, OpenForm):
            chat = self.chats.of(str(command[WORKSPACE]))
            await chat.open_form(command["trigger_id"], reply.form)
            await ack()
        elif isinstance(reply, Answer):
            await ack(response_type="ephemeral", **render.to_slack(reply.message))

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


def asker_of(command: dict[str, Any]) -> Asker:
    """Whoever typed a slash command; they are in the channel they typed it in."""
    return Asker(
        workspace=str(command[WORKSPACE]),
        member_id=str(command["user_id"]),
        channel=_channel(command.get("channel_id")),
    )


def presser_of(body: dict[str, Any]) -> Asker:
    """Whoever pressed a button or sent a form; they may have left the channel since it came."""
    return Asker(
        workspace=str(body[WORKSPACE]),
        member_id=str(body["user"]["id"]),
        channel=_channel((body.get("channel") or body.get("container") or {}).get("id")),
        pressed=True,
    )


async def excused(error: Exception, request: AsyncBoltRequest) -> BoltResponse:
    """Answer whoever asked for something that failed."""
    body, message = request.body, apology(error)
    if body.get("type") == "view_submission":
        block = next(iter((body["view"].get("state") or {}).get("values") or {}), "")
        return _json(render.errors({block: message.fallback}))
    if body.get("response_url") and "command" not in body:
        respond = request.context.respond
        if respond is not None:
            drawn = render.to_slack(message)
            await respond(response_type="ephemeral", replace_original=False, **drawn)
        return BoltResponse(status=200, body="")
    return _json({"response_type": "ephemeral", **render.to_slack(message)})


def _channel(ident: object) -> str:
    """The id of a channel; empty for direct messages."""
    channel = str(ident or "")
    return "" if channel.startswith("D") else channel


def _json(payload: dict[str, Any]) -> BoltResponse:
    return BoltResponse(
        status=200,
        body=json.dumps(payload),
        headers={"content-type": ["application/json;charset=utf-8"]},
    )
