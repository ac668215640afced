"""The pages for people held against the code: what they promise is there, and all of it.

Where a table can be made from the code, the failing test prints the one to paste.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import pytest
from aiohttp import web

from bot.cli import main
from bot.config import load_settings
from bot.config import table as settings_table
from bot.core.delivery.result import RESULTS
from bot.core.desk.command_table import SHARING, TABLE
from bot.core.desk.commands import parse
from bot.core.desk.direct import command_in, shared_in
from bot.core.desk.help import row_of
from bot.core.finding.export import COLUMNS
from bot.core.finding.filters import FILTERS
from bot.data.framework import load_framework
from bot.doctor import examine
from bot.telemetry import Metrics
from handlers.slack.manifest import SCOPES, manifest
from handlers.slack.vocabulary import SLACK
from handlers.teams.manifest import PERMISSIONS
from handlers.teams.vocabulary import TEAMS
from handlers.web import Answers, make_app
from storage import migrate
from tests.slack import Slack

ROOT = Path(__file__).parents[1]
COMMONPLACE = Path(sys.executable).with_name("commonplace")

README = "README.md"
ARCHITECTURE = "docs/architecture.md"
COMMANDS = "docs/commands.md"
COORDINATORS = "docs/for-coordinators.md"
CSV = "docs/csv.md"
OPERATING = "docs/operating.md"
PRIVACY = "docs/privacy.md"
SERVER = "docs/small-server.md"
SETTINGS = "docs/settings.md"
ON_TEAMS = "docs/teams.md"
IMPORTING = "docs/importing.md"
EXPORTING = "docs/exporting.md"
REPORT = "docs/report.md"
DATASETTE = "docs/datasette.md"
DOCS = (
    *(ARCHITECTURE, COMMANDS, COORDINATORS, CSV, OPERATING, PRIVACY, SERVER, SETTINGS),
    ON_TEAMS,
    IMPORTING,
    EXPORTING,
    REPORT,
    DATASETTE,
)
PAGES = (README, *DOCS, "CHANGELOG.md")
LONGEST_README = 200
"""How many lines a newcomer is given to read."""

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CELL = re.compile(r"(?<!\\)\|")
_ENDS = frozenset({"|", ">", "<", "&&", ";"})
"""Words of the shell that end a command."""


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def section(heading: str, name: str) -> str:
    """What stands under a heading, down to the next one."""
    found = re.search(
        rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", text_of(name), re.MULTILINE | re.DOTALL
    )
    assert found, f"{name} has no heading {heading!r}"
    return found[1]


def table(heading: str, name: str) -> str:
    """The first table under a heading of a page, as it is written."""
    found = re.search(r"^\|.*\n(?:\|.*\n)*", section(heading, name), re.MULTILINE)
    assert found, f"there is no table under {heading!r}"
    return found[0].rstrip("\n")


def first_cells(heading: str, name: str) -> list[str]:
    """The first column of a table, without backticks."""
    rows = table(heading, name).splitlines()[2:]
    return [_CELL.split(row)[1].strip().strip("`").replace("\\|", "|") for row in rows]


def made(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    lines = [f"| {' | '.join(row)} |" for row in (headings, *rows)]
    return "\n".join((lines[0], "|" + "---|" * len(headings), *lines[1:]))


def calls_of(program: str, name: str) -> Iterator[list[str]]:
    """What follows *program* wherever a line of a page's shell fences begins with it."""
    bodies = (body for language, body in _FENCE.findall(text_of(name)) if language == "sh")
    for line in "".join(bodies).replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        while words and re.match(r"[A-Z]+=", words[0]):
            del words[0]
        if words and Path(words[0]).name == program:
            yield words[1 : next((i for i, one in enumerate(words) if one in _ENDS), None)]


# -- settings ---------------------------------------------------------------------------------


