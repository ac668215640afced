"""Who we are in which workspace: from the last auth.test, kept in the store, or from the event."""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext

from bot.core.errors import CommonplaceError, SettingsError
from bot.core.model.people import Workspace
from bot.core.ports import IdeaStore
from handlers.slack import payloads


class NotReadyError(CommonplaceError):
    """Something came before we know who we are. An event is not acknowledged and comes again."""

    def __init__(self) -> None:
        super().__init__(
            "I have only just started, and Slack has not told me yet who I am here. Nothing was "
            "kept of this; please try again in a minute."
        )


class StrangerError(CommonplaceError):
    """Something came from another workspace. It changes nothing here."""

    def __init__(self) -> None:
        super().__init__(
            "That is for members of the workspace that I belong to. Nothing was changed. "
            "Ask one of them to do it for you."
        )


def app_of(app_token: str) -> str:
    """The app that an app-level token names, as Slack's do: `xapp-1-A0123456789-…`; else empty."""
    found = re.match(r"xapp-\d+-(A[A-Z0-9]+)-", app_token)
    return found[1] if found else ""


def of_two_apps(hears: str, speaks: str) -> str:
    """What is wrong when the two tokens are of two apps; empty: they are not, as far as known."""
    if not hears or not speaks or hears == speaks:
        return ""
    return (
        f"SLACK_APP_TOKEN belongs to the app {hears}, and SLACK_BOT_TOKEN to {speaks}: no event "
        "comes. Take both tokens from one app at api.slack.com/apps, and put them into .env"
    )


@dataclass(slots=True)
class Installation:
    """Our identity in the one workspace that our token belongs to; only Slack says which.

    Bolt's own way asks Slack on each event and acknowledges the event when that fails; so we
    answer its question ourselves, and never with None (it would answer 200 and lose the event).
    """

    token: str
    workspace: Workspace | None = None
    app_id: str = ""
    """The app that our token belongs to; empty: not known."""
    problem: str = ""
    """Why our token and the database do not belong together; empty: they do, as far as known."""
    learnt: asyncio.Event = field(default_factory=asyncio.Event)

    async def load(self, store: IdeaStore) -> None:
        """Begin with what the last run knew, if the database holds but one workspace."""
        if self.workspace is None:
            held = await store.workspaces()
            self.workspace = held[0] if len(held) == 1 else None

    async def learn(self, workspace: Workspace, store: IdeaStore) -> None:
        """Take what auth.test said.

        Raises:
            SettingsError: the database is another workspace's. Nothing was changed.
        """
        self.problem = await self.not_of(workspace, store)
        if self.problem:
            raise SettingsError(self.problem)
        self.workspace = workspace
        await store.remember_workspace(workspace)
        self.learnt.set()

    async def not_of(self, workspace: Workspace, store: IdeaStore) -> str:
        """Why a workspace's bot cannot use this database: it is another's; empty: it can."""
        held = {one.id: one for one in await store.workspaces()}
        if not held or workspace.id in held:
            return ""
        others = ", ".join(f"{one.name or 'a workspace'} ({one.id})" for one in held.values())
        return (
            f"DATABASE_URL: that database holds the ideas of {others}, and SLACK_BOT_TOKEN belongs "
            f"to {workspace.name or 'a workspace'} ({workspace.id}). Nothing was changed. Set "
            "DATABASE_URL to another file for this workspace, or take the token of the other one"
        )

    async def known(self, patience: float = 1.5) -> Workspace | None:
        """Who we are; the first event may come before the first answer of auth.test."""
        if self.workspace is None or not self.workspace.bot_user_id:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self.learnt.wait()
        return self.workspace

    def bot_in(self, body: dict[str, Any]) -> Workspace:
        """Who we are in the workspace that an envelope is for.

        Raises:
            NotReadyError: Slack has not told yet who we are.
            StrangerError: it is for another workspace than ours.
        """
        known, teams = self.workspace, payloads.installed_in(body)
        if known is not None and known.bot_user_id and (not teams or known.id in teams):
            return known
        if self.learnt.is_set():
            raise StrangerError
        raise NotReadyError


@dataclass(frozen=True, slots=True)
class Authorize(AsyncAuthorize):
    """Bolt's question on each request; answered without asking Slack, and never with None."""

    installation: Installation

    async def __call__(
        self, *, context: AsyncBoltContext, team_id: str | None, **_: object
    ) -> AuthorizeResult:
        """Say who we are, as far as we know."""
        bot = await self.installation.known()
        return AuthorizeResult(
            enterprise_id=context.enterprise_id,
            team_id=team_id,
            bot_token=self.installation.token,
            bot_id=bot.bot_id if bot else None,
            bot_user_id=bot.bot_user_id if bot else None,
        )
