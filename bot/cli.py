"""The command line: thin. Results go to standard output, everything else to standard error.

Heavy imports wait until a command needs them, so that `--help` answers at once.
"""

import os
import sys
from collections.abc import Coroutine, Iterable
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.options import (
    AT,
    FILE,
    FORMAT,
    HERE,
    IN_CHANNEL,
    MEMBER,
    OUTPUT,
    POST,
    SINCE,
    STANDS,
    UNTIL,
    channel,
    day,
)

if TYPE_CHECKING:  # `--help` answers at once: it needs no settings
    from bot.config import Settings
    from handlers.web.report import Paper


def _say(words: str = "", *, err: bool = False, nl: bool = True) -> None:
    """Print words, some of which others wrote, so that no terminal takes them for a command."""
    from bot.terminal import shown

    click.echo(shown(words), err=err, nl=nl)


def _redraw(words: str = "") -> None:
    """Show words in the place of the last line on standard error."""
    click.echo("\r\033[K", err=True, nl=False)
    _say(words, err=True, nl=False)


def _write(made: bytes, output: Path | None) -> None:
    """Write a file, or to standard output."""
    from bot.exporting import target

    with target(output) as out:
        out.write(made)
    if output is not None:
        _say(f"Written to {output}", err=True)


class Commands(click.Group):
    """Commands; what goes wrong in one becomes words and an exit status."""

    def invoke(self, ctx: click.Context) -> None:
        """Run the command that was asked for, to its end."""
        from bot.core.errors import ChatError, CommonplaceError, SettingsError

        try:
            result = super().invoke(ctx)
            if isinstance(result, Coroutine):
                import asyncio

                asyncio.run(result)
        except CommonplaceError as error:
            words = str(error)
            if isinstance(error, ChatError):
                from bot.doctor import advice

                words += f" {advice(error)}."
            _say(words, err=True)
            sys.exit(2 if isinstance(error, SettingsError) else 1)
        except BrokenPipeError:
            # Whoever read our output has had enough.
            sys.stdout = None
            sys.exit(0)


def _settings(need: str = "NOTHING") -> "Settings":
    from bot.config import Need, load_settings
    from bot.telemetry import set_up_logging

    settings = load_settings(Need[need])
    set_up_logging(settings.commonplace_log_format)
    return settings


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="commonplace", message="%(version)s")
def main() -> None:
    """Keep the ideas of a network of school librarians, with each author's name."""
    os.umask(0o077)  # whatever a command writes is for its user's eyes alone


@main.command()
async def run() -> None:
    """Connect to Slack, Teams or both, and serve the web side, until SIGTERM or SIGINT."""
    import gc

    gc.disable()  # while starting nothing is garbage; `serve.run` turns it on again
    settings = _settings("RUN")
    from bot.serve import run as serve

    await serve(settings)


@main.command()
@click.option("--port", type=click.IntRange(0, 65_535), envvar="PORT", default=3000)
async def sandbox(port: int) -> None:
    """Try Commonplace in the browser, against a small Slack of its own."""
    from bot.sandbox_runner import serve_sandbox

    await serve_sandbox(port)


@main.command()
@click.option("--format", "style", type=FORMAT, default="csv")
@OUTPUT
@SINCE
@UNTIL
@IN_CHANNEL
@click.option("--author", default="", help="A member's id or name.")
async def export(style: str, output: Path | None, **chosen: Any) -> None:
    """Write the ideas to a file, or to standard output; works while the bot runs."""
    if style == "xlsx" and output is None and sys.stdout.isatty():
        raise click.UsageError("A workbook is no text to look at: add --output ideas.xlsx.")
    settings = _settings()
    from bot.core.model.exports import Format
    from bot.exporting import export as write

    def progress(rows: Iterable[Any], total: int) -> Any:
        if output is None or not sys.stderr.isatty():
            return nullcontext(rows)
        return click.progressbar(rows, total, "Exporting", file=sys.stderr, update_min_steps=500)

    held = await write(settings, output, Format(style), progress=progress, **chosen)
    if output is not None:
        none = f"No idea matches: {output} holds none."
        _say(f"{held} written to {output}" if held else none, err=True)