def test_every_setting_stands_on_its_page() -> None:
    """The table of settings is the code's: each name, default and meaning."""
    wanted = made(
        ("Setting", "Default", "Meaning"),
        (
            (f"`{name}`", f"`{default}`" if default else "–", meaning)
            for name, (default, meaning) in settings_table().items()
        ),
    )
    assert wanted == table("Settings", SETTINGS), f"The table to paste:\n\n{wanted}\n"


def test_the_sample_settings_name_every_setting() -> None:
    """`.env.example` names every setting, and nothing else."""
    named = re.findall(r"^#?([A-Z][A-Z_]+)=", text_of(".env.example"), re.MULTILINE)
    assert sorted(settings_table()) == sorted(named)


def test_the_sample_settings_change_nothing(tmp_path: Path) -> None:
    """A copy of `.env.example` that nobody has filled in leaves every setting at its default."""
    copy = shutil.copy(ROOT / ".env.example", tmp_path / ".env")
    assert load_settings(env_file=None) == load_settings(env_file=Path(copy))


def test_the_sample_settings_are_good_values(tmp_path: Path) -> None:
    """Each value that `.env.example` shows is one that the program takes."""
    shown = re.sub(r"^#(?=[A-Z_]+=)", "", text_of(".env.example"), flags=re.MULTILINE)
    # With Slack's own address the sample clock would be refused, as it should be.
    shown = shown.replace("https://slack.com/api/", "http://127.0.0.1:3000/api/")
    shown = shown.replace("=framework.toml", f"={ROOT / 'bot/data/framework.toml'}")
    copy = tmp_path / ".env"
    copy.write_text(shown, "utf-8")
    assert ("library-leadership", "reading") == load_settings(env_file=copy).commonplace_channels


# -- the command line -------------------------------------------------------------------------


def usage(command: click.Command) -> str:
    """A command with its arguments and options; those that may be left out in brackets."""
    words = [f"commonplace {command.name}"]
    for param in command.params:
        kind = param.make_metavar(click.Context(command)).strip("[]")
        if isinstance(param, click.Argument):
            words.append(kind)
            continue
        flag = max(param.opts, key=len)
        if param.type.name in {"text", "integer range"}:
            kind = flag.rpartition("-")[2].upper()
        whole = flag if param.type.name == "boolean" else f"{flag} {kind}"
        words.append(whole if param.required else f"[{whole}]")
    return " ".join(words)


def test_every_command_stands_on_its_page() -> None:
    """The page for operators has each command of the program, with every argument and option."""
    assert isinstance(main, click.Group)
    wanted = sorted(usage(command) for command in main.commands.values())
    assert wanted == sorted(first_cells("Command line", OPERATING))


@pytest.mark.parametrize("name", PAGES)
def test_commands_on_the_page_are_understood(name: str) -> None:
    """Every `commonplace ...` in a shell fence is a command with options that it has."""
    assert isinstance(main, click.Group)
    for words in calls_of("commonplace", name):
        assert words[0] in main.commands, f"there is no command {words[0]!r}"
        main.commands[words[0]].make_context(words[0], words[1:])  # reads them, does nothing


@pytest.mark.parametrize("name", PAGES)
def test_make_targets_on_the_page_exist(name: str) -> None:
    """Every `make ...` on a page, in a fence or between backticks, is a target of the Makefile."""
    targets = re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE)
    named = [
        next(word for word in reversed(words) if "=" not in word)
        for words in calls_of("make", name)
    ]
    named += re.findall(r"`(?:[A-Z]+=\S+ )?make ([^` ]+)`", text_of(name))
    assert set() == set(named) - set(targets)


