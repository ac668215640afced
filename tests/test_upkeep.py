"""Upkeep as an operator does it: migrate, back up, ask the doctor, print the manifest."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.sandbox.model import Channel
from tests.processes import ROOT, commonplace, names_in
from tests.slack import Slack

WITHOUT_FTS5 = """
import sqlite3

class Connection(sqlite3.Connection):
    def execute(self, sql, *values):
        if "using fts5" in sql.lower():
            raise sqlite3.OperationalError("no such module: fts5")
        return super().execute(sql, *values)

plain = sqlite3.connect
sqlite3.Connection = Connection
sqlite3.connect = lambda *args, **more: plain(*args, **{"factory": Connection, **more})
"""
"""What makes a Python's SQLite like one that was built without full-text search."""


def slack_settings(slack: Slack) -> dict[str, str]:
    """What connects a process to the sandbox."""
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
    }


async def test_migrate_makes_and_keeps_a_database(tmp_path: Path) -> None:
    """`migrate` says what it applied; the second time there is nothing to do."""
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/new/ideas.db"}
    first = await commonplace("migrate", settings=settings)
    assert (0, True) == (first.status, first.out.startswith("Applied: "))
    second = await commonplace("migrate", settings=settings)
    assert (0, "Nothing to do: up to date.") == (second.status, second.out.strip())


async def test_a_backup_is_a_whole_database(kept: dict[str, str], tmp_path: Path) -> None:
    """The copy exports the same bytes."""
    target = tmp_path / "copy.db"
    assert 0 == (await commonplace("backup", str(target), settings=kept)).status
    copied = await commonplace("export", settings={"DATABASE_URL": f"sqlite:///{target}"})
    assert (await commonplace("export", settings=kept)).raw == copied.raw


async def test_an_older_database_is_backed_up_as_it_is(
    kept: dict[str, str], database: Path, tmp_path: Path
) -> None:
    """Whoever upgraded the program first can still make a copy that the old one opens."""
    with closing(sqlite3.connect(database)) as con:
        con.execute("delete from _sqlite_migrations where name <> '0001_tables'")
        con.commit()
    assert 1 == (await commonplace("export", settings=kept)).status
    copy = tmp_path / "copy.db"
    assert 0 == (await commonplace("backup", str(copy), settings=kept)).status
    for file in (database, copy):
        with closing(sqlite3.connect(file)) as con:
            applied = con.execute("select name from _sqlite_migrations").fetchall()
            assert [("0001_tables",)] == applied
            assert (3,) == con.execute("select count(*) from idea").fetchone()


@pytest.mark.parametrize("command", ["export", "migrate", "run", "doctor"])
@pytest.mark.parametrize("kind", ["foreign", "not a database", "newer", "no folder", "a folder"])
async def test_a_database_that_will_not_do_is_named(
    tmp_path: Path, kind: str, command: str
) -> None:
    """Another program's file, a damaged or newer one, or a place that takes none: a clear line."""
    file = tmp_path / "ideas.db"
    if kind == "foreign":
        with closing(sqlite3.connect(file)) as con:
            con.execute("create table recipes (name text)")
            con.commit()
    elif kind == "not a database":
        file.write_text("Dear diary, " * 400)
    elif kind == "newer":
        await commonplace("migrate", settings={"DATABASE_URL": f"sqlite:///{file}"})
        with closing(sqlite3.connect(file)) as con:
            con.execute(
                "insert into _sqlite_migrations (migration_set, name, applied_at)"
                " select migration_set, '9999_future', applied_at from _sqlite_migrations limit 1"
            )
            con.commit()
    elif kind == "a folder":
        file.mkdir()
    else:
        tmp_path.joinpath("file").write_text("")
        file = tmp_path / "file" / "ideas.db"
    before = file.read_bytes() if file.is_file() else b""
    settings = {
        "DATABASE_URL": f"sqlite:///{file}",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
    }
    done = await commonplace(command, settings=settings)
    assert 1 == done.status
    told = done.out if command == "doctor" else done.err
    assert str(tmp_path) in told
    assert "Traceback" not in done.err
    assert before == (file.read_bytes() if file.is_file() else b"")


async def test_an_export_of_no_database_is_said(tmp_path: Path) -> None:
    """Where there is no database yet nothing is made, and a line says where it was looked for."""
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/none.db"}
    done = await commonplace("export", settings=settings)
    assert (1, "") == (done.status, done.out)
    assert "none.db" in done.err
    assert [] == names_in(tmp_path)


async def test_the_manifest_is_json_for_both_modes() -> None:
    """`manifest` prints Socket Mode's, or with an address HTTP's; a wrong address is refused."""
    plain = json.loads((await commonplace("manifest")).out)
    assert plain["settings"]["socket_mode_enabled"] is True
    url = "https://ideas.example.org"
    over_http = json.loads((await commonplace("manifest", "--base-url", url)).out)
    events = over_http["settings"]["event_subscriptions"]
    assert f"{url}/slack/events" == events["request_url"]
    assert 2 == (await commonplace("manifest", "--base-url", "ideas.example.org")).status


