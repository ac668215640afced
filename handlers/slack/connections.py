"""The workspaces that this program serves: who we are in each, and the chat to speak with."""

import asyncio
import contextlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.errors import ChatUnavailableError, SettingsError
from bot.core.model.people import Workspace
from bot.core.ports import IdeaStore
from handlers.slack.chat import SlackChat
from handlers.slack.installation import PLATFORM, NotReadyError, StrangerError

PATIENCE = 1.5
"""Seconds that what came waits for Slack to tell who we are."""


@dataclass(frozen=True, slots=True)
class Connections:
    """Every workspace that we have a token of. Any other is a stranger."""

    every: tuple[SlackChat, ...]
    now: Callable[[], datetime]
    """The clock that waiting goes by."""

    def __iter__(self) -> Iterator[SlackChat]:
        return iter(self.every)

    def of(self, workspace: str) -> SlackChat:
        """Return the chat of a workspace.

        Raises:
            ChatUnavailableError: we have no token of it, or Slack has not told yet that we have.
        """
        for one in self.every:
            if one.installation.is_of(workspace):
                return one
        raise ChatUnavailableError("I am not connected to that workspace.", code="not_connected")

    def workspaces(self) -> frozenset[str]:
        """Return the ids of the workspaces that are known to be ours."""
        known = (one.installation.workspace for one in self.every)
        return frozenset(workspace.id for workspace in known if workspace is not None)

    def first_of(self, teams: Collection[str]) -> SlackChat:
        """Return the chat of the first of *teams* that is ours; no team: of our only one.

        Raises:
            NotReadyError: Slack has not told yet who we are in each of our workspaces.
            StrangerError: none of them is ours.
        """
        if not teams and len(self.every) == 1:
            return self.every[0]
        for team in teams:
            with contextlib.suppress(ChatUnavailableError):
                return self.of(team)
        if all(one.installation.learnt.is_set() for one in self.every):
            raise StrangerError
        raise NotReadyError

    async def load(self, store: IdeaStore) -> None:
        """Begin with what the last run knew, if we and the database have but one workspace."""
        held = await _held(store)
        if len(self.every) == len(held) == 1:
            self.every[0].installation.workspace = held[0]
        for one in self.every:
            await self._obey_pauses(one, store)

    async def learn(self, chat: SlackChat, store: IdeaStore) -> Workspace:
        """Ask Slack who we are (auth.test), and keep it.

        Raises:
            SettingsError: the database is another workspace's. Nothing was changed.
            ChatError: Slack does not tell.
        """
        workspace, installation = await chat.whoami(), chat.installation
        installation.problem = await self.not_of(workspace, store)
        if installation.problem:
            raise SettingsError(installation.problem)
        installation.workspace = workspace
        await store.remember_workspace(workspace)
        installation.learnt.set()
        await self._obey_pauses(chat, store)
        return workspace

    async def _obey_pauses(self, chat: SlackChat, store: IdeaStore) -> None:
        """Leave alone what an earlier run was asked to leave alone."""
        known = chat.installation.workspace
        now = self.now()
        for method, until in (await store.pauses(known.id if known else "", now)).items():
            chat.calls.leave_alone(method, (until - now).total_seconds())

    async def not_of(self, workspace: Workspace, store: IdeaStore) -> str:
        """Return why the bot of our only workspace cannot use this database; empty: it can."""
        held = {one.id: one for one in await _held(store)}
        if not held or workspace.id in held or len(self.every) > 1:
            return ""
        others = ", ".join(f"{one.name or 'a workspace'} ({one.id})" for one in held.values())
        return (
            f"DATABASE_URL: that database holds the ideas of {others}, and SLACK_BOT_TOKEN belongs "
            f"to {workspace.name or 'a workspace'} ({workspace.id}). Nothing was changed. Set "
            "DATABASE_URL to another file for this workspace, or take the token of the other one"
        )

    async def known(self, teams: Collection[str]) -> None:
        """Wait a moment for Slack to tell who we are, unless one of *teams* is known as ours."""
        every = [one.installation for one in self.every]
        if not any(one.is_told and one.is_of(team) for one in every for team in teams):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await asyncio.gather(*(one.learnt.wait() for one in every if not one.is_told))


async def _held(store: IdeaStore) -> Sequence[Workspace]:
    """The workspaces of Slack in a database."""
    return [one for one in await store.workspaces() if one.platform == PLATFORM]
