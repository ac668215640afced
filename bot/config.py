"""Settings: every setting, how it is read, its default and help, in one table.

A table of our own rather than a library's model: that library alone made the start half as long
again and took a sixth of the memory.
"""

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dotenv import dotenv_values

from bot import values
from bot.core.errors import SettingsError
from bot.core.model.links import is_loopback
from bot.core.model.nearest import did_you_mean, nearest
from bot.values import Secret, why_unread

SLACK_API = "https://slack.com/api/"
GRAPH_API = "https://graph.microsoft.com/v1.0/"
_TEAMS = ("teams_client_id", "teams_client_secret", "teams_tenant_id")
"""All three are set, or none is."""

_HIDDEN = ("TOKEN", "SECRET", "DATABASE", "PROXY")
"""Parts of the names of settings whose value no message repeats, since messages are logged."""
_OURS = "COMMONPLACE_"
"""The beginning of the names that only this program reads."""


class Need(Enum):
    """What a command cannot do without, beside settings that are right."""

    NOTHING = "nothing"
    CALLS = "to call a chat"
    RUN = "to call a chat, to hear from it, and a disk that lasts"


def _setting(default: object, description: str, read: Callable[[str], object] = str) -> Any:
    return field(default=default, metadata={"description": description, "read": read})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the environment, or `.env` in the working directory, says."""

    slack_bot_token: Secret = _setting(
        Secret(),
        "The bot's token, `xoxb-…`.",
        values.token("xoxb-", "the Bot User OAuth Token (OAuth & Permissions)"),
    )
    slack_app_token: Secret = _setting(
        Secret(),
        "The app-level token, `xapp-…`. When it is set, the bot uses Socket Mode.",
        values.token("xapp-", "an App-Level Token (Basic Information)"),
    )
    slack_signing_secret: Secret = _setting(Secret(), "Needed for HTTP mode.", Secret)
    slack_api_url: str = _setting(
        SLACK_API,
        "Base address of the Web API, ending in `/api/`.",
        values.matching(
            r"https?://[^/\s]+/(\S*/)?api/", "must be an http(s) address that ends in /api/"
        ),
    )
    teams_client_id: str = _setting(
        "",
        "The Teams bot's application (client) id in Entra.",
        values.guid("Application (client) ID"),
    )
    teams_client_secret: Secret = _setting(Secret(), "A client secret of that application.", Secret)
    teams_tenant_id: str = _setting(
        "", "The directory (tenant) id in Entra.", values.guid("Directory (tenant) ID")
    )
    teams_graph_url: str = _setting(
        GRAPH_API,
        "Base address of Microsoft Graph, ending in `/v1.0/`.",
        values.matching(
            r"https?://[^/\s]+/(\S*/)?v1\.0/", "must be an http(s) address that ends in /v1.0/"
        ),
    )
    teams_rehearsal: str = _setting(
        "",
        "`allow`: what comes needs no signature, and no token is sent. For the Agents Playground "
        "and for tests, on this machine alone.",
        values.matching("allow", "must be 'allow', or empty"),
    )
    https_proxy: Secret = _setting(
        Secret(),
        "The proxy through which the bot reaches Slack and Teams, `http://user:password@host:port`.",
        values.proxy,
    )
    http_proxy: Secret = _setting(
        Secret(),
        "The same, for addresses that begin with `http://`. One of the two serves for both.",
        values.proxy,
    )
    no_proxy: str = _setting("", "Hosts that the bot reaches without a proxy, comma-separated.")
    database_url: str = _setting(
        "sqlite:///data/commonplace.db",
        "`sqlite:///relative/path.db` or `sqlite:////absolute/path.db`.",
        values.matching(
            r"sqlite:///+[^/].*",
            "must be sqlite:///relative/path.db or sqlite:////absolute/path.db; no other kind of "
            "database is known",
        ),
    )
    host: str = _setting("127.0.0.1", "Where the web side listens.")
    port: int = _setting(3000, "The web side's port.", values.port)
    commonplace_base_url: str = _setting(
        "",
        "The address where people reach the web side. Empty: `http://HOST:PORT`.",
        values.matching(
            r"https?://[^/\s]+\S*", "must be an address that begins with https:// or http://"
        ),
    )
    commonplace_channels: tuple[str, ...] = _setting(
        (),
        "Channel ids or names, comma-separated. Empty: all that the bot is a member of.",
        values.channels,
    )
    commonplace_timezone: str = _setting(
        "America/Chicago", "IANA time zone of channels that have not chosen one.", values.zone
    )
    commonplace_digest: str = _setting(
        "fri 15:00", "Weekday and local time of the weekly digest, or `off`.", values.weekly
    )
    commonplace_prompt: str = _setting(
        "mon 09:00", "Weekday and local time of the weekly question, or `off`.", values.weekly
    )
    commonplace_framework: str = _setting(
        "",
        "A framework file of your own. Empty: the file that comes with the program.",
        values.framework,
    )
    commonplace_admins: tuple[str, ...] = _setting(
        (), "Ids of users who may administer, comma-separated.", values.members
    )
    commonplace_throwaway_disk: str = _setting(
        "refuse",
        "`allow` starts the bot even where the host deletes its files at each restart.",
        values.matching("refuse|allow", "must be 'refuse' or 'allow'"),
    )
    commonplace_log_format: str | None = _setting(
        None,
        "`console` on a terminal, else `json`.",
        values.matching("console|json", "must be 'console' or 'json'"),
    )
    commonplace_clock: datetime | None = _setting(
        None,
        "An ISO 8601 instant at which the clock starts, for rehearsals and tests.",
        values.instant,
    )

    @cached_property
    def zone(self) -> ZoneInfo:
        """The default time zone."""
        return ZoneInfo(self.commonplace_timezone)

    @property
    def teams(self) -> bool:
        """Whether the bot serves Teams."""
        return bool(self.teams_client_id)

    @property
    def base_url(self) -> str:
        """The address people reach the web side at, without a slash at the end."""
        return (self.commonplace_base_url or f"http://{self.host}:{self.port}").rstrip("/")


def table() -> Mapping[str, tuple[object, str]]:
    """Each setting by its name in the environment: its default, and what it means."""
    return {
        one.name.upper(): (one.default, one.metadata["description"]) for one in fields(Settings)
    }


def load_settings(
    need: Need = Need.NOTHING,
    environment: Mapping[str, str] = os.environ,
    /,
    *,
    env_file: Path | None = Path(".env"),
    **given: object,
) -> Settings:
    """Read the settings. The environment comes before the file, and an empty setting is none.

    Args:
        need: what must be set as well.
        given: by field name, what comes before both: a text to read, or a value.

    Raises:
        SettingsError: one line per problem, naming the setting and the remedy: whatever is
            unknown, wrong or missing.
    """
    ours = _read(env_file)
    told: Mapping[str, object] = {**ours, **environment}
    found: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for one in fields(Settings):
        name = one.name.upper()
        if name.endswith("_PROXY"):  # other programs read these too, in either form
            told = {name: told.get(one.name), **told}
        value = given.get(one.name, told.get(name))
        text = _unquoted(value) if isinstance(value, str) else None
        if text:
            try:
                found[one.name] = one.metadata["read"](text)
            except ValueError as error:
                wrong[one.name] = _line(name, text, one.default, str(error))
        elif text is None and value is not None:
            found[one.name] = value
    settings = Settings(**found)
    problems = [*_unknown(told, ours), *wrong.values()]
    known = found.keys() | wrong
    problems += _rehearsed(settings, known)
    problems += _missing(known, need)
    if need is Need.RUN and "database_url" not in wrong:
        problems += _fleeting(settings, environment)
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def _unquoted(text: str) -> str:
    """Return a value without the quotes that a container's file of settings leaves around it."""
    text = text.strip()
    while len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1].strip()
    return text