@main.command("import")
@click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE…")
@click.option("--channel", type=channel, required=True, help="Where the ideas come to: id or name.")
@click.option("--from", "source", type=channel, default="", help="What the files call the channel.")
@click.option("--dry-run", is_flag=True, help="Store nothing: print a table of what would come.")
@click.option("--workspace", default="", help="The id or name of the channel's workspace.")
async def import_(files: tuple[Path, ...], *, dry_run: bool, **chosen: str) -> None:
    """Bring in a Padlet board, a Slack export, or a CSV or JSON of our own; twice is once."""
    settings = _settings()
    from bot.imported import Report
    from bot.importing import bring

    report = Report(_say, _redraw, dry=dry_run, bar=sys.stderr.isatty())
    report.end(await bring(settings, files, dry=dry_run, watching=report, **chosen))
    sys.exit(report.status)


@main.command()
@IN_CHANNEL
@click.option("--author", default="", help="A member's id or name: one person's page.")
@click.option("--school", default="", help="A school's name: one school's page.")
@SINCE
@UNTIL
@click.option("--plan", is_flag=True, help="The library plan: practices and opportunities.")
@click.option("--format", "style", type=click.Choice(["html", "md", "pdf", "csv"]), default="html")
@click.option("--paper", type=click.Choice(["letter", "a4"]), default="letter", help="For a PDF.")
@OUTPUT
async def report(
    style: str,
    paper: "Paper",
    plan: bool,  # noqa: FBT001
    output: Path | None,
    **chosen: Any,
) -> None:
    """Write the administrator's page, or with --plan the library plan."""
    if style == ("pdf" if plan else "csv"):
        can = "html, md or csv" if plan else "html, md or pdf"
        what = "The library plan" if plan else "The administrator's page"
        raise click.UsageError(f"{what} is written as {can}.")
    if style == "pdf" and output is None and sys.stdout.isatty():
        raise click.UsageError("A PDF is no text to look at: add --output report.pdf.")
    settings = _settings()
    from bot import reporting

    wanted = reporting.Wanted(**chosen)
    made, note = await reporting.report(settings, wanted, style, plan=plan, paper=paper)
    _write(made, output)
    if note:
        _say(note, err=True)


@main.command()
@HERE
@AT
@POST
@STANDS
@click.option("--preview-html", type=FILE, help="A page to write, to look at or to print.")
async def digest(channel: str, at: datetime | None, preview_html: Path | None, **how: Any) -> None:
    """Print the digest that would be posted, or post it."""
    if preview_html is None:
        await _weekly("digest", channel, at, **how)
        return
    if how["post"]:
        raise click.UsageError("--preview-html is for looking and --post for posting: choose one.")
    settings = _settings()
    from bot import oneshot

    made = await oneshot.digest_page(settings, channel, at)
    if made is None:
        _say("There is nothing to post, so nothing was written.", err=True)
        return
    _write(made.encode(), preview_html)


@main.command()
@HERE
@AT
@POST
@STANDS
async def prompt(channel: str, at: datetime | None, **how: Any) -> None:
    """Print the question that would be asked, or ask it."""
    await _weekly("prompt", channel, at, **how)


async def _weekly(kind: str, channel: str, at: datetime | None, **how: Any) -> None:
    settings = _settings("CALLS" if how["post"] else "NOTHING")
    from bot import oneshot

    words, status = await oneshot.weekly(settings, kind, channel, at, **how)
    _say(words)
    sys.exit(status)


@main.command("catch-up")
@click.option("--channel", type=channel, help="Its id or name; default: every watched one.")
@click.option("--since", type=day, help="First day; also from before the bot was invited.")
async def catch_up(channel: str | None, since: Any) -> None:
    """Read the channels' history again, and catch up with it."""
    settings = _settings("CALLS")
    from bot import oneshot

    def show(where: Any, tally: Any) -> None:
        if sys.stderr.isatty():
            _redraw(oneshot.so_far(where, tally))

    read = await oneshot.catch_up(settings, channel, since, show)
    if sys.stderr.isatty():
        _say(err=True)
    for where, tally in read:
        for line in oneshot.caught_up(where, tally, settings.zone, asked=since is not None):
            _say(line)