async def test_the_doctor_says_that_all_is_well(
    slack: Slack, room: Channel, database: Path
) -> None:
    """With a good installation every line is OK, and the channel is named."""
    settings = {**slack_settings(slack), "DATABASE_URL": f"sqlite:///{database}"}
    assert 0 == (await commonplace("migrate", settings=settings)).status
    done = await commonplace("doctor", settings=settings)
    lines = done.out.splitlines()
    assert (0, []) == (done.status, [line for line in lines if not line.startswith("OK ")])
    assert f"#{room.name}" in done.out
    assert "holds 0 ideas" in done.out
    assert slack.bot_token not in done.out + done.err


async def test_the_doctor_names_what_is_wrong(slack: Slack, database: Path) -> None:
    """A wrong token, a channel without the bot, a missing setting: FAIL, and status 1."""
    good = {**slack_settings(slack), "DATABASE_URL": f"sqlite:///{database}"}
    for change, word in (
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "bot token"),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, "app token"),
        ({"COMMONPLACE_CHANNELS": "nowhere"}, "nowhere"),
        ({"COMMONPLACE_TIMEZONE": "Mars"}, "COMMONPLACE_TIMEZONE"),
        ({"SLACK_APP_TOKEN": ""}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, "Is this machine online?"),
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "take the token anew"),
        ({"PORT": "x", "SLACK_APP_TOKEN": ""}, "SLACK_SIGNING_SECRET"),
    ):
        done = await commonplace("doctor", settings={**good, **change})
        failed = [line for line in done.out.splitlines() if line.startswith("FAIL")]
        assert (1, True) == (done.status, any(word in line for line in failed)), done.out


async def test_the_doctor_makes_nothing(slack: Slack, room: Channel, tmp_path: Path) -> None:
    """Where there is no database it says where it looked, looks at the rest, and leaves nothing."""
    done = await commonplace("doctor", settings=slack_settings(slack), folder=tmp_path)
    assert [] == names_in(tmp_path)
    (line,) = [line for line in done.out.splitlines() if "database" in line]
    assert line.startswith("WARN")
    assert f"{tmp_path}/data/commonplace.db" in line
    assert f"#{room.name}" in done.out
    assert 0 == done.status


async def test_the_doctor_brings_no_older_database_up_to_date(
    slack: Slack, kept: dict[str, str], database: Path
) -> None:
    """A file that an older program may still be at work on is left as it is, and that is said."""
    with closing(sqlite3.connect(database)) as con:
        con.execute("delete from _sqlite_migrations where name <> '0001_tables'")
        con.commit()
    done = await commonplace("doctor", settings={**slack_settings(slack), **kept})
    assert "commonplace migrate" in done.out
    with closing(sqlite3.connect(database)) as con:
        applied = con.execute("select name from _sqlite_migrations").fetchall()
    assert [("0001_tables",)] == applied


async def test_the_doctor_says_what_others_can_look_at(slack: Slack, tmp_path: Path) -> None:
    """Settings and a database that others may read are named, with the remedy."""
    data = tmp_path / "data"
    (tmp_path / ".env").write_text(f"SLACK_API_URL={slack.api_url}\n")
    tokens = {name: value for name, value in slack_settings(slack).items() if "TOKEN" in name}
    await commonplace("migrate", folder=tmp_path)
    wanted = {tmp_path / ".env": 0o600, data: 0o700, data / "commonplace.db": 0o600}
    for path in wanted:
        path.chmod(0o755)
    done = await commonplace("doctor", settings=tokens, folder=tmp_path)
    told = [line for line in done.out.splitlines() if "chmod" in line]
    assert all(line.startswith("WARN") for line in told)
    assert sorted(f"chmod {mode:o} {path}" for path, mode in wanted.items()) == sorted(
        line[line.index("chmod") :] for line in told
    )


@pytest.mark.parametrize("command", ["doctor", "migrate", "run"])
async def test_an_sqlite_without_text_search_is_said(
    slack: Slack, tmp_path: Path, command: str
) -> None:
    """Where Python's SQLite has no FTS5 each command ends with one line, 2, and makes nothing."""
    lacking = tmp_path / "lacking"
    lacking.mkdir()
    (lacking / "sitecustomize.py").write_text(WITHOUT_FTS5)
    folder = tmp_path / "work"
    folder.mkdir()
    settings = {**slack_settings(slack), "PYTHONPATH": f"{lacking}:{ROOT}"}
    done = await commonplace(command, settings=settings, folder=folder)
    assert (2, 1) == (done.status, len((done.out + done.err).splitlines())), done.out + done.err
    assert "no such module: fts5" in done.out + done.err
    assert "make install" in done.out + done.err
    assert [] == names_in(folder)
