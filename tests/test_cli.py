"""The command line as an operator uses it: real processes, their output and exit status."""

import asyncio
import csv
import io
import json
import os
import signal
import sqlite3
import sys
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.core.finding.export import COLUMNS
from bot.core.model.exports import Format
from bot.sandbox.model import Channel
from tests.people import FORMULA
from tests.processes import commonplace, environment, names_in, shell
from tests.slack import Slack


def rows_of(text: bytes) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))


def slack_settings(slack: Slack) -> dict[str, str]:
    """What connects a process to the sandbox."""
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
    }


def modes(folder: Path) -> dict[str, tuple[int, bool]]:
    """The mode of everything below a folder, and whether it is a folder itself."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mode & 0o777, path.is_dir())
        for path in folder.rglob("*")
    }


# -- help and settings ----------------------------------------------------------------------------


async def test_help_needs_no_settings() -> None:
    """`--help` lists every command, whatever the settings, and imports nothing heavy."""
    done = await commonplace("--help", settings={"PORT": "nonsense"})
    assert 0 == done.status
    for name in (
        "run",
        "sandbox",
        "export",
        "digest",
        "prompt",
        "migrate",
        "doctor",
        "manifest",
        "backup",
    ):
        assert f"  {name} " in done.out
        assert 0 == (await commonplace(name, "--help")).status


async def test_wrong_settings_end_with_two_and_a_line_each(tmp_path: Path) -> None:
    """`run` says everything that is wrong at once, on standard error, and exits with 2."""
    wrong = {
        "PORT": "x",
        "COMMONPLACE_TIMEZONE": "Mars",
        "SLACK_BOT_TOKEN": "xapp-1",
        "COMMONPLACE_FRAMEWORK": "ours.toml",
        "COMMONPLACE_DIGST": "off",
    }
    done = await commonplace("run", settings=wrong, folder=tmp_path)
    assert (2, "", 6) == (done.status, done.out, len(done.err.splitlines()))
    for name in (*wrong, "SLACK_SIGNING_SECRET"):
        assert name in done.err
    done = await commonplace("run", folder=tmp_path)
    assert (2, 2) == (done.status, len(done.err.splitlines()))
    assert [] == names_in(tmp_path)


async def test_shares(kept: dict[str, str]) -> None:
    """Made, listed and revoked; every wrong option is named, and the secret is told once."""
    done = await commonplace(
        *("share", "--channel", "leadership", "--days", "0", "--site", "x"),
        *("--shows", "component:nothing"),
        settings=kept,
    )
    assert "`in chat: help parts` says what each is." in done.err
    assert (2, 3) == (done.status, len(done.err.splitlines()))
    assert 2 == (await commonplace("unshare", "1", settings=kept)).status
    nowhere = kept | {"DATABASE_URL": f"{kept['DATABASE_URL']}.none"}
    for words in (("share", "--channel", "leadership"), ("unshare", "1")):
        done = await commonplace(*words, settings=nowhere)
        assert (1, True) == (done.status, "There is no database at" in done.err)
    done = await commonplace(
        "share", "--channel", "leadership", "--kind", "report", "--downloads", settings=kept
    )
    assert "--downloads: Only a board" in done.err
    made = await commonplace("share", "--channel", "#leadership", "--days", "7", settings=kept)
    assert 0 == made.status, made.err
    assert made.out.startswith("Share 1, the board, until ")
    secret = made.out.strip().removesuffix("/").rpartition("/")[2]
    listed = await commonplace("shares", settings=kept)
    assert "1  #leadership, open: the board, until " in listed.out
    assert secret not in listed.out
    assert "is revoked" in (await commonplace("unshare", "1", settings=kept)).out
    assert "was revoked before" in (await commonplace("unshare", "1", settings=kept)).out
    assert "revoked" in (await commonplace("shares", settings=kept)).out


async def test_a_set_clock_is_refused_at_slacks_own_address(tmp_path: Path) -> None:
    """A rehearsal's clock stops the start when Slack's own address is used."""
    settings = {"COMMONPLACE_CLOCK": "2026-11-25T15:00:00Z", "SLACK_BOT_TOKEN": "xoxb-1"}
    done = await commonplace("run", settings=settings, folder=tmp_path)
    assert 2 == done.status
    assert "COMMONPLACE_CLOCK" in done.err


async def test_an_unknown_command_or_option_is_said(tmp_path: Path) -> None:
    """A slip on the command line is status 2 and a hint."""
    for words in (("exprot",), ("export", "--form", "xml"), ("export", "--since", "yesterday")):
        done = await commonplace(*words, folder=tmp_path)
        assert (2, "") == (done.status, done.out)
        assert "Error" in done.err


# -- export ---------------------------------------------------------------------------------------


async def test_the_csv_has_every_column_and_idea(kept: dict[str, str]) -> None:
    """Without SLACK_* the whole CSV is on standard output, oldest first, safe in a spreadsheet."""
    done = await commonplace("export", settings=kept)
    assert 0 == done.status
    assert done.raw.startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\r\n")
    rows = rows_of(done.raw)
    assert ["1", "2", "3"] == [row["number"] for row in rows]
    assert ["Rosa Alvarez", "Rosa Alvarez", "Ben Okafor"] == [row["author"] for row in rows]
    assert f"'{FORMULA}" == rows[1]["text"]
    assert ["leadership", "leadership", "reading"] == [row["channel"] for row in rows]
    assert all(row["permalink"].startswith("http") for row in rows)


async def test_the_json_holds_the_same_unaltered(kept: dict[str, str]) -> None:
    """JSON has the CSV's names, lists as lists, nothing as null, and no apostrophes."""
    done = await commonplace("export", "--format", "json", settings=kept)
    ideas: list[dict[str, Any]] = json.loads(done.raw)
    assert list(COLUMNS) == list(ideas[0])
    assert (["outdoors"], [], None) == (ideas[0]["tags"], ideas[1]["tags"], ideas[0]["prompt"])
    assert FORMULA == ideas[1]["text"]
    assert 0 == ideas[0]["replies"]