@main.command()
@HERE
@click.option("--kind", type=click.Choice(("board", "report")), default="board", help="Of what.")
@click.option("--from", "first", type=day, help="The first day; default: from now on.")
@click.option("--days", type=int, metavar="N", default=90, show_default=True, help="How many.")
@click.option("--site", "sites", multiple=True, metavar="ORIGIN…", help="May embed it.")
@click.option("--shows", metavar="FILTERS", default="", help="Which ideas; default: all of them.")
@click.option("--public", is_flag=True, help="Search engines may list it.")
@click.option("--downloads", is_flag=True, help="Readers may take the ideas away as files.")
@click.option("--private", is_flag=True, help="Though only its members can read the channel.")
async def share(channel: str, **wished: Any) -> None:
    """Share a channel's ideas on a page that people outside can open; print its address."""
    settings = _settings()
    from bot import sharing

    _say(await sharing.share(settings, channel, **wished))


@main.command()
async def shares() -> None:
    """List what is shared, a line each."""
    settings = _settings()
    from bot import sharing

    lines = await sharing.shares(settings)
    _say("\n".join(lines) if lines else "Nothing is shared.")


@main.command()
@click.argument("number", type=int)
async def unshare(number: int) -> None:
    """Revoke share NUMBER at once."""
    settings = _settings()
    from bot import sharing

    _say(await sharing.unshare(settings, number))


@main.command("my-data")
@MEMBER
@click.option("--output", type=FILE, required=True, help="A file to write.")
async def my_data(member: str, output: Path) -> None:
    """Write everything that is held about a member, as JSON; works while the bot runs."""
    settings = _settings()
    from bot import own_data

    name = await own_data.my_data(settings, member, output)
    _say(f"What is held about {name} is written to {output}", err=True)


@main.command()
@MEMBER
@click.option("--yes", is_flag=True, help="Do not ask.")
async def erase(member: str, yes: bool) -> None:  # noqa: FBT001
    """Erase everything that is held about a member, for good; works while the bot runs."""
    settings = _settings()
    from bot import own_data

    def sure(words: str) -> bool:
        _say(words, err=True)
        return yes or click.confirm("Erase it?", err=True)

    _say(await own_data.erase(settings, member, sure))


@main.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    settings = _settings()
    from storage import migrate as bring

    applied = bring(settings.database_url)
    _say(f"Applied: {', '.join(applied)}" if applied else "Nothing to do: up to date.")


@main.command()
async def doctor() -> None:
    """Check settings, database, tokens, scopes and channels; one line each."""
    from bot.doctor import look

    checks = await look(_settings)
    for check in checks:
        _say(f"{check.state:<5} {check.name}: {check.words}")
    sys.exit(any(check.state == "FAIL" for check in checks))


@main.command()
@click.option("--teams", is_flag=True, help="The app package for Microsoft Teams: a ZIP file.")
@click.option("--base-url", help="Where the web side is reached; for Slack: HTTP, not Socket Mode.")
@click.option("--output", type=FILE, help="A file to write; Teams' package needs one.")
def manifest(teams: bool, base_url: str | None, output: Path | None) -> None:  # noqa: FBT001
    """Print the app's description for Slack (JSON), or write the one for Teams."""
    if base_url is not None and not base_url.startswith(("https://", "http://")):
        raise click.BadParameter("must begin with https://", param_hint="--base-url")
    if teams and output is None:
        raise click.UsageError("--teams makes a ZIP file: add --output commonplace.zip.")
    from bot import packages

    if not teams:
        _write(packages.slack_manifest(base_url), output)
        return
    made, wrong = packages.teams_package(_settings(), base_url)
    if wrong:
        _say(wrong, err=True)
    _write(made, output)


@main.command()
@click.argument("file", type=FILE)
async def backup(file: Path) -> None:
    """Copy the database to FILE, whole and consistent, while the bot runs."""
    settings = _settings()
    from storage import open_store

    # Also before an upgrade's first start, when the file is still the older program's.
    await open_store(settings.database_url, read_only=True, older=True).backup(file)
    _say(f"Copied to {file}", err=True)


@main.command()
async def check() -> None:
    """Check that the database is sound; works while the bot runs."""
    settings = _settings()
    from storage import find_faults

    faults = await find_faults(settings.database_url)
    for fault in faults:
        _say(fault)
    if faults:
        sys.exit(1)
    _say("All is well: the file is whole, and its search index and rows fit together.")