def test_what_needs_no_slack_runs_as_written(tmp_path: Path) -> None:
    """The commands of README and operators' page that need no Slack run as written, unset."""
    alone = ("export", "manifest", "migrate", "backup")
    pages = (README, OPERATING)
    calls = [words for name in pages for words in calls_of("commonplace", name)]
    calls = [words for words in calls if words[0] in alone]
    assert set(alone) == {words[0] for words in calls}
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    for words in calls:
        done = subprocess.run(
            [COMMONPLACE, *words],
            cwd=tmp_path,
            env=plain,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert (words, 0, "") == (words, done.returncode, done.stderr.decode() * done.returncode)
    assert COLUMNS == tuple((tmp_path / "ideas.csv").read_text("utf-8-sig").strip().split(","))


async def test_the_doctor_says_what_the_pages_show(slack: Slack, tmp_path: Path) -> None:
    """When all is well, `doctor` prints what the page about a small server shows."""
    rosa = slack.add_user("rosa")
    for name in ("library-leadership", "reading"):
        slack.add_channel(name, [rosa], bot=True)
    settings = load_settings(
        env_file=None,
        slack_bot_token=slack.bot_token,
        slack_app_token=slack.app_token,
        slack_api_url=slack.api_url,
        database_url=f"sqlite:///{tmp_path}/ideas.db",
    )
    migrate(settings.database_url)
    printed = [f"{c.state:<5} {c.name}: {c.words}" for c in await examine(settings)]
    shown = section("When all is well", SERVER)
    (body,) = (body for language, body in _FENCE.findall(shown) if language == "text")
    # The names of the member, the workspace and the file, and how much it holds, are its own.
    own = re.compile(r"U\w+ in .+|sqlite:///\S+|\d+ ideas")
    assert [own.sub("…", line) for line in printed] == [
        own.sub("…", line) for line in body.splitlines()
    ]


# -- in chat ----------------------------------------------------------------------------------


def test_every_chat_command_stands_on_its_page() -> None:
    """The page about chat has the tables of commands and of filters, as the help says them."""
    wanted = "\n\n".join(
        made(
            (kind, "What it does", "Example"),
            ((f"`{row.usage}`", row.words, f"`{row.example}`") for row in rows),
        )
        for kind, rows in (("Command", (*SHARING, *map(row_of, TABLE))), ("Filter", FILTERS))
    )
    wanted = SLACK.put_into(wanted)
    found = "\n\n".join((table("Commands", COMMANDS), table("Filters", COMMANDS)))
    assert wanted == found, f"The tables to paste:\n\n{wanted}\n"


@pytest.mark.parametrize("name", PAGES)
def test_chat_commands_on_the_page_are_understood(name: str) -> None:
    """Every `/ideas ...` on a page is understood, but for names and shapes of the table."""
    shapes = {f"/ideas {form}" for entry in TABLE for form in (entry.verb, entry.usage)}
    components = {one.code.lower(): one.code for one in load_framework().components}
    typed = {code for code in _CODE.findall(text_of(name)) if code.startswith("/ideas ")}
    for code in typed - shapes:
        parse(code.removeprefix("/ideas "), components)


@pytest.mark.parametrize("name", PAGES)
def test_what_is_typed_in_teams_on_the_page_is_understood(name: str) -> None:
    """Every `@Commonplace ...` on a page shares an idea or is a command."""
    components = {one.code.lower(): one.code for one in load_framework().components}
    for code in _CODE.findall(text_of(name)):
        words = code.removeprefix(TEAMS.commands)
        if words != code and shared_in(words) is None:
            parse(command_in(words), components)


def test_every_component_stands_on_its_page() -> None:
    """The page about chat names each part of the framework, with its code, in its order."""
    parts = load_framework().components
    wanted = made(("Code", "Part of the framework"), ((f"`{p.code}`", p.name) for p in parts))
    assert wanted == table("Components", COMMANDS), f"The table to paste:\n\n{wanted}\n"


# -- the file, Slack, the web side ------------------------------------------------------------


def test_every_column_stands_on_its_page() -> None:
    """The page about the file explains each column of the CSV, in the order of the file."""
    assert list(COLUMNS) == first_cells("Columns", CSV)


def test_every_scope_stands_on_its_page() -> None:
    """The page about privacy says of each scope what it is for, and names no other."""
    wanted = made(("Scope", "What for"), ((f"`{name}`", why) for name, why in SCOPES.items()))
    assert wanted == table("Scopes", PRIVACY), f"The table to paste:\n\n{wanted}\n"


def test_every_consent_stands_on_its_page() -> None:
    """The page about Teams says of each consent what it is for, and names no other."""
    wanted = made(
        ("Consent", "What for"), ((f"`{name}`", why) for name, why in PERMISSIONS.items())
    )
    assert wanted == table("Consents", ON_TEAMS), f"The table to paste:\n\n{wanted}\n"


def test_every_event_stands_on_its_page() -> None:
    """The page about privacy names each event that Slack is asked to send, and no other."""
    (line,) = re.findall(r"^The events it is sent: (.*)\.$", text_of(PRIVACY), re.MULTILINE)
    wanted = manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert wanted == _CODE.findall(line)


def test_every_web_path_stands_on_its_page() -> None:
    """The page for operators names each address of the web side, and no other."""

    async def ready() -> dict[str, str]:
        return {}

    async def events(_: web.Request) -> web.Response:
        return web.Response()

    answers = Answers(ready, lambda: (b"", ""), events=events)
    app = make_app(lambda: answers)
    served = {
        f"{route.method} {route.resource.canonical}"
        for route in app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    assert sorted(served) == sorted(first_cells("Web side", OPERATING))


def test_the_metrics_on_the_page_exist() -> None:
    """What the page for operators says to watch is served under that name."""
    text = Metrics().render()[0].decode()
    served = set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE))
    assert set() == set(first_cells("What to watch", OPERATING)) - served