@pytest.mark.parametrize("form", list(Format))
async def test_every_format_goes_to_a_file_or_on(
    kept: dict[str, str], tmp_path: Path, form: Format
) -> None:
    """A file has the bytes of standard output, and each holds the ideas that the filters leave."""
    target = tmp_path / f"ideas.{form.ending}"
    asked = ("export", "--format", form, "--author", "Rosa Alvarez")
    done = await commonplace(*asked, "--output", str(target), settings=kept)
    assert (0, "") == (done.status, done.out)
    assert f"2 ideas written to {target}" in done.err
    assert (await commonplace(*asked, settings=kept)).raw == target.read_bytes()
    assert {target.name: (0o600, False)}.items() <= modes(tmp_path).items()
    whole = zipfile.Path(target, "xl/worksheets/sheet1.xml") if form is Format.XLSX else target
    text = whole.read_text(encoding="utf-8")
    assert ("Rosa Alvarez" in text, "Ben Okafor" in text) == (True, False)


async def test_no_idea_makes_a_whole_file(kept: dict[str, str], tmp_path: Path) -> None:
    """Where nothing fits, each format's file is one of nothing, and that is said."""
    late = ("--since", "2099-01-01", "--output", str(tmp_path / "none"))
    for form in Format:
        done = await commonplace("export", "--format", form, *late, settings=kept)
        assert 0 == done.status, done.err
        assert "No idea matches" in done.err


@pytest.mark.parametrize("umask", ["000", "022", "277"])
async def test_what_is_written_is_for_its_owner_alone(tmp_path: Path, umask: str) -> None:
    """Folder 700; database, copies and exports 600; whatever the umask."""
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/new/data/ideas.db"}
    start = f"umask {umask}; '{sys.executable}' -m bot"
    for words in ("migrate", f"backup '{tmp_path}/copy.db'", f"export --output '{tmp_path}/a.csv'"):
        done = await shell(f"{start} {words}", settings=settings)
        assert 0 == done.status, done.err
    made = modes(tmp_path)
    assert {"new", "new/data", "new/data/ideas.db", "copy.db", "a.csv"} <= set(made)
    assert {True: {0o700}, False: {0o600}} == {
        folder: {mode for mode, is_folder in made.values() if is_folder == folder}
        for folder in (True, False)
    }


