"""Who we are in which workspace: from the last auth.test, kept in the store, or from the event."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize

from bot.core.errors import CommonplaceError
from bot.core.model import Workspace

if TYPE_CHECKING:
    from slack_bolt.context.async_context import AsyncBoltContext

    from bot.core.ports import IdeaStore


class NotReadyError(CommonplaceError):
    """An event came before we know who we are. It is not acknowledged, so Slack sends it again."""


@dataclass(slots=True)
class Installation:
    """Our identity in one workspace. It is learnt once and then only refreshed.

    Bolt's own way asks Slack on each event and acknowledges the event when that fails; so we
    answer its question ourselves, and never with None (it would answer 200 and lose the event).
    """

    token: str
    workspace: Workspace | None = None
    learnt: asyncio.Event = field(default_factory=asyncio.Event)

    async def load(self, store: IdeaStore) -> None:
        """Begin with what the last run knew."""
        if self.workspace is None:
            self.workspace = await store.workspace()

    async def learn(self, workspace: Workspace, store: IdeaStore) -> None:
        """Take what auth.test said."""
        self.workspace = workspace
        await store.remember_workspace(workspace)
        self.learnt.set()

    async def known(self, patience: float = 1.5) -> Workspace | None:
        """Who we are; the first event may come before the first answer of auth.test."""
        if self.workspace is None or not self.workspace.bot_user_id:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self.learnt.wait()
        return self.workspace

    def bot_in(self, team: str, body: dict[str, Any] | None = None) -> Workspace:
        """Who we are in *team*.

        Raises:
            NotReadyError: neither auth.test nor the event has told.
        """
        known = self.workspace
        if known is not None and known.bot_user_id and team in {"", known.id}:
            return known
        for authorization in (body or {}).get("authorizations") or ():
            if authorization.get("is_bot") and authorization.get("user_id"):
                return Workspace(
                    id=str(authorization.get("team_id") or team),
                    bot_user_id=str(authorization["user_id"]),
                )
        raise NotReadyError("An event came before Slack told who this bot is.")


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
