"""What the core asks of a chat platform."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.core.model.parts import Form, Message
from bot.core.model.people import ChannelInfo, Person
from bot.core.model.posts import Entry, Place, Post


class Chat(Protocol):
    """A chat platform. Raises `ChatError` and its children; see there what each promises."""

    async def post(self, channel: str, message: Message, *, thread: str = "", key: str = "") -> str:
        """Post to a channel, once, without retries; returns its *ts*.

        *key* is kept with the message, so that `find_own` finds it.
        """

    async def update(self, place: Place, message: Message) -> None:
        """Let the bot's own message say this; its key and its place stay."""

    async def tell(self, member_id: str, message: Message) -> str:
        """Post to a member's direct messages; returns its *ts*."""

    async def whisper(self, channel: str, member_id: str, message: Message) -> None:
        """Show a message to one member of a channel."""

    async def react(self, place: Place, name: str) -> None:
        """Add the bot's emoji; already there is success."""

    async def unreact(self, place: Place, name: str) -> None:
        """Remove the bot's emoji; not there is success."""

    async def delete(self, place: Place) -> None:
        """Delete the bot's own message; already gone is success."""

    async def person(self, member_id: str) -> Person:
        """What the platform says of a member."""

    async def channel(self, channel: str) -> ChannelInfo:
        """What the platform says of a channel."""

    async def my_channels(self) -> Sequence[ChannelInfo]:
        """The channels the bot is a member of."""

    async def channels_of(self, member_id: str, *, public: bool = False) -> frozenset[str]:
        """The private channels that both this member and the bot are in now.

        With *public* also the public ones that the member is in.
        """

    async def link_to(self, place: Place) -> str:
        """The address of a message, for members."""

    async def upload(self, member_id: str, file: Path, *, name: str, words: str) -> None:
        """Send a file to a member's direct messages."""

    async def fetch(self, place: Place) -> Post | None:
        """The message at *place*, a reply or an app's too; None: it is not there, or our own."""

    def history(
        self,
        channel: str,
        *,
        oldest: datetime,
        latest: datetime,
        hidden: Callable[[], None] = lambda: None,
    ) -> AsyncIterator[Sequence[Entry]]:
        """What stands in a channel at top level, newest first, a page at a time.

        Args:
            hidden: called at the end when the platform hides what is older, back to *oldest*.
        """

    async def thread(self, place: Place) -> Sequence[Entry]:
        """All replies in the thread of *place*, oldest first, without the parent."""

    async def reactions(self, place: Place) -> Sequence[tuple[str, str]]:
        """(emoji name, member id) of all reactions on a message."""

    async def find_own(
        self, channel: str, key: str, *, since: datetime, fallback: str = "", thread: str = ""
    ) -> str | None:
        """The *ts* of our own message that carries *key*, posted since then.

        Where the server keeps no metadata, our own message with the text *fallback* counts.
        """

    def instant_of(self, ts: str) -> datetime:
        """When the message with this *ts* was posted."""

    async def open_form(self, trigger: str, form: Form) -> None:
        """Show a form to whoever caused *trigger* (seconds ago)."""