def test_the_results_of_deliveries_stand_on_the_page() -> None:
    """The page for operators names each result under which a delivery is counted."""
    (row,) = re.findall(r"^\| `commonplace_deliveries_total` .*$", text_of(OPERATING), re.MULTILINE)
    assert list(RESULTS.values()) == _CODE.findall(row)[1:]


# -- the pages themselves ---------------------------------------------------------------------


def test_every_page_is_held() -> None:
    """Each page in `docs` is one that these tests read, and the README leads to it."""
    there = {file.relative_to(ROOT).as_posix() for file in (ROOT / "docs").glob("*.md")}
    assert set(DOCS) == there
    assert set() == there - set(_LINK.findall(text_of(README)))


def test_the_readme_is_short() -> None:
    """The README has at most 200 lines: what else there is to say stands in `docs`."""
    assert len(text_of(README).splitlines()) <= LONGEST_README


def test_every_picture_has_its_words() -> None:
    """Whoever cannot see a picture on a page reads in words what it shows."""
    pictures = [words for name in PAGES for words in re.findall(r"!\[([^\]]*)\]", text_of(name))]
    assert pictures
    assert [] == [words for words in pictures if len(words.split()) < 10]


def anchors(name: str) -> set[str]:
    """The places within a page that a link can name: its headings, in small letters."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", text_of(name)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    """Every link to another file, and to a heading, leads to one that is there."""
    for link in _LINK.findall(text_of(name)):
        if link.startswith(("https://", "http://")):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name
        assert target.is_file(), link
        if anchor:
            assert anchor in anchors(str(target.resolve().relative_to(ROOT))), link


def test_no_file_names_a_registry() -> None:
    """No file of the project holds the address of a package registry: each user has their own."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this copy has no git, which knows the project's files")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    # In pieces, so that this file does not hold them.
    places = [("py", "pi.org"), ("python", "hosted.org"), ("npm", "js."), ("yarn", "pkg.com")]
    places += [("ana", "conda.org"), ("crates", ".io"), ("ruby", "gems.org")]
    words = [(first + second).encode() for first, second in places]
    files = [ROOT / name for name in listing.stdout.decode().split("\0") if name]
    assert [] == [
        f"{file.relative_to(ROOT)}: {word.decode()}"
        for file in files
        if file.is_file()
        for word in words
        if word in file.read_bytes().lower()
    ]
