"""The command line: thin. Results go to standard output, everything else to standard error.

Heavy imports wait until a command needs them, so that `--help` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

import click

from bot.config import Need, Settings
from bot.core.ports import IdeaStore

IN_DOUBT = 3
"""Exit status: it may or may not have been posted; run the command again."""

Result = TypeVar("Result")


class Day(click.ParamType[date]):
    """A day, `2026-09-01`."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it, or say how it is written."""
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            self.fail(f"{value!r} is not a day; write it like 2026-09-01", param, ctx)


class When(click.ParamType[datetime]):
    """An instant in ISO 8601; without an offset it is the channel's local time."""

    name = "when"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it, or say how it is written."""
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            words = f"{value!r} is not an instant; write it like 2026-11-27T15:00"
            self.fail(words, param, ctx)


def _say(words: str = "", *, err: bool = False, nl: bool = True) -> None:
    """Print words, some of which others wrote, so that no terminal takes them for a command."""
    from bot.terminal import shown

    click.echo(shown(words), err=err, nl=nl)


def _await(work: Coroutine[Any, Any, Result]) -> Result:
    """Run *work* to its end in an event loop of its own."""
    import asyncio

    return asyncio.run(work)


@contextmanager
def _errors() -> Iterator[None]:
    """Turn what went wrong into words and an exit status."""
    from bot.core.errors import ChatError, CommonplaceError, SettingsError

    try:
        yield
    except SettingsError as error:
        _say(str(error), err=True)
        sys.exit(2)
    except ChatError as error:
        from bot.oneshot import advice

        _say(f"{error} {advice(error)}.", err=True)
        sys.exit(1)
    except CommonplaceError as error:
        _say(str(error), err=True)
        sys.exit(1)
    except BrokenPipeError:
        # Whoever read our output has had enough.
        sys.stdout = None
        sys.exit(0)


def _settings(need: Need | None = None) -> Settings:
    from bot.config import Need, load_settings
    from bot.telemetry import set_up_logging

    settings = load_settings(need or Need.NOTHING)
    set_up_logging(settings.commonplace_log_format)
    return settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="commonplace", message="%(version)s")
def main() -> None:
    """Keep the ideas of a network of school librarians, with each author's name."""
    os.umask(0o077)  # whatever a command writes is for its user's eyes alone


@main.command()
def run() -> None:
    """Connect to Slack and serve the web side, until SIGTERM or SIGINT."""
    import gc

    gc.disable()  # while starting nothing is garbage; `serve.run` turns it on again
    with _errors():
        from bot.config import Need

        settings = _settings(Need.RUN)
        from bot.serve import run as serve

        _await(serve(settings))


@main.command()
@click.option("--port", type=click.IntRange(0, 65_535), envvar="PORT", default=3000)
def sandbox(port: int) -> None:
    """Try Commonplace in the browser, against a small Slack of its own."""
    with _errors():
        from bot.sandbox_runner import serve_sandbox

        _await(serve_sandbox(port))


@main.command()
@click.option("--format", "style", type=click.Choice(["csv", "json"]), default="csv")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file to write.")
@click.option("--since", type=Day(), help="First day, in COMMONPLACE_TIMEZONE.")
@click.option("--until", type=Day(), help="Last day, in COMMONPLACE_TIMEZONE.")
@click.option("--channel", default="", help="A channel's id or name.")
@click.option("--author", default="", help="A member's id or name.")
def export(
    style: str, output: Path | None, since: Any, until: Any, channel: str, author: str
) -> None:
    """Write the ideas as CSV or JSON; works while the bot runs."""
    with _errors():
        settings = _settings()
        from bot.core.errors import SettingsError
        from bot.core.finding import export as writers
        from bot.core.finding.ideas import day_span
        from bot.core.messages.common import tally
        from bot.core.model.ideas import Filters, Kind, Sight
        from storage import open_store

        if since and until and since > until:
            raise SettingsError("--since is after --until, so no idea can match.")
        write = writers.write_json if style == "json" else writers.write_csv
        store = open_store(settings.database_url, read_only=True)
        filters = Filters(
            since=since,
            until=until,
            channel=_await(_channel(store, channel)) if channel else "",
            people=(_await(_author(store, author)),) if author else (),
        )
        first, last = day_span(filters, settings.zone)
        everything = Sight(everything=True)
        total = None
        if output is not None and sys.stderr.isatty():
            total = _await(store.count("", filters, everything, since=first, until=last))
        rows: Iterable[Any] = store.export_rows(
            "", filters, everything, since=first, until=last, zone=settings.zone
        )
        kinds = dict.fromkeys(Kind, 0)
        with _target(output) as out, _progress(rows, total) as shown:
            write(writers.counting(shown, kinds), out)
        if output is not None:
            told = f"{tally(kinds)} written to {output}"
            none = f"No idea matches: {output} holds none."
            _say(told if any(kinds.values()) else none, err=True)


