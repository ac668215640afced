"""Settings: every setting, its type, default and help, in one table."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.core.digest import parse_weekly
from bot.core.errors import CommonplaceError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

SLACK_API = "https://slack.com/api/"

_MEMBER = re.compile(r"[UW][A-Z0-9]{2,}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{8,}")


def _listed(value: object) -> object:
    """A comma-separated setting as a list; empty entries are left out."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


class Settings(BaseSettings):
    """What the environment, or `.env` in the working directory, says."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
    )

    slack_bot_token: SecretStr | None = Field(None, description="The bot's token, `xoxb-…`.")
    slack_app_token: SecretStr | None = Field(
        None, description="The app-level token, `xapp-…`; when set the bot uses Socket Mode."
    )
    slack_signing_secret: SecretStr | None = Field(None, description="Needed for HTTP mode.")
    slack_api_url: str = Field(
        SLACK_API, description="Base address of the Web API, ending in `/api/`."
    )
    database_url: str = Field(
        "sqlite:///data/commonplace.db",
        description="`sqlite:///relative/path.db` or `sqlite:////absolute/path.db`.",
    )
    host: str = Field("127.0.0.1", description="Where the web side listens.")
    port: int = Field(3000, ge=0, le=65_535, description="The web side's port.")
    commonplace_base_url: str = Field(
        "", description="The address people reach the web side at; default `http://HOST:PORT`."
    )
    commonplace_channels: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="Channel ids or names, comma-separated; empty: all the bot is a member of.",
    )
    commonplace_timezone: str = Field(
        "America/Chicago", description="IANA time zone of channels that have not chosen one."
    )
    commonplace_digest: str = Field(
        "fri 15:00", description="Weekday and local time of the weekly digest, or `off`."
    )
    commonplace_prompt: str = Field(
        "mon 09:00", description="Weekday and local time of the weekly prompt, or `off`."
    )
    commonplace_admins: Annotated[list[str], NoDecode] = Field(
        default_factory=list, description="User ids who may administer, comma-separated."
    )
    commonplace_throwaway_disk: Literal["refuse", "allow"] = Field(
        "refuse",
        description="`allow` starts the bot also where the host deletes its files at each restart.",
    )
    commonplace_log_format: Literal["console", "json"] | None = Field(
        None, description="`console` on a terminal, else `json`."
    )
    commonplace_clock: datetime | None = Field(
        None, description="An ISO 8601 instant at which the clock starts: rehearsals and tests."
    )

    @field_validator("commonplace_channels", "commonplace_admins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return _listed(value)

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, value: SecretStr | None) -> SecretStr | None:
        return _kind_of_token(value, "xoxb-", "the Bot User OAuth Token (OAuth & Permissions)")

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, value: SecretStr | None) -> SecretStr | None:
        return _kind_of_token(value, "xapp-", "an App-Level Token (Basic Information)")

    @field_validator("slack_api_url")
    @classmethod
    def _api_url(cls, value: str) -> str:
        if not re.match(r"https?://[^/\s]+/(\S*/)?api/$", value):
            raise ValueError("must be an http(s) address that ends in /api/")
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not re.match(r"sqlite:///+[^/].*$", value):
            raise ValueError(
                "must be sqlite:///relative/path.db or sqlite:////absolute/path.db; no other kind "
                "of database is known"
            )
        return value

    @field_validator("commonplace_base_url")
    @classmethod
    def _base_url(cls, value: str) -> str:
        if value and not re.match(r"https?://[^/\s]+\S*$", value):
            raise ValueError("must be an address that begins with https:// or http://")
        return value

    @field_validator("commonplace_timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(
                f"{value!r} is no time zone; use an IANA name such as America/Chicago"
            ) from None
        return value

    @field_validator("commonplace_digest", "commonplace_prompt")
    @classmethod
    def _weekly(cls, value: str) -> str:
        try:
            parse_weekly(value)
        except CommonplaceError as error:
            raise ValueError(str(error)) from None
        return value

    @field_validator("commonplace_admins")
    @classmethod
    def _admins(cls, value: list[str]) -> list[str]:
        wrong = [one for one in value if not _MEMBER.fullmatch(one)]
        if wrong:
            raise ValueError(
                f"{wrong[0]!r} is no user id; in Slack: profile, ⋮, Copy member ID (U…)"
            )
        return value

    @field_validator("commonplace_channels")
    @classmethod
    def _channels(cls, value: list[str]) -> list[str]:
        # Names of channels are lower case, ids are not; either may be given.
        bare = [one.removeprefix("#").strip() for one in value]
        return [one if _CHANNEL.fullmatch(one) else one.lower() for one in bare if one]

    @field_validator("commonplace_clock")
    @classmethod
    def _clock(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("needs an offset, such as 2026-11-27T14:59:00-06:00")
        return value

    @model_validator(mode="after")
    def _rehearsal(self) -> Settings:
        if self.commonplace_clock is not None and self.slack_api_url == SLACK_API:
            raise ValueError(
                "COMMONPLACE_CLOCK: refused with Slack's own SLACK_API_URL; remove it, or point "
                "SLACK_API_URL at a test server"
            )
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        """The default time zone."""
        return ZoneInfo(self.commonplace_timezone)

    @property
    def socket_mode(self) -> bool:
        """Whether events come over a socket."""
        return self.slack_app_token is not None

    @property
    def base_url(self) -> str:
        """The address people reach the web side at, without a slash at the end."""
        return (self.commonplace_base_url or f"http://{self.host}:{self.port}").rstrip("/")


def _kind_of_token(value: SecretStr | None, prefix: str, name: str) -> SecretStr | None:
    if value is not None and not value.get_secret_value().startswith(prefix):
        raise ValueError(f"must start with {prefix}: take {name} from api.slack.com/apps")
    return value


def load_settings(**given: Any) -> Settings:
    """Read the settings.

    Args:
        given: values that come before the environment, by field name.

    Raises:
        SettingsError: one line per problem, naming the setting and the remedy.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError("\n".join(_line(problem) for problem in error.errors())) from None


