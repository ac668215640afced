"""What the core asks of a chat, in small parts: a platform without one of them lacks it by type.

Every method raises `ChatError` or one of its children; `bot.core.errors` says what each promises.
Ids, stamps and emoji names are the platform's own and opaque here.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from bot.core.model.books import Section
from bot.core.model.parts import Message
from bot.core.model.people import ChannelInfo, Person
from bot.core.model.posts import Entry, Place, Post


class Posting(Protocol):
    """Messages of the bot's own."""

    async def post(self, channel: str, message: Message, *, thread: str = "", key: str = "") -> str:
        """Post to a channel, once, without retries; return the stamp of the message.

        *key* is kept with the message, so that `find_own` finds it.

        Raises:
            ChatInDoubtError: the answer was lost; the message may stand in the channel.
            MessageRefusedError: the platform does not draw this message; plain text it may.
        """

    async def find_own(
        self, channel: str, key: str, *, since: datetime, fallback: str = "", thread: str = ""
    ) -> str | None:
        """Return the stamp of the bot's own message that carries *key*, posted since then.

        Where the server keeps no metadata, the bot's own message with the text *fallback* counts.

        Raises:
            ChatUnsupportedError: the bot may not look into that channel.
        """

    async def update(self, place: Place, message: Message, *, key: str = "") -> None:
        """Replace what the bot's own message says; its place stays, and its key.

        *key* is the one it was posted with: a platform that keeps it in the message needs it.
        """

    async def delete(self, place: Place) -> None:
        """Delete the bot's own message; already gone is success."""

    def instant_of(self, ts: str) -> datetime:
        """Return when the message with this stamp was posted."""


class Telling(Protocol):
    """Words and files for one member alone."""

    async def tell(self, member_id: str, message: Message, *, key: str = "") -> str:
        """Post to a member's direct messages, as `Posting.post`; return the stamp."""

    async def find_told(
        self, member_id: str, key: str, *, since: datetime, fallback: str = ""
    ) -> str | None:
        """Look into a member's direct messages with the bot, as `Posting.find_own`.

        Raises:
            ChatUnsupportedError: the bot may not read them.
        """

    async def whisper(self, channel: str, member_id: str, message: Message) -> None:
        """Show a message to one member of a channel."""

    async def upload(self, member_id: str, file: Path, *, name: str, words: str) -> None:
        """Send a file to a member's direct messages, with a line of *words*."""


class Pages(Protocol):
    """A page beside each channel, on which everybody in it writes, in sections."""

    async def page_of(self, channel: str) -> str:
        """Return the id of a channel's page; empty: it has none yet."""

    async def make_page(self, channel: str, parts: Sequence[Section]) -> str:
        """Make a channel's page with these parts; return its id.

        Raises:
            ChatUnavailableError: it has one since.
        """

    async def sections(self, page: str, words: str) -> Sequence[str]:
        """Return the ids of the sections that hold these words, the first one first.

        After any change of the page the ids are others.

        Raises:
            ChatNotThereError: the page is gone.
        """

    async def insert(self, page: str, parts: Sequence[Section], *, before: str = "") -> None:
        """Put parts before a section, in one step; at the end where none is named."""

    async def remove(self, page: str, section: str) -> None:
        """Take a section out."""


@runtime_checkable
class WithPages(Protocol):
    """A chat that has such pages."""

    @property
    def pages(self) -> Pages:
        """Return what writes on them."""


def pages_of(chat: object) -> Pages | None:
    """Return what writes on the pages of a chat; None: it has none."""
    return chat.pages if isinstance(chat, WithPages) else None


class Marking(Protocol):
    """The bot's emoji on messages."""

    async def react(self, place: Place, name: str) -> None:
        """Add the bot's emoji; already there is success.

        Raises:
            ChatUnsupportedError: the platform takes none from a bot there.
        """

    async def unreact(self, place: Place, name: str) -> None:
        """Remove the bot's emoji; not there is success."""


class Directory(Protocol):
    """Members and channels, as the platform describes them now."""

    async def person(self, member_id: str) -> Person:
        """Return what the platform says of a member."""

    async def channel(self, channel: str) -> ChannelInfo:
        """Return what the platform says of a channel."""

    async def my_channels(self) -> Sequence[ChannelInfo]:
        """Return the channels the bot is a member of."""

    async def channels_of(
        self, member_id: str, *, public: bool = False, only: str = ""
    ) -> frozenset[str]:
        """Return the private channels that both this member and the bot are in now.

        With *public* also the public ones that the member is in. With *only*, the id of a channel,
        others may be left out.
        """

    async def link_to(self, place: Place, *, thread: str = "") -> str:
        """Return the address of a message, for members; *thread*: what it replies to."""


class Reading(Protocol):
    """What stands in channels."""

    async def fetch(self, place: Place, *, thread: str = "") -> Post | None:
        """Return the message at *place*, a reply or an app's too; None: not there, or our own.

        *thread*: what it replies to, where that is known; some platforms find no reply otherwise.
        """

    def history(
        self,
        channel: str,
        *,
        oldest: datetime,
        latest: datetime,
        hidden: Callable[[], None] = lambda: None,
    ) -> AsyncIterator[Sequence[Entry]]:
        """Read what stands in a channel at top level, newest first, a page at a time.

        Args:
            hidden: called at the end when the platform hides what is older, back to *oldest*.
        """

    async def thread(self, place: Place) -> Sequence[Entry]:
        """Return all replies in the thread of *place*, oldest first, without the parent."""

    async def reactions(self, place: Place) -> Sequence[tuple[str, str]]:
        """Return (emoji name, member id) of all reactions on a message but the bot's own."""


class Chat(Posting, Telling, Marking, Directory, Reading, Protocol):
    """A chat platform that can do everything that the core may ask for, in one workspace."""


class Chats(Protocol):
    """The chats of all workspaces that this program serves."""

    def of(self, workspace: str) -> Chat:
        """Return the chat of a workspace.

        Raises:
            ChatUnavailableError: the program is not connected to that workspace now.
        """
