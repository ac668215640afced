"""`Offers`: files for one member, offered in their chat with the bot.

Teams stores a file for a member only after they have accepted it: then it says where to. Where it
takes no offer, or not the file, the member gets a link that works once.
"""

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from bot.core.errors import ChatError, ChatInDoubtError, ChatUnavailableError
from bot.core.model.actions import Act, Action
from bot.core.model.links import is_loopback
from bot.core.model.parts import Actions, Button, Message, Paragraph, Run
from handlers.shapes import Payload, inside, string
from handlers.teams import cards
from handlers.teams.connector import Connector, Conversation
from handlers.teams.files import ADDRESS, LASTING, Files, Waiting
from handlers.teams.web import AwayError, Web

OFFER: Final = "application/vnd.microsoft.teams.card.file.consent"
STORED: Final = "application/vnd.microsoft.teams.card.file.info"

STORES: Final = (
    ".1drv.com",
    ".onedrive.com",
    ".sharepoint-mil.us",
    ".sharepoint.cn",
    ".sharepoint.com",
    ".sharepoint.us",
)
"""Where Teams stores files: OneDrive, in each of Microsoft's clouds."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """Offers files, and hands over those that are accepted.

    Args:
        base_url: where people reach the web side, without a slash at the end.
        rehearsal: whether a file may also go to this machine itself, without `https`, and an offer
            in doubt is followed by a link.
    """

    connector: Connector
    files: Files
    web: Web
    base_url: str
    rehearsal: bool = False

    async def offer(
        self, chat: Conversation, member_id: str, file: Path, *, name: str, words: str
    ) -> None:
        """Offer a file; raise `ChatError` where neither that nor a link to it can be posted."""
        token = await self._keep(name, member_id, file)
        card = {
            "description": words,
            "sizeInBytes": (await asyncio.to_thread(file.stat)).st_size,
            "acceptContext": {"file": token},
            "declineContext": {"file": token},
        }
        offered = {"contentType": OFFER, "name": name, "content": card}
        try:
            await self.connector.post(chat, {**_plain(words), "attachments": [offered]})
        except ChatInDoubtError:
            if not self.rehearsal:
                raise
            await self._link(chat, words, token)  # the Agents Playground takes no offer, in silence
        except ChatUnavailableError:
            await asyncio.to_thread(self.files.take, token)
            raise
        except ChatError:
            await self._link(chat, words, token)

    async def accept(self, chat: Conversation, member_id: str, value: Payload) -> None:
        """See `TeamsChat.accept_file`."""
        file = await asyncio.to_thread(self.files.take, _token(value), member_id)
        if file is None:
            words = "That file has waited too long, or you have it already. Please ask again."
            await self.connector.post(chat, _plain(words))
            return
        told = inside(value.get("uploadInfo"))
        if not await self._stored(string(told.get("uploadUrl")), file):
            token = await self._keep(file.name, member_id, file.content)
            await self._link(chat, "Teams did not take the file.", token)
            return
        content = {"uniqueId": told.get("uniqueId"), "fileType": told.get("fileType")}
        stored = {
            "contentType": STORED,
            "contentUrl": told.get("contentUrl"),
            "name": file.name,
            "content": content,
        }
        await self.connector.post(chat, {"type": "message", "attachments": [stored]})

    async def decline(self, member_id: str, value: Payload) -> None:
        """See `TeamsChat.decline_file`."""
        await asyncio.to_thread(self.files.take, _token(value), member_id)

    async def _keep(self, name: str, member_id: str, file: Path | bytes) -> str:
        token = await asyncio.to_thread(self.files.keep, name, member_id, file)
        asyncio.get_running_loop().call_later(LASTING, self.files.sweep)
        return token

    async def _stored(self, url: str, file: Waiting) -> bool:
        """Put a file where Teams wants it; the address itself is the permission to do so."""
        last = len(file.content) - 1
        if not self._stores(url):
            log.warning("a file was not sent: Teams named no address of OneDrive's for it")
            return False
        headers = {"Content-Range": f"bytes 0-{last}/{last + 1}"}
        try:
            status = await self.web.put(url, file.content, headers)
        except AwayError as error:
            log.warning("a file was not stored in Teams: %s", error)
            return False
        if status not in {200, 201}:
            log.warning("a file was not stored in Teams: HTTP %d", status)
        return status in {200, 201}

    def _stores(self, url: str) -> bool:
        """Whether files may go to an address: members can send any, by the API of Teams."""
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            return False
        if parts.scheme == "https":
            return host.endswith(STORES)
        return self.rehearsal and parts.scheme == "http" and is_loopback(host)

    async def _link(self, chat: Conversation, words: str, token: str) -> None:
        """Post a link as a button: of an address in a text Teams would make a preview first."""
        about = f"{words} This link works once, within ten minutes:"
        button = Button("Download", Action(Act.LINK), url=f"{self.base_url}{ADDRESS}{token}")
        said = Message(about, (Paragraph((Run(about),)), Actions((button,))))
        await self.connector.post(chat, cards.to_activity(said))


def _plain(words: str) -> Payload:
    return cards.plain(Message(words))


def _token(value: Payload) -> str:
    return string(inside(value.get("context")).get("file"))