async def _channel(store: IdeaStore, name: str) -> str:
    """The id of the channel that an operator means by *name*; else `SettingsError`."""
    from bot.core.finding.names import unknown_channel

    for workspace in await store.workspaces():
        known = await store.channel(workspace.id, name.removeprefix("#"))
        if known is not None:
            return known.id
    raise await unknown_channel(store, name)


async def _author(store: IdeaStore, name: str) -> str:
    """The id of the member that an operator means by *name*; else `SettingsError`."""
    from bot.core.errors import SettingsError
    from bot.core.model.ideas import Sight
    from bot.core.model.nearest import did_you_mean, nearest

    name = name.removeprefix("@")
    found = await store.called("", name)
    if len(found) == 1:
        return found[0].person.id
    if found:
        each = [(one.person.id, one.profile.school, one.person.title) for one in found]
        which = "; ".join(", ".join(filter(None, one)) for one in each)
        raise SettingsError(
            f"--author: {len(found)} people are called {name!r}. Name one by id: {which}"
        )
    authors = await store.authors("", Sight(everything=True))
    hint = did_you_mean(nearest(name, [one.person.name for one in authors], most=3))
    raise SettingsError(
        f"--author: nobody called {name!r} is known. "
        f"{hint or 'Take the name or the id from the columns author and author_id.'}"
    )