async def test_an_older_file_becomes_its_owners_alone(tmp_path: Path) -> None:
    """A database that everybody could read is closed to others by the next start."""
    file = tmp_path / "ideas.db"
    settings = {"DATABASE_URL": f"sqlite:///{file}"}
    await commonplace("migrate", settings=settings)
    file.chmod(0o644)
    with closing(sqlite3.connect(file)) as other:  # so that the files beside it are there
        other.execute("select * from upkeep").fetchall()
        for name in names_in(tmp_path):
            tmp_path.joinpath(name).chmod(0o644)
        await commonplace("migrate", settings=settings)
        assert {0o600} == {mode for mode, _ in modes(tmp_path).values()}


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (("--author", "Rosa Alvarez"), ["1", "2"]),
        (("--author", "@rosa alvarez"), ["1", "2"]),
        (("--author", "U0SB0000002"), ["3"]),
        (("--channel", "reading"), ["3"]),
        (("--channel", "#Leadership"), ["1", "2"]),
        (("--since", "2026-11-25", "--until", "2026-11-25"), ["1", "2", "3"]),
        (("--since", "2026-11-26"), []),
        (("--until", "2026-11-24"), []),
    ],
)
async def test_filters_of_the_export(
    kept: dict[str, str], options: tuple[str, ...], numbers: list[str]
) -> None:
    """Author and channel go by id or name, days are whole and included."""
    done = await commonplace("export", *options, settings=kept)
    assert (0, numbers) == (done.status, [row["number"] for row in rows_of(done.raw)])


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (("--author", "Rosa Alvares"), "Did you mean Rosa Alvarez?"),
        (("--author", "okafor"), "Did you mean Ben Okafor?"),
        (("--author", "Xyzzy"), "author_id"),
        (("--author", "U0NOBODY00"), "author_id"),
        (("--channel", "#leadershp"), "Did you mean #leadership?"),
        (("--channel", "xyzzy"), "Known: #leadership, #reading."),
    ],
)
async def test_who_or_what_is_not_found_is_said(
    kept: dict[str, str], tmp_path: Path, options: tuple[str, ...], hint: str
) -> None:
    """An author or channel that is not known ends with 2 and the nearest; no file is made."""
    done = await commonplace(
        "export", *options, "--output", str(tmp_path / "out.csv"), settings=kept
    )
    assert (2, "", 1) == (done.status, done.out, len(done.err.splitlines()))
    assert hint in done.err
    assert "out.csv" not in names_in(tmp_path)


async def test_two_people_of_one_name_are_told_apart(kept: dict[str, str], database: Path) -> None:
    """A name that two people bear ends with 2 and their ids; an id tells whom."""
    with closing(sqlite3.connect(database)) as con:
        con.execute(
            "insert or ignore into member_name select workspace, 'rosa alvarez', id from member"
        )
        con.commit()
    done = await commonplace("export", "--author", "Rosa Alvarez", settings=kept)
    assert 2 == done.status
    assert "U0SB0000002" in done.err


async def test_days_are_those_of_the_time_zone(kept: dict[str, str]) -> None:
    """What was posted at three in the afternoon UTC is already tomorrow on the line islands."""
    zone = {"COMMONPLACE_TIMEZONE": "Pacific/Kiritimati"}
    done = await commonplace("export", "--since", "2026-11-26", settings={**kept, **zone})
    assert 3 == len(rows_of(done.raw))


