"""What members write to the bot alone goes to the desk; what the desk says is told them, once."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, assert_never

from bot.core.delivery.poster import DeliveryPoster
from bot.core.desk.desk import Desk
from bot.core.desk.replies import Answer, NoReply, OpenForm, Problems, apology
from bot.core.errors import ChatError, ChatUnavailableError
from bot.core.messages.direct import form_offered
from bot.core.model.deliveries import notice
from bot.core.model.ideas import Nothing
from bot.core.model.parts import Message
from bot.core.model.people import Asker, Workspace
from handlers.shapes import OddShapeError
from handlers.slack.askers import asker_of
from handlers.slack.connections import Connections
from handlers.slack.payloads import Direct

log = logging.getLogger(__name__)

_LATEST: Final = 1_000
"""Messages that are remembered: one that comes again is in hand, or answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectMessages:
    """Answers direct messages. Nothing of what they say is stored."""

    desk: Desk
    chats: Connections
    poster: DeliveryPoster
    now: Callable[[], datetime]
    _asked: dict[tuple[str, str], asyncio.Future[bool]] = field(default_factory=dict)
    """Members and stamps of the latest messages, and whether each needs no other try."""

    async def take(self, said: Direct, bot: Workspace) -> Nothing:
        """Answer a direct message, once; a copy of it waits for what comes of the first.

        Raises:
            CommonplaceError: it could not be answered now; Slack is to send it again.
        """
        one = (said.member_id, said.ts)
        while (first := self._asked.get(one)) is not None:
            if await asyncio.shield(first):
                return Nothing("asked before")
        first = self._asked[one] = asyncio.get_running_loop().create_future()
        if len(self._asked) > _LATEST:
            del self._asked[next(iter(self._asked))]
        settled = False
        try:
            outcome = await self._tell(said, bot)
            settled = True
        finally:
            if not settled:
                self._asked.pop(one, None)
            first.set_result(settled)
        return outcome

    async def _tell(self, said: Direct, bot: Workspace) -> Nothing:
        message = await self._answer(said, bot)
        if message is None:
            return Nothing("nothing")
        asker = Asker(workspace=bot.id, member_id=said.member_id)
        try:
            if await self.desk.may_note(asker):
                about = notice(bot.id, "", f"answer {said.ts} {said.member_id}", now=self.now())
                await self.poster.tell(said.member_id, [about], lambda _: message)
            else:
                await self.chats.of(bot.id).tell(said.member_id, message)
        except ChatUnavailableError:
            raise
        except ChatError as error:
            log.warning("a direct message could not be answered: %s", error)
            return Nothing("untold")
        return Nothing("answered")

    async def _answer(self, said: Direct, bot: Workspace) -> Message | None:
        user = {"id": said.member_id, "team_id": said.team}
        # As a command it says where they are.
        body = {"team_id": bot.id, "user": user, "command": ""}
        try:
            asker = await asker_of(self.chats, body)
            reply = await self.desk.said(asker, said.words, alone=True)
        except OddShapeError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever it was, somebody waits for an answer)
            return apology(error)
        match reply:
            case Answer(message):
                return message
            case OpenForm(form):
                return form_offered(form)
            case NoReply() | Problems():
                return None
            case never:
                assert_never(never)
