"""A disk that is thrown away, and a file that is damaged: said before anything is lost."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.config import Need, load_settings
from bot.core.errors import SettingsError
from bot.sandbox.model import Channel, Member
from storage import find_faults, migrate
from tests.conftest import bot_at
from tests.faults.wire import IDEA
from tests.people import calm
from tests.slack import Slack

ROOT = Path(__file__).parents[2]


def commonplace(folder: Path, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program with these settings alone."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *args],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


# -- a disk that is thrown away ------------------------------------------------------------------


def test_a_disk_that_is_thrown_away_stops_the_start(tmp_path: Path) -> None:
    """With DYNO set and a file as database `run` ends with the remedy, and makes no file."""
    ended = commonplace(
        tmp_path,
        "run",
        DYNO="web.1",
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_APP_TOKEN="xapp-1",
        SLACK_API_URL="http://127.0.0.1:9/api/",
    )
    assert 2 == ended.returncode
    assert "Heroku deletes its files" in ended.stderr
    assert "COMMONPLACE_THROWAWAY_DISK=allow" in ended.stderr
    assert 1 == len(ended.stderr.splitlines())
    assert [] == list(tmp_path.iterdir())


TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


@pytest.mark.parametrize("mark", ["DYNO", "K_SERVICE", "AWS_LAMBDA_FUNCTION_NAME"])
def test_each_known_host_is_recognised(mark: str) -> None:
    """Heroku, Cloud Run and Lambda each tell that the program runs there."""
    with pytest.raises(SettingsError, match="every idea would be lost"):
        load_settings(Need.RUN, {**TOKENS, mark: "x"}, env_file=None)


def test_whoever_wants_it_all_the_same_may() -> None:
    """The override lets it start, and hosts with a lasting disk are asked nothing."""
    allowed = {"COMMONPLACE_THROWAWAY_DISK": "allow", "DYNO": "web.1"}
    load_settings(Need.RUN, TOKENS | allowed, env_file=None)
    load_settings(Need.RUN, TOKENS | {"HOME": "/root", "DYNO": ""}, env_file=None)


def test_the_doctor_says_so_too(tmp_path: Path) -> None:
    """`doctor` fails there with the same words."""
    ended = commonplace(tmp_path, "doctor", DYNO="web.1", SLACK_BOT_TOKEN="xoxb-1")
    assert 1 == ended.returncode
    assert "FAIL" in ended.stdout


# -- is the file whole? --------------------------------------------------------------------------


async def test_a_sound_database_is_said_to_be_sound_while_the_bot_runs(
    slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock
) -> None:
    """`check` finds nothing in a database at work, and leaves nothing behind."""
    async with bot_at(slack, database, clock) as bot:
        slack.post(rosa, room, IDEA)
        await calm(bot, slack)
        assert () == await find_faults(f"sqlite:///{database}")
        slack.post(rosa, room, f"{IDEA} again")
        await calm(bot, slack)
        assert 2 == len(await bot.rows())


async def idea(slack: Slack, rosa: Member, room: Channel, database: Path, clock: Clock) -> None:
    async with bot_at(slack, database, clock) as bot:
        slack.post(rosa, room, f"{IDEA} #mentoring")
        await calm(bot, slack)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ("delete from idea_words", "search index"),
        ("pragma foreign_keys = off; delete from channel", "that is not there"),
        ("update idea set withdrawn = 'deleted', text = ''", "belong to no idea"),
        ("update idea set number = 7", "numbers up to 7"),
    ],
)
async def test_what_is_wrong_is_named(
    slack: Slack,
    rosa: Member,
    room: Channel,
    database: Path,
    clock: Clock,
    harm: str,
    words: str,
) -> None:
    """An index that lacks rows, a row without its other half, orphans and gaps: each is said."""
    await idea(slack, rosa, room, database, clock)
    with closing(sqlite3.connect(database)) as con:
        con.executescript(harm)
        con.commit()
    found = await find_faults(f"sqlite:///{database}")
    assert any(words in one for one in found), found


def test_a_damaged_file_is_told_with_the_remedy(tmp_path: Path) -> None:
    """Pages that were overwritten are found; the exit status is 1 and a backup is advised."""
    database = tmp_path / "ideas.db"
    migrate(f"sqlite:///{database}")
    with closing(sqlite3.connect(database)) as con:
        con.execute("pragma wal_checkpoint(truncate)").fetchall()
    with database.open("rb+") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 6)
    ended = commonplace(tmp_path, "check", DATABASE_URL=f"sqlite:///{database}")
    assert 1 == ended.returncode
    assert "Restore a backup" in ended.stdout + ended.stderr


def test_check_needs_a_database(tmp_path: Path) -> None:
    """Where there is none, that is said, and none is made."""
    ended = commonplace(tmp_path, "check")
    assert 1 == ended.returncode
    assert "no database" in ended.stderr
    assert [] == list(tmp_path.iterdir())