async def test_a_file_appears_when_it_is_whole(kept: dict[str, str], tmp_path: Path) -> None:
    """`--output` writes the same bytes; where it cannot, nothing is left behind and it is said."""
    target = tmp_path / "ideas.csv"
    done = await commonplace("export", "--output", str(target), settings=kept)
    assert (0, "") == (done.status, done.out)
    assert f"3 ideas written to {target}" in done.err
    assert (await commonplace("export", settings=kept)).raw == target.read_bytes()
    assert [] == [name for name in names_in(tmp_path) if name.startswith("ideas.csv.")]
    late = ("export", "--since", "2099-01-01", "--output", str(target))
    assert f"No idea matches: {target} holds none." in (await commonplace(*late, settings=kept)).err
    done = await commonplace("export", "--output", str(tmp_path / "no" / "x.csv"), settings=kept)
    assert (1, 1) == (done.status, len(done.err.splitlines()))
    assert "cannot be written" in done.err


async def test_what_lies_ready_beside_an_export_gets_nothing_of_it(
    kept: dict[str, str], tmp_path: Path
) -> None:
    """A half file that others may read is not written on, and a link in its place not followed."""
    folder = tmp_path / "exports"
    folder.mkdir()
    treasure = tmp_path / "treasure.txt"
    treasure.write_text("mine")
    (folder / "a.csv.part").touch(0o644)
    (folder / "b.csv.part").symlink_to(treasure)
    for name in ("a.csv", "b.csv"):
        done = await commonplace("export", "--output", str(folder / name), settings=kept)
        assert 0 == done.status, done.err
    assert {"a.csv": (0o600, False), "b.csv": (0o600, False)} == modes(folder)
    assert "mine" == treasure.read_text()


async def test_an_export_to_a_pipe_leaves_the_pipe(kept: dict[str, str], tmp_path: Path) -> None:
    """What is no file, such as a pipe or `/dev/null`, is written to and stays what it is."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    end = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    try:
        done = await commonplace("export", "--output", str(pipe), settings=kept)
        assert 0 == done.status, done.err
        assert pipe.is_fifo()
        assert (await commonplace("export", settings=kept)).raw == os.read(end, 65_536)
    finally:
        os.close(end)


async def test_an_interrupt_ends_an_export_that_nobody_reads(
    kept: dict[str, str], database: Path
) -> None:
    """Ctrl-C does not wait for the rest, which may never be taken."""
    with closing(sqlite3.connect(database)) as con:
        con.execute("update idea set text = hex(zeroblob(100000))")
        con.commit()
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "export", "--format", "json"),
        env=environment(kept),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert program.stdout is not None
    assert b"[" == await program.stdout.readexactly(1)
    program.send_signal(signal.SIGINT)
    async with asyncio.timeout(10):
        assert 1 == await program.wait()


async def test_a_reader_who_has_enough_is_no_error(kept: dict[str, str]) -> None:
    """`export | head` ends quietly."""
    done = await shell(f"'{sys.executable}' -m bot export | true", settings=kept)
    assert (0, "") == (done.status, done.err)


# -- digest and prompt ----------------------------------------------------------------------------


async def test_a_look_ahead_needs_no_slack(kept: dict[str, str]) -> None:
    """`digest` and `prompt` print what would be posted, without any SLACK_* setting."""
    friday = ("--channel", "leadership", "--at", "2026-11-27T15:00")
    for _ in range(2):
        done = await commonplace("digest", *friday, settings=kept)
        assert 0 == done.status
        assert "reading garden" in done.out
        assert "tasting" not in done.out
    asked = await commonplace("prompt", *friday, settings=kept)
    assert (0, True) == (asked.status, "?" in asked.out)
    before = await commonplace(
        "digest", "--channel", "leadership", "--at", "2026-11-20T15:00", settings=kept
    )
    assert 0 == before.status
    assert "nothing to post" in before.out
    unknown = await commonplace("digest", "--channel", "nowhere", settings=kept)
    assert 2 == unknown.status
    assert "#leadership" in unknown.err


@pytest.mark.parametrize("kind", ["digest", "prompt"])
async def test_posting_twice_posts_once(
    slack: Slack, room: Channel, kept: dict[str, str], kind: str
) -> None:
    """The second `--post` of a week says that it was posted already; both exit with 0."""
    settings = {**kept, **slack_settings(slack)}
    line = (kind, "--channel", "leadership", "--at", "2026-11-27T15:00", "--post")
    first = await commonplace(*line, settings=settings)
    second = await commonplace(*line, settings=settings)
    assert (0, 0) == (first.status, second.status), first.err + second.err
    assert "already" not in first.out
    assert "already" in second.out
    called = "question" if kind == "prompt" else "digest"
    assert f"Posted the {called} in #leadership." in first.out
    assert 1 == len(slack.said_by_bot(room))


async def test_a_lost_answer_is_in_doubt_and_then_found(
    slack: Slack, room: Channel, kept: dict[str, str]
) -> None:
    """When Slack's answer is lost the status is 3; then it is found, whatever one says, once."""
    settings = {**kept, **slack_settings(slack)}
    line = ("digest", "--channel", room.id, "--at", "2026-11-27T15:00", "--post")
    slack.faults.lose_answer("chat.postMessage")
    first = await commonplace(*line, settings=settings)
    assert 3 == first.status, first.err
    assert "doubt" in first.out
    second = await commonplace(*line, "--stands", "no", settings=settings)
    assert (0, True) == (second.status, "already" in second.out)
    assert 1 == len(slack.said_by_bot(room))


