"""Words, presses and forms become questions to the desk; its replies become Teams'."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar, assert_never

from bot.core.desk import replies
from bot.core.desk.desk import Desk
from bot.core.desk.replies import NoReply, OpenForm, Problems, Reply, apology
from bot.core.errors import (
    ChatError,
    ChatInDoubtError,
    ChatNotThereError,
    ChatUnsupportedError,
)
from bot.core.messages.common import said
from bot.core.model.actions import Act, Action
from bot.core.model.parts import Actions, Button, Form, Message, Submission
from bot.core.model.people import Asker, Workspace
from bot.core.model.posts import NOTHING
from handlers.shapes import OddShapeError, Payload, inside, text
from handlers.teams import forms, history, invokes, presses
from handlers.teams.activities import Asked
from handlers.teams.asking import Asking
from handlers.teams.chat import TeamsChat
from handlers.teams.connector import Connector, Conversation
from handlers.teams.door import Answer
from handlers.teams.known import Known
from handlers.teams.shown import Shown

PATIENCE: Final = 6.0
"""Seconds that a question may take; then it is said that it goes on, and what comes is told."""
MOMENT: Final = 2.5
"""Seconds more that telling an answer beside may take. Teams waits for both, about ten."""
GRACE: Final = 3.0
"""Seconds that questions may still take when the program ends."""

T = TypeVar("T")

_PRESSED: Final = "adaptiveCard/action"
_MESSAGE_ACTION: Final = "composeExtension/fetchTask"
_DIALOGS: Final = frozenset(
    {"task/fetch", "task/submit", _MESSAGE_ACTION, "composeExtension/submitAction"}
)
_SAVE: Final = "save_idea"
_SHARE: Final = "share_idea"
_FILE: Final = "fileConsent/invoke"

_BELOW: Final = "The answer stands below, for you alone."
_IN_CHAT: Final = "The answer stands in your chat with me."
_UNTOLD: Final = "I could not show you the answer. Please try again in a minute."
_GONE: Final = "I do not find that message any more. Nothing was kept."
_SLOW: Final = "That takes longer than usual. I go on with it, and show you what comes of it."


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsDesk:
    """Translates between Teams and the desk, and decides nothing.

    Args:
        bot: its `id` is the tenant's.
        patience: seconds that a question may take before it is said that it goes on.
    """

    desk: Desk
    chat: TeamsChat
    connector: Connector
    bot: Workspace
    known: Known
    patience: float = PATIENCE
    _going: set[asyncio.Task[Any]] = field(default_factory=set)
    _asked: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=1_000))
    """Conversations and ids of the latest questions: one that comes again is answered already."""

    async def ask(self, asked: Asked, activity: Payload) -> str:
        """Answer words for the bot, to whoever wrote them alone; return what came of it."""
        asking = Asking.of(activity)
        one = (asking.where.id, text(activity, "id"))
        if one in self._asked:
            return "asked before"
        self._asked.append(one)
        task = self._start(self._ask(asked, asking))
        await asyncio.wait({task}, timeout=self.patience)
        return task.result() if task.done() else "slow"

    async def answer(self, invoke: Payload) -> Answer | None:
        """Answer a press, a form, a message action, or what is said to the offer of a file.

        None: no such invoke is known.
        """
        name, value = text(invoke, "name"), inside(invoke.get("value"))
        if name not in _DIALOGS | {_PRESSED, _FILE}:
            return None
        data = invokes.data_of(value)
        asking = Asking.of(invoke, presses.here(data))
        if name == _MESSAGE_ACTION:
            if (named := text(value, "commandId")) not in {_SAVE, _SHARE}:
                return None
            saves = named == _SAVE
            message = inside(value.get("messagePayload"))
            work = self._save(asking, message) if saves else self._share(asking)
        elif name == _FILE:
            work = self._file(asking, value, text(invoke, "replyToId"))
        else:
            work = self._pressed(asking, data)
        task = self._start(self._tried(work))
        await asyncio.wait({task}, timeout=self.patience)
        if not task.done():
            self._start(self._tell_later(asking, task))
            slow = Shown(what=said(_SLOW), failed=True)
            return Answer(body=await self._body(name, asking, data, slow))
        return Answer(body=await self._body(name, asking, data, task.result()))

    async def close(self) -> None:
        """Let what still goes on end soon."""
        if self._going:
            _, late = await asyncio.wait(self._going, timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # -- questions to the desk --

    async def _ask(self, asked: Asked, asking: Asking) -> str:
        shown = await self._tried(self._commanded(asked, asking))
        if shown is None:
            return "nothing"
        return "answered" if await self._tell(asking, shown) else "untold"

    async def _commanded(self, asked: Asked, asking: Asking) -> Shown | None:
        asker = await self._asker(replace(asking, entra=asked.member_id), pressed=False)
        return self._drawn(await self.desk.said(asker, asked.words, alone=asking.personal))

    async def _pressed(self, asking: Asking, data: Payload) -> Shown | None:
        asker = await self._asker(asking)
        if presses.is_form(data):
            if (form := presses.to_submission(data)) is None:
                raise replies.UnknownButtonError
            return await self._submitted(asker, form)
        if (action := presses.to_action(data)) is None:
            raise replies.UnknownButtonError
        entered = presses.entered(data)
        return self._drawn(await self.desk.press(asker, action, entered), entered)

    async def _submitted(self, asker: Asker, sent: Submission) -> Shown | None:
        """Take in a form; one that is wrong, or fails, comes again with all that was entered."""
        try:
            reply = await self.desk.submit(asker, sent)
        except Exception as error:  # noqa: BLE001  (whatever it was, what they wrote must stay)
            problems: Mapping[str, str] = {"": apology(error).fallback}
        else:
            if not isinstance(reply, Problems):
                return self._drawn(reply)
            problems = reply.by_field
        form = await self._again(replace(asker, channel=sent.about.channel), sent)
        return Shown(what=forms.filled(form, sent.values), problems=problems)

    async def _again(self, asker: Asker, sent: Submission) -> Form:
        """Return the form that was sent: Teams keeps none open whose answers are wrong."""
        reply = await self.desk.press(asker, sent.about)
        if not isinstance(reply, OpenForm):
            raise replies.UnknownButtonError
        rows = (one.buttons for one in reply.form.fields if isinstance(one, Actions))
        for button in (button for row in rows for button in row if isinstance(button, Button)):
            if not set(sent.values) <= set(forms.fields_of(reply.form)):
                more = await self.desk.press(asker, button.action)
                reply = more if isinstance(more, OpenForm) else reply
        return reply.form

    async def _save(self, asking: Asking, message: Payload) -> Shown | None:
        """Keep a message; what is sent with the action may say anything, so Graph is asked."""
        post = history.to_marked(message, asking.channel, self.bot)
        asker = await self._asker(asking)
        if post is not None and asking.channel:
            with contextlib.suppress(ChatUnsupportedError, ChatNotThereError):  # it is not told
                if (found := await self.chat.fetch(post.place, thread=post.thread or "")) is None:
                    return Shown(what=said(_GONE), failed=True)
                post = found
        return self._drawn(await self.desk.save(asker, post))

    async def _share(self, asking: Asking) -> Shown | None:
        return self._drawn(await self.desk.press(await self._asker(asking), Action(Act.SHARE)))

    async def _file(self, asking: Asking, value: Payload, offer: str) -> None:
        """Hand over a file that was offered, or not; its offer is gone then."""
        member = (await self._asker(asking)).member_id
        accepts = value.get("action") == "accept"
        await (self.chat.accept_file if accepts else self.chat.decline_file)(member, value)
        if offer:
            with contextlib.suppress(ChatError):  # then it stands there, and explains itself
                await self.connector.delete(asking.where, offer)

    async def _asker(self, asking: Asking, *, pressed: bool = True) -> Asker:
        return await asking.asker(self.connector, self.known, pressed=pressed)

    async def _tried(self, work: Awaitable[Shown | None]) -> Shown | None:
        """Await what the desk answers; of what fails, its words."""
        try:
            return await work
        except OddShapeError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever it was, somebody waits for an answer)
            return Shown(what=apology(error), failed=True, dialogs=self.chat.dialogs)

    # -- replies of the desk --

    def _drawn(self, reply: Reply, entered: Mapping[str, str] = NOTHING) -> Shown | None:
        match reply:
            case replies.Answer(message, beside, channel):
                return Shown(
                    what=message, beside=beside, channel=channel, dialogs=self.chat.dialogs
                )
            case OpenForm(form, instead):
                return Shown(what=forms.filled(form, entered), beside=not instead)
            case NoReply() | Problems():
                return None  # the one shows nothing, the other is of forms alone
            case never:
                assert_never(never)

    async def _body(
        self, name: str, asking: Asking, data: Payload, shown: Shown | None
    ) -> Payload | None:
        """What an invoke is answered with."""
        if name in _DIALOGS:
            return await self._in_dialog(asking, data, shown)
        if name == _FILE:
            if shown is not None:
                await self._aside(asking, shown)
            return None
        if shown is None or shown.failed:
            return invokes.said(shown.words if shown else "")
        if not shown.beside and (asking.personal or presses.here(data) is not None):
            return invokes.in_place(presses.alone(shown.card(), asking.channel))
        # What everybody sees in a channel stays as it is.
        if (where := await self._aside(asking, shown)) is None:
            return invokes.said(_UNTOLD)
        return invokes.said(_BELOW if where == asking.where else _IN_CHAT)

    async def _in_dialog(
        self, asking: Asking, data: Payload, shown: Shown | None
    ) -> Payload | None:
        if shown is None:
            return forms.closed()
        taken = presses.is_form(data) and isinstance(shown.what, Message) and not shown.failed
        if taken and await self._aside(asking, shown):
            return forms.closed()
        dialog: Payload = presses.alone(shown.dialog(), asking.channel)
        return dialog

    async def _aside(self, asking: Asking, shown: Shown) -> Conversation | None:
        """Show an answer beside, which goes on where it takes long."""
        task = self._start(self._tell(asking, shown))
        await asyncio.wait({task}, timeout=MOMENT)
        return task.result() if task.done() else asking.where

    async def _tell(self, asking: Asking, shown: Shown) -> Conversation | None:
        """Show an answer to whoever asked alone; return where it stands, as far as is known."""
        if isinstance(shown.what, Message) and shown.channel not in {"", asking.channel}:
            member = asking.entra or (await self.known.members()).get(asking.member, "")
            try:
                await self.chat.whisper(shown.channel, member, shown.what)
            except ChatInDoubtError:
                return asking.where
            except ChatError:
                pass  # they may coordinate a channel without being in it
            else:
                return asking.where
        return await asking.tell(self.connector, shown, self.bot.id)

    async def _tell_later(self, asking: Asking, task: asyncio.Task[Shown | None]) -> None:
        if shown := await task:
            await self._tell(asking, shown)

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._going.add(task)
        task.add_done_callback(self._going.discard)
        return task
