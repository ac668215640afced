"""Who we are in a workspace, as the last auth.test said; the store keeps it for the next run."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Final

from bot.core.errors import CommonplaceError
from bot.core.model.people import Workspace

PLATFORM: Final = "slack"
"""What a workspace of Slack's is marked with in the store."""


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
    """Our identity in the workspace that a token belongs to; only Slack says which."""

    workspace: Workspace | None = None
    app_id: str = ""
    """The app that our token belongs to; empty: not known."""
    problem: str = ""
    """Why our token and the database do not belong together; empty: they do, as far as known."""
    learnt: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once Slack has told this run."""

    @property
    def bot(self) -> Workspace:
        """Who we are there.

        Raises:
            NotReadyError: Slack has not told yet.
        """
        if self.workspace is None or not self.is_told:
            raise NotReadyError
        return self.workspace

    @property
    def is_told(self) -> bool:
        """Whether Slack has told who we are, now or to an earlier run."""
        return self.workspace is not None and bool(self.workspace.bot_user_id)

    def is_of(self, workspace: str) -> bool:
        """Whether this is known to be our identity in that workspace."""
        return self.workspace is not None and self.workspace.id == workspace