async def test_posting_needs_a_token(kept: dict[str, str]) -> None:
    """`--post` without SLACK_BOT_TOKEN is a settings error."""
    done = await commonplace("digest", "--channel", "leadership", "--post", settings=kept)
    assert (2, True) == (done.status, "SLACK_BOT_TOKEN" in done.err)


# -- the app's description ------------------------------------------------------------------------

TEAMS = {
    "TEAMS_CLIENT_ID": "6f1d3c9a-1b2c-4d5e-8f90-a1b2c3d4e5f6",
    "TEAMS_CLIENT_SECRET": "shh",
    "TEAMS_TENANT_ID": "0b8e7c1d-2f3a-4b5c-8d9e-0f1a2b3c4d5e",
}


async def test_the_package_for_teams_is_a_file(tmp_path: Path) -> None:
    """It replaces an older one, and names application and address; a local address is warned of."""
    file = tmp_path / "commonplace.zip"
    for base, warned in (("http://127.0.0.1:3000", True), ("https://ideas.example.org", False)):
        words = ("--teams", "--base-url", f"{base}/", "--output", str(file))
        done = await commonplace("manifest", *words, settings=TEAMS, folder=tmp_path)
        assert (0, "", warned) == (done.status, done.out, "COMMONPLACE_BASE_URL" in done.err)
        assert {"commonplace.zip": (0o600, False)} == modes(tmp_path)
        with zipfile.ZipFile(file) as package:
            made = json.loads(package.read("manifest.json"))
        assert TEAMS["TEAMS_CLIENT_ID"] == made["id"]
        assert base == made["developer"]["websiteUrl"]


@pytest.mark.parametrize(
    ("words", "settings", "status", "hint"),
    [
        (("--teams",), TEAMS, 2, "--output commonplace.zip"),
        (("--teams", "--output", "a.zip"), {}, 2, "TEAMS_CLIENT_ID"),
        (("--teams", "--output", "no/a.zip"), TEAMS, 1, "cannot be written"),
        (("--teams", "--output", "a.zip", "--base-url", "ideas.org"), TEAMS, 2, "https://"),
    ],
)
async def test_why_there_is_no_package_is_said(
    tmp_path: Path, words: tuple[str, ...], settings: dict[str, str], status: int, hint: str
) -> None:
    """Without a place, an application or an address there is no package, and nothing is left."""
    done = await commonplace("manifest", *words, settings=settings, folder=tmp_path)
    assert (status, "") == (done.status, done.out)
    assert hint in done.err
    assert [] == names_in(tmp_path)
