"""What several commands of the command line take, and how each is read."""

from datetime import date, datetime
from pathlib import Path

import click

FILE = click.Path(dir_okay=False, path_type=Path)


def day(text: str) -> date:
    """Read a day, `2026-09-01`."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  (a day has no zone)
    except ValueError:
        words = f"{text!r} is not a day; write it like 2026-09-01"
        raise click.BadParameter(words) from None


def when(text: str) -> datetime:
    """Read an instant in ISO 8601; without an offset it is the channel's local time."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        words = f"{text!r} is not an instant; write it like 2026-11-27T15:00"
        raise click.BadParameter(words) from None


def channel(text: str) -> str:
    """Read a channel's id or name, with or without `#`; of a team's, with `>` for its sign."""
    from bot.values import typed_channel  # noqa: PLC0415  (only where a command needs it)

    return typed_channel(text.removeprefix("#"))


FORMAT = click.Choice(("csv", "json", "xlsx", "md", "ris", "bib", "csl"))
HERE = click.option("--channel", type=channel, required=True, help="The channel's id or name.")
IN_CHANNEL = click.option("--channel", type=channel, default="", help="A channel's id or name.")
SINCE = click.option("--since", type=day, help="First day, in COMMONPLACE_TIMEZONE.")
UNTIL = click.option("--until", type=day, help="Last day, in COMMONPLACE_TIMEZONE.")
OUTPUT = click.option("--output", type=FILE, help="A file to write.")
AT = click.option("--at", type=when, help="ISO 8601; default now.")
POST = click.option("--post", is_flag=True, help="Post it, once per channel and week.")
MEMBER = click.option("--member", required=True, help="A member's id or name.")
STANDS = click.option(
    "--stands",
    type=click.Choice(("yes", "no")),
    callback=lambda _context, _option, said: None if said is None else said == "yes",
    help="Whether a post in doubt is there, where I cannot look.",
)