@contextmanager
def _target(output: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that appears only when it is whole."""
    from bot.core.errors import StoreFullError

    if output is None:
        from bot.terminal import Screen

        out = Screen() if sys.stdout.isatty() else sys.stdout.buffer
        yield cast("BinaryIO", out)
        out.flush()
        return
    part = output.with_name(f"{output.name}.part")
    try:
        if output.exists() and not output.is_file():  # a device or a pipe stays what it is
            with output.open("wb") as out:
                yield out
            return
        part.unlink(missing_ok=True)  # perhaps somebody else's, or a link to what is to stay
        with part.open("xb") as out:
            yield out
        part.replace(output)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StoreFullError(
            f"{output} cannot be written ({error.strerror}). Nothing was changed there."
        ) from None
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _progress(rows: Iterable[Any], total: int | None) -> Any:
    if total is None:
        return nullcontext(rows)
    return click.progressbar(
        rows, length=total, label="Exporting", file=sys.stderr, update_min_steps=500
    )


@main.command()
@click.option("--channel", required=True, help="The channel's id or name.")
@click.option("--at", type=When(), help="ISO 8601; default now.")
@click.option("--post", is_flag=True, help="Post it, once per channel and week.")
@click.option(
    "--preview-html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file to write the digest to as a page, to look at or to print.",
)
def digest(channel: str, at: datetime | None, post: bool, preview_html: Path | None) -> None:  # noqa: FBT001
    """Print the digest that would be posted, or post it."""
    if preview_html is None:
        _weekly("digest", channel, at, post=post)
        return
    if post:
        raise click.UsageError("--preview-html is for looking and --post for posting: choose one.")
    with _errors():
        settings = _settings()
        from bot import oneshot

        made = _await(oneshot.digest_page(settings, channel.removeprefix("#"), at))
        if made is None:
            _say("There is nothing to post, so nothing was written.", err=True)
            return
        with _target(preview_html) as out:
            out.write(made.encode())
        _say(f"Written to {preview_html}", err=True)


@main.command()
@click.option("--channel", required=True, help="The channel's id or name.")
@click.option("--at", type=When(), help="ISO 8601; default now.")
@click.option("--post", is_flag=True, help="Post it, once per channel and week.")
def prompt(channel: str, at: datetime | None, post: bool) -> None:  # noqa: FBT001
    """Print the question that would be asked, or ask it."""
    _weekly("prompt", channel, at, post=post)


def _weekly(kind: str, channel: str, at: datetime | None, *, post: bool) -> None:
    with _errors():
        from bot.config import Need

        settings = _settings(Need.CALLS if post else Need.NOTHING)
        from bot import oneshot

        words, status = _await(
            oneshot.weekly(settings, kind, channel.removeprefix("#"), at, post=post)
        )
        _say(words)
        sys.exit(status)


@main.command("catch-up")
@click.option("--channel", help="A channel's id or name; without it, every watched channel.")
@click.option("--since", type=Day(), help="First day; also from before the bot was invited.")
def catch_up(channel: str | None, since: Any) -> None:
    """Read the channels' history again, and catch up with it."""
    with _errors():
        from bot.config import Need

        settings = _settings(Need.CALLS)
        from bot import oneshot

        def show(where: Any, tally: Any) -> None:
            if sys.stderr.isatty():
                bar = ("#" * round(20 * tally.share)).ljust(20, ".")
                words = f"[{bar}] #{where.name or where.id}: {tally.read:,} read, {tally.new:,} new"
                if tally.threads and tally.share == 1:
                    words += f", {len(tally.threads):,} threads to go"
                click.echo("\r\033[K", err=True, nl=False)
                _say(words, err=True, nl=False)

        name = channel.removeprefix("#") if channel else None
        read = _await(oneshot.catch_up(settings, name, since, show))
        if sys.stderr.isatty():
            _say(err=True)
        for where, tally in read:
            _say(
                f"#{where.name or where.id}: {tally.read:,} read, {tally.new:,} new, "
                f"{tally.changed:,} changed, {tally.withdrawn:,} withdrawn"
            )
            if since is not None and tally.hidden:
                day = tally.first.astimezone(settings.zone).date() if tally.first else None
                shows = f"nothing from before {day}" if day else "nothing of that time"
                _say(
                    f"  Slack shows {shows}: on its free plan, what is older than 90 days is "
                    "hidden. A paid plan shows it again; then run this once more."
                )


@main.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    with _errors():
        settings = _settings()
        from storage import migrate as bring

        applied = bring(settings.database_url)
        _say(f"Applied: {', '.join(applied)}" if applied else "Nothing to do: up to date.")


@main.command()
def doctor() -> None:
    """Check settings, database, tokens, scopes and channels; one line each."""
    from bot.config import Need
    from bot.core.errors import SettingsError

    wrong: list[str] = []
    settings: Settings | None = None
    try:
        settings = _settings(Need.RUN)
    except SettingsError as error:
        wrong = str(error).splitlines()
        with suppress(SettingsError):  # what is missing keeps nothing else from being looked at
            settings = _settings()
    from bot import oneshot

    with _errors():
        failed = False
        for check in _await(oneshot.doctor(settings, wrong)):
            _say(f"{check.state:<5} {check.name}: {check.words}")
            failed = failed or check.state == "FAIL"
        sys.exit(1 if failed else 0)


@main.command()
@click.option("--base-url", help="Where Slack reaches the web side, for HTTP; else Socket Mode.")
def manifest(base_url: str | None) -> None:
    """Print the Slack app manifest (JSON)."""
    if base_url is not None and not base_url.startswith(("https://", "http://")):
        raise click.BadParameter("must begin with https://", param_hint="--base-url")
    import json

    from handlers.slack.manifest import manifest as made

    _say(json.dumps(made(base_url), indent=2, ensure_ascii=False))


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the database to FILE, whole and consistent, while the bot runs."""
    with _errors():
        settings = _settings()
        from storage import open_store

        # Also before an upgrade's first start, when the file is still the older program's.
        _await(open_store(settings.database_url, read_only=True, older=True).backup(file))
        _say(f"Copied to {file}", err=True)


@main.command()
def check() -> None:
    """Check that the database is sound; works while the bot runs."""
    with _errors():
        settings = _settings()
        from storage import find_faults

        faults = _await(find_faults(settings.database_url))
        for fault in faults:
            _say(fault)
        if faults:
            sys.exit(1)
        _say("All is well: the file is whole, and its search index and rows fit together.")
