"""The app's descriptions that an operator hands to Slack and to Microsoft Teams."""

import json
from importlib.metadata import version

from bot.config import Settings
from bot.core.errors import SettingsError
from handlers.slack import manifest as slack
from handlers.teams import manifest as teams


def slack_manifest(base_url: str | None) -> bytes:
    """Return the description for Slack: HTTP at *base_url*; None: Socket Mode."""
    return json.dumps(slack.manifest(base_url), indent=2, ensure_ascii=False).encode() + b"\n"


def teams_package(settings: Settings, base_url: str | None) -> tuple[bytes, str]:
    """Return the package for Teams, and what is wrong with the address in it; empty: nothing.

    Args:
        base_url: where people reach the web side; None: as the settings say.

    Raises:
        SettingsError: it is not known which application the bot is.
    """
    if not settings.teams:
        raise SettingsError(
            "TEAMS_CLIENT_ID is missing: the package names the bot's application in Entra; "
            "docs/teams.md says where it stands"
        )
    where = (base_url or settings.base_url).rstrip("/")
    made = teams.package(settings.teams_client_id, base_url=where, version=version("commonplace"))
    if where.startswith("https://"):
        return made, ""
    return made, (
        f"Teams needs an https address that the internet can reach, and {where} is none: "
        "set COMMONPLACE_BASE_URL, then make the package again."
    )