def _unknown(told: Mapping[str, object], ours: Collection[str]) -> Iterator[str]:
    """Yield a line for each unknown name that can only be meant for this program.

    Such are names that begin with `COMMONPLACE_`, and names in the file *ours* or among Slack's
    that are nearly one of the other settings.
    """
    known = {name.removeprefix(_OURS): name for name in table()}
    other = [n for n in known.values() if not n.startswith(_OURS) and not n.endswith("_PROXY")]
    for name in sorted(told.keys() - known.values()):
        if name.startswith(_OURS):
            near = [known[one] for one in nearest(name.removeprefix(_OURS), known, likeness=0.5)]
            hint = did_you_mean(near) or "docs/settings.md lists them all."
            yield f"{name}: there is no such setting. {hint}"
        elif name in ours or name.startswith(("SLACK_", "TEAMS_")):
            for one in nearest(name, other, likeness=0.9):
                yield f"{name}: there is no such setting. Did you mean {one}?"


def _read(env_file: Path | None) -> dict[str, object]:
    if env_file is None:
        return {}
    try:
        return dict(dotenv_values(env_file, interpolate=False))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{env_file} cannot be read ({why_unread(error)}). "
            "Make it readable for the bot's user, or write it anew from .env.example"
        ) from None


def _line(name: str, text: str, default: object, wrong: str) -> str:
    hidden = any(word in name for word in _HIDDEN)
    shown = f"{name}:" if hidden else f"{name} is {text!r}:"
    fallback = f" (default: {default})" if default and not wrong.startswith("must") else ""
    return f"{shown} {wrong}{fallback}"


