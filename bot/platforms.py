"""The chat platforms that the bot is on, joined: each workspace is of one of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from bot.core.errors import ChatUnavailableError
from bot.core.model.posts import Span
from bot.core.model.vocabulary import Vocabulary
from bot.core.ports.chat import Chat, Chats


class Workspaces(Chats, Protocol):
    """The chats of one platform."""

    def workspaces(self) -> frozenset[str]:
        """Return the ids of the workspaces that are known to be ours."""


class Reads(Protocol):
    """Reads what was typed after a command."""

    def __call__(self, text: str, /) -> tuple[Span, ...]:
        """Return what a text of the platform's holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """What differs from one platform to the next, beside its chats."""

    chats: Workspaces
    vocabulary: Vocabulary
    spans: Reads


@dataclass(frozen=True, slots=True)
class Platforms:
    """All of them. A workspace that is not known yet counts as the first one's."""

    every: tuple[Platform, ...]

    def of(self, workspace: str) -> Chat:
        """Return the chat of a workspace; raises as `Chats.of`."""
        for one in self._with(workspace):
            return one.chats.of(workspace)
        raise ChatUnavailableError("I am not connected to that workspace.", code="not_connected")

    def workspaces(self) -> frozenset[str]:
        """Return the ids of all workspaces that are known to be ours."""
        return frozenset().union(*(one.chats.workspaces() for one in self.every))

    def words_of(self, workspace: str) -> Vocabulary:
        """Return what a workspace's platform calls what sentences speak of."""
        return next(self._with(workspace), self.every[0]).vocabulary

    def spans(self, workspace: str, text: str) -> tuple[Span, ...]:
        """Return what a text that was typed in a workspace holds."""
        return next(self._with(workspace), self.every[0]).spans(text)

    def _with(self, workspace: str) -> Iterator[Platform]:
        return (one for one in self.every if workspace in one.chats.workspaces())
