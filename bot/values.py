"""How a setting is read from its text: a value, or `ValueError` with what is wrong and a remedy."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.core.errors import CommonplaceError
from bot.core.model.nearest import did_you_mean, nearest
from bot.core.model.weeks import parse_weekly

INSTANT = "2026-11-27T14:59:00-06:00"

OF_TEAM = " \u203a "
"""What stands between a team and a channel of it, where platforms have teams."""

_MEMBER = re.compile(r"[UW][A-Z0-9]{2,}")
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{8,}|19:\S+@thread\.\S+")


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that shows itself only to whoever asks for it by name; empty: there is none."""

    _value: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        return bool(self._value)

    def reveal(self) -> str:
        """The value itself. It must not reach a log, an error or a metric."""
        return self._value


def token(prefix: str, name: str) -> Callable[[str], Secret]:
    """Read a token of Slack's that starts with *prefix*; *name* is what Slack calls it."""

    def read(text: str) -> Secret:
        if not text.startswith(prefix):
            raise ValueError(f"must start with {prefix}: take {name} from api.slack.com/apps")
        return Secret(text)

    return read


def guid(name: str) -> Callable[[str], str]:
    """Read an id of Microsoft's; *name* is what Entra calls it."""

    def read(text: str) -> str:
        if not _GUID.fullmatch(text):
            raise ValueError(f"must be the {name} from entra.microsoft.com, App registrations")
        return text.lower()

    return read


def matching(pattern: str, wrong: str) -> Callable[[str], str]:
    """Read a text that the whole *pattern* matches; else *wrong* says what is wrong."""

    def read(text: str) -> str:
        if text and not re.fullmatch(pattern, text):
            raise ValueError(wrong)
        return text

    return read


def port(text: str) -> int:
    """Read a port, 0 to 65535."""
    if not (text.isascii() and text.isdigit() and int(text) <= 65_535):
        raise ValueError("must be an integer from 0 to 65535")
    return int(text)


def zone(text: str) -> str:
    """Read the IANA name of a time zone."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = [one for one in nearest(text, sorted(available_timezones())) if "/" in one]
        hint = did_you_mean(near) or "Use an IANA name such as America/Chicago."
        raise ValueError(f"there is no such time zone. {hint}") from None
    return text


def proxy(text: str) -> Secret:
    """Read the address of a proxy; it may hold a password."""
    whole = text if "://" in text else f"http://{text}"
    if not re.fullmatch(r"http://[^/\s]+/?", whole):
        raise ValueError("must be http://host:port or http://user:password@host:port")
    return Secret(whole)


def weekly(text: str) -> str:
    """Read a weekday and a time, or `off`."""
    try:
        parse_weekly(text)
    except CommonplaceError as error:
        raise ValueError(str(error).rpartition(": ")[2]) from None
    return text


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def members(text: str) -> tuple[str, ...]:
    """Read ids of members, comma-separated."""
    wrong = next(
        (one for one in _listed(text) if not (_MEMBER.fullmatch(one) or _GUID.fullmatch(one))), None
    )
    if wrong is not None:
        raise ValueError(
            f"{wrong!r} is no user id; in Slack: profile, ⋮, Copy member ID (U…); for Teams: the "
            "user's Object ID in entra.microsoft.com"
        )
    return tuple(one.lower() if _GUID.fullmatch(one) else one for one in _listed(text))


def typed_channel(name: str) -> str:
    """Return a channel's name as its platform writes it, from how it is typed."""
    return OF_TEAM.join(part.strip() for part in name.split(">"))


def is_channel_id(text: str) -> bool:
    """Whether a text is the id of a channel, of any platform, and not a name."""
    return bool(_CHANNEL.fullmatch(text))


def channels(text: str) -> tuple[str, ...]:
    """Read ids or names of channels, comma-separated, with or without `#`."""
    # Names of channels are lower case, ids are not; either may be given.
    bare = [typed_channel(one.removeprefix("#").strip()) for one in _listed(text)]
    return tuple(one if is_channel_id(one) else one.lower() for one in bare if one)


def instant(text: str) -> datetime:
    """Read an instant with its offset."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"must be an ISO 8601 instant, such as {INSTANT}") from None
    if instant.tzinfo is None:
        raise ValueError(f"needs an offset, such as {INSTANT}")
    return instant


def framework(path: str) -> str:
    """Read the path of a framework file, which must be right."""
    from bot.data.framework import framework_at  # noqa: PLC0415  (few have one of their own)

    try:
        framework_at(path)
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(
            f"cannot be read ({why_unread(error)}); name a file like bot/data/framework.toml, or "
            "leave it empty"
        ) from None
    except CommonplaceError as error:
        raise ValueError(str(error)) from None
    return path


def why_unread(error: OSError | UnicodeDecodeError) -> str:
    """Why a text file could not be read, in words for parentheses."""
    return (isinstance(error, OSError) and error.strerror) or "it is not UTF-8"