def _rehearsed(settings: Settings, known: Collection[str]) -> Iterator[str]:
    """Yield a line for each setting of rehearsals that a real chat forbids."""
    rehearsal = settings.teams_rehearsal == "allow"
    if rehearsal and not is_loopback(settings.host):
        yield (
            "TEAMS_REHEARSAL: refused unless HOST is this machine alone, such as 127.0.0.1, for "
            "anybody could speak as Teams; remove it, or set HOST"
        )
    if not settings.commonplace_clock:
        return
    slacks_own = settings.slack_api_url == SLACK_API
    if slacks_own and not (rehearsal and "slack_bot_token" not in known):
        yield (
            "COMMONPLACE_CLOCK: refused with Slack's own SLACK_API_URL; remove it, or point "
            "SLACK_API_URL at a test server"
        )
    elif settings.teams and not rehearsal:
        yield "COMMONPLACE_CLOCK: refused with Teams, but in a rehearsal; remove it"


def _missing(known: Collection[str], need: Need) -> Iterator[str]:
    """Yield a line for each missing setting that the other ones, or what is needed, ask for."""
    teams = [name for name in _TEAMS if name in known]
    if teams:
        for name in _TEAMS:
            if name not in known:
                yield (
                    f"{name.upper()} is missing: Teams needs TEAMS_CLIENT_ID, TEAMS_CLIENT_SECRET "
                    "and TEAMS_TENANT_ID, all three; docs/teams.md says where each one stands"
                )
    slack = {"slack_bot_token", "slack_app_token", "slack_signing_secret"} & {*known}
    if need is Need.NOTHING or (teams and not slack):
        return
    if "slack_bot_token" not in known:
        yield (
            "SLACK_BOT_TOKEN is missing: take the Bot User OAuth Token (xoxb-…) from "
            "api.slack.com/apps, your app, OAuth & Permissions"
        ) + ("" if slack else "; for Teams see docs/teams.md")
    if need is Need.RUN and not slack - {"slack_bot_token"}:
        yield (
            "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET is missing: set SLACK_APP_TOKEN (xapp-…, "
            "Basic Information, App-Level Tokens) for Socket Mode, or SLACK_SIGNING_SECRET "
            "(Basic Information, App Credentials) for HTTP"
        )


_THROWAWAY = {
    "DYNO": "Heroku",
    "K_SERVICE": "Cloud Run",
    "AWS_LAMBDA_FUNCTION_NAME": "AWS Lambda",
}
"""Variables that hosts with a throw-away disk set, and the names of these hosts."""


def _fleeting(settings: Settings, environment: Mapping[str, str]) -> list[str]:
    """Return a line if the host deletes the database's disk and nobody has allowed that."""
    host = next((name for mark, name in _THROWAWAY.items() if environment.get(mark)), None)
    file = settings.database_url.startswith("sqlite:")
    if host is None or not file or settings.commonplace_throwaway_disk == "allow":
        return []
    line = (
        f"DATABASE_URL is a file ({settings.database_url}), and {host} deletes its files at "
        "each restart: every idea would be lost. Run the bot on a host with a lasting disk. "
        "For a trial whose ideas may be lost, set COMMONPLACE_THROWAWAY_DISK=allow"
    )
    return [line]
