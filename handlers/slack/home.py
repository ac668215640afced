"""The member's desk as App Home: drawn when it is opened, and after whatever is done in it.

The view remembers the place that it shows in its `private_metadata`. A form that was opened from it
carries that place behind its own memo, so that the Home is drawn anew once it was sent.
"""

import logging
from dataclasses import dataclass
from typing import Final, assert_never

from bot.core.desk.desk import Desk
from bot.core.desk.replies import (
    Answer,
    NoReply,
    OpenForm,
    Problems,
    Reply,
    UnknownButtonError,
    apology,
)
from bot.core.errors import ChatError
from bot.core.messages.home import beside
from bot.core.model.actions import Act, Action
from bot.core.model.parts import Form, Home, Message
from bot.core.model.people import Asker
from handlers.shapes import OddShapeError, Payload, inside, needed, text, whole
from handlers.slack import render
from handlers.slack.connections import Connections

log = logging.getLogger(__name__)

_BACK: Final = "\n\u0001home "
"""Stands between the memo of a form and the place in the Home that it was opened from."""


@dataclass(frozen=True, slots=True)
class HomeTab:
    """Translates between App Home and the desk, and decides nothing."""

    desk: Desk
    chats: Connections

    async def opened(self, workspace: str, event: Payload) -> None:
        """Draw the Home of whoever opened it, at the place that it shows.

        What fails is said in the log: the Home is drawn when it is opened again.
        """
        if event.get("tab") != "home":  # the other tab holds the messages
            return
        view = inside(event.get("view"))
        asker = Asker(workspace=workspace, member_id=needed(event, "user"), pressed=True)
        try:
            home = await self.desk.home(asker, place_of(view))
        except OddShapeError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever it was, they see words instead)
            home = beside(Action(Act.HOME), apology(error))
        await self._publish(asker, home, text(view, "hash"))

    async def pressed(self, asker: Asker, body: Payload, action: Payload) -> None:
        """Do what was pressed, chosen or typed in a Home, and show in it what came of it.

        What only opens another part gives way to whatever was drawn since; anything else does not.
        """
        view = whole(body, "view", dict)
        place, given = place_of(view), entered(view)
        _, _, field = needed(action, "action_id").partition(".")
        # Enter in a line, or a choice from a list, asks for the same part anew.
        here = Action(Act.HOME, tab=place.tab) if field in given else None
        wanted = here or render.to_action(action)
        reply: Reply = Answer(apology(UnknownButtonError()))
        try:
            if wanted is not None:
                reply = await self.desk.press(asker, wanted, given)
        except OddShapeError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever it was, somebody waits for an answer)
            reply = Answer(apology(error))
        match reply:
            case Answer(Home() as home):
                await self._publish(asker, home, text(view, "hash"))
            case Answer(message):
                await self._publish(asker, beside(place, message))
            case OpenForm(form):
                chat, trigger = self.chats.of(asker.workspace), needed(body, "trigger_id")
                try:
                    await chat.open_view(trigger, view_of(form, place))
                except ChatError as error:
                    await self._publish(asker, beside(place, apology(error)))
            case NoReply() | Problems():
                pass  # the one shows nothing, the other is of forms alone
            case never:
                assert_never(never)

    async def after(self, asker: Asker, place: Action, notice: Message) -> None:
        """Draw a Home anew after a form that was opened from it was sent: say what came of it."""
        await self._publish(asker, await self.desk.home(asker, place, notice))

    async def _publish(self, asker: Asker, home: Home, stamp: str = "") -> None:
        """Show a Home. *stamp*: only where nothing else was shown since; empty: in any case."""
        try:
            await self.chats.of(asker.workspace).show_home(asker.member_id, home, stamp)
        except ChatError as error:
            log.warning("a Home could not be shown: %s", error)


def place_of(view: Payload) -> Action:
    """What draws the part of the Home that a view shows."""
    return Action.read(Act.HOME, text(view, "private_metadata"))


def entered(view: Payload) -> dict[str, str]:
    """What stands in the fields of a Home, by field."""
    blocks = map(inside, inside(inside(view.get("state")).get("values")).values())
    fields = {name: {name: one} for block in blocks for name, one in block.items() if "." in name}
    return {name.partition(".")[2]: words for name, words in render.answers(fields).items()}


def opened_from(memo: str) -> tuple[str, Action | None]:
    """Return the memo of a form, and the place in the Home that it was opened from, if it was."""
    own, back, place = memo.partition(_BACK)
    return own, Action.read(Act.HOME, place) if back else None


def view_of(form: Form, place: Action | None) -> Payload:
    """Return a form as a view that knows the place in the Home it was opened from, if it was."""
    view = render.to_view(form)
    if place is None:
        return view
    memo = f"{view['private_metadata']}{_BACK}{place.value}"
    return {**view, "private_metadata": memo} if len(memo) <= render.MEMO else view