def need_slack(settings: Settings, *, transport: bool = True) -> None:
    """Check that everything a connection to Slack needs is there.

    Args:
        transport: events are wanted too, not only calls.

    Raises:
        SettingsError: one line per missing setting, with the remedy.
    """
    missing = []
    if settings.slack_bot_token is None:
        missing.append(
            "SLACK_BOT_TOKEN is missing: take the Bot User OAuth Token (xoxb-…) from "
            "api.slack.com/apps, your app, OAuth & Permissions"
        )
    if transport and not settings.socket_mode and settings.slack_signing_secret is None:
        missing.append(
            "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET is missing: set SLACK_APP_TOKEN (xapp-…, "
            "Basic Information, App-Level Tokens) for Socket Mode, or SLACK_SIGNING_SECRET "
            "(Basic Information, App Credentials) for HTTP"
        )
    if missing:
        raise SettingsError("\n".join(missing))


_THROWAWAY = {
    "DYNO": "Heroku",
    "K_SERVICE": "Cloud Run",
    "AWS_LAMBDA_FUNCTION_NAME": "AWS Lambda",
}
"""What hosts whose disk does not last put into the environment, and their names."""


def need_lasting_disk(settings: Settings, environment: Mapping[str, str]) -> None:
    """Check that the database does not stand on a disk that its host throws away.

    Raises:
        SettingsError: it does, and nobody said that this is meant; with the remedy.
    """
    host = next((name for mark, name in _THROWAWAY.items() if environment.get(mark)), None)
    file = settings.database_url.startswith("sqlite:")
    if host is not None and file and settings.commonplace_throwaway_disk == "refuse":
        raise SettingsError(
            f"DATABASE_URL is a file ({settings.database_url}), and {host} deletes its files at "
            "each restart: every idea would be lost. Run the bot on a host with a lasting disk. "
            "For a trial whose ideas may be lost, set COMMONPLACE_THROWAWAY_DISK=allow"
        )


def _line(problem: Mapping[str, Any]) -> str:
    where = problem["loc"][0] if problem["loc"] else ""
    message = str(problem["msg"]).removeprefix("Value error, ")
    if not where:
        return message
    if str(problem["type"]).startswith("datetime"):
        message = "must be an ISO 8601 instant, such as 2026-11-27T14:59:00-06:00"
    name = str(where).upper()
    field = Settings.model_fields.get(str(where))
    # Pydantic's own value stands for the default of a list.
    plain = field is not None and isinstance(field.default, str | int) and field.default != ""
    default = f" (default: {field.default})" if field is not None and plain else ""
    # Tokens and passwords are not repeated: what is written here ends in a log.
    hidden = any(word in name for word in ("TOKEN", "SECRET", "DATABASE"))
    shown = "" if hidden else f" is {problem['input']!r}:"
    return f"{name}{shown or ':'} {message}{default if not message.startswith('must') else ''}"
